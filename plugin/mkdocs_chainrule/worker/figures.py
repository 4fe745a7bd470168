"""Matplotlib figures: drawn as SVG in the page's sentinel colours, described in words, and closed."""

from __future__ import annotations

import gc
import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from mkdocs_chainrule.session import palette
from mkdocs_chainrule.session.block import Bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

_POINTS = 72  # dots per inch of SVG
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def use_theme() -> None:
    """Make the page's colours Matplotlib's own, and our backend the one that it draws with.

    `plt.rcdefaults()` comes back to them.
    """
    import matplotlib as mpl  # noqa: PLC0415 - a session without figures may do without

    for parameters in (mpl.rcParams, mpl.rcParamsDefault, mpl.rcParamsOrig):
        parameters.update(cast("Any", palette.rc()))  # its keys are names that Matplotlib knows
    mpl.rcParams["backend"] = "module://mkdocs_chainrule.worker.backend"


def is_figure(value: object) -> TypeGuard[Figure]:
    """Tell whether the value is a Matplotlib figure, without importing Matplotlib."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def is_artists(value: object) -> bool:
    """Tell whether the value is what a plotting call returns: artists, which the figure shows already."""
    module = sys.modules.get("matplotlib.artist")
    if module is None or is_figure(value):
        return False
    containers = (tuple, list)
    if isinstance(value, containers) and not isinstance(value, module.Artist):
        return bool(value) and any(is_artists(item) or _is_axes_array(item) for item in value)
    return isinstance(value, module.Artist) or _is_colorbar(value) or _is_axes_array(value)


def _is_colorbar(value: object) -> bool:
    return type(value).__module__ == "matplotlib.colorbar"


def _is_axes_array(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray) or value.dtype != object or not value.size:
        return False
    return is_artists(value.flat[0])


def bundle(figure: Figure) -> Bundle:
    """Return the figure as SVG, whose bytes repeat from build to build, with its alternative text."""
    from mkdocs_chainrule.worker.alt import describe  # noqa: PLC0415 - it needs NumPy, and a figure has it

    about = {"kind": "figure", "alt": describe(figure)}
    return Bundle({"image/svg+xml": _svg(figure)}, {"chainrule": about})


def _svg(figure: Figure) -> str:
    # There is a figure, so Matplotlib is here. Not by `savefig`: with a layout engine that draws twice.
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - see above

    from mkdocs_chainrule.worker.layout import lay_out  # noqa: PLC0415 - see above

    svg = io.StringIO()
    with _as_it_is(figure), _no_collection():
        _clear_images(figure)
        figure.dpi = _POINTS
        if lay_out(figure):
            figure.set_layout_engine("none")
        FigureCanvasSVG(figure).print_svg(svg, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]  # Matplotlib has no types for it
    return svg.getvalue()


def _clear_images(figure: Figure) -> None:
    """Take the theme's grid off axes that hold an image, over which it would lie; an author's own stays."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.images else ():
            if any(line.get_color() == palette.GRID for line in axis.get_gridlines()):
                axis.grid(visible=False)


@contextmanager
def _as_it_is(figure: Figure) -> Iterator[None]:
    """Give a figure back what drawing it changes: it may be an author's to draw again."""
    canvas, dpi, engine = figure.canvas, figure.dpi, figure.get_layout_engine()
    try:
        yield
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
        figure.set_layout_engine(engine)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage: a drawing is many objects, and all live as long as the figure."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


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
