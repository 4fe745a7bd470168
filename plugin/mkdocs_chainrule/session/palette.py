"""The colours of figures: real ones, of which three follow the reader's scheme when a page shows them.

An author's code sees, saves and computes with these colours, so they look right wherever they come to stand.
They are exact values that no named colour and no colormap gives: so the page knows ink, grid and ground when
it reads a figure, and makes variables of them. The cycle needs none: each of its colours has a contrast of 3
to 1 with a light and with a dark ground, and one of 4.5 to 1 with ink that stands on it.
"""

from __future__ import annotations

from typing import Any

INK = "#0b0b0e"
GRID = "#d9d9e0"
GROUND = "#fdfeff"
CYCLE = ("#4e76e2", "#dc772f", "#309650", "#dd453e", "#a36fd8", "#03a1ae", "#9b735d", "#e15194")

VARIABLES: dict[str, str] = {
    INK: "--chainrule-ink",
    GRID: "--chainrule-grid",
    GROUND: "--chainrule-ground",
}
DARK: dict[str, str] = {INK: "#e6e6ea", GRID: "#44464f", GROUND: "#1e2129"}
"""What they are in the dark, for pixels: these cannot hold a variable."""


def rc() -> dict[str, Any]:
    """Return the rcParams under which an author's figures are made.

    The salt makes the ids of an SVG that an author saves, and so all its bytes, repeat.

    Examples:
        >>> rc()["text.color"] in VARIABLES, rc()["figure.figsize"]
        (True, (6.4, 3.6))
    """
    from cycler import cycler  # noqa: PLC0415 - only a worker draws; a page that shows needs no Matplotlib

    ink = (
        "text.color",
        "axes.labelcolor",
        "axes.edgecolor",
        "xtick.color",
        "ytick.color",
        "patch.edgecolor",
        "boxplot.boxprops.color",
        "boxplot.whiskerprops.color",
        "boxplot.capprops.color",
        "boxplot.flierprops.color",
        "boxplot.flierprops.markeredgecolor",
    )
    ground = ("figure.facecolor", "figure.edgecolor", "axes.facecolor")
    panes = {f"axes3d.{axis}axis.panecolor": (*_part(GRID), 0.3) for axis in "xyz"}
    return {
        **dict.fromkeys(ink, INK),
        **dict.fromkeys(ground, GROUND),
        **panes,
        "grid.color": GRID,
        "legend.edgecolor": GRID,
        "axes.prop_cycle": cycler(color=CYCLE),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "figure.figsize": (6.4, 3.6),
        "lines.linewidth": 1.8,
        "svg.hashsalt": "chainrule",
        "font.family": "sans-serif",
    }


def _part(colour: str) -> tuple[float, ...]:
    return tuple(channel / 255 for channel in bytes.fromhex(colour[1:]))
