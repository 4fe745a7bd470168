"""Trainings and charts that play: the script draws what the page drew; no script, paper, strangers."""

from __future__ import annotations

import gzip
import itertools
import json
import re

import pytest

from browsing import violations
from mkdocs_chainrule.session.block import REPLAY, Bundle
from mkdocs_chainrule.show import ShowSettings
from mkdocs_chainrule.show.replays.axes import Axes, axes, ticks
from mkdocs_chainrule.show.replays.panels import PanelWriter, looks
from mkdocs_chainrule.show.rich import show_bundle
from replaying import REPLAYS
from shown import BOTH, SCHEMES, figure, ready

PATHS = """figure => [...figure.querySelectorAll(".chainrule-chart svg svg path")]
  .map(path => path.getAttribute("d"))"""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def replay_of(name):
    """The replay that the page of this name shows, made again."""
    found: dict = {}
    exec(REPLAYS[name], found)
    return json.loads(json.dumps(found["shown"].replay().to_json()))


def drawn(replay, frame):
    """The paths that Python draws of a frame, one panel after the other."""
    count, steps = len(replay["frames"]), replay.get("steps", [])
    for panel in replay["panels"]:
        writer = PanelWriter(panel, axes(panel, count, steps), steps, replay.get("ghosts", ()))
        inside = writer.figure(frame).split("<svg ")[-1]
        yield from re.findall(r' d="([^"]*)"', inside)


