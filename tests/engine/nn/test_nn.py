import numpy as np
import pytest

import chainrule
from chainrule import Value, check_grads, nn, relu, value_and_grad
from chainrule.errors import LayerError, UsageError


def test_linear_is_a_matrix_and_a_bias():
    layer = nn.Linear(3, 2)
    x = np.ones((5, 3))

    assert layer.weight.shape == (3, 2)
    assert layer.bias.data.tolist() == [0.0, 0.0]
    np.testing.assert_array_equal(layer(x).data, x @ layer.weight.data + layer.bias.data)
    assert nn.Linear(3, 2, bias=False).parameters()[0].shape == (3, 2)
    assert layer(np.ones((4, 5, 3))).shape == (4, 5, 2)


def test_parameters_have_names():
    model = nn.Sequential(nn.Linear(1, 4), relu, nn.Sequential(nn.Linear(4, 2), np.tanh), nn.LayerNorm(2))

    assert list(dict(model.named_parameters())) == [
        "0.weight", "0.bias", "2.0.weight", "2.0.bias", "3.weight", "3.bias",
    ]  # fmt: skip
    assert [parameter.label for parameter in model.parameters()] == list(dict(model.named_parameters()))


def test_a_shared_layer_is_trained_once():
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, np.tanh, layer)

    assert list(dict(model.named_parameters())) == ["0.weight", "0.bias"]


def test_a_module_of_ones_own_needs_nothing_but_attributes():
    class Residual(nn.Module):
        def __init__(self):
            self.layers = [nn.Linear(2, 2), nn.Linear(2, 2)]
            self.gates = {"a": Value(0.5)}
            self.name = "residual"

        def __call__(self, x):
            for layer in self.layers:
                x = x + self.gates["a"] * np.tanh(layer(x))
            return x

    model = Residual()

    assert list(dict(model.named_parameters())) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "gates.a",
    ]  # fmt: skip
    assert model(np.ones((3, 2))).shape == (3, 2)


def test_a_module_says_what_is_in_it():
    class Twice(nn.Module):
        def __init__(self):
            self.first, self.second = nn.Linear(1, 2), nn.Linear(2, 1)

    assert repr(Twice()) == "Twice(Linear(1, 2), Linear(2, 1))"


def test_same_seed_same_weights():
    chainrule.seed(3)
    first = nn.MLP(2, [4, 1])
    chainrule.seed(3)
    second = nn.MLP(2, [4, 1])
    third, fourth = nn.MLP(2, [4, 1], rng=3), nn.MLP(2, [4, 1], rng=np.random.default_rng(3))

    for others in zip(*(m.parameters() for m in (first, second, third, fourth)), strict=True):
        assert len({parameter.data.tobytes() for parameter in others}) == 1
    assert not np.array_equal(nn.Linear(2, 4, rng=1).weight.data, nn.Linear(2, 4, rng=2).weight.data)


VARIANCES = [
    (nn.glorot_uniform, 2 / 500),
    (nn.glorot_normal, 2 / 500),
    (nn.he_uniform, 2 / 200),
    (nn.he_normal, 2 / 200),
    (nn.lecun_uniform, 1 / 200),
    (nn.lecun_normal, 1 / 200),
    (nn.normal(0.3), 0.09),
    (nn.standard_normal, 1.0),
]


@pytest.mark.parametrize(("init", "variance"), VARIANCES)
def test_initialisers_have_their_variance(init, variance):
    weight = init((200, 300), np.random.default_rng(0))

    assert weight.var() == pytest.approx(variance, rel=0.02)
    assert abs(weight.mean()) < 4 * np.sqrt(variance / weight.size)


@pytest.mark.parametrize(
    ("init", "limit"), [(nn.glorot_uniform, 6 / 7), (nn.he_uniform, 6 / 3), (nn.lecun_uniform, 3 / 3)]
)
def test_uniform_initialisers_have_their_limit(init, limit):
    weight = np.concatenate([init((3, 4), np.random.default_rng(seed)).ravel() for seed in range(200)])

    assert 0.99 * np.sqrt(limit) < np.abs(weight).max() <= np.sqrt(limit)


def test_mlp():
    model = nn.MLP(2, [16, 16, 1], activation=np.tanh, output=chainrule.sigmoid)

    assert repr(model) == "MLP(Linear(2, 16), tanh, Linear(16, 16), tanh, Linear(16, 1), sigmoid)"
    assert sum(p.size for p in model.parameters()) == 337


