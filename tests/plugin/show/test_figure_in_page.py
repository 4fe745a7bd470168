"""A graph's figure by mouse and by touch: its tools, its frame, what a node tells, what is taken from it."""

from __future__ import annotations

import re

import pytest

from building import first_now
from shown import (
    BOTH,
    HEIGHT,
    IS_NATURAL,
    IS_WHOLE,
    SHOWS_RESULT,
    WIDTH,
    figure,
    frame,
    ready,
    tool,
)

pytestmark = pytest.mark.browser

TOOLS = ("Zoom out", "Zoom in", "Fit", "1:1, natural size", "Full screen", "Save SVG")
IS_FULL = "document.fullscreenElement?.localName === 'chain-rule'"
SAID = ".chainrule-said"


def centre(control) -> tuple[float, float]:
    box = control.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_four_clicks_at_one_spot_zoom_four_times_and_the_frame_keeps_its_height(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    graph = figure(shown)
    graph.scroll_into_view_if_needed()
    box = frame(graph)
    height, width = box.evaluate(HEIGHT), box.evaluate(WIDTH)
    for name, factor in (("Zoom in", 1.25), ("Zoom out", 0.8)):
        spot = centre(tool(graph, name))
        before = box.evaluate(WIDTH)
        for _ in range(4):
            shown.mouse.click(*spot)
        assert box.evaluate(WIDTH) / before == pytest.approx(factor**4, rel=0.01)
        assert box.evaluate(HEIGHT) == height
    assert box.evaluate(WIDTH) == pytest.approx(width, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("width", first_now(360, 1440))
@pytest.mark.parametrize("theme", BOTH)
def test_fit_shows_the_whole_picture_and_natural_size_its_own(visit, address, theme, width):
    shown = ready(visit(f"{address}{theme}/graphs/", width=width))
    for number in range(shown.locator("chain-rule").count()):
        graph = figure(shown, number)
        box, height = frame(graph), frame(graph).evaluate(HEIGHT)
        for _ in range(9):
            tool(graph, "Zoom in").click()
        tool(graph, "Fit").click()
        assert box.evaluate(IS_WHOLE)
        tool(graph, "1:1, natural size").click()
        assert box.evaluate(IS_NATURAL)
        assert box.evaluate(SHOWS_RESULT)
        assert box.evaluate(HEIGHT) == height


@pytest.mark.slow
def test_fit_has_no_lower_limit(visit, address):
    shown = ready(visit(f"{address}plain/second/"))
    graph = figure(shown, -1)
    frame(graph).evaluate("box => { box.style.width = '80px'; }")
    tool(graph, "Fit").click()
    assert frame(graph).evaluate(IS_WHOLE)
    assert frame(graph).evaluate(WIDTH) < 80


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_what_does_not_fit_is_first_seen_at_its_result(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    box = frame(figure(shown, -1))
    assert not box.evaluate(IS_WHOLE)
    assert box.evaluate(SHOWS_RESULT)


@pytest.mark.slow
def test_so_is_what_the_width_of_the_page_turns(visit, address):
    shown = ready(visit(f"{address}plain/graphs/"))
    graph = figure(shown, 1)
    tool(graph, "Zoom in").click()
    height = frame(graph).evaluate(HEIGHT)
    for width, is_tall in ((360, True), (1280, False)):
        shown.set_viewport_size({"width": width, "height": 900})
        shown.wait_for_timeout(300)
        assert frame(graph).evaluate(IS_WHOLE)
        assert (frame(graph).evaluate(HEIGHT) > 2 * height) is is_tall


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_so_is_what_is_hidden_at_first(visit, address, theme):
    shown = visit(f"{address}{theme}/hidden/").page
    shown.locator("details.note > summary").click()
    shown.wait_for_function("document.querySelector('.chainrule-by-mermaid')")
    for number in (0, 1):
        box = frame(figure(shown, number))
        assert box.evaluate(HEIGHT) > 100
        assert not box.evaluate(IS_WHOLE)
        assert box.evaluate(SHOWS_RESULT)


@pytest.mark.parametrize("theme", BOTH)
def test_full_screen_shows_the_whole_graph_and_leaves_again(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    graph = figure(shown, -1)
    before = [frame(graph).evaluate(each) for each in (HEIGHT, WIDTH)]
    tool(graph, "Zoom in").click()
    tool(graph, "Full screen").click()
    shown.wait_for_function(IS_FULL)
    shown.wait_for_function(f"({IS_WHOLE})(document.querySelectorAll('.chainrule-frame')[1])")
    assert frame(graph).evaluate(HEIGHT) > before[0]
    tool(graph, "Leave full screen").click()
    shown.wait_for_function("!document.fullscreenElement")
    shown.wait_for_function(
        f"before => ({HEIGHT})(document.querySelectorAll('.chainrule-frame')[1]) === before", arg=before[0]
    )
    assert frame(graph).evaluate(WIDTH) == before[1]


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_a_mouse_moves_and_zooms_a_graph(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    box = frame(figure(shown, -1))
    box.scroll_into_view_if_needed()
    assert box.evaluate("box => getComputedStyle(box).cursor") == "grab"
    x, y = centre(box)
    left, width = box.evaluate("box => box.scrollLeft"), box.evaluate(WIDTH)
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 120, y)
    shown.mouse.up()
    assert box.evaluate("box => box.scrollLeft") == left - 120
    assert shown.locator(SAID).last.inner_text() == ""  # a move is no question
    shown.keyboard.down("Control")
    shown.mouse.wheel(0, -100)
    shown.keyboard.up("Control")
    shown.wait_for_function(
        f"width => ({WIDTH})([...document.querySelectorAll('.chainrule-frame')].at(-1)) > width", arg=width
    )


@pytest.mark.slow
def test_a_node_tells_all_its_digits_to_who_asks(visit, address):
    shown = ready(visit(f"{address}plain/second/"))
    graph = figure(shown, -1)
    node = graph.locator("g[id]", has=shown.locator("title")).last
    full = node.locator("title").text_content()
    assert re.search(r"\d\.\d{8,}", full)
    node.click()
    told = graph.locator(".chainrule-heard").text_content()
    value, _, gradient = full.partition(", ∂ ")
    assert f" = {value.rpartition(', ')[2]}" in told
    assert f" = {gradient}." in told
    shown.keyboard.press("Escape")
    assert graph.locator(".chainrule-heard").text_content() == ""


@pytest.mark.parametrize("theme", BOTH)
def test_zooms_are_above_the_picture_and_one_is_seen_with_its_views(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/graphs/"))
    graph = figure(shown, 1)
    for name in ("Numbers", "Values", "Layers"):
        choice = graph.get_by_role("radio", name=name)
        choice.click()
        assert frame(graph).count() == 1
        assert graph.locator(".chainrule-view-table:visible").count() == 1
        assert choice.bounding_box()["y"] < frame(graph).bounding_box()["y"]
        # One taller or narrower has its own frame, which holds it.
        tool(graph, "Fit").click()
        assert frame(graph).evaluate(IS_WHOLE)


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
@pytest.mark.parametrize("scheme", first_now("light", "dark"))
def test_a_graph_is_saved_with_its_colours_and_fonts(visit, address, theme, scheme):
    shown = ready(visit(f"{address}{theme}/", color_scheme=scheme))
    looks = """texts => [...texts].map(text => getComputedStyle(text)).map(
      style => [style.fill, style.fontFamily, style.fontWeight, style.fontSize])"""
    for number, selector in ((0, "svg text"), (1, "svg .nodeLabel")):
        with shown.expect_download() as download:
            tool(figure(shown, number), "Save SVG").click()
        svg = download.value.path().read_text("utf-8")
        assert svg.count('xmlns="http://www.w3.org/2000/svg"') >= 1
        here = frame(figure(shown, number)).evaluate(
            f"""box => {{
              const hosts = [...box.querySelectorAll(".chainrule-drawn")];
              const roots = [box, ...hosts.map(host => host.shadowRoot)];
              const texts = roots.flatMap(root => [...root.querySelectorAll("{selector}")]);
              return ({looks})(texts.filter(text => text.getClientRects().length)); }}"""
        )
        alone = visit("about:blank").page
        alone.set_content(svg)
        assert alone.evaluate(f"({looks})(document.querySelectorAll('{selector}'))") == here
        assert here


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_the_texts_of_the_views_are_copied(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/", permissions=["clipboard-read", "clipboard-write"]))
    graph = figure(shown)
    for view, start in (("Mermaid", "graph LR"), ("DOT", "digraph")):
        graph.locator("summary", has_text=view).click()
        fold = graph.locator(f".chainrule-view-{view.lower()}")
        fold.get_by_role("button", name="Copy", exact=True).click()
        text = shown.evaluate("navigator.clipboard.readText()")
        assert text.startswith(start)
        assert text == fold.locator("pre").text_content()
        assert graph.locator(".chainrule-said").inner_text() == "Copied"


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
@pytest.mark.parametrize("words", ["data 2 -> grad -3", "shape=", "a · b"])
def test_what_is_in_a_closed_fold_is_found(visit, address, theme, words):
    """Chromium opens a fold for what is found in it: here by a link to text, which it looks for likewise."""
    page = words.replace(" ", "%20").replace("-", "%2D")
    shown = visit(f"{address}{theme}/#:~:text={page}").page
    shown.wait_for_function("document.querySelector('.chainrule-view[open]')")


def touch(session, kind: str, *points: tuple[float, float]) -> None:
    touched = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


@pytest.mark.slow
def test_two_fingers_zoom_a_graph_and_one_scrolls_it(visit, address):
    shown = ready(visit(f"{address}material/second/", width=360, has_touch=True))
    box = frame(figure(shown, -1))
    box.scroll_into_view_if_needed()
    corner = box.bounding_box()
    x, y = corner["x"] + 160, corner["y"] + 40
    wide, down = box.evaluate(WIDTH), shown.evaluate("scrollY")
    session = shown.context.new_cdp_session(shown)
    touch(session, "touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 11):
        touch(session, "touchMove", (x - 20 - 4 * step, y), (x + 20 + 4 * step, y))
    touch(session, "touchEnd")
    assert box.evaluate(WIDTH) / wide == pytest.approx(3, abs=0.3)
    assert shown.evaluate("[visualViewport.scale, scrollY]") == [1, down]
    left = box.evaluate("box => box.scrollLeft")
    touch(session, "touchStart", (x, y))
    for step in range(1, 11):
        touch(session, "touchMove", (x + 10 * step, y))
    touch(session, "touchEnd")
    shown.wait_for_function(
        "left => [...document.querySelectorAll('.chainrule-frame')].at(-1).scrollLeft < left - 50", arg=left
    )


def tapped(control) -> None:
    """Tap a control that a finger hits."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert min(box["width"], box["height"]) >= 44, (control, box)
    control.tap()


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_every_control_is_tapped_on_a_phone(visit, address, theme):
    options = {"has_touch": True, "is_mobile": True, "permissions": ["clipboard-read", "clipboard-write"]}
    shown = ready(visit(f"{address}{theme}/graphs/", width=360, **options))
    graph = figure(shown, 1)
    for name in ("Numbers", "Layers", "Values"):
        tapped(graph.locator("label", has_text=name))
        assert graph.get_by_role("radio", name=name).is_checked()
    box = frame(graph)
    width = box.evaluate(WIDTH)
    tapped(tool(graph, "Zoom in"))
    assert box.evaluate(WIDTH) > width
    tapped(tool(graph, "Zoom out"))
    assert box.evaluate(WIDTH) == pytest.approx(width, rel=0.1)
    tapped(tool(graph, "Fit"))
    assert box.evaluate(IS_WHOLE)
    tapped(tool(graph, "1:1, natural size"))
    assert box.evaluate(IS_NATURAL)
    tapped(tool(graph, "Full screen"))
    shown.wait_for_function(IS_FULL)
    tapped(tool(graph, "Leave full screen"))
    shown.wait_for_function("!document.fullscreenElement")
    with shown.expect_download():
        tapped(tool(graph, "Save SVG"))
    for view in ("Legend", "Mermaid", "DOT", "Table"):
        fold = graph.locator(f".chainrule-view-{view.lower()}:visible")
        tapped(fold.locator("summary"))
        assert fold.evaluate("fold => fold.open")
        for copy in fold.get_by_role("button", name="Copy", exact=True).all():
            tapped(copy)
            assert shown.evaluate("navigator.clipboard.readText()") == fold.locator("pre").text_content()
        tapped(fold.locator("summary"))
    box.locator("g[id]:visible").last.tap()
    graph.get_by_role("status").filter(has_text="=").first.wait_for(state="attached")


@pytest.mark.slow
def test_tools_do_not_lie_over_anything_else(visit, address):
    shown = ready(visit(f"{address}material/graphs/", width=360, has_touch=True))
    boxes = [tool(figure(shown, 1), name).bounding_box() for name in TOOLS]
    boxes += [label.bounding_box() for label in figure(shown, 1).locator("label").all()]
    boxes.append(frame(figure(shown, 1)).bounding_box())
    for place, a in enumerate(boxes):
        for b in boxes[:place]:
            apart = a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]
            assert apart or a["y"] >= b["y"] + b["height"] or b["y"] >= a["y"] + a["height"]


def test_a_figure_works_without_scripts(visit, address):
    shown = visit(f"{address}plain/graphs/", java_script_enabled=False).page
    graph = figure(shown, 1)
    assert graph.locator(".chainrule-tools").count() == 0
    for name in ("Numbers", "Layers"):
        graph.get_by_role("radio", name=name).click()
        assert frame(graph).count() == 1
    graph.locator("summary", has_text="Table").locator("visible=true").click()
    assert graph.locator("table:visible").count() == 1
