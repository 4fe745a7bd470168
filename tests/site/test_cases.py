"""Pages that once went wrong, as a reader sees them: each stands for its kind."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from building import mkdocs, serve
from mkdocs_chainrule.session.palette import CYCLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CASES = Path(__file__).parent.parent / "pages" / "cases"
CONFIG = """site_name: Cases
theme:
  name: material
  font: false
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default}
    - {media: "(prefers-color-scheme: dark)", scheme: slate}
plugins: [chainrule]
"""
SCHEMES = ("light", "dark")
INK = {"light": "rgb(27, 27, 31)", "dark": "rgb(230, 230, 234)"}
BLACK, WHITE, RED = "rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgb(255, 0, 0)"
BLUE = "rgb(78, 118, 226)"

# The texts of all figures with their colours, and their boxes within their pictures.
TEXTS = """() => Object.fromEntries([...document.querySelectorAll(".chainrule-plot svg text")].map(text =>
  [text.textContent, getComputedStyle(text).fill]))"""
CUT = """() => [...document.querySelectorAll(".chainrule-plot svg[role=img] text")].filter(text => {
  const own = text.getBoundingClientRect(), all = text.closest("svg").getBoundingClientRect();
  return own.left < all.left - 1 || own.right > all.right + 1 || own.top < all.top - 1
    || own.bottom > all.bottom + 1;
}).map(text => text.textContent)"""
PAINTS = """kind => [...document.querySelectorAll(".chainrule-plot svg[role=img] *")]
  .filter(node => !node.closest("defs") && node.hasAttribute(kind))
  .map(node => getComputedStyle(node)[kind])"""
DEAD = """() => [...document.querySelectorAll(".chainrule-plot svg *")].flatMap(node =>
  [...node.attributes].flatMap(({name, value}) => name.endsWith("href") && value.startsWith("#")
    ? [value.slice(1)] : [...value.matchAll(/url\\(#([^)]+)\\)/g)].map(match => match[1])))
  .filter(id => !document.getElementById(id))"""


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, said: dict[str, str]) -> Iterator[str]:
    root = tmp_path_factory.mktemp("cases")
    shutil.copytree(CASES, root / "docs")
    for page in (root / "docs").glob("*.md"):
        needed = set(re.findall(r"^(?:from|import) (\w+)", page.read_text("utf-8"), re.MULTILINE))
        if not all(find_spec(name) for name in needed):
            page.unlink()
    (root / "mkdocs.yml").write_text(CONFIG)
    said["log"] = mkdocs("build", cwd=root).stderr
    said["root"] = str(root)
    with serve(root / "site") as url:
        yield url


@pytest.fixture
def case(address: str, said: dict[str, str], visit: Callable) -> Callable[..., Any]:
    def open_case(name: str, scheme: str = "light", width: int = 1280) -> Any:
        (page,) = [path.stem for path in CASES.glob(f"{name}*.md")]
        if not Path(said["root"], "site", page).exists():
            pytest.skip("the page needs a library that is not installed")
        shown = visit(f"{address}{page}/", color_scheme=scheme, width=width).page
        assert not shown.locator(".chainrule-error").count()
        return shown

    return open_case


def test_nothing_of_them_fails_or_refers_to_nothing(address, said, visit):
    assert not re.findall(r"ERROR.*", said["log"])
    for page in sorted(Path(said["root"], "site").glob("*/index.html")):
        if page.parent.name[0] in "01g":
            assert visit(f"{address}{page.parent.name}/").page.evaluate(DEAD) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_01_texts_have_their_colours(case, scheme):
    texts = case("01", scheme).evaluate(TEXTS)
    assert (texts["red"], texts["white on dark"]) == (RED, WHITE)


def test_02_what_is_saved_has_the_colours_that_are_shown(case, said):
    import numpy as np
    from PIL import Image

    shown = case("02").evaluate(PAINTS, "stroke")
    saved = np.asarray(Image.open(Path(said["root"], "docs", "curves.png")).convert("RGB")).reshape(-1, 3)
    for colour in CYCLE[:4]:
        channels = tuple(bytes.fromhex(colour[1:]))
        assert f"rgb{channels}" in shown
        assert (saved == channels).all(axis=1).any()


@pytest.mark.parametrize("name", ["03", "g34", "g50"])
@pytest.mark.parametrize("width", [1280, 620, 360])
def test_no_text_is_cut(case, name, width):
    assert case(name, width=width).evaluate(CUT) == []


@pytest.mark.parametrize("name", ["04", "g02", "g03", "g07"])
def test_the_author_s_layout_wins_in_silence(case, name):
    shown = case(name)
    assert shown.locator(".chainrule-plot svg[role=img]").count() >= 1
    assert not shown.locator(".chainrule-stderr").count()


def test_05_signs_that_fonts_lack_are_text_and_one_note(case, said):
    assert "梯度下降" in case("05").evaluate(TEXTS)
    assert len(re.findall("05-cjk.*梯度下降", said["log"])) == 1


def test_10_nested_bars_end_as_one_line_each(case):
    lines = case("10").locator(".chainrule-stderr").inner_text().split("\n")
    assert [line.split(":")[0] for line in lines if "%" in line] == ["outer"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_14_a_style_is_taken_as_a_whole(case, scheme):
    shown = case("14", scheme)
    assert set(shown.evaluate(TEXTS).values()) == {WHITE}
    assert BLACK in shown.evaluate(PAINTS, "fill")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_17_ink_stays_on_white_that_the_author_chose(case, scheme):
    shown = case("17", scheme)
    assert set(shown.evaluate(TEXTS).values()) == {BLACK}
    assert WHITE in shown.evaluate(PAINTS, "fill")


@pytest.mark.parametrize("width", [1280, 700, 360])
def test_18_a_wide_figure_shrinks_to_the_column_until_its_text_is_8_pixels(case, width):
    shown = case("18", width=width)
    least, wide, column = shown.evaluate("""() => {
      const svg = document.querySelector(".chainrule-plot svg[role=img]");
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const sizes = [...svg.querySelectorAll("text")]
        .map(text => parseFloat(getComputedStyle(text).fontSize));
      return [scale * Math.min(...sizes), svg.getBoundingClientRect().width,
              svg.closest(".chainrule").getBoundingClientRect().width]; }""")
    assert least >= 7.9
    assert wide <= column + 1 or least == pytest.approx(8, abs=0.1)


def test_g10_a_grid_is_shown(case):
    assert case("g10").evaluate(PAINTS, "stroke").count("rgb(217, 217, 224)") >= 4


def test_g11_animated_artists_are_drawn(case):
    strokes = case("g11").evaluate(PAINTS, "stroke")
    assert RED in strokes
    assert BLUE in strokes


def test_g12_a_line_stays_in_its_axes_at_any_width(case):
    lines = case("g12").locator(".chainrule-plot path[stroke='#4e76e2']")
    assert [line.get_attribute("clip-path") is not None for line in lines.all()] == [True, True]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_g13_bars_are_shaded_from_a_real_colour(case, scheme):
    fills = {
        tuple(map(int, re.findall(r"\d+", fill)[:3]))
        for fill in case("g13", scheme).evaluate(PAINTS, "fill")
        if fill.startswith("rgb")
    }
    assert sum(blue > 100 and blue > red + 30 for red, _, blue in fills) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_g17_pixels_have_the_colour_of_their_line(case, scheme):
    shown = case("g17", scheme)
    colour = shown.evaluate("""async () => {
      const image = document.querySelector(".chainrule-plot image"), picture = new Image();
      picture.src = image.href.baseVal;
      await picture.decode();
      const {width, height} = picture;
      const canvas = Object.assign(document.createElement("canvas"), {width, height});
      const paper = canvas.getContext("2d");
      paper.drawImage(picture, 0, 0);
      const data = paper.getImageData(0, 0, width, height).data, counts = {};
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) {
        const key = data.slice(i, i + 3).join(", ");
        counts[key] = (counts[key] || 0) + 1;
      }
      return Object.entries(counts).sort((a, b) => b[1] - a[1])[0][0]; }""")
    assert f"rgb({colour})" == BLUE


def test_g23_what_is_printed_is_what_is_drawn(case):
    shown = case("g23")
    assert re.findall(r"#\w{6}", shown.locator(".chainrule-stdout").inner_text()) == list(CYCLE)
    assert f"my colour is {CYCLE[0]}" in shown.evaluate(TEXTS)


def test_g24_in_the_dark_text_is_read_on_the_ground_that_it_stands_on(case):
    texts = case("g24", "dark").evaluate(TEXTS)
    on_theirs = {"in a white box", "title on light blue", "a", "1", "Press"}
    assert {texts[name] for name in on_theirs} == {BLACK}


@pytest.mark.parametrize("name", ["g25", "g31"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_black_that_nobody_chose_follows(case, name, scheme):
    shown = case(name, scheme)
    paints = shown.evaluate(PAINTS, "fill") + shown.evaluate(PAINTS, "stroke")
    assert BLACK not in paints
    assert paints.count(INK[scheme]) > 10


@pytest.mark.parametrize("scheme", SCHEMES)
def test_g27_a_hatch_has_the_colour_of_its_edge(case, scheme):
    stroke = case("g27", scheme).evaluate(
        "() => getComputedStyle(document.querySelector('.chainrule-plot pattern path')).stroke"
    )
    assert stroke == RED


def test_g28_dpi_counts_for_pixels(case):
    sizes = case("g28").evaluate("""() => Promise.all(
      [...document.querySelectorAll(".chainrule-plot image")].map(async image => {
        const picture = new Image();
        picture.src = image.href.baseVal;
        await picture.decode();
        return [picture.width, picture.width / image.getBoundingClientRect().width]; }))""")
    assert sizes[0][0] == 600
    assert sizes[1][1] >= 2


def test_g29_no_grid_is_anywhere(case):
    assert "rgb(217, 217, 224)" not in case("g29").evaluate(PAINTS, "stroke")


def test_g30_monospace_is_monospace(case):
    widths = case("g30").evaluate("""() => [...document.querySelectorAll(".chainrule-plot svg text")]
      .map(text => text.getBBox().width)""")
    assert widths[0] == pytest.approx(widths[1], rel=0.01)


def test_g38_latex_is_words_and_formulas(case):
    shown = case("g38")
    assert shown.locator(".chainrule-result math").count() == 4
    assert "The value of" in shown.locator(".chainrule-result").last.inner_text()


def test_g42_what_is_large_is_pixels(case):
    shown = case("g42")
    assert shown.locator(".chainrule-plot image").count() == 2
    assert len(shown.content()) < 200_000


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["g44", "g45"])
def test_tables_of_libraries_are_read(case, name, scheme):
    shown = case(name, scheme)
    lightness = shown.evaluate("""() => [...document.querySelectorAll(".chainrule-rich *")]
      .filter(node => node.checkVisibility()
        && [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim()))
      .map(node => getComputedStyle(node).color.match(/[\\d.]+/g).slice(0, 3))
      .map(channels => channels.reduce((sum, channel) => sum + Number(channel), 0) / 765)""")
    assert lightness
    assert all(each > 0.5 if scheme == "dark" else each < 0.5 for each in lightness)
