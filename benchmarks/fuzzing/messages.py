"""What blocks send, recorded from real ones: the valid messages that are mutated."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from mkdocs_chainrule.options import DEFAULTS
from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.block import Block, Bundle, Place, Session, Stream
from mkdocs_chainrule.session.data import to_data

_MADE = """
class Made:
    def __init__(self, mime, content, about=None): self.all = {mime: content}, about or {}
    def _repr_mimebundle_(self, **_): return self.all
    def __repr__(self): return 'an object'
"""
_NETWORK = """
import numpy as np
from chainrule import Chart, Value, fit, mse, nn, optim, relu
"""
SOURCES = {
    "graph": f"{_NETWORK}\na, b, c = Value(2.0), Value(-3.0), Value(10.0)\n(np.tanh(a * b + c) * a).backward()",
    "arrays": f"{_NETWORK}\nw = Value(np.arange(6.0).reshape(2, 3), label='w')\n(w @ np.ones(3)).sum().backward()",
    "zooms": f"{_NETWORK}\nmodel = nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 1))\nmodel.graph(np.ones((4, 2)))",
    "replay": f"""{_NETWORK}
def batch(rng):
    x = rng.normal(size=(32, 1))
    return x, np.tanh(x)
model = nn.Sequential(nn.Linear(1, 4), np.tanh, nn.Linear(4, 1))
fit(model, batch, loss=mse, optimizer=optim.SGD(model.parameters(), lr=0.1), epochs=4, iterations=20)""",
    "chart": f"{_NETWORK}\nchart = Chart('x', 'y')\nfor i in range(12): chart.push(i, i * i)\nchart",
    "figure": """
import matplotlib.pyplot as plt
import numpy as np
plt.scatter(np.arange(9), np.arange(9) ** 2, label="points")
plt.plot([0, 8], [0, 60], label="line $x^2$")
plt.imshow(np.eye(4), extent=(0, 3, 0, 20), aspect="auto")
plt.legend()""",
    "frames": """
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
figure, axes = plt.subplots()
line, = axes.plot([0, 1], [0, 1])
FuncAnimation(figure, lambda n: line.set_ydata([0, n]), frames=5)""",
    "svg": f'{_MADE}\nMade(\'image/svg+xml\', \'<svg xmlns="http://www.w3.org/2000/svg" width="9pt"><g><path d="M0 0"/></g></svg>\')',
    "html": f"{_MADE}\nMade('text/html', '<style>b {{ color: navy }}</style><table class=\"dataframe\"><thead><tr><th>a'"
    "'</th></tr></thead><tbody><tr><td><b>1</b></td></tr></tbody></table><script src=\"https://cdn.plot.ly/plotly-3.1.0.min.js\"></script>')",
    "markdown": f"{_MADE}\nMade('text/markdown', '# H\\n\\n- a\\n    - b\\n\\n| a | b |\\n|---|---|\\n| *1* | `2` |\\n\\n> [x](y) ![i](j)\\n')",
    "latex": f"{_MADE}\nMade('text/latex', r'$\\frac{{a}}{{b}}$ and $$\\begin{{aligned}}x &= \\sqrt{{y^2}}\\end{{aligned}}$$')",
    "json": f"{_MADE}\nMade('application/json', {{'a': [1, 2.5, None, True], 'b': {{'c': 'text'}}}})",
    "plotly": f"{_MADE}\nMade('application/vnd.plotly.v1+json', {{'data': [{{'x': [1, 2], 'y': [3, 4]}}], 'layout': {{}}, 'version': '3.1.0'}})",
    "vega": f"{_MADE}\nMade('application/vnd.vegalite.v5+json', {{'mark': 'bar', 'data': {{'values': [{{'a': 1}}]}}}})",
    "bokeh": f"{_MADE}\nMade('application/vnd.chainrule.bokeh+json', {{'item': {{'doc': 1}}, 'scripts': ['https://cdn.bokeh.org/bokeh-3.9.2.min.js']}})",
    "image": f"{_MADE}\nMade('image/png', 'iVBORw0KGgo=', {{'image/png': {{'width': 9}}}})",
    "caption": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\ndisplay(plt.gcf(), caption='A line', alt='rising', id='fig-line')",
    "value": "{'a': [1, 2, 3], 'b': 'text'}",
    "terminal": "print('\\x1b[31mred\\x1b[0m plain \\x1b[1;4mboth\\x1b[0m')\nfor n in range(4): print(f'\\r{n * 25} %', end='')",
    "columns": "for n in range(40): print(f'{n:4}  {n * n:8}  {n ** 3:10}')",
}


def recorded() -> dict[str, Any]:
    """Return a message for each kind: a bundle as data, or text that was written.

    Raises:
        RuntimeError: A block failed, so that nothing can be recorded.
    """
    messages: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="chainrule-fuzz-") as folder:
        pool = Pool(Path(folder), workers=2)
        promised = {kind: pool.submit(_session(source)) for kind, source in SOURCES.items()}
        for kind, future in promised.items():
            (output,) = future.result()
            if output.failure is not None:
                raise RuntimeError(f"{kind}: {output.failure.message}")
            item = output.items[-1]
            messages[kind] = item.text if isinstance(item, Stream) else to_data(item)
            assert isinstance(item, Stream | Bundle)
        pool.shutdown()
    return messages


def _session(source: str) -> Session:
    block = Block(source, "fence", Place("docs/page.md", 3), (), dict(DEFAULTS))
    return Session("docs/page.md", (block,))
