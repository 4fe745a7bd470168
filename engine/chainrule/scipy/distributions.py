"""What a distribution of one number is: SciPy's own, but for the functions that carry gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from chainrule import modes
from chainrule.errors import UsageError
from chainrule.numpy.joining import asarray
from chainrule.primitives.table import number

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = Callable[..., Any]


class Distribution:
    """A distribution of SciPy's, whose functions of the density carry gradients.

    `pdf` or `pmf`, `cdf` and `sf`, and `logpdf`, `logpmf`, `logcdf` and `logsf`, take what SciPy's do: x, the
    shape parameters, and loc and scale, by place or by name; each may be a Value. Where there is no such
    distribution, as for a scale of -1, the answer is NaN. Called itself it is frozen, as SciPy's:
    `norm(0.0, 2.0).logpdf(x)`.

    Examples:
        >>> from chainrule import grad
        >>> from chainrule.scipy.stats import norm
        >>> grad(lambda x: norm.logpdf(x, loc=1.0, scale=2.0))(3.0)
        -0.5
    """

    def __init__(self, name: str, log_density: Function, shapes: str = "", **others: Function) -> None:
        """Enter its row; `others` are `cdf`, `sf`, `logcdf` and `logsf`, of which one is made of another."""
        self.name = name
        self.scipy = getattr(stats, name)
        self.is_discrete = hasattr(self.scipy, "pmf")
        self.names = (*shapes.split(), *(("loc",) if self.is_discrete else ("loc", "scale")))
        density = "pmf" if self.is_discrete else "pdf"
        self.functions = {f"log{density}": log_density, **others}
        for whole in (density, "cdf", "sf"):
            log = self.functions.get(f"log{whole}")
            if log is not None and whole not in self.functions:
                self.functions[whole] = lambda *args, log=log: np.exp(log(*args))
            elif whole in self.functions and log is None:
                self.functions[f"log{whole}"] = lambda *args, of=self.functions[whole]: np.log(of(*args))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self.functions:
            return getattr(self.scipy, name)
        function, is_density = self.functions[name], name in {"pdf", "logpdf"}

        def call(x: Any, *args: Any, **named: Any) -> Any:
            given = self._given(name, args, named)
            loc, scale = given.pop("loc", None), given.pop("scale", None)
            z = listed(x) if loc is None else listed(x) - loc
            out = function(z if scale is None else z / scale, *given.values())
            if scale is None or not is_density:
                return as_number(out)
            return as_number(out / scale if name == "pdf" else out - np.log(scale))

        return call

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Freeze its parameters."""
        return Frozen(self, args, named)

    def __repr__(self) -> str:
        return f"<chainrule.scipy.stats.{self.name}>"

    def _given(self, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters by name, the shape parameters first."""
        given = {**dict(zip(self.names, args, strict=False)), **named}
        missing = [each for each in self.names if each not in {*given, "loc", "scale"}]
        if len(args) > len(self.names) or missing or given.keys() - set(self.names):
            raise UsageError(
                f"{self.name}.{name} takes x, {', '.join(self.names)}; it got {', '.join(given)}"
            )
        return {each: _proper(each, listed(given[each])) for each in self.names if each in given}


class Frozen:
    """A distribution with its parameters."""

    def __init__(self, distribution: Any, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._distribution, self._args, self._named = distribution, args, named

    def __getattr__(self, name: str) -> Any:
        if name in self._distribution.functions:
            function = getattr(self._distribution, name)
            return lambda *x: function(*x, *self._args, **self._named)
        return getattr(self._distribution.scipy(*self._args, **self._named), name)


_PROPER: dict[str, Callable[[Any], Any]] = {
    "loc": lambda _: True,
    "mu": lambda mu: mu >= 0,
    "n": lambda n: (n >= 0) & (n <= np.floor(n)),
    "p": lambda p: (p >= 0) & (p <= 1),
}
"""By the name of a parameter, for which numbers there is such a distribution; of all others, the positive."""


def _proper(name: str, parameter: Any) -> Any:
    """Return a parameter; NaN where there is no such distribution, so that all of it is, as SciPy's."""
    is_proper = _PROPER[name](parameter) if name in _PROPER else parameter > 0
    if modes.tracer is None and np.all(is_proper):
        return parameter
    return parameter if is_proper is True else np.where(is_proper, parameter, np.nan)


def as_number(out: Any) -> Any:
    """Return a single number as a float, one of a trace too."""
    traced = modes.traced(out)
    return number(out) if traced is None else traced


def listed(x: Any) -> Any:
    """Return a list as an array, and all else as it is."""
    return asarray(x) if isinstance(x, (list, tuple)) else x
