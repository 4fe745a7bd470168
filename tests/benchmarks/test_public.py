"""Other libraries' tests run on our names, and each outcome is counted as what it is."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from benchmarks import public
from building import REPOSITORY

TESTS = """
import pytest
import autograd.numpy as np
from autograd import grad, multigrad_dict
from autograd.core import make_vjp, vspace
from autograd.extend import defvjp, primitive
from autograd.misc.optimizers import adam
from autograd.numpy.linalg import norm
from autograd.test_util import check_equivalent, check_grads, combo_check
from autograd.tracer import Node


def test_a_slope():
    assert grad(np.tanh)(0.0) == 1.0 == grad(lambda x: norm([x, 0.0]))(2.0)


def test_slopes_are_checked():
    check_grads(lambda x, y: np.sum(x * np.sin(y)), (0, 1))(np.ones(2), np.arange(2.0))


def test_names_of_its_machinery_that_have_a_counterpart():
    back, result = make_vjp(lambda x: x * x, 3.0)
    check_equivalent((result, back(2.0)), (9.0, 12.0))


def test_a_derivative_of_ones_own():
    cube = primitive(lambda x: x**3)
    defvjp(cube, lambda ans, x: lambda g: 3 * g * x**2)
    check_grads(cube)(2.0)


def test_their_own_optimiser():
    assert adam(2.0) == 2.0


def test_a_slope_that_is_wrong():
    assert grad(np.tanh)(0.0) == 2.0


def test_what_there_is_not():
    multigrad_dict(np.tanh)


def test_what_no_shim_can_stand_for():
    vspace(1.0)


def test_what_is_derived_from_that():
    class Traced(Node): ...


def test_complex_numbers_by_the_way():
    assert combo_check(lambda xs: sorted(xs))([2.0, 1j, 1.0]) == [1.0, 2.0]


def test_of_complex_numbers():
    check_grads(np.sin)(np.ones(2) * 1j)


def test_left_out_by_name():
    assert False


def test_that_is_skipped():
    pytest.skip("today")
"""


@pytest.mark.slow
def test_each_outcome_is_counted_as_what_it_is(checkout):
    file = "tests/test_all.py"
    suite = public.Suite(
        "HEAD", "benchmarks.shims.hips", (file,), {f"{file}::test_left_out_by_name": "of another world"}
    )
    outcomes = public.run(suite, checkout({file: TESTS}), REPOSITORY / "engine")
    kinds = {test.rpartition("::")[2]: public.kind(said) for test, said in outcomes.items()}
    assert kinds == {
        "test_a_slope": "passed",
        "test_slopes_are_checked": "passed",
        "test_names_of_its_machinery_that_have_a_counterpart": "passed",
        "test_a_derivative_of_ones_own": "passed",
        "test_their_own_optimiser": "passed",
        "test_a_slope_that_is_wrong": "failed",
        "test_what_there_is_not": "not offered",
        "test_what_no_shim_can_stand_for": "shim's limit",
        "test_what_is_derived_from_that": "shim's limit",
        "test_complex_numbers_by_the_way": "passed",
        "test_of_complex_numbers": "left out",
        "test_left_out_by_name": "left out",
        "test_that_is_skipped": "left out",
    }


OUTCOMES = {
    "a.py::test_one": "passed",
    "a.py::test_two": "AssertionError: 1 != 2",
    "a.py::test_three": "InternalError: autograd.core.vspace",
    "b.py::test_four": "NotOfferedError: autograd.scipy.integrate.odeint",
    "b.py::test_five": "AttributeError: module 'chainrule' has no name 'vjp'",
    "b.py::test_six": "Skipped: complex numbers",
}


@pytest.mark.parametrize("other", [None, REPOSITORY], ids=["alone", "beside another"])
def test_what_came_of_a_suite_is_summed_up_by_file_and_by_reason(monkeypatch, other):
    suite = public.Suite("abc", "shim", ("a.py", "b.py"), {"c.py": "complex numbers"}, apart="b.py")
    monkeypatch.setitem(public.SUITES, "fake", suite)
    monkeypatch.setattr(public, "run", lambda *_: OUTCOMES)
    console = Console(record=True, width=120, file=io.StringIO())
    public.report(console, "fake", REPOSITORY, other)
    said = console.export_text()
    rows = [line.strip("│ ").split("│") for line in said.splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert cells[:4] == [
        ["a.py", "1", "1", "0", "1", "0", "50"],
        ["b.py", "0", "0", "2", "0", "1", "0"],
        ["all", "1", "1", "2", "1", "1", "25"],
        ["all but b.py", "1", "1", "0", "1", "0", "50"],
    ]
    assert len(cells) == (8 if other else 4)
    assert "c.py is left out: complex numbers" in said
    assert "1 AssertionError: 1 != 2\n    test_two\n" in said
