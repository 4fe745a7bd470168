"""The table of primitives: each operation's forward, symbol and derivative, written once."""

from chainrule.primitives import (
    activations,
    decompositions,
    elementwise,
    linalg,
    reductions,
    shape,
    ufuncs,
)

__all__ = ["activations", "decompositions", "elementwise", "linalg", "reductions", "shape", "ufuncs"]
