"""Layers and models: `Linear` and others with parameters, `Sequential` to chain them with any functions."""

from chainrule.nn.initializers import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    normal,
    standard_normal,
    zeros,
)
from chainrule.nn.layers import Dropout, Embedding, LayerNorm, Linear
from chainrule.nn.module import Module
from chainrule.nn.sequential import MLP, Sequential

__all__ = [
    "MLP",
    "Dropout",
    "Embedding",
    "LayerNorm",
    "Linear",
    "Module",
    "Sequential",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "standard_normal",
    "zeros",
]
