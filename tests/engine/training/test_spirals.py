"""Three spirals, 2-64-64-3: minibatches, a classifier, validation, all through `fit`."""

import numpy as np

from chainrule import accuracy, cross_entropy, fit, nn, optim, schedules


def spirals(rng, count):
    """Return points on three arms that wind around each other, and the arm of each."""
    arm = np.repeat(np.arange(3), count)
    radius = np.tile(np.linspace(0.05, 1, count), 3)
    angle = arm * 2 * np.pi / 3 + 4 * radius + rng.normal(0, 0.1, 3 * count)
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]), arm


def test_a_network_tells_three_spirals_apart():
    x, y = spirals(np.random.default_rng(0), 100)
    model = nn.MLP(2, [64, 64, 3], rng=0)

    history = fit(
        model,
        (x, y),
        loss=cross_entropy,
        optimizer=optim.Adam(lr=schedules.cosine(0.02, 500)),
        epochs=100,
        batch_size=64,
        metrics=[accuracy],
        validation=spirals(np.random.default_rng(1), 100),
        seed=0,
    )

    assert history.metrics["accuracy"][-1] >= 0.98
    assert history.metrics["validation_accuracy"][-1] >= 0.95
