"""A step is compiled where it can be, and then does what it does eagerly, bit for bit."""

import numpy as np
import pytest

from chainrule import Value, fit, mse, nn, optim, relu, schedules
from chainrule.errors import NonFiniteLossError, UsageError
from chainrule.training.step import Step

X = np.random.default_rng(0).normal(size=(12, 2))
Y = X[:, :1] * X[:, 1:]
OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, lr=0.1, clip_norm=0.5),
    "momentum": lambda p: optim.SGD(p, lr=schedules.cosine(0.1, 40), momentum=0.9, dampening=0.1),
    "Adam": lambda p: optim.Adam(p, lr=schedules.warmup(0.05, 5), amsgrad=True, weight_decay=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, centered=True, momentum=0.5, clip_value=0.1),
}


def network(**options):
    layers = (
        nn.Linear(2, 8, rng=0, **options),
        relu,
        nn.Dropout(0.3, rng=1),
        nn.Linear(8, 1, rng=2, **options),
    )
    return nn.Sequential(*layers)


def eager(model, optimizer, batches):
    for x, y in batches:
        loss = mse(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_compiled_and_eager_agree(make):
    models = network(), network()
    batches = [(X[i % 4 :], Y[i % 4 :]) for i in range(40)]

    by_hand = list(eager(models[0], make(models[0].parameters()), batches))
    history = fit(models[1], batches, loss=mse, optimizer=make(models[1].parameters()))

    assert history.uncompiled == ""
    np.testing.assert_allclose(history.losses, by_hand, rtol=1e-11)


def branching(x):
    y = w * x
    return y if y.sum() > -1e9 else -1.0 * y


def noisy(x):
    return w * x + 0.0 * rng.normal(size=x.shape)


w = Value(2.0, label="w")
rng = np.random.default_rng(0)


@pytest.mark.parametrize(("model", "why"), [(branching, "branch"), (noisy, "random numbers were drawn")])
def test_what_cannot_be_compiled_runs_as_it_is_and_says_why(model, why, capsys):
    w.data = 2.0
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9)

    history = fit(model, (X, 3 * X), loss=mse, optimizer=optimizer, epochs=30, progress=True)

    assert why in history.uncompiled
    assert capsys.readouterr().err.startswith("fit: steps are not compiled, and slower for it. jit: ")
    assert optimizer.steps == 30
    assert w.data == pytest.approx(3.0, abs=0.2)


def test_a_trial_that_fails_leaves_no_trace():
    def stubborn(loss):
        return lambda prediction, target: loss(prediction, target) if prediction.sum() < 1e9 else None

    models = network(), network()
    by_hand = list(eager(models[0], optim.Adam(models[0].parameters()), [(X, Y)] * 5))
    history = fit(models[1], (X, Y), loss=stubborn(mse), optimizer=optim.Adam(), epochs=5)

    assert history.uncompiled
    assert history.losses == by_hand


def test_ever_new_shapes_are_not_compiled_again_and_again():
    model = network()

    history = fit(
        model, [(X[:n], Y[:n]) for n in range(1, 13)] * 2, loss=mse, optimizer=optim.SGD(), epochs=1
    )
    assert history.uncompiled == ""
    many = [(np.ones((n, 2)), np.ones((n, 1))) for n in range(1, 30)]
    history = fit(model, many, loss=mse, optimizer=optim.SGD(), epochs=2)
    assert "shapes" in history.uncompiled
    assert history.steps == 58


def test_a_loss_that_is_not_finite_moves_nothing_compiled_or_not():
    model = network()
    before = [p.data.copy() for p in model.parameters()]
    targets = np.full_like(Y, np.inf)

    for _ in range(2):
        with pytest.raises(NonFiniteLossError):
            fit(model, (X, targets), loss=mse, optimizer=optim.SGD(lr=0.1))

    assert all((p.data == b).all() for p, b in zip(model.parameters(), before, strict=True))


@pytest.mark.parametrize(
    ("loss", "what"),
    [
        (lambda p, t: np.mean((p.data - t) ** 2), "of type"),
        (lambda p, t: (p - t) ** 2, r"an array of shape \(12, 1\)"),
        (lambda _p, _t: 0.0, "of type float"),
    ],
)
def test_a_loss_is_a_single_number_that_depends_on_a_value(loss, what):
    model = network()

    with pytest.raises(UsageError, match=rf"fit: the loss is {what}.*end with \.mean\(\)"):
        Step(model, loss, optim.SGD(model.parameters()))(X, Y)


def test_a_step_of_very_many_values_is_not_compiled():
    w = Value(0.5)

    history = fit(
        lambda x: [w * number for number in x.tolist()],
        (np.arange(600.0), np.arange(600.0)),
        loss=lambda p, t: sum((a - b) ** 2 for a, b in zip(p, t.tolist(), strict=True)) / 600.0,
        optimizer=optim.SGD([w], lr=1e-6),
        epochs=3,
    )

    assert "a step makes" in history.uncompiled
    assert history.steps == 3
