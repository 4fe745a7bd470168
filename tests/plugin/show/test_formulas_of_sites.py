"""MathJax and KaTeX, the real ones, on a page: they set formulas that are results, and find no text."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from building import REPOSITORY, mkdocs, serve, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NODE = REPOSITORY / "tests" / "node" / "node_modules"
LINK = r"\href{javascript:window.live=1}{x}"
ENDS = [("$", "$"), ("$$", "$$"), (r"\(", r"\)"), (r"\[", r"\]"), (r"\begin{equation}", r"\end{equation}")]
SETUP = f"""
import matplotlib.pyplot as plt
from chainrule import Chart, Value

evils = [start + {LINK!r} + end for start, end in {ENDS!r}]
short = [start + "x" + end for start, end in {ENDS!r}]
evil = " ".join(evils)
"""
GRAPH = """
a, b = Value(2.0, label=short[0]), Value(3.0, label=short[2])
(a * b * Value(1.0, label=evil)).backward()"""
MIME = "class M:\n    def _repr_mimebundle_(self, **_): return {%s: evil}, {}\nM()"
SPOKEN = {
    "stdout": "print(evil)",
    "colours": r"print('\x1b[31m' + evil + '\x1b[0m')",
    "stderr": "import warnings\nwarnings.warn(evil)",
    "repr": "class Evil:\n    def __repr__(self): return evil\nEvil()",
    "json": MIME % "'application/json'",
    "nothing": MIME % "evil",
    "figure": (
        "figure, axes = plt.subplots()\naxes.set_title(evil, parse_math=False)\naxes.set_xlabel(short[2])\n"
        "axes.set_ylabel(short[0].replace('$', r'\\$'))\ndisplay(figure, caption=evil, id='fig-a')\n"
        "plt.close()"
    ),
    "chart": "chart = Chart(evil, short[0])\nfor n in range(9): chart.push(n, n)\nchart",
    "exception": "error = ValueError(evil)\nerror.add_note(evil)\nraise error from KeyError(evil)",
    "import": "raise ImportError('x; from ' + evil + ' import y')",
    "frames": "exec(compile('def f(): 1/0\\nf()', evil, 'exec'))",
    "raw SVG": "class S:\n    def _repr_svg_(self): return f'<svg><text>{evil}</text></svg>'\nS()",
}
FORMS = ("auto", "mermaid", "dot", "steps", "nudge")


def fence(source: str, head: str = "autograd") -> str:
    return f"```{head}\n{source}\n```\n"


TEXT = (
    "# Text\n\n"
    + fence(SETUP, 'autograd setup="yes"')
    + "\n".join(map(fence, SPOKEN.values()))
    + "\n".join(fence(GRAPH, f'autograd graph="{form}" caption="{LINK} $x$ $y$"') for form in FORMS)
    + "\nInline `#!autograd evil`, `#!autograd evils[2]`, `#!autograd {}[evil]`.\n"
)
OBJECT = "class R:\n    def _repr_{}_(self): return {!r}\nR()"
RESULTS = {"latex": r"$\displaystyle x^{2}$", "markdown": r"So $y^2$.", "html": r"<p>So \(z^2\).</p>"}
SET = "# Set\n\n" + "\n".join(fence(OBJECT.format(kind, text)) for kind, text in RESULTS.items())
HOSTILE = "# Hostile\n\n" + "\n".join(
    fence(OBJECT.format(kind, start + link + end))
    for link in (
        LINK,
        r"\class{evil}{x}",
        r"\cssId{evil}{x}",
        r"\style{color: red}{x}",
        r"\url{javascript:live=1}",
    )
    for kind in RESULTS
    for start, end in ENDS[1:3]
)
PAGES = {"text": TEXT, "set": SET, "hostile": HOSTILE}
MATHJAX = (
    "window.MathJax = {tex: {inlineMath: [['$', '$'], ['\\\\(', '\\\\)']]%s}, startup: {pageReady: () =>"
    " MathJax.startup.defaultPageReady().then(() => { window.done = true; })}};"
)
ONLY_MARKED = ", processEscapes: true}, options: {ignoreHtmlClass: '.*|', processHtmlClass: 'arithmatex'"
KATEX = """window.addEventListener("load", () => {
  renderMathInElement(document.body, {trust: true, strict: false, throwOnError: false, delimiters: [
    {left: "$$", right: "$$", display: true}, {left: "$", right: "$", display: false},
    {left: "\\\\(", right: "\\\\)", display: false}, {left: "\\\\[", right: "\\\\]", display: true},
    {left: "\\\\begin{equation}", right: "\\\\end{equation}", display: true}]});
  window.done = true;
});"""
SCRIPTS = {
    "mathjax3": (MATHJAX % "", ["mathjax3/tex-mml-chtml.js"]),
    "mathjax4": (MATHJAX % "", ["mathjax4/tex-mml-chtml.js"]),
    "marked": (MATHJAX % ONLY_MARKED, ["mathjax3/tex-mml-chtml.js"]),
    "katex": (KATEX, ["katex/katex.min.js", "katex/contrib/auto-render.min.js"]),
}
FOLDERS = {"mathjax3": "mathjax3/es5", "mathjax4": "mathjax4", "katex": "katex/dist"}
THEMES = {
    "material": "{name: material, font: false}",
    "plain": "{name: mkdocs, color_mode: auto, highlightjs: false}",
}
# What a script has set, and what could act.
FOUND = """() => [...document.querySelectorAll("mjx-container, .katex")].filter(
  each => !each.parentElement.closest("mjx-container, .katex")).map(
  each => each.closest(".chainrule-result, .chainrule-inline")?.textContent.slice(0, 80) ?? "elsewhere")"""
# MathJax 4 keeps an address in an attribute of its own.
LINKS = """() => [...document.querySelectorAll("a, [href]")].filter(each =>
  ["href", "xlink:href", "data-mjx-href"].some(
    name => /javascript:/i.test(each.getAttribute(name)))).length"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages with each theme and each script, served."""
    root = tmp_path_factory.mktemp("formulas")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text("# Home\n")
    for name, text in PAGES.items():
        (root / "docs" / f"{name}.md").write_text(text, "utf-8")
    for name, folder in FOLDERS.items():
        if not (NODE / folder).exists():
            skip_or_fail("the Node packages are missing (npm ci --prefix tests/node)")
        shutil.copytree(NODE / folder, root / "site" / "js" / name)
    for script, (start, files) in SCRIPTS.items():
        (root / "docs" / f"start-{script}.js").write_text(start)
        # By the addresses that documentations give, and only their start is the site's own.
        urls = [f"start-{script}.js", *(f"/js/{file}" for file in files)]
        for theme, config in THEMES.items():
            (root / "mkdocs.yml").write_text(
                f"site_name: Test\nextra_javascript: {urls}\ntheme: {config}\n"
                "plugins: [{chainrule: {on_error: continue, "
                f"allow_html: !ENV [ALLOW, true]}}}}]\n"
            )
            for allow in ("true", "false"):
                built = mkdocs("build", "-d", root / "site" / script / theme / allow, cwd=root, ALLOW=allow)
                assert built.returncode == 0, built.stderr
    with serve(root / "site") as url:
        yield url


