"""What is drawn is there: clipped, repeated, filtered, in pixels where it is too much for vectors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest

from building import first_now
from mkdocs_chainrule.session.palette import CYCLE, DARK, GRID, GROUND, INK
from mkdocs_chainrule.worker.plots.units import POINT

if TYPE_CHECKING:
    from pictures import Picture

VARIED = {
    "lines": "plt.plot(rng.normal(size=(50, 3)), marker='s', markevery=7)",
    "dashes": "plt.plot([1, 2], '--'); plt.plot([2, 1], ':', dash_capstyle='round'); plt.plot([1, 1], '-.')",
    "discs": "plt.scatter(*rng.normal(size=(2, 99)))",
    "sizes": "plt.scatter(*rng.normal(size=(2, 99)), s=range(99), c=range(99), marker='*')",
    "hatches": "plt.bar([1, 2], [1, 2], hatch=['/', 'o']); plt.contourf(np.eye(5), hatches=['x', '.'])",
    "clips": "plt.imshow(np.eye(9)).set_clip_path(plt.Circle((4, 4), 3, transform=plt.gca().transData))",
    "polar": "plt.figure().add_subplot(projection='polar').bar([0, 1], [1, 2])",
    "surface": "plt.figure().add_subplot(projection='3d').plot_surface(*np.mgrid[:9, :9], np.eye(9))",
    "errors": "plt.errorbar([1, 2], [1, 2], yerr=1, capsize=4)",
    "streams": "plt.streamplot(range(5), range(5), np.ones((5, 5)), np.eye(5))",
    "sketch": "with plt.xkcd(): plt.plot([1, 2]); plt.title('x')",
    "links": "plt.scatter([1, 2], [1, 2]).set_urls(['https://x.org/a', 'https://x.org/b'])",
    "arrows": "plt.annotate('x', (0, 0), (1, 1), arrowprops={'arrowstyle': 'fancy', 'color': 'red'})",
    "hexbin": "plt.hexbin(*rng.normal(size=(2, 999)), gridsize=9)",
    "triangles": "plt.tricontourf(*rng.normal(size=(3, 40)))",
    "stack": "plt.stackplot([0, 1, 2], [[1, 2, 3], [2, 2, 2]])",
    "formulas": "plt.title(r'$\\frac{\\alpha}{\\sqrt{2}}$'); plt.yscale('log'); plt.plot([1, 1000])",
    "effects": "from matplotlib.patheffects import withStroke; plt.plot([1, 2], path_effects=[withStroke()])",
}


@pytest.mark.parametrize("source", VARIED.values(), ids=VARIED)
def test_nothing_refers_to_what_is_not_there(drawn, source):
    picture = drawn(source)
    assert picture.dead_references() == set()
    assert "nan" not in picture.svg
    assert "\0" not in picture.svg
    assert picture.svg == drawn(source).svg


@pytest.mark.parametrize("width", [3.3, 3.4, 3.5, 3.6])
def test_a_line_does_not_leave_its_axes(drawn, width):
    picture = drawn(f"plt.figure(figsize=({width}, 2.5)); plt.plot([0, 10], [0, 10]); plt.xlim(2, 3)")
    (line,) = [node for node in picture.all("path") if node.get("stroke") == CYCLE[0]]
    assert line.get("clip-path", "").startswith("url(#")
    assert picture.dead_references() == set()


def test_what_stands_beside_the_canvas_is_there(drawn):
    beside = "plt.plot({}, [0.5, 0.6], 'r-s', clip_on=False, transform=plt.gca().transAxes)"
    for places in ([1.2, 1.9], [-0.9, -0.4]):
        picture = drawn(beside.format(places))
        red = [node for node in picture.all("path") if node.get("stroke") == "#ff0000"]
        assert len(red) == 3  # the line and its markers


def test_markers_out_of_sight_are_left_out(drawn):
    picture = drawn("plt.plot(range(1000), 's'); plt.xlim(500, 502); plt.ylim(500, 502)")
    assert len(picture.svg) < 5000


def test_animated_artists_are_drawn(drawn):
    assert CYCLE[0] in drawn("plt.plot([1, 3, 2], animated=True)").paints("stroke")


def test_pixels_with_ink_are_there_once_for_each_scheme(drawn):
    source = "plt.plot([0, 1], [0, 1], {0!r}, rasterized=True, antialiased=False, linewidth=5)"
    light, dark = drawn(source.format("k")).images()
    seen = [
        {tuple(pixel) for pixel in image[image[..., 3] == 255][:, :3].tolist()} for image in (light, dark)
    ]
    assert seen == [{(0, 0, 0)}, {tuple(bytes.fromhex(DARK[INK][1:]))}]
    assert len(drawn(source.format("C0")).images()) == 1


def test_what_is_rasterized_keeps_its_real_colours(drawn):
    (image,) = drawn("t = np.linspace(0, 6, 50); plt.scatter(t, np.sin(t), rasterized=True)").images()
    solid = image[image[..., 3] == 255][:, :3]
    assert (solid == list(bytes.fromhex(CYCLE[0][1:]))).all(axis=1).mean() > 0.9


LARGE = [
    ("plt.scatter(*rng.normal(size=(2, 100_000)))", 300_000),
    ("plt.pcolormesh(rng.random((300, 300)))", 700_000),
    ("plt.pcolormesh(rng.random((60, 60)), shading='gouraud')", 700_000),
    ("plt.scatter(*rng.normal(size=(2, 100_000)), c=rng.random(100_000), s=2)", 900_000),
    ("plt.plot(rng.random(1_000_000))", 200_000),
    ("plt.plot(*rng.normal(size=(2, 100_000)))", 900_000),
    ("plt.fill_between(range(100_000), rng.random(100_000))", 900_000),
    ("plt.imshow(rng.random((3000, 3000)))", 900_000),
    ("plt.contourf(rng.random((200, 200)))", 900_000),
    ("plt.subplot(projection='3d').plot_surface(*np.mgrid[:9:.1, :9:.1], rng.random((90, 90)))", 900_000),
    ("[plt.plot(rng.random(200)) for _ in range(500)]", 900_000),
]


@pytest.mark.parametrize(
    ("source", "most"),
    first_now(*LARGE),
    ids=range(len(LARGE)),
)
def test_what_is_large_becomes_pixels_in_vector_axes(drawn, source, most):
    picture = drawn(source)
    assert len(picture.svg) < most
    assert len(picture.texts()) >= 4


def test_pixels_are_sharp_at_two_a_point_of_the_screen(drawn):
    picture = drawn("plt.figure(figsize=(4, 3)); plt.pcolormesh(rng.random((300, 300)))")
    (image,), (node,) = picture.images(), picture.all("image")
    assert image.shape[1] / (float(node.get("width"))) == pytest.approx(2, abs=0.02)


def test_dpi_counts_for_pixels(drawn):
    figure = (
        "plt.figure(figsize=(3, 3), dpi={}).add_axes((0, 0, 1, 1)).imshow(np.eye(600), interpolation={!r})"
    )
    assert drawn(figure.format(200, "none")).images()[0].shape == (600, 600, 4)
    assert drawn(figure.format(300, "nearest")).images()[0].shape[0] == pytest.approx(900, abs=2)
    assert drawn(figure.format(50, "nearest")).images()[0].shape[0] == pytest.approx(576, abs=2)


def test_an_image_stands_upright(drawn):
    for interpolation in ("none", "nearest"):
        source = f"plt.imshow([[0, 1], [1, 1]], cmap='gray', interpolation={interpolation!r})"
        (image,) = drawn(source).images()
        assert image[0, 0, 0] == 0
        assert image[-1, 0, 0] == 255


def test_a_filter_sees_pixels(drawn):
    source = """
