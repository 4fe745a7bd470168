"""Every optimiser setting and schedule takes the steps that PyTorch took (record_training.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from chainrule import Value, cross_entropy, fit, grad, jit, mse, nn, optim, relu, schedules, value_and_grad
from chainrule.errors import StaleDataError, UsageError

RECORD = json.loads(Path(__file__).parent.with_name("recorded_training.json").read_text())
DATA = {name: np.array(array) for name, array in RECORD["data"].items()}
WAYS = ("by hand", "by function", "by fit", "by jit")


@pytest.mark.parametrize(
    ("make", "given"),
    [
        (optim.SGD, {"lr": -0.1}),
        (optim.SGD, {"lr": float("nan")}),
        (optim.SGD, {"momentum": -1}),
        (optim.Adam, {"betas": (0.9, 1.0)}),
        (optim.Adam, {"eps": -1e-8}),
        (optim.RMSprop, {"alpha": 1.5}),
        (optim.AdamW, {"weight_decay": -1}),
        (optim.Adagrad, {"clip_norm": -1.0}),
    ],
)
def test_a_number_out_of_its_range_is_refused(make, given):
    [name] = given
    with pytest.raises(UsageError, match=rf"{make.__name__} got {name}="):
        make([Value(1.0)], **given)


def parameters(*names):
    return [Value(DATA[name].copy(), label=name) for name in names]


def network(activation, w1, b1, w2, b2):
    return lambda x: activation(x @ w1 + b1) @ w2 + b2


def by_hand(names, activation, loss, optimizer, batches):
    params = parameters(*names)
    optimizer.train(params)
    losses = []
    for step in range(50):
        x, y = batches[step % len(batches)]
        value = loss(network(activation, *params)(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses, [p.data for p in params]


def by_function(names, activation, loss, optimizer, batches):
    params = [DATA[name] for name in names]
    state, losses = optimizer.init(params), []
    both = value_and_grad(lambda params, x, y: loss(network(activation, *params)(x), y))
    for step in range(50):
        value, grads = both(params, *batches[step % len(batches)])
        params, state = optimizer.update(params, grads, state, step)
        losses.append(value)
    return losses, params


def by_fit(names, activation, loss, optimizer, batches):
    params = parameters(*names)
    optimizer.train(params)
    history = fit(network(activation, *params), batches, loss=loss, optimizer=optimizer, iterations=50)
    return history.losses, [p.data for p in params]


def by_jit(names, activation, loss, optimizer, batches):
    params = parameters(*names)
    optimizer.train(params)

    @jit
    def step(x, y):
        value = loss(network(activation, *params)(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    losses = [float(step(*batches[number % len(batches)])) for number in range(50)]
    assert step.traces == 1
    return losses, [p.data for p in params]


def agree(run, recorded):
    losses, params = run
    np.testing.assert_allclose(losses, recorded["losses"], rtol=1e-9)
    for ours, theirs in zip(params, recorded["params"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def settings_of(case):
    return {key: tuple(value) if key == "betas" else value for key, value in case["settings"].items()}


def named(case):
    return " ".join([case["name"], *(f"{key}={value}" for key, value in case.get("settings", {}).items())])


@pytest.mark.parametrize("way", [by_hand, by_function, by_fit, by_jit], ids=WAYS)
@pytest.mark.parametrize("case", RECORD["optimizers"], ids=named)
def test_optimisers(case, way):
    optimizer = getattr(optim, case["name"])(**settings_of(case))

    agree(way(("w1", "b1", "w2", "b2"), np.tanh, mse, optimizer, [(DATA["x"], DATA["y"])]), case)


SCHEDULES = {
    "constant": schedules.constant(0.1),
    "step_decay": schedules.step_decay(0.1, 7, 0.5),
    "exponential": schedules.exponential(0.1, 0.95),
    "cosine": schedules.cosine(0.1, 60, 0.01),
    "linear": schedules.linear(0.1, 30, 0.01),
    "warmup": schedules.warmup(schedules.cosine(0.1, 40), 10, start=0.1),
}


@pytest.mark.parametrize("way", [by_hand, by_function, by_fit, by_jit], ids=WAYS)
@pytest.mark.parametrize("case", RECORD["schedules"], ids=named)
def test_schedules(case, way):
    optimizer = optim.SGD(lr=SCHEDULES[case["name"]])

    agree(way(("w1", "b1", "w2", "b2"), np.tanh, mse, optimizer, [(DATA["x"], DATA["y"])]), case)


@pytest.mark.parametrize("way", [by_hand, by_function, by_fit, by_jit], ids=WAYS)
@pytest.mark.parametrize(("number", "size"), [(0, 32), (1, 8), (2, 8)])
def test_classifiers_and_minibatches(number, size, way):
    case = RECORD["classifiers"][number]
    optimizer = getattr(optim, case["name"])(**settings_of(case))
    x, classes = DATA["x"], DATA["classes"]
    batches = [(x[i : i + size], classes[i : i + size]) for i in range(0, 32, size)]

    agree(way(("w1", "b1", "w3", "b3"), relu, cross_entropy, optimizer, batches), case)


@pytest.mark.parametrize("rule", [optim.SGD(lr=0.5, momentum=0.9), optim.Adam(lr=0.5), optim.RMSprop(lr=0.5)])
def test_numbers_train_as_arrays_do(rule):
    slope = grad(lambda p: (p["a"] - 3.0) ** 2)
    number, array = {"a": 1.0}, {"a": np.array([1.0])}
    states = rule.init(number), rule.init(array)

    for step in range(5):
        number, first = rule.update(number, slope(number), states[0], step)
        array, second = rule.update(
            array, grad(lambda p: np.sum((p["a"] - 3.0) ** 2))(array), states[1], step
        )
        states = first, second

    assert number["a"] == pytest.approx(array["a"][0], rel=1e-14)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"])
def test_single_precision_stays_single(name):
    settings = {"momentum": 0.9, "dampening": 0.1} if name == "SGD" else {}
    rule = getattr(optim, name)(lr=schedules.cosine(0.1, 10), clip_norm=0.5, weight_decay=0.1, **settings)
    params = [np.ones(3, np.float32)]
    state = rule.init(params)

    for step in range(3):
        params, state = rule.update(params, [np.ones(3, np.float32)], state, step)

    assert params[0].dtype == np.float32
    assert all(array.dtype == np.float32 for arrays in state.values() for array in arrays)


def test_a_step_writes_into_the_parameter_own_array():
    w, b = Value(np.ones(2)), Value(1.0)
    array = w.data
    optimizer = optim.SGD([w, b], lr=0.5)

    (w.sum() * b).backward()
    optimizer.step()

    assert w.data is array
    np.testing.assert_array_equal(array, [0.5, 0.5])
    assert b.data == 0.0
    assert type(b.data) is float


def test_a_step_between_forward_and_backward_is_an_error():
    w = Value(np.ones(2))
    optimizer = optim.SGD([w], lr=0.5)
    loss = (w * w).sum()
    optimizer.step()

    with pytest.raises(StaleDataError):
        loss.backward()


def test_zero_grad_and_steps_accumulate():
    w = Value(3.0)
    optimizer = optim.SGD([w], lr=0.1)

    (w * w).backward()
    (w * w).backward()
    assert w.grad == 12.0
    optimizer.zero_grad()
    assert w.grad == 0.0
    optimizer.step()
    assert w.data == 3.0
    assert optimizer.steps == 1


def test_clipping_leaves_small_gradients_alone():
    gradients = {"a": np.array([0.3, 0.4])}

    assert optim.clip_by_value(gradients, 1.0)["a"].tolist() == [0.3, 0.4]
    assert optim.clip_by_norm(gradients, 1.0)["a"].tolist() == [0.3, 0.4]
    assert np.linalg.norm(optim.clip_by_norm(gradients, 0.1)["a"]) == pytest.approx(0.1, rel=1e-5)


def test_it_shows_its_settings_and_not_the_weights():
    assert repr(optim.SGD([Value(np.ones(100))], lr=0.1)).startswith("SGD(lr=0.1, weight_decay=0.0,")


def test_what_is_no_value_cannot_be_trained():
    with pytest.raises(UsageError, match=r"Adam got Linear\(1, 1\) as a parameter.*model\.parameters\(\)"):
        optim.Adam(nn.Sequential(nn.Linear(1, 1)))
    with pytest.raises(UsageError, match="nesterov"):
        optim.SGD(nesterov=True)


def test_a_single_value_is_trained_as_one_parameter():
    w = Value(np.ones((2, 3)))
    optimizer = optim.SGD(w, lr=0.5)
    np.sum(w * w).backward()
    optimizer.step()
    assert optimizer.parameters == [w]
    np.testing.assert_array_equal(w.data, 0)
    assert optim.Adam(Value(1.0)).parameters[0].data == 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda w: [w * 2], "computed from others.*Value\\(v.data\\)"),
        (lambda w: [w.detach()], "computed from others"),
        (lambda w: [w, w], "twice"),
        (lambda _w: 0.1, "got 0.1 as a parameter"),
        (lambda _w: nn.Linear(1, 1), "model.parameters()"),
    ],
)
def test_what_cannot_be_trained_is_refused(make, message):
    with pytest.raises(UsageError, match=message):
        optim.SGD(make(Value(1.0)), lr=0.1)


def test_a_learning_rate_is_a_number_or_a_function():
    for wrong in ("x", None, [0.1]):
        with pytest.raises(UsageError, match=r"SGD got lr=.*schedules"):
            optim.SGD([Value(1.0)], lr=wrong)
    assert optim.SGD(lr=np.float32(0.5)).rate(0) == 0.5
