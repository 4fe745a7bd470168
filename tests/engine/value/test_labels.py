"""Hostile labels reach the reader as they are: in Mermaid 11 and 12, and in DOT."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hostile
from browsing import MERMAID
from building import skip_or_fail
from chainrule.graph import Edge, Graph, Node

MAJORS = ("11", "12")
MINIFIED = {major: MERMAID.parents[2] / f"mermaid{major}" / "dist" / "mermaid.min.js" for major in MAJORS}


def labelled(label: str) -> Graph:
    """The label as a value's name, as an operation's symbol, and in title and description."""
    nodes = (
        Node("v1", "input", label, 2.0),
        Node("o2", "operation", label),
        Node("v2", "output", label, 4.0, 1.0),
    )
    return Graph(nodes, (Edge("v1", "o2"), Edge("v1", "o2"), Edge("o2", "v2")))


def shown(text: str) -> str:
    """A text as the eye reads it: white space runs are one space, what cannot be shown is the replacement."""
    visible = "".join("\ufffd" if is_control(character) else character for character in text)
    return " ".join(visible.split())


def is_control(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n"
    ) or character in "\ufffe\uffff"


def faults(graph: Graph, answer: dict) -> list[str]:
    """What the parser got wrong of a graph's structure."""
    if "error" in answer:
        return [answer["error"]]
    wrong = []
    if list(answer["nodes"]) != [node.id for node in graph.nodes]:
        wrong.append(f"nodes {list(answer['nodes'])}")
    if answer["edges"] != [[edge.source, edge.target] for edge in graph.edges]:
        wrong.append(f"edges {answer['edges']}")
    wrong += ["live markup" for node in answer["nodes"].values() if node["live"]]
    return wrong


def changed(graph: Graph, answer: dict) -> list[str]:
    read = answer.get("nodes", {})
    return [
        node.id for node in graph.nodes if shown(read.get(node.id, {"text": ""})["text"]) != shown(str(node))
    ]


def test_every_kind_of_trouble_is_there():
    assert len(set(hostile.ALL)) > 300
    assert {kind for kind, labels in hostile.LABELS.items() if len(set(labels)) < 15} <= {"placeholders"}


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.parametrize("major", MAJORS)
def test_mermaid_parses_every_hostile_label(parse_mermaid, major):
    graphs = [labelled(label) for label in hostile.ALL]
    answers = parse_mermaid([graph.to_mermaid() for graph in graphs])
    broken = {
        graph.nodes[0].label: faults(graph, answer[major])
        for graph, answer in zip(graphs, answers, strict=True)
    }
    assert {label: wrong for label, wrong in broken.items() if wrong} == {}
    texts = {
        graph.nodes[0].label
        for graph, answer in zip(graphs, answers, strict=True)
        if changed(graph, answer[major])
    }
    assert len(texts) <= 3, texts


@pytest.mark.slow
@pytest.mark.node
@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=20, max_size=20))
def test_mermaid_parses_any_text(parse_mermaid, labels):
    graphs = [labelled(label) for label in labels]
    for graph, answer in zip(graphs, parse_mermaid([graph.to_mermaid() for graph in graphs]), strict=True):
        for major in MAJORS:
            assert faults(graph, answer[major]) == []
            assert changed(graph, answer[major]) == []


def test_dot_draws_every_hostile_label_as_it_is(parse_dot):
    nodes = [Node(f"v{place}", "input", label, 2.0) for place, label in enumerate(hostile.ALL)]
    read = parse_dot(Graph(tuple(nodes), ()).to_dot())["nodes"]
    assert [node.label for node in nodes if shown(read[node.id]) != shown(str(node))] == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=20))
def test_dot_draws_any_text_as_it_is(parse_dot, labels):
    nodes = [Node(f"v{place}", "input", label, 2.0) for place, label in enumerate(labels)]
    read = parse_dot(Graph(tuple(nodes), ()).to_dot())["nodes"]
    assert [node.label for node in nodes if shown(read[node.id]) != shown(str(node))] == []


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.browser
@pytest.mark.parametrize("major", MAJORS)
def test_mermaid_draws_every_hostile_label_as_it_is(chromium, major):
    if not MINIFIED[major].exists():
        skip_or_fail("the Node packages are missing (npm ci --prefix tests/node)")
    nodes = [Node(f"v{place}", "input", label, 2.0) for place, label in enumerate(hostile.ALL)]
    page = chromium.new_page()
    page.set_content("<!doctype html><body></body>")
    page.add_script_tag(path=MINIFIED[major])
    drawn = page.evaluate(DRAW, Graph(tuple(nodes), ()).to_mermaid())
    page.close()
    assert drawn["live"] == []
    wrong = [node.label for node in nodes if shown(drawn["texts"][node.id]) != shown(str(node))]
    assert len(wrong) <= 3, wrong


DRAW = r"""async text => {
  mermaid.initialize({startOnLoad: false});
  const {svg} = await mermaid.render("drawing", text);
  document.body.innerHTML = svg;
  const texts = {};
  for (const node of document.querySelectorAll("g.node"))
    texts[node.id.match(/-([a-z]\d+)-\d+$/)[1]] = (node.querySelector("foreignObject > *") || node).innerText;
  const live = [...document.body.querySelectorAll("script, img, a, iframe, [onload], [onerror], [onclick]")];
  return {texts, live: live.map(element => element.outerHTML)};
}"""