def soften(image, dpi):
    assert image.shape[2] == 4 and dpi > 100
    image[..., :3] = [1, 0, 0]
    return image, 0, 0
plt.plot([1, 2])[0].set_agg_filter(soften)
"""
    (image,) = drawn(source).images()
    assert (image[image[..., 3] > 0][:, :3] == [255, 0, 0]).all()


def test_sharp_corners_are_points_where_their_author_wants_them(drawn):
    picture = drawn("plt.plot([1, 2, 1], [0, 0, 0.01], lw=9, solid_joinstyle='miter'); plt.bar([1], [1])")
    assert [node.get("stroke-width") for node in picture.all("path") if node.get("stroke-miterlimit")] == [
        "12"
    ]


def test_small_equal_discs_are_one_line(drawn):
    picture = drawn("plt.scatter(*rng.normal(size=(2, 1000)))")
    (dots,) = [node for node in picture.all("path") if node.get("stroke-linecap") == "round"]
    assert dots.get("d", "").count("h0") == 1000
    assert float(dots.get("stroke-width")) == pytest.approx((6 + 1) * POINT, abs=0.01)
    assert len(picture.svg) < 25_000


@pytest.mark.parametrize("name", ["agg.path.chunksize", "path.simplify_threshold"])
def test_an_author_s_parameters_are_left_alone(drawn, name):
    before = mpl.rcParams[name]
    drawn("plt.plot(rng.random(2000))")
    assert mpl.rcParams[name] == before


def test_the_sheets_of_overlapping_axes_hide_what_is_under_them(drawn):
    picture: Picture = drawn("plt.plot([1, 2]); plt.gcf().add_axes([0.4, 0.4, 0.3, 0.3]).plot([1, 2])")
    sheets = [node for node in picture.all("path") if node.get("fill") == GROUND]
    assert len(sheets) == 1
    assert GRID not in picture.paints("fill")
    assert np.isfinite(picture.box).all()


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("plt.subplots(2, gridspec_kw={'hspace': 0})", 1),
        ("plt.subplots(2)", 0),
        ("plt.plot([1, 2]); plt.gcf().add_artist(plt.Rectangle((0, 0), 1, 1, fc='red'))", 1),
    ],
)
def test_the_sheets_of_axes_hide_the_frames_they_touch_and_what_is_the_figure_s_own(drawn, source, count):
    picture = drawn(source)
    assert sum(node.get("fill") == GROUND for node in picture.all("path")) == count


def test_a_pixel_is_one_of_the_page(drawn):
    picture = drawn("plt.plot([1, 2], ','); plt.axis('off')")
    (first, *_) = [node.get("d") for node in picture.all("path") if node.get("fill", "none") != "none"]
    xs = [float(x) for x in re.findall(r"[ML](\S+) ", first)]
    assert max(xs) - min(xs) == pytest.approx(1, abs=0.02)


def test_what_asks_for_agg_s_ways_finds_them(drawn):
    picture = drawn("plt.figimage(np.eye(50), 10, 10); plt.gcf().add_axes([0, 0, 1, 1]).axis('off')")
    (image,) = picture.all("image")
    assert [float(image.get(side)) for side in ("x", "width", "height")] == [10, 50, 50]
    assert len(drawn("plt.imshow([[1]], extent=(0, 1, 0, 1)); plt.imshow([[2]])").images()) == 2
