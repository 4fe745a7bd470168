"""HIPS autograd's names, as a plugin of pytest: `pytest -p benchmarks.shims.hips` in a copy of its tests."""

from __future__ import annotations

import builtins
import os
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import chainrule as cr
from benchmarks.shims import InternalError, module

CHECKOUT = Path(os.environ["SHIM_CHECKOUT"])  # of the other library


def _ours(name: str) -> Any:
    """Return a module of ours, or None where there is none, as in an older Chainrule."""
    try:
        return import_module(f"chainrule.{name}")
    except ImportError:
        return None


def _check_grads(function: Any, argnum: Any = 0, modes: Any = None, order: int = 2) -> Any:  # noqa: ARG001 -- theirs has a forward mode too
    return lambda *args, **options: cr.check_grads(
        partial(function, **options), *args, order=order, argnums=argnum
    )


def _theirs(name: str, **names: Any) -> ModuleType:
    """Run a module of their own test harness, with these names instead of its own."""
    made = module(f"autograd.{name}", {"__package__": "autograd"}, InternalError)
    source = CHECKOUT / "autograd" / f"{name}.py"
    exec(compile(source.read_text("utf-8"), str(source), "exec"), vars(made))
    vars(made).update(names)
    return made


def _derivatives() -> dict[str, Any]:
    return {
        "grad": lambda f, argnum=0: cr.grad(f, argnum),
        "value_and_grad": lambda f, argnum=0: cr.value_and_grad(f, argnum),
        "grad_and_aux": lambda f, argnum=0: cr.grad(f, argnum, has_aux=True),
        "hessian": lambda f, argnum=0: cr.hessian(f, argnum),
        "hessian_vector_product": lambda f, argnum=0: cr.hvp(f, argnum),
        "make_hvp": lambda f, argnum=0: (
            lambda *args: (lambda v: cr.hvp(f, argnum)(*args, v), cr.grad(f, argnum)(*args))
        ),
        "make_vjp": lambda f: lambda *args: cr.vjp(f, *args)[::-1],
        "make_jvp": lambda f: lambda *args: lambda v: cr.jvp(f, args, (v,)),
        "checkpoint": lambda f: f,
        "jacobian": lambda f, argnum=0: cr.jacobian(f, argnum),
        "elementwise_grad": lambda f, argnum=0: cr.elementwise_grad(f, argnum),
        "deriv": lambda f, argnum=0: cr.elementwise_grad(f, argnum),
        **_builtins(),
    }


def _builtins() -> dict[str, Any]:
    return {name: getattr(builtins, name) for name in ("isinstance", "list", "dict", "tuple", "type")}


def install() -> None:
    """Enter all modules that the tests import."""
    module("autograd", _derivatives())
    for name in ("core", "tracer", "extend", "util", "misc", "misc.optimizers", "misc.fixed_points"):
        module(f"autograd.{name}", {}, InternalError)
    sys.modules["autograd.misc.flatten"] = module("autograd.misc._flatten", {}, InternalError)
    for name in ("numpy", "numpy.random", "numpy.linalg", "numpy.fft", "numpy.numpy_vspaces"):
        ours = (
            (_ours("numpy") or np)
            if name == "numpy"
            else vars(np).get(name.rpartition(".")[2], ModuleType(name))
        )
        sys.modules[f"autograd.{name}"] = ours
    setattr(sys.modules["autograd"], "numpy", sys.modules["autograd.numpy"])
    module("autograd.scipy", {})
    for name in ("special", "stats", "linalg", "integrate", "signal"):
        ours = _ours(f"scipy.{name}") or module(f"autograd.scipy.{name}", {})
        sys.modules[f"autograd.scipy.{name}"] = ours
        setattr(sys.modules["autograd.scipy"], name, ours)
    for name in (
        "norm",
        "t",
        "beta",
        "gamma",
        "chi2",
        "poisson",
        "multivariate_normal",
        "dirichlet",
        "bernoulli",
    ):
        found = getattr(_ours("scipy.stats"), name, None)
        sys.modules[f"autograd.scipy.stats.{name}"] = found or module(f"autograd.scipy.stats.{name}", {})
    module("autograd.builtins", _builtins())
    _theirs("wrap_util")
    _theirs("test_util", check_grads=_check_grads)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave complex numbers out, which Chainrule has none of, of the checks that take them by the way."""
    harness = sys.modules.get("numpy_utils")
    for name in ("stat_check", "unary_ufunc_check", "binary_ufunc_check", "binary_ufunc_check_no_same_args"):
        if harness is not None:
            real = partial(getattr(harness, name), test_complex=False)
            for test_module in {item.module for item in items}:
                if hasattr(test_module, name):
                    setattr(test_module, name, real)


install()
