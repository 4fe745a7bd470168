"""One displayed object: the richest of its representations that we know how to show.

What draws graphs and what reads figures, pixels and Markdown take half of this room's loading time, and most
pages hold few of these: so each is loaded where there is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.block import FRAMES, GRAPH, REPLAY
from mkdocs_chainrule.show.markup import MOST_LINES, counted, element, scroll_box
from mkdocs_chainrule.show.text import terminal, text_box

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdocs_chainrule.session.block import Bundle
    from mkdocs_chainrule.show.settings import ShowSettings

    Renderer = Callable[[Any, Mapping[str, Any], ShowSettings], str | None]

_ROW = re.compile(r"<thead\b.*?</thead>|(<tr)\b", re.DOTALL | re.IGNORECASE)  # passes over the head
_UNBROKEN = re.compile(r"<(?:table|pre|svg)\b", re.IGNORECASE)  # what no line break makes narrower


def show_bundle(bundle: Bundle, settings: ShowSettings) -> str:
    """Return the HTML of the richest type that can be shown; nothing if there is none."""
    metadata = _about(bundle)
    for mime, renderer in RENDERERS.items():
        shown = renderer(bundle.data[mime], metadata, settings) if mime in bundle.data else None
        if shown is not None:
            return shown
    return ""


def _about(bundle: Bundle) -> Mapping[str, Any]:
    """Return what is said of a picture; that of a replay is a figure, described by the object's text."""
    if REPLAY in bundle.data and "chainrule" not in bundle.metadata:
        return {"kind": "figure", "alt": str(bundle.data.get("text/plain", ""))}
    about = bundle.metadata.get("chainrule")
    return about if isinstance(about, dict) else {}


def _graph(graph: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.graphs.graph import show_graph  # noqa: PLC0415 - see above

    return show_graph(graph, metadata, settings)


def _frames(frames: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.frames import show_frames  # noqa: PLC0415 - see above

    return show_frames(frames, metadata, settings)


def _svg(svg: str, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    if metadata.get("kind") == "figure":
        from mkdocs_chainrule.show.figure import show_figure  # noqa: PLC0415 - see above

        return show_figure(svg, metadata, settings)
    if not settings["allow_html"]:
        return None
    return scroll_box(settings["alt"] or "Picture", svg, class_="chainrule-rich")


def _image(kind: str) -> Renderer:
    def show_image(data: str, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
        from mkdocs_chainrule.show.raster import pixels_url  # noqa: PLC0415 - see above

        url = pixels_url(data, kind, settings)
        if url is None:
            return None
        alt = settings["alt"] or str(metadata.get("alt", ""))
        return element("img", src=url, alt=alt, class_="chainrule-image", loading="lazy")

    return show_image


def _html(html: str, _: Mapping[str, Any], settings: ShowSettings) -> str | None:
    if not settings["allow_html"]:
        return None
    return _rich_box(html, settings)


def _markdown(text: str, _: Mapping[str, Any], settings: ShowSettings) -> str:
    from mkdocs_chainrule.show.markdown import show_markdown  # noqa: PLC0415 - see above

    html = show_markdown(text, settings["allow_html"])
    if _UNBROKEN.search(html):
        return _rich_box(html, settings)
    return element("div", html, class_="chainrule-rich")


def _rich_box(html: str, settings: ShowSettings) -> str:
    """Return HTML in a box that scrolls what is wide; also what is long, if it is a table."""
    name, rows = settings["alt"] or "Result", sum(map(bool, _ROW.findall(html)))
    if rows <= MOST_LINES:
        return scroll_box(name, html, class_="chainrule-rich")
    return scroll_box(f"{name}, {counted(rows, 'row')}", html, class_="chainrule-rich chainrule-long")


def _latex(text: str, _: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.formula import show_latex  # noqa: PLC0415 - see above

    return show_latex(text, settings)


def _plain(text: str, _: Mapping[str, Any], __: ShowSettings) -> str:
    return text_box("Result", terminal(text.removesuffix("\n")), "chainrule-value")


# In the order of preference.
RENDERERS: dict[str, Renderer] = {
    GRAPH: _graph,
    FRAMES: _frames,
    "image/svg+xml": _svg,
    "image/png": _image("png"),
    "image/jpeg": _image("jpeg"),
    "text/html": _html,
    "text/markdown": _markdown,
    "text/latex": _latex,
    "text/plain": _plain,
}
