"""The rest of NumPy's functions that are made of primitives, by subject.

Each answers NumPy's function of its name, with NumPy's arguments, and is written as NumPy's documentation
defines it. The room is opened by the first function that nobody else answers: importing it enters them all.
"""

from chainrule.primitives.compositions import (
    accumulating,
    elements,
    factors,
    joining,
    products,
    rearranging,
    sequences,
    statistics,
)

__all__ = [
    "accumulating",
    "elements",
    "factors",
    "joining",
    "products",
    "rearranging",
    "sequences",
    "statistics",
]
