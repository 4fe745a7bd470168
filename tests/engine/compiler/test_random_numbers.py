# ruff: noqa: NPY002 -- NumPy's old functions are what is tried
"""Random numbers drawn in a trace are refused at their line, with nothing drawn; other threads draw on."""

from __future__ import annotations

import random
import re
import threading

import numpy as np
import pytest

import chainrule
from chainrule import each_call, jit
from chainrule.errors import TraceError

RNG, STATE, PYTHONS = np.random.default_rng(1), np.random.RandomState(1), random.Random(1)


class Noisy:
    def __init__(self):
        self.rng = np.random.default_rng(2)

    def __call__(self, x):
        return x + self.noise()

    def noise(self):
        return self.rng.standard_normal()


noisy = Noisy()


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x + np.random.normal(),
        lambda x: x + np.random.rand(),
        lambda x: x * np.random.randint(5),
        lambda x: x + np.random.seed(0) or x,
        lambda x: x * float(np.random.permutation(3)[0]),
        lambda x: x + RNG.normal(),
        lambda x: x + RNG.integers(5),
        lambda x: x + float(RNG.choice(3)),
        lambda x: x + RNG.spawn(1)[0].normal(),
        lambda x: x + STATE.normal(),
        lambda x: x + (STATE.seed(0) or 1.0),
        lambda x: x + random.random(),
        lambda x: x + random.gauss(0.0, 1.0),
        lambda x: x + random.choice([1.0, 2.0]),
        lambda x: x + PYTHONS.uniform(0.0, 1.0),
        lambda x: x + (random.seed(0) or 1.0),
        lambda x: x + chainrule.rng.normal(),
        lambda x: x + np.random.default_rng().normal(),
        lambda x, rng=np.random.default_rng(3): x + rng.normal(),  # noqa: B008 -- a default is what is tried
    ],
)
def test_they_are_refused_at_their_line_and_nothing_is_drawn(function):
    def states():
        return [
            *(repr(RNG.bit_generator.state), repr(chainrule.rng.bit_generator.state), PYTHONS.getstate()),
            *(repr(STATE.get_state()), random.getstate(), repr(np.random.get_state())),
        ]

    before = states()
    with pytest.raises(TraceError, match="random numbers were drawn") as caught:
        jit(function)(1.0)
    assert re.search(rf"{re.escape(__file__)}:{function.__code__.co_firstlineno}\b", str(caught.value))
    assert states() == before


def test_a_generator_of_an_object_is_found_by_its_method():
    with pytest.raises(TraceError, match="random numbers were drawn"):
        jit(noisy)(1.0)
    with pytest.raises(TraceError, match="random numbers were drawn"):
        jit(lambda x: noisy(x) * 2.0)(1.0)


def test_a_refusal_that_is_swallowed_is_refused_all_the_same():
    def careless(x):
        try:
            return x + RNG.normal()
        except TraceError:
            return x

    with pytest.raises(TraceError, match="random numbers were drawn"):
        jit(careless)(1.0)


def test_after_a_trace_generators_are_what_they_were():
    kinds = [(each, type(each.bit_generator)) for each in (RNG, chainrule.rng)]
    STATE.normal()  # keeps a second number for the next call
    expected = np.random.RandomState(1)
    expected.normal()
    assert jit(lambda x: x * 2.0 if STATE and RNG else x)(1.0) == 2.0
    assert STATE.normal() == expected.normal()
    assert all(type(each.bit_generator) is kind for each, kind in kinds)
    assert "random" not in vars(PYTHONS)
    assert random.random.__self__ is random.seed.__self__


def test_what_each_call_draws_is_drawn():
    theirs = np.random.default_rng(5)
    ours = np.random.default_rng(5)
    jitted = jit(lambda x: x + each_call(ours.normal) + each_call(lambda: random.random() * 0.0))
    assert [jitted(1.0) for _ in range(3)] == [1.0 + theirs.normal() for _ in range(3)]


def test_a_call_that_another_thread_has_begun_is_not_blamed():
    begun, goes_on = threading.Event(), threading.Event()

    def chooses(count):
        begun.set()
        goes_on.wait()
        return count

    class Sizes(list):
        def __len__(self):  # asked in the middle of `choices`, which has its method in C by then
            return chooses(super().__len__())

    drawing = threading.Thread(target=lambda: random.choices(Sizes([1, 2]), k=1))
    drawing.start()

    def times_two(x):
        goes_on.set()
        drawing.join()
        return x * 2.0

    begun.wait()
    assert jit(times_two)(3.0) == 6.0


def test_another_thread_is_not_blamed():
    stop = threading.Event()

    def drawing():
        while not stop.is_set():
            np.random.normal()
            RNG.normal()
            STATE.normal()
            random.random()
            random.gauss(0.0, 1.0)

    thread = threading.Thread(target=drawing)
    thread.start()
    try:
        for n in range(10):
            reached = (RNG, STATE, n)
            assert jit(lambda x, reached=reached: x * reached[2])(2.0) == 2.0 * n
        with pytest.raises(TraceError, match="random numbers were drawn"):
            jit(lambda x: x + RNG.normal())(1.0)
    finally:
        stop.set()
        thread.join()
