"""What is imported before the first block that is likely to want it runs, so that no block waits for it."""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import Any

from mkdocs_chainrule.session import paths
from mkdocs_chainrule.session.block import Block, Place, Session
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.wants import PYTHON
from mkdocs_chainrule.worker import figures, observing, streams
from mkdocs_chainrule.worker.on_import import remarks


class Preload:
    """What this process has loaded."""

    def __init__(self) -> None:
        self._level = PYTHON
        streams.unbuffer_c()
        remarks.install()
        paths.not_local()
        # What reads a request is made once, too; and Python runs code faster that it knows.
        place = Place("", 1)
        from_data(Session, to_data(Session("", (Block("", "fence", place, (place,) * 20),) * 3)))
        observing.loaded()

    def load(self, level: int) -> bool:
        """Load so much, and tell whether there was anything to load."""
        steps = (_load_engine, _load_drawing)[self._level : level]
        for step in steps:
            # What cannot be imported is left to the block that wants it: that has a line to be told.
            with contextlib.suppress(Exception):
                step()
        if steps:
            self._level = level
            observing.loaded.cache_clear()
            observing.loaded()
        return bool(steps)


def _load_engine() -> None:
    import_module("numpy.random")
    engine = import_module("chainrule")
    for name in engine.__all__:
        getattr(engine, name)


def _load_drawing() -> None:
    """Import Matplotlib, which takes longer than all else."""
    pyplot = import_module("matplotlib.pyplot")
    figures.use_theme()
    pyplot.switch_backend(pyplot.rcParams["backend"])
    _draw_once(pyplot)


def _draw_once(pyplot: Any) -> None:
    """Draw one figure for nobody: it fills Matplotlib's caches of fonts, of text and of paths."""
    figure, axes = pyplot.subplots()
    axes.plot([0.0, 1.0], [0.0, 1e3], label="warm")
    axes.set(title="Warm", xlabel="x", ylabel="y")
    axes.legend()
    figures.bundle(figure)
    pyplot.close("all")
