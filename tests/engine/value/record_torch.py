"""Record what PyTorch 2.13.0 says of each function and its first and second derivative.

Run `python tests/engine/value/record_torch.py` where `torch==2.13.0` is installed. It writes
recorded_torch.json, which `test_torch.py` compares ours with.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ANY, POSITIVE, UNIT = (-2.0, 2.0), (0.3, 2.0), (-0.8, 0.8)
M = ((2, 3),)


def weighted(out):
    """A single number in which every element of a result counts differently."""
    return (out * torch.linspace(0.5, 1.5, out.numel(), dtype=out.dtype).reshape(out.shape)).sum()


CASES = {
    "add": (torch.add, ANY, ((2, 3), (3,))),
    "subtract": (torch.subtract, ANY, ((2, 3), (2, 1))),
    "multiply": (torch.multiply, ANY, ((2, 3), (3,))),
    "divide": (torch.divide, POSITIVE, ((2, 3), (1, 3))),
    "power": (torch.pow, POSITIVE, ((2, 3), (3,))),
    "negative": (torch.negative, ANY, M),
    "absolute": (torch.abs, ANY, M),
    "sqrt": (torch.sqrt, POSITIVE, M),
    "square": (torch.square, ANY, M),
    "reciprocal": (torch.reciprocal, POSITIVE, M),
    "exp": (torch.exp, ANY, M),
    "expm1": (torch.expm1, ANY, M),
    "log": (torch.log, POSITIVE, M),
    "log1p": (torch.log1p, POSITIVE, M),
    "sin": (torch.sin, ANY, M),
    "cos": (torch.cos, ANY, M),
    "tan": (torch.tan, UNIT, M),
    "arcsin": (torch.arcsin, UNIT, M),
    "arccos": (torch.arccos, UNIT, M),
    "arctan": (torch.arctan, ANY, M),
    "sinh": (torch.sinh, ANY, M),
    "cosh": (torch.cosh, ANY, M),
    "tanh": (torch.tanh, ANY, M),
    "maximum": (torch.maximum, ANY, ((2, 3), (3,))),
    "minimum": (torch.minimum, ANY, ((2, 3), (3,))),
    "clip": (lambda x: torch.clip(x, -0.5, 1.0), ANY, M),
    "relu": (F.relu, ANY, M),
    "leaky_relu": (F.leaky_relu, ANY, M),
    "elu": (F.elu, ANY, M),
    "sigmoid": (torch.sigmoid, ANY, M),
    "silu": (F.silu, ANY, M),
    "softplus": (F.softplus, ANY, M),
    "gelu": (lambda x: F.gelu(x, approximate="tanh"), ANY, M),
    "softmax": (lambda x: torch.softmax(x, -1), ANY, M),
    "log_softmax": (lambda x: torch.log_softmax(x, -1), ANY, M),
    "logsumexp": (lambda x: torch.logsumexp(x, (0, 1)), ANY, M),
    "sum": (lambda x: x.sum(0), ANY, M),
    "mean": (lambda x: x.mean(1), ANY, M),
    "prod": (lambda x: x.prod(1), ANY, M),
    "max": (lambda x: x.amax(1), ANY, M),
    "min": (lambda x: x.amin(0), ANY, M),
    "var": (lambda x: x.var(1, correction=1), ANY, M),
    "std": (lambda x: x.std(1, correction=0), ANY, M),
    "cumsum": (lambda x: x.cumsum(1), ANY, M),
    "matmul": (torch.matmul, ANY, ((2, 2, 3), (3, 2))),
    "einsum": (lambda a, b: torch.einsum("bij,bjk->ki", a, b), ANY, ((2, 2, 3), (2, 3, 2))),
    "norm": (lambda x: torch.linalg.vector_norm(x, dim=1), ANY, M),
    "inv": (torch.linalg.inv, POSITIVE, ((3, 3),)),
    "det": (torch.linalg.det, ANY, ((3, 3),)),
    "solve": (torch.linalg.solve, POSITIVE, ((2, 2), (2, 1))),
    "getitem": (lambda x: x[[0, 1, 1], [2, 0, 0]], ANY, M),
}
AT = {
    "relu": (torch.relu, [[-1.0, 0.0, 2.0]]),
    "absolute": (torch.abs, [[-1.0, 0.0, 2.0]]),
    "max": (torch.amax, [[3.0, 1.0, 3.0, 3.0]]),
    "maximum": (torch.maximum, [[0.0, 1.0, 2.0], [0.0, 2.0, 1.0]]),
    "minimum": (torch.minimum, [[0.0, 1.0, 2.0], [0.0, 2.0, 1.0]]),
    "prod": (torch.prod, [[0.0, 3.0, 2.0, 0.0]]),
    "clip": (lambda x: torch.clip(x, -1.0, 1.0), [[-2.0, -1.0, 0.0, 1.0, 2.0]]),
    "power": (torch.pow, [[0.0, 0.0, 2.0], [0.0, 2.0, 0.0]]),
    "sigmoid": (torch.sigmoid, [[-1000.0, -40.0, 40.0, 1000.0]]),
    "softplus": (F.softplus, [[-1000.0, -15.0, 15.0, 1000.0]]),
    "log_softmax": (lambda x: torch.log_softmax(x, -1), [[1000.0, 0.0, -1000.0]]),
    "logsumexp": (lambda x: torch.logsumexp(x, 0), [[1000.0, 999.0, -1000.0]]),
    "silu": (F.silu, [[-1000.0, 0.0, 1000.0]]),
}


def record(function, inputs):
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    out = function(*tensors)
    first = torch.autograd.grad(weighted(out), tensors, create_graph=True)
    slope = sum(weighted(g) for g in first)
    second = [None] * len(tensors)
    if slope.requires_grad:
        second = torch.autograd.grad(slope, tensors, allow_unused=True)
    zeros = [torch.zeros_like(t) if g is None else g for g, t in zip(second, tensors, strict=True)]
    return {
        "inputs": [t.tolist() for t in tensors],
        "out": out.tolist(),
        "first": [g.tolist() for g in first],
        "second": [(g + 0.0).numpy(force=True).tolist() for g in zeros],
    }


def main():
    rng = np.random.default_rng(5)
    cases = {
        name: record(function, [rng.uniform(*domain, shape).round(3) for shape in shapes])
        for name, (function, domain, shapes) in CASES.items()
    }
    corners = {name: record(function, inputs) for name, (function, inputs) in AT.items()}
    recorded = {"torch": torch.__version__.partition("+")[0], "cases": cases, "corners": corners}
    path = Path(__file__).with_name("recorded_torch.json")
    path.write_text(json.dumps(recorded, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
