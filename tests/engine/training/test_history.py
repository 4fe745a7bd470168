import gzip
import json
import subprocess
import sys

import numpy as np
import pytest

from chainrule import Value, cross_entropy, fit, mse, nn, optim, relu

REPLAY = "application/vnd.chainrule.replay+json"


def batch(rng):
    x = rng.normal(0, 5, (64, 1))
    return x, np.tanh(x)


@pytest.fixture(scope="module")
def history():
    model = nn.Sequential(nn.Linear(1, 4, rng=1), relu, nn.Linear(4, 1, rng=2), np.tanh)
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    return fit(model, batch, loss=mse, optimizer=optimizer, epochs=20, iterations=100, seed=0)


def test_the_figure_shows_data_curve_residual_and_loss(history):
    fitted, residual, loss = history.plot().axes

    data, *ghosts, curve = fitted.lines
    ghosts = [line.get_label() for line in ghosts]
    assert ghosts == ["step 0", "step 10", "step 100", "step 1,000"]
    assert {text.get_text() for text in fitted.texts} == {"data", "model", *ghosts}
    assert [text.get_text() for text in residual.texts] == ["residual"]
    assert residual.get_xlabel() == "x"
    assert len(data.get_xdata()) == 64
    np.testing.assert_allclose(curve.get_ydata(), np.tanh(curve.get_xdata()), atol=0.4)
    assert fitted.get_ylabel() == "f(x)"
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("step", "mean loss of 7 steps")
    assert loss.get_yscale() == "log"
    np.testing.assert_allclose(loss.lines[0].get_ydata()[-1], np.mean(history.losses[-7:]), rtol=1e-12)


def test_the_replay_is_bounded_and_strict_json(history):
    replay = history._repr_mimebundle_()[REPLAY]
    text = json.dumps(replay, allow_nan=False, separators=(",", ":"))

    assert len(gzip.compress(text.encode())) < 15_000
    fit_panel, hidden_panel, loss_panel, parameter_panel = replay["panels"]
    frames = len(replay["frames"])
    assert 20 <= frames <= 60
    assert len(fit_panel["layers"][1]["frames"]) == frames
    assert [layer["role"] for layer in fit_panel["layers"]] == ["data", "model"]
    assert len(fit_panel["layers"][0]["residual"]) == 64
    assert [layer["name"] for layer in parameter_panel["layers"]][:2] == ["0.weight[0, 0]", "0.weight[0, 1]"]
    assert len(parameter_panel["layers"]) == 13
    assert not parameter_panel["static"]
    assert [layer["piece"]["of"] for layer in hidden_panel["layers"]] == ["relu"] * 4
    assert not hidden_panel["static"]
    assert loss_panel["timeline"]
    assert loss_panel["layers"][0]["spans"][-1] == [0, 286]
    assert (replay["frames"][0], replay["frames"][-1]) == ("step 0 of 2,000", "step 2,000 of 2,000")
    assert [replay["steps"][ghost] for ghost in replay["ghosts"]] == [0, 10, 100, 1000]
    assert set(replay["figures"]) == {"loss", "largest error"}
    assert all(len(numbers) == frames for numbers in replay["figures"].values())


def test_what_hidden_neurons_add_makes_the_curve(history):
    fitted, hidden, *_ = history.replay().panels
    x = np.array(fitted.layers[1].x)

    for frame in (0, 7, -1):
        triples = [layer.piece.frames[frame] for layer in hidden.layers]
        added = sum(v * np.maximum(0, w * x + b) for w, b, v in triples)
        bias = history.replay().panels[-1].layers[-1].y[frame]
        np.testing.assert_allclose(np.tanh(added + bias), fitted.layers[1].frames[frame], atol=1e-9)


def test_it_says_what_it_averages(history):
    markdown = history._repr_mimebundle_()["text/markdown"]

    assert markdown.splitlines()[-1] == "loss: the mean over the epoch's steps, each on its own batch."
    assert len([line for line in markdown.splitlines() if line.startswith("|")]) == 12
    assert repr(history).startswith("History(20 epochs, 2,000 steps, loss 0.0")


def test_few_steps_are_drawn_as_they_are():
    model = nn.Linear(1, 1)
    history = fit(model, (np.ones((2, 1)), np.ones((2, 1))), loss=mse, optimizer=optim.SGD(lr=0.1), epochs=3)

    loss = history.plot().axes[-1]
    assert loss.get_ylabel() == "loss"
    assert tuple(loss.lines[0].get_ydata()) == tuple(history.losses)


def test_models_of_many_inputs_show_their_loss():
    x = np.random.default_rng(0).normal(size=(10, 3))
    model = nn.MLP(3, [30, 2], rng=0)

    history = fit(model, (x, (x[:, 0] > 0).astype(int)), loss=cross_entropy, optimizer=optim.Adam(), epochs=5)

    assert [axes.get_ylabel() for axes in history.plot().axes] == ["loss"]
    assert [panel.y for panel in history.replay().panels] == ["loss", "norm of a parameter"]


def test_a_model_made_for_one_size_of_batch_has_its_residual_too():
    w, x = Value(np.zeros(300)), np.linspace(0, 1, 300)

    def few(x):
        return w * x  # of 300 numbers, and so not of the 200 that are drawn

    def all_drawn(x):
        return w[:150] * x

    sgd = optim.SGD([w], lr=0.5)
    drawn = fit(all_drawn, (x[:150], x[:150]), loss=mse, optimizer=sgd, epochs=3).replay().panels[0].layers[0]
    left = fit(few, (x, x), loss=mse, optimizer=optim.SGD([w], lr=0.5), epochs=3).replay().panels[0]

    assert len(drawn.residual) == 150
    assert left.x == "step"


def test_a_plain_function_of_labelled_values_is_a_model():
    w, b = Value(0.0, label="w"), Value(0.0)
    x = np.linspace(0, 1, 10)

    history = fit(lambda x: w * x + b, (x, 2 * x), loss=mse, optimizer=optim.SGD([w, b], lr=0.5), epochs=200)

    assert [layer.name for layer in history.replay().panels[-1].layers] == ["w", "p1"]
    assert w.data == pytest.approx(2.0, abs=0.01)


def test_matplotlib_waits_for_a_plot():
    names = "[getattr(chainrule, name) for name in chainrule.__all__]"
    code = f"import sys, chainrule; {names}; print('matplotlib' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout == "False\n"
