"""Chainrule, eager: Values and backward()."""

from __future__ import annotations

import numpy as np

from benchmarks.wide import data_w3_wide
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


class ChainruleEager(Engine):
    name, modules, dist = "chainrule", ("chainrule",), "mkdocs-chainrule"

    def w1(self) -> Case:
        Value = self.chainrule.Value
        X, y = moons()
        points, labels = X.tolist(), y.tolist()
        P = [Value(p) for p in w1_theta()]

        def step() -> None:
            for p in P:
                p.grad = 0
            w1_loss(P, points, labels, lambda v: v.relu()).backward()

        def grads() -> list[np.ndarray]:
            step()
            return [np.array([p.grad for p in P])]

        return Case(loop(step, [()]), grads, w1_nodes(100))

    def w1b(self, n: int = 100_000):
        Value = self.chainrule.Value

        def chain() -> float:
            start = x = Value(1.0)
            for _ in range(n // 2):
                x = x * 1.00001 + 0.5
            x.backward()
            return start.grad

        return chain

    def w2(self) -> Case:
        return self.train(data_w2(), self.linear())

    def w3(self) -> Case:
        return self.train(data_w3(), self.tanh_network())

    def w3_wide(self) -> Case:
        return self.train(data_w3_wide(), self.tanh_network())

    def w4(self) -> Case:
        return self.train(data_w4(), self.classifier())

    def linear(self):
        mse = self.chainrule.mse
        return lambda P, x, t: mse(x @ P[0] + P[1], t)

    def tanh_network(self):
        mse, relu = self.chainrule.mse, self.chainrule.relu
        return lambda P, x, t: mse(np.tanh(relu(x @ P[0] + P[1]) @ P[2] + P[3]), t)

    def classifier(self):
        cross_entropy, relu = self.chainrule.cross_entropy, self.chainrule.relu

        def loss(P, x, y):
            hidden = relu(relu(x @ P[0] + P[1]) @ P[2] + P[3])
            return cross_entropy(hidden @ P[4] + P[5], y)

        return loss

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        Value = self.chainrule.Value
        rate = start[0].dtype.type(lr)
        P = [Value(p) for p in copies(start)]

        def step(x, y) -> None:
            for p in P:
                p.grad = None
            loss(P, x, y).backward()
            for p in P:
                p.data -= rate * p.grad

        return Case(loop(step, list(zip(xs, ys, strict=True))), self.first_gradients(data, loss))

    def first_gradients(self, data, loss):
        def grads() -> list[np.ndarray]:
            start, xs, ys, _ = data
            first = [self.chainrule.Value(p) for p in copies(start)]
            loss(first, xs[0], ys[0]).backward()
            return [p.grad for p in first]

        return grads

    def w5(self):
        grad, hvp = self.chainrule.grad, self.chainrule.hvp
        s, A, x, v = data_w5()
        second = grad(grad(np.tanh))
        product = hvp(lambda x: np.tanh(A @ x).sum())
        return {"tanh''": lambda: second(s), "hvp": lambda: product(x, v)}
