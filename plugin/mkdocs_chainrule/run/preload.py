"""What is imported before the first block runs, so that no block waits for it."""

from __future__ import annotations

import contextlib
import io
from importlib import import_module

from mkdocs_chainrule.run import recording, streams


def load() -> None:
    """Import NumPy, Matplotlib and the engine, and put our colours in Matplotlib's place.

    What cannot be imported is left out: the block that wants it will say so, with its line.
    """
    for step in (_load_numpy, _load_matplotlib, _load_engine):
        with contextlib.suppress(Exception):
            step()
    streams.unbuffer_c()
    recording.loaded()


def _load_numpy() -> None:
    import_module("numpy.random")


def _load_matplotlib() -> None:
    pyplot = import_module("matplotlib.pyplot")
    pyplot.switch_backend("module://mkdocs_chainrule.run.backend")
    import_module("mkdocs_chainrule.run.figures").use_theme()
    import_module("mkdocs_chainrule.run.layout")
    import_module("matplotlib.backends.backend_svg")


def _load_engine() -> None:
    engine = import_module("chainrule")
    for name in engine.__all__:
        getattr(engine, name)


def warm_up() -> None:
    """Draw one figure for nobody: it fills Matplotlib's caches of fonts, of text and of paths."""
    with contextlib.suppress(Exception):
        pyplot = import_module("matplotlib.pyplot")
        figure, axes = pyplot.subplots()
        axes.plot([0.0, 1.0], [0.0, 1e3], label="warm")
        axes.set(title="Warm", xlabel="x", ylabel="y")
        axes.legend()
        figure.savefig(io.StringIO(), format="svg")
        pyplot.close(figure)
