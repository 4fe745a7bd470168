"""LaTeX that objects display: words and formulas, set at build time or left to the site's script."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from building import first_now
from mkdocs_chainrule.show.formula import show_latex
from mkdocs_chainrule.show.settings import ShowSettings
from projects import CONFIG

LEFT = ShowSettings(sets_formulas=False)
TEXT_ONLY = ShowSettings(options={**ShowSettings().options, "allow_html": False})
FORMULA = """
```autograd
class Formula:
    def __init__(self, latex):
        self.latex = latex
    def _repr_latex_(self):
        return self.latex
    def __repr__(self):
        return "a repr"

Formula(r"%s")
```
"""


def read(html: str | None) -> str:
    """What is read of a result: words as they are, each formula by its TeX; a display is in brackets."""
    assert html is not None
    for mathml in re.findall(r"<math.*?</math>", html):
        ET.fromstring(mathml)  # is well formed
    html = re.sub(r'<math alttext="([^"]*)" display="block">.*?</math>', r"[\1]", html)
    return re.sub("<[^>]*>", "", re.sub(r'<math alttext="([^"]*)">.*?</math>', r"{\1}", html))


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"$\displaystyle x^{2}$", r"[\displaystyle x^{2}]"),
        ("$$x$$", "[x]"),
        (r"\[x\]", "[x]"),
        (r"\frac{1}{2}", r"[\frac{1}{2}]"),
        (r"Since $x$ is $\frac{1}{2}$, as \(y\) shows.", r"Since {x} is {\frac{1}{2}}, as {y} shows."),
        ("So $$x$$ and $y$", "So[x]and {y}"),
        (r"\begin{equation*}x = 1\end{equation*}", "[x = 1]"),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", r"[\begin{aligned}a&amp;=b\end{aligned}]"),
        (r"\begin{alignat}{2}a&=b\end{alignat}", r"[\begin{aligned}a&amp;=b\end{aligned}]"),
        (r"costs \$5 & more", "costs $5 &amp; more"),
        ("no formula", "no formula"),
    ],
)  # fmt: skip
def test_words_are_text_and_formulas_are_set(latex, shown):
    assert read(show_latex(latex, ShowSettings())) == shown


def test_an_aligned_display_has_its_columns_by_classes():
    html = show_latex(r"\begin{align} a &= b \\ c &= d \end{align}", ShowSettings())
    assert html.count('<mtd class="chainrule-right">') == 2
    assert html.count('<mtd class="chainrule-left">') == 2
    assert " style=" not in html
    assert "(1)" not in html
    assert 'mathcolor="#FF0000"' in show_latex(r"$\color{red} x$", ShowSettings())


def test_a_formula_that_cannot_be_set_is_left_as_latex_and_told():
    remarks: list[str] = []
    html = show_latex(r"a $\nonsense{x}$", ShowSettings(remark=remarks.append))
    assert html == r'<p>a <span class="arithmatex mathjax_process">\(\nonsense{x}\)</span></p>'
    assert r'(Unknown command "\nonsense")' in remarks[0]


def test_a_sites_own_script_sets_its_formulas():
    assert show_latex("$$x < y$$", LEFT) == r'<div class="arithmatex mathjax_process">\[x &lt; y\]</div>'
    assert show_latex("so $x$", LEFT) == r'<p>so <span class="arithmatex mathjax_process">\(x\)</span></p>'


@pytest.mark.parametrize("latex", [r"$\href{javascript:alert(1)}{x}$", r"\begin{tabular}{l}x\end{tabular}"])
def test_without_html_no_latex_is_left_to_scripts(latex):
    assert show_latex(latex, TEXT_ONLY) is None
    assert "<math" in show_latex("$x$", TEXT_ONLY)


@pytest.mark.parametrize(
    ("config", "is_set"),
    first_now(
        ("", True),
        ("extra_javascript: [https://x.org/npm/mathjax@3/es5/tex-mml-chtml.js]\n", False),
        ("extra_javascript: [js/katex.js]\n", False),
        ("markdown_extensions: [{pymdownx.arithmatex: {generic: true}}]\n", False),
    ),
)
def test_what_sets_formulas_is_known_from_the_configuration(project, config, is_set):
    project.configure(CONFIG + config)
    project.page("index.md", FORMULA % r"$\frac{1}{2}$")
    assert project.build().returncode == 0
    assert ("<mfrac>" in project.html()) is is_set
    assert (r"\[\frac{1}{2}\]" in project.html()) is not is_set
