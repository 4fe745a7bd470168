"""Whatever a block says, or its head, nothing of it comes alive in a real browser."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from browsing import MERMAID, graphs
from building import mkdocs, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = "window.live = (window.live || 0) + 1"
EVIL = [
    f"<img src=x onerror='{LIVE}'>",
    f"<script>{LIVE}</script>",
    f"</script><script>{LIVE}</script>",
    f"</pre></svg></title><svg onload='{LIVE}'>",
    f"]]><script>{LIVE}</script><![CDATA[",
    f"' onmouseover='{LIVE}' x='",
    f'" onfocus="{LIVE}" autofocus tabindex="1" x="',
    f"<a href='javascript:{LIVE}'>link</a>",
    f"[link](javascript:{LIVE.replace(' ', '')})",
    f"<iframe srcdoc='<script>parent.{LIVE}</script>'></iframe>",
    f"javascript:{LIVE}",
]
SETUP = f"evils = {EVIL!r}\nevil = ''.join(evils)\n"
SPOKEN = {
    "stdout": "print(evil)",
    "stderr": "import sys, warnings\nprint(evil, file=sys.stderr)\nwarnings.warn(evil)",
    "fd": "import os\nos.write(1, evil.encode());",
    "escape sequences": (
        "print('\\x1b]8;;' + evils[-1] + '\\x07link\\x1b]8;;\\x07', '\\x1b[31;' + evil + 'm' + evil)"
    ),
    "repr": "class Evil:\n    def __repr__(self): return evil\ndisplay(Evil())\n[Evil()] * 3",
    "labels": (
        "from chainrule import Value\nfrom functools import reduce\n"
        "v = reduce(lambda a, b: a * b, [Value(2.0, label=label) for label in evils])\nv.backward()\nv"
    ),
    "figure": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2], label=evil.replace('$', ''))\nplt.title(evil)\n"
        "plt.xlabel(evil)\nplt.gca().set_gid(evil)\nplt.gca().lines[0].set_gid(evil)\n"
        "plt.gca().lines[0].set_url('javascript:' + evil)\nplt.legend();"
    ),
    "chart": (
        "from chainrule import Chart\nchart = Chart(*evils[:2])\nfor n in range(3): chart.push(n, n)\nchart"
    ),
    "class names": "type(evil, (), {})()",
    "exception": "raise ValueError(evil)",
    "exception class": "raise type(evil, (Exception,), {})(evil)",
    "exception causes and notes": (
        "error = ValueError(evil)\nerror.add_note(evil)\n"
        "raise ExceptionGroup(evil, [error]) from KeyError(evil)"
    ),
    "exception frames": "exec(compile('def f(): 1/0\\nf()', evil, 'exec'))",
    "repr that raises": "class Bad:\n    def __repr__(self): raise ValueError(evil)\nBad()",
    "syntax": "evil <script>" + LIVE + "</script>",
    "expected": "raise ValueError(evil)",
}
# What an author can type into a head: each evil as it is, in the quotes that it leaves free.
OPTIONS = ("title", "caption", "alt", "hl_lines", "linenums", "expect", "seed", "zoom", "onclick", "style")
NAME = "\"'></pre><script>window.live++</script>"  # an id and a class end at a space and at =
RESULTS = ("print(1)", "v", "plt.plot([1, 2]);", "1 / 0")


def fence(source: str, head: str = "autograd") -> str:
    return f"```{head}\n{source}\n```\n"


def heads() -> Iterator[str]:
    for number, evil in enumerate(EVIL):
        quote = "'" if '"' in evil else '"'
        options = " ".join(f"{name}={quote}{evil}{quote}" for name in OPTIONS)
        yield f'autograd source="{("above", "tabbed", "folded")[number % 3]}" {options}'
        yield f" {{.autograd #i{number}{NAME} .c{NAME} title={quote}{evil}{quote}}}"


PAGES = {
    "index.md": "# Said\n\n" + fence(SETUP) + "\n".join(map(fence, SPOKEN.values())),
    "options.md": "# Options\n\n"
    + fence(
        SETUP + SPOKEN["labels"].replace("label=label", "label='x'") + "\nimport matplotlib.pyplot as plt"
    )
    + "\n".join(fence(RESULTS[number % 4], head) for number, head in enumerate(heads())),
    "forms.md": "# Forms\n\n"
    + fence(SETUP)
    + "\n".join(fence(SPOKEN["labels"], f'autograd graph="{form}"') for form in ("mermaid", "svg", "dot"))
    + fence(SPOKEN["expected"], 'autograd expect="ValueError"')
    + "\nInline: `#!autograd evil`, and `#!autograd 1 / 0 if evil else '<script>'`.\n",
}
ADDRESSES = {"index.md": "", "options.md": "options/", "forms.md": "forms/"}
THEMES = {
    "material": "{name: material, font: false, features: [navigation.instant, content.code.copy]}",
    "plain": "{name: mkdocs, color_mode: auto, highlightjs: false}",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The hostile pages with each theme, served."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "docs" / "js").mkdir(parents=True)
    for name, text in PAGES.items():
        (root / "docs" / name).write_text(text, "utf-8")
    if MERMAID.exists():
        shutil.copy(MERMAID, root / "docs" / "js")
    for theme, config in THEMES.items():
        (root / f"{theme}.yml").write_text(
            "site_name: Test\nmarkdown_extensions: [attr_list, pymdownx.highlight]\n"
            "plugins: [search, {chainrule: {mermaid_js: js/mermaid.min.js, on_error: continue}}]\n"
            f"theme: {config}\n",
            "utf-8",
        )
        built = mkdocs("build", "-f", f"{theme}.yml", "-d", root / "site" / theme, cwd=root)
        assert built.returncode == 0, built.stderr
    with serve(root / "site") as url:
        yield url


# Everything of the article and of shadow roots in it that could act: elements, handlers, addresses.
ALIVE = """() => {
  const within = root => [...root.querySelectorAll("*")].flatMap(
    e => [e, ...(e.shadowRoot ? within(e.shadowRoot) : [])]);
  const acts = e => /^(script|iframe|object|embed|base|meta|link|form)$/i.test(e.localName)
    || [...e.attributes].some(a => /^on|^(srcdoc|formaction|autofocus)$/i.test(a.name)
      || /^(href|xlink:href|src|action|data|to|values|from)$/i.test(a.name)
        && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data:text)/i.test(a.value))
    || e.localName === "img" && !/^data:image|\\.svg$/.test(e.getAttribute("src"));
  const article = document.querySelector("article, [role=main]");
  return within(article).filter(acts).map(e => e.outerHTML.slice(0, 300));
}"""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_comes_alive(visit, address, theme, page):
    visitor = visit(f"{address}{theme}/{ADDRESSES[page]}")
    shown = visitor.page
    graphs(shown)
    shown.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    shown.wait_for_timeout(300)
    blocks = shown.locator(".chainrule")
    assert blocks.count() >= len(re.findall("(?m)^``` ?[{.]*autograd", PAGES[page]))
    assert "onerror='window.live" in " ".join(blocks.all_text_contents())  # it is there, as text
    assert shown.evaluate(ALIVE) == []
    shown.evaluate("""() => document.querySelectorAll(".chainrule, .chainrule *").forEach(e => {
      for (const kind of ["click", "mouseover", "focus", "load", "error"]) e.dispatchEvent(new Event(kind));
    })""")
    shown.wait_for_timeout(200)
    assert shown.evaluate("window.live") is None
    assert visitor.external == []


@pytest.mark.slow
def test_ids_and_classes_arrive_as_they_were_typed(visit, address):
    shown = visit(f"{address}plain/options/").page
    assert shown.locator("[id*='<script>'][class*='<script>']").count() == len(EVIL)


def test_what_is_alive_would_be_found(visit, address):
    shown = visit(f"{address}plain/").page
    place = "document.querySelector('.chainrule-result').insertAdjacentHTML('beforeend', html)"
    for evil in EVIL[:1] + EVIL[3:4] + EVIL[7:8] + EVIL[9:10]:
        shown.evaluate(f"html => {place}", re.sub(r"^(</\w+>)+", "", evil))
    assert len(shown.evaluate(ALIVE)) >= 4
    shown.wait_for_function("window.live > 0")
