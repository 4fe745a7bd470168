"""Nudge where it is easily wrong: numbers without an end, names with bars, what is held, ways that cancel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shown import BOTH, CONFIG, figure, frame, ready, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BLOCKS = {
    "bars": 'a = Value(3.0, label="|a|")\nf = a * a\nf.label = "|f|"',
    "constant": "a = Value(3.0)\nf = a * 2 + 1",
    "held": "a, b = Value(3.0), Value(4.0)\ne = a * b\nf = e * 5 + a",
    "cancels": "a = Value(1.0)\nf = a * a - 2 * a",
    "quotient": "x = Value(0.0)\nf = x / x",
    "far": "x = Value(1.0)\nf = x + 1e12",
    "far_bent": "x = Value(1.0)\nf = abs(x) + 1e12",
    "huge": "x = Value(1e308)\nf = x * 2.0",
    "steep": "x = Value(1e-300)\nf = np.sqrt(x)",
    "wide": "x = Value(1.0)\nf = x * 0.8e308",
    "none": "x = Value(np.nan)\nf = x * 2.0",
    "endless": "x = Value(-np.inf)\nf = x * 2.0",
    "zero": "a, b = Value(3.0), Value(1.0)\nf = a * 0 + b",
    "the_learning_rate_of_all_the_hidden_layers_of_the_network": (
        "the_learning_rate_of_all_the_hidden_layers_of_the_network = Value(3.0)\n"
        "f = the_learning_rate_of_all_the_hidden_layers_of_the_network * 2"
    ),
    "twice": "a = Value(3.0)\nf = a * 2\nf.backward()",
    "valley": "a, b = Value(1.0), Value(0.0)\nf = a * a + b * b",
    "domain": "x = Value(0.5)\nf = np.log(x)",
    "whole": "x, y, z = Value(123456.0), Value(2.0), Value(1e-300)\nf = x * y + z",
}
TABBED = CONFIG.replace("details]", "details, {pymdownx.tabbed: {alternate_style: true}}]")
IMPORTS = "import numpy as np\nfrom chainrule import Value"
PAGE = "".join(
    f'\n```autograd graph="nudge"\n{IMPORTS}\n{block}\nf.backward()\n```\n' for block in BLOCKS.values()
)

FIGURE = """
    ```autograd graph="{graph}"
    from chainrule import Value
    a = Value(3.0)
    f = a * 2
    f.backward()
    ```
"""
ABOVE = "A paragraph above.\n\n" * 40
FOLDED = f"""# Folded

{ABOVE}

=== "First"

    Nothing.

=== "Second"

{FIGURE.format(graph="nudge")}

??? note "Closed"

{FIGURE.format(graph="steps")}
"""

PART = """# Part

```autograd
from chainrule import Value
a, b = Value(3.0), Value(4.0)
e = a * b
g = e * 5 + a
g.backward()
```

```autograd graph="nudge"
e
```
"""


NEURON = "# Neuron\n" + "".join(
    f"""
