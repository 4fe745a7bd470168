"""What the methods of tinygrad's tensors are in NumPy and Chainrule: one expression of public names each."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from scipy import special

import chainrule as cr

REDUCTIONS = {"mean": np.mean, "sum": np.sum, "none": lambda losses: losses}

ROUNDED = {"trunc": np.trunc, "floor": np.floor}


def flat(shape: Any) -> tuple[int, ...]:
    """Return what is given one by one, or as one tuple or list."""
    return tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape


def data(x: Any) -> Any:
    """Return the numbers of a Value, without a gradient."""
    return x.data if isinstance(x, cr.Value) else x


def axes(axis: Any) -> Any:
    """Return axes as NumPy takes them; PyTorch's () are all."""
    return tuple(axis) or None if isinstance(axis, (tuple, list)) else axis


def reduced(losses: Any, reduction: str) -> Any:
    if reduction not in REDUCTIONS:
        raise ValueError(f"no reduction {reduction!r}")
    return REDUCTIONS[reduction](losses)


def pairs(padding: Any, ndim: int) -> Any:
    """Return paddings by axis: PyTorch counts them from the last one on, without a bracket around each."""
    if all(each is None or isinstance(each, tuple) for each in padding):
        return np.reshape([each or (0, 0) for each in padding], (ndim, 2))
    return np.array([(0, 0)] * (ndim - len(padding) // 2) + [*np.reshape(padding, (-1, 2))[::-1]])


def pad(x: Any, padding: Any, mode: str = "constant", value: float = 0.0) -> Any:
    widths = pairs(padding, x.ndim)
    options = {"constant_values": value} if mode == "constant" else {}
    name = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}.get(mode)
    if name is None:
        raise NotImplementedError(mode)
    padded = np.pad(x, np.maximum(widths, 0), name, **options)
    return padded[tuple(map(slice, -np.minimum(widths[:, 0], 0), padded.shape + np.minimum(widths[:, 1], 0)))]


def ordered(x: Any, dim: int = -1, descending: bool = False) -> Any:
    order = np.argsort(-x if descending else x, axis=dim, kind="stable")
    return np.take_along_axis(x, order, dim), order


def largest(x: Any, k: int, dim: int = -1, largest: bool = True, sorted_: bool = True) -> Any:  # noqa: ARG001 -- all of theirs are sorted
    values, order = ordered(x, dim, largest)
    return np.take(values, range(k), dim), np.take(order, range(k), dim)


def attention(
    q: Any,
    k: Any,
    v: Any,
    *,
    attn_mask: Any = 0.0,
    is_causal: bool = False,
    enable_gqa: bool = False,  # noqa: ARG001 -- the numbers of heads say it
) -> Any:
    hidden = np.triu(np.full((q.shape[-2], k.shape[-2]), -np.inf), 1) if is_causal else attn_mask
    heads = q.shape[1] // k.shape[1]
    scores = q @ np.swapaxes(np.repeat(k, heads, 1), -1, -2) / math.sqrt(q.shape[-1])
    return cr.softmax(scores + hidden) @ np.repeat(v, heads, 1)


def binary_logits(x: Any, y: Any, reduction: str = "mean", pos_weight: Any = 1.0) -> Any:
    return reduced(cr.softplus(-x) * pos_weight * y + cr.softplus(x) * (1 - y), reduction)


def cross_entropy(
    x: Any, y: Any, reduction: str = "mean", label_smoothing: float = 0.0, ignore_index: int = -1
) -> Any:
    axis = min(1, x.ndim - 1)
    wanted = np.moveaxis(np.eye(x.shape[axis])[y], -1, axis) if y.ndim < x.ndim else np.reshape(y, x.shape)
    smooth = (1 - label_smoothing) * wanted + label_smoothing / x.shape[axis]
    weights = (y != ignore_index) * 1.0 if y.ndim < x.ndim else 1.0
    return weighted(-np.sum(cr.log_softmax(x, axis=axis) * smooth, axis=axis), weights, reduction)


def nll(x: Any, y: Any, weight: Any = None, ignore_index: int = -1, reduction: str = "mean") -> Any:
    weights = (1.0 if weight is None else weight[y]) * (y != ignore_index)
    return weighted(-np.squeeze(np.take_along_axis(x, np.expand_dims(y, 1), 1), 1), weights, reduction)


def weighted(losses: Any, weights: Any, reduction: str) -> Any:
    total = np.sum(np.broadcast_to(weights, losses.shape))
    return np.sum(losses * weights) / total if reduction == "mean" else reduced(losses * weights, reduction)


def running(function: Any) -> Any:
    """Return what gives a running maximum or minimum, and where it stands."""
    return lambda x, axis=0: (
        np.reshape(function(np.atleast_1d(x), axis=axis), x.shape),
        np.reshape(last_best(np.atleast_1d(data(x)), function, axis), x.shape),
    )


def last_best(x: Any, function: Any, axis: int) -> Any:
    places = np.cumsum(np.ones(x.shape, int), axis=axis) - 1
    return np.maximum.accumulate(np.where(x == function(x, axis=axis), places, 0), axis=axis)


METHODS = {
    # operators
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "pow": operator.pow,
    "mod": operator.mod,
    "neg": operator.neg,
    "bitwise_not": operator.invert,
    "lshift": lambda x, y: data(x) << data(y),
    "rshift": lambda x, y: data(x) >> data(y),
    "__lshift__": lambda x, y: data(x) << data(y),
    "__rshift__": lambda x, y: data(x) >> data(y),
    "dot": operator.matmul,
    "matmul": operator.matmul,
    **{
        f"__{name}__": getattr(operator, f"__{name}__")
        for name in (
            *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "invert"),
            *("and", "or", "xor", "eq", "ne", "lt", "le", "gt", "ge"),
        )
    },
    "__radd__": lambda x, y: y + x,
    "__rsub__": lambda x, y: y - x,
    "__rmul__": lambda x, y: y * x,
    "__rtruediv__": lambda x, y: y / x,
    "__rfloordiv__": lambda x, y: y // x,
    "__rmod__": lambda x, y: y % x,
    "__rpow__": lambda x, y: y**x,
    "__rand__": lambda x, y: y & x,
    "__ror__": lambda x, y: y | x,
    "__rxor__": lambda x, y: y ^ x,
    "div": lambda x, y, rounding_mode=None: (
        x / y if rounding_mode is None else ROUNDED.get(rounding_mode)(x / y).astype(np.result_type(x, y))
    ),
    "fmod": lambda x, y: (x - y * np.trunc(x / y)).astype(np.result_type(x, y)),
    # element by element
    **{
        name: getattr(np, name)
        for name in (
            *("trunc", "floor", "ceil", "round", "isnan", "isfinite", "isclose", "maximum", "minimum"),
            *("logical_not", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs", "sign"),
            *("log", "log2", "log10", "exp", "exp2", "logaddexp"),
        )
    },
    **{f"a{name}": getattr(np, f"arc{name}") for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "isinf": lambda x, detect_positive=True, detect_negative=True: (
        (np.isposinf(x) & detect_positive) | (np.isneginf(x) & detect_negative)
    ),
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "copysign": lambda x, y: np.abs(x) * np.where(np.signbit(y), -1, 1),
    "lerp": lambda x, y, weight: x + (y - x) * weight,
    "clip": lambda x, low=None, high=None: np.clip(x, low, high),
    "erf": special.erf,
    "relu": cr.relu,
    "leaky_relu": cr.leaky_relu,
    "elu": lambda x, alpha=1.0: cr.elu(x, alpha=alpha),
    "celu": lambda x, alpha=1.0: alpha * cr.elu(x / alpha),
    "selu": lambda x: 1.0507009873554805 * cr.elu(x, alpha=1.6732632423543772),
    "silu": cr.silu,
    "swish": cr.silu,
    "sigmoid": cr.sigmoid,
    "logsigmoid": lambda x: -cr.softplus(-x),
    "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hardswish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hardtanh": np.clip,
    "relu6": lambda x: np.clip(x, 0, 6),
    "softplus": lambda x, beta=1.0: cr.softplus(beta * x) / beta,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "mish": lambda x: x * np.tanh(cr.softplus(x)),
    "gelu": lambda x, approximate="tanh": cr.gelu(x) if approximate == "tanh" else x * special.ndtr(x),
    "quick_gelu": lambda x: x * cr.sigmoid(1.702 * x),
    "where": np.where,
    "masked_fill": lambda x, mask, value: np.where(mask, value, x),
    "zeros_like": np.zeros_like,
    "ones_like": np.ones_like,
    "full_like": lambda x, fill: np.full_like(data(x), fill),
    "detach": data,
    # along axes
    **{
        name: lambda x, axis=None, keepdim=False, function=getattr(np, name): function(
            x, axis=axes(axis), keepdims=keepdim
        )
        for name in ("sum", "prod", "mean", "max", "min", "any", "all")
    },
    **{
        name: lambda x, axis=None, keepdim=False, function=getattr(np, name): function(
            data(x), axis=axis, keepdims=keepdim
        )
        for name in ("argmax", "argmin")
    },
    **{
        name: lambda x, axis=None, keepdim=False, correction=1, function=getattr(np, name): function(
            x, axis=axes(axis), keepdims=keepdim, ddof=correction
        )
        for name in ("var", "std")
    },
    "std_mean": lambda x, axis=None, keepdim=False, correction=1: (
        np.std(x, axis=axes(axis), keepdims=keepdim, ddof=correction),
        np.mean(x, axis=axes(axis), keepdims=keepdim),
    ),
    "cumsum": lambda x, axis=0: np.reshape(np.cumsum(x, axis=axis), x.shape),
    "cumprod": lambda x, axis=0: np.reshape(np.cumprod(x, axis=axis), x.shape),
    "cummax": running(np.maximum.accumulate),
    "cummin": running(np.minimum.accumulate),
    "logcumsumexp": lambda x, axis=0: np.reshape(
        np.logaddexp.accumulate(np.atleast_1d(x), axis=axis), x.shape
    ),
    "softmax": lambda x, axis=-1: cr.softmax(x, axis=axis),
    "log_softmax": lambda x, axis=-1: cr.log_softmax(x, axis=axis),
    "softmin": lambda x, axis=-1: cr.softmax(-x, axis=axis),
    "logsumexp": lambda x, axis=None, keepdim=False: cr.logsumexp(x, axis=axis, keepdims=keepdim),
    "normalize": lambda x, p=2, dim=1, eps=1e-12: (
        x / np.maximum(np.linalg.norm(x, ord=p, axis=dim, keepdims=True), eps)
    ),
    "sort": ordered,
    "argsort": lambda x, dim=-1, descending=False: ordered(x, dim, descending)[1],
    "topk": largest,
    # shapes
    "reshape": lambda x, *shape: np.reshape(
        x, [x.shape[axis] if length is None else length for axis, length in enumerate(flat(shape))]
    ),
    "view": lambda x, *shape: np.reshape(x, flat(shape)),
    "expand": lambda x, *shape: np.broadcast_to(x, flat(shape)),
    "permute": lambda x, *order: np.transpose(x, flat(order)),
    "transpose": lambda x, first=1, second=0: np.swapaxes(x, first, second),
    "flatten": lambda x, start_dim=0, end_dim=-1: np.reshape(
        x, (*x.shape[:start_dim], -1, *x.shape[end_dim % max(x.ndim, 1) + 1 :])
    ),
    "unflatten": lambda x, dim, sizes: np.reshape(x, (*x.shape[:dim], *sizes, *x.shape[dim % x.ndim + 1 :])),
    "squeeze": lambda x, dim=None: np.squeeze(x, dim) if dim is None or (x.shape or (0,))[dim] == 1 else x,
    "unsqueeze": np.expand_dims,
    "flip": lambda x, *axis: np.flip(x, flat(axis)),
    "roll": lambda x, shifts, dims=None: np.roll(x, shifts, dims),
    "pad": pad,
    "repeat": lambda x, *repeats: np.tile(x, flat(repeats)),
    "repeat_interleave": lambda x, repeats, dim=None: np.repeat(x, repeats, dim),
    "cat": lambda x, *others, dim=0: np.concatenate((x, *others), dim),
    "split": lambda x, sizes, dim=0: np.split(
        x, np.cumsum(sizes)[:-1] if isinstance(sizes, list) else range(sizes, x.shape[dim], sizes), dim
    ),
    "chunk": lambda x, count, dim=0: np.split(
        x, range(-(-x.shape[dim] // count), x.shape[dim], -(-x.shape[dim] // count)), dim
    ),
    "unfold": lambda x, dim, size, step: np.take(
        np.lib.stride_tricks.sliding_window_view(x, size, dim),
        range(0, x.shape[dim] - size + 1, step),
        dim % x.ndim,
    ),
    "meshgrid": lambda *x, indexing="ij": np.meshgrid(*x, indexing=indexing),
    "tril": np.tril,
    "triu": np.triu,
    "diag": np.diag,
    "diagonal": lambda x, offset=0, dim1=0, dim2=1: np.diagonal(x, offset, dim1, dim2),
    # elements
    "gather": lambda x, dim, index: np.take_along_axis(
        x[tuple(slice(None if axis == dim % x.ndim else n) for axis, n in enumerate(index.shape))], index, dim
    ),
    "masked_select": lambda x, mask: x[np.broadcast_to(mask, x.shape)],
    "nonzero": np.argwhere,
    "one_hot": lambda x, count: np.eye(count, dtype=int)[x],
    # losses
    "scaled_dot_product_attention": attention,
    "binary_crossentropy": cr.binary_cross_entropy,
    "binary_crossentropy_logits": binary_logits,
    "cross_entropy": cross_entropy,
    "sparse_categorical_crossentropy": lambda x, y, reduction="mean", label_smoothing=0.0, ignore_index=-1: (
        cross_entropy(np.moveaxis(x, -1, 1), y, reduction, label_smoothing, ignore_index)
    ),
    "nll_loss": nll,
    # types
    "cast": lambda x, dtype: np.asarray(data(x)).astype(dtype),
    "bitcast": lambda x, dtype: np.asarray(data(x)).view(np.dtype(dtype)),
    "float": lambda x: x.astype(np.float32),
    "half": lambda x: x.astype(np.float16),
    "int": lambda x: np.asarray(data(x)).astype(np.int32),
    "bool": lambda x: np.asarray(data(x)).astype(bool),
    **dict.fromkeys(("contiguous", "clone"), lambda x: x),
}

CREATED = {
    "zeros": lambda *shape, dtype=float: np.zeros(flat(shape), dtype),
    "ones": lambda *shape, dtype=float: np.ones(flat(shape), dtype),
    "empty": lambda *shape: np.empty(flat(shape)),
    "full": np.full,
    "eye": np.eye,
    "arange": lambda *limits, dtype=None: np.arange(*limits, dtype=dtype),
    "linspace": lambda start, stop, steps, dtype=None: np.linspace(start, stop, steps).astype(dtype or float),
    "rand": lambda *shape: cr.rng.random(flat(shape)),
    "randn": lambda *shape: cr.rng.standard_normal(flat(shape)),
    "uniform": lambda *shape: cr.rng.uniform(size=flat(shape)),
    "normal": lambda *shape: cr.rng.normal(size=flat(shape)),
    "randint": lambda *shape, low=0, high=10: cr.rng.integers(low, high, flat(shape)),
    "glorot_uniform": lambda *shape: cr.nn.glorot_uniform(flat(shape), cr.rng),
    "scaled_uniform": lambda *shape: cr.rng.uniform(-1, 1, flat(shape)) / math.sqrt(math.prod(flat(shape))),
    "kaiming_uniform": lambda *shape: cr.nn.he_uniform(flat(shape), cr.rng),
    "kaiming_normal": lambda *shape: cr.nn.he_normal(flat(shape), cr.rng),
    "einsum": lambda formula, *operands: np.einsum(formula, *flat(operands)),
    "stack": lambda *parts, dim=0: np.stack(flat(parts), dim),
}
