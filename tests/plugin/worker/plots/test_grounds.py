"""What a mark stands on is what is seen there: clipped, veiled, in part, or a scale's own colours."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from mkdocs_chainrule.session.palette import INK
from mkdocs_chainrule.worker.plots.grounds import area

BLACK = "#000000"


@pytest.mark.parametrize(
    "source",
    [
        "plt.bar([1], [10]); plt.ylim(0, 5); plt.title('x')",
        "plt.axvspan(-3, 30, color='gold'); plt.xlim(0, 1); plt.gcf().text(0.02, 0.5, 'x')",
        "plt.contourf(np.arange(81).reshape(9, 9)); plt.ylim(2, 5); plt.title('x')",
        "plt.imshow(np.eye(9), interpolation='none'); plt.ylim(2, 5); plt.title('x')",
    ],
)
def test_what_is_clipped_away_is_no_ground(drawn, source):
    assert drawn(source).colour("x") == INK


def test_an_image_is_a_ground_within_its_clip_path(drawn):
    clip = "plt.imshow(np.eye(9)).set_clip_path(plt.Circle((4, 4), 2, transform=plt.gca().transData))"
    picture = drawn(f"{clip}; plt.text(0, 0, 'x', ha='center'); plt.text(4, 4, 'y', ha='center')")
    assert (picture.colour("x"), picture.colour("y")) == (INK, BLACK)


def test_text_partly_on_a_fill_is_read_best_where_it_is_read_worst(drawn):
    ring = "plt.pie([1, 1], autopct='{}', wedgeprops=dict(width=0.4), colors={})"
    assert drawn(ring.format("x" * 9, ["C0", "C0"])).colour("x" * 9) == INK  # light on blue and on the dark
    box = "plt.axvspan(0, 0.55, color='lightyellow'); plt.xlim(-0.05, 1.05); plt.text(0.4, 0.5, '{}')"
    assert drawn(box.format("x" * 5)).colour("x" * 5) == BLACK


def test_a_fill_that_the_dark_shines_through_is_a_darker_ground(drawn):
    dark, light = (
        drawn(
            f"plt.axvspan(0, 1, color={c!r}, alpha=0.7); plt.xlim(-0.05, 1.05); plt.text(0.5, 0.5, 'x')"
        ).colour("x")
        for c in ("purple", "yellow")
    )
    assert (dark, light) == (INK, BLACK)


def test_small_shapes_stay_on_a_colour_that_somebody_chose(drawn):
    picture = drawn(
        "plt.gca().set_facecolor('w'); plt.xlim(0, 9); plt.gca().add_patch(plt.Circle((5, .5), .1, fc='k'))"
    )
    assert INK not in {node.get("fill") for node in picture.all("path") if "C" in node.get("d", "")}


@pytest.mark.parametrize(
    "source",
    [
        "plt.scatter(range(9), range(9), c=range(9), cmap='Greys', s=range(5, 200, 22))",
        "plt.hexbin(*rng.normal(size=(2, 500)), gridsize=9, cmap='Greys')",
        "plt.pcolormesh(np.arange(9).reshape(3, 3), cmap='gray', rasterized={})",
        "plt.contourf(np.arange(81).reshape(9, 9), cmap='binary')",
        "plt.subplot(projection='3d').scatter([0, 1], [0, 1], [0, 1], c=[0, 1], cmap='gray', s=99)",
    ],
)
def test_the_steps_of_a_scale_are_the_same_in_both_schemes(drawn, source):
    picture = drawn(source.format(False))
    fills = {node.get("fill") or "" for node in picture.root.iter() if not node.tag.endswith("text")}
    assert not {fill for fill in fills if fill == INK or fill.startswith("light-dark")}
    assert len(drawn(source.format(True)).images()) <= 1


def test_contours_in_black_are_ink(drawn):
    assert INK in drawn("plt.contour(np.arange(81).reshape(9, 9), colors='k')").paints("stroke")


def test_the_ground_in_pixels_is_the_page_s_own(drawn):
    picture = drawn(
        "plt.gca().set_rasterization_zorder(0); plt.plot([1, 2], zorder=-1); plt.plot([2, 1], 'k')"
    )
    (image,) = picture.images()
    assert image[..., 3].mean() < 50
    assert BLACK not in picture.paints("stroke")


def test_lines_on_the_seams_of_fills_stay(drawn):
    field = "x, y = np.meshgrid(np.linspace(-3, 3, 50), np.linspace(-2, 2, 50)); plt.{}(x, y, x * y, {})"
    both = "; ".join(
        field.format(*each) for each in (("contourf", "cmap='Wistia'"), ("contour", "colors='k'"))
    )
    lines = [node for node in drawn(both).all("path") if node.get("stroke-width") == "2.4"]
    assert {line.get("stroke") for line in lines if len(line.get("d", "")) > 100} == {BLACK}


@pytest.mark.parametrize(
    ("source", "stays"),
    [
        ("plt.axhline(0.5, color='k')", BLACK),
        ("plt.axvline(0.5, color='k')", BLACK),
        ("plt.grid(color='k')", BLACK),
        ("plt.grid()", "#d8d8df"),
    ],
)
def test_a_line_from_edge_to_edge_of_a_ground_stays(drawn, source, stays):
    ground = "plt.axes(facecolor='.75', xlim=(0.13, 0.87), ylim=(0.13, 0.87)).spines[:].set_visible(False)"
    assert drawn(f"{ground}; plt.tick_params(length=0); {source}").paints("stroke") == {stays}


def test_a_shape_that_lies_nowhere_carries_nothing_and_warns_of_nothing():
    assert area(Path(np.full((3, 2), np.inf)), IdentityTransform()) is None
    assert area(Path(np.array([[0.0, 0.0], [1e308, 0.0], [-1e308, 3.0]])), IdentityTransform()) is not None
