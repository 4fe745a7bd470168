"""What to tell the user when an operation fails: which, on what, made where."""

from __future__ import annotations

import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import AnomalyError, ChainruleError, ShapeError, StaleDataError
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, FrameType

    from chainrule.primitives.table import Primitive

    Site = tuple[CodeType, int]

_frame = sys._getframe
_OURS = __file__.rpartition("value")[0]  # the folder of the engine
_ours: set[str] = set()  # the files in it that were met
_BELOW = {"chainrule", "numpy", "scipy"}  # what stands between a user's call and a refusal
_theirs = ""  # the user's file that was met last: most often it is met again


def site() -> Site | None:
    """Return where in the user's program we are: its code and instruction. Cheap; `where` reads it."""
    global _theirs  # noqa: PLW0603 - a memory of one name
    frame = _frame(2)
    code = frame.f_code
    while (file := code.co_filename) is not _theirs:
        if file not in _ours:
            if not file.startswith(_OURS):
                _theirs = file
                break
            _ours.add(file)
        if frame.f_back is None:
            return None
        frame = frame.f_back
        code = frame.f_code
    return code, frame.f_lasti


def through_scipy() -> str:
    """Return which function of SciPy's the user's program called, or nothing."""
    frame: FrameType | None = _frame(1)
    called = None
    while frame is not None and (package := _module(frame).partition(".")[0]) in _BELOW:
        called = frame if package == "scipy" else called
        frame = frame.f_back
    if called is None:
        return ""
    home, name = _module(called), called.f_code.co_qualname
    if "<locals>" in name:  # a decorator's: it holds what it decorates
        held = (each for each in called.f_locals.values() if isinstance(each, FunctionType))
        home, name = next(((each.__module__, each.__qualname__) for each in held), (home, name))
    itself = called.f_locals.get("self")
    distribution = getattr(getattr(itself, "dist", itself), "name", None)
    if isinstance(distribution, str):
        name = f"{distribution}.{name.rpartition('.')[2]}"
    public = [part for part in home.split(".") if not part.startswith("_")]
    return ".".join((*public, name.removesuffix(".__init__").replace("_gen.", ".")))


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def where(made: Site | None) -> str:
    """Return a site as `file:line`."""
    if made is None:
        return ""
    code, instruction = made
    line = next((line for start, end, line in code.co_lines() if start <= instruction < end), None)
    return f"{code.co_filename}:{line or code.co_firstlineno}"


def explained(error: ValueError, entry: Primitive, operands: Sequence[Any]) -> ValueError:
    """Return an error of NumPy's with the operation, the shapes, and where the arrays were made.

    Of several operands it says that their shapes do not fit; of one it repeats what NumPy says. What a user's
    own primitive raises stays as it is.
    """
    known = PRIMITIVES.get(entry.name) is entry or isinstance(entry.forward, np.ufunc)
    if not known or isinstance(error, ChainruleError):
        return error
    shapes = " and ".join(str(_shape(operand)) for operand in operands)
    made = [f"{_name(operand)} at {place}" for operand in operands if (place := where(_site(operand)))]
    sites = f" (made: {'; '.join(made)})" if made else ""
    remedy = next((remedy for words, remedy in _CAUSES.items() if words in str(error)), "")
    if len(operands) > 1 and not remedy:
        return ShapeError(f"{entry.name}: shapes {shapes} do not fit{sites}; {entry.remedy}")
    said = (
        f"{entry.name}: {str(error).rstrip('.')}; the shape{'s are' if len(operands) > 1 else ' is'} {shapes}"
    )
    kind = type(error) if isinstance(error, np.linalg.LinAlgError) else ShapeError
    return kind(f"{said}{sites}; {remedy or entry.remedy}")


def stale(changed: Any, used: Any) -> StaleDataError:
    """Return the error for a Value whose data was assigned after it was used."""
    name = changed.label or repr(changed)
    use = "it was computed" if changed is used else f"{used.primitive.name} used it"
    return StaleDataError(
        f"backward: the data of {name} was assigned after {use}, so that its gradient would be wrong; "
        f"compute the result again after the assignment, or call backward before it"
    )


def check_forward(entry: Primitive, data: Sequence[Any], out: Any) -> None:
    """Raise if an operation made NaN of operands without."""
    if _has_nan(out) and not any(map(_has_nan, data)):
        given = " and ".join(map(_described, data))
        raise AnomalyError(f"{entry.name} made NaN of {given}; keep its inputs where it is defined")


def check_backward(entry: Primitive, data: Sequence[Any], g: Any, gradient: Any) -> None:
    """Raise if an operation's VJP made NaN of a gradient without."""
    if _has_nan(gradient) and not _has_nan(g):
        given = " and ".join(map(_described, data))
        raise AnomalyError(
            f"the gradient of {entry.name} made NaN of the gradient {_described(g)} at {given}; "
            f"keep its inputs where it is differentiable"
        )


def _has_nan(data: Any) -> bool:
    return bool(np.any(np.isnan(data)))


def _described(data: Any) -> str:
    return f"{data:.6g}" if isinstance(data, float) else f"an array of shape {np.shape(data)}"


def _shape(operand: Any) -> tuple[int, ...]:
    return getattr(operand, "shape", ())


def _site(operand: Any) -> Site | None:
    return getattr(operand, "site", None)


def _name(operand: Any) -> str:
    return f"{operand.label or 'the array of shape'} {_shape(operand)}".strip()


_CAUSES = {
    "out of bounds": "axes are counted from 0, or from -1 backwards",
    "zero-size": "give it at least one element, or leave the empty array out",
    "repeated axis": "name each axis once",
    "duplicate value": "name each axis once",
    "axes don't match": "name each of its axes once",
    "size not equal to one": "only an axis of length 1 can be left out",
    "Singular": "its rows depend on each other: add a little to its diagonal, a + 1e-9 * np.eye(n), or look "
    "how it came about",
    "must be square": "give as many rows as columns",
}
"""For words of NumPy's, what to do: where an operation can fail in several ways."""
