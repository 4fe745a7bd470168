import os
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest

import chainrule
from chainrule import Value, accuracy, cross_entropy, fit, mse, nn, optim, relu, schedules
from chainrule.errors import DataError, NonFiniteLossError, UsageError

X = np.linspace(-1, 1, 20).reshape(-1, 1)
Y = 2 * X + 1


def line():
    return nn.Sequential(nn.Linear(1, 1, rng=0))


def train(model, data=(X, Y), lr=0.1, **options):
    return fit(model, data, loss=mse, optimizer=optim.SGD(model.parameters(), lr=lr), **options)


def test_arrays_are_one_batch_unless_cut():
    model = line()

    history = train(model, epochs=200)

    assert history.steps == history.epochs == 200
    assert model(np.array([[3.0]])).item() == pytest.approx(7.0, abs=1e-3)


def test_minibatches_see_every_row_once_an_epoch_in_a_new_order():
    seen = []

    def model(x):
        seen.append(x.ravel().tolist())
        return w * x

    w = Value(1.0)
    fit(model, (X, Y), loss=mse, optimizer=optim.SGD([w], lr=0.0), epochs=2, batch_size=8, seed=0)

    batches = [rows for rows in seen if len(rows) in (4, 8)]
    assert [len(rows) for rows in batches] == [8, 8, 4] * 2
    first, second = (np.concatenate(batches[i : i + 3]).tolist() for i in (0, 3))
    assert sorted(first) == sorted(second) == X.ravel().tolist()
    assert first != second


def test_iterations_cut_arrays_into_epochs_of_any_length():
    history = train(line(), batch_size=8, iterations=7, epochs=3)

    assert history.steps == 21
    assert train(line(), iterations=5).steps == 5


def test_a_function_draws_fresh_batches_from_the_generator():
    def draw(rng):
        x = rng.normal(size=(4, 1))
        return x, 2 * x

    same = [train(line(), draw, iterations=5, seed=3).losses for _ in range(2)]

    assert same[0] == same[1]
    assert train(line(), draw, iterations=5, seed=4).losses != same[0]
    chainrule.seed(3)
    assert train(line(), draw, iterations=5).losses == same[0]


def test_iterables_and_iterators():
    assert train(line(), [(X, Y), (X, Y)], epochs=3).steps == 6
    assert train(line(), [(X, Y), (X, Y)], epochs=3, iterations=5).steps == 15
    endless = iter(lambda: (X, Y), None)
    assert train(line(), endless, epochs=2, iterations=5).steps == 10
    ending = train(line(), islice(endless, 7), epochs=3, iterations=3)
    assert (ending.steps, ending.epochs, ending.stopped) == (7, 3, "")
    ended = train(line(), islice(endless, 6), epochs=3, iterations=3)
    assert (ended.steps, ended.epochs, ended.stopped) == (6, 2, "the data ended")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (lambda _rng: (X, Y), {}, "iterations=100"),
        (iter([(X, Y)]), {}, "iterations=100"),
        ([(X, Y)], {"batch_size": 4}, "batch_size cuts arrays"),
        ((X, Y[:3]), {}, r"\(20, 1\), \(3, 1\)"),
        ((X, 3.0), {}, "a row for each sample"),
        (5, {}, "cannot take batches from int"),
        ([X], {}, r"this one is ndarray"),
        (lambda _rng: X, {"iterations": 3}, r"this one is ndarray"),
    ],
)
def test_other_data_is_refused_with_what_to_give(data, options, message):
    with pytest.raises(DataError, match=message):
        train(line(), data, **options)


def test_the_optimiser_takes_the_models_parameters_if_it_has_none():
    model = line()
    optimizer = optim.Adam(lr=0.1)

    fit(model, (X, Y), loss=mse, optimizer=optimizer)

    assert optimizer.parameters == model.parameters()


def test_a_second_fit_goes_on():
    model = line()
    optimizer = optim.SGD(model.parameters(), lr=schedules.step_decay(0.1, 10))

    first = fit(model, (X, Y), loss=mse, optimizer=optimizer, epochs=10)
    second = fit(model, (X, Y), loss=mse, optimizer=optimizer, epochs=10)

    once = line()
    whole = fit(
        once,
        (X, Y),
        loss=mse,
        optimizer=optim.SGD(once.parameters(), lr=schedules.step_decay(0.1, 10)),
        epochs=20,
    )
    assert first.losses + second.losses == whole.losses


def classes():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    return x, (x[:, 0] > x[:, 1]).astype(int)


