"""SciPy's special functions, element by element: its ufuncs, and `polygamma`, which is none.

Loaded when such a function is first used of a Value, or by `chainrule.scipy`: nothing else of the engine
needs SciPy. Formulas are those of the NIST Digital Library of Mathematical Functions: 5.2 and 5.15 for the
gamma function and its kin, 7 for the error functions, 10.29 for the Bessel functions.

`xlogy` and `xlog1py` are 0 where x is 0, whatever y is, and so is their slope along y.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from chainrule.errors import UnsupportedError
from chainrule.primitives import table
from chainrule.primitives.elementwise import select

if TYPE_CHECKING:
    from chainrule.primitives.table import Function, Primitive

ROWS: dict[Any, Primitive] = {}
"""Every row by the function of SciPy that it differentiates."""

ALONG_LAST: set[Primitive] = set()
"""Those that refuse a derivative along all operands but the last."""

_HALF_ROOT = 2 / math.sqrt(math.pi)
_ROOT_TWO_PI = math.sqrt(2 * math.pi)


def row(name: str, *vjps: Function | None) -> Primitive:
    """Enter a function of SciPy's that is done to each number by itself: its name, and a VJP an operand."""
    function = getattr(special, name)
    entry = ROWS[function] = table.row(name, *vjps, forward=function, elementwise=True)
    return entry


def _no_order(g: Any, out: Any, *operands: Any, name: str) -> Any:
    raise UnsupportedError(
        f"scipy.special.{name} has a derivative along its last argument only; take .data of the others, or "
        f"chainrule.stop_gradient"
    )


def _last_only(name: str, count: int, vjp: Function) -> Primitive:
    """Enter a function of some order or parameters, and a number, with a derivative along that one."""
    entry = row(name, *(partial(_no_order, name=name),) * (count - 1), vjp)
    ALONG_LAST.add(entry)
    return entry


def _ratio(x: Any, y: Any) -> Any:
    """Return x / y, and 0 where both are 0."""
    nothing = (x >= 0) & (x <= 0) & (y >= 0) & (y <= 0)
    return x / select(nothing, 1.0, y)


def _half_at_0(out: Any, x: Any) -> Any:
    """Return out / x of a function that begins as x / 2."""
    nothing = (x >= 0) & (x <= 0)
    return select(nothing, 0.5, out / select(nothing, 1.0, x))


def _ratio_of_mills(x: Any) -> Any:
    """Return the density of the normal distribution over its integral, which is 1 from 12 on."""
    low = np.minimum(x, 12.0)  # beyond it erfcx overflows
    return select(x > 12.0, np.exp(-x * x / 2) / _ROOT_TWO_PI, 2 / _ROOT_TWO_PI / erfcx(-low / math.sqrt(2)))


def log_student(df: Any, t: Any) -> Any:
    """Return the logarithm of the density of Student's t distribution."""
    scaled = gammaln((df + 1) / 2) - gammaln(df / 2) - np.log(df * math.pi) / 2
    return scaled - (df + 1) / 2 * np.log1p(t * t / df)


polygamma: Primitive = row("polygamma", None, lambda g, out, n, x: g * polygamma(n + 1, x))
digamma = row("digamma", lambda g, out, x: g * polygamma(1, x))
gammaln = row("gammaln", lambda g, out, x: g * digamma(x))
loggamma = row("loggamma", lambda g, out, x: g * digamma(x))
gamma = row("gamma", lambda g, out, x: g * out * digamma(x))
gammasgn = row("gammasgn", lambda g, out, x: 0.0 * g)
rgamma = row("rgamma", lambda g, out, x: -g * out * digamma(x))
beta = row(
    "beta",
    lambda g, out, a, b: g * out * (digamma(a) - digamma(a + b)),
    lambda g, out, a, b: g * out * (digamma(b) - digamma(a + b)),
)
betaln = row(
    "betaln",
    lambda g, out, a, b: g * (digamma(a) - digamma(a + b)),
    lambda g, out, a, b: g * (digamma(b) - digamma(a + b)),
)
gammainc = _last_only("gammainc", 2, lambda g, out, a, x: g * np.exp(xlogy(a - 1, x) - x - gammaln(a)))
gammaincc = _last_only("gammaincc", 2, lambda g, out, a, x: -g * np.exp(xlogy(a - 1, x) - x - gammaln(a)))
betainc = _last_only(
    "betainc", 3, lambda g, out, a, b, x: g * np.exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b))
)
stdtr = _last_only("stdtr", 2, lambda g, out, df, t: g * np.exp(log_student(df, t)))

