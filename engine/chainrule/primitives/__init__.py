"""The table of primitives: each operation's forward, symbol and derivative, written once."""

from chainrule.primitives import activations, elementwise, linalg, reductions, shape

__all__ = ["activations", "elementwise", "linalg", "reductions", "shape"]
