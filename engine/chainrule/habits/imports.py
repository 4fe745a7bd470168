"""What `import torch` and its like are told where that library is not installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

LIBRARIES = {
    "micrograd": "write `from chainrule.micrograd import Value`, or Neuron, Layer, MLP",
    "torch": "write `from chainrule import Value, nn, optim`: NumPy's functions take a Value",
    "jax": "write `import chainrule.numpy as jnp` and `from chainrule import grad, jit, value_and_grad`",
    "tensorflow": "write `from chainrule import Value, grad`: y.backward() or grad(f)(x) is such a tape",
    "autograd": "write `import chainrule.numpy as np` and `from chainrule import grad`",
}
"""Libraries that have a counterpart here, and what to import instead."""


def advice(name: str | None) -> str:
    """Return what to write instead of importing a module; nothing if it has no counterpart here.

    Examples:
        >>> advice("micrograd.engine")
        'write `from chainrule.micrograd import Value`, or Neuron, Layer, MLP'
    """
    return LIBRARIES.get((name or "").partition(".")[0], "")


class Foreign:
    """The last of all finders: what none before it has found is not installed."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> ModuleSpec | None:
        """Raise for an import of a library of the table; who only asks for a spec hears None, as ever."""
        asking = sys._getframe(2)  # noqa: SLF001 - past the search for a spec
        if name in LIBRARIES and asking.f_code.co_name == "_find_and_load_unlocked":
            raise ModuleNotFoundError(f"No module named {name!r}; {advice(name)}", name=name)
        return None


def install() -> None:
    """Let imports of what is not installed be answered, once a process."""
    if Foreign not in sys.meta_path:
        sys.meta_path.append(Foreign)
