"""Record how PyTorch trains, for optim/test_optim.py and test_losses.py.

    python tests/engine/record_training.py > tests/engine/recorded_training.json

It wants torch==2.13.0 in the Python that runs it; the tests want only its output.
"""

from __future__ import annotations

import json
import sys

import numpy as np

STEPS = 50
OPTIMIZERS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.8, "dampening": 0.1, "weight_decay": 0.1}),
    ("SGD", {}),
    ("Adam", {}),
    ("Adam", {"lr": 0.05}),
    ("Adam", {"lr": 0.05, "betas": [0.8, 0.95]}),
    ("Adam", {"lr": 0.05, "eps": 1e-3}),
    ("Adam", {"lr": 0.05, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.05, "amsgrad": True}),
    ("Adam", {"lr": 0.05, "amsgrad": True, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.05}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.2}),
    ("AdamW", {"lr": 0.05, "amsgrad": True, "betas": [0.7, 0.9]}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.9}),
    ("RMSprop", {"lr": 0.02, "eps": 1e-3}),
    ("RMSprop", {"lr": 0.02, "momentum": 0.9}),
    ("RMSprop", {"lr": 0.02, "centered": True}),
    ("RMSprop", {"lr": 0.02, "centered": True, "momentum": 0.5, "weight_decay": 0.1}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.01}),
    ("Adagrad", {"lr": 0.1, "initial_accumulator_value": 0.5}),
    ("Adagrad", {"lr": 0.1, "eps": 1e-4}),
    ("Adagrad", {"lr": 0.1, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.5, "clip_value": 0.05}),
    ("SGD", {"lr": 0.5, "momentum": 0.9, "clip_norm": 0.1}),
    ("Adam", {"lr": 0.05, "clip_value": 0.05, "clip_norm": 0.1, "weight_decay": 0.1}),
]
SCHEDULES = ["constant", "step_decay", "exponential", "cosine", "linear", "warmup"]
LOSSES = ["mse", "mae", "huber", "binary_cross_entropy", "logits", "cross_entropy", "kl_divergence"]


def arrays():
    """Return the data that all trainings start from."""
    rng = np.random.default_rng(0)
    return {
        "x": rng.normal(size=(32, 3)),
        "y": rng.normal(size=(32, 2)),
        "classes": rng.integers(0, 3, 32),
        "w1": rng.normal(size=(3, 5)),
        "b1": rng.normal(size=5),
        "w2": rng.normal(size=(5, 2)),
        "b2": rng.normal(size=2),
        "w3": rng.normal(size=(5, 3)),
        "b3": rng.normal(size=3),
    }


def regression(torch, data):
    """Return parameters and loss of a 3-5-2 network with tanh."""
    params = [torch.tensor(data[name], requires_grad=True) for name in ("w1", "b1", "w2", "b2")]

    def loss(x, y):
        hidden = torch.tanh(x @ params[0] + params[1])
        return torch.nn.functional.mse_loss(hidden @ params[2] + params[3], y)

    return params, loss


def classifier(torch, data):
    """Return parameters and loss of a 3-5-3 network with relu."""
    params = [torch.tensor(data[name], requires_grad=True) for name in ("w1", "b1", "w3", "b3")]

    def loss(x, y):
        hidden = torch.relu(x @ params[0] + params[1])
        return torch.nn.functional.cross_entropy(hidden @ params[2] + params[3], y)

    return params, loss


def schedule(torch, name, optimizer):
    """Return PyTorch's scheduler for a schedule of ours, with the arguments that the test has too."""
    rates = torch.optim.lr_scheduler
    if name == "warmup":
        parts = [
            rates.LinearLR(optimizer, start_factor=0.1, total_iters=10),
            rates.CosineAnnealingLR(optimizer, T_max=40),
        ]
        return rates.SequentialLR(optimizer, parts, milestones=[10])
    return {
        "constant": lambda: rates.LambdaLR(optimizer, lambda _: 1.0),
        "step_decay": lambda: rates.StepLR(optimizer, 7, gamma=0.5),
        "exponential": lambda: rates.ExponentialLR(optimizer, 0.95),
        "cosine": lambda: rates.CosineAnnealingLR(optimizer, T_max=60, eta_min=0.01),
        "linear": lambda: rates.LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=30),
    }[name]()