def test_what_cannot_be_called_is_no_layer():
    with pytest.raises(LayerError, match="Layer 1 of Sequential is 3"):
        nn.Sequential(relu, 3)
    with pytest.raises(LayerError, match="Layer 0"):
        nn.Sequential(nn.Linear)


def test_layer_norm_is_pytorchs():
    layer = nn.LayerNorm(3)
    layer.weight.data, layer.bias.data = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0])
    x = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 1.0]])
    # torch.nn.functional.layer_norm(x, (3,), weight, bias)
    expected = [[-0.9258191078, 0.0741808922, 4.1661859852], [-0.7070908718, -0.4141817436, 4.2425452309]]

    np.testing.assert_allclose(layer(x).data, expected, rtol=1e-9)
    check_grads(nn.LayerNorm(3), x)


def test_embedding_rows_accumulate():
    layer = nn.Embedding(4, 2)

    layer(np.array([1, 1, 3])).sum().backward()

    assert layer.weight.grad.tolist() == [[0, 0], [2, 2], [0, 0], [1, 1]]


def test_dropout_keeps_the_mean_and_only_drops_in_training():
    layer = nn.Dropout(0.25, rng=0)
    x = np.ones((400, 100))

    dropped = layer(x)

    assert set(np.unique(dropped)) == {0.0, 4 / 3}
    assert dropped.mean() == pytest.approx(1.0, abs=0.01)
    assert nn.Sequential(layer).eval()(x) is x
    assert layer.training is False
    assert nn.Dropout(0.5)(np.ones(2, np.float32)).dtype == np.float32


def test_dropout_of_all_leaves_nothing_and_what_is_no_probability_is_refused():
    assert nn.Dropout(1.0)(np.ones(3)).tolist() == [0, 0, 0]
    assert nn.Dropout(0.0)(np.ones(3)).tolist() == [1, 1, 1]
    for probability in (1.5, -1, float("nan")):
        with pytest.raises(UsageError, match="between 0 and 1"):
            nn.Dropout(probability)


def test_single_precision_stays():
    model = nn.Sequential(nn.Linear(2, 3, dtype=np.float32), relu, nn.LayerNorm(3, dtype=np.float32))

    assert model(np.ones((4, 2), np.float32)).dtype == np.float32
    assert all(p.dtype == np.float32 for p in model.parameters())


def test_the_summary_is_a_table():
    summary = nn.MLP(2, [16, 1]).summary()

    assert str(summary).splitlines() == [
        "layer          output   parameters",
        "Linear(2, 16)  (1, 16)          48",
        "relu           (1, 16)           0",
        "Linear(16, 1)  (1, 1)           17",
        "total                           65",
    ]
    assert (
        summary._repr_mimebundle_()["text/markdown"].splitlines()[-1]
        == "| **total** |  | **65** (520 bytes) |"
    )


def test_the_summary_of_an_example():
    model = nn.Sequential(nn.Embedding(10, 4), lambda x: x.mean(axis=1), nn.Linear(4, 2))

    summary = model.summary(np.zeros((7, 5), int))

    assert [row.shape for row in summary.rows] == [(7, 5, 4), (7, 4), (7, 2)]
    assert summary.total == 50
    assert nn.Sequential(nn.Embedding(10, 4)).summary().rows[0].shape == (1, 4)


def test_a_summary_without_an_example_says_what_it_needs():
    with pytest.raises(LayerError, match=r"model\.summary\(x\)"):
        nn.Sequential(np.tanh, nn.Linear(1, 1)).summary()


def test_the_summary_leaves_the_mode_alone():
    model = nn.Sequential(nn.Linear(1, 1), nn.Dropout())
    model.summary()

    assert model.training
    assert model[1].training


def test_gradients_of_a_whole_network():
    model = nn.MLP(2, [3, 1], activation=np.tanh)
    x = np.array([[0.5, -1.0], [2.0, 0.1]])

    def loss(w1, b1, w2, b2):
        return np.sum((np.tanh(x @ w1 + b1) @ w2 + b2) ** 2)

    (model(x) ** 2).sum().backward()
    _, exact = value_and_grad(loss, (0, 1, 2, 3))(*(p.data for p in model.parameters()))

    for parameter, gradient in zip(model.parameters(), exact, strict=True):
        np.testing.assert_allclose(parameter.grad, gradient, rtol=1e-14)


def test_a_model_draws_its_layers():
    graph = nn.MLP(2, [3, 1]).graph(np.ones((5, 2)))

    assert "Linear(2, 3)" in str(graph)
