"""HIPS autograd's names, as a plugin of pytest: `pytest -p benchmarks.shims.hips` in a copy of its tests.

What stands in `autograd/misc` and in the harness of its tests is written with autograd's public names; it is
run from the checkout, as it is, on ours.
"""

from __future__ import annotations

import builtins
import itertools
import os
import sys
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule as cr
from benchmarks.shims import InternalError, Missing, module

CHECKOUT = Path(os.environ["SHIM_CHECKOUT"])  # of the other library
DISTRIBUTIONS = "bernoulli beta chi2 dirichlet gamma multivariate_normal norm poisson t"
INTERNAL = "core tracer extend misc misc.tracers misc.fixed_points"


def _ours(name: str) -> Any:
    """Return a module of ours, or None where there is none, as in an older Chainrule."""
    try:
        return import_module(f"chainrule.{name}")
    except ImportError:
        return None


def _theirs(name: str, **names: Any) -> Any:
    """Run a module of their own, of public names, from the checkout; with these names instead of its own."""
    made = module(f"autograd.{name}", {}, InternalError)
    made.__package__ = made.__name__.rpartition(".")[0]
    source = CHECKOUT / "autograd" / f"{name.replace('.', '/')}.py"
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
        "hessian_tensor_product": lambda f, argnum=0: cr.hvp(f, argnum),
        "make_hvp": lambda f, argnum=0: (
            lambda *args: (lambda v: cr.hvp(f, argnum)(*args, v), cr.grad(f, argnum)(*args))
        ),
        "make_vjp": lambda f: lambda *args: _one_first(*cr.vjp(f, *args)),
        "make_jvp": lambda f: lambda *args: lambda v: cr.jvp(f, args, (v,)),
        "make_ggnvp": lambda f, g=lambda y: np.sum(y**2) / 2: (
            lambda x: lambda v: cr.vjp(f, x)[1](cr.hvp(g)(f(x), cr.jvp(f, (x,), (v,))[1]))[0]
        ),
        "checkpoint": lambda f: f,
        "jacobian": lambda f, argnum=0: cr.jacobian(f, argnum),
        "tensor_jacobian_product": _tensor_jacobian_product,
        "vector_jacobian_product": _tensor_jacobian_product,
        "elementwise_grad": lambda f, argnum=0: cr.elementwise_grad(f, argnum),
        "deriv": lambda f, argnum=0: cr.elementwise_grad(f, argnum),
        **_builtins(),
    }


def _one_first(result: Any, back: Any) -> Any:
    """Return how `make_vjp` says it: the way back, to a single argument, and then the result."""
    return lambda g: back(g)[0], result


def _tensor_jacobian_product(f: Any, argnum: int = 0) -> Any:
    return cr.jacobian(lambda *args: np.tensordot(args[-1], f(*args[:-1]), np.ndim(args[-1])), argnum)


def _builtins() -> dict[str, Any]:
    plain = {name: getattr(builtins, name) for name in ("list", "dict", "tuple")}
    return {**plain, "isinstance": lambda x, of: isinstance(_data(x), of), "type": lambda x: type(_data(x))}


def _data(x: Any) -> Any:
    return x.data if isinstance(x, cr.Value) else x


class _Primitive:
    """What `primitive` makes of a function, and `defvjp` tells its VJPs."""

    def __init__(self, function: Any) -> None:
        wraps(function)(self)
        self.vjps = ()

    def __call__(self, *args: Any) -> Any:
        return cr.custom_vjp(*self.vjps)(self.__wrapped__)(*args)


def _defvjp(made: Any, *makers: Any) -> None:
    made.vjps = tuple(map(_vjp, makers))


def _vjp(maker: Any) -> Any:
    return maker and (lambda g, out, *operands: maker(out, *operands)(g))


def _check_grads(function: Any, argnum: Any = 0, modes: Any = None, order: int = 2) -> Any:  # noqa: ARG001 -- theirs has a forward mode too
    return lambda *args, **options: (
        pytest.skip("complex numbers")
        if any(map(_is_complex, args))
        else cr.check_grads(partial(function, **options), *args, order=order, argnums=argnum)
    )


_check_equivalent = partial(np.testing.assert_allclose, rtol=1e-6, atol=1e-6)  # as near as theirs


def _is_complex(arg: Any) -> bool:
    return isinstance(arg, (complex, np.ndarray)) and np.iscomplexobj(arg)


def _numpy(ours: Any) -> None:
    made = module("autograd.numpy", {"make_diagonal": _make_diagonal})
    vars(made)["__getattr__"] = partial(getattr, ours)
    internal = Missing("autograd.numpy.linalg._dot", InternalError)
    linalg = module("autograd.numpy.linalg", {"_dot": internal, "T": internal})
    vars(linalg)["__getattr__"] = partial(getattr, ours.linalg)
    for name in ("random", "fft"):
        setattr(made, name, getattr(ours, name))
        sys.modules[f"autograd.numpy.{name}"] = getattr(ours, name)


def _make_diagonal(x: Any, **_: Any) -> Any:
    return np.expand_dims(x, -1) * np.eye(np.shape(x)[-1])


def _scipy() -> None:
    module("autograd.scipy", {})
    for name in ("special", "stats", "linalg", "integrate", "signal"):
        ours = _ours(f"scipy.{name}") or module(f"autograd.scipy.{name}", {})
        sys.modules[f"autograd.scipy.{name}"] = ours
        setattr(sys.modules["autograd.scipy"], name, ours)
    for name in DISTRIBUTIONS.split():
        found = getattr(_ours("scipy.stats"), name, None)
        sys.modules[f"autograd.scipy.stats.{name}"] = found or module(f"autograd.scipy.stats.{name}", {})


def install() -> None:
    """Enter all modules that tests and programs import."""
    module("autograd", _derivatives())
    for name in INTERNAL.split():
        module(f"autograd.{name}", {}, InternalError)
    for name in ("extend", "tracer"):
        vars(sys.modules[f"autograd.{name}"]).update(primitive=_Primitive, defvjp=_defvjp)
    sys.modules["autograd.tracer"].isbox = lambda x: isinstance(x, cr.Value)
    sys.modules["autograd.core"].make_vjp = lambda f, *args: _one_first(*cr.vjp(f, *args))
    module("autograd.builtins", _builtins())
    _numpy(_ours("numpy") or np)
    _scipy()
    _theirs("util")
    _theirs("wrap_util")
    harness = _theirs("test_util", check_grads=_check_grads, check_equivalent=_check_equivalent)
    harness.combo_check = _of_reals(harness.combo_check)
    sys.modules["autograd.misc"].flatten = _theirs("misc.flatten").flatten
    _theirs("misc.optimizers")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave complex numbers out, which Chainrule has none of, of the checks that take them by the way."""
    harness = sys.modules.get("numpy_utils")
    for name in ("stat_check", "unary_ufunc_check", "binary_ufunc_check", "binary_ufunc_check_no_same_args"):
        if harness is not None:
            real = _without_complex(getattr(harness, name))
            for test_module in {item.module for item in items}:
                if hasattr(test_module, name):
                    setattr(test_module, name, real)


def _of_reals(combo_check: Any) -> Any:
    return lambda *args, **named: (
        lambda *lists, **options: combo_check(*args, **named)(*map(_reals, lists), **options)
    )


def _reals(of: Any) -> Any:
    return list(itertools.filterfalse(_is_complex, of)) or of


def _without_complex(check: Any) -> Any:
    return lambda *args, **options: check(*args, **{**options, "test_complex": False})


install()
