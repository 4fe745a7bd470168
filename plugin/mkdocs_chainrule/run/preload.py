"""What is imported before the first block runs, so that no block waits for it."""

from __future__ import annotations

import contextlib
import io


def load() -> None:
    """Import NumPy, Matplotlib and the engine, and put our colours in Matplotlib's place."""
    import numpy.random  # noqa: F401, PLC0415 - imported for the worker that is forked from here

    with contextlib.suppress(ImportError):
        import matplotlib.pyplot as plt  # noqa: PLC0415 - the same

        from mkdocs_chainrule.run import figures  # noqa: PLC0415 - it needs Matplotlib

        plt.switch_backend("module://mkdocs_chainrule.run.backend")
        figures.use_theme()
    import chainrule  # noqa: PLC0415 - the same

    for name in getattr(chainrule, "__all__", ()):
        getattr(chainrule, name)


def warm_up() -> None:
    """Draw one figure for nobody: it fills Matplotlib's caches of fonts, of text and of paths."""
    with contextlib.suppress(ImportError):
        import matplotlib.pyplot as plt  # noqa: PLC0415 - as above

        figure, axes = plt.subplots()
        axes.plot([0.0, 1.0], [0.0, 1e3], label="warm")
        axes.set(title="Warm", xlabel="x", ylabel="y")
        axes.legend()
        figure.savefig(io.BytesIO(), format="svg")
        plt.close(figure)
