"""A Graph on the page: its picture, and below it the same graph as Mermaid text, as DOT and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from chainrule.errors import GraphFormatError, GraphTooLargeError
from chainrule.graph import ZOOMS, Graph
from chainrule.graph.mermaid import to_mermaid
from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.data import data
from mkdocs_chainrule.show.graphs.legend import legend
from mkdocs_chainrule.show.graphs.nudging import MOVED, SMALL, nudging, refusal
from mkdocs_chainrule.show.graphs.steps import Steps
from mkdocs_chainrule.show.graphs.values import table
from mkdocs_chainrule.show.markup import element, escape, folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.graph.mermaid import Direction
    from mkdocs_chainrule.show.settings import ShowSettings

_ZOOMS = {"scalar": "Numbers", "tensor": "Values", "layer": "Layers"}

MERMAID_MOST = 200  # nodes past which Mermaid takes a reader seconds, and is not asked

_UNPLACED = (
    "no layout engine placed this graph of {} nodes in time, so it is shown as text; "
    "show it at a coarser zoom, or a part of it"
)
_TOO_LARGE = f"Mermaid is not asked to draw {{}} nodes: past {MERMAID_MOST} it takes a reader seconds"


class _Zoom(NamedTuple):
    """A graph at one zoom, as it is drawn: folded where it is large."""

    title: str
    graph: Graph
    prefix: str
    mermaid: str | None


def show_graph(graph: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return the HTML of a graph in JSON data, or None if it is no graph we know.

    The metadata's `zooms` holds the same graph at other zooms; the settings may say which is seen first.
    """
    try:
        graphs = [Graph.from_data(drawn) for drawn in [graph, *(metadata.get("zooms") or [])]]
    except GraphFormatError:
        return None
    by_zoom: dict[str, Graph] = {graph.zoom: graph for graph in reversed(graphs)}
    movable = [each for each in graphs if each.program] if settings["graph"] == "nudge" else []
    first = by_zoom.get(settings["zoom"] or "", (movable or graphs)[0]).zoom
    zooms = [_zoom(by_zoom[zoom], settings) for zoom in ZOOMS if zoom in by_zoom]
    return _figure(zooms, _ZOOMS[first], settings)


def _zoom(graph: Graph, settings: ShowSettings) -> _Zoom:
    title = _ZOOMS[graph.zoom]
    moves = settings["graph"] == "nudge" and graph.program
    if len(graph) > (MOVED if moves else SMALL):
        from mkdocs_chainrule.show.graphs.fold import fold  # noqa: PLC0415 - most graphs are small

        graph = fold(graph, SMALL)
    return _Zoom(title, graph, f"{settings.prefix}-{title[0].lower()}", _mermaid(graph, settings))


def _mermaid(graph: Graph, settings: ShowSettings) -> str | None:
    """Return what Mermaid is given to draw; None for what it does not draw, or not soon."""
    try:
        return to_mermaid(graph, _directions(settings)[0]) if len(graph) <= MERMAID_MOST else None
    except GraphTooLargeError:
        return None


def _directions(settings: ShowSettings) -> tuple[Direction, ...]:
    return ("LR", "TB") if settings["direction"] == "auto" else (settings["direction"],)


def _figure(zooms: Sequence[_Zoom], first: str, settings: ShowSettings) -> str:
    """Return pictures and views, of which those of one zoom are seen; without a script too."""
    frames, by_mermaid = _frames(zooms, settings)
    held = [_told(zoom.graph, settings) for zoom in zooms]
    graphs = [zoom.graph for zoom in zooms]
    if settings["graph"] == "nudge":
        held = [about + nudging(zoom.graph, graphs) for about, zoom in zip(held, zooms, strict=True)]
    if refused := refusal(settings["graph"], graphs):
        settings.remark(refused, asked="graph")
    shown = [
        element("div", frame, about, class_=_at(number))
        for number, (frame, about) in enumerate(zip(frames, held, strict=True), 1)
    ]
    views = [
        element("div", *_views(zoom, settings), class_=f"chainrule-views {_at(number)}")
        for number, zoom in enumerate(zooms, 1)
    ]
    caption = element("p", escape(settings.caption), class_="chainrule-caption") if settings.caption else ""
    below = element("figcaption", caption, *views) if caption else "".join(views)
    choice = _choice(zooms, first, settings.prefix)
    has_bar = choice or settings["graph"] != "dot"  # text needs no tools
    bar = element("div", choice, class_="chainrule-bar") if has_bar else ""
    return element(
        "chain-rule",
        element("figure", bar, *shown, below, aria_label=settings.caption or None),
        class_="chainrule-graph",
        data_search_exclude=True,
        data_mermaid_url=settings.mermaid_url,
        data_draw=by_mermaid,
    )


