"""A byte order mark and Windows' line ends say nothing of a page, a set-up file or a snippet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from building import first_now

if TYPE_CHECKING:
    from projects import Project

CONFIG = """
site_name: Bytes
theme: {name: mkdocs, highlightjs: false}
plugins: [chainrule: {setup: setup.py}]
markdown_extensions:
  - pymdownx.snippets: {base_path: [docs]}
"""
FILES = {
    "memory.txt": "# Memory\n\n```autograd\nready\n```\n",
    "setup.py": "ready = 1\nsteady = 2\n",
    "docs/code.py": "a = ready\n\n# --8<-- [start:part]\nb = steady\n# --8<-- [end:part]\n",
    "docs/fences.txt": "```autograd\nd = '''x\ny'''\nd\n```\n",
    "docs/index.md": """---
title: Page
---
# Page

```autograd
--8<-- "code.py"
c = a + b
c
```

--8<-- "fences.txt"

PASTED

- item

    ```autograd
    --8<-- "code.py:part"
    f'{c!r}' 'é'
    ```

It is `#!autograd c`.
""",
}
# A page that a plugin keeps in memory, where nobody has cleared its bytes for MkDocs.
HOOK = """
from mkdocs.structure.files import File


def on_files(files, config):
    content = open("memory.txt", "rb").read()
    files.append(File.generated(config, "memory.md", content=content))
    return files


def on_page_markdown(markdown, page, config, files):
    with open("docs/fences.txt", encoding="utf-8", newline="") as file:
        return markdown.replace("PASTED", file.read())
"""


def write(project: Project, start: bytes, end: bytes) -> None:
    project.configure(CONFIG)
    project.record()
    with (project.root / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("  - memory.py\n")
    text = (project.root / "mkdocs.yml").read_text("utf-8").replace("[recording.py]", "\n  - recording.py")
    (project.root / "mkdocs.yml").write_text(text)
    (project.root / "memory.py").write_text(HOOK)
    for name, text in FILES.items():
        path = project.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(start + text.encode().replace(b"\n", end))


def content(project: Project) -> str:
    return project.html().partition("Build Date")[0]


@pytest.mark.parametrize(
    ("start", "end"),
    first_now((b"\xef\xbb\xbf", b"\r\n"), (b"\xef\xbb\xbf", b"\n"), (b"", b"\r\n")),
    ids=["both", "BOM", "CRLF"],
)
def test_they_are_nothing(project: Project, start: bytes, end: bytes) -> None:
    write(project, b"", b"\n")
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert "ran 8 blocks, none failed" in run.stderr
    pages, html = project.recorded["pages"], content(project)
    assert [block["place"][1] for block in pages["docs/index.md"]] == [1, 6, 1, None, 18, 23]

    write(project, start, end)
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert "ran 0 blocks, none failed, 8 from the store" in run.stderr
    assert project.recorded["pages"] == pages
    assert content(project) == html
    assert "\ufeff" not in json.dumps(project.recorded, ensure_ascii=False)