```autograd graph="nudge" direction="{direction}"
import numpy as np
from chainrule import Value
x1, x2, w1, w2, b = map(Value, (2.0, 0.0, -3.0, 1.0, 5.0))
loss = (np.tanh(x1 * w1 + x2 * w2 + b) - 0.5) ** 2
loss.backward()
```
"""
    for direction in ("LR", "TB")
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pages = {"index.md": f"# Edges\n{PAGE}", "folded.md": FOLDED, "part.md": PART, "neuron.md": NEURON}
    with served(tmp_path_factory, pages, TABBED) as url:
        yield url


class Edge:
    """A figure of the page, by the name of its block."""

    def __init__(self, shown, name):
        self.whole = figure(shown, list(BLOCKS).index(name))
        self.panel = self.whole.locator(".chainrule-nudge")

    def slider(self, name):
        return self.panel.get_by_role("slider", name=name, exact=True)

    def field(self, name):
        return self.panel.get_by_role("spinbutton", name=f"{name}, as a number", exact=True)

    def press(self, name):
        self.panel.get_by_role("button", name=name, exact=True).click()

    def asked(self, name, nth=-1):
        """What is told of a value that is chosen, by a part of what the picture writes."""
        self.whole.locator("svg:visible g[id]", has_text=name).nth(nth).click()
        return self.whole.locator(".chainrule-strip .chainrule-heard").text_content()


@pytest.fixture
def edge(visit, address):
    visitor = visit(f"{address}plain/")
    warned = []
    visitor.page.on("console", lambda message: message.type == "warning" and warned.append(message.text))
    shown = ready(visitor)
    yield lambda name: Edge(shown, name)
    assert warned == []
    ready(visitor)


def test_a_name_with_bars_leaves_a_sentence_whole(edge):
    words = edge("bars").panel.locator("section p").nth(1).text_content()
    assert words == "h = 0.1: (|f|(|a| + h) − |f|(|a|)) / h = 6.1, the gradient is 6: off by 0.1."


@pytest.mark.parametrize("name", ["2", "f"])
def test_a_constant_and_the_output_are_asked_but_not_moved(edge, name):
    own = edge("constant")
    own.asked(re.compile(f"^{name}"), 0)
    assert own.panel.locator(".chainrule-row b").all_text_contents() == ["a", "h"]
    assert "The output does not depend on it" not in own.panel.inner_text()


def test_what_is_held_takes_no_part_in_what_is_told(edge):
    own = edge("held")
    own.asked(re.compile("^e"))
    own.field("e").fill("20")
    assert (
        own.asked(re.compile("^a")) == "a = 3, ∂f/∂a = 1. Why: ∂f/∂a is 1, because f = e · 5 + a; together 1."
    )
    assert own.asked(re.compile("^b")) == "b = 4. The output does not depend on it."
    own.asked("100", 0)
    own.field("e · 5").fill("70")
    assert own.asked(re.compile("^e")).startswith("e = 20. ")  # which is not a · b
    own.press("Reset")
    assert own.asked(re.compile("^b")).startswith("b = 4, ∂f/∂b = 15. ")


def test_ways_that_cancel_are_not_said_to_be_missing(edge):
    assert edge("cancels").panel.locator("small").first.text_content() == "flat here: ∂f/∂a = 0"


def test_a_factor_that_is_a_number_is_named_once(edge):
    assert edge("zero").panel.locator("small").first.text_content() == "no effect: multiplied by 0"


@pytest.mark.parametrize("theme", BOTH)
def test_a_long_name_stays_within_a_phone(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/", width=360))
    assert shown.evaluate("document.documentElement.scrollWidth") == 360
    own = figure(shown, list(BLOCKS).index("the_learning_rate_of_all_the_hidden_layers_of_the_network"))
    own.get_by_role("button", name="1 step").click()
    assert shown.evaluate("document.documentElement.scrollWidth") == 360


def test_a_gradient_that_is_no_number_is_not_said_to_be_zero(edge):
    assert edge("quotient").panel.locator("small").first.text_content() == "∂ nan"


@pytest.mark.parametrize("name", ["far", "far_bent"])
def test_rounding_is_no_kink(edge, name):
    assert "kink" not in edge(name).panel.inner_text()


@pytest.mark.parametrize("name", ["huge", "steep", "wide", "none", "endless"])
def test_numbers_without_an_end_are_shown_and_moved_without_a_complaint(edge, name):
    own = edge(name)
    bounds = own.slider("x").evaluate("each => [+each.min, +each.max, each.valueAsNumber]")
    assert all(abs(bound) <= 1e308 * 1.2 for bound in bounds)
    own.slider("x").press("ArrowRight")
    own.field("x").fill("-1e308")
    own.press("Reset")
    own.press("10 steps")
    assert re.match(r"x, ", own.slider("x").get_attribute("aria-valuetext"))


def test_a_slider_has_its_range_again_after_a_reset(edge):
    own = edge("constant")
    own.field("a").fill("1e12")
    own.press("Reset")
    assert own.slider("a").evaluate("each => [+each.min, +each.max]") == [-3, 9]


def test_a_field_that_is_left_empty_has_its_number_again(edge):
    own = edge("constant")
    own.field("a").fill("")
    own.field("a").press("Tab")
    assert own.field("a").input_value() == "3"


def test_uphill_is_where_a_negative_rate_was_to_lead(edge):
    own = edge("constant")
    own.panel.get_by_role("spinbutton", name="Rate").fill("-1")
    own.press("1 step")
    assert own.panel.get_by_role("status").text_content() == (
        "Step 1: f went from 7 to 11. This step promised +4, and brought +4."
    )


@pytest.mark.parametrize(("number", "to"), [(0, "=&v1=5"), (1, "/step=1")])
def test_an_address_leads_to_what_is_folded_or_behind_a_tab(visit, address, number, to):
    url = f"{address}material/folded/"
    shown = ready(visit(url))
    key = figure(shown, number).locator("g[id]").first.evaluate("each => each.id.replace(/-[a-z0-9]+$/, '')")
    there = ready(visit(f"{url}#{key}{to}"))
    frame(figure(there, number)).wait_for()
    there.wait_for_function("scrollY > 500")
    assert frame(figure(there, number)).is_visible()


def test_the_slope_is_told_apart_from_what_backward_left(edge):
    own = edge("twice")
    told = own.panel.locator("small").first
    assert told.text_content() == "slope 2"
    assert "∂ 4" in own.whole.locator("svg:visible").first.text_content()
    assert "The picture shows the gradients that backward left" in own.panel.inner_text()
    own.field("a").fill("4")
    assert told.text_content() == "∂ 2"
    assert "∂ 2" in own.whole.locator("svg:visible").first.text_content()
    assert "backward left" not in own.panel.inner_text()
    assert "backward left" not in edge("constant").panel.inner_text()


def test_what_is_asked_is_told_anew_in_its_place_while_a_number_moves(edge):
    own = edge("held")
    own.asked(re.compile("^a"))
    strip = own.whole.locator(".chainrule-seen").first
    place = own.slider("b").bounding_box()
    assert "∂f/∂a = 21" in strip.text_content()
    own.slider("b").press("ArrowRight")
    own.field("b").fill("6")
    assert "∂f/∂a = 31" in strip.text_content()
    assert own.slider("b").bounding_box() == place
    own.press("Reset")
    assert "∂f/∂a = 21" in strip.text_content()


def test_a_row_of_numbers_that_moved_is_counted(edge):
    own = edge("held")
    now = own.panel.locator(".chainrule-now")
    own.field("a").fill("1")
    own.field("b").fill("2")
    assert now.text_content().startswith("a 3 → 1, Δ −2; b 4 → 2, Δ −2f ")
    own.asked(re.compile("^e"))
    own.field("e").fill("5")
    assert now.text_content().startswith("3 numbers movedf 63 → 26, Δ −37")


def test_what_nobody_moved_is_not_said_to_have_happened(edge):
    assert edge("constant").slider("a").get_attribute("aria-valuetext") == "a, 3. f 7"
    own = edge("domain")
    own.field("x").fill("-1")
    said = own.slider("x").get_attribute("aria-valuetext")
    assert said == "x, minus 1. f nan. log(x) is nan at x = minus 1."


def test_a_descent_says_when_nothing_moves_and_when_numbers_end(edge):
    own = edge("valley")
    status = own.panel.get_by_role("status")
    own.panel.get_by_role("spinbutton", name="Rate").fill("0.5")
    own.press("1 step")
    assert status.text_content() == (
        "Step 1: f went from 1 to 0. This step promised minus 2, and brought minus 1."
    )
    own.press("Play")
    assert status.text_content().endswith("Nothing moves: no chosen number has a gradient.")
    assert own.panel.get_by_role("button", name="Play", exact=True).is_visible()
    own.press("Reset")
    own.panel.get_by_role("checkbox").first.uncheck()
    own.press("10 steps")
    assert status.text_content() == "Nothing moves: no chosen number has a gradient."
    ended = edge("domain")
    ended.panel.get_by_role("spinbutton", name="Rate").fill("1")
    ended.press("1 step")
    assert "f is no number there" in ended.panel.get_by_role("status").text_content()


def test_a_descent_from_where_there_is_no_number_says_so(edge):
    own = edge("domain")
    own.field("x").fill("0")
    own.press("10 steps")
    assert "The numbers have no end" in own.panel.get_by_role("status").text_content()


def test_rounding_at_the_bottom_is_no_rate_that_is_too_large(edge):
    own = edge("cancels")
    own.field("a").fill("1.3")
    own.panel.get_by_role("spinbutton", name="Rate").fill("0.3")
    for _ in range(12):
        own.press("10 steps")
        assert "too large" not in own.panel.inner_text()


def test_a_rate_that_is_none_is_the_one_before(edge):
    own = edge("constant")
    rate = own.panel.get_by_role("spinbutton", name="Rate")
    rate.fill("0.5")
    rate.fill("")
    own.press("1 step")
    assert rate.input_value() == "0.5"
    assert "promised minus 2" in own.panel.get_by_role("status").text_content()


def test_a_field_holds_the_whole_number(edge):
    own = edge("whole")
    assert own.field("x").input_value() == "123456"
    assert own.field("z").input_value() == "1e-300"


def test_a_link_keeps_rate_and_choices_and_leads_from_the_page_itself(visit, address):
    shown = ready(visit(f"{address}plain/part/"))
    part = figure(shown, 1)
    rate = part.get_by_role("spinbutton", name="Rate")
    rate.fill("-0.5")
    part.get_by_role("checkbox", name="b descends").uncheck()
    part.get_by_role("button", name="Link to these numbers").click()
    url = shown.url
    other = ready(visit(url))
    part = figure(other, 1)
    assert part.get_by_role("spinbutton", name="Rate").input_value() == "-0.5"
    assert not part.get_by_role("checkbox", name="b descends").is_checked()
    assert part.get_by_role("checkbox", name="a descends").is_checked()
    number = part.get_by_role("spinbutton", name="b, as a number")
    number.fill("9")
    number.press("Tab")
    hostile = "rate=Infinity&v1=1e999&v2=%3Cimg%20src%3Dx%3E&v2d=x&__proto__=1&v77=3"
    for to, seen in (("rate=0.1&v2=5", "5"), (hostile, "4"), ("v2=0", "0")):
        other.evaluate(f"location.hash = {url.partition('#')[2].split('=')[0]!r} + '=&{to}'")
        other.wait_for_timeout(100)
        assert number.input_value() == seen
        assert part.get_by_role("checkbox", name="b descends").is_checked()
    assert part.get_by_role("spinbutton", name="Rate").input_value() == "0.1"
    ready(visit(f"{address}plain/part/#%&=&&=%E0%A4%A"))


def test_a_part_that_is_moved_tells_of_its_own_output(visit, address):
    part = figure(ready(visit(f"{address}plain/part/")), 1)
    part.get_by_role("spinbutton", name="b, as a number").fill("5")
    part.locator("svg:visible g[id]", has_text="a").first.click()
    heard = part.locator(".chainrule-strip .chainrule-heard").text_content()
    assert heard == "a = 3, ∂e/∂a = 5. Why: ∂e/∂a is b, 5, because e = a · b; together 5."


NARROW = """svg => [...svg.querySelectorAll("g[id] > text[textLength]")]
  .filter(text => text.getAttribute("textLength") < 4.5 * text.textContent.length)
  .map(text => text.textContent)"""


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_what_a_picture_writes_of_moved_numbers_is_legible(visit, address, direction):
    shown = ready(visit(f"{address}plain/neuron/"))
    own = figure(shown, ["LR", "TB"].index(direction))
    for name, number in {"w1": "-2.123", "x2": "0.1234", "b": "5.4321"}.items():
        own.get_by_role("spinbutton", name=f"{name}, as a number").fill(number)
    svg = own.locator("svg:visible[role=img]").first
    assert svg.locator(".chainrule-delta", has_text="Δ").count() > 6
    assert svg.evaluate(NARROW) == []
