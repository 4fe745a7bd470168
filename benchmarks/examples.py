"""Run other libraries' example programs on Chainrule, unchanged, and compare what they print with their own run.

The programs, and the library that they were written for, are read from a checkout at the commit that `public`
names. Each runs for some seconds at most, since most of them would train for minutes: on that library, on it
once more with arithmetic that rounds otherwise, and by the shim on ours. What all printed by then is
compared, line by line: words as they are, numbers to six digits; a line or an image that was drawn counts as
one that was printed. Where the library, rounding otherwise, does not agree with itself to eight digits, a
program says nothing any more of who computes rightly, and the comparison ends.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks.public import ROOT, SUITES, kind, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

NO_PROGRAMS = ("__init__.py", "data.py", "data_mnist.py")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)")
NUMPYS = re.compile(r"(?:np\.float\d+|array)\(([^\[\]()]*)\)")  # how NumPy writes single numbers in a tuple
OTHER_ROUNDING = {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Ran:
    """What a program printed.

    Attributes:
        lines: Whole lines only, if it was stopped or failed.
        error: What it raised at last, if it did.
        stopped: Whether its time was over.
    """

    lines: Sequence[str]
    error: str = ""
    stopped: bool = False


def programs(folder: Path) -> list[str]:
    """Return the programs of a library's examples, as paths below its folder."""
    found = sorted(folder.glob("examples/**/*.py"))
    return [str(file.relative_to(folder)) for file in found if file.name not in NO_PROGRAMS]


def run(
    folder: Path,
    program: str,
    seconds: float,
    *,
    engine: Path | None = None,
    shim: str = "",
    rounding: Mapping[str, str] = MappingProxyType({}),
) -> Ran:
    """Run a program below a folder, on the library that stands there, or by a shim on an engine."""
    file = folder / program
    surroundings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, engine or folder))),
        "SHIM_CHECKOUT": str(folder),
        "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1",
        **rounding,
    }
    command = [sys.executable, "-u", "-m", "benchmarks.shims.program", str(file), *([shim] * bool(shim))]
    with TemporaryDirectory() as here:
        printed, errors = Path(here, "printed"), Path(here, "errors")
        with printed.open("wb") as out, errors.open("wb") as err:
            try:
                ended = subprocess.run(
                    command,
                    check=False,
                    cwd=file.parent,
                    env=surroundings,
                    stdout=out,
                    stderr=err,
                    timeout=seconds,
                ).returncode
            except subprocess.TimeoutExpired:
                ended = None
        text = printed.read_text("utf-8", "replace")
        said = errors.read_text("utf-8", "replace").strip().splitlines() if ended else []
    lines = text.split("\n")[:-1] if ended is None or ended else text.splitlines()
    return Ran(lines, _error(said), stopped=ended is None)


def _error(said: Sequence[str]) -> str:
    """Return the type and message that end a traceback, as a test's outcome has them."""
    last = next((line for line in reversed(said) if re.match(r"[\w.]+(Error|Exception|Exit)\b", line)), "")
    name, _, message = (last or " ".join(said[-1:])).partition(":")
    return f"{name.rpartition('.')[2]}:{message}" if said else ""


