"""Activation functions and their kin, which NumPy lacks; each is stable for large numbers of either sign.

They take numbers, arrays or Values, and return the like. At NaN the result is NaN, and the gradient is
NaN or, where it is a mask as relu's, 0.

Examples:
    >>> import numpy as np
    >>> from chainrule import Value, relu, softmax
    >>> x = Value([-1.0, 2.0])
    >>> relu(x).sum().backward().data, x.grad
    (2.0, array([0., 1.]))
    >>> softmax(np.array([0.0, 0.0])), relu(-3.0)
    (array([0.5, 0.5]), 0.0)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.errors import UsageError
from chainrule.primitives import elementwise as e
from chainrule.primitives import shape
from chainrule.primitives.elementwise import masked, select
from chainrule.primitives.elementwise import primitive as elementwise
from chainrule.primitives.reductions import along_axis, keep, reduction
from chainrule.primitives.table import constant

_C = math.sqrt(2 / math.pi)


def _sigmoid(x: Any) -> Any:
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, z) / (1.0 + z)


def _top(x: Any, axis: Any) -> Any:
    """Return the largest numbers, where the axes stay; -inf where there are none."""
    if not np.size(x):
        return np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    return np.max(x, axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    top = _top(x, axis)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


def _softmax(x: Any, axis: Any = -1) -> Any:
    exps = np.exp(x - _top(x, axis))
    return exps / np.sum(exps, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: Any = -1) -> Any:
    shifted = x - _top(x, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


relu = elementwise(
    "relu",
    lambda g, out, x: masked(g, x > 0),
    forward=lambda x: np.maximum(x, 0.0),
    scalar=lambda x: 0.0 if x <= 0.0 else x,  # noqa: FURB136 - max(0.0, nan) is 0.0
    symbol="ReLU",
    python="0.0 if {0} <= 0.0 else {0}",
)
"""The greater of x and 0, element by element: `max(0, x)`, of slope 0 at 0.

Source: Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.
"""

leaky_relu = elementwise(
    "leaky_relu",
    lambda g, out, x, slope=0.01: select(x > 0, g, slope * g),
    forward=lambda x, slope=0.01: np.where(x > 0, x, slope * x),
)
"""`x` where it is positive, else `slope * x`, element by element; `slope` is 0.01 unless given.

Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
"""

elu = elementwise(
    "elu",
    lambda g, out, x, alpha=1.0: select(x > 0, g, g * (out + alpha)),
    forward=lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0))),
)
"""`x` where it is positive, else `alpha * (exp(x) - 1)`, element by element; `alpha` is 1 unless given.

Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear
units", 2016, arXiv:1511.07289.
"""

sigmoid = elementwise("sigmoid", lambda g, out, x: g * out * (1 - out), forward=_sigmoid)
"""The logistic function `1 / (1 + exp(-x))`, element by element."""

silu = elementwise(
    "silu",
    lambda g, out, x: g * sigmoid(x) * (1 + (x - out)),
    forward=lambda x: x * _sigmoid(x),
)
"""`x * sigmoid(x)`, element by element; also called swish.

Source: Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for neural network function approximation in
reinforcement learning", 2018, arXiv:1702.03118.
"""

softplus = elementwise("softplus", lambda g, out, x: g * sigmoid(x), forward=lambda x: np.logaddexp(x, 0.0))
"""`log(1 + exp(x))`, element by element: a smooth relu.

Source: Dugas et al., "Incorporating second-order functional knowledge for better option pricing", 2001.
"""

gelu = elementwise(
    "gelu",
    lambda g, out, x: g * gelu_slope(x),
    forward=lambda x: 0.5 * x * (1 + np.tanh(_C * (x + 0.044715 * x * x * x))),
)
"""`0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))`, element by element: GELU in its tanh form.

Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016, arXiv:1606.08415.
"""

softmax = along_axis(
    "softmax",
    lambda g, out, x, axis=-1: out * (g - np.sum(g * out, axis=axis, keepdims=True)),
    forward=_softmax,
)
"""`exp(x)` over its sum along `axis`, which is the last unless given: positive numbers that add up to 1.

Shape in and out: any, (...).
"""

log_softmax = along_axis(
    "log_softmax",
    lambda g, out, x, axis=-1: g - np.exp(out) * np.sum(g, axis=axis, keepdims=True),
    forward=_log_softmax,
)
"""The logarithm of `softmax(x, axis)`, exact where that is close to 0; the shape stays."""

log_sum_of_exps = reduction(
    "logsumexp",
    lambda g, out, x, axis=None, keepdims=False: (
        keep(g, x, axis, keepdims) * np.exp(x - keep(select(out > -np.inf, out, 0.0), x, axis, keepdims))
    ),
    forward=_logsumexp,
)


def logsumexp(
    x: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """`log(sum(b * exp(x)))` over `axis`, one or several, or all unless given; as `scipy.special.logsumexp`.

    Shape in: any; out: as `numpy.sum` with the same `axis` and `keepdims`.

    Args:
        x: The exponents.
        axis: What is summed over.
        b: A weight for each, which is broadcast, and may be a Value; 1 unless given. Where all in all they
            are negative the result is NaN.
        keepdims: Whether summed axes stay, of length 1.
        return_sign: SciPy's; refused, since a sign has no gradient.

    Raises:
        UsageError: for `return_sign`.

    Examples:
        >>> import numpy as np
        >>> from chainrule import grad, logsumexp
        >>> logsumexp([1000.0, 1000.0], b=[0.25, 0.75])
        1000.0
        >>> grad(lambda x: logsumexp([0.0, 0.0], b=x))(np.array([1.0, 3.0]))
        array([0.25, 0.25])
    """
    if return_sign or isinstance(b, bool):
        what = "takes no return_sign; take it of .data" if return_sign else "takes keepdims by its name"
        raise UsageError(f"logsumexp {what}")
    if b is None:
        return log_sum_of_exps(x, axis=axis, keepdims=keepdims)
    x, b = constant(x), constant(b)
    weightless = (b >= 0) & (b <= 0)
    top = e.stop_gradient(np.max(np.where(weightless, -np.inf, x), axis=axis, keepdims=True))
    is_finite = np.isfinite(top)
    top = np.where(is_finite, top, 0.0)
    most = np.where(is_finite, 0.9 * float(np.log(np.finfo(np.result_type(top)).max)), np.inf)
    exps = np.exp(np.minimum(x - top, most))  # what has no weight may be larger than all that has
    with np.errstate(divide="ignore"):  # nothing at all weighs 0, of which the logarithm is -inf
        total = np.log(np.sum(b * exps, axis=axis, keepdims=True)) + top
    return total if keepdims else shape.squeeze(total, axis=axis)


def gelu_slope(x: Any) -> Any:
    """Return the derivative of the tanh form of GELU: Hendrycks and Gimpel (2016), arXiv:1606.08415."""
    x = np.clip(x, -10.0, 10.0)  # beyond it is 0 or 1 to the last digit, and powers of x may overflow
    t = np.tanh(_C * (x + 0.044715 * x * x * x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * _C * (1 + 0.134145 * x * x)
