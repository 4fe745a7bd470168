"""Reverse-mode automatic differentiation on NumPy that explains itself."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule import micrograd as micrograd
    from chainrule import nn as nn
    from chainrule import optim as optim
    from chainrule import schedules as schedules
    from chainrule.chart import Chart as Chart
    from chainrule.check import check_grads as check_grads
    from chainrule.checkpoint import load as load
    from chainrule.checkpoint import save as save
    from chainrule.fit import fit as fit
    from chainrule.history import History as History
    from chainrule.losses import accuracy as accuracy
    from chainrule.losses import binary_cross_entropy as binary_cross_entropy
    from chainrule.losses import cross_entropy as cross_entropy
    from chainrule.losses import hinge as hinge
    from chainrule.losses import huber as huber
    from chainrule.losses import kl_divergence as kl_divergence
    from chainrule.losses import mae as mae
    from chainrule.losses import mse as mse
    from chainrule.nudge import nudge as nudge
    from chainrule.primitive import custom_vjp as custom_vjp
    from chainrule.primitives.activations import elu as elu
    from chainrule.primitives.activations import gelu as gelu
    from chainrule.primitives.activations import leaky_relu as leaky_relu
    from chainrule.primitives.activations import log_softmax as log_softmax
    from chainrule.primitives.activations import logsumexp as logsumexp
    from chainrule.primitives.activations import relu as relu
    from chainrule.primitives.activations import sigmoid as sigmoid
    from chainrule.primitives.activations import silu as silu
    from chainrule.primitives.activations import softmax as softmax
    from chainrule.primitives.activations import softplus as softplus
    from chainrule.primitives.elementwise import stop_gradient as stop_gradient
    from chainrule.recording import detect_anomaly as detect_anomaly
    from chainrule.recording import no_grad as no_grad
    from chainrule.rng import rng as rng
    from chainrule.rng import seed as seed
    from chainrule.tracing import each_call as each_call
    from chainrule.transforms import grad as grad
    from chainrule.transforms import hessian as hessian
    from chainrule.transforms import hvp as hvp
    from chainrule.transforms import value_and_grad as value_and_grad
    from chainrule.value import Value as Value

_MODULES = {  # where each name is; nowhere, if it is itself a module
    "Chart": "chart",
    "History": "history",
    "Value": "value",
    "accuracy": "losses",
    "binary_cross_entropy": "losses",
    "check_grads": "check",
    "cross_entropy": "losses",
    "custom_vjp": "primitive",
    "detect_anomaly": "recording",
    "each_call": "tracing",
    "elu": "primitives.activations",
    "fit": "fit",
    "gelu": "primitives.activations",
    "grad": "transforms",
    "hessian": "transforms",
    "hinge": "losses",
    "huber": "losses",
    "hvp": "transforms",
    "jit": "jit",
    "kl_divergence": "losses",
    "leaky_relu": "primitives.activations",
    "load": "checkpoint",
    "log_softmax": "primitives.activations",
    "logsumexp": "primitives.activations",
    "mae": "losses",
    "micrograd": "",
    "mse": "losses",
    "nn": "",
    "no_grad": "recording",
    "nudge": "nudge",
    "optim": "",
    "relu": "primitives.activations",
    "rng": "rng",
    "save": "checkpoint",
    "schedules": "",
    "seed": "rng",
    "sigmoid": "primitives.activations",
    "silu": "primitives.activations",
    "softmax": "primitives.activations",
    "softplus": "primitives.activations",
    "stop_gradient": "primitives.elementwise",
    "value_and_grad": "transforms",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 - the table is where the names are


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that drawing a stored graph needs no NumPy."""
    if name not in _MODULES:
        raise AttributeError(f"module 'chainrule' has no name {name!r}")
    module = import_module(f"chainrule.{_MODULES[name] or name}")
    found = getattr(module, name) if _MODULES[name] else module
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        # Importing a submodule binds it here, and `chainrule.rng` must stay the Generator.
        if not (name in _MODULES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
