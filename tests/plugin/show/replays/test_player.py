"""What plays, in the browser: by keyboard, by buttons, on leaving the page, without a script."""

from __future__ import annotations

import itertools

import pytest

from shown import BOTH, TEXT_SIZES, figure, ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEEN = "figure => [...figure.querySelectorAll('.chainrule-frames > figure')].map(f => !!f.offsetWidth)"
PLAYING = "figure => !!figure.player.timer"


def slider(shown, number=0):
    return figure(shown, number).get_by_role("slider")


def at(shown, number=0):
    """The number of the one frame that is seen."""
    seen = figure(shown, number).evaluate(SEEN)
    assert seen.count(True) == 1
    return seen.index(True)


@pytest.mark.parametrize("theme", BOTH)
def test_it_begins_with_its_last_frame_and_rests_there(visit, playing, theme):
    shown = ready(visit(f"{playing}{theme}/"))
    shown.wait_for_timeout(600)
    assert at(shown) == 9
    assert slider(shown).get_attribute("aria-valuetext") == "Frame 10 of 10"
    assert figure(shown).locator(".chainrule-sentence").inner_text() == "Frame 10 of 10"


def test_keys_step_and_play(visit, playing):
    shown = ready(visit(f"{playing}material/"))
    slider(shown).focus()
    for key, frame in {
        "Home": 0,
        "ArrowRight": 1,
        "PageDown": 2,
        "PageUp": 1,
        "End": 9,
        "ArrowLeft": 8,
    }.items():
        shown.keyboard.press(key)
        assert at(shown) == frame
        assert slider(shown).get_attribute("aria-valuetext") == f"Frame {frame + 1} of 10"
    assert at(shown, 1) == 9  # the other figure of the page stays as it is
    shown.keyboard.press("Home")
    shown.keyboard.press("Space")
    assert figure(shown).evaluate(PLAYING)
    shown.wait_for_function("document.querySelector('chain-rule').player.at > 2")
    shown.keyboard.press("Space")
    assert not figure(shown).evaluate(PLAYING)
    assert 2 < at(shown) <= 9


def test_it_plays_to_its_end_and_says_a_sentence_in_three_seconds(visit, playing):
    shown = ready(visit(f"{playing}material/"))
    shown.evaluate("""() => {
      window.heard = [];
      const seen = new MutationObserver(() => heard.push([performance.now(), spoken.textContent]));
      const spoken = document.querySelector(".chainrule-heard");
      seen.observe(spoken, {childList: true});
      document.querySelector("chain-rule").player.pace = 700;
    }""")
    play = figure(shown).get_by_role("button", name="Play", exact=True)
    play.click()
    assert figure(shown).get_by_role("button", name="Pause").is_visible()
    shown.wait_for_function("!document.querySelector('chain-rule').player.timer")
    assert at(shown) == 9
    heard = shown.evaluate("heard")
    assert heard[0][1] == "Frame 1 of 10"
    assert heard[-1][1] == "Frame 10 of 10"
    assert all(b[0] - a[0] > 2950 for a, b in itertools.pairwise(heard))
    assert play.is_visible()


def test_buttons_step_and_change_the_pace(visit, playing):
    shown = ready(visit(f"{playing}material/"))
    for name, frame in {"First": 0, "Forward": 1, "Last": 9, "Back": 8}.items():
        figure(shown).get_by_role("button", name=name, exact=True).click()
        assert at(shown) == frame
    speed = figure(shown).get_by_role("button", name="Speed")
    shown_speeds = []
    for _ in range(3):
        speed.click()
        shown_speeds.append(speed.inner_text())
    assert shown_speeds == ["2×", "½×", "1×"]


def test_who_wants_no_motion_gets_the_next_frame(visit, playing):
    shown = ready(visit(f"{playing}material/", reduced_motion="reduce"))
    next_one = figure(shown).get_by_role("button", name="Next")
    next_one.click()
    assert (at(shown), figure(shown).evaluate(PLAYING)) == (0, False)
    next_one.click()
    assert at(shown) == 1


def test_a_figure_that_is_left_while_it_plays_stops(visit, playing):
    shown = ready(visit(f"{playing}material/"))
    figure(shown).get_by_role("button", name="Play", exact=True).click()
    shown.evaluate("window.left = document.querySelector('chain-rule')")
    shown.get_by_role("link", name="Second").first.click()
    shown.wait_for_function("document.querySelector('h1').textContent.startsWith('Second')")
    assert shown.evaluate("[!!left.isConnected, left.player.timer]") == [False, 0]
    before = shown.evaluate("left.player.at")
    shown.get_by_role("link", name="First").first.click()
    shown.wait_for_function("document.querySelector('h1').textContent.startsWith('First')")
    assert shown.locator("chain-rule").count() == shown.locator(".chainrule-player input").count() == 2
    assert shown.locator("[role=status]").count() == 4  # what is said, and what is heard, of each
    shown.wait_for_timeout(500)
    assert shown.evaluate("left.player.at") == before


@pytest.mark.parametrize("theme", BOTH)
def test_without_a_script_and_on_paper_four_moments_stand_side_by_side(visit, playing, theme):
    for options in ({"java_script_enabled": False}, {}):
        shown = visit(f"{playing}{theme}/second/", **options).page
        if not options:
            shown.emulate_media(media="print")
        names = shown.locator(".chainrule-frames figcaption:visible").all_inner_texts()
        assert names == ["Frame 1 of 10", "Frame 4 of 10", "Frame 7 of 10", "Frame 10 of 10"]
        assert shown.locator(".chainrule-sentence").inner_text() == "Frame 10 of 10"
        assert not shown.locator(".chainrule-player button:visible").count()


def test_controls_have_their_place_before_they_come(visit, playing):
    for width in (360, 1440):
        for touch in (False, True):
            page = visit(f"{playing}material/", width=width, has_touch=touch, is_mobile=touch).page
            height = "document.querySelector('.chainrule-player').getBoundingClientRect().height"
            with_script = page.evaluate(height)
            blocked = page.evaluate(f"""() => {{
              document.querySelectorAll(".chainrule-player > :not(p)").forEach(each => each.remove());
              return {height};
            }}""")
            assert abs(with_script - blocked) < 1, (width, touch)


def test_replay_no_shows_the_final_picture(visit, playing):
    shown = visit(f"{playing}material/still/").page
    assert not shown.locator("chain-rule").count()
    assert shown.locator(".chainrule-plot svg[role=img]").count() == 1


def test_large_frames_are_files_that_are_there_when_it_plays(visit, playing):
    visitor = visit(f"{playing}material/large/")
    shown = ready(visitor)
    assert shown.locator(".chainrule-frames img").count() == 10
    asked = [url for url in visitor.asked if url.endswith(".svg")]
    assert len(asked) <= 1  # the one that is seen
    slider(shown).focus()
    shown.wait_for_function(
        "[...document.querySelectorAll('.chainrule-frames img')].every(i => i.complete && i.naturalWidth)"
    )
    shown.keyboard.press("Home")
    assert at(shown) == 0


def test_text_in_a_panel_is_never_under_eleven_pixels(visit, playing):
    for width in (360, 500, 768, 1000, 1440):
        shown = ready(visit(f"{playing}material/fit/", width=width))
        assert min(shown.evaluate(TEXT_SIZES)) >= 10.95
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
