"""A reader who has the keyboard, and of a page what screen readers are told: its accessibility tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page


class Heard(NamedTuple):
    """An element as it is told: its role, its name, its value in words, and what describes it."""

    role: str
    name: str
    value: str
    description: str


class Reader:
    """Walks through a page by keys, and knows of it what stands in the accessibility tree."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._tree = page.context.new_cdp_session(page)

    def press(self, *keys: str) -> None:
        """Press keys, one after another, and let the page answer."""
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_timeout(40)

    def here(self) -> Heard:
        """Return the element that has the focus."""
        focused = self._tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        told = {"objectId": focused["objectId"], "fetchRelatives": False}
        [node] = self._tree.send("Accessibility.getPartialAXTree", told)["nodes"]
        return heard(node)._replace(value=self._value(node))

    def go(self, role: str, name: str, *, key: str = "Tab") -> Heard:
        """Walk by Tab to an element whose name begins so."""
        for _ in range(200):
            self.press(key)
            there = self.here()
            if there.role == role and there.name.startswith(name):
                return there
        raise AssertionError(f"no way leads to the {role} {name!r}")

    def said(self) -> str:
        """Return what the regions hold that are read out as they change."""
        whole = self._tree.send("Accessibility.getFullAXTree")["nodes"]
        nodes = {node["nodeId"]: node for node in whole}
        regions = [node for node in nodes.values() if heard(node).role == "status"]
        texts = [" ".join(_texts(region, nodes)) for region in regions]
        return " ".join(filter(None, texts))

    def _value(self, node: dict[str, Any]) -> str:
        """Return a value as screen readers have it: DevTools leaves out the words that stand for a number."""
        told = self._tree.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]
        given = told.get("attributes", [])
        return dict(zip(given[::2], given[1::2], strict=True)).get("aria-valuetext") or heard(node).value


def heard(node: dict[str, Any]) -> Heard:
    """Return what is told of a node of the tree."""
    return Heard(
        *(str(node.get(part, {}).get("value", "")) for part in ("role", "name", "value", "description"))
    )


def _texts(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Iterator[str]:
    if node.get("role", {}).get("value") == "StaticText":
        yield heard(node).name
        return
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _texts(nodes[child], nodes)
