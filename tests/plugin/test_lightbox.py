"""Pictures of blocks are dealt with as those of the author, by every plugin that looks for images."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from building import serve, skip_or_fail
from projects import CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable

    from projects import Project

PAGE = """# Page

![Mine](mine.png)

```autograd
import base64, io
import matplotlib.pyplot as plt
import numpy as np

for x, y in np.random.rand(4, 2, 700):
    plt.scatter(x, y, marker="*")
plt.title('A "large" <one>')
```

```autograd alt="Pixels"
class Picture:
    def _repr_png_(self):
        file = io.BytesIO()
        plt.imsave(file, np.eye(4))
        return file.getvalue()

Picture()
```

```autograd
class Linked:
    def _repr_html_(self):
        return "<a href='https://example.org'><img src='x.png'></a>"

Linked()
```

```autograd
plt.plot([1, 2])
```
"""
# One rewrites what it reads as parsers do, one looks at finished pages.
HOOK = """
import json, re
from pathlib import Path

def on_page_content(html, page, config, files):
    return re.sub(
        r'<img [^>]*>',
        lambda match: '<div class="box"><a href="%s" title="%s">%s</a></div>' % (
            re.search('src="([^"]*)"', match[0])[1], re.search('alt="([^"]*)"', match[0])[1], match[0]
        ),
        html,
    )

def on_post_page(output, page, config):
    if images := re.findall("<img [^>]*>", output):
        Path("seen.json").write_text(json.dumps(images))
    return output
"""


def boxes(html: str) -> list[tuple[str, str, str]]:
    return re.findall(r'<div class="box"><a href="([^"]*)" title="([^"]*)">(<img [^>]*>)</a></div>', html)


def test_what_is_done_to_an_image_is_done_to_ours(project: Project) -> None:
    project.configure(f"{CONFIG}hooks: [hook.py]\n")
    (project.root / "hook.py").write_text(HOOK)
    project.page("index.md", PAGE)
    project.page("prose.md", "# Prose\n")
    (project.root / "docs/mine.png").write_bytes(b"")
    assert project.build("--strict").returncode == 0
    html = project.html()
    found = boxes(html)
    assert [title.partition(":")[0] for _, title, _ in found] == [
        "Mine",
        "A &quot;large&quot; &lt;one&gt;",
        "Pixels",
    ]
    for url, title, image in found:
        assert f'src="{url}"' in image
        assert f'alt="{title}"' in image
        assert (project.root / "site" / url).exists()
    assert "chainrule-example" not in html + project.html("prose/index.html")
    assert 'href="x.png"' not in html
    seen = json.loads((project.root / "seen.json").read_text())
    assert len(seen) == 4


@pytest.mark.slow
def test_without_such_a_plugin_a_picture_stays_as_it_is(project: Project) -> None:
    project.page("index.md", PAGE)
    (project.root / "docs/mine.png").write_bytes(b"")
    assert project.build("--strict").returncode == 0
    assert "chainrule-example" not in project.html()
    assert not boxes(project.html())


GLIGHTBOX = """site_name: Test
theme: {name: material, font: false}
plugins: [%s]
"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("plugins", ["search, chainrule, glightbox", "search, glightbox, chainrule"])
def test_glightbox(project: Project, visit: Callable, plugins: str) -> None:
    if find_spec("mkdocs_glightbox") is None:
        skip_or_fail("mkdocs-glightbox is not installed (pip install -e '.[companions]')")
    project.configure(GLIGHTBOX % plugins)
    project.page("index.md", PAGE)
    (project.root / "docs/mine.png").write_bytes(b"")
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    with serve(project.root / "site") as address:
        shown = visit(address).page
        assert shown.locator("a.glightbox").count() == 3
        for number in (1, 2):
            shown.locator("a.glightbox").nth(number).click()
            picture = shown.locator(".gslide.current img")
            picture.wait_for()
            assert picture.evaluate("image => image.naturalWidth") > 0
            shown.keyboard.press("Escape")
            shown.locator(".glightbox-container").wait_for(state="detached")
        assert shown.locator("chainrule-example").count() == 0
