"""The colours of figures: drawn as sentinels, shown as CSS variables.

Matplotlib fixes every colour when it draws, but a page may be light or dark. So a worker draws with colours
that nobody chooses by hand, and the page replaces each by a variable that follows the reader's scheme. What
an author coloured stays as it is.
"""

from __future__ import annotations

from typing import Any

INK = "#010203"
GRID = "#111213"
GROUND = "#040506"
CYCLE = ("#0a0b0c", "#0d0e0f", "#1a1b1c", "#1d1e1f", "#2a2b2c", "#2d2e2f", "#3a3b3c", "#3d3e3f")

VARIABLES: dict[str, str] = {
    INK: "--chainrule-ink",
    GRID: "--chainrule-grid",
    GROUND: "--chainrule-ground",
    **{sentinel: f"--chainrule-{number}" for number, sentinel in enumerate(CYCLE, 1)},
}


def rc() -> dict[str, Any]:
    """Return the rcParams under which figures are drawn.

    Text stays text, so that a reader can select it; the salt makes ids, and so all bytes, repeat.

    Examples:
        >>> rc()["svg.fonttype"], rc()["text.color"] in VARIABLES
        ('none', True)
    """
    from cycler import cycler  # noqa: PLC0415 - only a worker draws; a page that shows needs no Matplotlib

    ink = ("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.labelcolor", "ytick.labelcolor")
    pale = ("axes.edgecolor", "xtick.color", "ytick.color", "grid.color")
    transparent = ("figure.facecolor", "axes.facecolor", "savefig.facecolor", "savefig.edgecolor")
    return {
        **dict.fromkeys(ink, INK),
        **dict.fromkeys(pale, GRID),
        **dict.fromkeys(transparent, "none"),
        "patch.edgecolor": INK,
        "hatch.color": INK,
        "boxplot.flierprops.color": INK,
        "legend.facecolor": GROUND,
        "legend.edgecolor": GRID,
        "legend.framealpha": 1.0,
        "axes.prop_cycle": cycler(color=CYCLE),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "figure.figsize": (6.4, 3.6),
        "figure.constrained_layout.use": True,
        "lines.linewidth": 1.8,
        "svg.fonttype": "none",
        "svg.hashsalt": "chainrule",
        "font.family": "sans-serif",
    }
