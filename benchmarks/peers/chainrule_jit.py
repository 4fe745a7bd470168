"""Chainrule, the whole step under `jit`: traced once, then straight-line NumPy."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.chainrule_eager import ChainruleEager
from benchmarks.tables import NO_ADAPTER
from benchmarks.workloads import ALPHA, Case, Skip, copies, data_w5, loop, moons, w1_nodes, w1_score, w1_theta


class ChainruleJit(ChainruleEager):
    name = "chainrule-jit"

    def w1(self) -> Case:
        """One point's program, of Python floats, called for each point; its gradient is added up on the way."""
        jit, grad, relu = self.chainrule.jit, self.chainrule.grad, self.chainrule.relu
        X, y = moons()
        theta, points, labels = w1_theta(), X.tolist(), y.tolist()

        @jit
        def point(P, total, x, label):
            slope = grad(lambda P: relu(w1_score(P, x, relu) * -label + 1.0))
            return [t + d for t, d in zip(total, slope(P), strict=True)]

        @jit
        def finish(P, total):
            return [t * 0.01 + (2 * ALPHA) * p for t, p in zip(total, P, strict=True)]

        def step() -> list[float]:
            total = [0.0] * len(theta)
            for x, label in zip(points, labels, strict=True):
                total = point(theta, total, x, label)
            return finish(theta, total)

        return Case(loop(step, [()]), lambda: [np.array(step())], w1_nodes(100))

    def w1b(self) -> Case:
        raise Skip(NO_ADAPTER)  # a program of 100,000 lines is not what anybody would replay

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        rate = start[0].dtype.type(lr)
        value_and_grad = self.chainrule.value_and_grad(loss)

        def training():
            P = [self.chainrule.Value(p) for p in copies(start)]

            @self.chainrule.jit
            def step(x, y):
                value, gradients = value_and_grad([p.data for p in P], x, y)
                for p, g in zip(P, gradients, strict=True):
                    p.data -= rate * g
                return value

            return P, step

        def grads() -> list[np.ndarray]:
            """Return what the very program that is timed took off the parameters, over the rate."""
            P, step = training()
            for _ in range(2):  # the first call traces, the second replays
                for p, first in zip(P, start, strict=True):
                    p.data[...] = first
                step(xs[0], ys[0])
            return [(first - p.data) / rate for p, first in zip(P, start, strict=True)]

        return Case(loop(training()[1], list(zip(xs, ys, strict=True))), grads)

    def w5(self):
        jit, grad, hvp = self.chainrule.jit, self.chainrule.grad, self.chainrule.hvp
        s, A, x, v = data_w5()
        second = jit(grad(grad(np.tanh)))
        product = jit(hvp(lambda x: np.tanh(A @ x).sum()))
        return {"tanh''": lambda: second(s), "hvp": lambda: product(x, v)}