def alike(one, other):
    """Whether two paths have the same commands, and numbers that differ by rounding alone."""
    numbers = [[float(each) for each in NUMBER.findall(path)] for path in (one, other)]
    return NUMBER.sub("", one) == NUMBER.sub("", other) and all(
        abs(a - b) < 0.11 for a, b in zip(*numbers, strict=True)
    )


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", REPLAYS)
def test_the_script_draws_each_frame_as_python_does(visit, playing, name):
    shown = ready(visit(f"{playing}material/{name}/"))
    replay = replay_of(name)
    last = len(replay["frames"]) - 1
    assert figure(shown).evaluate("figure => figure.player.last") == last
    for frame in sorted({0, 1, last // 3, last // 2, last - 1, last}):
        seen = figure(shown).evaluate(
            f"(figure) => {{ figure.player.to({frame}); return ({PATHS})(figure); }}"
        )
        wanted = list(drawn(replay, frame))
        assert len(seen) == len(wanted)
        for one, other in zip(seen, wanted, strict=True):
            assert alike(one, other), (frame, one, other)


@pytest.mark.browser
@pytest.mark.parametrize("theme", BOTH)
def test_by_keyboard_alone_a_training_is_scrubbed_and_its_outcome_read(visit, playing, theme):
    shown = ready(visit(f"{playing}{theme}/fit/"))
    for _ in range(60):
        shown.keyboard.press("Tab")
        if shown.evaluate("document.activeElement.matches('chain-rule input')"):
            break
    slider = shown.get_by_role("slider", name="Step of the training")
    said = slider.get_attribute("aria-valuetext")
    assert re.fullmatch(r"Step 1,500 of 1,500; loss (.+); largest error 0\.\d+", said)
    shown.keyboard.press("Home")
    first = slider.get_attribute("aria-valuetext")
    assert first.startswith("Step 0 of 1,500; loss ")
    errors = [float(re.search(r"error ([\d.]+)", text)[1]) for text in (first, said)]
    assert errors[0] > 10 * errors[1]
    shown.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext").startswith("Step 1 of 1,500")
    snapshot = figure(shown).aria_snapshot()
    assert "slider" in snapshot
    assert "f(x) / x" in snapshot
    assert (
        sum(shown.evaluate("[...document.querySelectorAll('chain-rule *')].map(e => e.tabIndex >= 0)")) == 2
    )


@pytest.mark.slow
@pytest.mark.browser
def test_the_loss_is_a_timeline_that_can_be_dragged(visit, playing):
    shown = ready(visit(f"{playing}material/fit/"))
    line = shown.locator(".chainrule-timeline").first
    line.scroll_into_view_if_needed()
    box = line.locator("svg svg").bounding_box()
    steps = figure(shown).evaluate(
        "f => JSON.parse(f.querySelector('.chainrule-data').content.textContent).steps"
    )
    middle = box["y"] + box["height"] / 2
    shown.mouse.move(box["x"] + box["width"] * 0.9, middle)
    shown.mouse.down()
    seen = []
    for part in (0.9, 0.6, 0.3, 0.0):
        shown.mouse.move(box["x"] + box["width"] * part, middle)
        seen.append(steps[figure(shown).evaluate("figure => figure.player.at")])
    shown.mouse.up()
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 0
    for part, step in zip((0.9, 0.6, 0.3), seen, strict=False):
        assert abs(step - 1500 * part) < 120
    shown.mouse.move(box["x"] + box["width"] * 0.5, middle)  # no button is held
    assert steps[figure(shown).evaluate("figure => figure.player.at")] == 0


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("theme", BOTH)
def test_without_a_script_and_on_paper_the_outcome_and_four_moments_are_there(visit, playing, theme):
    for name, moments in {"fit": 4, "classes": 4, "chart": 4}.items():
        for options in ({"java_script_enabled": False}, {}):
            shown = visit(f"{playing}{theme}/{name}/", **options).page
            if not options:
                shown.emulate_media(media="print")
            captions = shown.locator(".chainrule-moments figcaption:visible").all_inner_texts()
            assert len(captions) == moments
            sentence = shown.locator(".chainrule-sentence").inner_text()
            assert captions[-1] == sentence
            assert (
                shown.locator(".chainrule-chart > svg:visible").count()
                == {"fit": 4, "classes": 3, "chart": 1}[name]
            )
            assert not shown.locator(".chainrule-player :is(button, input):visible").count()
        assert "accuracy" in sentence if name == "classes" else True


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.usefixtures("playing")
def test_it_plays_from_a_disk(chromium, disk):
    page = chromium.new_page()
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"file://{disk}/plain/classes/index.html")
    page.wait_for_function("document.querySelector('chain-rule').player")
    page.evaluate("document.querySelector('chain-rule').player.to(0)")
    assert page.locator(".chainrule-sentence").inner_text().startswith("Step 0 of 120")
    assert not [text for text in messages if "chainrule" in text]
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_nothing_shifts_from_load_through_every_control(visit, playing):
    for width in (360, 1440):
        visitor = visit(f"{playing}material/fit/", width=width)
        page = visitor.page
        page.evaluate("""() => { window.shift = 0; window.moved = [];
          new PerformanceObserver(list => list.getEntries().forEach(e => {
            shift += e.value;
            moved.push([e.value, ...e.sources.map(s => [s.node?.className, s.previousRect, s.currentRect])]);
          }))
            .observe({type: "layout-shift", buffered: true}); }""")
        shown = ready(visitor)
        for name in ("First", "Forward", "Back", "Last", "Speed", "Play"):
            button = figure(shown).locator(".chainrule-tools").get_by_role("button", name=name).first
            button.dispatch_event("click")
            shown.wait_for_timeout(120)
        assert page.evaluate("shift") <= 0.01, page.evaluate("moved")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_axe_finds_nothing_in_any_state(visit, playing, theme):
    for name in (*REPLAYS, "second"):
        shown = ready(visit(f"{playing}{theme}/{name}/", reduced_motion="reduce"))
        for scheme, frame in itertools.product(("light", "dark"), (0, 5)):
            shown.evaluate(SCHEMES[theme], scheme)
            figure(shown).evaluate(f"figure => figure.player.to({frame})")
            shown.evaluate(
                "document.querySelectorAll('.chainrule-fold').forEach(fold => { fold.open = true; })"
            )
            shown.wait_for_timeout(300)
            assert violations(shown) == []


@pytest.mark.browser
@pytest.mark.slow
def test_in_full_screen_a_presenters_remote_steps_and_words_can_be_read_from_afar(visit, playing):
    shown = ready(visit(f"{playing}material/fit/"))
    figure(shown).get_by_role("button", name="Full screen").click()
    shown.wait_for_function("document.fullscreenElement")
    figure(shown).evaluate("figure => figure.player.to(7)")
    shown.keyboard.press("PageDown")
    assert figure(shown).evaluate("figure => figure.player.at") == 8
    shown.keyboard.press("PageUp")
    assert figure(shown).evaluate("figure => figure.player.at") == 7
    size = "getComputedStyle(document.querySelector('.chainrule-sentence')).fontSize"
    assert float(shown.evaluate(size).removesuffix("px")) >= 24
    assert shown.evaluate("document.querySelector('chain-rule').scrollHeight <= innerHeight + 1")


@pytest.mark.parametrize("name", REPLAYS)
def test_the_data_of_a_replay_is_small(name):
    text = json.dumps(replay_of(name), separators=(",", ":"))
    assert len(gzip.compress(text.encode(), 9)) <= 15_000
    html = show_bundle(bundle(replay_of(name)), ShowSettings())
    [told] = re.findall(r'<template class="chainrule-data">(.*?)</template>', html)
    assert len(gzip.compress(told.encode(), 9)) <= 15_000
    assert "<" not in told


def bundle(replay):
    picture = '<svg xmlns="http://www.w3.org/2000/svg"><text>the picture</text></svg>'
    return Bundle({REPLAY: replay, "image/svg+xml": picture, "text/plain": "It"})


def old():
    """A replay as it was written before there were more than one kind of line."""
    lines = [
        {
            "name": "loss",
            "mark": "line",
            "x": [0, 1, 2],
            "y": [3, 2, 1],
            "spans": [[0, 0], [0, 1], [0, 2], [0, 3]],
        }
    ]
    return {
        "version": 1,
        "title": "",
        "frames": ["step 0", "step 1", "step 2", "step 3"],
        "panels": [{"x": "step", "y": "loss", "log": True, "static": True, "layers": lines}],
    }


@pytest.mark.slow
def test_a_replay_of_the_first_version_plays():
    assert "chainrule-player" in show_bundle(bundle(old()), ShowSettings())


@pytest.mark.parametrize(
    "change",
    [
        {"version": 3},
        {"frames": ["one", "two"]},
        {"frames": 7},
        {"panels": []},
        {"panels": [{"x": "x"}]},
        {
            "panels": [
                {
                    "x": "x",
                    "y": "y",
                    "log": False,
                    "layers": [{"name": "a", "mark": "line", "x": ["a"], "y": [1]}],
                }
            ]
        },
        {"figures": {"loss": [1]}},
        {"title": None, "panels": None},
    ],
)
def test_what_is_no_replay_is_its_picture(change):
    html = show_bundle(bundle({**old(), **change}), ShowSettings())
    assert "chainrule-replay" not in html
    assert "the picture" in html


def test_what_a_stranger_wrote_is_text():
    evil = '"><img src=x onerror=alert(1)><script>'
    replay = old()
    replay["frames"] = [evil] * 4
    replay["title"] = evil
    replay["panels"][0] |= {"x": evil, "y": evil}
    replay["panels"][0]["layers"] = [{**replay["panels"][0]["layers"][0], "name": evil}] * 2
    html = show_bundle(bundle(replay), ShowSettings())
    assert "chainrule-replay" in html
    assert "<img" not in html
    assert "<script" not in html


def test_axes_hold_all_frames_but_not_what_flew_away():
    layer = {"name": "model", "mark": "line", "x": [0, 1], "y": [0, 1], "frames": [[0, 500], [0, 2], [0, 1]]}
    found = axes({"log": False, "layers": [layer]}, 3, [])
    assert found.low == pytest.approx(-0.08)
    assert found.high == pytest.approx(2.08)


def test_a_loss_that_grew_as_far_as_numbers_go_has_ticks_and_room_for_them():
    loss = {"name": "loss", "mark": "line", "x": [0, 1], "y": [5e-324, 1e299], "spans": [[0, 1], [0, 2]]}
    panel = {"x": "step", "y": "loss", "log": True, "timeline": True, "layers": [loss]}
    wide = axes(panel, 2, [0, 1])
    assert all(0 < tick < float("inf") for tick in wide.y_ticks())
    written = PanelWriter(panel, wide, [0, 1], ()).figure(1)
    across = [float(x) for x in re.findall(r'<text x="([^"]+)"[^>]*text-anchor="middle"', written)]
    assert len({*across}) == len(across) == len(wide.x_ticks())
    flat = PanelWriter(panel | {"log": False}, axes(panel | {"log": False}, 2, [0, 1]), [0, 1], ()).figure(1)
    assert 'textLength="42">5×10²⁹⁸<' in flat


def test_what_flew_away_is_drawn_no_farther_than_an_eye_follows():
    layer = {"name": "model", "mark": "line", "x": [0, 1], "y": [0, 1]}
    flown = {**layer, "frames": [[0, 1e200], [None, -1e290], [0, 2], [0, 1]]}
    panel = {"x": "x", "y": "y", "log": False, "layers": [flown]}
    writer = PanelWriter(panel, axes(panel, 4, []), [], (0, 1))
    for frame in range(4):
        assert all(abs(float(each)) < 1e4 for each in NUMBER.findall(writer._line(flown, frame)))


def test_pieces_of_a_network_that_exploded_are_gone_and_the_rest_plays():
    replay = replay_of("fit")
    piece = replay["panels"][1]["layers"][0]["piece"]
    piece["frames"][-1] = [None, 1.0, 1e299]
    piece["frames"][-2] = [1e299, 1e299, 1e299]
    piece["frames"][-3] = [1e-299, None, 1.0]
    assert "chainrule-replay" in show_bundle(bundle(replay), ShowSettings())
    writer = PanelWriter(replay["panels"][1], axes(replay["panels"][1], 3, []), [], ())
    for frame in (-1, -2, -3):
        assert "inf" not in writer.figure(frame)
        assert "nan" not in writer.figure(frame)


def test_ticks_far_from_zero_are_told_apart():
    layer = {"name": "", "mark": "line", "x": [1e6, 1e6 + 8], "y": [1.0001, 1.0009]}
    panel = {"x": "x", "y": "y", "log": False, "layers": [layer]}
    written = PanelWriter(panel, axes(panel, 1, []), [], ()).figure(0)
    texts = re.findall(r">([^<>]+)</text>", written)[:-1]
    assert len({*texts}) == len(texts) >= 5
    assert "1.0002" in texts


def test_what_has_one_place_only_is_seen():
    same = {"name": "a", "mark": "line", "x": [1, 1, 1, 2], "y": [2, 2, None, 3]}
    panel = {"x": "x", "y": "y", "log": False, "layers": [same]}
    written = PanelWriter(panel, axes(panel, 1, []), [], ()).figure(0)
    assert re.search(r'd="M[\d. ]+h4M[\d. ]+h4"', written)


def test_ticks_are_round_and_few():
    for low, high in [(0, 1), (-3, 3), (0, 1500), (1e-9, 3e-9), (12345, 12346), (-1e6, 5)]:
        found = ticks(low, high)
        assert 2 <= len(found) <= 6
        assert all(low <= tick <= high for tick in found)
    assert Axes(0, 1, -4.2, 0.3, is_log=True).y_ticks() == [1e-4, 1e-3, 1e-2, 1e-1, 1]
    assert len(Axes(0, 1, -40, 0, is_log=True).y_ticks()) <= 6


def test_no_two_lines_look_alike_nor_differ_by_colour_alone():
    lines = [{"name": str(number), "mark": "line"} for number in range(12)]
    found = looks({"layers": lines})
    assert len(set(found)) == 12
    classes = [{"name": str(number), "mark": "points", "wrong": []} for number in range(5)]
    assert len({look.shape for look in looks({"layers": classes})}) == 5


@pytest.mark.browser
@pytest.mark.slow
def test_a_chart_has_frames_and_a_training_steps(visit, playing):
    for page, name in (("chart", "Frame"), ("fit", "Step of the training")):
        shown = ready(visit(f"{playing}material/{page}/"))
        assert shown.get_by_role("slider", name=name, exact=True).count() == 1


KEPT = "figure => [...figure.querySelectorAll('.chainrule-kept')].map(path => path.getAttribute('d'))"


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", ["fit", "classes"])
def test_a_picture_is_kept_below_another_by_keyboard_and_said(visit, playing, name):
    shown = ready(visit(f"{playing}material/{name}/"))
    slider = shown.get_by_role("slider")
    slider.press("Home")
    layers = KEPT.replace(".chainrule-kept", "path[data-layer]")
    first = figure(shown).evaluate(layers)
    slider.press("Enter")
    slider.press("End")
    kept = figure(shown).evaluate(KEPT)
    assert kept
    assert set(kept) <= set(first)
    assert figure(shown).evaluate(layers) != first
    said = slider.get_attribute("aria-valuetext")
    assert re.match(r"Step ([\d,]+) of \1; .*\. Dashed: Step 0 of \1; ", said)
    assert shown.get_by_role("button", name="Keep").get_attribute("aria-pressed") == "true"
    assert violations(shown) == []
    slider.press("Enter")
    assert figure(shown).evaluate(KEPT) == []
    assert "Dashed" not in slider.get_attribute("aria-valuetext")


@pytest.mark.slow
@pytest.mark.browser
def test_two_presses_on_the_loss_lay_one_picture_over_the_other(visit, playing):
    shown = ready(visit(f"{playing}material/fit/"))
    line = shown.locator(".chainrule-timeline").first
    line.scroll_into_view_if_needed()
    box = line.locator("svg svg").bounding_box()
    for part in (0.2, 0.8):
        assert figure(shown).evaluate(KEPT) == []
        shown.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
    assert figure(shown).evaluate(KEPT) != []
    said = shown.get_by_role("slider").get_attribute("aria-valuetext")
    now, before = (int(each.replace(",", "")) for each in re.findall(r"Step ([\d,]+) of", said))
    assert before < 600 < now


@pytest.mark.slow
@pytest.mark.browser
def test_trainings_of_a_block_go_together(visit, playing):
    shown = ready(visit(f"{playing}material/both/"))
    one, other = shown.get_by_role("slider").all()
    step = "element => +element.getAttribute('aria-valuetext').match(/Step (\\d+)/)[1]"
    assert [one.evaluate(step), other.evaluate(step)] == [30, 60]
    other.press("Home")
    assert [one.evaluate(step), other.evaluate(step)] == [0, 0]
    for _ in range(4):
        one.press("ArrowRight")
    assert abs(one.evaluate(step) - other.evaluate(step)) <= 1
    assert one.evaluate(step) > 0


def test_a_neuron_of_relu_has_a_tick_where_it_wakes_up():
    ticks_ = [path for path in drawn(replay_of("fit"), -1) if path.endswith("v10")]
    assert 0 < len(ticks_) <= 4
