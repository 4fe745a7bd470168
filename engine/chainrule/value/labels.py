"""What the program's names tell of Values: their labels, and which are parameters of a model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def main_names() -> Iterator[tuple[str, Any]]:
    """Yield the names of `__main__` and what they are bound to, in the order of their binding.

    A script, a REPL, Jupyter and a page all run as `__main__`. Names that start with an underscore are left
    out: Jupyter and the REPL keep results under those.
    """
    names = vars(sys.modules["__main__"])
    return ((name, value) for name, value in list(names.items()) if not name.startswith("_"))


# What holds parameters, by the module that defines it: one that is not loaded has no models.
_HOLDERS = {
    "chainrule.nn.module": "Module",
    "chainrule.micrograd": "Module",
    "chainrule.optim.optimizer": "Optimizer",
}


def held_parameters() -> dict[Any, str]:
    """Return the parameters of the models and optimisers that have a name, each with its name in its model.

    micrograd's models and optimisers have no names for them.
    """
    kinds = tuple(
        vars(sys.modules[module])[kind] for module, kind in _HOLDERS.items() if module in sys.modules
    )
    found: dict[Any, str] = {}
    for _, thing in main_names():
        if isinstance(thing, kinds):
            for parameter, name in _parameters(thing):
                found[parameter] = found.get(parameter) or name
    return found


def _parameters(holder: Any) -> Iterator[tuple[Any, str]]:
    if hasattr(holder, "named_parameters"):
        yield from ((parameter, name) for name, parameter in holder.named_parameters().items())
    else:
        parameters = holder.parameters
        yield from ((parameter, "") for parameter in (parameters() if callable(parameters) else parameters))


def name_of(value: Any) -> str:
    """Return the first name that is bound to a Value, or nothing."""
    return next((name for name, bound in main_names() if bound is value), "")