def test_metrics_say_what_they_are():
    x, y = classes()
    model = nn.MLP(2, [8, 2], rng=0)

    history = fit(
        model,
        (x[:40], y[:40]),
        loss=cross_entropy,
        optimizer=optim.Adam(lr=0.05),
        epochs=20,
        batch_size=10,
        metrics=[accuracy],
        validation=(x[40:], y[40:]),
    )

    assert list(history.metrics) == ["loss", "accuracy", "validation_loss", "validation_accuracy"]
    assert all(len(figures) == 20 for figures in history.metrics.values())
    assert history.metrics["loss"][3] == pytest.approx(np.mean(history.losses[12:16]), rel=1e-12)
    assert history.metrics["accuracy"][-1] == accuracy(model(x[:40]), y[:40]) > 0.9
    assert history.metrics["validation_accuracy"][-1] == accuracy(model(x[40:]), y[40:])
    assert history.meanings["accuracy"] == "accuracy on all of the data, after the epoch"
    assert history.meanings["validation_accuracy"] == "accuracy on the validation data, after the epoch"
    drawn = train(
        line(), lambda _rng: (X, Y), iterations=2, metrics={"worst": lambda p, t: np.abs(p - t).max()}
    )
    assert drawn.meanings["worst"] == "worst on the epoch's last batch"


def test_early_stopping_and_the_best_parameters():
    model = line()
    optimizer = optim.SGD(model.parameters(), lr=lambda step: 0.1 if step < 30 else -0.05)

    history = fit(
        model,
        (X, Y),
        loss=mse,
        optimizer=optimizer,
        epochs=500,
        validation=(X, Y),
        early_stopping=5,
        restore_best=True,
    )

    assert history.stopped == "no lower loss in 5 epochs"
    assert history.epochs == 35
    best = min(history.metrics["validation_loss"])
    assert mse(model(X), Y).item() == pytest.approx(best, rel=1e-12)
    assert history.metrics["validation_loss"][-1] > best


def test_callbacks_see_every_epoch_and_may_end_it():
    epochs = []

    history = train(line(), epochs=10, callbacks=[lambda h: epochs.append(h.epochs), lambda h: h.epochs == 3])

    assert epochs == [1, 2, 3]
    assert history.stopped == "a callback ended it after epoch 3"


def test_dropout_drops_in_steps_only():
    masks = []

    class Watched(nn.Dropout):
        def mask(self, shape, dtype):
            masks.append((shape[0], self.training))
            return super().mask(shape, dtype)

    layer = Watched(0.5, rng=0)
    model = nn.Sequential(nn.Linear(1, 4), layer, nn.Linear(4, 1))

    fit(model, (X, Y), loss=mse, optimizer=optim.SGD(lr=0.1), epochs=3, validation=(X, Y))

    assert masks == [(20, True)] * 3
    assert not layer.training


def exploding(x):
    return np.exp(w * x)


w = Value(1.0, label="w")


def test_a_loss_that_is_not_finite_names_step_and_operation():
    w.data = 1.0

    with np.errstate(all="ignore"), pytest.raises(NonFiniteLossError) as caught:
        fit(exploding, (10 * X, Y), loss=mse, optimizer=optim.SGD([w], lr=1e3), epochs=50)

    message = str(caught.value)
    assert "the loss of step 2 (epoch 2) is" in message
    assert "It began at exp, which made infinity of numbers in [" in message
    assert "clip_norm" in message
    assert caught.value.history.steps == 1
    assert np.isfinite(w.data)


def test_a_batch_that_is_not_finite_is_named():
    with pytest.raises(NonFiniteLossError, match=r"The batch itself .* part 1"):
        train(line(), (X, np.full_like(Y, np.nan)))


def test_a_parameter_that_is_not_finite_is_named():
    model = line()
    model[0].bias.data[0] = np.inf

    with (
        np.errstate(all="ignore"),
        pytest.raises(NonFiniteLossError, match=r"Parameter 0\.bias is no longer finite"),
    ):
        train(model)


