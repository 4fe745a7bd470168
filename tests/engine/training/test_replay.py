"""What a training keeps for its replay: moments, boundaries, and the model as it was."""

import gzip
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import Value, binary_cross_entropy, cross_entropy, fit, hinge, mse, nn, optim, relu
from chainrule.charts.contours import points
from chainrule.errors import NonFiniteLossError
from chainrule.training.moments import GHOSTS, MOST, Moment, Moments, chosen, distance


def classes(count=80, seed=0):
    """Points on both sides of the line x[0] + x[1] = 1."""
    x = np.random.default_rng(seed).uniform(-2, 3, (count, 2))
    return x, (x.sum(axis=1) > 1).astype(int)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=40), st.integers(2, 20))
def test_moments_are_chosen_whose_pictures_are_apart(heights, count):
    pictures, steps = [np.array([height]) for height in heights], [*range(2000, 2000 + len(heights))]

    kept = chosen(pictures, steps, count)

    assert kept == sorted(set(kept))
    assert len(kept) == min(count, len(heights))
    assert (kept[0], kept[-1]) == (0, len(heights) - 1)


def test_a_picture_that_jumps_late_is_followed_there():
    heights = [0.001 * i for i in range(100)] + [float(i) for i in range(20)]
    pictures = [np.array([height]) for height in heights]

    kept = chosen(pictures, range(2000, 2120), 21)

    assert len([index for index in kept if index >= 100]) == 20
    gaps = [distance(pictures[a], pictures[b]) for a, b in pairwise(kept)]
    assert max(gaps[1:]) == pytest.approx(1)


def test_steps_that_a_still_picture_shows_stay():
    pictures = [np.zeros(1)] * 1002

    assert {0, 10, 100, 1000} <= set(chosen(pictures, range(1002), 6))


@pytest.mark.parametrize("steps", [1, 5, 100, 4321, 200_000])
def test_few_moments_are_noted_of_a_training_of_any_length(steps):
    moments = Moments()
    for step in range(steps):
        if step >= moments.due:
            moments.add(Moment(step))

    noted = [moment.step for moment in moments.kept]
    assert noted == sorted(set(noted))
    assert len(noted) <= MOST
    assert {step for step in GHOSTS if step < steps} <= set(noted)
    assert len(noted) >= min(steps, 60) ** 0.5
    assert noted[-1] >= steps * 0.9 - 3


def test_a_model_with_very_many_parameters_is_noted_less_often():
    moments = Moments()
    for step in range(400):
        moments.add(Moment(step, [np.broadcast_to(0.0, (1_000_000,))]))

    assert len(moments.kept) <= 8


@pytest.mark.parametrize(
    ("outputs", "output", "loss", "targets"),
    [
        (2, None, cross_entropy, lambda y: y),
        (1, None, lambda p, t: binary_cross_entropy(p, t, logits=True), lambda y: y[:, None].astype(float)),
        (1, nn.Sequential, binary_cross_entropy, lambda y: y[:, None].astype(float)),
        (1, None, mse, lambda y: y[:, None].astype(float)),
        (1, None, hinge, lambda y: 2.0 * y[:, None] - 1),
        (2, None, mse, lambda y: np.eye(2)[y]),
    ],
    ids=["classes", "logits", "probabilities", "regression", "hinge", "one-hot"],
)
def test_a_boundary_is_where_the_model_decides(outputs, output, loss, targets):
    from chainrule import sigmoid

    x, y = classes()
    model = nn.Sequential(nn.Linear(2, outputs, rng=0), *([sigmoid] if output else []))

    history = fit(model, (x, targets(y)), loss=loss, optimizer=optim.Adam(lr=0.1), epochs=300)

    replay = history.replay()
    panel = replay.panels[0]
    *groups, boundary = panel.layers
    assert groups[0].name in {"class 0", "class -1"}
    (path,) = boundary.paths[-1]
    ends = points(path, (*boundary.x, *boundary.y))
    weight, bias = (part.data for part in model.parameters())
    along = ends @ weight + bias
    decides = along[:, 0] - along[:, 1] if outputs == 2 else along[:, 0] - (0.5 if loss is mse else 0)
    np.testing.assert_allclose(decides, 0, atol=0.02 * np.abs(weight).max())
    wrong = sum(group.wrong[-1].count("1") for group in groups)
    assert replay.figures["accuracy"][-1] == pytest.approx(1 - wrong / len(x))
    assert replay.figures["accuracy"][-1] > 0.9
    assert sum(group.wrong[0].count("1") for group in groups) > wrong


def test_what_is_no_classes_has_no_boundary():
    x, _ = classes()
    for y in (x[:, :1], np.arange(len(x), dtype=float)[:, None]):
        history = fit(nn.Linear(2, 1, rng=0), (x, y), loss=mse, optimizer=optim.SGD(lr=0.01), epochs=2)
        assert [panel.y for panel in history.replay().panels] == ["loss", "parameter"]


