"""Nudge and descend, as readers use them: by keyboard alone, by what is heard, on a phone, on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from browsing import SHIFT, violations
from shown import BOTH, SCHEMES, TREE, figure, ready, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOVED = TREE.replace("{options}", ' graph="nudge"')
NEURON = """
```autograd
import numpy as np

x1, x2 = Value(2.0), Value(0.0)
w1, w2 = Value(-3.0), Value(1.0)
bias = Value(6.8813735870195432)
n = x1 * w1 + x2 * w2 + bias
o = np.tanh(n)
o.backward()
```
"""
EDGES = """
```autograd graph="nudge"
from chainrule import relu

x = Value(0.5)
(relu(x - 0.5) + np.log(x) + x).backward()
```

```autograd graph="nudge"
y, w = Value(2.0), Value(0.5)
(relu(y) * w + y**2).backward()
```
"""
RESTING = """
```autograd graph="nudge"
v = Value(np.ones((3, 2)))
(v * v).sum().backward()
```

```autograd graph="nudge" zoom="tensor"
big = Value(np.ones((30, 20)))
(big * big).sum().backward()
```

```autograd graph="nudge"
from scipy.special import erf
erf(Value(0.5)).backward()
```

```autograd graph="nudge"
many = Value(0.0)
for k in range(70):
    many = many * 0.5 + k
many
```

