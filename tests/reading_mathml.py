"""Reads MathML as a learner does: from what is drawn, not from how it was made. It becomes Python text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

SIGNS = {
    "\u2212": "-",
    "·": "*",
    "\u2062": "@",
    "=": "==",
    "≤": "<=",
    "≥": ">=",
    "\u2061": "",
    "∞": "inf",
    "[": "(",
    "]": ")",
}
TOKENS = {"mi", "mn", "mo"}
CONTAINERS = {"mrow": "{}", "mtd": "{}", "msqrt": "sqrt({})", "mover": "mean({})"}
WORDS = {
    "{} in the shape of {}": "reshape({0}, {1}.shape)",
    "{} at {}": "{0}[{1}]",
    "{} added at {}, 0 elsewhere": "added_at({0}, {1})",
    "the lower triangle of {}": "tril({0})",
    "what is below the diagonal of {}": "tril({0}, -1)",
    "{} added up where its windows lay": "windows_added_up({0})",
    "the part of {} that {} became": "part({0}, '{1}')",
    "the sum of {} from each element on": "summed_from_each({0})",
}


def read(mathml: str) -> str:
    """Return the Python text of an element of MathML; raises what XML raises if it is not well formed."""
    root = ET.fromstring(mathml)
    assert root.tag == "math"
    assert root.get("alttext")
    return _row(list(root))


def _read(node: ET.Element) -> str:
    children = list(node)
    if node.tag in TOKENS:
        text = node.text or ""
        return SIGNS.get(text, text)
    if node.tag == "mfrac":
        return "(({}) / ({}))".format(*map(_read, children))
    if node.tag == "msup":
        return _raised(*map(_read, children))
    if node.tag == "mtable":
        first, *others = (line[0] for line in node)
        return _named(_read(first), [cell[0] for cell in others])
    return CONTAINERS[node.tag].format(_row(children[:1] if node.tag == "mover" else children))


def _raised(base: str, exponent: str) -> str:
    known = {"T": f"T({base})", "- T": f"T(inv({base}))", "- 1": f"inv({base})"}
    return known.get(exponent, f"(({base}) ** ({exponent}))")


def _row(nodes: list[ET.Element]) -> str:
    if nodes[0].tag == "mo" and nodes[0].text == "{":
        return _cases(nodes[1])
    if nodes[0].tag in ("mo", "munder") and "∑" in "".join(nodes[0].itertext()):
        return _sum(nodes[0], nodes[1:])
    words = [_words(node) for node in nodes]
    if "and" in words or "or" in words:
        return f"({_read(nodes[0])}) {'&' if 'and' in words else '|'} ({_read(nodes[2])})"
    if any(words):
        template = "".join(word or "{}" for word in words)
        return WORDS[template].format(*(_read(node) for node in nodes if node.tag != "mtext"))
    return " ".join(map(_read, nodes))


def _words(node: ET.Element) -> str:
    """Return what is said between two expressions; spaces count beside other words only."""
    said = (node.text or "").replace("\u00a0", " ") if node.tag == "mtext" else ""
    return said.strip() if said.strip() in ("and", "or") else said


def _cases(table: ET.Element) -> str:
    """Return what is chosen, by the first condition that holds."""
    *rows, last = ([*line] for line in table)
    assert _words(last[1][0]) == "otherwise"
    chosen = _read(last[0])
    for value, condition in reversed(rows):
        said, holds = condition[0]
        assert _words(said) == "if "
        chosen = f"where({_read(holds)}, {_read(value)}, {chosen})"
    return chosen


def _sum(sign: ET.Element, terms: list[ET.Element]) -> str:
    if any(term.tag == "msub" for term in terms):
        factors = [term for term in terms if term.tag == "msub"]
        indices = ",".join("".join(map(_read, factor[1])) for factor in factors)
        return f"contract('{indices}', {', '.join(_read(factor[0]) for factor in factors)})"
    over = "" if sign.tag == "mo" else f", '{_words(sign[1]) or _read(sign[1])}'"
    return f"sum({_row(terms)}{over})"


def _named(formula: str, lines: list[ET.Element]) -> str:
    """Return a formula with the expressions that are named below it put in their places."""
    for where, name, equals, definition in lines:
        assert (_words(where), _words(equals)) == ("where ", " = ")
        formula = f"(lambda {_read(name)}: {formula})({_read(definition)})"
    return formula


def summed(gradient, shape):
    """Return the sum over the axes that broadcasting added or repeated."""
    gradient = np.broadcast_to(gradient, np.broadcast_shapes(np.shape(gradient), shape))
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True).reshape(shape)
