"""Figures of a few lines of code, drawn under the page's rcParams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

from mkdocs_chainrule.session import palette
from mkdocs_chainrule.worker.plots.drawing import draw
from pictures import Picture

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def drawn() -> Iterator[Callable[[str], Picture]]:
    """Return a function that runs code and returns the figure that it leaves, as it is drawn."""

    def run(source: str) -> Picture:
        names: dict[str, Any] = {"plt": plt, "np": np, "mpl": mpl, "rng": np.random.default_rng(0)}
        exec(source, names)
        svg, remarks = draw(plt.gcf())
        plt.close("all")
        return Picture(svg, remarks)

    with plt.rc_context(palette.rc()):
        yield run
    plt.close("all")
