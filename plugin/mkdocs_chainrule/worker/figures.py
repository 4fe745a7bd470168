"""Matplotlib figures: known, shown and closed by what does not import Matplotlib for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from mkdocs_chainrule.session import palette
from mkdocs_chainrule.session.block import FRAMES, Bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.animation import Animation
    from matplotlib.figure import Figure

_FILE = Path("matplotlibrc")  # where Matplotlib looks first


def use_theme() -> None:
    """Make the page's colours Matplotlib's own, and our backend the one that it draws with.

    `plt.rcdefaults()` comes back to them, and `plt.rc_file_defaults()` to what the project's own file says.
    """
    import matplotlib as mpl  # noqa: PLC0415 - a session without figures may do without

    for parameters in (mpl.rcParams, mpl.rcParamsDefault, mpl.rcParamsOrig):
        parameters.update(cast("Any", palette.rc()))  # its keys are names that Matplotlib knows
    mpl.rcParams["backend"] = "module://mkdocs_chainrule.worker.backend"
    use_file()


def use_file() -> None:
    """Let the project's own file of parameters win, if it has one, but for the backend."""
    import matplotlib as mpl  # noqa: PLC0415 - the same

    if not _FILE.is_file():
        return
    said: Any = mpl.rc_params_from_file(_FILE, use_default_template=False)
    own = {name: said[name] for name in said if name != "backend"}
    for parameters in (mpl.rcParams, mpl.rcParamsOrig):
        parameters.update(own)


def is_figure(value: object) -> TypeGuard[Figure]:
    """Tell whether the value is a Matplotlib figure, without importing Matplotlib."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def is_animation(value: object) -> TypeGuard[Animation]:
    """Tell whether the value is an animation of Matplotlib's, without importing it."""
    module = sys.modules.get("matplotlib.animation")
    return module is not None and isinstance(value, module.Animation)


def is_artists(value: object) -> bool:
    """Tell whether the value is what a plotting call returns: artists, which the figure shows already."""
    module = sys.modules.get("matplotlib.artist")
    if module is None or is_figure(value):
        return False
    if isinstance(value, module.Artist) or type(value).__module__ == "matplotlib.colorbar":
        return True
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):  # of axes
        return value.dtype == object and any(map(is_artists, value.flat[:1]))
    return isinstance(value, tuple | list) and any(map(is_artists, value))


def bundle(figure: Figure) -> Bundle:
    """Return the figure as SVG, whose bytes repeat from build to build, with its alternative text."""
    # They need NumPy and Matplotlib, which a figure has brought.
    from mkdocs_chainrule.worker.plots.alt import describe  # noqa: PLC0415 - see above
    from mkdocs_chainrule.worker.plots.drawing import draw  # noqa: PLC0415 - see above

    svg, remarks = draw(figure)
    about: dict[str, Any] = {"kind": "figure", "alt": describe(figure)}
    if remarks:
        about["remarks"] = list(remarks)
    return Bundle({"image/svg+xml": svg}, {"chainrule": about})


def film(animation: Animation) -> Bundle:
    """Return an animation as its frames, the last of them as a figure, and close its figure."""
    from mkdocs_chainrule.worker.plots import frames  # noqa: PLC0415 - the same

    figure, data, alt = frames.film(animation)
    close(figure)
    about = {"kind": "figure", "alt": alt}
    return Bundle({FRAMES: data, "image/svg+xml": data["frames"][-1]}, {"chainrule": about})


def close(figure: Figure) -> None:
    """Close a figure, so that it is not shown again at the end of its block."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)


def take_open() -> Iterator[Figure]:
    """Close and give the figures that are open, in the order in which they were made."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot is not None else ():
        figure = pyplot.figure(number)
        pyplot.close(figure)
        yield figure


def is_empty(figure: Figure) -> bool:
    """Tell whether there is nothing to see but the figure's ground."""
    return all(artist is figure.patch for artist in figure.get_children())
