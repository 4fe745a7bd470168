"""The author's layout wins in silence, and all that is drawn is seen."""

from __future__ import annotations

import io
import warnings
from xml.etree import ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from mkdocs_chainrule.session.palette import GRID, rc
from mkdocs_chainrule.worker.plots.drawing import draw
from mkdocs_chainrule.worker.plots.units import INCH
from pictures import Picture

NEAR = 6  # points: Agg measures text in whole pixels
LINE = "plt.plot([1, 3, 2], label='a line with a long name');"


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot([1, 2]); plt.tight_layout()",
        "plt.subplots(1, 2)[0].subplots_adjust(wspace=0.8)",
        "plt.subplots(1, 2)[0].tight_layout(rect=(0, 0, 0.5, 1))",
        "plt.imshow([[1, 2]]); plt.colorbar(); plt.tight_layout()",
        "plt.imshow([[1, 2]]); plt.tight_layout(); plt.colorbar()",
        "f, (a, b) = plt.subplots(2, sharex=True); f.subplots_adjust(hspace=0, left=0.3)",
        "plt.figure().add_axes([0, 0, 1, 1]).plot([1, 2])",
        "from mpl_toolkits.axes_grid1 import host_subplot; host_subplot(111).twinx().plot([1, 2])",
        "plt.subplot_mosaic('AB;CC')",
        "plt.figure(layout='constrained').subplots(2, 2)",
        "plt.figure(layout='tight').subplots(2, 2)",
        "plt.subplots(1, 2, gridspec_kw={'width_ratios': [1, 3]}); plt.gcf().align_labels()",
        "plt.figure().subfigures(1, 2)[0].subplots()",
    ],
)
def test_no_layout_of_an_author_s_is_warned_of(drawn, source):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert drawn(source).svg


@pytest.mark.parametrize(
    "source",
    [
        LINE,
        f"{LINE} plt.legend(bbox_to_anchor=(1.02, 1), loc='upper left')",
        f"{LINE} plt.suptitle('above', y=1.1); plt.figtext(0.5, -0.15, 'below', ha='center')",
        "plt.pie([1, 2, 3], labels=['a rather long label', 'another rather long label', 'a third'])",
        "plt.figure(figsize=(4, 2)).add_axes([0, 0, 1, 1]).set_ylabel('left of the figure')",
        "plt.figure(figsize=(6.4, 2)); plt.plot([0, 1], [0, 12])",
        "plt.imshow([[1, 2]]); plt.colorbar(label='values')",
        "plt.figure().add_subplot(projection='polar').plot([1, 2, 3])",
        "plt.figure(facecolor='pink'); plt.title('x', y=1.4)",
        "plt.subplots(3, 3, figsize=(10, 8))",
    ],
)
def test_the_picture_is_cut_as_a_notebook_cuts_it(drawn, source):
    left, top, width, height = drawn(source).box
    with mpl.rc_context(rc()):
        exec(source, {"plt": plt})
        figure = plt.gcf()
        figure.dpi = INCH
        figure.canvas.draw()
        box = figure.get_tightbbox().padded(0.1)
        whole = figure.get_size_inches()[1]
        plt.close("all")
    assert (width, height) == pytest.approx((INCH * box.width, INCH * box.height), abs=0.02)
    assert (left, top) == pytest.approx((INCH * box.x0, INCH * (whole - box.y1)), abs=0.02)


def test_every_text_lies_within_the_picture(drawn):
    picture = drawn("plt.figure(figsize=(3, 2)); plt.plot([0, 1], [0, 123456]); plt.suptitle('x', y=1.2)")
    left, top, width, height = picture.box
    for node in picture.texts().values():
        assert left <= float(node.get("x")) <= left + width
        assert top <= float(node.get("y")) <= top + height


def test_a_ground_of_the_author_s_lies_under_the_whole_picture(drawn):
    picture = drawn("plt.figure(facecolor='pink'); plt.title('far above', y=1.4)")
    (ground,) = [node for node in picture.all("rect") if node.get("fill") == "#ffc0cb"]
    assert tuple(float(ground.get(key)) for key in ("x", "y", "width", "height")) == picture.box


def test_a_figure_is_drawn_once_and_left_as_it_was():
    with mpl.rc_context(rc()):
        figure, axes = plt.subplots(dpi=123)
        axes.plot([1, 2])
        drawings = []
        figure.canvas.mpl_connect("draw_event", drawings.append)
        canvas = figure.canvas
        first, second = draw(figure), draw(figure)
        assert len(drawings) == 2
        assert first == second
        assert (figure.canvas, figure.dpi) == (canvas, 123)
        assert not canvas.is_saving()
        plt.close(figure)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ("plt.grid()", 2),
        ("plt.grid(axis='y')", 1),
        ("plt.grid(); plt.grid()", 0),
        ("plt.grid(False)", 0),
    ],
)
def test_a_grid_is_there_when_its_author_asks_for_one(drawn, source, lines):
    picture = drawn(f"plt.plot([1, 3, 2]); {source}")
    both = [node.get("d") for node in picture.all("path") if node.get("stroke") == GRID]
    upright = {node.partition("L")[0].split()[0] == "M" + node.partition("L")[2].split()[0] for node in both}
    assert len(upright) == lines


def test_insets_and_images_have_no_grid_of_ours(drawn):
    inset = ".inset_axes((0.4, 0.4, 0.5, 0.5)).imshow([[1]]);"
    assert GRID not in drawn(f"plt.imshow([[1]]); plt.gca(){inset}").paints("stroke")


@pytest.mark.parametrize("inches", [1, 2.5, 10])
def test_a_picture_has_the_size_of_its_figure(drawn, inches):
    picture = drawn(f"plt.figure(figsize=({inches}, 2)).add_axes([0, 0, 1, 1]).axis('off')")
    assert picture.root.get("width") == f"{INCH * (inches + 0.2):g}"


def test_a_picture_of_nothing_has_a_size(drawn):
    assert isinstance(drawn("plt.figure(figsize=(2, 1), frameon=False)").root, ET.Element)
    assert Picture(drawn("plt.figure()").svg).box[2] > 0


def test_what_is_laid_out_around_texts_stands_where_it_does_in_a_saved_figure():
    def places(keep):
        with mpl.rc_context(rc()):
            figure, many = plt.subplots(2, 3, layout="constrained")
            for axes in many.flat:
                axes.plot([10, 200], [1.5, -3.25], label="a line")
                axes.set(xlabel="along $x^2$", ylabel="Äpfel, upwards", title="A title")
            keep(figure)
            plt.close(figure)
            return [axes.get_position().extents for axes in many.flat]

    saved = places(lambda figure: figure.savefig(io.BytesIO(), dpi=96))
    assert places(draw) == [pytest.approx(place, abs=0.6 / 614) for place in saved]  # of a pixel
