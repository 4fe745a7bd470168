"""autograd (HIPS): functions of arrays, differentiated by `grad`."""

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


class Autograd(Engine):
    name, modules, dist = "autograd", ("autograd", "autograd.numpy"), "autograd"

    def w1(self) -> Case:
        X, y = moons()
        points, labels, theta = X.tolist(), y.tolist(), w1_theta()
        relu = lambda v: self.numpy.maximum(v, 0.0)
        gradient = self.autograd.grad(lambda P: w1_loss(P, points, labels, relu))
        return Case(loop(lambda: gradient(theta), [()]), lambda: [np.array(gradient(theta))], w1_nodes(100))

    def w1b(self, n: int = 100_000):
        def chain(x: float) -> float:
            for _ in range(n // 2):
                x = x * 1.00001 + 0.5
            return x

        gradient = self.autograd.grad(chain)
        return lambda: gradient(1.0)

    def w2(self) -> Case:
        return self.train(data_w2(), lambda P, x, t: ((x @ P[0] + P[1] - t) ** 2).mean())

    def w3(self) -> Case:
        anp = self.numpy

        def loss(P, x, t):
            hidden = anp.maximum(x @ P[0] + P[1], 0.0)
            return ((anp.tanh(hidden @ P[2] + P[3]) - t) ** 2).mean()

        return self.train(data_w3(), loss)

    def w4(self) -> Case:
        anp = self.numpy
        rows = np.arange(128)

        def loss(P, x, y):
            hidden = anp.maximum(x @ P[0] + P[1], 0)
            z = anp.maximum(hidden @ P[2] + P[3], 0) @ P[4] + P[5]
            z = z - anp.max(z, axis=1, keepdims=True)
            return (anp.log(anp.sum(anp.exp(z), axis=1)) - z[rows, y]).mean()

        return self.train(data_w4(), loss)

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        P, rate = copies(start), start[0].dtype.type(lr)
        value_and_grad = self.autograd.value_and_grad(loss)

        def step(x, y) -> None:
            _, gradients = value_and_grad(P, x, y)
            for p, g in zip(P, gradients, strict=True):
                p -= rate * g

        return Case(
            loop(step, list(zip(xs, ys, strict=True))), lambda: value_and_grad(start, xs[0], ys[0])[1]
        )

    def w5(self):
        anp, grad = self.numpy, self.autograd.grad
        s, A, x, v = data_w5()
        second = grad(grad(anp.tanh))
        slope = grad(lambda x: anp.sum(anp.tanh(A @ x)))
        product = grad(lambda x: anp.dot(slope(x), v))
        return {"tanh''": lambda: second(s), "hvp": lambda: product(x)}
