"""Reverse-mode automatic differentiation on NumPy that explains itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chainrule.habits import imports

if TYPE_CHECKING:
    from chainrule import micrograd as micrograd
    from chainrule import nn as nn
    from chainrule import optim as optim
    from chainrule import schedules as schedules
    from chainrule.charts.chart import Chart as Chart
    from chainrule.compiler import jit as jit
    from chainrule.generator import rng as rng
    from chainrule.generator import seed as seed
    from chainrule.losses import accuracy as accuracy
    from chainrule.losses import binary_cross_entropy as binary_cross_entropy
    from chainrule.losses import cross_entropy as cross_entropy
    from chainrule.losses import hinge as hinge
    from chainrule.losses import huber as huber
    from chainrule.losses import kl_divergence as kl_divergence
    from chainrule.losses import mae as mae
    from chainrule.losses import mse as mse
    from chainrule.micrograd import draw_dot as draw_dot
    from chainrule.modes import detect_anomaly as detect_anomaly
    from chainrule.modes import each_call as each_call
    from chainrule.modes import no_grad as no_grad
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
    from chainrule.primitives.table import custom_vjp as custom_vjp
    from chainrule.training.checkpoint import load as load
    from chainrule.training.checkpoint import save as save
    from chainrule.training.fit import fit as fit
    from chainrule.training.history import History as History
    from chainrule.transforms.check import check_grads as check_grads
    from chainrule.transforms.derivatives import grad as grad
    from chainrule.transforms.derivatives import hessian as hessian
    from chainrule.transforms.derivatives import hvp as hvp
    from chainrule.transforms.derivatives import value_and_grad as value_and_grad
    from chainrule.transforms.jacobians import elementwise_grad as elementwise_grad
    from chainrule.transforms.jacobians import jacobian as jacobian
    from chainrule.transforms.jacobians import jvp as jvp
    from chainrule.transforms.jacobians import vjp as vjp
    from chainrule.transforms.nudge import nudge as nudge
    from chainrule.value.value import Value as Value

_NAMES = {  # what is public of each module; of the first, modules themselves
    "": "micrograd nn optim schedules",
    "charts.chart": "Chart",
    "compiler": "jit",
    "generator": "rng seed",
    "losses": "accuracy binary_cross_entropy cross_entropy hinge huber kl_divergence mae mse",
    "micrograd": "draw_dot",
    "modes": "detect_anomaly each_call no_grad",
    "primitives.activations": "elu gelu leaky_relu log_softmax logsumexp relu sigmoid silu softmax softplus",
    "primitives.elementwise": "stop_gradient",
    "primitives.table": "custom_vjp",
    "training.checkpoint": "load save",
    "training.fit": "fit",
    "training.history": "History",
    "transforms.check": "check_grads",
    "transforms.derivatives": "grad hessian hvp value_and_grad",
    "transforms.jacobians": "elementwise_grad jacobian jvp vjp",
    "transforms.nudge": "nudge",
    "value.value": "Value",
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULES)  # noqa: PLE0605 - the table is where the names are


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that drawing a stored graph needs no NumPy."""
    if name not in _MODULES:
        from chainrule.habits.names import refuse  # noqa: PLC0415 - for an error

        refuse(__name__, name, __all__)
    module = import_module(f"chainrule.{_MODULES[name] or name}")
    found = getattr(module, name) if _MODULES[name] else module
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__


imports.install()
