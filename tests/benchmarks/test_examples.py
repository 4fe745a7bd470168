"""Other libraries' example programs run on our names, and what they print is compared with their own run."""

from __future__ import annotations

import io
from functools import partial

import pytest
from benchmarks.examples import Ran, alike, outcome
from rich.console import Console

from benchmarks import examples
from building import REPOSITORY

PROGRAMS = {
    "right": """
import matplotlib.pyplot as plt
import numpy.random as npr
import data_mnist
import autograd.numpy as np
from autograd import grad

if __name__ == "__main__":
    print("slope", grad(np.tanh)(0.5), npr.rand())
    plt.plot([1.0, 2.0], [grad(np.sin)(x) for x in (1.0, 2.0)])
    plt.imshow(data_mnist.mnist()[0][0])
    plt.pause(1000.0)
""",
    "deep/differs": "import autograd, sys\nprint('chainrule' in sys.modules)\n",
    "fails": "import autograd, sys\nprint(1)\nassert 'chainrule' not in sys.modules, 'it is'\n",
    "traces": "from autograd.tracer import Node\nclass Own(Node): ...\nprint(1)\n",
    "data": "no program\n",
}


@pytest.mark.slow
def test_programs_are_compared_with_their_own_run(checkout):
    folder = checkout({f"examples/{name}.py": text for name, text in PROGRAMS.items()})
    names = examples.programs(folder)
    assert names == [f"examples/{name}.py" for name in ("deep/differs", "fails", "right", "traces")]
    found = {}
    for name in names:
        run = partial(examples.run, folder, name, 300.0)
        theirs = run()
        ours = run(engine=REPOSITORY / "engine", shim="benchmarks.shims.hips")
        found[name.removeprefix("examples/")] = outcome(theirs, theirs, ours, 5.0)
    assert found == {
        "right.py": "right: 10 numbers, to the end",
        "deep/differs.py": "differs: line 1: False and here True",
        "fails.py": "AssertionError: it is",
        "traces.py": "InternalError: autograd.tracer.Node",
    }


def test_a_program_is_stopped(checkout):
    folder = checkout({"examples/endless.py": "while True: pass\n"})
    assert examples.run(folder, "examples/endless.py", 1.0).stopped


LOSSES = Ran(["loss 0.25", "drawn 0.5", "loss 0.1"])


@pytest.mark.parametrize(
    ("theirs", "twin", "ours", "said"),
    [
        (
            LOSSES,
            LOSSES,
            Ran(["loss 0.25", "drawn 0.5", "loss 0.1000000001"]),
            "right: 3 numbers, to the end",
        ),
        (LOSSES, LOSSES, Ran(["loss 0.25", "drawn 0.6"]), "differs: line 2: drawn 0.5 and here drawn 0.6"),
        (LOSSES, LOSSES, Ran(["loss 0.25"]), "differs: 3 lines and here 1"),
        (LOSSES, LOSSES, Ran(["loss 0.25"], stopped=True), "right: 1 number, 1 line in 9 s"),
        (LOSSES, LOSSES, Ran(["loss 0.25"], "TypeError: no"), "TypeError: no"),
        (
            LOSSES,
            Ran(["loss 0.25", "drawn 0.5", "loss 0.1001"]),
            Ran(["loss 0.25", "drawn 0.5", "loss 7"]),
            "right: 2 numbers, 2 lines until rounding decides",
        ),
        (
            LOSSES,
            Ran(["loss 0.25", "drawn 0.4", "loss 0.1"]),
            Ran(["loss 0.25", "drawn 7", "loss 0.1"]),
            "right: 2 numbers, to the end, but for what it draws",
        ),
        (
            Ran(["loss 0.25"], "LinAlgError: not positive"),
            Ran(["loss 0.25"], "LinAlgError: not positive"),
            Ran(["loss 0.25"], "LinAlgError: singular"),
            "right: 1 number, to the end, where both end with LinAlgError",
        ),
        (Ran(["begins"]), Ran(["begins"]), Ran(["begins"]), "Skipped: no number in 9 s"),
    ],
)
def test_how_far_a_program_is_compared(theirs, twin, ours, said):
    assert outcome(theirs, twin, ours, 9.0) == said


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("loss 0.25", "loss 0.2500001", True),
        ("loss 0.25", "loss 0.251", False),
        ("loss 0.25", "Loss 0.25", False),
        ("(array(1e-12), np.float64(2.0))", "(0.0, 2.0)", True),
        ("[1.0, 2.0]", "[ 1.0,  2.0]", True),
        ("[1.0, 2.0]", "[1.0]", False),
        ("nan -inf", "nan -inf", True),
        ("nan", "0.0", False),
    ],
)
def test_lines_are_alike_to_six_digits(wanted, found, same):
    assert alike(wanted, found) is same


@pytest.mark.parametrize("other", [None, REPOSITORY], ids=["alone", "beside another"])
def test_what_came_of_each_program_is_printed(monkeypatch, other):
    ours = {"examples/a.py": LOSSES, "examples/b.py": Ran([], "InternalError: autograd.core.vspace")}

    def run(_folder, program, _seconds, engine=None, **_):
        return LOSSES if engine is None else ours[program]

    monkeypatch.setattr(examples, "unpack", lambda *_: None)
    monkeypatch.setattr(examples, "programs", lambda _: [*ours, "examples/left.py"])
    monkeypatch.setattr(examples, "run", run)
    console = Console(record=True, width=120, file=io.StringIO())
    for only in ("a.py", "b.py"):
        examples.report(console, "hips", REPOSITORY, other, only=only, seconds=9.0)
    said = console.export_text()
    where = ", here" if other else ""
    assert f"a.py{where}: right: 3 numbers, to the end\n" in said
    assert f"b.py{where}: InternalError: autograd.core.vspace\n" in said
    assert said.count("1 shim's limit") == said.count("1 right") == (2 if other else 1)
