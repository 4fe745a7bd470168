"""Where a number that is not finite came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.value.tape import tape


def first_non_finite(value: Any, batch: tuple[Any, ...]) -> str:
    """Return in a sentence which batch, parameter or operation first held a number that is not finite."""
    for place, part in enumerate(batch):
        if not _finite(part):
            return f"The batch itself holds numbers that are not finite, in its part {place}."
    for node in tape(value):
        if _finite(node.data):
            continue
        if node.primitive is None:
            return f"Parameter {node.label or '(unnamed)'} is no longer finite: the update before made it so."
        operands = " and ".join(_range(parent.data) for parent in node.parents)
        return f"It began at {node.primitive.name}, which made {_worst(node.data)} of {operands}."
    return "Its operations were not recorded."


def _finite(data: Any) -> bool:
    array = np.asarray(data)
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())


def _worst(data: Any) -> str:
    array = np.asarray(data)
    return "NaN" if np.isnan(array).any() else "infinity"


def _range(data: Any) -> str:
    array = np.asarray(data)
    if array.ndim == 0:
        return f"{array:.4g}"
    return f"numbers in [{array.min():.4g}, {array.max():.4g}]"
