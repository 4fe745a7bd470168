"""PyTorch's names for layers and losses, and its way to write a module."""

import numpy as np
import pytest

import chainrule
from chainrule import Value, fit, grad, nn, optim
from chainrule.errors import UsageError

X = np.array([[0.5, -1.0], [2.0, 0.1]])
LAYERS = {
    "ReLU": (nn.ReLU(), np.maximum(X, 0)),
    "LeakyReLU": (nn.LeakyReLU(0.2), np.where(X > 0, X, 0.2 * X)),
    "ELU": (nn.ELU(), np.where(X > 0, X, np.expm1(X))),
    "Tanh": (nn.Tanh(), np.tanh(X)),
    "Sigmoid": (nn.Sigmoid(), 1 / (1 + np.exp(-X))),
    "SiLU": (nn.SiLU(), X / (1 + np.exp(-X))),
    "Softplus": (nn.Softplus(), np.log1p(np.exp(X))),
    "GELU": (nn.GELU("tanh"), 0.5 * X * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3)))),
    "Softmax": (nn.Softmax(dim=0), np.exp(X) / np.exp(X).sum(0)),
    "LogSoftmax": (nn.LogSoftmax(dim=1), X - np.log(np.exp(X).sum(1, keepdims=True))),
    "Identity": (nn.Identity(), X),
    "Flatten": (nn.Flatten(), X),
}
Y = np.array([[0.2, 0.7], [0.5, 0.9]])
LOSSES = {
    "MSELoss": (nn.MSELoss(), lambda p: ((p - Y) ** 2).mean()),
    "L1Loss": (nn.L1Loss(reduction="sum"), lambda p: abs(p - Y).sum()),
    "HuberLoss": (nn.HuberLoss(delta=10.0), lambda p: ((p - Y) ** 2).mean() / 2),
    "BCELoss": (nn.BCELoss(), lambda p: -(Y * np.log(p) + (1 - Y) * np.log(1 - p)).mean()),
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss(), lambda p: (np.log1p(np.exp(p)) - Y * p).mean()),
    "KLDivLoss": (nn.KLDivLoss(), lambda p: (Y * (np.log(Y) - p)).mean()),
}


@pytest.mark.parametrize("name", LAYERS)
def test_an_activation_is_the_function_of_that_name(name):
    layer, right = LAYERS[name]
    np.testing.assert_allclose(layer(Value(X)).data, right)
    assert repr(nn.Sequential(layer)) != ""
    assert "object at" not in repr(nn.Sequential(layer))


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_the_function_of_that_name(name):
    loss, right = LOSSES[name]
    prediction = np.array([[0.3, 0.6], [0.4, 0.8]])
    np.testing.assert_allclose(loss(Value(prediction), Y).data, right(prediction))


def test_the_classes_of_a_cross_entropy_are_along_the_last_axis():
    loss = nn.CrossEntropyLoss()
    np.testing.assert_allclose(loss(X, np.array([0, 1])), chainrule.cross_entropy(X, np.array([0, 1])))
    with pytest.raises(UsageError, match="moveaxis"):
        loss(np.zeros((2, 2, 2)), np.zeros((2, 2), int))


def test_another_form_of_gelu_is_told():
    with pytest.raises(UsageError, match="tanh form"):
        nn.GELU()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 3, rng=0), nn.ReLU()])
        self.named = nn.ModuleDict({"out": nn.Linear(3, 1, rng=1)})
        self.scale = nn.Parameter(np.ones(1))

    def forward(self, x, shift=0.0):
        for layer in self.layers:
            x = layer(x)
        return self.named["out"](x) * self.scale + shift


def test_forward_is_what_a_call_does():
    net = Net()
    np.testing.assert_array_equal(net(X).data, net.forward(X).data)
    np.testing.assert_array_equal(net(X, shift=1.0).data, net(X).data + 1.0)
    assert nn.Linear(2, 1, rng=0).forward(X).shape == (2, 1)
    assert "Linear(2, 3)" in str(net.graph(X))
    assert fit(net, (X, Y[:, :1]), loss=nn.MSELoss(), optimizer=optim.SGD(lr=0.01), epochs=2) is not None


def test_parameters_come_with_their_names():
    names = [name for name, parameter in Net().named_parameters() if isinstance(parameter, Value)]
    assert names == ["layers.0.weight", "layers.0.bias", "named.out.weight", "named.out.bias", "scale"]


def test_a_module_without_either_says_what_to_write():
    with pytest.raises(NotImplementedError, match="write its __call__"):
        nn.Module()(X)
    with pytest.raises(NotImplementedError, match="write its __call__"):
        nn.Module().forward(X)


def test_a_value_written_into_a_plain_array_is_told():
    def written(x):
        c = np.zeros(2)
        c[0] = x[0] * x[0]
        return c.sum()

    with pytest.raises(UsageError, match=r"np\.stack"):
        grad(written)(np.ones(2))
