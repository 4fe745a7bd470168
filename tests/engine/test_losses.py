import json
from pathlib import Path

import numpy as np
import pytest

import chainrule
from chainrule import Value, accuracy, check_grads, losses
from chainrule.errors import ShapeError, UsageError

RECORD = json.loads(Path(__file__).with_name("recorded_training.json").read_text())["losses"]
CASES = [(case, reduction) for case in RECORD for reduction in case["results"]]


@pytest.mark.parametrize(
    ("case", "reduction"), CASES, ids=lambda part: part if isinstance(part, str) else part["name"]
)
def test_value_and_gradient_are_pytorchs(case, reduction):
    name, options = (
        ("binary_cross_entropy", {"logits": True}) if case["name"] == "logits" else (case["name"], {})
    )
    prediction, target = Value(np.array(case["prediction"])), np.array(case["target"])

    loss = getattr(losses, name)(prediction, target, reduction, **options)
    loss.backward(None if reduction != "none" else np.ones(loss.shape))

    recorded = case["results"][reduction]
    np.testing.assert_allclose(loss.data, recorded["loss"], rtol=1e-12, atol=1e-15)
    certain = np.isin(case["prediction"], (0.0, 1.0)) & (name == "binary_cross_entropy")
    np.testing.assert_allclose(
        prediction.grad[~certain], np.array(recorded["grad"])[~certain], rtol=1e-11, atol=1e-15
    )


def test_certain_and_wrong_costs_a_hundred_as_in_pytorch():
    loss = losses.binary_cross_entropy(np.array([0.0, 1.0]), np.array([1.0, 0.0]), "none")

    assert loss.tolist() == [100.0, 100.0]


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "binary_cross_entropy", "hinge", "kl_divergence"])
def test_second_derivatives(name):
    rng = np.random.default_rng(0)
    prediction = rng.uniform(0.1, 0.9, (3, 2))
    target = rng.uniform(0.1, 0.9, (3, 2))

    check_grads(lambda p: getattr(losses, name)(p, target), prediction)


def test_second_derivatives_from_logits():
    rng = np.random.default_rng(0)

    check_grads(
        lambda z: losses.binary_cross_entropy(z, np.array([0.0, 1.0]), logits=True), rng.normal(size=2)
    )
    check_grads(lambda z: losses.cross_entropy(z, np.array([[0, 1], [2, 0]])), rng.normal(size=(2, 2, 3)))


def test_logits_of_any_size_stay_finite():
    logits = Value(np.array([[1000.0, -1000.0], [-1000.0, 1000.0]]))

    loss = losses.cross_entropy(logits, np.array([0, 0]), "none")
    loss.sum().backward()

    assert loss.data.tolist() == [0.0, 2000.0]
    assert logits.grad.tolist() == [[0.0, 0.0], [-1.0, 1.0]]
    assert losses.binary_cross_entropy(
        np.array([1000.0, -1000.0]), np.ones(2), "none", logits=True
    ).tolist() == [0, 1000]


def test_numbers_have_losses_too():
    x = Value(3.0)

    loss = losses.mse(x, 1.0)
    loss.backward()

    assert (loss.data, x.grad) == (4.0, 4.0)


def test_huber_bends_at_delta():
    assert losses.huber(np.array([0.5, 2.0, 5.0]), np.zeros(3), "none", delta=2.0).tolist() == [
        0.125,
        2.0,
        8.0,
    ]


def test_hinge_is_zero_beyond_the_margin():
    assert losses.hinge(np.array([2.0, 0.0, -1.0]), np.array([1.0, 1.0, 1.0]), "none").tolist() == [
        0.0,
        1.0,
        2.0,
    ]


def test_float32_stays():
    p = Value(np.ones((2, 3), np.float32))

    for name in ("mse", "mae", "huber", "binary_cross_entropy", "hinge", "kl_divergence"):
        assert getattr(losses, name)(p, np.ones((2, 3), np.float32), "none").dtype == np.float32, name
    assert losses.cross_entropy(p, np.array([0, 1]), "none").dtype == np.float32


def test_a_column_against_a_row_is_refused():
    with pytest.raises(ShapeError, match=r"mse got .* \(64, 1\) .* \(64,\)"):
        chainrule.mse(np.zeros((64, 1)), np.zeros(64))


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "hinge", "binary_cross_entropy", "kl_divergence"])
def test_lists_have_shapes_as_arrays_have(name):
    loss, column = getattr(losses, name), np.full((4, 1), 0.5)
    for prediction, target in [
        (Value(column), [1.0] * 4),
        ([1.0] * 4, Value(column)),
        ([[0.5]] * 4, [1.0] * 4),
    ]:
        with pytest.raises(ShapeError, match=rf"^{name} got"):
            loss(prediction, target)
    assert loss([0.5, 0.5], [1.0, 1.0]) == loss(np.array([0.5, 0.5]), np.array([1.0, 1.0]))


def test_a_list_of_values_is_a_prediction():
    a, b = Value(1.0), Value(2.0)
    chainrule.mse([a, b], [0.0, 0.0]).backward()
    assert (a.grad, b.grad) == (1.0, 2.0)


@pytest.mark.parametrize("classes", [[-1, 0], [0, 3]])
def test_classes_that_there_are_not_are_refused(classes):
    with pytest.raises(UsageError, match="from 0 to 2"):
        losses.cross_entropy(Value(np.zeros((2, 3))), classes)


def test_classes_are_integers_one_a_row():
    with pytest.raises(UsageError, match="float64"):
        losses.cross_entropy(np.zeros((2, 3)), np.array([0.0, 1.0]))
    with pytest.raises(ShapeError, match=r"\(2, 3\) and classes of shape \(3,\)"):
        losses.cross_entropy(np.zeros((2, 3)), np.array([0, 1, 2]))


def test_an_unknown_reduction_is_named():
    with pytest.raises(UsageError, match=r"'average'.*mean, sum, none"):
        chainrule.mse(1.0, 2.0, "average")


def test_accuracy_of_classes_and_of_yes_and_no():
    assert accuracy(Value(np.eye(3)), np.array([0, 1, 1])) == pytest.approx(2 / 3)
    assert accuracy(np.array([0.9, 0.1]), np.array([1.0, 1.0])) == 0.5


def test_huber_is_a_parabola_where_nothing_is_wrong():
    second = chainrule.hessian(lambda x: losses.huber(x, np.zeros(4), "sum"))
    np.testing.assert_array_equal(second(np.array([0.0, 0.5, -3.0, 3.0])), np.diag([1.0, 1.0, 0.0, 0.0]))