@pytest.fixture(params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(visit, url: str):
    page = visit(url).page
    page.wait_for_function("window.done")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    return page


@pytest.mark.parametrize("allow", ["true", "false"])
def test_no_text_is_a_formula(visit, address, script, theme, allow):
    page = opened(visit, f"{address}{script}/{theme}/{allow}/text/")
    shown = page.locator(".chainrule-result, .chainrule-inline").count()
    assert shown == len(re.findall("(?m)^```autograd", TEXT)) - 1 + 3
    assert page.content().count("javascript:window.live") > 60  # it is there, as text
    assert page.evaluate(FOUND) == []
    assert page.evaluate(LINKS) == 0
    assert page.evaluate("window.live") is None


def test_formulas_that_are_results_are_set(visit, address, script, theme):
    page = opened(visit, f"{address}{script}/{theme}/true/set/")
    found = page.evaluate(FOUND)
    assert len(found) == (1 if script == "marked" else 3), found  # there only what is marked is looked at
    assert "elsewhere" not in found


def test_where_html_is_refused_no_formula_can_act(visit, address, script, theme):
    page = opened(visit, f"{address}{script}/{theme}/false/hostile/")
    assert page.evaluate(FOUND) == []
    assert page.evaluate(LINKS) == 0
    assert page.locator(".evil, #evil").count() == 0


def test_where_html_is_refused_formulas_are_set_without_a_script(visit, address, script, theme):
    page = opened(visit, f"{address}{script}/{theme}/false/set/")
    assert page.locator(".chainrule-result").first.locator("math, mjx-container").count() > 0
    # MathJax takes MathML over, which holds no link; what is left is text.
    found = [normalize("NFKC", text) for text in page.evaluate(FOUND)]  # an italic x is an x
    assert found in ([], ["x2"] if "katex" not in script else [])


def test_what_is_alive_would_be_found(visit, address, theme):
    for script in ("mathjax3", "mathjax4", "katex"):
        page = opened(visit, f"{address}{script}/{theme}/true/hostile/")
        assert page.evaluate(LINKS) > 0, script
