"""Reverse-mode automatic differentiation on NumPy that explains itself."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from chainrule.value import Value as Value

_MODULES = {
    "Value": "value",
    "custom_vjp": "primitive",
    "detect_anomaly": "recording",
    "elu": "primitives.activations",
    "gelu": "primitives.activations",
    "leaky_relu": "primitives.activations",
    "log_softmax": "primitives.activations",
    "logsumexp": "primitives.activations",
    "no_grad": "recording",
    "relu": "primitives.activations",
    "rng": "rng",
    "seed": "rng",
    "sigmoid": "primitives.activations",
    "silu": "primitives.activations",
    "softmax": "primitives.activations",
    "softplus": "primitives.activations",
    "stop_gradient": "primitives.elementwise",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 - the table is where the names are


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that drawing a stored graph needs no NumPy."""
    if name not in _MODULES:
        raise AttributeError(f"module 'chainrule' has no name {name!r}")
    found = getattr(import_module(f"chainrule.{_MODULES[name]}"), name)
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
