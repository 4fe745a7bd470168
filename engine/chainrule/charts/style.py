"""How plots look: two sizes, quiet axes, and colours that mean one thing wherever they are seen.

Graphs use the same colours: gradients are orange there too.
"""

from __future__ import annotations

import math
from itertools import cycle
from typing import TYPE_CHECKING, Literal

from chainrule.tables import RAISED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

Role = Literal["data", "target", "model", "loss", "gradient", "derivative", ""]

# Inches, of one panel and of several: as wide as a phone shows whole, its text a little smaller.
ONE = (4.0, 2.7)
TALL = (4.0, 4.6)

_COLOURS = {"model": "C0", "loss": "C0", "gradient": "C1", "derivative": "C2"}
_INK = frozenset({"data", "target"})
_FARTHEST = 1e300  # what lies beyond lies nowhere
_FREE = ("C0", "C5", "C7", "C4", "C6", "C3")  # far apart in Matplotlib's own cycle and in a page's
_NAMES: dict[str, Role] = {
    "data": "data",
    "target": "target",
    "model": "model",
    "fit": "model",
    "now": "model",
    "loss": "loss",
    "gradient": "gradient",
    "slope": "gradient",
    "derivative": "derivative",
    "local derivative": "derivative",
}


def role(name: str) -> Role:
    """Return what a layer of this name is; nothing, if the name does not tell.

    Examples:
        >>> role("slope"), role("tanh")
        ('gradient', '')
    """
    return _NAMES.get(name.lower(), "")


def colours(roles: Sequence[Role]) -> list[str]:
    """Return a colour for each layer of a panel: that of its role, or one that means nothing else there."""
    taken = {_COLOURS.get(role) for role in roles}
    free = cycle([colour for colour in _FREE if colour not in taken])
    return [ink() if role in _INK else _COLOURS.get(role) or next(free) for role in roles]


def has_place(number: float) -> bool:
    """Return whether a number can be drawn: axes need room around what they hold.

    Examples:
        >>> has_place(-1e299), has_place(1e301), has_place(float("nan"))
        (True, False, False)
    """
    return abs(number) < _FARTHEST


def ink() -> str:
    """Return the colour of text, which is that of data too."""
    import matplotlib as mpl  # noqa: PLC0415 -- the engine itself needs NumPy alone

    return str(mpl.rcParams["text.color"])


def power(value: float, _: object = None) -> str:
    """Return a power of ten for the axis of logarithms, its exponent legible where the page is narrow.

    Examples:
        >>> [power(value) for value in (1, 10, 1000)]
        ['1', '10', '10³']
    """
    if not 0 < value < math.inf:  # the margins of an axis reach farther than its numbers
        return ""
    exponent = round(math.log10(value))
    return str(10**exponent) if exponent in {0, 1} else f"10{str(exponent).translate(RAISED)}"


def quiet(axes: Axes) -> None:
    """Let the frame of a panel stand back behind what it shows."""
    import matplotlib as mpl  # noqa: PLC0415 -- the engine itself needs NumPy alone

    pale = mpl.rcParams["grid.color"]
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(pale)
    axes.tick_params(which="both", color=pale, length=3)
    axes.grid(visible=True, color=pale, linewidth=0.6)
    axes.set_axisbelow(True)
