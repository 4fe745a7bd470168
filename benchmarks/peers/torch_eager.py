"""PyTorch on the CPU, eager."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import (
    Case,
    Engine,
    copies,
    data_w2,
    data_w3,
    data_w4,
    data_w5,
    loop,
    moons,
    w1_loss,
    w1_nodes,
    w1_theta,
)


class Torch(Engine):
    name, modules, dist = "torch", ("torch", "torch.nn.functional"), "torch"

    def load(self) -> None:
        super().load()
        self.torch.set_num_threads(1)

    def leaf(self, array):
        return self.torch.tensor(array, requires_grad=True)

    def w1(self) -> Case:
        X, y = moons()
        points, labels = X.tolist(), y.tolist()
        P = [self.leaf(np.float64(p)) for p in w1_theta()]

        def step() -> None:
            for p in P:
                p.grad = None
            w1_loss(P, points, labels, lambda v: v.relu()).backward()

        def grads() -> list[np.ndarray]:
            step()
            return [np.array([p.grad.item() for p in P])]

        return Case(loop(step, [()]), grads, w1_nodes(100))

    def w1b(self, n: int = 100_000):
        def chain() -> float:
            start = x = self.leaf(np.float64(1.0))
            for _ in range(n // 2):
                x = x * 1.00001 + 0.5
            x.backward()
            return start.grad.item()

        return chain

    def w2(self) -> Case:
        return self.train(data_w2(), lambda P, x, t: self.functional.mse_loss(x @ P[0] + P[1], t))

    def w3(self) -> Case:
        def loss(P, x, t):
            return self.functional.mse_loss((((x @ P[0] + P[1]).relu()) @ P[2] + P[3]).tanh(), t)

        return self.train(data_w3(), loss)

    def w4(self) -> Case:
        def loss(P, x, y):
            hidden = ((x @ P[0] + P[1]).relu() @ P[2] + P[3]).relu()
            return self.functional.cross_entropy(hidden @ P[4] + P[5], y)

        return self.train(data_w4(), loss)

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        P = [self.leaf(p) for p in start]
        batches = [(self.torch.from_numpy(x), self.torch.from_numpy(y)) for x, y in zip(xs, ys, strict=True)]

        def step(x, y) -> None:
            for p in P:
                p.grad = None
            loss(P, x, y).backward()
            with self.torch.no_grad():
                for p in P:
                    p.sub_(p.grad, alpha=lr)

        def grads() -> list[np.ndarray]:
            first = [self.leaf(p) for p in copies(start)]
            loss(first, *batches[0]).backward()
            return [p.grad.numpy() for p in first]

        return Case(loop(step, batches), grads)

    def w5(self):
        torch, grad = self.torch, self.torch.autograd.grad
        s, A, x, v = data_w5()
        A, v, s, x = torch.from_numpy(A), torch.from_numpy(v), self.leaf(np.float64(s)), self.leaf(x)

        def second() -> float:
            (slope,) = grad(torch.tanh(s), s, create_graph=True)
            return grad(slope, s)[0].item()

        def product() -> np.ndarray:
            (slope,) = grad(torch.tanh(A @ x).sum(), x, create_graph=True)
            return grad(slope @ v, x)[0].numpy()

        return {"tanh''": second, "hvp": product}
