import numpy as np
import pytest

import chainrule
from chainrule import Value, fit, load, mse, nn, optim, relu, save
from chainrule.errors import CheckpointError


def batch(rng):
    x = rng.normal(size=(8, 2))
    return x, x[:, :1] * x[:, 1:]


def made(seed=0):
    chainrule.seed(seed)
    model = nn.Sequential(nn.Linear(2, 8), relu, nn.Dropout(0.2), nn.Linear(8, 1))
    return model, optim.Adam(model.parameters(), lr=0.01, amsgrad=True)


def train(model, optimizer, epochs, data=batch, **options):
    return fit(model, data, loss=mse, optimizer=optimizer, epochs=epochs, **options)


def same(model, other):
    pairs = zip(model.parameters(), other.parameters(), strict=True)
    return all(p.data.tobytes() == q.data.tobytes() for p, q in pairs)


def test_a_resumed_training_continues_bit_for_bit(tmp_path):
    model, optimizer = made()
    train(model, optimizer, 2, iterations=10)
    save(tmp_path / "run", model, optimizer)
    straight = train(model, optimizer, 3, iterations=10)

    resumed, other = made(seed=99)
    load(tmp_path / "run", resumed, other)
    history = train(resumed, other, 3, iterations=10)

    assert history.losses == straight.losses
    assert same(model, resumed)
    assert other.steps == 50


def test_a_generator_of_ones_own_and_shuffled_arrays(tmp_path):
    data = batch(np.random.default_rng(1))
    model, optimizer = made()
    first = train(model, optimizer, 2, data, batch_size=3, seed=5)
    save(tmp_path / "run.npz", model, optimizer, first.rng)
    straight = train(model, optimizer, 2, data, batch_size=3, seed=first.rng)

    resumed, other = made(seed=99)
    rng = np.random.default_rng()
    load(tmp_path / "run.npz", resumed, other, rng)

    assert train(resumed, other, 2, data, batch_size=3, seed=rng).losses == straight.losses


def test_an_interrupted_training_resumes_where_it_was(tmp_path):
    def interrupting(history):
        if history.epochs == 2:
            raise KeyboardInterrupt

    whole, whole_optimizer = made()
    losses = train(whole, whole_optimizer, 4, iterations=5).losses

    model, optimizer = made()
    history = train(model, optimizer, 4, iterations=5, callbacks=[interrupting])
    save(tmp_path / "run", model, optimizer)
    resumed, other = made(seed=1)
    load(tmp_path / "run", resumed, other)

    assert history.losses + train(resumed, other, 2, iterations=5).losses == losses
    assert same(whole, resumed)


def test_the_file_holds_no_pickles(tmp_path):
    model, optimizer = made()
    save(tmp_path / "run", model, optimizer)

    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert "parameters/0.weight" in file
        assert all(array.dtype != object for array in file.values())


def test_mersenne_twister_is_restored_too(tmp_path):
    model, _ = made()
    rng = np.random.Generator(np.random.MT19937(3))
    save(tmp_path / "run", model, rng=rng)
    expected = rng.normal(size=3).tolist()
    load(tmp_path / "run", model, rng=rng)

    assert rng.normal(size=3).tolist() == expected


def test_another_model_is_refused_and_nothing_changed(tmp_path):
    model, optimizer = made()
    save(tmp_path / "run", model, optimizer)
    other = nn.Sequential(nn.Linear(2, 4), relu, nn.Dropout(0.2), nn.Linear(4, 1))
    before = [p.data.copy() for p in other.parameters()]

    with pytest.raises(CheckpointError, match=r"of 0\.weight it has \(2, 8\), where there is \(2, 4\)"):
        load(tmp_path / "run", other)
    with pytest.raises(CheckpointError, match=r"no such entry"):
        load(tmp_path / "run", nn.Linear(2, 8))
    assert all((p.data == b).all() for p, b in zip(other.parameters(), before, strict=True))


def test_another_optimiser_is_refused(tmp_path):
    model, optimizer = made()
    save(tmp_path / "bare", model)
    with pytest.raises(CheckpointError, match="holds no optimiser"):
        load(tmp_path / "bare", model, optimizer)
    train(model, optimizer, 1, iterations=1)
    save(tmp_path / "adam", model, optimizer)
    with pytest.raises(CheckpointError, match="velocity/0 it has no such entry"):
        load(tmp_path / "adam", model, optim.SGD(model.parameters(), momentum=0.9))


def test_numbers_stay_numbers(tmp_path):
    class Line(nn.Module):
        def __init__(self):
            self.w = Value(2.0)

        def __call__(self, x):
            return self.w * x

    line = Line()
    optimizer = optim.SGD(line.parameters(), lr=0.1, momentum=0.9)
    x = np.ones(3)
    train(line, optimizer, 2, (x, x), restore_best=True)
    before = line.w.data
    save(tmp_path / "line", line, optimizer)
    line.w.data = 0.0
    load(tmp_path / "line", line, optimizer)

    assert line.w.data == before
    assert type(line.w.data) is type(optimizer.state["velocity"][0].data) is float
