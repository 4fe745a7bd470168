"""More of NumPy's element-wise functions: logarithms, inverse hyperbolics, angles, remainders.

A remainder jumps, and has its slope beside the jump there: that of `a - b * floor(a / b)`, `floor` held. At
both zero `hypot` and `arctan2` have no derivative, and give NaN; so do the inverse functions outside their
domain. Equal operands of `fmax` and `fmin` share the gradient; beside a NaN the number has it all.
"""

from __future__ import annotations

import math

import numpy as np

from chainrule.primitives.elementwise import _equal, masked, primitive, select

_LN2, _LN10 = math.log(2.0), math.log(10.0)
_LOWEST = -3e38  # a logarithm of 0: minus infinity that both precisions, and JSON, can hold

exp2 = primitive("exp2", lambda g, out, x: g * out * _LN2)
log2 = primitive("log2", lambda g, out, x: g / (x * _LN2))
log10 = primitive("log10", lambda g, out, x: g / (x * _LN10))
logaddexp = primitive(  # of two -inf, as programs on probabilities add them, neither has a gradient
    "logaddexp",
    lambda g, out, a, b: g * np.exp(a - select(out > _LOWEST, out, 0.0)),
    lambda g, out, a, b: g * np.exp(b - select(out > _LOWEST, out, 0.0)),
)
logaddexp2 = primitive(
    "logaddexp2",
    lambda g, out, a, b: g * np.exp2(a - select(out > _LOWEST, out, 0.0)),
    lambda g, out, a, b: g * np.exp2(b - select(out > _LOWEST, out, 0.0)),
)

arcsinh = primitive("arcsinh", lambda g, out, x: g / np.sqrt(x * x + 1))
arccosh = primitive("arccosh", lambda g, out, x: g / np.sqrt(x * x - 1))
arctanh = primitive("arctanh", lambda g, out, x: g / (1 - x * x))

hypot = primitive("hypot", lambda g, out, a, b: g * a / out, lambda g, out, a, b: g * b / out)
arctan2 = primitive(
    "arctan2",
    lambda g, out, y, x: g * x / (x * x + y * y),
    lambda g, out, y, x: -g * y / (x * x + y * y),
)
cbrt = primitive("cbrt", lambda g, out, x: g / (3 * out * out))

remainder = primitive(
    "remainder",
    lambda g, out, a, b: g,
    lambda g, out, a, b: -g * (a - out) / b,
)
fmax = primitive(
    "fmax",
    lambda g, out, a, b: masked(g - masked(g / 2, _equal(a, b)), _equal(a, out)),
    lambda g, out, a, b: masked(g - masked(g / 2, _equal(a, b)), _equal(b, out)),
)
fmin = primitive(
    "fmin",
    lambda g, out, a, b: masked(g - masked(g / 2, _equal(a, b)), _equal(a, out)),
    lambda g, out, a, b: masked(g - masked(g / 2, _equal(a, b)), _equal(b, out)),
)
