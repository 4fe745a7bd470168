"""Matplotlib's SVG becomes one that follows light and dark, and that can only draw."""

from __future__ import annotations

import gzip
import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from mkdocs_chainrule.session import palette
from mkdocs_chainrule.show import figure
from mkdocs_chainrule.show.colours import colours
from mkdocs_chainrule.show.figure import show_figure
from mkdocs_chainrule.show.settings import ShowSettings
from mkdocs_chainrule.worker.plots import drawing

mpl.use("Agg")
import matplotlib.pyplot as plt

FIT = {"kind": "figure", "alt": "Points and a line"}


def draw(plot) -> str:
    with plt.rc_context(palette.rc()):
        figure, axes = plt.subplots()
        plot(axes)
        svg = drawing.draw(figure).svg
        plt.close(figure)
    return svg


def fit(axes) -> None:
    x = np.linspace(-3, 3, 65)
    axes.scatter(x, 2 * x + np.sin(9 * x), s=14, label="data")
    axes.plot(x, 2 * x, color="C1", label="fit")
    axes.set(xlabel="x", ylabel="y", title="Fit")
    axes.legend()


@pytest.fixture(scope="module")
def raw() -> str:
    return draw(fit)


def shown(svg: str, alt=None, **place) -> str:
    return show_figure(svg, FIT, ShowSettings(options={"alt": alt}, **place))


def test_ink_and_grid_and_ground_become_variables_and_all_else_stays(raw):
    html = shown(raw)
    assert set(re.findall(r"--chainrule-\w+", html)) == set(palette.VARIABLES.values())
    assert not re.search("|".join(palette.VARIABLES), html)
    assert palette.CYCLE[1] in html


def test_a_colour_may_be_a_pair_for_light_and_dark():
    html = shown(draw(lambda axes: axes.axhline(0, color="0.2")))
    assert re.search(r'stroke="light-dark\(#333333,#\w{6}\)"', html)


def test_author_colours_stay():
    assert 'stroke="#ff0000"' in shown(draw(lambda axes: axes.plot([1, 2], color="red")))


def test_nothing_needs_an_exception_from_a_strict_policy(raw):
    html = shown(raw)
    assert "style" not in html
    assert "<script" not in html
    assert "metadata" not in html


def test_ids_are_unique_for_each_place(raw):
    one, two = shown(raw, prefix="a-1"), shown(raw, prefix="b-1")
    ids = [set(re.findall(r' id="([^"]+)"', html)) for html in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_every_reference_has_its_target(raw):
    html = shown(raw)
    referred = set(re.findall(r'(?:href="#|url\(#)([^")]+)', html))
    assert referred == set(re.findall(r' id="([^"]+)"', html))


def test_a_plain_plot_is_small():
    html = shown(draw(lambda axes: axes.plot([1, 3, 2]))).encode()
    assert len(html) <= 7_500
    assert len(gzip.compress(html, 9)) <= 1_000


def test_a_fit_plot_is_small(raw):
    html = shown(raw).encode()
    assert len(html) <= 40_000
    assert len(gzip.compress(html, 9)) <= 5_000


def test_a_long_training_is_small_too():
    losses = np.exp(np.random.default_rng(0).normal(size=6400) - np.arange(6400) / 500)

    def training(axes) -> None:
        fit(axes.inset_axes([0, 0, 0.4, 1]))
        axes.inset_axes([0.6, 0, 0.4, 1]).plot(losses)
        axes.set_axis_off()

    picture = shown(draw(training)).encode()
    assert len(picture) <= 40_000
    assert len(gzip.compress(picture, 9)) <= 5_000


def test_text_can_be_selected_and_says_what_it_said(raw):
    picture = re.search(r"<svg.*?</svg>", shown(raw), re.DOTALL)[0]
    svg = ET.fromstring(picture.replace("xlink:", ""))
    texts = ["".join(text.itertext()) for text in svg.iter("text")]
    assert {"x", "y", "Fit", "data", "fit", "\N{MINUS SIGN}2"} <= set(texts)


def test_the_picture_has_a_role_and_words(raw):
    assert 'role="img" aria-label="Points and a line"' in shown(raw)
    assert 'aria-label="An author&#x27;s words"' in shown(raw, alt="An author's words")


def test_text_never_shrinks_under_eight_pixels(raw):
    html = shown(raw)
    width = int(re.search(r'<svg viewBox="[^"]*" width="(\d+)"', html)[1])
    least = int(re.search(r'class="chainrule-strut" width="(\d+)"', html)[1])
    assert 10 * 4 / 3 * least / width == pytest.approx(8, abs=0.1)


HOSTILE = """
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">
  <script>alert(1)</script><style>*{display:none}</style>
  <foreignObject><p onclick="x"/></foreignObject>
  <a xlink:href="javascript:alert(1)"><text x="1" y="2" onclick="x">&lt;b&gt;</text></a>
  <image xlink:href="https://x.org/pixel.png"/><use href="https://x.org/evil.svg#a"/>
  <set attributeName="href" to="x"/>
  <path d="M0 0" style="fill: url(javascript:1); behavior: url(x)" stroke="red"/>
</svg>"""


def test_a_hostile_figure_can_only_draw():
    html = shown(HOSTILE)
    live = "script|style=|foreignObject|onload|onclick|https://x.org|<set|behavior"
    assert not re.search(live, html, re.IGNORECASE)
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("text", ["", "not xml", "<html></html>"])
def test_what_is_no_svg_is_not_shown(text):
    assert shown(text) is None


def test_pixels_go_to_a_file_where_there_is_one():
    files = {}

    def save(name, content):
        files[name] = content
        return f"../assets/{name}"

    raw = draw(lambda axes: axes.imshow(np.eye(4)))
    assert "data:image/png;base64," in shown(raw)
    html = shown(raw, save=save)
    assert "data:" not in html
    ((name, content),) = files.items()
    assert f'xlink:href="../assets/{name}"' in html
    assert content.startswith(b"\x89PNG")


def test_a_large_figure_goes_to_a_file_that_stands_alone(raw, monkeypatch):
    monkeypatch.setattr(figure, "MOST_INLINE", 1000)
    files, remarks = {}, []

    def save(name, content):
        files[name] = content.decode()
        return f"../assets/{name}"

    html = shown(raw, save=save, remark=remarks.append)
    ((name, svg),) = files.items()
    assert f'<img src="../assets/{name}" alt="Points and a line"' in html
    assert "<p" not in html
    assert len(html) < 1000
    assert re.match(r"a picture of \d+ KB became a file of its own", *remarks)
    ET.fromstring(svg)
    used = set(re.findall(r"var\((--chainrule-\w+)\)", svg))
    assert used
    assert all(f"{variable}:light-dark(" in svg or f"{variable}:var(" in svg for variable in used)


def test_every_variable_of_the_palette_has_a_colour_in_the_style_sheet():
    assert set(palette.VARIABLES.values()) <= colours().keys()
