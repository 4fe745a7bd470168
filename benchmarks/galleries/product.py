"""All that these pages know of the product's insides: what it makes of Matplotlib, and what its HTML is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

BLOCK = ".chainrule:has(> .chainrule-source)"
RESULT = ".chainrule-result"
FAILURE = ".chainrule-error:not(.chainrule-expected, .chainrule-skipped)"
MESSAGE = ".chainrule-message"
PRINTED = ".chainrule-stdout, .chainrule-stderr"
INK, GROUND = "--chainrule-ink", "--chainrule-ground"
# What a page must not say, whoever says it: our choices are none of its author's or its reader's business.
OURS = r"chainrule"
# And what only our choices bring about, where plain Python does not say it too.
CHOSEN = (
    r"layout engine|layout has changed|layout not applied|constrained_?layout|tight_?layout|gridspecs"
    r"|not compatible with|FigureCanvas|findfont|svg\."
)


def roles() -> dict[str, str]:
    """Return the colours that become variables on a page: the variable, by the colour."""
    from mkdocs_chainrule.session import palette

    return {colour.lower(): name for colour, name in getattr(palette, "VARIABLES", {}).items()}


def use_theme(shown: Mapping[str, str], backend: str) -> None:
    """Make our rcParams Matplotlib's own, in the colours in which a page shows them, and draw by a backend.

    Args:
        shown: The colour in the light, by its variable.
        backend: Its name.
    """
    import matplotlib as mpl

    _use_rc()
    light = {colour: shown[name] for colour, name in roles().items() if name in shown}
    for parameters in (mpl.rcParams, mpl.rcParamsDefault, mpl.rcParamsOrig):
        for name, value in parameters.copy().items():
            if (real := _in_light(value, light)) is not value:
                parameters[name] = real
    mpl.rcParams["backend"] = backend


def chooses_layout() -> bool:
    """Tell whether our rcParams, which are in use, give each figure a layout engine."""
    import matplotlib as mpl

    return any(mpl.rcParams[f"figure.{name}"] for name in ("constrained_layout.use", "autolayout"))


def _use_rc() -> None:
    import matplotlib as mpl

    try:
        from mkdocs_chainrule.worker.figures import use_theme
    except ImportError:
        from mkdocs_chainrule.session import palette

        for parameters in (mpl.rcParams, mpl.rcParamsDefault, mpl.rcParamsOrig):
            parameters.update(palette.rc())
    else:
        use_theme()


def _in_light(value: Any, light: Mapping[str, str]) -> Any:
    from cycler import Cycler, cycler
    from matplotlib.colors import to_hex

    if isinstance(value, Cycler) and "color" in value.keys:
        colours = [light.get(to_hex(colour), colour) for colour in value.by_key()["color"]]
        return cycler(**{**value.by_key(), "color": colours})
    return light.get(value.lower(), value) if isinstance(value, str) else value


def clear_images(figure: Figure) -> None:
    """Take the theme's grid off axes that hold an image, as a page does: it is nobody's wish there."""
    import matplotlib as mpl

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.images and mpl.rcParams["axes.grid"] else ():
            if any(line.get_color() == mpl.rcParams["grid.color"] for line in axis.get_gridlines()):
                axis.grid(visible=False)


def characters(formula: Any, source: str) -> str:
    """Return what a parsed formula shows; fonts number glyphs in ways of their own, which a page has to know."""
    from mkdocs_chainrule.worker.plots import formulas

    return formulas.plain(formulas.glyphs_of(formula), source)


def draw(figure: Figure) -> None:
    """Draw a figure as a page does."""
    from mkdocs_chainrule.worker import figures

    figures.bundle(figure)
