"""SciPy's functions for Values, under SciPy's own paths: `special`, `stats` and `linalg`.

SciPy's ufuncs (`scipy.special.gammaln`, `erf`, ...) answer on Values as they are. Here stands what asks
nobody, each with SciPy's arguments; all other names are SciPy's own. Needs SciPy, which the extra brings:
`pip install "mkdocs-chainrule[scipy]"`.

Examples:
    >>> import numpy as np
    >>> from chainrule import grad
    >>> from chainrule.scipy.stats import norm
    >>> grad(lambda mean: norm.logpdf(3.0, mean, 2.0))(1.0)
    0.5
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

try:
    import scipy
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        'chainrule.scipy needs SciPy, which is not installed: pip install "mkdocs-chainrule[scipy]"'
    ) from error

_OURS = ("linalg", "special", "stats")


def __getattr__(name: str) -> Any:
    """Load one of our modules when it is first used; all else is SciPy's."""
    return import_module(f"{__name__}.{name}") if name in _OURS else getattr(scipy, name)


def __dir__() -> list[str]:
    return dir(scipy)
