"""Figures by keyboard alone, magnified, in forced colours and in a large font; and what axe says of them."""

from __future__ import annotations

import pytest

from browsing import violations
from shown import (
    BOTH,
    IS_WHOLE,
    SCHEMES,
    SHOWS_RESULT,
    TEXT_SIZES,
    WIDTH,
    figure,
    frame,
    ready,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOCUSED = """() => {
  const e = document.activeElement;
  return e.ariaLabel || e.value && e.labels?.[0]?.textContent || e.textContent;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("page", ["", "second/", "still/", "broken/", "graphs/"])
@pytest.mark.parametrize("theme", BOTH)
def test_axe_finds_nothing(visit, address, theme, page):
    shown = ready(visit(f"{address}{theme}/{page}", reduced_motion="reduce"))
    for is_open in (False, True):
        folds = "document.querySelectorAll('.chainrule-fold').forEach(fold => { fold.open = open; })"
        shown.evaluate(f"open => {folds}", is_open)
        shown.wait_for_timeout(500)  # Mermaid draws
        for scheme in ("light", "dark"):
            shown.evaluate(SCHEMES[theme], scheme)
            shown.wait_for_timeout(300)  # the themes fade
            assert violations(shown) == [], (scheme, is_open)


@pytest.mark.slow
@pytest.mark.parametrize("times", [2, 4])
@pytest.mark.parametrize("theme", BOTH)
def test_a_page_magnified_is_read_and_used(visit, address, theme, times):
    """What a browser's zoom of 200 % and 400 % makes of a window of 1,440 pixels."""
    visitor = visit(f"{address}{theme}/graphs/", width=1440 // times, device_scale_factor=times)
    shown = ready(visitor)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1440 // times
    assert min(shown.evaluate(TEXT_SIZES)) >= 10.95
    assert violations(shown) == []
    for number in range(shown.locator("chain-rule").count()):
        graph = figure(shown, number)
        for control in graph.locator(".chainrule-tools button").all():
            control.click(trial=True)
        graph.get_by_role("button", name="Fit", exact=True).click()
        assert frame(graph).evaluate(IS_WHOLE)


@pytest.mark.parametrize("theme", BOTH)
def test_a_picture_grows_with_the_font_of_its_reader(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/"))
    size = """() => {
      const texts = [...document.querySelectorAll("chain-rule svg text")];
      const text = texts.find(each => each.getClientRects().length);
      return parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d;
    }"""
    before, root = shown.evaluate(
        f"[({size})(), parseFloat(getComputedStyle(document.documentElement).fontSize)]"
    )
    shown.add_style_tag(content="html { font-size: 32px !important }")
    grown = shown.evaluate(size) / before
    assert (
        11 / 12 * 32 / root - 0.02 <= grown <= 32 / root + 0.02
    )  # it shrinks a little where that makes it fit
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("theme", BOTH)
def test_forced_colours_tell_what_is_chosen_and_where_nodes_are(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/graphs/", forced_colors="active"))
    graph = figure(shown, 1)
    tabs = graph.locator(".chainrule-zooms input").evaluate_all(
        """inputs => inputs.map(input => {
          const style = getComputedStyle(input.nextElementSibling);
          return [input.checked, style.borderBottomColor];
        })"""
    )
    edges = dict(tabs)
    assert edges[True] != edges[False]
    colours = frame(graph).evaluate(
        """box => {
          const svgs = [...box.querySelectorAll("svg[role=img]")];
          const svg = svgs.find(each => each.getClientRects().length);
          const style = each => getComputedStyle(svg.querySelector(each));
          const [text, rect] = ["g[id] text", "g[id] > rect"].map(style);
          const canvas = document.createElement("div");
          canvas.style.cssText = "background: Canvas; color: CanvasText";
          document.body.append(canvas);
          const {backgroundColor, color} = getComputedStyle(canvas);
          return {text: text.fill, fill: rect.fill, stroke: rect.stroke, ground: backgroundColor, ink: color};
        }"""
    )
    assert colours["text"] == colours["ink"]
    assert colours["fill"] == colours["ground"]
    assert colours["stroke"] != colours["ground"]


def stops(shown) -> dict[int, list[str]]:
    """What a reader who walks through the page by Tab comes to in each figure, by its number."""
    found: dict[int, list[str]] = {}
    for _ in range(400):
        shown.keyboard.press("Tab")
        number, name, is_end = shown.evaluate(
            f"""() => [[...document.querySelectorAll("chain-rule")].indexOf(
              document.activeElement.closest("chain-rule")),
              ({FOCUSED})(), document.activeElement === document.body]"""
        )
        if is_end and found:
            break
        if number >= 0:
            found.setdefault(number, []).append(name)
    return found


@pytest.mark.parametrize("theme", BOTH)
def test_a_figure_has_three_tab_stops(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/graphs/"))
    found = stops(shown)
    assert len(found) == shown.locator("chain-rule").count()
    for names in found.values():
        assert len(names) == 3
        assert any(name.endswith("arrow keys tell its values") for name in names)
        assert names[-1] == "Legend"


@pytest.mark.parametrize("theme", BOTH)
def test_arrow_keys_walk_along_the_tools_zooms_among_them(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/graphs/"))
    graph = figure(shown, 1)
    graph.get_by_role("radio", name="Numbers").focus()
    walked = []
    for _ in range(9):
        walked.append(shown.evaluate(FOCUSED))
        shown.keyboard.press("ArrowRight")
    tools = ["Zoom out", "Zoom in", "Fit", "1:1, natural size", "Full screen", "Save SVG"]
    assert walked == ["Numbers", "Values", "Layers", *tools]
    assert shown.evaluate(FOCUSED) == "Numbers"  # the last leads to the first
    assert graph.get_by_role("radio", name="Layers").is_checked()  # who passes by chooses nothing
    shown.keyboard.press("Space")
    assert graph.get_by_role("radio", name="Numbers").is_checked()
    assert shown.evaluate(FOCUSED) == "Numbers"
    shown.keyboard.press("End")
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("Enter")
    shown.wait_for_function("document.fullscreenElement")
    shown.keyboard.press("Enter")
    shown.wait_for_function("!document.fullscreenElement")
    shown.keyboard.press("Tab")
    shown.keyboard.press("Shift+Tab")
    assert shown.evaluate(FOCUSED) == "Full screen"
    assert graph.get_by_role("toolbar").count() == 1


@pytest.mark.parametrize("theme", BOTH)
def test_a_picture_is_zoomed_and_asked_by_keyboard(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/", reduced_motion="reduce"))  # else the page glides
    graph = figure(shown, -1)
    box, said = frame(graph), graph.locator(".chainrule-said")
    box.focus()
    down = shown.evaluate("scrollY")
    shown.keyboard.press("0")
    width = box.evaluate(WIDTH)
    shown.keyboard.press("+")
    assert box.evaluate(WIDTH) == pytest.approx(1.25 * width, rel=0.01)
    assert said.inner_text() == "Zoom 125 %"
    shown.keyboard.press("-")
    shown.keyboard.press("-")
    assert box.evaluate(WIDTH) == pytest.approx(0.8 * width, rel=0.01)
    shown.keyboard.press("0")
    assert box.evaluate(WIDTH) == pytest.approx(width, rel=0.01)
    told = []
    for key in ("ArrowRight", "ArrowLeft", "Home", "End"):
        shown.keyboard.press(key)
        told.append(said.inner_text())
        assert graph.locator(".chainrule-chosen").count() == 1
    assert told[0] == told[3]  # it begins at the result
    assert len(set(told)) == 3
    assert box.evaluate(SHOWS_RESULT)
    assert shown.evaluate("scrollY") == down
    shown.keyboard.press("Escape")
    assert said.inner_text() == ""
    assert graph.locator(".chainrule-chosen").count() == 0


def test_keys_of_the_theme_stop_at_a_figure(visit, address):
    shown = ready(visit(f"{address}material/second/"))
    search = shown.locator("[data-md-toggle=search]")
    graph = figure(shown)
    for place in (frame(graph), graph.get_by_role("button", name="Fit"), graph.locator("summary").first):
        place.focus()
        for key in ("s", "n", "p", "/", ",", ".", "f"):
            shown.keyboard.press(key)
            shown.wait_for_timeout(50)
            assert not search.is_checked()
            if shown.evaluate("document.fullscreenElement"):
                shown.evaluate("document.exitFullscreen()")
    assert shown.evaluate("document.querySelector('h1').textContent").startswith("Second")
    shown.evaluate("document.activeElement.blur()")
    shown.keyboard.press("s")  # as without us elsewhere
    shown.wait_for_function("document.querySelector('[data-md-toggle=search]').checked")


@pytest.mark.parametrize("theme", BOTH)
def test_views_are_opened_by_keyboard(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/", permissions=["clipboard-read", "clipboard-write"]))
    graph = figure(shown)
    graph.locator("summary").first.focus()
    names = []
    for _ in range(4):
        names.append(shown.evaluate(FOCUSED))
        shown.keyboard.press("ArrowRight")
    assert names == ["Legend", "Mermaid", "DOT", "Table"]
    shown.keyboard.press("End")
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("Enter")
    assert graph.locator(".chainrule-view-dot").evaluate("fold => fold.open")
    shown.keyboard.press("Tab")
    assert shown.evaluate(FOCUSED) == "Copy"
    shown.keyboard.press("Enter")
    shown.wait_for_function("document.querySelector('.chainrule-said').textContent === 'Copied'")
    assert shown.evaluate("navigator.clipboard.readText()").startswith("digraph")