def _told(graph: Graph, settings: ShowSettings) -> str:
    """Return what stands below a picture: its data, and its steps in words where it is stepped through."""
    if settings["graph"] == "dot":
        return ""
    if settings["graph"] != "steps":
        return data(graph)
    steps = Steps(graph)
    told = [step.sentence for step in steps]
    note = element("p", words()["noBackwardSteps"], class_="chainrule-note") if not steps.backward else ""
    answer = element("p", escape(steps.answer or told[-1]), class_="chainrule-sentence") if told else ""
    listed = element("ol", *(element("li", escape(sentence)) for sentence in told))
    places = {"steps": [_few(step.places) for step in steps], "forward": len(steps.forward)}
    places |= {"start": 1} if settings["begin"] == "start" else {}
    folded_list = folded(words()["steps"], listed, class_="chainrule-steps")
    return element("div", answer, class_="chainrule-player") + note + folded_list + data(graph, **places)


def _few(places: tuple[int, ...]) -> int | tuple[int, ...]:
    return places if places[1:] else places[0]


def _at(number: int) -> str:
    return f"chainrule-zoom chainrule-zoom-{number}"


def _choice(zooms: Sequence[_Zoom], first: str, prefix: str) -> str:
    """Return radio buttons, one for each zoom, if there are several."""
    if len(zooms) == 1:
        return ""
    buttons = [
        element(
            "label",
            element(
                "input",
                type="radio",
                name=f"{prefix}-zoom",
                class_=f"chainrule-pick-{number}",
                checked=zoom.title == first,
            ),
            element("span", zoom.title),
        )
        for number, zoom in enumerate(zooms, 1)
    ]
    return element("div", *buttons, class_="chainrule-zooms", role="radiogroup", aria_label="Zoom")


def _frames(zooms: Sequence[_Zoom], settings: ShowSettings) -> tuple[list[str], bool]:
    """Return a frame for each zoom with what is seen in it; and whether Mermaid is to draw over that."""
    if settings["graph"] == "dot":
        return [_dot(zoom.graph) for zoom in zooms], False
    from mkdocs_chainrule.show.graphs.pictures import Request, pictures  # noqa: PLC0415 - as `fold` above

    directions = _directions(settings)
    names = (settings["alt"] or zoom.graph.title for zoom in zooms)
    has_tags = settings["graph"] == "steps"
    requests = [
        Request(zoom.graph, zoom.prefix, name, directions, has_tags)
        for zoom, name in zip(zooms, names, strict=True)
    ]
    found = pictures(requests)
    frames = [
        _frame(picture.html, to_paper=picture.fits_paper) if picture else _listing(zoom.graph)
        for zoom, picture in zip(zooms, found, strict=True)
    ]
    for zoom, picture in zip(zooms, found, strict=True):
        if picture is None:
            settings.remark(_UNPLACED.format(len(zoom.graph)))
        elif settings["graph"] == "mermaid" and not zoom.mermaid:
            settings.remark(_TOO_LARGE.format(len(zoom.graph)))
    is_drawn = settings["graph"] == "mermaid" or not all(found)  # an engine of the reader's may place it
    return frames, is_drawn and any(zoom.mermaid for zoom in zooms)


def _frame(content: str, *, to_paper: bool = True) -> str:
    size = "" if to_paper else " chainrule-large"
    return element("div", content, class_=f"chainrule-frame chainrule-scroll{size}")


def _dot(graph: Graph) -> str:
    source = highlight(graph.to_dot(), get_lexer_by_name("dot"), HtmlFormatter(wrapcode=True))
    # The plain theme's highlighter would colour it a second time, and complain of the spans inside.
    source = source.replace("<pre><span></span><code>", '<pre><code class="nohighlight">', 1)
    return element("div", source, class_="chainrule-dot")


def _listing(graph: Graph) -> str:
    text = element("pre", escape(str(graph)), class_="chainrule-text")
    return _frame(element("div", text, class_="chainrule-picture"))


def _views(zoom: _Zoom, settings: ShowSettings) -> list[str]:
    """Return the quiet line below a picture: what each part of it means, and the graph in other forms."""
    views = {
        "Legend": legend(zoom.graph),
        "Mermaid": _text(zoom.mermaid),
        "DOT": _text(zoom.graph.to_dot()) if settings["graph"] != "dot" else "",
        "Table": table(zoom.graph),
    }
    return [
        folded(name, content, class_=f"chainrule-view chainrule-view-{name.lower()}")
        for name, content in views.items()
        if content
    ]


def _text(text: str | None) -> str:
    # No <code> inside: themes that highlight every `pre code` would rewrite what is copied from here.
    return element("pre", escape(text, quote=False), class_="chainrule-text") if text else ""
