"""How NumPy's own functions work on Values: the two protocols by which NumPy asks its operands first."""

from __future__ import annotations

import sys
from functools import cache
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
        np.floor_divide,
        *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    }
)
CONSTANT_FUNCTIONS = frozenset(
    {
        *(np.argmax, np.argmin, np.argsort, np.nonzero, np.count_nonzero, np.flatnonzero, np.searchsorted),
        *(np.nanargmax, np.nanargmin, np.argpartition, np.argwhere, np.lexsort, np.digitize),
        *(
            np.any,
            np.all,
            np.isclose,
            np.allclose,
            np.array_equal,
            np.array_equiv,
            np.round,
            np.around,
            np.fix,
        ),
        *(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from, np.isin),
        *(np.imag, np.angle, np.iscomplex, np.isreal, np.isposinf, np.isneginf, np.linalg.matrix_rank),
        *(np.zeros_like, np.ones_like, np.empty_like, np.full_like, np.shape, np.ndim, np.size),
        *(np.array_repr, np.array_str, np.array2string, np.result_type, np.iscomplexobj, np.isrealobj),
    }
)
"""Their results have gradient zero wherever they have one: plain numbers and arrays."""

_WRITING = frozenset((np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis))

INSTEAD = {
    "add.outer": "a[:, None] + b",
    "apply_along_axis": "np.stack of the function's results",
    "bincount": "v @ (index[:, None] == range(n)), of weights v",
    "copysign": "np.abs(v) * np.sign(w)",
    "cumulative_prod": "np.cumprod",
    "cumulative_sum": "np.cumsum",
    "divide.outer": "a[:, None] / b",
    "heaviside": "np.where(v > 0, 1.0, 0.0)",
    "insert": "np.concatenate of the parts",
    "linalg.eig": "np.linalg.eigh, of symmetric matrices",
    "linalg.eigvals": "np.linalg.eigvalsh, of symmetric matrices",
    "linalg.lstsq": "np.linalg.pinv(a) @ b",
    "linalg.tensorsolve": "np.linalg.solve of reshaped arrays",
    "logical_or.reduce": "np.any",
    "nancumsum": "np.cumsum, of np.where(np.isnan(v), 0.0, v)",
    "nanmedian": "np.median, of what is no NaN",
    "piecewise": "np.select",
    "resize": "np.tile and np.reshape",
    "subtract.outer": "a[:, None] - b",
    "unwrap": "np.where of the jumps, added up by np.cumsum",
    "vander": "np.stack of powers, with axis=-1",
}
"""What a user can write for a function that has no derivative, nor a namesake that has one."""

_CHOOSE = "choose by np.where(mask, v, what counts for nothing) before it, such as 0.0 in a sum"
"""What to do instead of `where=`, without which the result is another one."""

_TAKEN = {"accumulate": {"axis"}, "reduce": {"axis", "keepdims"}}
"""The options that a ufunc's methods have here; a call has none."""


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
    if options.keys() <= _TAKEN.get(method, set()):
        answer = _composed(function if method == "__call__" else getattr(function, method))
        if answer is not None:
            return answer(*args, **options)
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
    if answer is None and function not in CONSTANT_FUNCTIONS:
        answer = _composed(function)
    if answer is not None:
        if options:
            taken = answer.params if isinstance(answer, Primitive) else _parameters(answer)
            options = {
                key: given for key, given in options.items() if key in taken or _says(function, key, given)
            }
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


def _composed(function: Any) -> Any:
    """Return what answers a function that is made of primitives, from a room that few programs open."""
    from chainrule.primitives import compositions  # noqa: F401, PLC0415 - it enters what it holds

    return COMPOSED.get(function)


@cache
def _parameters(answer: Any) -> frozenset[str]:
    """Return the names that a function takes; to ask for them takes longer than most calls."""
    return frozenset(signature(answer).parameters)


def _says(function: Any, option: str, given: Any) -> bool:
    """Whether an option is given something else than NumPy takes if nothing is said."""
    default = getattr(signature(function).parameters.get(option), "default", None)
    return not (given is default or (isinstance(given, str) and given == default))


def raw(data: Any) -> Any:
    """Return arguments with the Values in them replaced by their data."""
    if hasattr(data, "__apply_primitive__"):
        return data.data
    if isinstance(data, dict):
        return {name: raw(item) for name, item in data.items()}
    return type(data)(map(raw, data)) if type(data) in (tuple, list) else data


def supported() -> list[str]:
    """Return the NumPy functions that Values answer with a gradient."""
    _composed(None)
    return sorted({name(function) for function in [*BY_FUNCTION, *COMPOSED]})


def name(function: Any) -> str:
    """Return a NumPy function's name as it is written after `np.`."""
    if isinstance(of := getattr(function, "__self__", None), np.ufunc):
        return f"{of.__name__}.{function.__name__}"
    module = getattr(function, "__module__", "") or ""
    return f"{module}.{function.__name__}".partition("numpy.")[2] or str(function.__name__)


def unsupported(form: str, options: Any) -> UnsupportedError:
    """Return the error for a NumPy function that has no derivative here, naming what can stand for it."""
    known = supported()
    if form in known:
        remedy = _CHOOSE if "where" in options else "leave that out"
        return UnsupportedError(f"np.{form} of a Value takes no {', '.join(sorted(options))}; {remedy}")
    from difflib import get_close_matches  # noqa: PLC0415 - half a millisecond of every import, for an error

    functions = [each for each in known if not each.endswith((".accumulate", ".reduce"))]
    names = {each.rpartition(".")[2]: f"np.{each}" for each in functions}
    alike = get_close_matches(form.rpartition(".")[2], names, n=1, cutoff=0.8)
    near = INSTEAD.get(form) or (names[alike[0]] if alike else "")
    nearest = f"; the nearest that has one is {near}" if near else ""
    return UnsupportedError(
        f"np.{form} has no derivative here{nearest}. Take it of .data where no gradient is needed, build it "
        f"of functions that have one, or give it one by chainrule.custom_vjp"
    )
