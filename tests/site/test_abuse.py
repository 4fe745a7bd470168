"""Small sites that do what no site should: the build ends, page and line are named, the others are whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from building import mkdocs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

SHOWN = {
    "width": """class S:
    def _repr_mimebundle_(self, **_):
        return {'image/svg+xml': '<svg width="1.2.3"/>'}, {'chainrule': {'kind': 'figure'}}
S()""",
    "count": """class S:
    def _repr_mimebundle_(self, **_):
        node = {'id': 'v1', 'kind': 'input', 'count': float('inf')}
        graph = {'version': 1, 'zoom': 'scalar', 'edges': [], 'nodes': [node]}
        return {'application/vnd.chainrule.graph+json': graph}, {}
S()""",
    "lists": """class M:
    def _repr_markdown_(self): return ''.join('    ' * n + '- x\\n' for n in range(400))
M()""",
    "backspaces": "print('a' * 40_000 + '\\b' * 40_000)",
    "memory": "print(1)",
    "many": "for i in range(5000): display('x' * 1000)",
    "html": """class W:
    def _repr_html_(self): return '<script>' + 'x' * 4_500_000 + '</script>'
    def __repr__(self): return 'a plot'
W()""",
    "literal": "print('[cut after 1 MiB of output; max_output sets the limit]')",
    "pool": """from multiprocessing import get_context
def square(x):
    return x * x
with get_context('spawn').Pool(1) as pool:
    print(pool.map(square, [1, 2]))""",
}
OPTIONS = {"memory": ' memory="8"', "pool": ' timeout="8"'}
CONFIG = "site_name: T\nplugins:\n  - search\n  - chainrule:\n      max_output: 1 MiB\n      timeout: 20\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    root = tmp_path_factory.mktemp("abuse")
    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text(CONFIG)
    (root / "docs" / "index.md").write_text("# Home\n")
    for name, source in SHOWN.items():
        page = f"# T\n\n```autograd{OPTIONS.get(name, '')}\n{source}\n```\n\nAfter.\n"
        (root / "docs" / f"{name}.md").write_text(page)
    logs = []
    for _ in range(2):
        run = mkdocs("build", cwd=root)
        assert run.returncode == 0, run.stderr
        logs.append(run.stderr)
    return root, logs


def told(log: str, name: str) -> str:
    return "\n".join(re.findall(rf"docs/{name}\.md:3: (.*)", log))


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_is_whole(built: tuple[Path, list[str]], name: str) -> None:
    html = (built[0] / "site" / name / "index.html").read_text("utf-8")
    assert "After." in html


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("count", "what it showed cannot be drawn (OverflowError: cannot convert float infinity to integer)"),
        ("lists", "what it showed cannot be drawn ("),
        ("many", "its output was cut after 1 MiB: print less, or raise max_output"),
        ("html", "its text/html of 4.29 MiB is left out, as a block may show 1 MiB of it"),
        *((name, "") for name in ("width", "backspaces", "memory", "literal", "pool")),
    ],
)
def test_what_is_wrong_is_told_at_its_line_at_every_build(
    built: tuple[Path, list[str]], name: str, message: str
) -> None:
    for log in built[1]:
        assert message in told(log, name)
        assert bool(message) == bool(told(log, name))


def test_the_log_counts_what_is_missing(built: tuple[Path, list[str]]) -> None:
    first, second = built[1]
    assert re.search(r"ran 9 blocks, 2 failed, 2 shown in part, in", first), first
    assert re.search(r"ran 2 blocks, 2 failed, 2 shown in part, 7 from the store, in", second), second


def test_what_stands_on_the_pages(built: tuple[Path, list[str]]) -> None:
    pages = {name: (built[0] / "site" / name / "index.html").read_text("utf-8") for name in SHOWN}
    assert "[1, 4]" in pages["pool"]
    assert "a plot" in pages["html"]
    assert "[left out: its text/html of 4.29 MiB]" in pages["html"]
    assert "[cut after 1 MiB of output; max_output sets the limit]" in pages["literal"]
    assert pages["backspaces"].count("a" * 40_000) >= 1
    assert "Not shown" in pages["lists"]
    assert all("Not shown" not in pages[name] for name in ("width", "pool", "memory"))


def test_limits_out_of_range_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text('```autograd timeout="99999999999999999999"\nprint(1)\n```\n')
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [chainrule]\n")
    run = mkdocs("build", "--strict", cwd=tmp_path)
    assert run.returncode == 1
    assert "docs/index.md:1: timeout=" in run.stderr
    assert "from 1 ms to 168 h" in run.stderr
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [{chainrule: {max_output: -1}}]\n")
    run = mkdocs("build", cwd=tmp_path)
    assert run.returncode == 1
    assert "max_output takes a positive number of bytes" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("signal", ["SIGSTOP", "SIGKILL"])
def test_a_page_that_ends_the_fork_server_costs_itself(tmp_path: Path, signal: str) -> None:
    (tmp_path / "docs").mkdir()
    index = f"import os, signal, time\ntime.sleep(1)\nos.kill(os.getppid(), signal.{signal})\ntime.sleep(1)"
    (tmp_path / "docs" / "index.md").write_text(f"# T\n\n```autograd\n{index}\n```\n\nAfter.\n")
    other = "import time\ntime.sleep(2)\nprint('inno' + 'cent')"
    for number in range(3):
        (tmp_path / "docs" / f"b{number}.md").write_text(f"# T\n\n```autograd\n{other}\n```\n")
    config = "site_name: T\nplugins:\n  - search\n  - chainrule: {workers: 2, timeout: 5}\n"
    (tmp_path / "mkdocs.yml").write_text(config)
    run = mkdocs("build", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    for number in range(3):
        assert "innocent" in (tmp_path / "site" / f"b{number}" / "index.html").read_text("utf-8")
        assert f"docs/b{number}.md" not in run.stderr
    dies = signal == "SIGKILL"
    assert ("killed by SIGKILL" in run.stderr) == dies
    assert ("1 failed" in run.stderr) == dies