def outcome(theirs: Ran, twin: Ran, ours: Ran, seconds: float) -> str:
    """Return what came of a program: "right" and how far it was compared, or what went wrong.

    Examples:
        >>> theirs = Ran(["loss 0.25", "loss 0.1"])
        >>> outcome(theirs, theirs, Ran(["loss 0.25", "loss 0.1000000001"]), 20)
        'right: 2 numbers, to the end'
        >>> outcome(theirs, theirs, Ran(["loss 0.25", "loss 0.2"]), 20)
        'differs: line 2: loss 0.1 and here loss 0.2'
        >>> outcome(theirs, Ran(["loss 0.25", "loss 0.12"]), Ran(["loss 0.25", "loss 0.2"]), 20)
        'right: 1 number, 1 line until rounding decides'
        >>> outcome(theirs, theirs, Ran([], "InternalError: autograd.core.vspace"), 20)
        'InternalError: autograd.core.vspace'
    """
    agree = [alike(*lines, TOLERANCE / 100) for lines in zip(theirs.lines, twin.lines, strict=False)]
    drawn = [line.startswith("drawn") for line in theirs.lines]
    end = next((place for place, both in enumerate(agree) if not (both or drawn[place])), len(agree))
    draws = all(agree[:end])  # else it draws samples, of what rounding made
    compared = list(zip(theirs.lines[:end], ours.lines, strict=False))
    numbers = 0
    for place, (wanted, found) in enumerate(compared):
        if draws or not drawn[place]:
            numbers += len(NUMBER.findall(wanted))
            if not alike(wanted, found):
                return f"differs: line {place + 1}: {wanted} and here {found}"
    if ours.error and _type(ours.error) != _type(theirs.error):
        return ours.error
    decided = len(compared) == end < len(agree)
    if not (decided or theirs.stopped or ours.stopped) and len(theirs.lines) != len(ours.lines):
        return f"differs: {len(theirs.lines)} lines and here {len(ours.lines)}"
    if not numbers:
        return f"Skipped: no number in {seconds:g} s"
    if decided or theirs.stopped or ours.stopped:
        far = "until rounding decides" if decided else f"in {seconds:g} s"
        far = f"{_counted(len(compared), 'line')} {far}"
    else:
        far = "to the end"
    but = "" if draws else ", but for what it draws"
    ends = f", where both end with {_type(ours.error)}" if ours.error else ""
    return f"right: {_counted(numbers, 'number')}, {far}{but}{ends}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _type(error: str) -> str:
    return error.partition(":")[0]


def alike(wanted: str, found: str, tolerance: float = TOLERANCE) -> bool:
    """Return whether two lines say the same, their numbers to six digits.

    Examples:
        >>> alike("(np.float64(0.5), 1)", "(0.5000001, 1)"), alike("0.5", "0.6"), alike("a 1", "b 1")
        (True, False, False)
    """
    wanted, found = NUMPYS.sub(r"\1", wanted), NUMPYS.sub(r"\1", found)
    words = [re.sub(r"\s+", "", NUMBER.sub("#", line)) for line in (wanted, found)]
    numbers = [list(map(float, NUMBER.findall(line))) for line in (wanted, found)]
    close = partial(_close, tolerance=tolerance)
    return words[0] == words[1] and all(map(close, *numbers))


def _close(a: float, b: float, tolerance: float) -> bool:
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance) or (math.isnan(a) and math.isnan(b))


def report(
    console: Console, name: str, checkout: Path, other: Path | None, *, only: str, seconds: float
) -> None:
    """Print what came of each program here and, if it is given, on the engine of another checkout of ours."""
    suite = SUITES[name]
    engines = {"here": ROOT / "engine", **({"other": other / "engine"} if other else {})}
    counts = {where: Counter() for where in engines}
    console.print(f"the examples of {name} at {suite.commit}")
    with TemporaryDirectory() as made, ThreadPoolExecutor(2) as pool:
        folder = Path(made)
        unpack(checkout, suite.commit, folder)
        for program in programs(folder):
            if only not in program:
                continue
            start = partial(pool.submit, run, folder, program, seconds)
            theirs, twin, *runs = (
                start(),
                start(rounding=OTHER_ROUNDING),
                *(start(engine=engine, shim=suite.shim) for engine in engines.values()),
            )
            for where, each in zip(engines, runs, strict=True):
                said = outcome(theirs.result(), twin.result(), each.result(), seconds)
                counts[where][kind("passed" if said.startswith("right") else said)] += 1
                shown = f"{program.removeprefix('examples/')}{f', {where}' * (len(runs) > 1)}: {said[:300]}"
                console.print(shown, markup=False, highlight=False, soft_wrap=True)
    for where, kinds in counts.items():
        of = ", ".join(f"{count} {each.replace('passed', 'right')}" for each, count in kinds.items())
        console.print(f"{where}: {of}", highlight=False)
