"""JAX: one call of a compiled step per batch, as a training loop in Python makes it."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import Case, Engine, data_w2, data_w3, data_w4, data_w5


def linear(jnp):
    return lambda P, x, t: jnp.mean((x @ P[0] + P[1] - t) ** 2)


def tanh_network(jnp):
    def loss(P, x, t):
        hidden = jnp.maximum(x @ P[0] + P[1], 0)
        return jnp.mean((jnp.tanh(hidden @ P[2] + P[3]) - t) ** 2)

    return loss


def classifier(jnp):
    def loss(P, x, y):
        hidden = jnp.maximum(x @ P[0] + P[1], 0)
        z = jnp.maximum(hidden @ P[2] + P[3], 0) @ P[4] + P[5]
        z = z - z.max(1, keepdims=True)
        return (jnp.log(jnp.exp(z).sum(1)) - jnp.take_along_axis(z, y[:, None], 1)[:, 0]).mean()

    return loss


class JaxJit(Engine):
    name, modules, dist = "jax", ("jax", "jax.numpy"), "jax"

    def load(self) -> None:
        super().load()
        self.jax.config.update("jax_enable_x64", True)

    def w2(self) -> Case:
        return self.train(data_w2(), linear(self.numpy))

    def w3(self) -> Case:
        return self.train(data_w3(), tanh_network(self.numpy))

    def w4(self) -> Case:
        return self.train(data_w4(), classifier(self.numpy))

    def update(self, loss, lr):
        value_and_grad = self.jax.value_and_grad(loss)

        def step(P, x, y):
            value, gradients = value_and_grad(P, x, y)
            return [p - lr * g for p, g in zip(P, gradients, strict=True)], value

        return step

    def train(self, data, loss) -> Case:
        start, xs, ys, lr = data
        put, gradient = self.jax.device_put, self.jax.jit(self.jax.grad(loss))
        step = self.jax.jit(self.update(loss, lr), donate_argnums=0)
        batches = [(put(x), put(y)) for x, y in zip(xs, ys, strict=True)]
        P, position = [put(p.copy()) for p in start], 0

        def run(steps: int) -> None:
            nonlocal P, position
            for _ in range(steps):
                P, _ = step(P, *batches[position])
                position = (position + 1) % len(batches)
            self.jax.block_until_ready(P)

        return Case(run, lambda: [np.asarray(g) for g in gradient([put(p) for p in start], *batches[0])])

    def w5(self):
        jnp, grad, jit = self.numpy, self.jax.grad, self.jax.jit
        s, A, x, v = (jnp.asarray(each) for each in data_w5())
        second = jit(grad(grad(jnp.tanh)))
        slope = grad(lambda x: jnp.tanh(A @ x).sum())
        product = jit(lambda x, v: self.jax.jvp(slope, (x,), (v,))[1])
        return {"tanh''": lambda: float(second(s)), "hvp": lambda: np.asarray(product(x, v))}
