"""What people type who come from micrograd, PyTorch, Jupyter or JAX works, or is told what to write."""

from __future__ import annotations

import ast
import copy
import io
import math
import pickle
import random
from pathlib import Path

import numpy as np
import pytest

import chainrule
from chainrule import Value, cross_entropy, draw_dot, nn, optim
from chainrule import numpy as jnp
from chainrule.errors import ChainruleError
from chainrule.micrograd import MLP, Layer, Neuron

LINES = Path(__file__).with_name("one_liners.txt").read_text(encoding="utf-8").splitlines()[3:]
A = np.arange(6.0).reshape(2, 3) - 2.0


class Net(nn.Module):
    def forward(self, x):
        return x * 2.0


def sections():
    """Return the one-liners by the library whose users type them."""
    found, name = {}, ""
    for line in LINES:
        if line.startswith("# "):
            name = line[2:]
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(line)
    return found


SECTIONS = sections()


def names():
    libraries = {"np": np, "jnp": jnp, "nn": nn, "optim": optim, "torch": chainrule, "jax": chainrule}
    library = {"math": math, "random": random, "io": io, "pickle": pickle, "copy": copy, "tf": chainrule}
    ours = {"Value": Value, "Neuron": Neuron, "Layer": Layer, "MLP": MLP, "draw_dot": draw_dot, "Net": Net}
    values = {
        "a": Value(2.0),
        "b": Value(-3.0),
        "c": Value(10.0),
        "x": Value(A.copy()),
        "w": Value([1.0, 2.0]),
    }
    models = {"linear": nn.Linear(3, 2, rng=0), "model": nn.MLP(3, [2, 1], rng=0)}
    return {**libraries, **library, **ours, **values, **models, "A": A, "cross_entropy": cross_entropy}


def evaluated(code, known):
    """Run statements, of which the last is an expression, and return that."""
    tree = ast.parse(code.replace(" {} ", "\n"))
    *statements, last = tree.body
    if not isinstance(last, ast.Expr):
        statements, last = tree.body, None
    exec(compile(ast.Module(statements, []), "page", "exec"), known)
    return None if last is None else eval(compile(ast.Expression(last.value), "page", "eval"), known)


def is_right(found, right):
    if isinstance(right, (str, bool)) or right is None:
        return (str(found) if isinstance(right, str) else found) == right
    if isinstance(right, tuple) and not isinstance(found, np.ndarray):
        return len(found) == len(right) and all(map(is_right, found, right))
    if isinstance(right, list) and right and isinstance(right[0], tuple):
        return found == right
    if isinstance(right, (np.dtype, type)):
        return found == right
    return np.shape(found) == np.shape(right) and np.allclose(np.asarray(found), right)


@pytest.mark.parametrize("line", [line for lines in SECTIONS.values() for line in lines])
def test_a_one_liner_works_or_says_what_to_write(line):
    code, told, words = line.partition(" !! ")
    known = names()
    if told:
        with pytest.raises((ChainruleError, ImportError)) as refused:
            evaluated(code, known)
        message = str(refused.value)
        assert words in message
        assert len(message) < 300
        assert "\n" not in message
        return
    code, _, right = line.rpartition(" == ")
    found = evaluated(code, known)
    assert is_right(found, eval(right, known))


def test_there_are_enough_of_each_and_most_work():
    assert {name for name, lines in SECTIONS.items() if len(lines) >= 40} == {
        *("micrograd", "PyTorch", "Jupyter", "NumPy and JAX")
    }
    lines = [line for each in SECTIONS.values() for line in each]
    assert len(lines) >= 160
    assert sum(" !! " not in line for line in lines) >= 0.75 * len(lines)
