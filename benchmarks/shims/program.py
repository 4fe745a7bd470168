"""Run a program of another library without a screen: `python -m benchmarks.shims.program FILE [SHIM]`.

Nothing of it is changed. What it draws is said in numbers, so that two runs can be compared; NumPy's
own generator is seeded; and data that it would fetch from the network is random, of the same form, from a
seed.
"""

from __future__ import annotations

import runpy
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shims import module

IMAGES = 400  # a batch is 100 to 256 of them


def without_a_screen() -> None:
    """Let Matplotlib draw nothing, and wait for nobody, but say what lines and images are made of."""
    from matplotlib import pyplot as plt
    from matplotlib.axes import Axes

    plot, imshow = Axes.plot, Axes.imshow

    def plotted(axes: Any, *args: Any, **options: Any) -> Any:
        lines = plot(axes, *args, **options)
        for line in lines:
            _say(line.get_ydata())
        return lines

    def shown(axes: Any, image: Any, *args: Any, **options: Any) -> Any:
        _say(image)
        return imshow(axes, image, *args, **options)

    Axes.plot, Axes.imshow = plotted, shown
    for name in ("draw", "ion", "pause", "savefig", "show"):
        setattr(plt, name, lambda *_, **__: None)


def _say(drawn: Any) -> None:
    numbers = np.asarray(drawn, float)
    print("drawn", numbers.size, np.min(numbers), np.max(numbers), np.linalg.norm(numbers))


def digits() -> None:
    """Enter what stands for `data_mnist`: images and labels at random, where theirs are fetched."""
    rng = np.random.default_rng(0)
    part = lambda: (rng.integers(0, 256, (IMAGES, 28, 28), np.uint8), rng.integers(0, 10, IMAGES, np.uint8))
    module("data_mnist", {"mnist": lambda: (*part(), *part())})


def run(file: Path, shim: str) -> None:
    """Run a program as Python does, on another library's names if a shim is given."""
    if shim:
        import_module(shim)
    without_a_screen()
    digits()
    np.random.seed(0)  # noqa: NPY002 - which programs draw from
    runpy.run_path(str(file), run_name="__main__")


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
