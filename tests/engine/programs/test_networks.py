"""Networks in plain NumPy have the loss and the gradients that PyTorch recorded (record_networks.py)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from chainrule import jit, value_and_grad
from networks import PROGRAMS

RECORD = json.loads(Path(__file__).with_name("recorded_networks.json").read_text("utf-8"))["programs"]


@pytest.mark.parametrize("way", ["eager", "jit"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_loss_and_gradients_are_pytorchs(name, way):
    program, parameters, data = PROGRAMS[name]
    wanted = RECORD[name]
    step = value_and_grad(program)
    for _ in range(2 if way == "jit" else 1):
        loss, slopes = (jit(step) if way == "jit" else step)(parameters, *data)
        assert loss == pytest.approx(wanted["loss"], rel=1e-12)
        for key, slope in wanted["grads"].items():
            np.testing.assert_allclose(slopes[key], slope, rtol=1e-9, atol=1e-12)