INTERRUPTED = """
import os, signal, sys
import numpy as np
from chainrule import Value, fit, mse, nn, optim
calls = 0
def draw(rng):
    global calls
    calls += 1
    if calls == 30:
        os.kill(os.getpid(), signal.SIGINT)
    x = rng.normal(size=(4, 1))
    return x, x
model = nn.Linear(1, 1)
history = fit(model, draw, loss=mse, optimizer=optim.SGD(lr=0.1), epochs=10, iterations=20)
print(history.steps, history.epochs, history.stopped, calls)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_control_c_ends_it_after_the_step_with_the_history_so_far():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.splitlines() == ["30 1 interrupted after step 30 30", "True"]
    assert done.stderr == ""


def test_an_interrupt_raised_inside_keeps_the_history():
    def draw(rng):
        if rng.normal() > 2:
            raise KeyboardInterrupt
        return X, Y

    history = train(line(), draw, iterations=1000, seed=0)

    assert history.stopped == f"interrupted in step {history.steps + 1}"
    assert 0 < history.steps < 1000


def test_nothing_is_said_unless_asked_or_on_a_terminal(capfd):
    train(line(), epochs=3)
    assert capfd.readouterr() == ("", "")


def test_a_log_gets_plain_lines(capfd):
    train(line(), epochs=40, progress=True)
    out, err = capfd.readouterr()

    assert out == ""
    assert "\r" not in err
    assert len(err.splitlines()) == 10
    assert err.splitlines()[-1].startswith("epoch 40/40  loss ")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_a_terminal_gets_one_line_that_rewrites_itself(monkeypatch):
    leader, follower = os.openpty()
    with os.fdopen(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        train(line(), epochs=5)
        written = b""
        while b"\n" not in written:
            written += os.read(leader, 10_000)
    os.close(leader)

    assert written.startswith(b"\repoch 1/5  loss ")
    assert written.splitlines()[-1].startswith(b"epoch 5/5  loss ")
    assert written.count(b"\n") == 1


def test_models_of_single_precision_train():
    model = nn.Sequential(
        nn.Linear(1, 4, dtype=np.float32, rng=0), relu, nn.Linear(4, 1, dtype=np.float32, rng=1)
    )

    train(model, (X.astype(np.float32), Y.astype(np.float32)), epochs=20)

    assert all(p.dtype == np.float32 for p in model.parameters())


def test_there_must_be_something_to_train():
    with pytest.raises(DataError, match=r"optim\.SGD\(\[w, b\]\)"):
        fit(lambda x: x, (X, Y), loss=mse, optimizer=optim.SGD())


@pytest.mark.parametrize("batch_size", [None, 3])
def test_a_model_made_for_batches_of_one_size_trains(batch_size):
    x = np.array([[3.0], [1.0], [2.0]])
    weights = Value(np.ones((3, 1)))

    history = fit(
        lambda batch: batch * weights,
        (x, 2 * x),
        loss=mse,
        optimizer=optim.SGD([weights], lr=0.1),
        epochs=2,
        batch_size=batch_size,
    )

    assert history.steps == 2
    panel = history.replay().panels[0]
    curve = panel.layers[1]
    assert curve.x == [1, 2, 3]
    assert curve.frames[0] == [1, 2, 3]


def test_a_model_that_takes_no_other_batch_has_no_curve():
    weights, large = Value(np.ones((2, 1))), np.linspace(0, 1, 300).reshape(-1, 1)

    history = fit(
        lambda batch: batch * weights,
        (large, large),
        loss=mse,
        optimizer=optim.SGD(weights, lr=0.1),
        batch_size=2,
    )

    assert history.steps == 150
    assert [panel.y for panel in history.replay().panels] == ["loss", "parameter"]


def test_an_optimiser_of_another_model_is_refused():
    other = line()
    with pytest.raises(
        DataError, match=r"depends on none of the optimiser's parameters.*model\.parameters\(\)"
    ):
        fit(line(), (X, Y), loss=mse, optimizer=optim.SGD(other.parameters(), lr=0.1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"optimizer": optim.SGD}, r"optimizer is <class .*optim\.SGD\(lr=0\.1\)"),
        ({"optimizer": "sgd"}, r"optimizer is 'sgd'"),
        ({"loss": "mse"}, r"loss is 'mse'.*loss=mse"),
        ({"model": 3}, r"model is 3.*nn\.Sequential"),
        ({"batch_size": 0}, r"batch_size is 0.*1 or more"),
        ({"batch_size": -1}, r"batch_size is -1"),
        ({"iterations": 0}, r"iterations is 0"),
        ({"iterations": 2.5}, r"iterations is 2\.5"),
        ({"data": (np.empty((0, 1)), np.empty((0, 1)))}, r"no rows: \(0, 1\)"),
        ({"data": []}, r"gave no batch"),
    ],
)
def test_arguments_that_cannot_train_are_refused(options, message):
    given = {"model": line(), "data": (X, Y), "loss": mse, "optimizer": optim.SGD(lr=0.1), **options}
    with pytest.raises(UsageError, match=message):
        fit(given.pop("model"), given.pop("data"), **given)
