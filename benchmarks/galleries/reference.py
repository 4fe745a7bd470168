"""The blocks of a page run in plain Python with Agg, and each figure recorded: `reference JOB.json` in its own process.

Each line that it writes is one thing that came: a figure, a picture that an object draws of itself, at last the end.
"""

from __future__ import annotations

import ast
import builtins
import json
import linecache
import random
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.galleries import backend, product

BACKEND = "module://benchmarks.galleries.backend"
PICTURES = ("_repr_png_", "_repr_jpeg_", "_repr_svg_")


class Reference:
    """One page's run.

    Args:
        job: What `compare.py` asks: the page's blocks and the sizes of its figures, and where to write to.
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
        """Record a figure, as the page that shows it at this place."""
        from benchmarks.galleries.measured import measured

        sizes = self.job["sizes"][self.block]
        size = sizes[self.shown] if self.shown < len(sizes) else None
        self.number += 1
        self.shown += 1
        picture = Path(self.job["pictures"]) / f"{self.job['file']}-{self.number}-theirs.png"
        try:
            found = {} if self.job["plain"] else measured(figure, size, picture)
        except Exception as error:  # noqa: BLE001 - whatever drawing raises
            found = {"error": f"{type(error).__name__}: {error}"}
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
            except BaseException as error:  # noqa: BLE001 - SystemExit too ends a page
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
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sys.argv[1:] = []
    import matplotlib as mpl
    import numpy as np

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


if __name__ == "__main__":
    main()
