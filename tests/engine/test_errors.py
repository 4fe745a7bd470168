import numpy as np
import pytest

from chainrule import Value, detect_anomaly, relu
from chainrule import errors as all_errors
from chainrule.errors import AnomalyError, ChainruleError, ShapeError, UsageError


def test_the_tree_is_drawn_in_full():
    ours = {
        name
        for name, thing in vars(all_errors).items()
        if isinstance(thing, type) and issubclass(thing, ChainruleError)
    }
    assert all(name in all_errors.__doc__ for name in ours)


def test_a_shape_mismatch_names_operation_shapes_and_places():
    weights = Value(np.ones((2, 3)), label="weights")
    hidden = np.tanh(weights * 2)
    with pytest.raises(ShapeError) as caught:
        hidden @ Value(np.ones((4, 5)))
    message = str(caught.value)
    first = test_a_shape_mismatch_names_operation_shapes_and_places.__code__.co_firstlineno
    assert "matmul: shapes (2, 3) and (4, 5) do not fit" in message
    assert f"{__file__}:{first + 2}" in message
    assert f"{__file__}:{first + 4}" in message
    assert ".T" in message
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.parametrize(
    ("operation", "remedy"),
    [
        (lambda v: v + np.ones(4), "add: .*must agree or be 1"),
        (lambda v: np.concatenate([v, np.ones((2, 4))]), "concatenate: .*all axes but the one joined"),
        (lambda v: np.stack([v, np.ones(3)]), "stack: .*same"),
        (lambda v: v.reshape(5), "reshape: .*as many elements"),
        (lambda v: v.sum(axis=3), "sum: .*axis 3"),
        (lambda v: np.where(v > 0, v, np.ones(4)), "where: "),
        (lambda v: v * np.ones((7, 7)), r"multiply: shapes \(2, 3\) and \(7, 7\)"),
    ],
)
def test_every_operation_says_what_to_do(operation, remedy):
    with pytest.raises(ShapeError, match=remedy):
        operation(Value(np.ones((2, 3))))


def test_wrong_arguments_are_counted():
    with pytest.raises(UsageError, match=r"relu got 2 arguments; it takes 1 operand"):
        relu(Value(1.0), 2.0)


def test_a_singular_matrix_stays_numpys_error():
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.inv(Value(np.ones((2, 2))))


def test_the_first_nan_is_named_forward():
    x = Value(np.array([1.0, -1.0]))
    with (
        detect_anomaly(),
        np.errstate(invalid="ignore"),
        pytest.raises(AnomalyError, match=r"log.*NaN.*shape \(2,\)"),
    ):
        np.exp(np.log(x))
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"subtract made NaN of inf and inf"):
        Value(np.inf) - Value(np.inf)
    assert np.isnan((Value(np.inf) - Value(np.inf)).data)


def test_the_first_nan_is_named_backward():
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"gradient of sqrt.*NaN"):
        (np.sqrt(Value(0.0)) * 0.0).backward()


def test_an_anomaly_in_the_data_is_not_an_operations():
    with detect_anomaly():
        assert np.isnan((Value(np.nan) + 1).data)
