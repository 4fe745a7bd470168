import json

import numpy as np
import pytest
from matplotlib.figure import Figure

from chainrule import Chart, Value
from chainrule.errors import ChartError

REPLAY = "application/vnd.chainrule.replay+json"


def line():
    chart = Chart("x", "y")
    for i in range(-5, 6):
        chart.push(x=i, y=2 * i)
    return chart


def test_the_picture_is_the_final_state():
    figure = line().plot()

    assert isinstance(figure, Figure)
    [axes] = figure.axes
    [drawn] = axes.lines
    assert drawn.get_xdata().tolist() == list(range(-5, 6))
    assert drawn.get_ydata().tolist() == list(range(-10, 11, 2))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")
    assert axes.get_legend() is None


def test_layers_are_points_and_lines_by_name():
    chart = Chart(points="data", lines=["first", "second"], title="Two lines")
    chart.push_many([0, 1], [1, 2], layer="data")
    chart.push(0, 1, layer="first")
    chart.push(0, 2, layer="second")

    figure = chart.plot()

    assert figure.get_suptitle() == "Two lines"
    [axes] = figure.axes
    assert {text.get_text() for text in axes.texts} == {"data", "first", "second"}
    assert [drawn.get_linestyle() for drawn in axes.lines] == ["None", "-", "-"]


def test_a_window_drops_the_oldest_points():
    chart = Chart()
    for i in range(10):
        chart.push(i, i, window=3)

    [drawn] = chart.plot().axes[0].lines
    assert drawn.get_xdata().tolist() == [7.0, 8.0, 9.0]
    replay = chart.replay().to_json()
    [layer] = replay["panels"][0]["layers"]
    assert layer["spans"][:5] == [[0, 0], [0, 1], [0, 2], [0, 3], [1, 4]]
    assert layer["spans"][-1] == [7, 10]
    assert len(layer["x"]) == 10


def test_the_replay_has_a_frame_for_each_push():
    replay = line()._repr_mimebundle_()[REPLAY]

    assert replay["version"] == 2
    assert replay["frames"] == ["0 points", "1 point", *(f"{n} points" for n in range(2, 12))]
    assert json.loads(json.dumps(replay, allow_nan=False)) == replay


def test_a_long_replay_is_thinned_and_ends_where_the_chart_does():
    chart = Chart()
    for i in range(5000):
        chart.push(i, np.sin(i / 100))

    replay = chart.replay().to_json()
    [layer] = replay["panels"][0]["layers"]

    assert len(replay["frames"]) == len(layer["spans"]) == 60
    assert len(layer["x"]) == 1000
    assert layer["spans"][-1] == [0, 1000]
    assert layer["x"][-1] == 4999.0


def test_the_bundle_holds_what_is_asked_for():
    chart = line()

    assert set(chart._repr_mimebundle_()) == {REPLAY, "image/svg+xml", "text/markdown", "text/plain"}
    assert set(chart._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert "image/svg+xml" not in chart._repr_mimebundle_(exclude={"image/svg+xml"})
    assert chart._repr_mimebundle_()["image/svg+xml"] == chart._repr_mimebundle_()["image/svg+xml"]
    assert chart._repr_mimebundle_()["text/markdown"].splitlines()[-1] == "|  | 5 | 10 |"


def test_values_and_what_is_not_finite_can_be_pushed():
    chart = Chart()
    chart.push(Value(1.0), np.float32(2.0))
    chart.push(2, float("nan"))

    [layer] = chart.replay().to_json()["panels"][0]["layers"]
    assert (layer["x"], layer["y"]) == ([1.0, 2.0], [2.0, None])


def test_an_empty_chart_is_drawn():
    assert Chart().plot().axes
    assert Chart().replay().to_json()["frames"] == ["0 points"]


def test_unknown_layers_and_uneven_points_are_refused():
    with pytest.raises(ChartError, match=r"no layer 'fit', but 'data'\..*Chart\(points='fit'\)"):
        Chart(points="data").push(1, 2, layer="fit")
    with pytest.raises(ChartError, match="2 positions and 1 heights"):
        Chart().push_many([1, 2], [1])
    with pytest.raises(ChartError, match=r"points are numbers .*'one'"):
        Chart().push("one", 1)


def test_numbers_far_from_zero_are_told_apart():
    chart = Chart()
    for i in range(9):
        chart.push(1_000_000 + i, 1 + 1e-6 * i)
    [layer] = chart.replay().to_json()["panels"][0]["layers"]
    assert layer["x"] == [1_000_000 + i for i in range(9)]
    np.testing.assert_allclose(layer["y"], 1 + 1e-6 * np.arange(9), atol=1e-9)


@pytest.mark.parametrize("heights", [[-1.7e308, 1.7e308], [1e308, 1e309], [5e-324, 0.0], [1e301]])
def test_numbers_near_the_end_of_all_numbers_are_drawn_or_left_out(heights):
    chart = Chart()
    chart.push_many(range(len(heights)), heights)
    assert "<svg" in chart._repr_mimebundle_()["image/svg+xml"]
    drawn = chart.replay().to_json()["panels"][0]["layers"][0]["y"]
    assert all(each is None or abs(each) < 1e300 for each in drawn)
