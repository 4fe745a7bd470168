"""The SVG of a graph: what a parser reads back from it, its size, its words, what it may not hold."""

from __future__ import annotations

import gzip
import re
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hostile
from building import skip_or_fail
from chainrule.graph import Edge, Graph, Kind, Node, Summary
from drawings import chain, expression, graphs, loss
from mkdocs_chainrule.errors import LayoutError
from mkdocs_chainrule.show.graphs import layout as engine
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.nudging import SMALL
from mkdocs_chainrule.show.graphs.pictures import Request, pictures, svg

GOLDEN = Path(__file__).with_name("golden")
ATTRIBUTES = {"fill", "stroke"}


def read(picture: str) -> ET.Element:
    return ET.fromstring(picture)


def nodes(root: ET.Element, prefix: str = "p") -> dict[str, ET.Element]:
    found = {element.get("id"): element for element in root.iter("g")}
    return {id_.removeprefix(f"{prefix}-"): element for id_, element in found.items() if id_}


def rectangle(node: ET.Element) -> tuple[float, float, float, float]:
    outline = node if node.tag == "rect" else (node.findall("rect") or node.findall("circle"))[-1]
    r = float(outline.get("r", 0))
    x, y, width, height = (
        float(outline.get(name, default))
        for name, default in (("x", -r), ("y", -r), ("width", 2 * r), ("height", 2 * r))
    )
    dx, dy = map(int, re.findall(r"-?\d+", node.get("transform", "0 0")))
    return x + dx, y + dy, x + dx + width, y + dy + height


def ends(path: str) -> tuple[tuple[float, float], tuple[float, float]]:
    (_, start), *pieces = [
        (piece[0], [int(number) for number in re.findall(r"-?\d+", piece)])
        for piece in re.findall(r"[Mlchv][^Mlchv]*", path)
    ]
    x, y = start
    for command, moves in pieces:
        dx, dy = {"h": [*moves, 0], "v": [0, *moves]}.get(command, moves)[-2:]
        x, y = x + dx, y + dy
    return tuple(start), (x, y)


def edges(root: ET.Element) -> list[tuple[str, str]]:
    """Read each edge's two nodes from where its path begins and ends."""
    boxes = {id_: rectangle(node) for id_, node in nodes(root).items()}
    group = next(element for element in root.iter("g") if element.get("marker-end"))
    return [tuple(nearest(boxes, point) for point in ends(path.get("d"))) for path in group]


def nearest(boxes: dict[str, tuple[float, float, float, float]], point: tuple[float, float]) -> str:
    def distance(id_: str) -> float:
        (left, top, right, bottom), (x, y) = boxes[id_], point
        return max(left - x, x - right, 0) + max(top - y, y - bottom, 0)

    return min(boxes, key=distance)


def texts(node: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in node.findall("text")]


def roles() -> Graph:
    """A node of each kind, with a number, an array, a stack, and all that XML must escape."""
    kinds: tuple[Kind, ...] = ("input", "parameter", "constant", "interior", "output", "layer", "fold")
    array = Summary((3, 4), -1.0, 0.25, 2.0)
    leaves = [Node(f"v{place}", kind, f"{kind} <&>", 1 / 3, -2.0) for place, kind in enumerate(kinds)]
    return Graph((*leaves, Node("v7", "parameter", "w", array, array, count=3)), ())


def layers() -> Graph:
    """Two layers around their nodes."""
    groups = ("", "0: Linear", "0: Linear", "1: tanh", "1: tanh")
    kinds: tuple[Kind, ...] = ("input", "operation", "interior", "operation", "output")
    parts = [
        Node(f"n{place}", kind, "" if place % 2 == 0 else "@", group=group)
        for place, (kind, group) in enumerate(zip(kinds, groups, strict=True))
    ]
    return Graph(tuple(parts), tuple(Edge(f"n{place}", f"n{place + 1}") for place in range(4)))


