"""A Graph on the page: Mermaid in a scroll box, DOT as source, or SVG; and its values as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from chainrule.errors import GraphFormatError, GraphTooLargeError
from chainrule.graph import ZOOMS, Graph, Summary
from chainrule.graph.mermaid import to_mermaid
from mkdocs_chainrule.show.markup import element, escape, folded, scroll_box, tabs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.graph import Node
    from mkdocs_chainrule.show.settings import ShowSettings

_ZOOMS = {"scalar": "Numbers", "tensor": "Values", "layer": "Layers"}
_ROWS = 400  # of a table

SMALL = 60  # nodes up to which a graph is drawn as it is; a larger one is folded
MERMAID_USUAL = 60  # nodes up to which Mermaid draws, where nobody says what is to draw
MERMAID_MOST = 200  # nodes past which Mermaid takes a reader seconds, and is not asked


def show_graph(data: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return the HTML of a graph in JSON data, or None if it is no graph we know.

    The metadata's `zooms` holds the same graph at other zooms; the settings may say which is seen first.
    """
    try:
        graphs = [Graph.from_data(drawn) for drawn in [data, *(metadata.get("zooms") or [])]]
    except GraphFormatError:
        return None
    zooms: dict[str, Graph] = {graph.zoom: graph for graph in reversed(graphs)}
    if len(zooms) == 1:
        return _show(graphs[0], settings)
    places = {zoom: replace(settings, prefix=f"{settings.prefix}-{zoom}") for zoom in zooms}
    panels = {_ZOOMS[zoom]: _show(zooms[zoom], places[zoom]) for zoom in ZOOMS if zoom in zooms}
    first = zooms.get(settings["zoom"] or "", graphs[0])
    return tabs(settings.prefix, panels, _ZOOMS[first.zoom])


def _show(graph: Graph, settings: ShowSettings) -> str:
    form, name = _FORMS[_form(graph, settings)], settings["alt"] or graph.title
    if len(graph) > SMALL:
        from mkdocs_chainrule.show.fold import fold  # noqa: PLC0415 - most graphs are small

        graph = fold(graph, SMALL)
    return form(graph, name, settings)


def _form(graph: Graph, settings: ShowSettings) -> str:
    form: str = settings["graph"]
    if form == "auto":
        return "mermaid" if len(graph) <= MERMAID_USUAL else "svg"
    return form if form in _FORMS else "svg"  # what moves is complete without moving


def _mermaid(graph: Graph, name: str, settings: ShowSettings) -> str:
    if text := _mermaid_text(graph):
        return _drawn_by_mermaid(graph, text, name, settings)
    note = f"Not drawn by Mermaid, which takes too long for more than {MERMAID_MOST} nodes."
    return _drawn_by_us(graph, name, settings, note) or _listing(graph, name)


def _svg(graph: Graph, name: str, settings: ShowSettings) -> str:
    if shown := _drawn_by_us(graph, name, settings):
        return shown
    if text := _mermaid_text(graph):
        note = "Drawn by Mermaid, since no layout engine answered in time."
        return _drawn_by_mermaid(graph, text, name, settings, note)
    return _listing(graph, name)


def _mermaid_text(graph: Graph) -> str | None:
    """Return what Mermaid is given to draw; None for what it does not draw, or not soon."""
    try:
        return to_mermaid(graph) if len(graph) <= MERMAID_MOST else None
    except GraphTooLargeError:
        return None


def _drawn_by_mermaid(graph: Graph, text: str, name: str, settings: ShowSettings, note: str = "") -> str:
    # No <code> inside: themes that highlight every `pre code` would rewrite it before it is drawn.
    picture = element("pre", escape(text), class_="mermaid")
    return _figure(graph, name, picture, note, data_mermaid_url=settings.mermaid_url)


def _drawn_by_us(graph: Graph, name: str, settings: ShowSettings, note: str = "") -> str | None:
    from mkdocs_chainrule.show.svg import draw  # noqa: PLC0415 - most graphs are drawn by Mermaid

    picture = draw(graph, settings.prefix, name)
    if picture is None:
        return None
    return _figure(graph, name, picture, note, data_mermaid=_mermaid_text(graph))


def _dot(graph: Graph, name: str, _: ShowSettings) -> str:
    source = highlight(graph.to_dot(), get_lexer_by_name("dot"), HtmlFormatter(wrapcode=True))
    # The plain theme's highlighter would colour it a second time, and complain of the spans inside.
    source = source.replace("<pre><span></span><code>", '<pre><code class="nohighlight">', 1)
    return element("div", source, class_="chainrule-dot") + _table(graph, name)


def _listing(graph: Graph, name: str) -> str:
    note = (
        f"A graph of {len(graph)} nodes, which no layout engine placed in time; here it is as text. "
        "Show it at a coarser zoom, or a part of it."
    )
    listing = element("pre", escape(str(graph)), class_="chainrule-text", tabindex=0)
    return element("p", note, class_="chainrule-note") + listing + _table(graph, name)


_FORMS = {"mermaid": _mermaid, "svg": _svg, "dot": _dot}


def _figure(graph: Graph, name: str, picture: str, note: str = "", **data: str | None) -> str:
    return element(
        "chain-rule",
        scroll_box(f"{name}, scrollable", element("div", picture, class_="chainrule-picture")),
        element("p", escape(note), class_="chainrule-note") if note else "",
        _table(graph, name),
        class_="chainrule-graph",
        data_search_exclude=True,
        data_dot=graph.to_dot(),
        **data,
    )


def _table(graph: Graph, name: str) -> str:
    """Return the values in order as a table: what the picture says, for eyes and ears that cannot use it."""
    values = [node for node in graph if node.kind != "operation"]
    rows = [_row(graph, node) for node in values[:_ROWS]]
    if len(values) > _ROWS:
        rows.append(element("tr", element("td", f"And {len(values) - _ROWS:,} more", colspan=4)))
    head = "".join(element("th", name, scope="col") for name in ("Value", "Made from", "Data", "Gradient"))
    content = (element("thead", element("tr", head)), element("tbody", *rows))
    table = scroll_box(f"Values of {name}", element("table", *content, class_="chainrule-table"))
    return folded("Values as a table", table, class_="chainrule-values")


def _row(graph: Graph, node: Node) -> str:
    cells = (_origin(graph, node), _full(node.data), _full(node.grad))
    head = element("th", escape(node.name), scope="row")
    return element("tr", head, *(element("td", escape(cell)) for cell in cells))


def _origin(graph: Graph, node: Node) -> str:
    """Write how a value came about: `a * b`, `tanh(n)`, or the part that a leaf plays."""
    made_by = [graph[name] for name in graph.sources[node.id] if graph[name].kind == "operation"]
    if not made_by:
        return node.kind
    operation = made_by[0]
    operands = [graph[name].name for name in graph.sources[operation.id]]
    if len(operands) == 2 and not operation.label.isidentifier():
        return f" {operation.label} ".join(operands)
    return f"{operation.label}({', '.join(operands)})"


def _full(number: float | Summary | None) -> str:
    if number is None:
        return ""
    return str(number) if isinstance(number, Summary) else repr(number)
