"""One displayed object: the richest of its representations that we know how to show.

What draws graphs and what reads figures, pixels and Markdown take half of this room's loading time, and most
pages hold few of these: so each is loaded where there is one.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.block import FRAMES, GRAPH, REPLAY
from mkdocs_chainrule.show.literal import SET, literal
from mkdocs_chainrule.show.markup import element, escape, scroll_box
from mkdocs_chainrule.show.text import terminal, text_box

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdocs_chainrule.session.block import Bundle
    from mkdocs_chainrule.show.settings import ShowSettings

    Renderer = Callable[[Any, Mapping[str, Any], ShowSettings], str | None]

_UNBROKEN = re.compile(r"<(?:table|pre|svg)\b", re.IGNORECASE)  # what no line break makes narrower
_WITH_FORMULAS = {"text/html", "text/markdown", "text/latex"}  # which scripts of the site may set
_WORDS = {"text/html": "HTML", "image/svg+xml": "SVG", "text/latex": "LaTeX"}
_NOTHING = re.compile(r"<(?:[\w.]+\.)?(\w+) object>")  # the repr of what has none
_WORDLESS = re.compile(r"<(?:audio|canvas|iframe|object|video)\b")  # whose words are for who cannot see it
_PROLOG = re.compile(r"<\?xml[^<>]*\?>|<!DOCTYPE\b[^<>]*>")  # of a file of its own
_MOST_WORDS = 32_000  # characters of HTML of which the words are looked for
_SILENT = re.compile(r"<(script|style|svg|template)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class TooLargeError(Exception):
    """A content is not to be drawn here, for its size."""


def show_bundle(
    bundle: Bundle,
    settings: ShowSettings,
    is_large: Callable[[str, Any, Mapping[str, Any]], bool] = lambda *_: False,
) -> str:
    """Return the HTML of the richest type that can be shown; nothing if there is none.

    Raises:
        TooLargeError: What would be drawn next is too large to be drawn here.
    """
    for mime, renderer in RENDERERS.items():
        if mime not in bundle.data:
            continue
        about = _about(bundle, mime)
        if is_large(mime, bundle.data[mime], about):
            raise TooLargeError
        shown = renderer(bundle.data[mime], about, settings)
        if shown is not None:
            return shown if mime in _WITH_FORMULAS and settings["allow_html"] else literal(shown)
    return ""


def _about(bundle: Bundle, mime: str) -> Mapping[str, Any]:
    """Return what is said of a content: what its object says of it, what we say of the object, its text.

    A replay's picture is a figure, described by the object's text.
    """
    said = str(bundle.data.get("text/plain", ""))
    if REPLAY in bundle.data and "chainrule" not in bundle.metadata:
        return {"kind": "figure", "alt": said, "said": said}
    about = {
        "said": said,
        "others": [kind for kind in bundle.data if kind != "text/plain"],
        "html": bundle.data.get("text/html", ""),
    }
    for told in (bundle.metadata.get(mime), bundle.metadata.get("chainrule")):
        about |= told if isinstance(told, dict) else {}
    return about


def _graph(graph: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.graphs.graph import show_graph  # noqa: PLC0415 - see above

    return show_graph(graph, metadata, settings)


def _frames(frames: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.replays.frames import show_frames  # noqa: PLC0415 - see above

    return show_frames(frames, metadata, settings)


def _replay(replay: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.replays.replay import show_replay  # noqa: PLC0415 - see above

    return show_replay(replay, metadata, settings)


def _svg(svg: str, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    if metadata.get("kind") == "figure":
        from mkdocs_chainrule.show.figure import show_figure  # noqa: PLC0415 - see above

        return show_figure(svg, metadata, settings)
    if not settings["allow_html"]:
        return None
    from mkdocs_chainrule.show.html import drawn_for_paper, on_paper  # noqa: PLC0415 - see above
    from mkdocs_chainrule.show.whole import whole  # noqa: PLC0415 - see above

    looks = {"class_": "chainrule-rich"}
    looks = on_paper(looks) if drawn_for_paper(svg) else looks
    return scroll_box(settings["alt"] or "Picture", whole(_PROLOG.sub("", svg)), **looks)


def _image(kind: str) -> Renderer:
    def show(data: str, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
        from mkdocs_chainrule.show.image import show_image  # noqa: PLC0415 - see above

        return show_image(kind, data, metadata, settings)

    return show


def _html(html: str, _: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.html import show_html  # noqa: PLC0415 - see above

    return show_html(html, settings)


def _markdown(text: str, _: Mapping[str, Any], settings: ShowSettings) -> str:
    from mkdocs_chainrule.show.markdown import show_markdown  # noqa: PLC0415 - see above

    html = show_markdown(text, settings["allow_html"])
    if _UNBROKEN.search(html):
        from mkdocs_chainrule.show.html import rich_box  # noqa: PLC0415 - see above

        return rich_box(html, settings)
    from mkdocs_chainrule.show.whole import whole  # noqa: PLC0415 - see above

    formulas = f" {SET}" if settings["allow_html"] else ""
    return element("div", whole(html), class_=f"chainrule-rich{formulas}")


def _latex(text: str, _: Mapping[str, Any], settings: ShowSettings) -> str | None:
    from mkdocs_chainrule.show.formula import show_latex  # noqa: PLC0415 - see above

    return show_latex(text, settings)


def _live(show: str, *arguments: str) -> Renderer:
    def show_live(data: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
        from mkdocs_chainrule.show import live  # noqa: PLC0415 - see above

        renderer = getattr(live, f"show_{show}")
        return (renderer(*arguments) if arguments else renderer)(data, metadata, settings)  # type: ignore[no-any-return]  # a Renderer

    return show_live


def _json(data: Any, _: Mapping[str, Any], __: ShowSettings) -> str:
    from json import dumps  # noqa: PLC0415 - see above

    return text_box("Result", escape(dumps(data, indent=2, ensure_ascii=False)), "chainrule-value")


def _missing(what: str) -> Renderer:
    def show_missing(_: Any, metadata: Mapping[str, Any], __: ShowSettings) -> str:
        said = metadata["said"]
        text = "" if _NOTHING.fullmatch(said) else text_box("Result", terminal(said), "chainrule-value")
        return text + element("p", what, class_="chainrule-note")

    return show_missing


def _plain(text: str, metadata: Mapping[str, Any], _: ShowSettings) -> str:
    """Show a text; of an object that has none the words of its HTML, or else what it is that is not shown."""
    if (nothing := _NOTHING.fullmatch(text)) and metadata["others"]:
        html = metadata["html"]
        is_silent = len(html) > _MOST_WORDS or _WORDLESS.search(html)
        text = "" if is_silent else " ".join(_SILENT.sub(" ", html).split())
        if not text:
            kinds = " and ".join(_WORDS.get(kind, kind) for kind in metadata["others"])
            said = f"{nothing[1]}: its {kinds} is not shown on this site."
            return element("p", escape(said), class_="chainrule-note")
        return text_box("Result", escape(unescape(text)), "chainrule-value")
    return text_box("Result", terminal(text.removesuffix("\n")), "chainrule-value")


_VEGA = {
    f"application/vnd.{language}.v{version}{sign}json": _live("vega", language, version)
    for language, versions in (("vegalite", "23456"), ("vega", "3456"))
    for version in versions
    for sign in "+."
}
# In the order of preference.
RENDERERS: dict[str, Renderer] = {
    GRAPH: _graph,
    FRAMES: _frames,
    REPLAY: _replay,
    "application/vnd.plotly.v1+json": _live("plotly"),
    "application/vnd.chainrule.bokeh+json": _live("bokeh"),
    **_VEGA,
    "image/svg+xml": _svg,
    "image/png": _image("png"),
    "image/jpeg": _image("jpeg"),
    "image/gif": _image("gif"),
    "image/webp": _image("webp"),
    "text/html": _html,
    "text/markdown": _markdown,
    "text/latex": _latex,
    "application/json": _json,
    "application/vnd.jupyter.widget-view+json": _missing(
        "A widget: it needs the kernel of a notebook, and a page has none."
    ),
    "application/javascript": _missing("JavaScript for a notebook: it needs the kernel that wrote it."),
    "text/plain": _plain,
}