DRAWN = {
    "roles": roles,
    "layers": layers,
    "expression": lambda: expression(20),
    "chain": lambda: chain(3),  # edges that cross, of weights that all share
    "batch": lambda: fold(loss(60), SMALL),
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawings_are_as_they_were_looked_at(golden, request, name):
    """One element a line. Where things stand is the layout engine's doing, so its version stands above."""
    path = GOLDEN / f"{name}.svg"
    layout = f"<!-- laid out by graphviz-pure {version('graphviz-pure')} -->"
    is_compared = path.exists() and not request.config.getoption("--golden")
    if is_compared and not path.read_text(encoding="utf-8").startswith(layout):
        skip_or_fail(f"{path.name} is of another version of the layout engine than {layout}")
    picture = svg(DRAWN[name](), "golden").replace("><", ">\n<")
    golden(f"{layout}\n{picture}\n", path)


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_a_graph_is_read_back_from_its_drawing(graph):
    root = read(svg(graph, "p"))
    assert set(nodes(root)) == {node.id for node in graph.nodes}
    assert edges(root) == [(edge.source, edge.target) for edge in graph.edges]


def test_a_value_is_a_record_of_label_data_and_gradient():
    root = read(svg(Graph((Node("v1", "input", "a", 1 / 3, -2.0),), ()), "p"))
    assert texts(nodes(root)["v1"]) == ["a", "0.3333", "∂ −2"]
    assert nodes(root)["v1"].findtext("title") == "a, 0.3333333333333333, ∂ −2"


def test_what_is_cut_is_whole_in_the_tooltip():
    root = read(svg(Graph((Node("v1", "input", "x" * 500, 1.0),), ()), "p"))
    assert texts(nodes(root)["v1"])[0].endswith("…")
    assert nodes(root)["v1"].findtext("title") == f"{'x' * 500}, 1"


def test_every_hostile_label_is_text():
    leaves = tuple(Node(f"v{place}", "input", label, 2.0) for place, label in enumerate(hostile.ALL))
    root = read(svg(Graph(leaves, ()), "p"))
    kinds = {element.tag for element in root.iter()}
    assert kinds == {"svg", "title", "desc", "marker", "path", "g", "rect", "text"}
    short = [node for node in leaves if node.label.isprintable() and len(node.label) <= 36]
    shown = {id_: texts(node) for id_, node in nodes(root).items()}
    assert len(short) > 280
    assert [node.label for node in short if shown[node.id][0].split() != (node.title or "2").split()] == []


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_leaves_the_drawing_well_formed(label):
    root = read(svg(Graph((Node("v1", "input", label, 2.0),), ()), "p"))
    assert texts(nodes(root)["v1"])[-1] == "2"


def test_it_is_an_image_with_a_name_and_words():
    graph = Graph((Node("v1", "input", "a", 2.0, -3.0),), ())
    root = read(svg(graph, "place-1"))
    assert root.get("role") == "img"
    assert (root.get("aria-label"), root.findtext("desc")) == (graph.title, graph.description)
    assert read(svg(graph, "place-1", "The slope")).get("aria-label") == "The slope"


def test_every_id_has_the_prefix_of_its_place():
    picture = svg(expression(30), "place-1")
    ids = re.findall(r' id="([^"]*)"', picture)
    assert len(ids) == len(set(ids)) > 30
    assert all(id_.startswith("place-1-") for id_ in ids)
    assert re.findall(r"url\(#([^)]*)\)", picture) == ["place-1-arrow"]


def test_colours_are_custom_properties_and_nothing_needs_an_exception_from_a_policy():
    picture = svg(expression(30), "p")
    root = read(picture)
    painted = {element.get(name) for element in root.iter() for name in ATTRIBUTES if element.get(name)}
    assert all(paint == "none" or re.fullmatch(r"var\(--chainrule-[a-z0-9]+\)", paint) for paint in painted)
    assert not re.search(r"<style|<script|\bstyle=|\bon[a-z]+=|href", picture)


def test_roles_differ_in_shape():
    kinds = ("input", "parameter", "constant", "interior", "output", "operation", "layer", "fold")
    root = read(svg(Graph(tuple(Node(f"v{k}", kind, "n", 1.0) for k, kind in enumerate(kinds)), ()), "p"))
    looks = set()
    for group in root.find("g").findall("g"):
        for node in group.findall("g"):
            bars = "".join(path.get("d").partition("v")[1] for path in node.iter("path"))
            corner = "round" if node.find("rect") is None else node.find("rect").get("rx")
            looks.add((corner, bars, group.get("stroke-dasharray"), group.get("stroke-width")))
    # A layer looks like an interior value, and says what it is.
    assert len(looks) == len(kinds) - 1


def test_layers_are_frames_around_their_nodes():
    parts = (
        Node("v1", "input", "x", 1.0),
        Node("o2", "operation", "@", group="0: Linear(1, 4)"),
        Node("v2", "output", "", 1.0, group="0: Linear(1, 4)"),
    )
    root = read(svg(Graph(parts, (Edge("v1", "o2"), Edge("o2", "v2"))), "p"))
    left, top, right, bottom = rectangle(root.find("g/rect"))
    inside = {
        id_: left < x1 and x2 < right and top < y1 and y2 < bottom
        for id_, (x1, y1, x2, y2) in ((id_, rectangle(node)) for id_, node in nodes(root).items())
    }
    assert inside == {"v1": False, "o2": True, "v2": True}
    assert root.findtext("g/text") == "0: Linear(1, 4)"


def test_a_stack_says_how_many():
    node = Node("v1", "parameter", "w", Summary((16,), 0.0, 0.5, 1.0), count=16)
    root = read(svg(Graph((node,), ()), "p"))
    [sheet] = root.findall("g/rect")  # behind the node, and below all edges
    drawn = nodes(root)["v1"]
    assert texts(drawn)[0] == "w ×16"
    assert [b - a for a, b in zip(rectangle(drawn), rectangle(sheet), strict=True)] == [4, -4, 4, -4]


def test_a_straight_edge_begins_in_the_middle_of_its_node():
    graph = expression(30)
    root = read(svg(graph, "p"))
    paths = next(element for element in root.iter("g") if element.get("marker-end"))
    for edge, path in zip(graph.edges, paths, strict=True):
        if re.fullmatch(r"M\d+ \d+[lhv][-\d ]+", path.get("d")):
            node = nodes(root)[edge.source]
            assert ends(path.get("d"))[0] == tuple(map(int, re.findall(r"-?\d+", node.get("transform"))))


def test_straight_edges_are_lines():
    picture = svg(expression(30), "p")
    straight, curved = re.findall(r'"M\d+ \d+l-?\d+[- ]\d+"', picture), re.findall(r'"M[^"]*c', picture)
    assert straight
    assert curved


def drawn(graph: Graph, *directions: str) -> str:
    [picture] = pictures([Request(graph, "p", "name", directions or ("LR", "TB"))])
    return picture.html


def test_a_drawing_shrinks_until_its_text_is_eleven_pixels_and_no_more():
    picture, strut = drawn(expression(200), "LR").split("</svg>", 1)
    width, least = (float(re.search(r'width="([\d.]+)em"', part)[1]) for part in (picture, strut))
    assert least == pytest.approx(width * 11 / 12, abs=0.1)


def test_a_graph_stands_both_ways_where_a_phone_could_not_hold_it():
    leaf = Graph((Node("v1", "input", "a", 2.0),), ())
    narrow, wide, large = (drawn(graph) for graph in (leaf, expression(16), expression(100)))
    assert [html.count("<svg role") for html in (narrow, wide, large)] == [1, 2, 1]
    assert re.findall(r"chainrule-(lr|tb) chainrule-w(\d+)", wide) == [("lr", "57"), ("tb", "57")]
    ids = re.findall(r' id="([^"]+)"', wide)
    assert len(ids) == len(set(ids))


def test_a_direction_that_is_asked_for_is_the_only_one():
    from_above, from_left = (drawn(expression(16), way) for way in ("TB", "LR"))
    (width, height), (wide, low) = (
        map(float, re.search(r'width="([\d.]+)em" height="([\d.]+)em"', html).groups())
        for html in (from_above, from_left)
    )
    assert from_above.count("<svg role") == from_left.count("<svg role") == 1
    assert (width < wide, height > low) == (True, True)


def test_a_page_of_paper_holds_small_graphs(monkeypatch):
    # A busy machine places 600 nodes in more than ten seconds.
    monkeypatch.setattr("mkdocs_chainrule.show.graphs.pictures.TIME_LIMIT", 60.0)
    found = pictures([Request(expression(size), "p", "name") for size in (16, 600)])
    assert [picture.fits_paper for picture in found] == [True, False]


def test_drawings_repeat_byte_for_byte():
    assert svg(expression(120), "p") == svg(expression(120), "p")


@pytest.mark.parametrize("size", [20, 60, 200, 600])
def test_bytes_are_few(size):
    graph = expression(size)
    picture = svg(graph, "chainrule-1-1").encode()
    assert len(picture) <= 300 * len(graph)
    assert len(gzip.compress(picture, 9)) <= 60 * len(graph)


def test_without_an_engine_there_is_no_drawing(monkeypatch):
    monkeypatch.setattr(engine, "engines", tuple)
    assert pictures([Request(expression(20), "p", "name")]) == [None]
    with pytest.raises(LayoutError, match="pip install graphviz-pure"):
        svg(expression(20), "p")
