"""The blocks of a page run in plain Python with Agg, and each figure recorded: `reference JOBS.json`, a process a page.

Each line that it writes is one thing that came: a figure, a picture that an object draws of itself, at last the end.
"""

from __future__ import annotations

import ast
import builtins
import json
import linecache
import os
import random
import signal
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.galleries import backend, product

BACKEND = "module://benchmarks.galleries.backend"
PICTURES = ("_repr_png_", "_repr_jpeg_", "_repr_svg_")


class Reference:
    """One page's run.

    Args:
        job: What `compare.py` asks: the page's blocks and the frames of its figures, and where to write to.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.number = 0  # of figures on the page
        self.block = 0
        self.shown = 0  # in this block
        self.out = Path(job["out"]).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process

    def say(self, what: dict[str, Any]) -> None:
        self.out.write(json.dumps(what) + "\n")
        self.out.flush()

    def figure(self, figure: Any) -> None:
        """Record a figure, as the page that shows it at this place; what Agg cannot draw fails as a page does."""
        from benchmarks.galleries.measured import measured

        frames = self.job["frames"][self.block]
        frame = frames[self.shown] if self.shown < len(frames) else None
        picture = Path(self.job["pictures"]) / f"{self.job['file']}-{self.number + 1}-theirs.png"
        found = measured(figure, frame, picture, is_ours=not self.job["plain"])
        self.number += 1
        self.shown += 1
        self.say({"kind": "figure", "block": self.block, **found})

    def value(self, value: object) -> None:
        """Show the value of a block's last expression, if it is a picture."""
        figure = sys.modules.get("matplotlib.figure")
        if figure is not None and isinstance(value, figure.Figure):
            backend.show(value)
            return
        methods = () if isinstance(value, type) else PICTURES
        if any(getattr(type(value), name, None) and getattr(value, name)() is not None for name in methods):
            self.number += 1
            self.shown += 1
            self.say({"kind": "picture", "block": self.block})

    def run(self) -> None:
        """Run the blocks in order, as far as they get."""
        sys.modules["__main__"] = main = ModuleType("__main__")
        names = main.__dict__
        names |= {"__builtins__": builtins, "display": self.value}
        for number, source in enumerate(self.job["blocks"]):
            self.block, self.shown = number, 0
            try:
                self.run_block(f"block {number + 1}", source, names)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - code of others: whatever it raises ends its page
                traceback.print_exc()
                self.say({"kind": "failure", "block": number, "message": f"{type(error).__name__}: {error}"})
                break
        self.say({"kind": "end", "layout": self.job["layout"]})

    def run_block(self, name: str, source: str, names: dict[str, Any]) -> None:
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        tree = ast.parse(source, name)
        is_shown = tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";")
        last = ast.Expression(tree.body.pop().value) if is_shown else None
        try:
            exec(compile(tree, name, "exec"), names)
            if last is not None:
                self.value(eval(compile(last, name, "eval"), names))
        finally:
            backend.show_open_figures()


def main() -> None:
    """Import what every page wants, and run each in a process of its own."""
    jobs = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sys.argv[1:] = []
    for name in ("numpy.random", "matplotlib.pyplot", "benchmarks.galleries.measured"):
        import_module(name)
    _draw_once()
    for job in jobs:
        process = os.fork()
        if not process:
            _be(job)
        Path(job["done"]).write_text(_wait(process, job["seconds"]), "utf-8")


def _draw_once() -> None:
    """Fill Matplotlib's caches, so that no figure pays for them."""
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().set(title="Warm", xlabel="x")
    figure.savefig(os.devnull, format="png")


def _wait(process: int, seconds: float) -> str:
    """Wait for a process, and say how it ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return f"ended with {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return f"had not ended after {seconds} s"


def _be(job: dict[str, Any]) -> None:
    """Be the process of one page, to its end."""
    import matplotlib as mpl
    import numpy as np

    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(job["folder"])
    sys.path[0] = job["folder"]
    if job["plain"]:
        mpl.rcParams["backend"] = BACKEND
    else:
        product.use_theme(job["shown"], BACKEND)
    job["layout"] = product.chooses_layout()
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - what authors use, and pages seed
    reference = Reference(job)
    backend.receivers.append(reference.figure)
    reference.run()
    sys.stdout.flush()
    os._exit(0)  # whatever threads an example has left


if __name__ == "__main__":
    main()
