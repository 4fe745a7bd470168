"""Where we differ from PyTorch by choice, as `docs/explanation/conventions.md` has it with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.fuzzing.against_torch import Pair

_MASKS = ("relu", "maximum", "minimum", "clip", "median", "quantile", "fmax", "fmin", "elu", "huber", "mae")


def convention(pair: Pair, ours: Any, theirs: Any, numbers: Sequence[Any]) -> str:  # noqa: PLR0911 -- one a kind
    """Return the convention by which a program differs from PyTorch; nothing if there is none."""
    words = " ".join(pair.functions)
    one, other = _flat(ours), _flat(theirs)
    if len(one) != len(other):
        return ""
    if np.allclose(one, other, rtol=1e-4, atol=1e-4, equal_nan=True):
        if any(word in words for word in ("np.cov", "np.corrcoef", "special.xlog")):
            return "types are NumPy's and SciPy's"
        if any(not np.ndim(each) for each in pair.inputs.values()):
            return "a single number is a float"
        return "PyTorch's trigamma has nine digits" if "digamma" in words or "gammaln" in words else ""
    apart = ~np.isclose(one, other, rtol=1e-4, atol=1e-4, equal_nan=True)
    is_odd = any(not np.all(np.isfinite(each)) for each in numbers)
    if is_odd and "logit" in words:
        return "at infinity, at NaN and outside of a domain a slope is what its formula gives"
    if "np.corrcoef" in words and any(np.ndim(m) == 2 and _on_a_line(m) for m in pair.inputs.values()):
        return "correlations of 1, where PyTorch clips"
    is_nan = any(np.any(np.isnan(each)) for each in numbers)
    if is_nan and any(word in words for word in _MASKS):
        return "a mask at NaN"
    if is_odd and np.all(~np.isfinite(one[apart]) | ~np.isfinite(other[apart])):
        return "at infinity, at NaN and outside of a domain a slope is what its formula gives"
    for word, why in {
        "np.sinc": "sinc at 0",
        "np.linalg.det": "the determinant of a singular matrix",
    }.items():
        if word in words and np.all(~np.isfinite(other[apart])):
            return why
    if "{a} ** 0" in words and np.all(np.isnan(one[apart]) & (other[apart] == 0)):
        return "a slope that is infinite"
    if "**" in words and np.all(np.isnan(other[apart]) & np.isfinite(one[apart])):
        return "a slope that is infinite"
    at_edges = {
        "np.hypot": "hypot and arctan2 at both 0",
        "np.arctan2": "hypot and arctan2 at both 0",
        "np.fm": "equal operands of fmax and fmin share",
        "np.clip({a}, {b}": "equal bounds of clip",
        "elu": "elu at 0",
        "quantile": "which of equal elements",
        "median": "which of equal elements",
        "special.xlog": "xlogy at 0",
        "log": "a slope that is infinite",
        "**": "a slope that is infinite",
        "np.sqrt": "a slope that is infinite",
    }
    return next((why for word, why in at_edges.items() if word in words and pair.edge), "")


def _on_a_line(rows: Any) -> bool:
    """Whether some rows correlate fully with others."""
    with np.errstate(all="ignore"):
        among = np.abs(np.corrcoef(rows)) - np.eye(len(rows))
    return bool(np.any(among > 1 - 1e-12))


def _flat(parts: Any) -> Any:
    return np.concatenate([np.ravel(part) for part in (parts if isinstance(parts, list) else [parts])])
