"""mygrad: tensors that remember."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import (
    Case,
    Engine,
    copies,
    data_w2,
    data_w3,
    data_w4,
    loop,
    moons,
    w1_loss,
    w1_nodes,
    w1_theta,
)


class MyGrad(Engine):
    name, modules, dist = "mygrad", ("mygrad", "mygrad.nnet"), "mygrad"

    def w1(self) -> Case:
        X, y = moons()
        points, labels = X.tolist(), y.tolist()
        P = [self.mygrad.tensor(p) for p in w1_theta()]

        def step() -> None:
            for p in P:
                p.null_grad()
            w1_loss(P, points, labels, lambda v: self.mygrad.maximum(v, 0.0)).backward()

        def grads() -> list[np.ndarray]:
            step()
            return [np.array([p.grad for p in P])]

        return Case(loop(step, [()]), grads, w1_nodes(100))

    def w1b(self, n: int = 100_000):
        def chain() -> float:
            start = x = self.mygrad.tensor(1.0)
            for _ in range(n // 2):
                x = x * 1.00001 + 0.5
            x.backward()
            return start.grad

        return chain

    def w2(self) -> Case:
        return self.train(data_w2(), lambda P, x, t: ((self.mygrad.matmul(x, P[0]) + P[1] - t) ** 2).mean())

    def w3(self) -> Case:
        mg = self.mygrad

        def loss(P, x, t):
            hidden = mg.maximum(mg.matmul(x, P[0]) + P[1], 0.0)
            return ((mg.tanh(mg.matmul(hidden, P[2]) + P[3]) - t) ** 2).mean()

        return self.train(data_w3(), loss)

    def w4(self) -> Case:
        mg = self.mygrad

        def loss(P, x, y):
            hidden = mg.maximum(mg.matmul(x, P[0]) + P[1], 0)
            z = mg.matmul(mg.maximum(mg.matmul(hidden, P[2]) + P[3], 0), P[4]) + P[5]
            return self.nnet.softmax_crossentropy(z, y)

        return self.train(data_w4(), loss)

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        rate = start[0].dtype.type(lr)
        P = [self.mygrad.tensor(p) for p in copies(start)]

        def step(x, y) -> None:
            loss(P, x, y).backward()
            for p in P:
                p.data[...] -= rate * p.grad

        def grads() -> list[np.ndarray]:
            first = [self.mygrad.tensor(p) for p in copies(start)]
            loss(first, xs[0], ys[0]).backward()
            return [p.grad for p in first]

        return Case(loop(step, list(zip(xs, ys, strict=True))), grads)
