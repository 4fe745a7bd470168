"""SVG as text: numbers, paths and elements, in few bytes."""

from __future__ import annotations

import base64
import re
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib._path as matplotlib_path
import numpy as np

from mkdocs_chainrule.worker.plots.layer import png

if TYPE_CHECKING:
    from matplotlib.path import Path
    from matplotlib.transforms import Transform

    Attributes = dict[str, str]

_PRECISE, _LONG = 2, 500  # decimals, and the bytes of a path past which it has one less
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CODES = [b"M", b"L", b"Q", b"C", b"z"]
_convert: Any = vars(matplotlib_path)["convert_to_string"]  # with which Matplotlib's own SVG is written
_SHORTER = ((" \n", ""), ("\n", ""), ("M ", "M"), ("L ", "L"), ("Q ", "Q"), ("C ", "C"))


def number(value: float, decimals: int = 2) -> str:
    """Return a number with so many decimals at most.

    Examples:
        >>> number(1.5), number(-0.001), number(20.0)
        ('1.5', '0', '20')
    """
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(**values: float) -> Attributes:
    """Return attributes that are numbers.

    Examples:
        >>> numbers(x=1.0, y=0.125)
        {'x': '1', 'y': '0.12'}
    """
    return {name: number(value) for name, value in values.items()}


def element(name: str, attributes: Attributes, content: str = "") -> str:
    """Return an element around content that is SVG already.

    Examples:
        >>> element("text", {"x": "1"}, "a &lt; b"), element("path", {"d": "M0 0"})
        ('<text x="1">a &lt; b</text>', '<path d="M0 0"/>')
    """
    head = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{head}>{content}</{name}>" if content else f"<{name}{head}/>"


def writable(text: str) -> str:
    r"""Return a text without the signs that no XML can hold, as a terminal's may be.

    Examples:
        >>> writable("a\x1bb")
        'ab'
    """
    return _UNWRITABLE.sub("", text)


def path_data(
    path: Path, transform: Transform, window: Any = None, *, simplify: bool = False, sketch: Any = None
) -> str:
    """Return the data of a path, with fewer decimals where it is long.

    Args:
        path: In whatever space.
        transform: To SVG's own space, whose y goes down.
        window: What is seen, outside of which a line is left out: left, top, right and bottom.
        simplify: Whether points go whose loss is not seen.
        sketch: How a line wavers, as Matplotlib has it.
    """
    for decimals in (_PRECISE, _PRECISE - 1):
        text = str(_convert(path, transform, window, simplify, sketch, decimals, _CODES, False), "ascii")
        if len(text) <= _LONG:
            break
    for long, short in _SHORTER:
        text = text.replace(long, short)
    return text.strip()


def picture_url(image: np.ndarray[Any, Any]) -> str:
    """Return pixels, the highest row first, as the address of a PNG."""
    return "data:image/png;base64," + base64.b64encode(png(np.ascontiguousarray(image))).decode()
