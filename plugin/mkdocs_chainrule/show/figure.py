"""A Matplotlib figure as one inline SVG that follows light and dark.

What a block drew is read as data, and written anew from a list of elements and attributes that can only draw:
ink, grid and ground become CSS variables, nothing is a style (which a strict content security policy
forbids), and ids get the prefix of the place where the figure stands.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mkdocs_chainrule.session.palette import VARIABLES
from mkdocs_chainrule.show.colours import style_for
from mkdocs_chainrule.show.markdown import safe_url
from mkdocs_chainrule.show.markup import element, escape, scroll_box, strut
from mkdocs_chainrule.show.raster import image_url, save

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdocs_chainrule.show.settings import ShowSettings

    Attributes = dict[str, str]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DRAWING = _names(
    "svg g path use defs clipPath rect circle ellipse line polyline polygon text tspan image pattern "
    "linearGradient radialGradient stop mask a"
)
_GEOMETRY = _names(
    "d x y x1 y1 x2 y2 cx cy r rx ry width height points transform viewBox preserveAspectRatio "
    "patternUnits patternTransform patternContentUnits gradientUnits gradientTransform spreadMethod offset "
    "clipPathUnits maskUnits maskContentUnits fx fy dx dy rotate textLength lengthAdjust"
)
_PRESENTATION = _names(
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit opacity clip-path clip-rule mask color font-size "
    "font-family font-style font-weight font-stretch font-variant text-anchor dominant-baseline "
    "letter-spacing image-rendering shape-rendering stop-color stop-opacity visibility display"
)
MOST_INLINE = 100_000  # characters up to which a picture stands in the page, where a file may be kept
_LEGIBLE = 8  # CSS pixels under which no text of a figure shrinks
_PHONE = 300  # pixels: what shrinks so far needs no box that scrolls
_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]*)?|\.[0-9]+)(pt|px)?")
_REFERENCE = re.compile(r"url\(#([^()]+)\)")
_PAIR = re.compile(r"light-dark\((#[0-9a-f]{3,6}), ?(#[0-9a-f]{3,6})\)")


def show_figure(
    svg: str, metadata: Mapping[str, Any], settings: ShowSettings, most: int | None = None
) -> str | None:
    """Return a figure as HTML, or None if it is no SVG.

    One of more than so many characters becomes a file, where one may be kept. The picture shrinks with the
    page until its smallest text is 8 px high, then scrolls.
    """
    try:
        root = ET.fromstring(svg)  # noqa: S314 - expat expands no external entity, and bounds the internal
    except ET.ParseError:
        return None
    if _local(root.tag) != "svg":
        return None
    for remark in _remarks(metadata):
        settings.remark(remark)
    alt = settings["alt"] or str(metadata.get("alt") or "Figure")
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    picture = _Writer(root, settings).write(width, height, alt)
    if settings.save and len(picture) > (most or MOST_INLINE):
        picture = _file(root, settings, width, height, alt)
    least = _least_width(root, width)
    plot = element("div", picture, strut(least), class_="chainrule-plot")
    return plot if least <= _PHONE else scroll_box("Figure that may scroll", plot)


def _remarks(metadata: Mapping[str, Any]) -> list[str]:
    remarks = metadata.get("remarks")
    return [str(remark) for remark in remarks] if isinstance(remarks, list) else []


def _file(root: ET.Element, settings: ShowSettings, width: int, height: int, alt: str) -> str:
    """Put a large figure into a file of its own, where it follows light and dark as well."""
    alone = _Writer(root, replace(settings, prefix="figure", save=None)).write(width, height, alt)
    head, body = alone.split(">", 1)
    head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"', 1)
    url = save(f"{head}>{style_for(body)}{body}".encode(), "svg", settings)
    settings.remark(
        f"a picture of {len(alone) / 1000:.0f} KB became a file of its own, and readers wait for it: draw "
        f"fewer points, or pass rasterized=True to those that are many"
    )
    return element("img", src=url, alt=alt, width=width or None, height=height or None, loading="lazy")


def _pixels(length: str) -> int:
    """Return a length in CSS pixels; Matplotlib writes points."""
    match = _LENGTH.fullmatch(length)
    return round(float(match[1]) * (4 / 3 if match[2] == "pt" else 1)) if match else 0


def _least_width(root: ET.Element, width: int) -> int:
    box = root.get("viewBox", "").split()
    sizes = [size for node in root.iter() if (size := _font_size(node))]
    if len(box) != 4 or not sizes or not width:
        return 0
    return round(min(width, _LEGIBLE * float(box[2]) / min(sizes)))


def _font_size(node: ET.Element) -> float:
    match = _LENGTH.match(_style(node).get("font-size", ""))
    return float(match[1]) if match and _local(node.tag) == "text" else 0.0


class _Writer:
    """Writes the tree anew; knows what is referred to, so that no other id is kept."""

    def __init__(self, root: ET.Element, settings: ShowSettings) -> None:
        self.root = root
        self.settings = settings
        self.targets = {node.get("id", ""): _style(node) for node in root.iter() if node.get("id")}
        references = (name for name in self._references() if name in self.targets)
        self.numbers = {name: number for number, name in enumerate(dict.fromkeys(references), 1)}

    def write(self, width: int, height: int, alt: str) -> str:
        return element(
            "svg",
            *self._children(self.root),
            viewBox=self.root.get("viewBox", f"0 0 {width} {height}"),
            width=width or None,
            height=height or None,
            role="img",
            aria_label=alt,
            stroke_linejoin="round",
            stroke_linecap="butt",
            **{"xmlns:xlink": "http://www.w3.org/1999/xlink"},
        )

    def _references(self) -> Iterator[str]:
        for node in self.root.iter():
            yield _link(node).removeprefix("#")
            for value in node.attrib.values():
                yield from _REFERENCE.findall(value)

    def _children(self, node: ET.Element) -> Iterator[str]:
        for child in node:
            if isinstance(child.tag, str) and _local(child.tag) in _DRAWING:
                yield self._element(child)
            if child.tail and _local(node.tag) in {"text", "tspan"}:
                yield escape(child.tail.strip("\n"))

    def _element(self, node: ET.Element) -> str:
        name = _local(node.tag)
        attributes = self._attributes(node)
        content = "".join(self._children(node))
        if name in {"text", "tspan"} and node.text:
            content = escape(node.text.strip("\n") if len(node) else node.text) + content
        if _invisible(name, attributes) or (name in {"g", "defs"} and not content):
            return ""
        if name == "g" and not attributes:
            return content
        return f"<{name}{_written(attributes)}{f'>{content}</{name}>' if content else '/>'}"

    def _attributes(self, node: ET.Element) -> Attributes:
        attributes = {name: value for name, value in node.attrib.items() if name in _GEOMETRY}
        attributes |= {name: self._paint(value) for name, value in _style(node).items()}
        if _local(node.tag) == "use":  # what its target says already
            same = self.targets.get(_link(node).removeprefix("#"), {})
            attributes = {k: v for k, v in attributes.items() if k not in same or self._paint(same[k]) != v}
        if node.get("id") in self.numbers:
            attributes["id"] = self._id(node.get("id", ""))
        attributes |= self._target(node)
        return {name: value for name, value in attributes.items() if value}

    def _target(self, node: ET.Element) -> Attributes:
        """Return where an element leads: as XLink, since Material's script assigns to every `href`."""
        name, link = _local(node.tag), _link(node)
        if name == "use" and link.startswith("#"):
            return {"xlink:href": "#" + self._id(link[1:])}
        if name == "image":
            return {"xlink:href": image_url(link, self.settings) or ""}
        if name == "a" and safe_url(link):
            return {"xlink:href": link}
        return {}

    def _id(self, name: str) -> str:
        """Return an id's new name, which is short: every marker of a plot refers to one."""
        return f"{self.settings.prefix}-{self.numbers.get(name, 0)}"

    def _paint(self, value: str) -> str:
        if value.startswith("#"):
            return f"var({VARIABLES[value.lower()]})" if value.lower() in VARIABLES else value
        if _PAIR.fullmatch(value):
            return value
        if "(" in _REFERENCE.sub("", value).replace("rgb(", ""):  # only what stands in the picture itself
            return ""
        return _REFERENCE.sub(lambda match: f"url(#{self._id(match[1])})", value)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _link(node: ET.Element) -> str:
    return node.get("href") or node.get("{http://www.w3.org/1999/xlink}href") or ""


def _style(node: ET.Element) -> Attributes:
    """Return the presentation attributes of an element."""
    return {name: value for name, value in node.attrib.items() if name in _PRESENTATION}


def _invisible(name: str, attributes: Attributes) -> bool:
    """Tell whether a shape paints nothing, as the transparent grounds of figure and axes do."""
    return name == "path" and attributes.get("fill") == "none" and not attributes.keys() & {"stroke", "id"}


def _written(attributes: Attributes) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
