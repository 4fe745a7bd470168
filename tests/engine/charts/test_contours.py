"""Paths along which a field is zero: on every edge that changes sign, at the place that is exact for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chainrule.charts.contours import UNITS, points, steps, zeros

FIELDS = arrays(
    float,
    st.tuples(st.integers(2, 6), st.integers(2, 6)),
    elements=st.integers(-4, 4).map(lambda number: number + 0.5),
)


def crossings(field):
    """Where a straight line along each edge of the grid is zero, edge by edge."""
    found = []
    rows, columns = field.shape
    for row, column in np.ndindex(field.shape):
        for down, right in ((0, 1), (1, 0)):
            if row + down < rows and column + right < columns:
                a, b = field[row, column], field[row + down, column + right]
                if (a > 0) != (b > 0):
                    found.append((column + right * a / (a - b), row + down * a / (a - b)))
    return sorted(found)


@given(FIELDS)
@settings(max_examples=300, deadline=None)
def test_every_change_of_sign_is_crossed_once_and_where_it_is(field):
    paths = zeros(field)

    open_ones = [path for path in paths if not np.array_equal(path[0], path[-1])]
    closed = [path[1:] for path in paths if np.array_equal(path[0], path[-1])]
    seen = [tuple(point) for path in [*open_ones, *closed] for point in path]
    np.testing.assert_allclose(sorted(seen), crossings(field), atol=1e-12)
    rows, columns = field.shape
    for path in open_ones:  # at the border
        for x, y in (path[0], path[-1]):
            assert x in {0, columns - 1} or y in {0, rows - 1}


@given(FIELDS)
@settings(max_examples=100, deadline=None)
def test_each_step_of_a_path_stays_within_a_cell(field):
    for path in zeros(field):
        cells = np.floor((path[:-1] + path[1:]) / 2)
        for point in (path[:-1], path[1:]):
            assert (point >= cells - 1e-12).all()
            assert (point <= cells + 1 + 1e-12).all()


def test_a_circle_is_a_closed_path_of_the_right_length():
    x, y = np.meshgrid(np.linspace(-1, 1, 33), np.linspace(-1, 1, 33))

    [path] = zeros(x**2 + y**2 - 0.5)

    places = path / 16 - 1
    assert np.array_equal(path[0], path[-1])
    np.testing.assert_allclose(np.hypot(*places.T), 0.5**0.5, atol=2e-3)
    length = np.hypot(*np.diff(places, axis=0).T).sum()
    assert length == pytest.approx(2 * np.pi * 0.5**0.5, rel=0.01)
    [told] = steps([path], x.shape)
    assert len(told) <= 80  # and still round
    np.testing.assert_allclose(np.hypot(*points(told, (-1, 1, -1, 1)).T), 0.5**0.5, atol=3 / UNITS * 2)


def test_a_straight_boundary_is_its_two_ends():
    x, _ = np.meshgrid(np.linspace(-1, 1, 17), np.linspace(-1, 1, 9))

    assert steps(zeros(x - 0.25), x.shape) in ([[250, 0, 0, 400]], [[250, 400, 0, -400]])


def test_at_a_saddle_the_middle_decides():
    def ends(field):
        return sorted(sorted(map(tuple, path[[0, -1]].tolist())) for path in zeros(np.array(field)))

    assert ends([[3.0, -1.0], [-1.0, 3.0]]) == [[(0.0, 0.75), (0.25, 1.0)], [(0.75, 0.0), (1.0, 0.25)]]
    assert ends([[1.0, -3.0], [-3.0, 1.0]]) == [[(0.0, 0.25), (0.25, 0.0)], [(0.75, 1.0), (1.0, 0.75)]]


def test_what_is_not_finite_has_no_path():
    field = np.array([[-1.0, 1.0, 1.0], [-1.0, 1.0, np.nan], [-1.0, np.inf, -1.0]])

    paths = zeros(field)

    assert [path.tolist() for path in paths] == [[[0.5, 0.0], [0.5, 1.0]]]
    assert zeros(np.ones((4, 4))) == []
