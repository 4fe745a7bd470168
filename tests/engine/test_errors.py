import numpy as np
import pytest

from chainrule import Value, custom_vjp, detect_anomaly, relu
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
        (lambda v: v.max(axis=(0, 0)), "max: duplicate value.*name each axis once"),
        (lambda v: v[:0].max(), r"max: zero-size.*the shape is \(0, 3\).*at least one element"),
        (lambda v: v.transpose(0, 0), "transpose: repeated axis.*once"),
        (lambda v: v.squeeze(0), "squeeze: .*axis of length 1"),
        (lambda v: np.mean(v.sum(), axis=0), r"mean: axis 0 is out of bounds.*the shape is \(\)"),
        (lambda v: np.concatenate([v, v], axis=2), "concatenate: axis 2.*counted from 0"),
        (lambda v: v.sum() @ v.sum(), r"matmul: shapes \(\) and \(\) do not fit.*multiplied by \*"),
        (lambda v: np.einsum("ijk", v), r"einsum: 'ijk' is not one letter for each axis.*\(2, 3\)"),
        (lambda v: np.einsum("ij,jk", v), "names 2 operands, and 1 were given"),
        (lambda v: np.einsum("ij,jk", v, v), "axis 'j' is 3 long in one place and 2 in another"),
        (lambda v: np.einsum("ij->ik", v), "'k' is in the output, and in no operand"),
        (lambda v: np.linalg.norm(v[0], "fro"), "ord='fro' of 1 axis: .*'fro' of matrices"),
        (lambda v: np.linalg.norm(v[None], 2), "ord=2 of 3 axes"),
        (lambda v: np.where(v > 0, v, np.ones(4)), "where: "),
        (lambda v: v * np.ones((7, 7)), r"multiply: shapes \(2, 3\) and \(7, 7\)"),
    ],
)
def test_every_operation_says_what_to_do(operation, remedy):
    with pytest.raises(ShapeError, match=remedy) as caught:
        operation(Value(np.ones((2, 3))))
    assert "gufunc" not in str(caught.value)


def test_wrong_arguments_are_counted():
    with pytest.raises(UsageError, match=r"relu got 2 arguments; it takes 1 operand"):
        relu(Value(1.0), 2.0)


def test_a_singular_matrix_stays_numpys_error():
    singular = Value(np.ones((2, 2)), label="a")
    with pytest.raises(np.linalg.LinAlgError, match=r"inv: Singular.*\(2, 2\) \(made: a .*np\.eye\(n\)"):
        np.linalg.inv(singular)
    with pytest.raises(np.linalg.LinAlgError, match=r"solve: Singular.*np\.eye\(n\)"):
        np.linalg.solve(singular, np.ones(2))
    with pytest.raises(np.linalg.LinAlgError, match=r"det: .*square.*\(1, 2\).*rows as columns"):
        np.linalg.det(singular[:1])


def test_what_a_primitive_of_ones_own_raises_stays():
    @custom_vjp(lambda g, _out, _x: g)
    def picky(_x):
        raise ValueError("only on Mondays")

    with pytest.raises(ValueError, match=r"^only on Mondays$"):
        picky(Value(np.ones(2)))


def test_integers_have_no_gradient():
    with pytest.raises(UsageError, match=r"astype: .*and int64 has no gradient.*\.data"):
        Value(np.ones(2)).astype(int)


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
