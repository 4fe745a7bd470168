"""Element-wise primitives, with NumPy's names and broadcasting.

In a VJP `g` is the gradient of the result `out`; what it returns is the operand's. Where a function has a
corner the convention is that of the field: |x|' is 0 at 0, equal operands of a maximum share its gradient,
x**0 has gradient 0, and numbers on a bound of `clip` pass their gradient on. Of NaN a maximum, a minimum and
`clip` make NaN, but no gradient: what is neither greater nor less passes none on.
"""

from __future__ import annotations

import math
import operator
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes
from chainrule.errors import BackwardError
from chainrule.primitives import table

if TYPE_CHECKING:
    from chainrule.primitives.table import Function

primitive = partial(table.primitive, elementwise=True)

BITS: dict[Any, Any] = {np.dtype(np.float64): np.dtype(np.int64), np.dtype(np.float32): np.dtype(np.int32)}
_SMALL = 2048  # elements, up to which a call of NumPy costs more than what it does
_MOST = sys.float_info.max


def select(condition: Any, x: Any, y: Any) -> Any:
    """Return `np.where`, but for a single number just the one or the other."""
    if type(condition) is bool or type(condition) is float:
        return x if condition else y
    return np.where(condition, x, y)


def masked(g: Any, condition: Any) -> Any:
    """Return `g` where the condition holds, and 0 elsewhere, where it is infinite too.

    It is the bits of arrays that are multiplied, as quickly as the numbers, of which infinity would make NaN.
    """
    if type(condition) is bool:
        return g if condition else 0.0
    if type(g) is np.ndarray is type(condition) and g.size > _SMALL and g.dtype in BITS:
        return (g.view(BITS[g.dtype]) * condition).view(g.dtype)
    return select(condition, g, 0.0)


def _equal(a: Any, b: Any) -> Any:
    return (a <= b) & (a >= b)  # a formula's symbol has no `==`


def _base(a: Any, b: Any) -> Any:
    """Return the base of a slope, but 1 for one whose power `b` of 0 has no reciprocal: 0 and infinity."""
    is_zero = _equal(b, 0)
    if is_zero is False:
        return a
    has_reciprocal = ((a < 0) & (a >= -_MOST)) | ((a > 0) & (a <= _MOST))
    return select(is_zero, select(has_reciprocal, a, 1.0), a)


def _refused_at_zero(g: Any, out: Any, x: Any) -> Any:
    if modes.tracer is None and np.any(x <= 0):
        raise BackwardError(
            "a norm or a standard deviation that is 0 has no second derivative; add a small number below its "
            "root, as by np.sqrt(np.sum(x * x) + 1e-12), or write its square itself: np.sum(x * x)"
        )
    return select(x > 0, g, np.nan)


def _power(x: float, y: float) -> Any:
    if x < 0.0 and not y.is_integer():
        raise ValueError
    x**y  # raises where NumPy would warn
    return np.power(x, y)


def _raised(a: Any, b: Any) -> Any:
    """Return `a**b`, but NumPy's answer where Python's floats would turn complex."""
    if type(a) is float is type(b) and a < 0.0 and not b.is_integer():
        return np.power(a, b)
    return a**b


def _guarded(name: str, vjp: Function, python: Function, safe: str = "") -> table.Primitive:
    """Enter a function that gives NumPy's number, but Python's exception where NumPy would warn.

    `safe` is the condition on which Python's own raises nothing, so that compiled code may call it.
    """
    numpy = getattr(np, name)

    def scalar(x: float) -> Any:
        python(x)
        return numpy(x)

    code = f"math.{name}({{0}}) if {safe} else exact_{name}({{0}})" if safe else ""
    return primitive(name, vjp, scalar=scalar, python=code)


where = primitive(
    "where",
    None,
    lambda g, out, condition, x, y: select(condition, g, 0.0),
    lambda g, out, condition, x, y: select(condition, 0.0, g),
    scalar=select,
    python="{1} if {0} else {2}",
)

