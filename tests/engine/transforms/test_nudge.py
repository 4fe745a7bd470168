import numpy as np
import pytest

from chainrule import nudge


def d(a, b, c):
    return a * b + c


def test_the_notebooks_slopes_to_the_last_digit():
    table = nudge(d, 2.0, -3.0, 10.0)

    assert [row.input for row in table.rows] == ["a", "b", "c"]
    assert [row.slope for row in table.rows] == [-3.000000000010772, 2.0000000000042206, 0.9999999999976694]
    assert [row.gradient for row in table.rows] == [-3.0, 2.0, 1.0]
    assert table.result == 4.0


def test_the_error_shrinks_with_h_and_grows_again():
    errors = [abs(row.error) for row in nudge(np.exp, 1.0, h=(1e-2, 1e-8, 1e-14)).rows]

    assert errors[1] < errors[0]
    assert errors[1] < errors[2]


def test_arrays_and_trees_are_nudged_element_by_element():
    table = nudge(lambda p, x: np.sum(p["w"] * x), {"w": np.array([1.0, 2.0])}, np.array([[3.0, 4.0]]))

    assert [row.input for row in table.rows] == ["p['w'][0]", "p['w'][1]", "x[0, 0]", "x[0, 1]"]
    assert [row.gradient for row in table.rows] == [3.0, 4.0, 1.0, 2.0]
    assert all(abs(row.error) < 1e-9 for row in table.rows)


def test_it_shows_itself():
    bundle = nudge(d, 2.0, -3.0, 10.0)._repr_mimebundle_()

    assert set(bundle) == {"text/markdown", "text/plain"}
    assert "| a | 2 | 0.0001 | -3.000000000010772 | -3.0 | -1.1e-11 |" in bundle["text/markdown"]
    assert bundle["text/plain"] == str(nudge(d, 2.0, -3.0, 10.0))


def test_a_long_table_is_cut_and_says_so():
    table = nudge(lambda x: np.sum(x * x), np.ones(100))

    assert len(table.rows) == 100
    assert "and 40 more rows" in str(table)
    assert len(table.to_markdown().splitlines()) < 70


def test_the_input_is_not_changed():
    x = np.ones(2)

    nudge(np.sum, x)

    assert x.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("function", [np.tanh, lambda *xs: xs[0]])
def test_functions_without_names_for_their_inputs(function):
    assert len(nudge(function, 0.5).rows) == 1
