"""Module: anything with parameters, found by looking at its attributes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from chainrule.habits.told import ForeignNames, tells
from chainrule.value import labels
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.graph import Graph, Zoom
    from chainrule.nn.summary import ModelSummary


@tells("Module")
class _NamesElsewhere(ForeignNames):
    """Names of PyTorch's modules, and what is written here."""


class Module(_NamesElsewhere):
    """A layer or a model: write `__init__` and `__call__`, and keep parameters and layers as attributes.

    What PyTorch calls `forward` is called too, in a class that has no `__call__` of its own.

    Examples:
        >>> class Scale(Module):
        ...     def __init__(self):
        ...         self.factor = Value(2.0)
        ...
        ...     def __call__(self, x):
        ...         return x * self.factor
        >>> [name for name, parameter in Scale().named_parameters()]
        ['factor']
    """

    training: bool = True

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Return the output for a batch."""
        if type(self).forward is Module.forward:
            raise NotImplementedError(
                f"{type(self).__name__} says no more than its parameters: write its __call__."
            )
        return self.forward(*args, **options)

    def forward(self, *args: Any, **options: Any) -> Any:
        """Return what a call returns: PyTorch's name."""
        return self(*args, **options)

    def parts(self) -> Iterator[tuple[str, Any]]:
        """Yield each attribute, and each element of an attribute that is a list, tuple or dict, by name."""
        for name, attribute in vars(self).items():
            if isinstance(attribute, dict):
                yield from ((f"{name}.{key}", part) for key, part in attribute.items())
            elif isinstance(attribute, (list, tuple)):
                yield from ((f"{name}.{index}", part) for index, part in enumerate(attribute))
            else:
                yield name, attribute

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Yield each parameter with its name, `0.weight` for the first layer's; one that is shared, once."""
        found: dict[Value, str] = {}
        for name, parameter in self._walk():
            found.setdefault(parameter, name)
        return ((name, parameter) for parameter, name in found.items())

    def parameters(self) -> list[Value]:
        """Return the parameters, in the order of their names."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_modules(self, name: str = "") -> Iterator[tuple[str, Module]]:
        """Yield this module and all in it, each by its name; this one's is `name`."""
        yield name, self
        for inner, part in self.parts():
            if isinstance(part, Module):
                yield from part.named_modules(f"{name}.{inner}" if name else inner)

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all in it to training, where Dropout drops; returns the module."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch this module and all in it to answering, where Dropout does nothing; returns the module."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for parameter in self.parameters():
            parameter.grad = None

    def summary(self, x: Any = None) -> ModelSummary:
        """Return a table of layers, output shapes and numbers of parameters.

        Args:
            x: An example batch; without one, a batch of the first layer's inputs.
        """
        from chainrule.nn.summary import summarize  # noqa: PLC0415 -- it imports this module

        return summarize(self, x)

    def graph(self, x: Any, zoom: Zoom = "layer") -> Graph:
        """Return the graph of what a batch `x` flows through: layers with shapes, or their operations."""
        from chainrule.nn.model_graph import model_graph  # noqa: PLC0415 -- it imports this module

        return model_graph(self, x, zoom)

    def __repr__(self) -> str:
        inner = [repr(part) for _, part in self.parts() if isinstance(part, Module)]
        return f"{type(self).__name__}({', '.join(inner)})"

    def _walk(self, prefix: str = "") -> Iterator[tuple[str, Value]]:
        for name, part in self.parts():
            if isinstance(part, Value):
                yield prefix + name, part
            elif isinstance(part, Module):
                yield from part._walk(f"{prefix}{name}.")  # noqa: SLF001 -- a part is one of us


@contextmanager
def answering(model: Module) -> Iterator[None]:
    """Let a model answer, as after `eval`, and be afterwards as it was."""
    training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(training)


labels.register_holder(Module, Module.named_parameters)
