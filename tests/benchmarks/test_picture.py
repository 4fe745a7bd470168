"""The picture of the benchmarks: dots beside the line of plain NumPy, every engine that was measured."""

from __future__ import annotations

import matplotlib as mpl
import pytest

from benchmarks import page

mpl.use("Agg")
import matplotlib.pyplot as plt

MEASURED = [each["key"] for each in page.part("engines")["workloads"]]


@pytest.mark.parametrize("key", MEASURED)
def test_every_engine_that_was_measured_is_a_dot_with_its_figure(key):
    [workload] = [each for each in page.part("engines")["workloads"] if each["key"] == key]
    timings = page.timings(workload)

    figure = page.picture(key)
    figure.draw_without_rendering()
    [axes] = figure.axes
    [line, *dots] = axes.lines

    assert set(line.get_xdata()) == {1}
    assert sorted(float(dot.get_xdata()[0]) for dot in dots) == sorted(t["ratio"] for t in timings.values())
    assert {label.get_text() for label in axes.get_yticklabels()} == set(timings)
    assert {text.get_text() for text in axes.texts} == {page.multiple(t["ratio"]) for t in timings.values()}
    for left, texts in [(axes.bbox.x0, axes.texts), (figure.bbox.x0, axes.get_yticklabels())]:
        for text in texts:
            box = text.get_window_extent()
            assert left <= box.x0, text
            assert box.x1 <= figure.bbox.x1, text
    plt.close(figure)


def test_our_own_rows_are_marked():
    figure = page.picture("W3")
    weights = {label.get_text(): label.get_fontweight() for label in figure.axes[0].get_yticklabels()}
    plt.close(figure)

    assert {name for name, weight in weights.items() if weight == "bold"} == {"chainrule", "chainrule-jit"}
