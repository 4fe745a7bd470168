"""Text is text: in the reader's fonts, at its place, to be selected and found."""

from __future__ import annotations

import unicodedata

import pytest

from mkdocs_chainrule.session.palette import INK


def test_signs_that_no_font_has_are_text_and_told_once(drawn):
    picture = drawn("plt.plot([1, 2]); plt.title('梯度下降'); plt.xlabel('梯')")
    assert picture.colour("梯度下降") == INK
    (remark,) = picture.remarks
    assert "梯度下降" in remark


def test_wide_signs_have_room(drawn):
    picture = drawn("plt.figure(figsize=(1, 1)); plt.axis('off'); plt.title('梯度下降' * 6, loc='left')")
    assert picture.box[2] >= 24 * 12


@pytest.mark.parametrize(
    ("source", "family"),
    [
        ("family='monospace'", "monospace"),
        ("family='serif'", "serif"),
        ("family='DejaVu Sans Mono'", "monospace"),
        ("family='DejaVu Serif'", "serif"),
        ("family='sans-serif'", None),
        ("family='DejaVu Sans'", None),
        ("", None),
    ],
)
def test_a_font_is_of_the_kind_that_its_author_chose(drawn, source, family):
    assert drawn(f"plt.title('x', {source})").texts()["x"].get("font-family") == family


def test_a_named_font_stays_with_a_general_one_behind_it(drawn):
    picture = drawn("mpl.rcParams['font.sans-serif'] = ['DejaVu Serif']; plt.title('x')")
    assert picture.texts()["x"].get("font-family") == "'DejaVu Serif', sans-serif"


def test_styles_and_sizes(drawn):
    text = drawn("plt.title('x', style='italic', weight='bold', size=18, variant='small-caps')").texts()["x"]
    wanted = {"style": "italic", "weight": "700", "size": "24", "variant": "small-caps"}
    assert {key: text.get(f"font-{key}") for key in wanted} == wanted


@pytest.mark.parametrize("alignment", ["left", "center", "right"])
@pytest.mark.parametrize("angle", [0, 30, 90, 180, -90])
def test_text_keeps_its_place_whatever_its_width(drawn, alignment, angle):
    source = (
        f"plt.axis('off'); plt.text(0.5, 0.5, 'wide text', ha={alignment!r}, va='center', rotation={angle},"
    )
    text = drawn(f"{source} rotation_mode='anchor')").texts()["wide text"]
    middle = drawn("plt.axis('off'); plt.plot([0.5], [0.5], 's', ms=2); plt.xlim(0, 1); plt.ylim(0, 1)")
    (mark,) = [node for node in middle.all("path") if node.get("stroke", "").startswith("#4e")]
    x, y = map(float, mark.get("d", "")[1:].split("L")[0].split())
    assert (float(text.get("x")), float(text.get("y"))) == pytest.approx((x, y), abs=6)


def test_lines_of_a_text_are_aligned_with_each_other(drawn):
    texts = drawn("plt.title('one\\na longer line')").texts()
    assert texts["one"].get("x") == texts["a longer line"].get("x")
    assert texts["one"].get("text-anchor") == "middle"


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("$x^2$", "x2"),
        ("$10^{-3}$", "10−3"),
        ("a $\\alpha_1$ b", "a\N{NO-BREAK SPACE}\N{GREEK SMALL LETTER ALPHA}1\N{NO-BREAK SPACE}b"),
        ("$\\sin(x)$", "sin(x)"),
    ],
)
def test_a_formula_on_a_line_is_text(drawn, formula, said):
    picture = drawn(f"plt.axis('off'); plt.title({formula!r})")
    (text,) = [node for node in picture.all("text") if "x" in node.attrib]
    assert "".join(text.itertext()).replace(" ", "\N{NO-BREAK SPACE}") == said
    assert not picture.all("path")


def test_raised_characters_come_down_again(drawn):
    picture = drawn("plt.axis('off'); plt.title('$x^2y$')")
    raised, lowered = (float(span.get("dy")) for span in picture.all("tspan") if span.get("dy"))
    assert raised < 0
    assert raised + lowered == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(
    "formula", ["$\\frac{1}{2}$", "$\\sqrt{x}$", "$\\sum_{i=1}^n i$", "$x_1^2$", "$\\hat{x}$"]
)
def test_other_formulas_are_outlines_with_text_to_be_found(drawn, formula):
    picture = drawn(f"plt.axis('off'); plt.title({formula!r}, color='red')")
    (outline,) = picture.all("path")
    (text,) = picture.all("text")
    assert outline.get("fill") == text.get("fill") == "#ff0000"
    assert text.get("fill-opacity") == "0"
    assert float(text.get("textLength")) > 0


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("$1^{\\prime}$", "1\u2032"),
        ("$\\mathcal{R}\\frac{\\alpha}{b}$", "R\u03b1b"),
        ("$\\mathbb{Chain}^2$", "\u2102hain2"),
    ],
)
@pytest.mark.parametrize("fontset", ["dejavusans", "cm", "stix"])
def test_a_formula_is_found_by_what_it_shows(drawn, formula, said, fontset):
    texts = drawn(f"plt.axis('off'); plt.title({formula!r}, math_fontfamily={fontset!r})").texts()
    assert unicodedata.normalize("NFKD", "".join(texts)) == unicodedata.normalize("NFKD", said)


@pytest.mark.parametrize("fontset", ["cm", "stix", "dejavuserif", "stixsans"])
def test_formulas_of_any_font_are_set(drawn, fontset):
    picture = drawn(f"plt.axis('off'); plt.title('$x + \\\\alpha$', math_fontfamily={fontset!r})")
    assert picture.texts()
    assert all(ord(char) < 0xE000 for text in picture.texts() for char in text)


def test_dollars_that_are_no_formula_stay(drawn):
    assert "it costs $3" in drawn("plt.title('it costs $3')").texts()
    assert "$x$" in drawn("plt.title('$x$', parse_math=False)").texts()


@pytest.mark.parametrize("angle", [0, 90, 30])
def test_text_with_effects_can_be_found_where_it_is_seen(drawn, angle):
    source = f"""
from matplotlib.patheffects import withStroke
plt.axis("off")
plt.text(0.5, 0.5, "in outlines", color="red", rotation={angle}, ha="center", va="center",
         path_effects=[withStroke(linewidth=3, foreground="w")])
plt.text(0.5, 0.5, "plain text", rotation={angle}, ha="center", va="center")
"""
    texts = drawn(source).texts()
    outlined, text = texts["in outlines"], texts["plain text"]
    assert (outlined.get("fill"), outlined.get("fill-opacity")) == ("#ff0000", "0")
    places = [[float(node.get(key)) for key in ("x", "y")] for node in (outlined, text)]
    assert places[0] == pytest.approx(places[1], abs=3)
    assert (outlined.get("transform") or "").split()[:1] == (text.get("transform") or "").split()[:1]


def test_signs_that_no_page_can_hold_are_left_out(drawn):
    picture = drawn("plt.title('a\\x07b\\x1b\\tc\\u200dd')")
    assert "ab\tc\u200dd" in picture.texts()
    assert not picture.remarks
