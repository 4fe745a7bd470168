"""Formulas as pages write them, read back and computed; and random computations whose formulas are read."""

from __future__ import annotations

import math
import random
import re
from typing import TYPE_CHECKING

import numpy as np

import chainrule

if TYPE_CHECKING:
    from collections.abc import Mapping

FUNCTIONS = {
    name: getattr(np, name)
    for name in ("tanh", "exp", "log", "sin", "cos", "sqrt", "cosh", "sinh", "sign", "abs", "maximum")
} | {"ReLU": lambda x: max(x, 0.0), "sigmoid": lambda x: 1 / (1 + math.exp(-x))}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_SIGNS = {"·": "*", "−": "-", "×10": "*10", "^": "**", "∞": "inf", "≥": ">=", "≤": "<=", " = ": " == "}


def number(text: str, names: Mapping[str, float] | None = None) -> float:
    """What a formula comes to; `#7` and other names have the values given."""
    text = _POWER.sub(lambda match: f"**{match[0].translate(RAISED)}", text.strip())
    for sign, python in _SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub(r"#(\d+)", r"number_\1", text)
    known = {name.replace("#", "number_"): np.float64(value) for name, value in (names or {}).items()}
    with np.errstate(all="ignore"):
        return float(eval(text, {"nan": math.nan, "inf": math.inf, **FUNCTIONS, **known}))


def is_shown(text: str, value: float, sign: str = "≈") -> bool:
    """Whether a text is a number, rounded to the digits that it shows; with `=`, the number itself."""
    shown = number(text)
    if not (math.isfinite(shown) and math.isfinite(value)):
        return str(shown) == str(value)
    if sign == "=":
        return math.isclose(shown, value, rel_tol=1e-9, abs_tol=1e-12)
    mantissa, _, power = text.strip().strip("()").partition("×10")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (-decimals + (int(power.translate(RAISED)) if power else 0))
    return abs(shown - value) <= 0.5000001 * unit or math.isclose(shown, value, rel_tol=1e-3)


def computation(seed: int) -> chainrule.Value:
    """A random computation on numbers: shared, squared, of constants, in chains, its gradients taken."""
    chance = random.Random(seed)
    pool = [
        chainrule.Value(round(chance.uniform(-2, 2), chance.choice([0, 1, 3])), label=name) for name in "abc"
    ]
    for _ in range(chance.randint(3, 9)):
        x, y = chance.choice(pool), chance.choice(pool)
        made = chance.choice(
            [
                lambda x, y: x + y,
                lambda x, y: x * y,
                lambda x, y: x - y,
                lambda x, _: x + x,
                lambda x, _: x * x,
                lambda x, y: x / (y * y + 1.5),
                lambda x, _: np.tanh(x),
                lambda x, _: np.exp(-x * 0.5),
                lambda x, _: chainrule.relu(x),
                lambda x, _: x**3,
                lambda x, _: 2.5 * x,
                np.maximum,
                lambda x, _: -x,
                lambda x, _: np.sin(x),
            ]
        )(x, y)
        if chance.random() < 0.4:
            made.label = f"w{len(pool)}"
        pool.append(made)
    root = pool[-1] * pool[-2] + pool[chance.randrange(3)]
    root.label = "out"
    how = chance.random()
    if how < 0.8:
        root.backward(chance.choice([None, None, 2.5]))
        if how < 0.2:
            root.backward()
    return root


def of_arrays(seed: int) -> chainrule.Value:
    """A random computation on small arrays: broadcast, summed, multiplied, moved, its gradients taken."""
    chance, rng = random.Random(seed), np.random.default_rng(seed)
    rows, columns = chance.randint(1, 5), chance.randint(1, 4)
    start = [(rows, columns), (columns,), (rows, 1), (columns, chance.randint(1, 3)), ()]
    pool = [
        chainrule.Value(rng.normal(size=shape).round(chance.choice([0, 1, 6])) if shape else 0.5, label=name)
        for name, shape in zip("xbrws", start, strict=True)
    ]
    for _ in range(chance.randint(2, 7)):
        x, y = chance.choice(pool), chance.choice(pool)
        made = chance.choice(
            [
                lambda x, y: x * y,
                lambda x, y: x + y,
                lambda x, y: x - y * 0.5,
                lambda x, y: x @ y if x.ndim and y.ndim else x * y,
                lambda x, y: x.T @ y if x.ndim > 1 and y.ndim else y,
                lambda x, _: np.tanh(x),
                lambda x, _: chainrule.relu(x),
                lambda x, _: x.sum(axis=0) if x.ndim else x * x,
                lambda x, _: x.mean(axis=-1, keepdims=True) if x.ndim else x,
                lambda x, _: x.max(axis=-1) if x.ndim else x,
                lambda x, _: x.T if x.ndim > 1 else np.exp(-x),
                lambda x, _: chainrule.softmax(x) if x.ndim else x,
                lambda x, _: x[[0, 0]] if x.ndim else x,
                lambda x, y: np.stack([x, y]) if x.shape == y.shape else x,
                lambda x, _: x.reshape(-1) if x.ndim else x,
                lambda x, _: np.where(x.data > 0, x, x**2),
            ]
        )
        try:
            pool.append(made(x, y))
        except chainrule.errors.ShapeError:
            continue
        if chance.random() < 0.4:
            pool[-1].label = f"m{len(pool)}"
    root = sum((each.sum() if each.ndim else each for each in pool[-3:]), pool[0].mean())
    root.label = "out"
    root.backward(2.5 if chance.random() < 0.3 else None)
    if chance.random() < 0.2:
        root.backward()
    return root