def train(torch, problem, batches, name, settings, *, scheduled=""):
    """Return the loss of each step and the parameters in the end."""
    params, loss_of = problem
    settings = dict(settings)
    clip_value, clip_norm = settings.pop("clip_value", None), settings.pop("clip_norm", None)
    optimizer = getattr(torch.optim, name)(params, **settings)
    scheduler = schedule(torch, scheduled, optimizer) if scheduled else None
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(*batches[step % len(batches)])
        loss.backward()
        if clip_value is not None:
            torch.nn.utils.clip_grad_value_(params, clip_value)
        if clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(params, clip_norm)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        losses.append(loss.item())
    return {"losses": losses, "params": [p.detach().numpy().tolist() for p in params]}


def losses(torch, data):
    """Return value and gradient of each loss, with each reduction."""
    f = torch.nn.functional
    prediction, target = data["w1"], data["w1"][::-1].copy()
    probability = 1 / (1 + np.exp(-prediction))
    share = np.exp(target) / np.exp(target).sum(1, keepdims=True)
    log_share = prediction - np.log(np.exp(prediction).sum(1, keepdims=True))
    certain = probability.copy()
    certain[0, 0], certain[0, 1] = 0.0, 1.0
    cases = {
        "mse": (f.mse_loss, prediction, target),
        "mae": (f.l1_loss, prediction, target),
        "huber": (f.huber_loss, prediction, target),
        "binary_cross_entropy": (f.binary_cross_entropy, certain, 1 - probability),
        "logits": (f.binary_cross_entropy_with_logits, prediction * 10, probability),
        "cross_entropy": (f.cross_entropy, prediction, np.array([0, 4, 2])),
        "kl_divergence": (f.kl_div, log_share, share * (share > share.min())),
    }
    return [loss_case(torch, name, *case) for name, case in cases.items()]


def loss_case(torch, name, function, prediction, target):
    """Return one loss with each reduction, and its gradient by the prediction."""
    case = {"name": name, "prediction": prediction.tolist(), "target": target.tolist(), "results": {}}
    for reduction in ("mean", "sum", "none", *(["batchmean"] if name == "kl_divergence" else [])):
        tensor = torch.tensor(prediction, requires_grad=True)
        loss = function(tensor, torch.tensor(target), reduction=reduction)
        loss.sum().backward()
        case["results"][reduction] = {"loss": loss.tolist(), "grad": tensor.grad.tolist()}
    return case


def main():
    """Write everything as JSON."""
    import warnings

    import torch

    warnings.simplefilter("ignore")
    data = arrays()
    x, y, classes = (torch.tensor(data[name]) for name in ("x", "y", "classes"))
    whole, labelled = [(x, y)], [(x, classes)]
    minibatches = [(x[i : i + 8], classes[i : i + 8]) for i in range(0, 32, 8)]
    record = {
        "torch": torch.__version__,
        "data": {name: array.tolist() for name, array in data.items()},
        "optimizers": [
            {
                "name": name,
                "settings": settings,
                **train(torch, regression(torch, data), whole, name, settings),
            }
            for name, settings in OPTIMIZERS
        ],
        "schedules": [
            {"name": name, **train(torch, regression(torch, data), whole, "SGD", {"lr": 0.1}, scheduled=name)}
            for name in SCHEDULES
        ],
        "classifiers": [
            {
                "name": name,
                "settings": settings,
                **train(torch, classifier(torch, data), batches, name, settings),
            }
            for batches, name, settings in (
                (labelled, "SGD", {"lr": 0.2, "momentum": 0.9}),
                (minibatches, "SGD", {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.01, "clip_norm": 0.5}),
                (minibatches, "AdamW", {"lr": 0.05, "clip_value": 0.1}),
            )
        ],
        "losses": losses(torch, data),
    }
    json.dump(record, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
