"""A model as a table: layers, output shapes, numbers of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import tables
from chainrule.errors import LayerError
from chainrule.modes import no_grad
from chainrule.nn.layers import Embedding, Linear
from chainrule.nn.module import Module, answering
from chainrule.nn.sequential import Sequential, layer_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HEAD = ("layer", "output", "parameters")


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """One layer: what it is, the shape of its output, and how many numbers it learns."""

    layer: str
    shape: tuple[int, ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """A table of a model's layers, which shows itself."""

    rows: tuple[LayerSummary, ...]
    total: int  # of parameters, those that layers share once
    size: int  # of the parameters, in bytes

    def __str__(self) -> str:
        return tables.aligned([_HEAD, *self._cells(), ("total", "", f"{self.total:,}")], "<<>")

    __repr__ = __str__

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        total = ("**total**", "", f"**{self.total:,}** ({_bytes(self.size)})")
        return tables.markdown(_HEAD, [*self._cells(), total], "<<>")

    def _cells(self) -> list[tuple[str, str, str]]:
        return [(row.layer, str(row.shape), f"{row.parameters:,}") for row in self.rows]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/markdown": self.to_markdown(), "text/plain": str(self)}


def summarize(model: Module, x: Any = None) -> ModelSummary:
    """Return the table of `model` for an example batch `x`.

    Raises:
        LayerError: No example is given, and the first layer does not say what it takes.
    """
    with answering(model), no_grad():
        rows = tuple(_rows(model, _example(model) if x is None else x))
    numbers = [np.asarray(parameter.data) for parameter in model.parameters()]
    return ModelSummary(rows, sum(n.size for n in numbers), sum(n.nbytes for n in numbers))


def _rows(model: Module, x: Any) -> Iterator[LayerSummary]:
    for layer in _flat(model):
        x = layer(x)
        count = sum(np.size(p.data) for p in layer.parameters()) if isinstance(layer, Module) else 0
        yield LayerSummary(layer_name(layer), tuple(x.shape), count)


def _flat(layer: Callable[[Any], Any]) -> Iterator[Callable[[Any], Any]]:
    """Yield a layer, or those of a Sequential."""
    if isinstance(layer, Sequential):
        yield from (inner for each in layer for inner in _flat(each))
    else:
        yield layer


def _example(model: Module) -> np.ndarray:
    first = next(_flat(model), None)
    if isinstance(first, Linear):
        return np.zeros((1, first.inputs), first.weight.data.dtype)
    if isinstance(first, Embedding):
        return np.zeros(1, int)
    raise LayerError(
        f"The summary of {model!r} needs an example, because its first layer does not say what it takes: "
        f"model.summary(x) with a batch x."
    )


def _bytes(count: int) -> str:
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1024:,.0f} KiB"
