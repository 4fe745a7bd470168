"""JAX, the whole pass over the batches as one compiled loop: no Python between the steps."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.jax_steps import JaxJit
from benchmarks.workloads import Case


class JaxScan(JaxJit):
    name = "jax-scan"

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        jax, step = self.jax, self.update(loss, lr)
        put, gradient = jax.device_put, jax.jit(jax.grad(loss))
        whole = put(xs), put(ys)

        @jax.jit
        def sweep(P, batches):
            return jax.lax.scan(lambda P, batch: step(P, *batch), P, batches)

        P = [put(p.copy()) for p in start]

        def run(sweeps: int) -> None:
            nonlocal P
            for _ in range(sweeps):
                P, _ = sweep(P, whole)
            jax.block_until_ready(P)

        case = Case(run, lambda: [np.asarray(g) for g in gradient([put(p) for p in start], xs[0], ys[0])])
        case.unit = len(xs)
        return case

    def w1b(self, n: int = 100_000):
        def chain(x):
            return self.jax.lax.scan(lambda x, _: (x * 1.00001 + 0.5, None), x, None, length=n // 2)[0]

        gradient = self.jax.jit(self.jax.grad(chain))
        return lambda: float(gradient(1.0))

    def w5(self):
        return self.__getattr__("w5")()