```autograd graph="nudge"
import random
choose, values = random.Random(1), [Value(1.0 + k) for k in range(6)]
for _ in range(40):
    values.append(choose.choice(values[-6:]) * choose.choice(values[-9:]) + choose.choice(values[:6]) * 0.1)
sum(values[7:], values[6])
```
"""
LARGE = """
```autograd graph="nudge"
from chainrule import Value

weights = [Value(0.1 * k, label=f"w{k}") for k in range(20)]
inputs = [Value(1.0 + k, label=f"x{k}") for k in range(4)]
L = sum((inputs[k % 4] * w for k, w in enumerate(weights[:10])), weights[10]) * sum(weights[11:], weights[0])
L.backward()
```
"""
PAGES = {
    "large.md": f"# Large\n{LARGE}",
    "index.md": f"# First\n{MOVED}{NEURON}\n[Second](second.md)\n",
    "second.md": f"# Second\n{MOVED}{NEURON}{EDGES}{RESTING}\n[First](index.md)\n",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory, PAGES, warned="moves nothing here") as url:
        yield url


def panel(shown, number=0):
    return figure(shown, number).locator(".chainrule-nudge")


def slider(within, name):
    return within.get_by_role("slider", name=name, exact=True)


def press(shown, key, times=1):
    for _ in range(times):
        shown.keyboard.press(key)


def numbers(shown, name, number=0):
    """What the picture writes of a value: its name, its value, its gradient, and by how much it moved."""
    texts = figure(shown, number).locator("svg:visible g[id]", has_text=re.compile(f"^{name}")).first
    return texts.locator("text").all_text_contents()


@pytest.mark.parametrize("theme", BOTH)
def test_a_leaf_is_nudged_by_keyboard_and_heard(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/"))
    a = slider(panel(shown), "a")
    a.focus()
    press(shown, "ArrowRight", 5)  # of a range of 8 in hundredths
    assert a.get_attribute("aria-valuetext") == "a, 2.4. L minus 5.6, up 2.4; the gradient promised 2.4"
    assert numbers(shown, "a") == ["a", "2.4", "∂ 6", "Δ +0.4"]
    assert numbers(shown, "L") == ["L", "−5.6", "∂ 1", "Δ +2.4"]
    panel(shown).get_by_role("button", name="Reset").click()
    assert numbers(shown, "a") == ["a", "2", "∂ 6", ""]


def test_an_inner_node_is_moved_itself_and_what_made_it_rests(visit, address):
    shown = ready(visit(f"{address}material/"))
    figure(shown).locator(".chainrule-frame").focus()
    press(shown, "End")
    press(shown, "ArrowLeft", 2)  # to the product, and to d
    press(shown, "Enter")
    press(shown, "Tab")
    d = slider(panel(shown), "d")
    assert d.evaluate("each => each === document.activeElement")
    press(shown, "ArrowRight")
    assert d.get_attribute("aria-valuetext").startswith("d, 4.16. L minus 8.32, down 0.32;")
    assert numbers(shown, "d")[:2] == ["d", "4.16"]
    told = panel(shown).locator(".chainrule-row small").all_text_contents()
    assert told == ["held; ∂ −2", *["no effect: d is held"] * 3, "∂ 4.16"]


@pytest.mark.parametrize("rate", ["0.01", "1"])
def test_twenty_steps_are_taken_and_their_outcome_is_read(visit, address, rate):
    visitor = visit(f"{address}material/")
    shown = ready(visitor)
    panel(shown).get_by_role("spinbutton", name="Rate").focus()
    press(shown, "Control+a")
    shown.keyboard.type(rate)
    press(shown, "Tab", 2)
    press(shown, "Enter", 2)  # ten, and ten more
    said = panel(shown).get_by_role("status").text_content()
    if rate == "1":
        assert "no end" in said
        assert "off by 0" not in panel(shown).locator(".chainrule-now").text_content()
        assert re.fullmatch("−?(10[⁰-⁹¹²³]+|∞|nan)", numbers(shown, "a")[1])
        ready(visitor)  # and nothing is said to the console
    else:
        a, b, c, f = 2.0, -3.0, 10.0, -2.0
        for _ in range(20):
            d = a * b + c
            a, b, c, f = a - 0.01 * b * f, b - 0.01 * a * f, c - 0.01 * f, f - 0.01 * d
        output = float(f"{(a * b + c) * f:.4g}")
        assert said.startswith(f"Step 20: L went from minus 8 to minus {-output:g}.")


@pytest.mark.parametrize("theme", BOTH)
def test_a_figure_with_a_program_offers_to_be_nudged_at_the_node_that_is_chosen(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/"))
    assert panel(shown, 1).count() == 0
    figure(shown, 1).locator(".chainrule-frame").focus()
    press(shown, "End")
    press(shown, "ArrowLeft", 2)  # to tanh, and to n
    press(shown, "Enter")
    press(shown, "Tab")
    press(shown, "Enter")
    assert shown.evaluate("document.activeElement.ariaLabel") == "n"
    told = panel(shown, 1).inner_text()
    assert "no effect: multiplied by x2 = 0" in told
    press(shown, "ArrowLeft")
    assert "no effect: n is held" in panel(shown, 1).inner_text()


def test_h_has_two_regimes(visit, address):
    shown = ready(visit(f"{address}material/"))
    figure(shown, 1).locator("svg:visible g[id]", has_text="w1").click()
    figure(shown, 1).get_by_role("button", name="Nudge it").click()
    own = panel(shown, 1)
    h = slider(own, "h")
    h.focus()
    off = {}
    press(shown, "End")
    for power in range(0, -17, -1):
        off[power] = float(
            re.search(r"off by (.*)\.$", own.locator("section p").nth(1).text_content())[1]
            .replace("−", "-")
            .translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
            .replace("×10", "e")
        )
        press(shown, "ArrowLeft", 4)
    best = min(off, key=lambda power: off[power])
    assert -10 <= best <= -6
    assert off[0] > 0.1
    assert off[-16] > 0.1
    assert own.locator("svg text").filter(has_text=re.compile("rounding|bend")).all_text_contents() == [
        "rounding",
        "bend",
    ]


def test_where_numbers_end_is_said_in_words(visit, address):
    shown = ready(visit(f"{address}material/second/"))
    own = panel(shown, 2)
    assert "A kink in x: the slope is 3 to the left and 4 to the right" in own.inner_text()
    field = own.get_by_role("spinbutton", name="x, as a number")
    for value, said in [("-1", "log(x) is nan at x = −1."), ("0", "log(x) is −∞ at x = 0.")]:
        field.fill(value)
        assert said in own.inner_text()
    shown.keyboard.press("Tab")
    assert shown.evaluate("window.getSelection().toString()") == ""


def test_settings_are_kept_in_the_address_and_the_back_key_is_not_filled(visit, address):
    shown = ready(visit(f"{address}material/"))
    before = shown.evaluate("history.length")
    panel(shown).get_by_role("spinbutton", name="a, as a number").fill("2.5")
    panel(shown).get_by_role("button", name="Link").click()
    assert shown.evaluate("history.length") == before
    url = shown.url
    other = ready(visit(url))
    assert numbers(other, "a") == ["a", "2.5", "∂ 6", "Δ +0.5"]
    evil = ready(visit(re.sub(r"=2\.5", "=alert(1)", url)))
    assert numbers(evil, "a") == ["a", "2", "∂ 6", ""]


@pytest.mark.parametrize("theme", BOTH)
def test_it_says_why_it_rests(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    arrays, large, scipy, many, unlike = (figure(shown, number).inner_text() for number in range(4, 9))
    assert "Move a number" in arrays
    assert 'zoom="scalar"' in large
    assert "SciPy" in scipy
    assert "too large" in many
    assert "too large" in unlike


def test_left_while_it_plays_nothing_goes_on(visit, address):
    visitor = visit(f"{address}material/")
    shown = ready(visitor)
    shown.evaluate("""() => {
      const [set, clear] = [window.setTimeout, window.clearTimeout];
      window.waiting = new Set();
      window.setTimeout = (act, ...rest) => {
        const id = set((...given) => { waiting.delete(id); act(...given); }, ...rest);
        waiting.add(id);
        return id;
      };
      window.clearTimeout = id => { waiting.delete(id); clear(id); };
    }""")
    panel(shown).get_by_role("button", name="Play", exact=True).click()
    shown.wait_for_timeout(400)
    assert re.match("Step [2-9]:", panel(shown).locator("section").nth(1).locator("p").nth(2).inner_text())
    shown.get_by_role("link", name="Second", exact=True).last.click()
    shown.wait_for_selector("h1:has-text('Second')")
    shown.wait_for_timeout(4000)
    assert shown.evaluate("waiting.size") == 0
    shown.go_back()
    shown.wait_for_selector("h1:has-text('First')")
    shown = ready(visitor)
    assert panel(shown).count() == 1
    assert panel(shown).get_by_role("slider").count() == 5


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("theme", BOTH)
def test_axe_finds_nothing_and_nothing_shifts_or_sticks_out(visit, address, theme, width):
    visitor = visit("about:blank", width=width, reduced_motion="reduce")
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{address}{theme}/")
    shown = ready(visitor)
    slider(panel(shown), "a").press("ArrowRight")
    panel(shown).get_by_role("button", name="10 steps").click()
    shown.wait_for_timeout(300)
    assert (shown.evaluate("window.shift") or 0) <= 0.01
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    small = """[...document.querySelectorAll(".chainrule-nudge :is(input, button)")].filter(each => {
      const {width, height} = each.getBoundingClientRect(); return width < 24 || height < 24; }).length"""
    assert shown.evaluate(small) == 0
    for scheme in ("light", "dark"):
        shown.evaluate(SCHEMES[theme], scheme)
        shown.wait_for_timeout(300)  # the themes fade
        assert violations(shown) == []


def test_without_a_script_it_says_where_it_stands(visit, address):
    shown = visit(f"{address}material/", java_script_enabled=False).page
    text = panel(shown).inner_text()
    assert text.startswith("As built: L = −8 at a = 2, b = −3, c = 10, f = −2.")
    assert shown.locator(".chainrule-row:visible").count() == 0


def test_on_paper_it_is_the_graph_and_what_was_moved(visit, address):
    shown = ready(visit(f"{address}material/"))
    shown.emulate_media(media="print")
    assert panel(shown).inner_text().startswith("As built: L = −8")
    assert panel(shown).locator("input:visible, button:visible, svg:visible").count() == 0
    shown.emulate_media(media="screen")
    slider(panel(shown), "a").press("ArrowRight")
    shown.emulate_media(media="print")
    assert "L −8 → −7.52" in panel(shown).inner_text()


def test_a_finger_finds_controls_of_its_size_and_the_page_stays(visit, address):
    visitor = visit("about:blank", width=360, has_touch=True, is_mobile=True)
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{address}material/")
    shown = ready(visitor)
    sizes = (
        panel(shown)
        .locator("input, button")
        .evaluate_all(
            "all => all.map(each => each.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
        )
    )
    assert min(sizes) >= 44
    shown.wait_for_timeout(300)
    assert (shown.evaluate("window.shift") or 0) <= 0.01
    assert slider(panel(shown), "a").evaluate("each => getComputedStyle(each).touchAction") == "pan-y"


def test_a_number_in_the_picture_is_drawn_to_the_side(visit, address):
    shown = ready(visit(f"{address}material/"))
    number = figure(shown).locator("svg:visible g[id]", has_text=re.compile("^a")).first
    assert number.evaluate("each => getComputedStyle(each).touchAction") == "pan-y"
    box = number.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 10, y)
    shown.mouse.move(x + 20, y)
    shown.mouse.up()
    assert numbers(shown, "a") == ["a", "2.4", "∂ 6", "Δ +0.4"]
    assert slider(panel(shown), "a").evaluate("each => each.valueAsNumber") == pytest.approx(2.4, abs=0.01)
    assert figure(shown).locator(".chainrule-seen").first.text_content() == ""  # it was moved, not asked
    number.click()
    assert figure(shown).locator(".chainrule-seen").first.text_content().startswith("a = 2")


def test_kinks_and_where_no_number_is_are_hatched(visit, address):
    shown = ready(visit(f"{address}material/second/"))
    curve = panel(shown, 2).locator("svg").first
    label = curve.get_attribute("aria-label")
    kink, missing = re.search(r"; hatched, a kink or no number: (\S+), (.+)$", label).groups()
    assert kink == "0.5"
    assert re.fullmatch(r"−1.5 … −0.*|−1.5 … 0", missing)
    assert curve.locator(".chainrule-hatched").count() > 10
    bent = panel(shown, 3)  # and bends beside its kink
    bent.get_by_role("spinbutton", name="y, as a number").fill("-1")
    label = bent.locator("svg").first.get_attribute("aria-label")
    assert abs(float(label.rpartition(" ")[2].replace("−", "-"))) < 0.01
    assert bent.locator(".chainrule-hatched").count() == 1
    assert panel(shown, 0).locator(".chainrule-hatched").count() == 0


def test_the_digits_of_a_slope_that_agree_are_in_ink(visit, address):
    shown = ready(visit(f"{address}material/second/"))
    words = panel(shown, 0).locator("section p").nth(1)
    slider(panel(shown, 0), "h").press("Home")
    whole, faded = words.text_content(), words.locator(".chainrule-other").text_content()
    slope = re.search(r"/ h = (\S+),", whole)[1]
    assert slope == faded  # of nothing but rounding
    slider(panel(shown, 0), "h").press("End")
    assert words.locator(".chainrule-other").text_content() == ""


def test_a_large_graph_has_a_filter_and_lights_what_is_touched(visit, address):
    visitor = visit("about:blank", width=1440)
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{address}material/large/")
    shown = ready(visitor)
    assert (shown.evaluate("window.shift") or 0) <= 0.01
    picture = figure(shown).locator("svg:visible[role=img]").first
    assert picture.locator("g[id]").count() > 60
    assert picture.locator(".chainrule-lit").count() == 0
    rows = panel(shown).locator(".chainrule-many .chainrule-row:visible b")
    assert rows.count() == 24
    panel(shown).get_by_role("searchbox", name="Filter by name").fill("W12")
    assert rows.all_text_contents() == ["w12"]
    slider(panel(shown), "w12").press("ArrowRight")
    lit = picture.locator("g[id].chainrule-lit b, g[id].chainrule-lit text[font-weight]").all_text_contents()
    assert "w12" in lit
    assert "L" in lit
    assert "w3" not in lit
    panel(shown).get_by_role("searchbox", name="Filter by name").fill("")
    assert rows.count() == 24
    panel(shown).get_by_role("button", name="Reset").click()
    assert picture.locator(".chainrule-lit").count() == 0
    assert violations(shown) == []


def test_what_is_asked_after_a_move_is_told_of_the_numbers_as_they_are(visit, address):
    shown = ready(visit(f"{address}material/"))
    slider(panel(shown), "f").press("ArrowRight")  # −2 to −1.92
    figure(shown).locator("svg:visible g[id]", has_text=re.compile("^a")).first.click()
    told = figure(shown).locator(".chainrule-strip .chainrule-heard").text_content()
    assert told.startswith("a = 2, ∂L/∂a = 5.76.")
    assert "−1.92" in told
    panel(shown).get_by_role("button", name="Reset").click()
    figure(shown).locator("svg:visible g[id]", has_text=re.compile("^a")).first.click()
    assert (
        figure(shown)
        .locator(".chainrule-strip .chainrule-heard")
        .text_content()
        .startswith("a = 2, ∂L/∂a = 6.")
    )
