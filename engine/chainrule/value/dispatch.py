"""How NumPy's own functions work on Values: the two protocols by which NumPy asks its operands first."""

from __future__ import annotations

import sys
from inspect import signature
from typing import Any

import numpy as np

from chainrule.errors import AssignmentError, UnsupportedError
from chainrule.primitives.composed import COMPOSED
from chainrule.primitives.table import BY_FUNCTION, BY_UFUNC_REDUCED, Primitive

CONSTANT_UFUNCS = frozenset(
    {
        *(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
        *(np.isnan, np.isinf, np.isfinite, np.signbit, np.sign, np.floor, np.ceil, np.trunc, np.rint),
        *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    }
)
CONSTANT_FUNCTIONS = frozenset(
    {
        *(np.argmax, np.argmin, np.argsort, np.nonzero, np.count_nonzero, np.flatnonzero, np.searchsorted),
        *(np.any, np.all, np.isclose, np.allclose, np.array_equal, np.round),
        *(np.zeros_like, np.ones_like, np.empty_like, np.full_like, np.shape, np.ndim, np.size),
        *(np.array_repr, np.array_str, np.array2string, np.result_type, np.iscomplexobj, np.isrealobj),
    }
)
"""Their results have gradient zero wherever they have one: plain numbers and arrays."""

_WRITING = frozenset((np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis))

INSTEAD = {
    "add.accumulate": "np.cumsum",
    "arccosh": "np.log(v + np.sqrt(v * v - 1))",
    "arcsinh": "np.log(v + np.sqrt(v * v + 1))",
    "arctan2": "np.arctan of the quotient",
    "arctanh": "np.log((1 + v) / (1 - v)) / 2",
    "array_split": "np.split, at indices",
    "average": "np.mean, or np.sum of the products with the weights",
    "cbrt": "v ** (1 / 3), of positive numbers",
    "column_stack": "np.stack, with axis=1",
    "convolve": "np.stack of shifted slices, times the kernel by @",
    "cross": "np.stack of its three differences",
    "diag": "v * np.eye(n), or np.einsum('ii->i', v)",
    "diagonal": "np.einsum('ii->i', v)",
    "diff": "v[1:] - v[:-1]",
    "dstack": "np.stack, with axis=2",
    "exp2": "2.0 ** v",
    "fabs": "np.abs",
    "float_power": "np.power",
    "fmax": "np.maximum",
    "fmin": "np.minimum",
    "hstack": "np.concatenate, with axis=1",
    "hypot": "np.sqrt(a * a + b * b)",
    "inner": "np.einsum('...i,...i', a, b)",
    "kron": "np.einsum('ij,kl->ikjl', a, b)",
    "log10": "np.log(v) / np.log(10)",
    "log2": "np.log(v) / np.log(2)",
    "logaddexp": "chainrule.logsumexp",
    "median": "np.mean, or the middle of v[np.argsort(v)]",
    "nanmean": "np.mean, of np.where(np.isnan(v), 0.0, v)",
    "nansum": "np.sum, of np.where(np.isnan(v), 0.0, v)",
    "ptp": "np.max(v) - np.min(v)",
    "remainder": "v - n * np.floor(v / n)",
    "repeat": "np.take, with indices that repeat",
    "roll": "np.concatenate of two slices",
    "sort": "v[np.argsort(v)]",
    "tensordot": "np.einsum",
    "tile": "np.concatenate([v, v])",
    "vstack": "np.concatenate, or np.stack of vectors",
}
"""What a user can write for a function that has no derivative, nor a namesake that has one."""


def ufunc(self: Any, function: np.ufunc, method: str, *args: Any, **options: Any) -> Any:
    """Answer a ufunc, as NumPy's `__array_ufunc__` asks."""
    entry = BY_FUNCTION.get(function)
    if entry is not None and method == "__call__" and not options:
        return self.__apply_primitive__(entry, args, options)
    if "out" in options:
        raise AssignmentError(
            f"np.{function.__name__} cannot write a Value into an array in place; make a new one, as by "
            f"`array = array + value`"
        )
    if function in CONSTANT_UFUNCS and method == "__call__":
        return function(*raw(args), **options)
    if function is np.positive:
        return args[0]
    if method == "reduce" and function in BY_UFUNC_REDUCED:
        return BY_UFUNC_REDUCED[function](*args, **{"axis": 0, **options})
    form = function.__name__ if method == "__call__" else f"{function.__name__}.{method}"
    if _is_special(function):
        return _of_scipy(self, function, form, args, options)
    raise unsupported(form, options)


def _is_special(function: np.ufunc) -> bool:
    """Whether a ufunc is one of SciPy's, which say of themselves no more than their names."""
    module = sys.modules.get("scipy.special")
    return module is not None and getattr(module, function.__name__, None) is function


def _of_scipy(self: Any, function: np.ufunc, form: str, args: Any, options: Any) -> Any:
    from chainrule.primitives import special  # noqa: PLC0415 - for those who have SciPy, and use it

    entry = special.ROWS.get(function)
    if entry is not None and form == function.__name__ and not options:
        return self.__apply_primitive__(entry, args, options)
    alone = (
        f"; take {function.__name__} without {', '.join(options)}" if entry is not None and options else ""
    )
    raise UnsupportedError(
        f"scipy.special.{form} of a Value has no derivative here{alone}. Take it of .data where no gradient "
        f"is needed, build it of functions that have one, or give it one by chainrule.custom_vjp"
    )


def function(_self: Any, function: Any, _types: Any, args: Any, options: Any) -> Any:
    """Answer any other function, as NumPy's `__array_function__` asks."""
    answer = COMPOSED.get(function) or BY_FUNCTION.get(function)
    if answer is not None:
        if options:
            taken = answer.params if isinstance(answer, Primitive) else signature(answer).parameters
            if unknown := options.keys() - set(taken):
                raise unsupported(name(function), unknown)
        return answer(*args, **options)
    if function in _WRITING:  # np.full_like among others calls copyto
        raise AssignmentError(
            f"np.{function.__name__} cannot write a Value into an array in place; make a new one by np.where "
            f"or np.stack, or, where np.full_like called it, by that of `import chainrule.numpy as np`"
        )
    if function in CONSTANT_FUNCTIONS:
        return function(*raw(args), **raw(options))
    raise unsupported(f"{function.__module__}.{function.__name__}".removeprefix("numpy."), options)


def raw(data: Any) -> Any:
    """Return arguments with the Values in them replaced by their data."""
    if hasattr(data, "__apply_primitive__"):
        return data.data
    if isinstance(data, dict):
        return {name: raw(item) for name, item in data.items()}
    return type(data)(map(raw, data)) if type(data) in (tuple, list) else data


def supported() -> list[str]:
    """Return the NumPy functions that Values answer with a gradient."""
    return sorted({name(function) for function in [*BY_FUNCTION, *COMPOSED]})


def name(function: Any) -> str:
    """Return a NumPy function's name as it is written after `np.`."""
    module = getattr(function, "__module__", "") or ""
    return ("linalg." if module == "numpy.linalg" else "") + str(function.__name__)


def unsupported(form: str, options: Any) -> UnsupportedError:
    """Return the error for a NumPy function that has no derivative here, naming what can stand for it."""
    known = supported()
    if form in known:
        return UnsupportedError(f"np.{form} of a Value takes no {', '.join(sorted(options))}; leave that out")
    from difflib import get_close_matches  # noqa: PLC0415 - half a millisecond of every import, for an error

    names = {each.rpartition(".")[2]: f"np.{each}" for each in known}
    alike = get_close_matches(form.rpartition(".")[2], names, n=1, cutoff=0.8)
    near = INSTEAD.get(form) or (names[alike[0]] if alike else "")
    nearest = f"; the nearest that has one is {near}" if near else ""
    return UnsupportedError(
        f"np.{form} has no derivative here{nearest}. Take it of .data where no gradient is needed, build it "
        f"of functions that have one, or give it one by chainrule.custom_vjp"
    )
