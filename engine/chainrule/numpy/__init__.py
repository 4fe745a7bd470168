"""NumPy itself, but for the names that coerce: those join Values, where NumPy's own take their numbers alone.

`np.array`, `np.asarray`, `np.asanyarray`, `np.ascontiguousarray`, `np.full`, `np.full_like`, `np.r_` and
`np.c_` ask nobody what they are given, so that NumPy's own could carry no gradient; nor do `np.sum` and its
like of a list: those that are `LISTS` here and in `linalg`. Of whatever has no Value in it these are NumPy's
own too. All else, as `np.sin` and `np.random`, is the very object of NumPy.

Examples:
    >>> import chainrule.numpy as np
    >>> from chainrule import grad
    >>> grad(lambda x: np.array([x, x * x]).sum())(3.0)
    7.0
    >>> np.array([1, 2]), np.linalg.norm([3.0, 4.0]).item()
    (array([1, 2]), 5.0)
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.numpy import joining

if TYPE_CHECKING:
    from numpy import *  # noqa: F403 - what NumPy has, for those who check types
else:
    from chainrule.numpy import linalg as linalg

    array = joining.array
    asarray = joining.asarray
    asanyarray = joining.asanyarray
    ascontiguousarray = joining.ascontiguousarray
    full = joining.full
    full_like = joining.full_like
    r_ = joining.Joiner(np.r_)
    c_ = joining.Joiner(np.c_)

__all__ = list(np.__all__)

LISTS = "append average cumprod cumsum diag diff dot max mean median min outer prod reshape std sum var"
"""What takes a list of Values for an array, too."""

for _name in LISTS.split():
    globals()[_name] = joining.of_lists(getattr(np, _name))
for _name in ("fft", "random"):  # so that `import chainrule.numpy.random` gives NumPy's own
    sys.modules[f"{__name__}.{_name}"] = getattr(np, _name)


def __getattr__(name: str) -> Any:
    """Return what NumPy has of that name."""
    if name.startswith("__") and name not in __all__:  # the protocols of modules are each module's own
        raise AttributeError(f"module 'chainrule.numpy' has no name {name!r}")
    found = getattr(np, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return dir(np)
