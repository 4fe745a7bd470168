"""Layers and models: `Linear` and others with parameters, `Sequential` to chain them with any functions."""

from typing import Never

from chainrule.habits.names import refuse
from chainrule.nn import initializers, pytorch
from chainrule.nn.initializers import *  # noqa: F403 - whoever adds one names it in that file alone
from chainrule.nn.layers import Dropout, Embedding, LayerNorm, Linear
from chainrule.nn.module import Module
from chainrule.nn.pytorch import *  # noqa: F403 - as of the initialisers
from chainrule.nn.sequential import MLP, Sequential

__all__ = [
    "MLP",
    "Dropout",
    "Embedding",
    "LayerNorm",
    "Linear",
    "Module",
    "Sequential",
]
__all__ += initializers.__all__
__all__ += pytorch.__all__


def __getattr__(name: str) -> Never:
    refuse(__name__, name, __all__)
