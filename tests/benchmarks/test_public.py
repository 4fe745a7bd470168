"""Other libraries' tests run on our names, and each outcome is counted as what it is."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from benchmarks import public
from building import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

TESTS = """
import pytest
import autograd.numpy as np
from autograd import grad, make_ggnvp
from autograd.core import vspace
from autograd.test_util import check_grads


def test_a_slope():
    assert grad(np.tanh)(0.0) == 1.0


def test_slopes_are_checked():
    check_grads(lambda x, y: np.sum(x * np.sin(y)), (0, 1))(np.ones(2), np.arange(2.0))


def test_a_slope_that_is_wrong():
    assert grad(np.tanh)(0.0) == 2.0


def test_what_there_is_not():
    make_ggnvp(np.tanh)


def test_what_no_shim_can_stand_for():
    vspace(1.0)


def test_that_is_skipped():
    pytest.skip("today")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository that looks like the library's, as far as the shim reads it."""
    files = {
        "tests/test_all.py": TESTS,
        "autograd/wrap_util.py": "def unary_to_nary(f):\n    return f\n",
        "autograd/test_util.py": "from .wrap_util import unary_to_nary\n\n\ndef check_grads(): ...\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


def test_each_outcome_is_counted_as_what_it_is(checkout):
    suite = public.Suite("HEAD", "benchmarks.shims.hips", ("tests/test_all.py",), {})
    outcomes = public.run(suite, checkout, REPOSITORY / "engine")
    kinds = {test.rpartition("::")[2]: public.kind(said) for test, said in outcomes.items()}
    assert kinds == {
        "test_a_slope": "passed",
        "test_slopes_are_checked": "passed",
        "test_a_slope_that_is_wrong": "failed",
        "test_what_there_is_not": "not offered",
        "test_what_no_shim_can_stand_for": "shim's limit",
        "test_that_is_skipped": "skipped",
    }
