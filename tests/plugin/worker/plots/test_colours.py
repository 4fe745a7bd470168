"""Colours are those that the author sees; ink follows the scheme on the page's ground, and nowhere else."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import colors
from PIL import Image

from mkdocs_chainrule.session.palette import CYCLE, DARK, GRID, GROUND, INK, rc
from mkdocs_chainrule.show.colours import colours

BLACK = "#000000"
ROLES = (INK, GRID, GROUND)


def luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colors.to_rgb(colour)]
    return float(np.dot(channels, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pair(variable: str) -> list[str]:
    return re.findall(r"#\w+", colours()[f"--chainrule-{variable}"])


def test_no_named_colour_and_no_colormap_gives_a_colour_of_ours():
    named = {colors.to_hex(colour) for colour in colors.get_named_colors_mapping().values()}
    maps = {
        colors.to_hex(colour)
        for name in mpl.colormaps
        for colour in mpl.colormaps[name](np.arange(mpl.colormaps[name].N))
    }
    assert not {*ROLES, *CYCLE} & (named | maps)


@pytest.mark.parametrize("colour", CYCLE)
def test_the_cycle_is_seen_on_both_grounds_and_can_be_written_on(colour):
    assert min(contrast(colour, "#ffffff"), contrast(colour, DARK[GROUND]), contrast(colour, "#212529")) >= 3
    assert contrast(colour, BLACK) >= 4.5


def test_pixels_in_the_dark_have_the_colours_of_the_style_sheet():
    assert DARK[INK] == pair("ink")[1]
    assert DARK[GRID] == pair("grid")[1]
    assert DARK[GROUND] == pair("ground")[-1]
    assert pair("grid")[0] == GRID


def test_ink_is_read_on_the_ground_in_both_schemes():
    for ink, ground in zip(pair("ink"), ("#ffffff", DARK[GROUND]), strict=True):
        assert contrast(ink, ground) >= 4.5


def test_what_an_author_reads_and_saves_is_what_is_drawn(drawn):
    picture = drawn("line, = plt.plot([1, 2]); plt.title(line.get_color(), color=line.get_color())")
    assert picture.colour(CYCLE[0]) == CYCLE[0]
    with mpl.rc_context(rc()):
        figure, axes = mpl.pyplot.subplots()
        axes.bar([0, 1], [1, 2])
        saved = io.BytesIO()
        figure.savefig(saved, format="png")
        mpl.pyplot.close(figure)
    found = {colors.to_hex(np.array(pixel) / 255) for _, pixel in Image.open(saved).getcolors(10**6)}
    assert {CYCLE[0], GROUND} <= found


@pytest.mark.parametrize(
    "colour", ["red", "white", "#123456", "C3", "gray", "0.6", "tab:blue", "xkcd:sea green"]
)
@pytest.mark.parametrize(
    "source",
    [
        "plt.title('x', color={0!r})",
        "plt.plot([1]); plt.text(0, 1, 'x', color={0!r}, ha='center')",
        "plt.imshow([[0, 1]], cmap='Blues'); plt.text(1, 0, 'x', color={0!r})",
        "plt.plot([1], label='x'); plt.legend(labelcolor={0!r})",
        "plt.figure(facecolor='lightblue'); plt.xlabel('x', color={0!r})",
        "plt.annotate('x', (0, 0), color={0!r})",
    ],
)
def test_a_text_has_the_colour_that_its_author_gave_it(drawn, source, colour):
    with mpl.rc_context(rc()):
        wanted = colors.to_hex(colour)
    assert drawn(source.format(colour)).colour("x") == wanted


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("plt.boxplot([[1, 2, 3, 9], [2, 3, 4]])", "stroke"),
        ("plt.plot([1, 2], 'k')", "stroke"),
        ("plt.axhline(1, color='black')", "stroke"),
        ("plt.quiver([0], [0], [1], [1])", "fill"),
        ("plt.barbs([0], [0], [50], [20])", "fill"),
        ("plt.title('x', color='#000')", "fill"),
        ("plt.fill_between([0, 1], [1, 2], color='k', alpha=0.3)", "fill"),
        ("plt.scatter([1], [1], c='k')", "stroke"),
        ("plt.violinplot([[1, 2, 3]], showmedians=True)", "fill"),
    ],
)
def test_black_is_ink_on_the_ground_of_the_page(drawn, source, kind):
    picture = drawn(source)
    assert INK in picture.paints(kind)
    assert BLACK not in picture.paints("fill") | picture.paints("stroke")


def test_dark_greys_follow_and_lighter_ones_stay(drawn):
    picture = drawn("plt.axhline(0, color='0.15'); plt.axhline(1, color='0.5')")
    assert {"light-dark(#262626,#c8c9cd)", "#808080"} <= picture.paints("stroke")


@pytest.mark.parametrize(
    "source",
    [
        "plt.figure(facecolor='lightblue'); plt.plot([1, 2]); plt.title('x')",
        "plt.gca().set_facecolor('whitesmoke'); plt.text(0.5, 0.5, 'x')",
        "plt.text(0.5, 0.5, 'x', bbox={'facecolor': 'white'})",
        "plt.imshow(np.eye(4)); plt.text(1, 1, 'x')",
        "plt.pcolormesh(np.eye(4)); plt.text(2, 2, 'x')",
        "plt.contourf(np.arange(16).reshape(4, 4)); plt.text(1.5, 1.5, 'x')",
        "plt.bar_label(plt.bar([1], [2]), ['x'], label_type='center')",
        "plt.pie([1, 1], labels=['a', 'b'], autopct='x')",
        "plt.scatter([0], [0], s=900); plt.text(0, 0, 'x', ha='center', va='center')",
        "plt.axis('off'); plt.table([['x']], loc='center')",
        "from matplotlib.widgets import Button; button = Button(plt.gca(), 'x')",
        "plt.gca().inset_axes([0.2, 0.2, 0.5, 0.5], facecolor='pink').text(0.5, 0.5, 'x')",
    ],
)
def test_ink_on_a_colour_that_somebody_chose_stays(drawn, source):
    assert drawn(source).colour("x") == BLACK


def test_lines_over_filled_areas_stay(drawn):
    picture = drawn(
        "x, y = rng.random((2, 40)); plt.tricontourf(x, y, x * y); plt.triplot(x, y, 'k-', linewidth=3)"
    )
    (lines,) = [node for node in picture.all("path") if node.get("stroke-width") == "4"]
    assert lines.get("stroke") == BLACK


def test_what_stands_beside_such_a_colour_follows(drawn):
    picture = drawn("plt.gca().set_facecolor('whitesmoke'); plt.xlabel('x'); plt.text(0.5, 0.5, 'y')")
    assert (picture.colour("x"), picture.colour("y")) == (INK, BLACK)


def test_a_figure_of_white_has_no_ground_of_the_page(drawn):
    picture = drawn(
        "f, a = plt.subplots(); a.plot([1, 2]); a.set_facecolor('white'); f.set_facecolor('white')"
    )
    assert not set(ROLES) & (picture.paints("fill") | picture.paints("stroke"))
    assert "#ffffff" in picture.paints("fill")


@pytest.mark.parametrize(
    "style", ["dark_background", "ggplot", "fivethirtyeight", "Solarize_Light2", "grayscale"]
)
def test_a_style_is_taken_as_a_whole(drawn, style):
    picture = drawn(f"plt.style.use({style!r}); plt.plot([1, 2]); plt.title('x'); plt.xlabel('y')")
    assert not set(ROLES) & (picture.paints("fill") | picture.paints("stroke"))


def test_a_style_of_some_colours_leaves_the_others(drawn):
    picture = drawn("plt.style.use('bmh'); plt.plot([1, 2]); plt.title('x')")
    assert picture.colour("x") == INK


def test_a_box_of_ink_stays_black_under_what_is_not_ink(drawn):
    box = "plt.text(0.5, 0.5, 'x', color={0!r}, bbox={{'facecolor': 'black'}})"
    assert BLACK in drawn(box.format("white")).paints("fill")
    assert BLACK not in drawn("plt.bar([1], [1], color='k')").paints("fill")


def test_the_page_s_ground_is_painted_only_where_it_covers_something(drawn):
    assert GROUND not in drawn("plt.plot([1, 2])").paints("fill")
    assert GROUND in drawn("plt.plot([1, 2], label='x'); plt.legend()").paints("fill")
    assert GROUND in drawn("plt.plot([1, 2]); plt.gca().inset_axes([0.3, 0.3, 0.4, 0.4])").paints("fill")
    assert GROUND not in drawn("plt.subplots(2, 2)").paints("fill")
    assert GROUND not in drawn("plt.plot([1]); plt.twinx().plot([2])").paints("fill")


def test_hatches_have_the_colour_of_their_edge(drawn):
    picture = drawn("plt.bar([1], [1], hatch='//', facecolor='none', edgecolor='red')")
    (pattern,) = picture.all("pattern")
    assert [child.get("stroke") for child in pattern] == ["#ff0000"]


def test_edges_belong_to_their_fill(drawn):
    picture = drawn("plt.bar([1], [1], edgecolor='k', linewidth=3)")
    (bar,) = [node for node in picture.all("path") if node.get("fill") == CYCLE[0]]
    assert bar.get("stroke") == BLACK


@pytest.mark.parametrize(
    "source",
    [
        "plt.figure().add_subplot(projection='3d').bar3d([0], [0], [0], 1, 1, [1])",
        "plt.hist(rng.normal(size=99), alpha=0.5)",
        "plt.violinplot([rng.normal(size=99)])",
        "plt.scatter([1], [1], alpha=0.3)",
        "plt.fill_between([0, 1], [0, 1])",
    ],
)
def test_what_computes_with_the_default_colour_gets_a_real_one(drawn, source):
    fills = drawn(source).paints("fill") | drawn(source).paints("stroke")
    red, green, blue = colors.to_rgb(CYCLE[0])
    shades = [colors.to_rgb(each) for each in fills if re.fullmatch(r"#\w{6}", each)]
    assert any(b > r and b > g and b > 0.3 for r, g, b in shades)
    assert blue > max(red, green)


@pytest.mark.parametrize(
    "ground",
    [
        "plt.gca().set_facecolor('w')",
        "plt.imshow(np.zeros((2, 2, 3)) + [1, 1, 0.5], extent=(-4, 4, -4, 4), aspect='auto')",
        "plt.axhspan(-4, 4, color='#ffff80')",
        "plt.axhspan(-4, 4, color='#ffff80'); plt.gca().set_rasterized(True)",
    ],
)
@pytest.mark.parametrize(
    "mark",
    [
        "plt.scatter(*rng.normal(size=(2, 20000)), c='k', s=1)",
        "plt.plot(*rng.normal(size=(2, 9000)), 'k,', rasterized=True)",
        "plt.plot([-1, 1], [-1, 1], 'k', lw=9, rasterized=True)",
        "plt.text(0, 0, 'MMMM', size=30, ha='center', rasterized=True)",
        "plt.vlines(rng.normal(size=99), -1, 1, 'k', rasterized=True)",
    ],
)
def test_ink_in_pixels_stays_on_a_ground_that_the_author_chose(drawn, ground, mark):
    alone = "plt.xticks([]); plt.yticks([]); plt.gca().spines[:].set_visible(False)"
    source = f"{alone}; {{}}; {mark}; plt.axis((-4, 4, -4, 4))"
    assert "mask" in drawn(source.format("0")).svg
    assert "mask" not in drawn(source.format(ground)).svg
