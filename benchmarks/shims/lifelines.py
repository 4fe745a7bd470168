"""The names of HIPS autograd and autograd-gamma that lifelines imports, as a plugin of pytest for its fits."""

from __future__ import annotations

import shutil
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

import chainrule as cr
from benchmarks.shims import module

SMALLEST = 1e-35  # of what autograd-gamma takes the logarithm


def _numpy() -> Any:
    """Return our NumPy, or NumPy's own for an older Chainrule, which has none."""
    try:
        return import_module("chainrule.numpy")
    except ImportError:
        return np


def _norm() -> Any:
    try:
        return import_module("chainrule.scipy.stats").norm
    except ImportError:
        return module("autograd.scipy.stats.norm", {})


def _log(share: Any) -> Any:
    return np.log(np.clip(share, SMALLEST, 1 - SMALLEST))


def _split(numbers: Any, like: dict[str, Any]) -> dict[str, Any]:
    ends = np.cumsum([np.size(like[name]) for name in sorted(like)])[:-1]
    return dict(zip(sorted(like), np.split(numbers, ends), strict=True))


class _OneOfTheirOwn:
    """A function whose derivative they state themselves, by `defvjp` after `primitive`."""

    def __init__(self, function: Any) -> None:
        self.function = self.answer = function

    def __call__(self, *args: Any) -> Any:
        return self.answer(*args)


def _defvjp(own: _OneOfTheirOwn, of_x: Any) -> None:
    own.answer = cr.custom_vjp(lambda g, out, x: of_x(out, x)(g))(own.function)


def install() -> None:
    """Enter all modules that lifelines imports."""
    module(
        "autograd",
        {
            "grad": lambda f, argnum=0: cr.grad(f, argnum),
            "value_and_grad": lambda f, argnum=0: cr.value_and_grad(f, argnum),
            "hessian": lambda f, argnum=0: cr.hessian(f, argnum),
            "elementwise_grad": lambda f, argnum=0: cr.grad(lambda *args: np.sum(f(*args)), argnum),
        },
    )
    theirs = {"stack": lambda arrays, axis=0: np.stack(list(arrays), axis)}  # of any iterable
    vars(module("autograd.numpy", theirs))["__getattr__"] = partial(getattr, _numpy())
    module("autograd.numpy.numpy_boxes", {"ArrayBox": cr.Value})
    module("autograd.builtins", {"DictBox": dict})
    module(
        "autograd.differential_operators",
        {
            "make_jvp_reversemode": lambda f: (
                lambda x, *rest: lambda v: cr.jvp(lambda x: f(x, *rest), (x,), (v,))[1]
            )
        },
    )
    module(
        "autograd.misc",
        {
            "flatten": lambda tree: (
                np.concatenate([np.ravel(tree[name]) for name in sorted(tree)]),
                lambda numbers: _split(numbers, tree),
            )
        },
    )
    module("autograd.extend", {"primitive": _OneOfTheirOwn, "defvjp": _defvjp})
    module("autograd.scipy", {})
    module("autograd.scipy.stats", {"norm": _norm()})
    module(
        "autograd_gamma",
        {
            **{name: getattr(special, name) for name in ("gammainc", "gammaincc", "gammaln")},
            "gammaincln": lambda a, x: _log(special.gammainc(a, x)),
            "gammainccln": lambda a, x: _log(special.gammaincc(a, x)),
        },
    )


install()
shutil.copy(Path(__file__).with_name("lifelines_fits.py"), "test_fits.py")  # beside what it fits
