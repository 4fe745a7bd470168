"""Networks as public code writes them in plain NumPy; `np` is NumPy, or a module that joins Values too.

Each takes its parameters as a dict of arrays and returns its loss.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def lstm(p, x, target):
    """A layer of LSTM cells over time, shape (time, batch, features), with its gates in PyTorch's order."""
    h = c = np.zeros((x.shape[1], p["weight_hh"].shape[1]))
    outputs = []
    for step in x:
        gates = step @ p["weight_ih"].T + p["bias_ih"] + h @ p["weight_hh"].T + p["bias_hh"]
        i, f, g, o = np.split(gates, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.mean((np.stack(outputs) - target) ** 2)


def rnn(p, x, target):
    """A recurrent network that reads its last state."""
    h = np.zeros((x.shape[1], p["weight_hh"].shape[0]))
    for step in x:
        h = np.tanh(
            np.dot(step, p["weight_ih"].T) + p["bias_ih"] + np.dot(h, p["weight_hh"].T) + p["bias_hh"]
        )
    return np.sum((h - target) ** 2)


def attention(p, x, target):
    """Self-attention of two heads with a causal mask, shape (batch, time, features)."""
    batch, time, features = x.shape
    heads = 2

    def parts(y):
        return np.transpose(np.reshape(y, (batch, time, heads, features // heads)), (0, 2, 1, 3))

    q, k, v = (parts(np.matmul(x, p[name])) for name in ("query", "key", "value"))
    scores = np.matmul(q, np.swapaxes(k, -1, -2)) / np.sqrt(features // heads)
    scores = np.where(np.tril(np.ones((time, time), bool)), scores, -1e30)
    mixed = np.reshape(np.transpose(np.matmul(softmax(scores), v), (0, 2, 1, 3)), (batch, time, features))
    return np.mean(np.abs(mixed @ p["out"] - target))


def cnn(p, images, labels):
    """Convolution and max-pooling by windows, then log-softmax; images (batch, height, width)."""
    windows = sliding_window_view(images, (3, 3), axis=(1, 2))  # (batch, 6, 6, 3, 3)
    maps = np.einsum("bhwij,oij->bohw", windows, p["kernel"]) + p["shift"][:, None, None]
    maps = np.maximum(maps, 0.0)
    batch, channels, height, width = maps.shape
    pooled = np.max(np.reshape(maps, (batch, channels, height // 2, 2, width // 2, 2)), axis=(3, 5))
    logits = np.reshape(pooled, (batch, -1)) @ p["dense"]
    log_sum = np.log(np.sum(np.exp(logits), axis=1))
    return np.mean(log_sum - logits[np.arange(batch), labels])


def pooled_windows(p, labels):
    """The same convolution of a Value: the image is a parameter, and windows are taken of it."""
    windows = sliding_window_view(p["images"], (3, 3), axis=(1, 2))
    maps = np.tensordot(windows, p["kernel"], axes=((3, 4), (1, 2)))
    return np.sum(np.tanh(maps) * labels[:, None, None, None])


def vae(p, x, noise):
    """A variational autoencoder: the negative evidence lower bound of a batch."""
    hidden = np.tanh(x @ p["w1"] + p["b1"])
    mean, log_var = np.split(hidden @ p["w2"] + p["b2"], 2, axis=1)
    z = mean + np.exp(0.5 * log_var) * noise
    logits = np.tanh(z @ p["w3"] + p["b3"]) @ p["w4"] + p["b4"]
    reconstruction = np.sum(np.logaddexp(0.0, logits) - x * logits)
    kl = -0.5 * np.sum(1 + log_var - mean**2 - np.exp(log_var))
    return (reconstruction + kl) / len(x)


def sample(**shapes):
    """Return arrays of these shapes, the same each time."""
    rng = np.random.default_rng(7)
    return {name: rng.normal(0, 0.4, shape) for name, shape in shapes.items()}


_DATA = sample(
    sequence=(5, 3, 4),
    states=(5, 3, 6),
    last=(3, 6),
    tokens=(2, 4, 6),
    wanted=(2, 4, 6),
    images=(3, 8, 8),
    noise=(5, 2),
)
_X = (sample(x=(5, 8))["x"] > 0).astype(float)
_GATES = {"weight_ih": (24, 4), "weight_hh": (24, 6), "bias_ih": (24,), "bias_hh": (24,)}
_STATE = {"weight_ih": (6, 4), "weight_hh": (6, 6), "bias_ih": (6,), "bias_hh": (6,)}

PROGRAMS = {
    "lstm": (lstm, sample(**_GATES), (_DATA["sequence"], _DATA["states"])),
    "rnn": (rnn, sample(**_STATE), (_DATA["sequence"], _DATA["last"])),
    "attention": (
        attention,
        sample(query=(6, 6), key=(6, 6), value=(6, 6), out=(6, 6)),
        (_DATA["tokens"], _DATA["wanted"]),
    ),
    "cnn": (cnn, sample(kernel=(4, 3, 3), shift=(4,), dense=(36, 5)), (_DATA["images"], np.array([0, 4, 2]))),
    "pooled_windows": (
        pooled_windows,
        sample(images=(3, 8, 8), kernel=(4, 3, 3)),
        (np.array([1.0, -2.0, 0.5]),),
    ),
    "vae": (
        vae,
        sample(w1=(8, 6), b1=(6,), w2=(6, 4), b2=(4,), w3=(2, 6), b3=(6,), w4=(6, 8), b4=(8,)),
        (_X, _DATA["noise"]),
    ),
}
