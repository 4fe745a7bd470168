"""How NumPy's own functions work on Values: the two protocols by which NumPy asks its operands first."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.primitive import BY_FUNCTION


def ufunc(_self: Any, function: np.ufunc, _method: str, *args: Any, **options: Any) -> Any:
    """Answer a ufunc, as NumPy's `__array_ufunc__` asks."""
    return BY_FUNCTION[function](*args, **options)


def function(_self: Any, function: Any, _types: Any, args: Any, options: Any) -> Any:
    """Answer any other function, as NumPy's `__array_function__` asks."""
    if function is np.shape:
        return args[0].shape
    if function is np.ndim:
        return args[0].ndim
    return BY_FUNCTION[function](*args, **options)
