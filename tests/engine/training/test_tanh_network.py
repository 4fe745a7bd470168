"""The notebook's network: 1-4-1, relu and tanh, trained on fresh batches to imitate tanh."""

import numpy as np
import pytest

import chainrule
from chainrule import fit, mse, nn, optim, relu


def batch(rng):
    x = rng.normal(0, 5, (64, 1))
    return x, np.tanh(x)


def network():
    return nn.Sequential(nn.Linear(1, 4), relu, nn.Linear(4, 1), np.tanh)


def trained(seed):
    chainrule.seed(seed)
    model = network()
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    history = fit(model, batch, loss=mse, optimizer=optimizer, epochs=100, iterations=100)
    x = np.linspace(-10, 10, 2001).reshape(-1, 1)
    sup = float(np.abs(model(x).data - np.tanh(x)).max())
    return float(np.mean(history.losses[-100:])), sup, model(np.array([[1.0]])).item()


@pytest.mark.slow
def test_it_learns_tanh_from_any_of_twenty_seeds():
    losses, errors, ones = map(np.array, zip(*map(trained, range(20)), strict=True))
    good = (losses <= 5e-3) & (errors <= 0.3)

    assert np.median(losses) <= 1e-3
    assert good.sum() >= 18, (
        f"seeds {np.flatnonzero(~good).tolist()} did not: {losses[~good]}, {errors[~good]}"
    )
    assert 0.73 <= np.median(ones) <= 0.77


def test_one_seed_learns_tanh():
    loss, error, one = trained(0)

    assert loss <= 1e-3
    assert error <= 0.3
    assert one == pytest.approx(np.tanh(1), abs=0.05)


def test_a_hundred_steps_equal_plain_numpy():
    chainrule.seed(1)
    model = network()
    rng = np.random.default_rng(7)
    w1, b1, w2, b2 = (parameter.data.copy() for parameter in model.parameters())
    losses = []
    for _ in range(100):
        x, target = batch(rng)
        hidden = np.maximum(x @ w1 + b1, 0)
        y = np.tanh(hidden @ w2 + b2)
        losses.append(((y - target) ** 2).mean())
        d = 2 * (y - target) / len(x) * (1 - y * y)
        dh = (d @ w2.T) * (hidden > 0)
        moves = x.T @ dh, dh.sum(0), hidden.T @ d, d.sum(0)
        w1, b1, w2, b2 = (p - 0.01 * g for p, g in zip((w1, b1, w2, b2), moves, strict=True))

    optimizer = optim.SGD(model.parameters(), lr=0.01)
    history = fit(model, batch, loss=mse, optimizer=optimizer, iterations=100, seed=7)

    np.testing.assert_allclose(history.losses, losses, rtol=1e-12)
    for parameter, plain in zip(model.parameters(), (w1, b1, w2, b2), strict=True):
        np.testing.assert_allclose(parameter.data, plain, rtol=1e-12)
