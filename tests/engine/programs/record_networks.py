"""Record what PyTorch says of the networks, by its own layers where it has them.

    PYTHONPATH=tests python tests/engine/programs/record_networks.py

It wants torch==2.13.0 in the Python that runs it; the tests want only its output.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch.nn import functional as f

from networks import PROGRAMS


def lstm(p, x, target):
    layer = torch.nn.LSTM(4, 6).double()
    names = {f"{name}_l0": value for name, value in p.items()}
    out, _ = torch.func.functional_call(layer, names, (x,))
    return f.mse_loss(out, target)


def rnn(p, x, target):
    layer = torch.nn.RNN(4, 6).double()
    names = {f"{name}_l0": value for name, value in p.items()}
    _, last = torch.func.functional_call(layer, names, (x,))
    return f.mse_loss(last[0], target, reduction="sum")


def attention(p, x, target):
    batch, time, features = x.shape
    q, k, v = ((x @ p[name]).reshape(batch, time, 2, 3).transpose(1, 2) for name in ("query", "key", "value"))
    mixed = (
        f.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, time, features)
    )
    return f.l1_loss(mixed @ p["out"], target)


def cnn(p, images, labels):
    maps = f.relu(f.conv2d(images[:, None], p["kernel"][:, None], p["shift"]))
    return f.cross_entropy(f.max_pool2d(maps, 2).flatten(1) @ p["dense"], labels)


def pooled_windows(p, labels):
    maps = f.conv2d(p["images"][:, None], p["kernel"][:, None])
    return (torch.tanh(maps) * labels[:, None, None, None]).sum()


def vae(p, x, noise):
    hidden = torch.tanh(x @ p["w1"] + p["b1"])
    mean, log_var = (hidden @ p["w2"] + p["b2"]).chunk(2, dim=1)
    posterior = torch.distributions.Normal(mean, torch.exp(0.5 * log_var))
    logits = torch.tanh((mean + posterior.scale * noise) @ p["w3"] + p["b3"]) @ p["w4"] + p["b4"]
    kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum()
    return (f.binary_cross_entropy_with_logits(logits, x, reduction="sum") + kl) / len(x)


def record():
    found = {}
    for name, (_, parameters, data) in PROGRAMS.items():
        leaves = {key: torch.tensor(array, requires_grad=True) for key, array in parameters.items()}
        loss = globals()[name](leaves, *map(torch.tensor, data))
        loss.backward()
        found[name] = {
            "loss": loss.item(),
            "grads": {key: leaf.grad.tolist() for key, leaf in leaves.items()},
        }
    text = json.dumps({"torch": torch.__version__.partition("+")[0], "programs": found})
    Path(__file__).with_name("recorded_networks.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    record()