def test_spirals_stay_within_fifteen_kilobytes():
    turns, radius, rng = np.arange(3), np.linspace(0.05, 1, 90), np.random.default_rng(0)
    angle = turns[:, None] * 2 * np.pi / 3 + 4 * radius + rng.normal(0, 0.15, (3, 90))
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1).reshape(-1, 2)
    model = nn.MLP(2, [32, 32, 3], rng=0)

    adam = optim.Adam(lr=0.02)
    history = fit(
        model, (x, np.repeat(turns, 90)), loss=cross_entropy, optimizer=adam, epochs=60, batch_size=64
    )

    text = json.dumps(history.replay().to_json(), allow_nan=False, separators=(",", ":"))
    assert len(gzip.compress(text.encode(), 9)) < 15_000
    assert next(iter(history.replay().figures)) == "loss"
    assert "accuracy on 200 of the points" in history.replay().figures


def test_the_model_is_seen_as_it_was_and_is_afterwards_as_it_is():
    x = np.linspace(-1, 1, 20)[:, None]
    model = nn.Linear(1, 1, rng=0)
    curves = []

    def watch(_):
        curves.append(model(x).data.copy())

    model_before = model(x).data.copy()
    history = fit(model, (x, 3 * x), loss=mse, optimizer=optim.SGD(lr=0.1), epochs=20, callbacks=[watch])
    fit(model, (x, -3 * x), loss=mse, optimizer=optim.SGD(lr=0.1), epochs=50)  # on, with the same model
    numbers = [parameter.data.copy() for parameter in model.parameters()]

    replay = history.replay()

    curve = replay.panels[0].layers[1]
    for step, heights in zip(replay.steps, curve.frames, strict=True):
        was = [model_before, *curves][step].ravel()
        np.testing.assert_allclose(np.interp(x.ravel(), curve.x, heights), was, atol=1e-12)
    assert all((p.data == n).all() for p, n in zip(model.parameters(), numbers, strict=True))


def test_a_picture_does_not_come_between_a_loss_and_its_gradients():
    x = np.linspace(-1, 1, 20)[:, None]
    model = nn.Linear(1, 1, rng=0)
    history = fit(model, (x, x), loss=mse, optimizer=optim.SGD(lr=0.1), epochs=20)
    model.train()

    loss = mse(model(x), 2 * x)
    history.replay()
    loss.backward()

    assert model.weight.grad != 0
    assert model.training


def test_a_model_that_is_another_one_meanwhile_shows_how_it_ended():
    w, x = Value(0.0), np.linspace(0, 1, 10)
    history = fit(lambda x: w * x, (x, 2 * x), loss=mse, optimizer=optim.SGD([w], lr=0.5), epochs=50)
    end = w.data
    w = Value(-7.0)  # which the function reads

    curve = history.replay().panels[0].layers[1]

    assert len(curve.frames) == 1
    np.testing.assert_allclose(curve.y, end * np.array(curve.x))


@pytest.mark.parametrize("count", [1, 2])
def test_a_training_that_explodes_shows_how(count):
    x = np.random.default_rng(0).normal(size=(40, count))
    y = x * 1e3 if count == 1 else (x[:, 0] > 0).astype(int)
    model = nn.Sequential(nn.Linear(count, 4, rng=0), relu, nn.Linear(4, count, rng=1))
    model[0].weight.data *= 1e150

    with pytest.raises(NonFiniteLossError) as caught, np.errstate(all="ignore"):
        fit(
            model,
            (x, y),
            loss=mse if count == 1 else cross_entropy,
            optimizer=optim.SGD(lr=1e200),
            epochs=50,
        )

    replay = caught.value.history.replay()
    assert json.loads(json.dumps(replay.to_json(), allow_nan=False))["frames"]
    assert replay.plot().axes


def test_a_picture_is_there_while_the_training_goes_on():
    x = np.linspace(-1, 1, 20)[:, None]
    frames = []
    model = nn.Sequential(nn.Linear(1, 3, rng=0), relu, nn.Linear(3, 1, rng=1))

    fit(
        model,
        (x, x),
        loss=mse,
        optimizer=optim.SGD(lr=0.1),
        epochs=3,
        iterations=5,
        callbacks=[lambda history: frames.append(len(history.replay().frames))],
    )

    assert frames[0] >= 2
    assert frames == sorted(frames)


def test_a_training_without_an_epoch_shows_the_model_as_it_is():
    history = fit(nn.Linear(1, 1, rng=0), [], loss=mse, optimizer=optim.SGD(lr=0.1), epochs=0)
    assert history.replay().frames == ["step 0 of 0"]
    assert history.to_markdown() == "| epoch |\n|---:|"


def test_a_training_that_diverges_as_far_as_numbers_go_is_drawn_in_silence(recwarn):
    x = np.linspace(-1, 1, 20)[:, None]
    history = fit(nn.Linear(1, 1, rng=0), (x, x), loss=mse, optimizer=optim.SGD(lr=3.0), epochs=200)
    assert history.losses[-1] > 1e200
    assert "<svg" in history._repr_mimebundle_()["image/svg+xml"]
    assert [str(each.message) for each in recwarn] == []
