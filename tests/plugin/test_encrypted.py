"""A page that is read with a password has nothing in clear beside it, and holds all that it shows."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from building import first_now, serve, skip_or_fail
from projects import CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable

    from projects import Project

# Another plugin's way to do it: a copy of the page's HTML is put away, and comes back as no reader reads it.
HOOK = """
import base64

def on_page_markdown(markdown, page, config, files):
    if page.meta.pop("password", None) or {everywhere}:
        page.{mark} = {{"copy": ""}}

def on_page_content(html, page, config, files):
    if hasattr(page, "{mark}"):
        page.{mark}["copy"] = html

def on_page_context(context, page, config, nav):
    if hasattr(page, "{mark}"):
        page.content = f"<pre>{{base64.b64encode(page.{mark}['copy'].encode()).decode()}}</pre>"
"""
SECRET = """# Page

```autograd
import matplotlib.pyplot as plt
import numpy as np

print("sec" + "ret", [10**k for k in range(900)])
for x, y in np.random.rand(4, 2, 700):
    plt.scatter(x, y, marker="*", label="hid" + "den")
plt.legend()
plt.figure()
plt.imshow(np.random.rand(9, 9))
```

`#!autograd 6 * 7`
"""
WITH_PASSWORD = f"---\npassword: open sesame\n---\n{SECRET}"


def beside(project: Project) -> list[str]:
    folder = project.root / "site/assets/chainrule"
    return sorted(path.name for path in folder.iterdir() if path.suffix not in {".css", ".js"})


def opened(page: str) -> str:
    from base64 import b64decode

    return b64decode(re.search("<pre>([A-Za-z0-9+/=]*)</pre>", page)[1]).decode()


@pytest.mark.parametrize(
    ("mark", "everywhere"),
    first_now(("encrypted", False), ("encrypted_by_me", True), ("locked", False)),
    ids=["marked", "without front matter", "by front matter"],
)
def test_an_encrypted_page_has_all_in_itself(project: Project, mark: str, *, everywhere: bool) -> None:
    project.configure(f"{CONFIG}hooks: [hook.py]\n")
    (project.root / "hook.py").write_text(HOOK.format(mark=mark, everywhere=everywhere))
    project.page("index.md", SECRET if everywhere else WITH_PASSWORD)
    assert project.build("--strict").returncode == 0
    assert beside(project) == []
    page = project.html()
    assert "secret" not in page
    assert "chainrule-plot" not in page
    shown = opened(page)
    assert shown.count('class="chainrule-plot"') == 2
    assert "secret" in shown
    assert ">42</span>" in shown
    assert "data-chainrule" not in shown.replace("data-chainrule-graph", "")


@pytest.mark.slow
def test_other_pages_keep_their_files(project: Project) -> None:
    project.configure(f"{CONFIG}hooks: [hook.py]\n")
    (project.root / "hook.py").write_text(HOOK.format(mark="encrypted", everywhere=False))
    project.page("index.md", WITH_PASSWORD)
    project.page("open.md", SECRET)
    assert project.build("--strict").returncode == 0
    assert [name.rpartition(".")[2] for name in beside(project)] == ["png", "svg", "py"]
    assert (project.root / "site/assets/chainrule/open.py").exists()


THEIRS = """site_name: Test
theme: {name: mkdocs, highlightjs: false}
plugins: [search, chainrule, encryptcontent: %s]
"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    ("settings", "page"),
    [
        ("{webcrypto: true}", WITH_PASSWORD),
        ("{webcrypto: true, global_password: open sesame, tag_encrypted_page: false}", SECRET),
    ],
    ids=["a page", "the site"],
)
def test_encryptcontent(project: Project, visit: Callable, settings: str, page: str) -> None:
    if find_spec("encryptcontent") is None:
        skip_or_fail("mkdocs-encryptcontent-plugin is not installed (pip install -e '.[companions]')")
    project.configure(THEIRS % settings)
    project.page("index.md", page)
    run = project.build()
    assert run.returncode == 0, run.stderr
    assert beside(project) == []
    assert "secret" not in project.html()
    with serve(project.root / "site") as address:
        shown = visit(address).page
        shown.locator("#mkdocs-content-password").fill("open sesame")
        shown.keyboard.press("Enter")
        shown.locator(".chainrule-plot").first.wait_for()
        assert shown.locator(".chainrule-plot > svg[role=img]").count() == 2
        assert shown.get_by_text("secret [1, 10,").count() == 1
        assert shown.locator("[data-chainrule-block], [data-chainrule-late]").count() == 0
