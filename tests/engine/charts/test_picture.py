"""What plots look like: names beside lines, two sizes, colours that mean one thing, a fit's residual."""

import functools
import io
import itertools
import math
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text

from chainrule import Chart, cross_entropy, fit, mse, nn, optim, relu
from chainrule.charts import style
from chainrule.charts.labels import spread
from chainrule.charts.replay import ChartLayer, Panel, Replay

COLUMN = 688  # pixels: the text of a page in Material
PIXELS = 96  # in an inch


def texts(figure):
    """Every text that is seen, and its box."""
    figure.draw_without_rendering()
    for axes in figure.axes:
        seen = [axes.xaxis.label, axes.yaxis.label, *axes.texts]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            seen += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        for text in seen:
            if text.get_visible() and text.get_text():
                yield text.get_text(), text.get_window_extent()


def names(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def boxes(figure):
    figure.draw_without_rendering()
    return [Text.get_window_extent(text) for axes in figure.axes for text in axes.texts]  # no lines to them


def assert_legible(figure):
    """No name touches another, what is drawn, or the figure's edge; and there is no legend over data."""
    inside = figure.bbox.padded(1)
    for first, second in itertools.combinations(boxes(figure), 2):
        assert not first.padded(-1).overlaps(second.padded(-1))
    for box in boxes(figure):
        assert (inside.min <= box.min).all()
        assert (box.max <= inside.max).all()
    over = [*boxes(figure), *(legend.get_window_extent() for legend in figure.legends)]
    for axes in figure.axes:
        assert axes.get_legend() is None
        for line, box in itertools.product(axes.lines, over):
            points = line.get_transform().transform(np.column_stack(line.get_data()).astype(float))
            assert not box.count_contains(points[np.isfinite(points).all(axis=1)])


def growing(*layers, ends=None):
    """A chart of so many lines, the ends of which are given."""
    chart = Chart("x", "y", lines=layers)
    x = np.linspace(0, 1, 40)
    for name, end in zip(layers, ends or range(len(layers)), strict=True):
        chart.push_many(x, end * x**2, layer=name)
    return chart


@pytest.fixture(scope="module")
def straight():
    x = np.linspace(-3, 3, 65)[:, None]
    noise = np.random.default_rng(0).normal(0, 0.5, x.shape)
    model = nn.Linear(1, 1, rng=0)
    optimizer = optim.SGD(model.parameters(), lr=0.05)
    return x, 2 * x + noise, model, fit(model, (x, 2 * x + noise), loss=mse, optimizer=optimizer, epochs=60)


@functools.cache
def bent():
    def batch(rng):
        x = rng.normal(0, 5, (64, 1))
        return x, np.tanh(x)

    model = nn.Sequential(nn.Linear(1, 4, rng=1), relu, nn.Linear(4, 1, rng=2), np.tanh)
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    return fit(model, batch, loss=mse, optimizer=optimizer, epochs=5, iterations=100, seed=0)


@functools.cache
def classified():
    x = np.random.default_rng(0).normal(size=(10, 2))
    model = nn.MLP(2, [30, 2], rng=0)
    return fit(model, (x, (x[:, 0] > 0).astype(int)), loss=cross_entropy, optimizer=optim.Adam(), epochs=5)


FIGURES = {
    "a fit": lambda: bent().plot(),
    "classes": lambda: classified().plot(),
    "one line": lambda: growing("a").plot(),
    "two lines": lambda: growing("model", "target").plot(),
    "five lines": lambda: growing("a", "b", "c", "d", "e").plot(),
    "five lines that meet": lambda: growing(*"abcde", ends=[1] * 5).plot(),
    "thirty lines": lambda: growing(*(f"line {i}" for i in range(30))).plot(),
    "long names": lambda: growing(
        "a name that is rather long for a margin", "another that is no shorter"
    ).plot(),
    "nothing": lambda: Chart(lines=["a", "b"]).plot(),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_names_and_data_keep_clear_of_each_other(name):
    assert_legible(FIGURES[name]())


@pytest.mark.parametrize("name", FIGURES)
def test_there_are_two_sizes_and_a_column_shrinks_neither(name):
    figure = FIGURES[name]()

    static = 2 if name in {"a fit", "classes"} else 1
    width, height = style.TALL if static > 1 else style.ONE
    assert figure.get_figwidth() == width
    assert figure.get_figheight() == height or name == "thirty lines"
    assert max(style.ONE[0], style.TALL[0]) * PIXELS <= COLUMN
    assert mpl.rcParamsDefault["font.size"] == 10


def test_lines_are_named_at_their_ends_in_their_colours():
    figure = growing("a", "b", "c", ends=[0, 10, 5]).plot()
    figure.draw_without_rendering()
    [axes] = figure.axes

    assert figure.legends == []
    for line, text in zip(axes.lines, axes.texts, strict=True):
        end = axes.transData.transform((line.get_xdata()[-1], line.get_ydata()[-1]))
        box = text.get_window_extent()
        assert line.get_label() == text.get_text()
        assert line.get_color() == text.get_color()
        assert box.x0 >= axes.bbox.x1
        assert box.y0 <= end[1] <= box.y1


def test_a_line_that_ends_early_has_its_name_there_if_there_is_room():
    chart = Chart(lines=["short", "long"])
    chart.push_many([0, 1, 2], [0, 5, 8], layer="short")
    chart.push_many(range(11), np.zeros(11), layer="long")

    short, long = chart.plot().axes[0].texts

    assert short.get_text() == "short"
    assert short.xy == pytest.approx((2, 8))
    assert long.xy[0] == 1  # of the axes

    crowded = Chart(lines=["short", "long"], points="data")
    crowded.push_many([0, 1, 2], [0, 5, 8], layer="short")
    crowded.push_many(range(11), np.zeros(11), layer="long")
    crowded.push_many(*np.random.default_rng(0).uniform(0, 10, (2, 900)), layer="data")

    assert all(text.xy[0] == 1 for text in crowded.plot().axes[0].texts)


def test_too_many_names_stand_in_a_legend_below():
    figure = FIGURES["thirty lines"]()
    figure.draw_without_rendering()

    assert names(figure) == []
    [legend] = figure.legends
    assert len(legend.get_texts()) == 30
    assert legend.get_window_extent().y1 <= figure.axes[0].bbox.y0


def test_a_name_alone_is_left_to_the_axis():
    assert names(growing("a").plot()) == []


def test_heights_are_spread_as_little_as_need_be():
    rng = np.random.default_rng(0)
    for count in range(1, 12):
        wanted = rng.uniform(-20, 120, count)
        got = np.array(spread(wanted.tolist(), 8, 0, 100))
        order = np.argsort(got)
        assert (np.diff(got[order]) >= 8 - 1e-9).all()
        assert (np.diff(wanted[order]) >= 0).all()
        assert got.min() >= -1e-9
        assert got.max() <= 100 + 1e-9
    assert spread([5, 5], 4, 0, 100) == [7, 3]  # of two that are equal, the first stands above


def test_a_colour_means_one_thing():
    with mpl.rc_context({"text.color": "#123456"}):
        chart = Chart(points="data", lines=["target", "model", "slope", "derivative", "other", "another"])
        for name in chart.marks:
            chart.push_many([0, 1], [0, 1], layer=name)
        [axes] = chart.plot().axes

    look = {line.get_label(): (line.get_color(), line.get_linestyle()) for line in axes.lines}
    assert look == {
        "data": ("#123456", "None"),
        "target": ("#123456", "--"),
        "model": ("C0", "-"),
        "slope": ("C1", "-"),
        "derivative": ("C2", "-"),
        "other": ("C5", "-"),
        "another": ("C7", "-"),
    }
    assert axes.lines[0].get_alpha() < 1


def test_what_a_layer_shows_is_told_to_whoever_plays_it():
    chart = Chart(points="seen", lines=["now", "tanh"])

    layers = chart.replay().to_json()["panels"][0]["layers"]

    assert [layer.get("role") for layer in layers] == ["data", "model", None]
    assert all("residual" not in layer for layer in layers)


def test_two_kinds_of_points_have_two_colours():
    chart = Chart(points=["upper", "lower"])
    for name in chart.marks:
        chart.push(0, 0, layer=name)

    assert [line.get_color() for line in chart.plot().axes[0].lines] == ["C0", "C5"]


def test_a_fit_of_single_numbers_has_its_residual_below(straight):
    x, y, model, history = straight

    figure = history.plot()
    figure.draw_without_rendering()
    fitted, below, loss = figure.axes

    zero, rest = below.lines
    np.testing.assert_allclose(rest.get_ydata(), (y - model(x).data).ravel(), atol=1e-12)
    assert list(rest.get_xdata()) == x.ravel().tolist()
    assert set(zero.get_ydata()) == {0}
    assert zero.get_color() == fitted.lines[-1].get_color() == loss.lines[0].get_color() == "C0"
    assert rest.get_color() == fitted.lines[0].get_color() == mpl.rcParams["text.color"]
    assert below.get_shared_x_axes().joined(fitted, below)
    assert below.bbox.height < 0.4 * fitted.bbox.height
    assert below.bbox.y1 <= fitted.bbox.y0
    assert set(names(figure)) == {"data", "model", "residual", "step 0", "step 10"}
    assert (fitted.get_xlabel(), below.get_xlabel()) == ("", "x")
    bottom, top = below.get_ylim()
    assert bottom == -top
    assert len([tick for tick in below.get_yticks() if bottom <= tick <= top]) >= 2


def test_ghosts_tell_how_a_fit_grew():
    fitted = bent().plot().axes[0]

    _, *ghosts, model = fitted.lines
    assert [line.get_label() for line in ghosts] == ["step 0", "step 10", "step 100"]
    assert [line.get_alpha() for line in ghosts] == sorted(line.get_alpha() for line in ghosts)
    assert {line.get_color() for line in ghosts} == {model.get_color()}
    far = [np.abs(line.get_ydata() - model.get_ydata()).max() for line in ghosts]
    assert far == sorted(far, reverse=True)


def test_classes_are_told_by_shape_and_the_wrong_ones_ringed():
    history = classified()
    figure = history.plot()
    axes = figure.axes[0]

    looks = {line.get_label(): line for line in axes.lines}
    assert looks["class 0"].get_marker() != looks["class 1"].get_marker()
    assert looks["class 0"].get_color() != looks["class 1"].get_color()
    rings = [line for line in axes.lines if line.get_label() == "_"]
    replay = history.replay().to_json()
    wrong = sum(layer["wrong"][-1].count("1") for layer in replay["panels"][0]["layers"][:2])
    assert sum(len(ring.get_xdata()) for ring in rings) == wrong
    assert replay["figures"]["accuracy"][-1] == pytest.approx(1 - wrong / 10)
    assert looks["boundary"].get_linewidth() > looks["step 0"].get_linewidth()


def test_a_residual_of_rounding_errors_is_a_flat_line():
    layer = ChartLayer("data", "points", [0, 1], [0, 10], role="data", residual=[1e-13, -1e-13])

    _, below = Replay([Panel("x", "y", [layer])], [""]).plot().axes

    assert below.get_ylim()[1] == pytest.approx(0.012)


def test_the_residual_of_data_that_is_all_alike_is_drawn():
    layer = ChartLayer("data", "points", [0, 1], [3, 3], role="data", residual=[0.0, float("nan")])

    assert Replay([Panel("x", "y", [layer])], [""]).plot().axes[1].get_ylim() == (-1, 1)


def test_the_numbers_of_a_residual_keep_clear_of_each_other(straight):
    figure = straight[-1].plot()
    figure.draw_without_rendering()
    below = figure.axes[1]
    low, high = below.get_ylim()
    seen = [tick.label1.get_window_extent() for tick in below.yaxis.get_major_ticks()]
    assert len(seen) == 2
    assert not seen[0].overlaps(seen[1])
    assert all(low < place < high for place in below.get_yticks())


@pytest.mark.parametrize(("low", "high"), [(5e-324, 9e299), (1e-9, 9e299), (1e-200, 1.0)])
def test_powers_of_ten_are_drawn_as_far_as_they_go(low, high):
    layer = ChartLayer("loss", "line", [0, 1, 2], [low, high, math.inf], role="loss")

    with np.errstate(over="ignore"):  # ticks are sought beyond what an axis holds
        figure = Replay([Panel("step", "loss", [layer], log=True)], [""]).plot()
        figure.draw_without_rendering()

    bottom, top = figure.axes[0].get_ylim()
    assert 0 <= bottom <= low
    assert high <= top < math.inf


def test_a_minus_is_a_minus(straight):
    chart = Chart("x", "y")
    for i in range(-5, 6):
        chart.push(i, i / 1000)

    for figure in [chart.plot(), straight[-1].plot()]:
        written = [text for text, _ in texts(figure)]
        assert any("\N{MINUS SIGN}" in text for text in written)
        assert not any("-" in text for text in written)
    assert "| \N{MINUS SIGN}5 | \N{MINUS SIGN}0.005 |" in chart._repr_mimebundle_()["text/markdown"]


def test_powers_of_ten_are_written_at_full_size():
    figure = bent().plot()

    [loss] = [axes for axes in figure.axes if axes.get_yscale() == "log"]
    ticks = [text for text, _ in texts(figure) if text.startswith("10")]
    assert "10\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT ONE}" in ticks
    assert not any(label.get_text() for label in loss.get_yticklabels(minor=True))


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_cut_off(name):
    figure = FIGURES[name]()
    inside = figure.bbox.padded(1)

    for text, box in texts(figure):
        assert (inside.min <= box.min).all(), text
        assert (box.max <= inside.max).all(), text


def test_a_figure_is_saved_with_its_text():
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        bent().plot().savefig(file, format="svg")

    assert {"data", "model", "residual"} <= set(re.findall(r">([^<>]+)</text>", file.getvalue()))
