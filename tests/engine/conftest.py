"""The real parsers of the texts that graphs become."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from building import REPOSITORY, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Parse = Callable[[Sequence[str]], list[dict[str, Any]]]

collect_ignore = [
    "value/record_torch.py",
    "programs/record_networks.py",
]  # they need PyTorch, the tests do not

SVG = "{http://www.w3.org/2000/svg}"
NODE = REPOSITORY / "tests" / "node"


@pytest.fixture(scope="session")
def parse_mermaid() -> Iterator[Parse]:
    """Parse many Mermaid texts: for each a dict of "11" and "12" with nodes and edges, or the error."""
    if shutil.which("node") is None or not (NODE / "node_modules" / "mermaid12").exists():
        skip_or_fail("Node or its packages are missing (npm ci --prefix tests/node)")
    with subprocess.Popen(
        ["node", "parse.mjs"],
        cwd=NODE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:

        def parse(texts: Sequence[str]) -> list[dict[str, Any]]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(texts) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield parse
        process.stdin.close()


@pytest.fixture(scope="session")
def parse_dot() -> Callable[[str], dict[str, Any]]:
    """Let Graphviz draw a DOT text, and read nodes (id to text) and edges from its drawing."""
    command = shutil.which("graphviz-pure", path=str(Path(sys.executable).parent)) or shutil.which("dot")
    if command is None:
        skip_or_fail("there is no Graphviz")

    def parse(text: str) -> dict[str, Any]:
        drawn = subprocess.run(
            [command, "-Tsvg"], input=text.encode(), capture_output=True, check=True, timeout=60
        )
        nodes, edges = {}, []
        for group in ET.fromstring(drawn.stdout).iter(f"{SVG}g"):
            title = group.findtext(f"{SVG}title")
            if group.get("class") == "node":
                nodes[title] = "\n".join(line.text or "" for line in group.iter(f"{SVG}text"))
            elif group.get("class") == "edge":
                edges.append(title.split("->"))
        return {"nodes": nodes, "edges": edges}

    return parse
