"""What libraries display, as it is seen: read in light and dark, and drawn by the scripts of the site."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from building import serve
from shown import SCHEMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Of each text of a result: where its contrast with what is behind it is less than 4.5. Links are the site's.
FAINT = """() => {
  const read = colour => {
    const found = colour.match(/[\\d.]+/g).map(Number);
    const [r, g, b, a = 1] = colour.startsWith("color(") ? found.map((n, i) => i < 3 ? n * 255 : n) : found;
    return [r, g, b, a];
  };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = ([r, g, b]) => {
    const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map(v => linear(v / 255));
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const ground = element => {
    const grounds = [];
    for (; element; element = element.parentElement) {
      grounds.push(read(getComputedStyle(element).backgroundColor));
    }
    return grounds.reverse().reduce((below, above) => over(above, below), [255, 255, 255, 1]);
  };
  const faint = [];
  for (const result of document.querySelectorAll(".chainrule-result")) {
    const texts = document.createTreeWalker(result, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const {currentNode: text, currentNode: {parentElement: element}} = texts;
      const isSeen = element.checkVisibility({opacityProperty: true, visibilityProperty: true});
      if (!text.textContent.trim() || !isSeen) continue;
      if (element.closest("svg, script, style, iframe, audio, video, a:not([class])")) continue;
      const behind = ground(element), colour = over(read(getComputedStyle(element).color), behind);
      const [darker, lighter] = [light(colour), light(behind)].sort((a, b) => a - b);
      const contrast = (lighter + .05) / (darker + .05);
      if (contrast < 4.5) faint.push([text.textContent.trim(), contrast, element.outerHTML.slice(0, 80)]);
    }
  }
  return faint;
}"""
FALLBACKS = (
    "[...document.querySelectorAll('[class*=text-repr-fallback]')].filter(e => e.checkVisibility()).length"
)
SIDE_BY_SIDE = """() => {
  const cells = [...document.querySelectorAll(".xr-var-item")].at(-1).querySelectorAll(":scope > div");
  return [...cells].slice(0, 4).map(cell => Math.round(cell.getBoundingClientRect().top));
}"""
DRAWN = "[...document.querySelectorAll('chain-live')].map(plot => [plot.dataset.kind, plot.dataset.drawn])"
BRINGS = {
    "plotly": "plotly/package_data/plotly.min.js",
    "bokeh": "bokeh/server/static/js/bokeh.min.js",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["material", "plain"])
def test_all_is_read_in_both_schemes(recalled, visit, theme, scheme):
    with serve(recalled[theme].root / "site") as url:
        page = visit(url, color_scheme=scheme).page
        page.evaluate(SCHEMES[theme], scheme)
        page.wait_for_timeout(500)  # the themes fade
        assert page.evaluate(FAINT) == []
        assert page.evaluate(FALLBACKS) == 0
        assert len(set(page.evaluate(SIDE_BY_SIDE))) == 1


def test_without_its_script_a_plot_says_so(recalled, visit):
    with serve(recalled["plain"].root / "site") as url:
        visitor = visit(url)
        visitor.page.wait_for_timeout(500)
        assert {state for _, state in visitor.page.evaluate(DRAWN)} == {"no"}
        assert (
            visitor.page.locator("chain-live p:visible").count() == visitor.page.locator("chain-live").count()
        )
        asked = [url for url in visitor.external if "plotly" in url]
        assert len(asked) == 1  # once a page, however many plots there are


def test_plots_are_drawn_by_scripts_of_the_site(recalled, visit, tmp_path):
    """In both themes; in Material also after a page that has none was left for this one."""
    kinds = [kind for kind in BRINGS if importlib.util.find_spec(kind)]
    if not kinds:
        pytest.skip("neither Plotly nor Bokeh is installed, which bring their scripts")
    project = recalled["material"]
    root = shutil.copytree(project.root, tmp_path / "own")
    own = type(project)(root)
    for kind in kinds:
        path = root / "docs" / "js" / f"{kind}.js"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(Path(importlib.util.find_spec(kind).origin).parents[1] / BRINGS[kind], path)
    named = ", ".join(f"{kind}: js/{kind}.js" for kind in kinds)
    config = (root / "mkdocs.yml").read_text("utf-8")
    own.configure(config.replace("allow_html: yes", f"allow_html: yes, scripts: {{{named}}}"))
    cells = "\n".join(
        f'```autograd\nrecall("{kind}", "{name}")\n```\n' for kind, name in PLOTS if kind in kinds
    )
    own.page("plots.md", f"# Plots\n{(root / 'docs/index.md').read_text('utf-8').split('## ')[0]}\n{cells}")
    own.page("index.md", "# Home\n\n[Plots](plots.md)\n")
    assert own.build("--strict").returncode == 0
    with serve(root / "site") as url:
        visitor = visit(url)
        visitor.page.get_by_role("link", name="Plots").last.click()
        visitor.page.wait_for_selector("chain-live[data-drawn=yes]")
        visitor.page.wait_for_timeout(2000)
        assert {state for _, state in visitor.page.evaluate(DRAWN)} == {"yes"}
        assert visitor.external == []
        assert visitor.console == []


PLOTS = (("plotly", "Figure"), ("plotly", "show()"), ("bokeh", "figure"), ("bokeh", "show(p)"))
