"""What a jitted function can reach, and so may not draw random numbers from; and names that code has too."""

from __future__ import annotations

import functools
import random
import types
from dataclasses import dataclass, field

import numpy as np
import pytest

from chainrule import Value, jit
from chainrule.compiler.captured import reach
from chainrule.errors import TraceError

module = types.ModuleType("module_of_a_test")
exec(
    "import numpy as np\nrng = np.random.default_rng(0)\ndef noise():\n    return rng.normal()", vars(module)
)


@dataclass
class Noise:
    """A generator in an attribute, one in a slot of a class, and one behind a method."""

    rng: object = field(default_factory=lambda: np.random.default_rng(0))
    shared = np.random.RandomState(0)

    def __call__(self):
        return module.noise()

    def own(self):
        return self.rng.normal()

    def of_class(self):
        return self.shared.normal()


noise, python = Noise(), [{"rng": random.Random(0)}]
drawing = (module.rng.normal() for _ in range(10))


@pytest.mark.parametrize(
    "draw",
    [
        noise,
        noise.own,
        noise.of_class,
        lambda: noise.own() * 1.0,
        lambda: module.rng.normal() * 1.0,
        lambda: module.noise() * 1.0,
        lambda: python[0]["rng"].random() * 1.0,
        lambda rng=np.random.default_rng(0): rng.normal(),  # noqa: B008 -- a default is what is tried
        functools.partial(lambda rng: rng.normal(), np.random.default_rng(0)),
        lambda: next(drawing),
    ],
)
def test_a_generator_is_found_wherever_the_function_reaches_it(draw):
    with pytest.raises(TraceError, match="random numbers were drawn"):
        jit(lambda x: x * draw())(1.0)


def test_a_generator_among_the_arguments_is_found():
    with pytest.raises(TraceError, match="random numbers were drawn"):
        jit(lambda x, rng: x * rng.normal())(1.0, np.random.default_rng(0))


def test_what_is_reached_is_each_object_once_and_no_more_than_the_function_can():
    outside = np.random.default_rng(0)
    inside = np.random.default_rng(0)
    loop: list = [inside]
    loop.append(loop)
    found = [each for each, _ in reach(lambda: loop, [loop])]
    assert [id(each) for each in found].count(id(inside)) == 1
    assert not any(each is outside for each in found)


@pytest.mark.parametrize("name", ["modes", "missed", "tick", "sampled", "ndarray", "array", "holder", "kind"])
def test_parameters_may_be_called_what_generated_code_calls_its_own(name):
    function = eval(f"lambda {name}, *, other=1.0: {name} * 2.0 + other")
    keyword = eval(f"lambda x, *, {name}: {name} * 2.0 + x")
    jitted, by_name = jit(function), jit(keyword)
    for number in (1.0, 2.0, np.ones(3)):
        np.testing.assert_array_equal(jitted(number, other=3.0), function(number, other=3.0))
        np.testing.assert_array_equal(by_name(3.0, **{name: number}), keyword(3.0, **{name: number}))


def test_labels_may_be_called_what_generated_code_calls_values():
    w, other = Value(np.ones(3), label="w"), Value(np.full(3, 2.0), label="w_value")
    function = jit(lambda x: (w * other * x).data)
    for number in (1.0, 2.0):
        np.testing.assert_array_equal(function(number), 2.0 * number * np.ones(3))


def test_what_other_packages_reach_is_left_alone():
    assert sum(1 for _ in reach(lambda: (pytest.main, functools.lru_cache, Value))) < 100
    jitted = jit(lambda x: x * 2.0)
    jitted(1.0)
    assert sum(1 for _ in reach(jitted)) < 10


def test_numbers_that_only_the_program_reads_are_not_asked_for_by_another_shape_either():
    batch = np.ones(2)
    scaled = jit(lambda x: x * batch)
    for factor in (1.0, 2.0, 3.0):
        batch[...] = factor
        for x in (np.ones(2), np.ones((3, 2))):
            np.testing.assert_array_equal(scaled(x), x * factor)
    assert scaled.traces == 2
