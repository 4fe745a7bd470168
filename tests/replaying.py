"""Code of pages that play: a training of one input, one of classes, a chart; each makes `shown`."""

FIT = """
import numpy as np
from chainrule import Chart, accuracy, cross_entropy, fit, mse, nn, optim, relu

def batch(rng):
    x = rng.normal(0, 3, (48, 1))
    return x, np.tanh(x)

model = nn.Sequential(nn.Linear(1, 4, rng=1), relu, nn.Linear(4, 1, rng=2), np.tanh)
shown = fit(model, batch, loss=mse, optimizer=optim.SGD(lr=0.05), epochs=15, iterations=100, seed=0)
"""
CLASSES = """
import numpy as np
from chainrule import cross_entropy, fit, nn, optim

x = np.random.default_rng(0).normal(0, 1, (90, 2))
y = (x[:, 0] * x[:, 1] > 0).astype(int)
model = nn.MLP(2, [8, 2], rng=0)
adam = optim.Adam(lr=0.05)
shown = fit(model, (x, y), loss=cross_entropy, optimizer=adam, epochs=40, batch_size=30, seed=0)
"""
CHART = """
import numpy as np
from chainrule import Chart

shown = Chart("x", "y", points="data", lines=["model", "a < b"], title="How it grew")
for i in range(40):
    shown.push(i, i * i, layer="data", window=9)
    shown.push(i, np.nan if i == 20 else 40 * i, layer="model")
"""
REPLAYS = {"fit": FIT, "classes": CLASSES, "chart": CHART}
