"""micrograd: one Value per number."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import Case, Engine, data_w2, loop, moons, w1_loss, w1_nodes, w1_theta


class Micrograd(Engine):
    name, modules, dist = "micrograd", ("micrograd.engine",), "micrograd"

    def w1(self) -> Case:
        Value = self.engine.Value
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
        Value = self.engine.Value

        def chain() -> float:
            start = x = Value(1.0)
            for _ in range(n // 2):
                x = x * 1.00001 + 0.5
            x.backward()
            return start.grad

        return chain

    def w2(self) -> Case:
        Value = self.engine.Value
        start, xs, ys, lr = data_w2()
        batches = [(x.ravel().tolist(), y.ravel().tolist()) for x, y in zip(xs, ys, strict=True)]

        def backward(w, b, x, y) -> None:
            loss = sum((w * xi + b - yi) ** 2 for xi, yi in zip(x, y, strict=True)) * (1 / len(x))
            loss.backward()

        def fresh():
            return [Value(float(p.item())) for p in start]

        P = fresh()

        def step(x, y) -> None:
            for p in P:
                p.grad = 0
            backward(*P, x, y)
            for p in P:
                p.data -= lr * p.grad

        def grads() -> list[np.ndarray]:
            first = fresh()
            backward(*first, *batches[0])
            return [np.array(p.grad) for p in first]

        return Case(loop(step, batches), grads)
