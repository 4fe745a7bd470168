"""`numpy.linalg`, where a matrix may be given by lists of Values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.numpy import joining

if TYPE_CHECKING:
    from numpy.linalg import *  # noqa: F403 - what NumPy has, for those who check types

__all__ = list(np.linalg.__all__)

LISTS = "cholesky det eigh eigvalsh inv norm pinv slogdet solve"
"""What takes a list of Values for an array, too."""

for _name in LISTS.split():
    globals()[_name] = joining.of_lists(getattr(np.linalg, _name))


def __getattr__(name: str) -> Any:
    """Return what NumPy has of that name."""
    return getattr(np.linalg, name)


def __dir__() -> list[str]:
    return dir(np.linalg)
