"""Values and first and second derivatives as PyTorch gives them, recorded by record_torch.py."""

import json
from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule import Value
from chainrule.value.backward import gradients

RECORDED = json.loads(Path(__file__).with_name("recorded_torch.json").read_text())
OURS = {
    "clip": lambda x: np.clip(x, -0.5, 1.0),
    "sum": lambda x: x.sum(0),
    "mean": lambda x: x.mean(1),
    "prod": lambda x: x.prod(1),
    "max": lambda x: x.max(1),
    "min": lambda x: x.min(0),
    "var": lambda x: x.var(1, ddof=1),
    "std": lambda x: x.std(1),
    "cumsum": lambda x: x.cumsum(1),
    "einsum": lambda a, b: np.einsum("bij,bjk->ki", a, b),
    "norm": lambda x: np.linalg.norm(x, axis=1),
    "getitem": lambda x: x[[0, 1, 1], [2, 0, 0]],
}
OURS_AT = {"max": np.max, "prod": np.prod, "clip": lambda x: np.clip(x, -1.0, 1.0)}


def function(name):
    return OURS.get(name) or next(
        getattr(module, name) for module in (cr, np, np.linalg) if hasattr(module, name)
    )


def weighted(out):
    return np.sum(out * np.linspace(0.5, 1.5, np.size(out)).reshape(np.shape(out)))


def compare(call, recorded):
    inputs = [Value(np.array(x)) for x in recorded["inputs"]]
    out = call(*inputs)
    first = gradients(weighted(out), inputs, differentiable=True)
    second = gradients(sum(weighted(g) for g in first), inputs)
    np.testing.assert_allclose(out.data, recorded["out"], rtol=1e-13)
    theirs = [*recorded["first"], *recorded["second"]]
    for found, expected in zip([*first, *second], theirs, strict=False):
        np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-10, atol=1e-12)


def test_the_recording_is_of_the_version_named():
    assert RECORDED["torch"] == "2.13.0"


@pytest.mark.parametrize("name", RECORDED["cases"])
def test_as_torch(name):
    compare(function(name), RECORDED["cases"][name])


@pytest.mark.parametrize("name", RECORDED["corners"])
def test_corners_as_torch(name):
    recorded = RECORDED["corners"][name]
    if name == "power":  # PyTorch's second derivatives at 0 are NaN, even that of x**2
        recorded = recorded | {"second": []}
    compare(OURS_AT.get(name) or function(name), recorded)
