"""Activation functions and their kin, which NumPy lacks; each is stable for large numbers of either sign."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.primitive import primitive
from chainrule.primitives.elementwise import masked, select
from chainrule.primitives.reductions import keep

_C = math.sqrt(2 / math.pi)


def _relu(x: float) -> float:
    return 0.0 if x <= 0.0 else x  # noqa: FURB136 - max(0.0, nan) is 0.0


def _sigmoid(x: Any) -> Any:
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, z) / (1.0 + z)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


def _softmax(x: Any, axis: Any = -1) -> Any:
    exps = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return exps / np.sum(exps, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: Any = -1) -> Any:
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


relu = primitive(
    "relu",
    lambda g, out, x: masked(g, x > 0),
    forward=lambda x: np.maximum(x, 0.0),
    scalar=_relu,
    symbol="ReLU",
)
leaky_relu = primitive(
    "leaky_relu",
    lambda g, out, x, slope=0.01: select(x > 0, g, slope * g),
    forward=lambda x, slope=0.01: np.where(x > 0, x, slope * x),
)
elu = primitive(
    "elu",
    lambda g, out, x, alpha=1.0: select(x > 0, g, g * (out + alpha)),
    forward=lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0))),
)
sigmoid = primitive(
    "sigmoid",
    lambda g, out, x: g * out * (1 - out),
    forward=_sigmoid,
)
silu = primitive(
    "silu",
    lambda g, out, x: g * sigmoid(x) * (1 + (x - out)),
    forward=lambda x: x * _sigmoid(x),
)
softplus = primitive(
    "softplus",
    lambda g, out, x: g * sigmoid(x),
    forward=lambda x: np.logaddexp(x, 0.0),
)
gelu = primitive(
    "gelu",
    lambda g, out, x: g * gelu_slope(x),
    forward=lambda x: 0.5 * x * (1 + np.tanh(_C * (x + 0.044715 * x * x * x))),
)
softmax = primitive(
    "softmax",
    lambda g, out, x, axis=-1: out * (g - np.sum(g * out, axis=axis, keepdims=True)),
    forward=_softmax,
    shapes=((3,),),
)
log_softmax = primitive(
    "log_softmax",
    lambda g, out, x, axis=-1: g - np.exp(out) * np.sum(g, axis=axis, keepdims=True),
    forward=_log_softmax,
    shapes=((3,),),
)
logsumexp = primitive(
    "logsumexp",
    lambda g, out, x, axis=None, keepdims=False: (
        keep(g, x, axis, keepdims) * np.exp(x - keep(select(out > -np.inf, out, 0.0), x, axis, keepdims))
    ),
    forward=_logsumexp,
    shapes=((3,),),
)


def gelu_slope(x: Any) -> Any:
    """Return the derivative of the tanh form of GELU: Hendrycks and Gimpel (2016), arXiv:1606.08415."""
    x = np.clip(x, -10.0, 10.0)  # beyond it is 0 or 1 to the last digit, and powers of x may overflow
    t = np.tanh(_C * (x + 0.044715 * x * x * x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * _C * (1 + 0.134145 * x * x)
