"""What stands below a graph whose numbers readers move: a sentence, and the room that the sliders will take.

A graph that has no program rests, and says why, and what its author or reader may do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.graph import Summary
from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.numbers import brief
from mkdocs_chainrule.show.markup import element, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chainrule.graph import Graph, Node

_MANY = 12  # leaves that are seen without a filter, as in `nudge.js`
SMALL = 60  # nodes up to which a graph is drawn as it is; a larger one is folded
MOVED = 200  # nodes up to which one is drawn as it is for its numbers to be moved


def nudging(graph: Graph, others: Iterable[Graph] = ()) -> str:
    """Return what a page shows below a graph; `others` are the same at other zooms.

    Examples:
        >>> from chainrule import Value
        >>> a = Value(2.0, label="a")
        >>> nudging((a * 3.0).graph()).split(".</p>")[0]
        '<div class="chainrule-nudge"><p class="chainrule-still">As built: output = 6 at a = 2'
    """
    if not graph.program:
        return element("p", escape(words()[_rest(graph, others)]), class_="chainrule-note")
    leaves = list(_leaves(graph))
    where = ", ".join(f"{leaf.title or '#' + leaf.id[1:]} = {_number(leaf)}" for leaf in leaves)
    output = graph.nodes[-1]
    said = words()["still"].format(
        output=output.title or words()["output"], number=_number(output), where=where
    )
    row = element("div", class_="chainrule-row")
    is_many = len(leaves) > _MANY  # then they move behind a filter
    rows = [row, element("div", class_="chainrule-many")] if is_many else [row] * len(leaves)
    note = element("p", escape(said), class_="chainrule-still")
    return element("div", note, *rows, class_="chainrule-nudge")


def refusal(kind: str, graphs: Sequence[Graph]) -> str:
    """Return why a graph that should be moved or stepped through is not, and what its author may do."""
    if kind == "nudge" and not any(graph.program for graph in graphs):
        return f'graph="nudge" moves nothing here. {words()[_rest(graphs[0], ())]}'
    if kind == "steps" and all(len(graph) == 1 for graph in graphs):
        return f'graph="steps" has no step here. {words()["restLeaf"]}'
    return ""


def _leaves(graph: Graph) -> Iterator[Node]:
    return (node for node in graph if node.id.startswith("v") and not graph.sources[node.id])


def _rest(graph: Graph, others: Iterable[Graph]) -> str:
    if len(graph) == 1:
        return "restLeaf"
    if any(isinstance(node.data, Summary) for node in graph):
        return "restArrays" if any(other.program for other in others) else "restLarge"
    is_large = len(graph) > SMALL or any(node.count > 1 or node.kind == "fold" for node in graph)
    return "restFold" if is_large else "restUnknown"


def _number(node: Node) -> str:
    return brief(node.data) if isinstance(node.data, float) else ""
