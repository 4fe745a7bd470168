"""Each state of what is alive: nothing that axe finds, that shifts, sticks out, complains or asks away."""

from __future__ import annotations

import pytest

from browsing import SHIFT, violations
from building import first_now
from shown import BOTH, SCHEMES, THEIRS, figure, ready

pytestmark = pytest.mark.browser


def asked(graph, *names):
    for name in names:
        group = f".chainrule-picture g[id]:visible:has(text:text-is('{name}'))"
        graph.locator(group).first.click()
        graph.locator(".chainrule-seen:not(:empty)").first.wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("width", first_now(360, 1440))
@pytest.mark.parametrize("theme", BOTH)
@pytest.mark.parametrize("page", ["", "steps/"])
def test_every_state_is_sound(visit, alive, theme, width, page):
    visitor = visit("about:blank", width=width, reduced_motion="reduce")
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{alive}{theme}/{page}")
    shown = ready(visitor)
    for number, names in enumerate([["a"]] if page else [["a", "L"], ["a"], ["W", "loss"]][:2]):
        asked(figure(shown, number), *names)
    if page:
        for key in ("Home", "PageDown", "ArrowRight"):
            figure(shown, 0).get_by_role("slider").press(key)
    shown.wait_for_timeout(300)
    assert (shown.evaluate("window.shift") or 0) <= 0.01
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        shown.evaluate(SCHEMES[theme], scheme)
        shown.wait_for_timeout(300)  # the themes fade
        assert violations(shown) == []
    assert [error for error in visitor.console if error not in THEIRS] == []
    assert visitor.external == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_what_plays_stops_where_its_page_is_left(visit, alive, theme):
    visitor = visit(f"{alive}{theme}/steps/")
    shown = ready(visitor)
    shown.evaluate(
        """() => { window.waiting = new Set(); const [set, clear] = [setTimeout, clearTimeout];
        window.setTimeout = (f, ms) => { const id = set(() => { waiting.delete(id); f(); }, ms);
          if (ms > 500) waiting.add(id); return id; };
        window.clearTimeout = id => { waiting.delete(id); clear(id); }; }"""
    )
    figure(shown, 0).get_by_role("button", name="First").click()
    figure(shown, 0).get_by_role("button", name="Play").click()
    assert shown.evaluate("waiting.size") == 1
    shown.get_by_role("link", name="Graphs").last.click()
    shown.wait_for_selector("h1:has-text('Graphs')")
    if theme == "material":  # the same window
        shown.wait_for_timeout(2000)
        assert shown.evaluate("waiting.size") == 0
    shown.go_back()
    shown.wait_for_selector("h1:has-text('Steps')")
    again = ready(visitor)
    assert figure(again, 0).get_by_role("slider").count() == 1
    assert figure(again, 0).locator(".chainrule-tag").count() == 0
