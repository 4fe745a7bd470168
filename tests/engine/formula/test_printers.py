"""Text and MathML of random expressions: both say what is computed, whatever brackets that takes."""

from __future__ import annotations

import random
from contextlib import suppress

import numpy as np
import pytest

from chainrule.formula.mathml import mathml
from chainrule.formula.text import text
from chainrule.primitives.table import PRIMITIVES
from reading_mathml import read

BINARY = ("add", "subtract", "multiply", "divide")
TRUTHS = {"less": np.less, "greater": np.greater, "greater_equal": np.greater_equal}
NUMBERS = {"g": 1.7, "x": 0.6, "y": -1.3, "out": 2.1}
NAMESPACE = {name: getattr(np, name) for name in ("exp", "tanh", "sqrt", "where", "abs", "inf")}


def expression(choose: random.Random, depth: int):
    if depth <= 0 or choose.random() < 0.15:
        return choose.choice([*NUMBERS, 0.5, 2.0, -3.0, 1.0])
    kind = choose.random()
    if kind < 0.65:
        return [choose.choice(BINARY), expression(choose, depth - 1), expression(choose, depth - 1)]
    if kind < 0.75:
        return ["power", expression(choose, depth - 1), choose.choice([2.0, 3.0, -1.0, -2.0, "x"])]
    if kind < 0.9:
        return [choose.choice(["negative", "exp", "tanh"]), expression(choose, depth - 1)]
    truth = [choose.choice(list(TRUTHS)), expression(choose, depth - 2), choose.choice(list(NUMBERS))]
    return ["where", truth, expression(choose, depth - 1), expression(choose, depth - 1)]


def evaluated(form):
    if not isinstance(form, list):
        return np.float64(NUMBERS.get(form, form))
    function = TRUTHS.get(form[0]) or PRIMITIVES[form[0]].forward
    return function(*map(evaluated, form[1:]))


@pytest.mark.parametrize("seed", range(200))
def test_both_say_what_it_computes(seed):
    form = expression(random.Random(seed), 5)
    names = {**NAMESPACE, **{name: np.float64(each) for name, each in NUMBERS.items()}}
    with (
        np.errstate(all="ignore"),
        suppress(ZeroDivisionError),
    ):  # as Python's numbers raise it, in no branch taken
        number = float(evaluated(form))
        if np.isfinite(number):
            said = [float(eval(printed, names)) for printed in (text(form), read(mathml(form)))]
            assert said == pytest.approx([number, number], rel=1e-3, abs=1e-9), (
                text(form),
                read(mathml(form)),
            )
