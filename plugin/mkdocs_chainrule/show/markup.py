"""HTML as text: every attribute and every piece of text is escaped here."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LEGIBLE = 11  # CSS pixels under which no text shrinks
MOST_LINES = 30  # of a text, and rows of a table, past which it has a height and scrolls
VOID = frozenset({"img", "input", "br"})
# What HTML cannot hold, or UTF-8 cannot: control characters, lone surrogates, non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape(text: str, *, quote: bool = True) -> str:
    r"""Return text that reads the same on a page and is never markup; within an element quotes may stay.

    Examples:
        >>> escape('<b onclick="x">\x00')
        '&lt;b onclick=&quot;x&quot;&gt;\ufffd'
    """
    return html.escape(_UNWRITABLE.sub("\ufffd", text), quote)


def element(name: str, /, *content: str, **attributes: str | int | bool | None) -> str:
    """Return an element around content that is HTML already.

    An attribute that is None or False is left out; `class_` and `for_` lose their underscore, and inner
    underscores become hyphens (`aria_label`).

    Examples:
        >>> element("p", "1 &lt; 2", class_="note", hidden=True, title=None)
        '<p class="note" hidden>1 &lt; 2</p>'
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return f"<{name}{head}>"
    return f"<{name}{head}>{''.join(content)}</{name}>"


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def held(data: Any, class_: str = "chainrule-data") -> str:
    """Return JSON data for a script, in an element that nobody sees.

    It is no `<script>`: Material's instant navigation runs each of these again, as JavaScript.

    Examples:
        >>> held({"n": ["a<b"]})
        '<template class="chainrule-data">{"n":["a&lt;b"]}</template>'
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return element("template", escape(text, quote=False), class_=class_)


def scroll_box(label: str, *content: str, class_: str = "", **attributes: str) -> str:
    """Return a box that scrolls what is wider than the page, by keyboard too, and that has a name."""
    classes = f"chainrule-scroll {class_}".rstrip()
    return element("div", *content, class_=classes, tabindex=0, role="group", aria_label=label, **attributes)


def counted(number: int, what: str) -> str:
    """Return a number of things in words.

    Examples:
        >>> counted(1, "line"), counted(1200, "row")
        ('1 line', '1,200 rows')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def folded(title: str, *content: str, class_: str = "") -> str:
    """Return content that is seen when its title is opened."""
    classes = f"chainrule-fold {class_}".rstrip()
    return element("details", element("summary", title), *content, class_=classes)


def strut(width: str | int) -> str:
    """Return what keeps a picture beside it, that shrinks with the page, from shrinking below a width."""
    return element("svg", class_="chainrule-strut", width=width, height=0, aria_hidden="true")


def tabs(prefix: str, panels: Mapping[str, str], selected: str) -> str:
    """Return panels, by their titles, of which one is seen: radio buttons, so that no script is needed."""
    buttons = [_button(prefix, number, title, selected) for number, title in enumerate(panels, 1)]
    bodies = [element("div", panel, class_="chainrule-panel") for panel in panels.values()]
    return element("div", *buttons, *bodies, class_="chainrule-tabs")


def _button(prefix: str, number: int, title: str, selected: str) -> str:
    name = f"{prefix}-tab-{number}"
    button = element("input", type="radio", name=f"{prefix}-tab", id=name, checked=title == selected)
    return button + element("label", escape(title), for_=name)
