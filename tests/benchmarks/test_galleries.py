"""A small gallery is built and compared with plain Python: what is not alike is named by its kind."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from benchmarks.cli import main
from benchmarks.galleries.cells import Cell, markdown, of_notebook, of_script, prose
from benchmarks.galleries.comparing import (
    contrast,
    lost_in_the_dark,
    pixels,
    share_of_unlike_cells,
    uncoloured,
    unlike_texts,
)
from benchmarks.galleries.measured import framed
from benchmarks.galleries.pages import GALLERIES, beside, left_out, pages
from click.testing import CliRunner
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from building import skip_or_fail

SCRIPT = '''"""
Title
=====

See `~.Axes.plot`.
"""
# a comment
import numpy as np

x = np.arange(3)

# %%
# Some words,
#
# .. tags:: left out

y = 2 * x  # code
####################
# More.
'''


def test_a_script_is_cells_of_prose_and_code():
    assert of_script(SCRIPT) == [
        Cell(False, "Title\n=====\n\nSee `~.Axes.plot`."),
        Cell(True, "# a comment\nimport numpy as np\n\nx = np.arange(3)"),
        Cell(False, "Some words,\n\n.. tags:: left out"),
        Cell(True, "y = 2 * x  # code"),
        Cell(False, "More."),
    ]


def test_a_notebook_is_cells_without_magic():
    cells = [
        {"cell_type": "markdown", "source": ["Words"]},
        {"cell_type": "code", "source": ["%run\n", "x = 1"]},
    ]
    assert of_notebook(json.dumps({"cells": cells})) == [Cell(False, "Words"), Cell(True, "\nx = 1")]


def test_prose_is_markdown_and_code_a_fence_that_it_cannot_end():
    text = "Title\n=====\n\nSee :func:`~a.b` or `this <x.org>`_ for a<b.\n\n.. tags::\n\n   a\n"
    assert prose(text) == "# Title\n\nSee `a.b` or [this](x.org) for a&lt;b."
    assert markdown([Cell(True, '"""\n```\n"""')]) == '````autograd\n"""\n```\n"""\n````\n'


def test_cells_are_unlike_where_more_than_a_line_moves():
    white = np.ones((80, 80, 3))
    line, block = white.copy(), white.copy()
    line[:, 40] = 0.5
    moved = np.roll(line, 1, axis=1)
    block[:16, :16] = 0
    assert share_of_unlike_cells(line, moved) == 0
    assert share_of_unlike_cells(white, white[1:]) == 0
    assert share_of_unlike_cells(white, block) == 0.04


def text(said: str, colour=(0, 0, 0), start=(10, 10), end=(50, 10)):
    return {
        "said": said,
        "letters": "".join(sorted(said)),
        "colour": list(colour),
        "start": start,
        "end": end,
    }


def test_black_and_ink_are_one_colour(tmp_path):
    ink, ground = (27, 27, 31), (255, 255, 255)
    Image.new("RGB", (80, 80), (0, 0, 0)).save(tmp_path / "black.png")
    Image.new("RGB", (80, 80), ink).save(tmp_path / "ink.png")
    both = [pixels(tmp_path / f"{name}.png", ground, ink) for name in ("black", "ink")]
    assert share_of_unlike_cells(*both) == 0


@pytest.mark.parametrize("frame", [(33, 12, 562, 339), (-7, -4, 620, 350)])
def test_the_reference_is_cut_to_the_pixels_of_a_page(frame):
    figure = Figure(figsize=(6.4, 3.6))
    figure.add_artist(Rectangle((96 / 614.4, 0), 0.5, 1 - 48 / 345.6, color="red"))  # its corner: 96, 48
    left, top, right, bottom = frame
    image, _ = framed(figure, frame)
    assert image.size == (right - left, bottom - top)
    rows, columns = np.nonzero(np.asarray(image.convert("RGB"))[..., 1] < 128)
    assert (columns.min() + left, rows.min() + top) == (96, 48)


def test_texts_are_found_by_their_letters_and_nearest_place():
    ink = [(27, 27, 31)]
    there = [{**text(said), "origin": (10, 10)} for said in ("ab", "12")]
    assert not list(unlike_texts(there, [text("ab"), text("21")], ink))
    assert not list(unlike_texts([{**there[0], "colour": [27, 27, 31]}], [text("ab")], ink))
    kept = [{**text("ab"), "origin": (10, 10)}]
    assert not list(unlike_texts(kept, [text("ab", (27, 27, 31))], ink)), "on a chosen ground ink is black"
    halo = {**there[0], "colour": [255, 255, 255], "hasEffects": True}
    assert not list(unlike_texts([halo, there[0]], [text("ab")], ink)), "a halo is no text of the reference"
    lines = [text("a"), text("b", start=(10, 20), end=(50, 20))]
    assert not list(unlike_texts(there[:1], lines, ink)), "two lines may be one text"
    wrong = [text("ab", (255, 0, 0)), text("12", start=(20, 10), end=(60, 10)), text("new")]
    assert list(unlike_texts(there, wrong, ink)) == [
        ("colour", "'ab' is #000000, not #ff0000"),
        ("place", "'12' is off by 10 px"),
        ("missing", "'new'"),
    ]


def test_a_colour_that_follows_the_scheme_was_nobodys_choice():
    light = [text("a", (27, 27, 31)), text("b", (90, 90, 90)), text("c", (255, 0, 0)), text("d", (0, 0, 255))]
    dark = [
        text("a", (255, 255, 255)),
        text("b", (160, 160, 160)),
        text("c", (255, 0, 0)),
        text("d", (99, 99, 255)),
    ]
    assert list(lost_in_the_dark(light, dark, {(27, 27, 31)})) == [
        ("colour", "'d' is #6363ff in the dark, not #0000ff")
    ]


def test_contrast_is_asked_of_texts_whose_colour_nobody_chose():
    ink = [(27, 27, 31)]
    assert uncoloured(text("a", (27, 27, 31)), ink)
    assert uncoloured(text("a"), ink)
    assert not uncoloured(text("a", (169, 169, 169)), ink)
    assert not uncoloured({**text("a"), "hasEffects": True}, ink)


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == 21
    assert contrast((118, 118, 118), (255, 255, 255)) == 4.54


HERE = "import sys\nhere = 'mkdocs_chainrule.worker.worker' in sys.modules\n"
PLOT = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
EXAMPLES = {
    "alike": f"{PLOT}ax.plot([1, 2])\nax.set_title('Red $x^2$', color='red')\nplt.show()\nplt.plot([2, 1])\n"
    f"# %%\n# Beside it\nprint(open('data/beside.txt').read())\nplt.text(0.5, 0.5, 'Words')\nfig\n",
    "colour": f"{HERE}{PLOT}ax.set_title('Title', color='blue' if here else 'red')\n",
    "fails": f"{HERE}assert not here, 'it is here'\n",
    "other_colours": f"{PLOT}from matplotlib.colors import to_hex\nassert to_hex('C0') == '#1f77b4'\n",
    "draws": f"{PLOT}ax.set_title('$\\\\frac{{1}}$')\nplt.show()\n",
    "imports": "import fails_not\nassert fails_not.x\n",
    "fails_not": "x = 1\n",
    "says": f"{HERE}print('a layout engine that we chose' if here else '')\n",
    "shape": f"{HERE}{PLOT}ax.bar([1, 2], [1, 2 if here else 1])\nax.set_ylim(0, 3)\n",
    "chance": f"{PLOT}from numpy.random import default_rng\nax.bar(range(9), default_rng().random(9))\n"
    "ax.set_ylim(0, 1)\n",
    "never_sgskip": "input()\n",
}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source" / "galleries" / "examples" / "some"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "beside.txt").write_text("beside", "utf-8")
    for name, code in EXAMPLES.items():
        (folder / f"{name}.py").write_text(f'"""{name.title()}"""\n{code}', "utf-8")
    return tmp_path / "source"


def test_the_examples_that_fit_are_pages_and_what_is_beside_them_is_found(source):
    gallery = GALLERIES["matplotlib"]
    names = [page.name.rpartition("/")[2] for page in pages(gallery, source)]
    assert names == sorted(set(EXAMPLES) - {"never_sgskip"})
    assert [page.blocks for page in pages(gallery, source, "*/says")] == [[EXAMPLES["says"].strip()]]
    assert list(left_out(gallery, source)) == ["galleries/examples/some/never_sgskip"]
    assert list(beside(gallery, source)) == ["data/beside.txt", "fails_not.py"]


@pytest.mark.browser
@pytest.mark.slow
def test_what_is_not_alike_is_named(source, tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        skip_or_fail("Chromium is missing")
    out = tmp_path / "out"
    command = ["gallery", "matplotlib", str(source), "--to", str(out), "--browser", chromium, "--sheet", "4"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    told = json.loads((out / "report.json").read_text("utf-8"))
    found = {page["page"].rpartition("/")[2]: page for page in told["pages"]}
    assert found["alike"]["count"] == [4, 4]
    assert not any(found["alike"][what] for what in ("failures", "theirs", "ours", "only_here", "dead"))
    assert all(
        figure["share"] <= figure["limit"] and not figure["faults"] for figure in found["alike"]["figures"]
    )
    assert "AssertionError: it is here" in found["fails"]["failures"][0]
    assert "AssertionError" in found["other_colours"]["failures"][0]
    assert not found["fails"]["theirs"]
    assert not found["other_colours"]["theirs"]
    assert not found["imports"]["failures"] + found["imports"]["theirs"]
    assert found["draws"]["failures"]
    assert found["draws"]["theirs"]
    assert [kind for kind, _ in found["colour"]["figures"][0]["faults"]] == ["colour"]
    assert found["says"]["ours"] == ["a layout engine that we chose"]
    assert found["shape"]["figures"][0]["share"] > 0.005
    assert found["chance"]["figures"][0]["again"] > 0.005
    summary = told["summary"]
    assert (
        summary["pages that fail here and not there"],
        summary["figures with texts of another colour"],
    ) == (2, 1)
    assert (summary["figures alike"], summary["figures that chance draws"]) == (6, 1)
    assert {path.name for path in out.glob("sheet-*.png")} == {"sheet-light.png", "sheet-dark.png"}
    assert [path.name for path in (out / "pairs").iterdir()] == ["001-galleries-examples-some-shape-1.png"]
