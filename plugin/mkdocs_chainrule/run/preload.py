"""What is imported before the first block runs, so that no block waits for it."""

from __future__ import annotations

import contextlib
import io
from importlib import import_module
from typing import TYPE_CHECKING

from mkdocs_chainrule.run import recording, streams

if TYPE_CHECKING:
    from collections.abc import Callable


def load() -> None:
    """Import NumPy and the engine."""
    _try(_load_engine)
    streams.unbuffer_c()
    recording.loaded()


def load_drawing() -> None:
    """Import Matplotlib too, which takes longer than all else: only where something is to be drawn."""
    _try(_load_matplotlib)
    _try(_draw_once)
    recording.loaded.cache_clear()
    recording.loaded()


def _try(step: Callable[[], None]) -> None:
    """Take a step. What cannot be imported is left to the block that wants it: that has a line to be told."""
    with contextlib.suppress(Exception):
        step()


def _load_engine() -> None:
    import_module("numpy.random")
    engine = import_module("chainrule")
    for name in engine.__all__:
        getattr(engine, name)


def _load_matplotlib() -> None:
    for name in ("figures", "alt", "layout"):
        import_module(f"mkdocs_chainrule.run.{name}")
    pyplot = import_module("matplotlib.pyplot")
    import_module("mkdocs_chainrule.run.figures").use_theme()
    pyplot.switch_backend(pyplot.rcParams["backend"])


def _draw_once() -> None:
    """Draw one figure for nobody: it fills Matplotlib's caches of fonts, of text and of paths."""
    pyplot = import_module("matplotlib.pyplot")
    svg = import_module("matplotlib.backends.backend_svg")
    figure, axes = pyplot.subplots()
    axes.plot([0.0, 1.0], [0.0, 1e3], label="warm")
    axes.set(title="Warm", xlabel="x", ylabel="y")
    axes.legend()
    svg.FigureCanvasSVG(figure).print_svg(io.StringIO())
    pyplot.close("all")