erf = row("erf", lambda g, out, x: g * _HALF_ROOT * np.exp(-x * x))
erfc = row("erfc", lambda g, out, x: -g * _HALF_ROOT * np.exp(-x * x))
erfcx = row("erfcx", lambda g, out, x: g * (2 * x * out - _HALF_ROOT))
erfinv = row("erfinv", lambda g, out, x: g / _HALF_ROOT * np.exp(out * out))
erfcinv = row("erfcinv", lambda g, out, x: -g / _HALF_ROOT * np.exp(out * out))
ndtr = row("ndtr", lambda g, out, x: g * np.exp(-x * x / 2) / _ROOT_TWO_PI)
log_ndtr = row("log_ndtr", lambda g, out, x: g * _ratio_of_mills(x))
ndtri = row("ndtri", lambda g, out, x: g * _ROOT_TWO_PI * np.exp(out * out / 2))

expit = row("expit", lambda g, out, x: g * out * (1 - out))
log_expit = row("log_expit", lambda g, out, x: g * expit(-x))
logit = row("logit", lambda g, out, x: g / (x * (1 - x)))
xlogy: Primitive = row("xlogy", lambda g, out, x, y: g * np.log(y), lambda g, out, x, y: g * _ratio(x, y))
xlog1py: Primitive = row(
    "xlog1py", lambda g, out, x, y: g * np.log1p(y), lambda g, out, x, y: g * _ratio(x, 1 + y)
)
entr = row("entr", lambda g, out, x: -g * (np.log(x) + 1))
rel_entr = row("rel_entr", lambda g, out, x, y: g * (np.log(x / y) + 1), lambda g, out, x, y: -g * x / y)
kl_div = row("kl_div", lambda g, out, x, y: g * np.log(x / y), lambda g, out, x, y: g * (1 - x / y))

i0 = row("i0", lambda g, out, x: g * i1(x))
i1: Primitive = row("i1", lambda g, out, x: g * (i0(x) - _half_at_0(out, x)))
j0 = row("j0", lambda g, out, x: -g * j1(x))
j1: Primitive = row("j1", lambda g, out, x: g * (j0(x) - _half_at_0(out, x)))
y0 = row("y0", lambda g, out, x: -g * y1(x))
y1: Primitive = row("y1", lambda g, out, x: g * (y0(x) - out / x))
iv: Primitive = _last_only("iv", 2, lambda g, out, v, x: g * (iv(v - 1, x) + iv(v + 1, x)) / 2)
ive: Primitive = _last_only(
    "ive", 2, lambda g, out, v, x: g * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - np.sign(x) * out)
)
jv: Primitive = _last_only("jv", 2, lambda g, out, v, x: g * (jv(v - 1, x) - jv(v + 1, x)) / 2)
kv: Primitive = _last_only("kv", 2, lambda g, out, v, x: -g * (kv(v - 1, x) + kv(v + 1, x)) / 2)
yn: Primitive = _last_only("yn", 2, lambda g, out, n, x: g * (yn(n - 1, x) - yn(n + 1, x)) / 2)
yv: Primitive = _last_only("yv", 2, lambda g, out, v, x: g * (yv(v - 1, x) - yv(v + 1, x)) / 2)
