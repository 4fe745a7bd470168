"""Every engine that is installed computes the hand-written gradients; the command line prints its table."""

from __future__ import annotations

import subprocess
import sys

import pytest
from benchmarks.engines import Field, WrongGradient, check, prepare
from benchmarks.suite import GOALS, WORKLOADS
from benchmarks.workloads import Case, Skip

from benchmarks import memory, peers
from building import REPOSITORY

SMALL = [
    workload for workload in WORKLOADS if workload.key in {"W2", "W3", "W3-wide", "W4", "W5-tanh", "W5-hvp"}
]


@pytest.mark.parametrize("workload", SMALL, ids=lambda workload: workload.key)
@pytest.mark.parametrize("name", peers.PEERS)
def test_gradients_are_the_hand_written_ones(name, workload):
    try:
        engine = peers.load(name)
    except ImportError:
        pytest.skip(f"{name} is not installed")
    try:
        case = prepare(engine, workload)
    except Skip as reason:
        pytest.skip(str(reason))
    check(case, prepare(peers.load("numpy"), workload).grads(), workload.tolerance)


def test_a_wrong_gradient_is_not_timed():
    import numpy as np

    case = Case(print, lambda: [np.array([1.0, 2.0])])
    with pytest.raises(WrongGradient, match="off by"):
        check(case, [np.array([1.0, 2.1])], 1e-9)


def test_what_is_kept_from_step_to_step_counts_as_memory():
    found = {peak.engine: peak for peak in memory.peaks(Field(["chainrule-jit"]))}
    assert list(found) == ["numpy", "chainrule-jit"]
    gradients = 4 * (784 * 256 + 256 * 256 + 256 * 10)  # bytes that every engine must hold at once
    assert all(gradients < peak.bytes < 4 * gradients for peak in found.values())


def test_every_goal_names_a_workload_and_engines_that_exist():
    assert {goal.workload for goal in GOALS} <= {workload.key for workload in WORKLOADS}
    assert {name for goal in GOALS for name in (goal.engine, goal.versus)} <= set(peers.PEERS)


def test_the_command_prints_a_table_and_names_what_is_missing():
    command = ["-m", "benchmarks", "--only", "W2", "--peers", "mygrad", "--pairs", "2", "--chunk", "0.001"]
    done = subprocess.run(
        [sys.executable, *command], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=True
    )
    assert "numpy-out" in done.stdout
    assert "chainrule" in done.stdout
    assert "goals" in done.stdout
    assert "mygrad" in done.stdout