add = primitive(
    "add",
    lambda g, out, a, b: g,
    lambda g, out, a, b: g,
    symbol="+",
    scalar=operator.add,
    python="{0} + {1}",
)
subtract = primitive(
    "subtract",
    lambda g, out, a, b: g,
    lambda g, out, a, b: -g,
    symbol="-",
    scalar=operator.sub,
    python="{0} - {1}",
)
multiply = primitive(
    "multiply",
    lambda g, out, a, b: g * b,
    lambda g, out, a, b: g * a,
    symbol="*",
    scalar=operator.mul,
    python="{0} * {1}",
    linear=(0, 1),
)
divide = primitive(
    "divide",
    lambda g, out, a, b: g / b,
    lambda g, out, a, b: -g * out / b,
    symbol="/",
    scalar=operator.truediv,
    python="{0} / {1} if {1} else exact_divide({0}, {1})",
)
power = primitive(
    "power",
    lambda g, out, a, b: g * b * _raised(_base(a, b), b - 1),
    lambda g, out, a, b: g * out * np.log(select(_equal(a, 0), 1.0, a)),
    symbol="**",
    forward=operator.pow,
    scalar=_power,
    python="power_of({0}, {1})",
)
negative = primitive(
    "negative", lambda g, out, x: -g, symbol="-", scalar=operator.neg, python="-{0}", linear=(0,)
)
absolute = primitive(
    "absolute", lambda g, out, x: g * np.sign(x), symbol="abs", scalar=abs, python="abs({0})"
)
sqrt = primitive(
    "sqrt",
    lambda g, out, x: g / (2 * out),
    scalar=math.sqrt,
    python="math.sqrt({0}) if {0} >= 0.0 else exact_sqrt({0})",
)
square = primitive("square", lambda g, out, x: g * 2 * x, scalar=lambda x: x * x, python="{0} * {0}")
reciprocal = primitive(
    "reciprocal",
    lambda g, out, x: -g * out * out,
    scalar=lambda x: 1.0 / x,
    python="1.0 / {0} if {0} else exact_reciprocal({0})",
)

exp = _guarded("exp", lambda g, out, x: g * out, math.exp, "{0} < 709.0")
expm1 = _guarded("expm1", lambda g, out, x: g * (out + 1), math.expm1, "{0} < 709.0")
log = _guarded("log", lambda g, out, x: g / x, math.log, "{0} > 0.0")
log1p = _guarded("log1p", lambda g, out, x: g / (1 + x), math.log1p, "{0} > -1.0")

sin = _guarded("sin", lambda g, out, x: g * np.cos(x), math.sin, "math.isfinite({0})")
cos = _guarded("cos", lambda g, out, x: -g * np.sin(x), math.cos, "math.isfinite({0})")
tan = _guarded("tan", lambda g, out, x: g * (1 + out * out), math.tan)
arcsin = _guarded("arcsin", lambda g, out, x: g / np.sqrt(1 - x * x), math.asin)
arccos = _guarded("arccos", lambda g, out, x: -g / np.sqrt(1 - x * x), math.acos)
arctan = primitive("arctan", lambda g, out, x: g / (1 + x * x), scalar=np.arctan)
sinh = _guarded("sinh", lambda g, out, x: g * np.cosh(x), math.sinh)
cosh = _guarded("cosh", lambda g, out, x: g * np.sinh(x), math.cosh)
tanh = primitive("tanh", lambda g, out, x: g * (1 - out * out), scalar=np.tanh, python="math.tanh({0})")

maximum = primitive(
    "maximum",
    lambda g, out, a, b: masked(g, a > b) + masked(g / 2, _equal(a, b)),
    lambda g, out, a, b: masked(g, b > a) + masked(g / 2, _equal(a, b)),
    python="{0} if {0} >= {1} or {0} != {0} else {1}",
)
minimum = primitive(
    "minimum",
    lambda g, out, a, b: masked(g, a < b) + masked(g / 2, _equal(a, b)),
    lambda g, out, a, b: masked(g, b < a) + masked(g / 2, _equal(a, b)),
    python="{0} if {0} <= {1} or {0} != {0} else {1}",
)
clip = primitive(
    "clip",
    lambda g, out, x, low, high: masked(g, (x >= low) & (x <= high)),
    lambda g, out, x, low, high: masked(g, (x < low) & (low < high)),
    lambda g, out, x, low, high: masked(g, (x > high) | (low >= high)),
)
divisor = table.row("divisor", _refused_at_zero, forward=lambda x: select(x <= 0, 1.0, x), elementwise=True)
"""A root as what its own slope divides by: 1 where it is 0, so that the slope there is the subgradient 0."""
root = table.row(
    "root",
    lambda g, out, x, order: g * out / (order * divisor(x)),
    forward=lambda x, order: x ** (1 / order),
    elementwise=True,
)
"""The root of an order, as of the powers in a norm: of slope 0 at 0."""
stop_gradient = primitive("stop_gradient", None, forward=lambda x: x, scalar=lambda x: x)
astype = primitive("astype", lambda g, out, x, dtype: g, forward=np.asarray, example={"dtype": np.float32})
