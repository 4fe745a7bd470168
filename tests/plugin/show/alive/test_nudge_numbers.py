"""What a page computes from a program is what the engine computes, in Chromium, on graphs at random."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from building import REPOSITORY
from chainrule import Value, elu, leaky_relu, relu
from chainrule.primitives.table import PRIMITIVES
from chainrule.value.tape import tape
from mkdocs_chainrule.show.graphs.data import as_data

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.graph import Graph

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = REPOSITORY / "plugin" / "mkdocs_chainrule" / "assets" / "script"
NAMES = [name for name, entry in PRIMITIVES.items() if entry.elementwise and name != "astype"]
GRAPHS, SETTINGS, LEAVES = 500, 5, 4
TOLERANCE = 1e-12
WOBBLES, FEW = 20, 8
MOST = 1e3  # of a number while a graph is made: what is chaotic says nothing of functions
RUN = """([held, settings]) => {
  const data = new Data(held);
  const program = programOf(data);
  const text = x => Number.isFinite(x) ? x : String(x);
  return settings.map(moved => {
    const at = id => data.nodes.find(node => node.id === id).at;
    const set = new Map(Object.entries(moved).map(([id, x]) => [at(id), x]));
    const values = program.forward(set);
    const grads = program.backward(values, set);
    return data.values.map(({id, at}) => [id, text(values[at]), grads[at] == null ? null : text(grads[at])]);
  });
}"""


class Step(NamedTuple):
    """An operation of a random program: which, and on which of the values before, or on a constant."""

    name: str
    operands: tuple[int | float, ...]


@pytest.fixture(scope="module")
def page(chromium):
    """A page that knows the script's parts that compute, and nothing else."""
    shown = chromium.new_page()
    shown.add_script_tag(content="const WORDS = {};")
    for part in ("words", "numbers", "data", "functions", "program"):
        shown.add_script_tag(path=SCRIPT / f"{part}.js")
    yield shown
    shown.close()


def run(steps: Sequence[Step], leaves: Sequence[float], units: Callable[[], int] = lambda: 0) -> Value:
    """Run a program; each result is off by some units of its last place."""
    values = [Value(leaf, label=f"x{place}") for place, leaf in enumerate(leaves)]
    for step in steps:
        made = apply(step, values)
        if (off := units()) and math.isfinite(made.data):
            made._data += off * math.ulp(made.data)
        values.append(made)
    return values[-1].backward()


def apply(step: Step, values: Sequence[Value]) -> Value:
    return PRIMITIVES[step.name](*(values[o] if isinstance(o, int) else o for o in step.operands))


def random_steps(choose: random.Random) -> tuple[list[Step], list[float]]:
    """Return a program of 5 to 60 operations whose last value depends on all of them."""
    leaves = [choose.uniform(-2, 2) for _ in range(LEAVES)]
    values = [Value(leaf) for leaf in leaves]
    unused, steps = set(range(LEAVES)), []
    size = choose.randint(5, 60)
    while len(steps) + len(unused) - 1 < size:
        name = choose.choice(NAMES)
        operands = tuple(operand(choose, len(values), unused) for _ in PRIMITIVES[name].vjps)
        step = Step(name, operands)
        if all(isinstance(each, float) for each in operands):
            continue
        made = apply(step, values)
        if not math.isfinite(made.data) or abs(made.data) > MOST:
            continue
        unused -= set(operands)
        unused.add(len(values))
        values.append(made)
        steps.append(step)
    while len(unused) > 1:
        one, other = sorted(unused)[:2]
        step = Step(choose.choice(["add", "subtract", "multiply"]), (one, other))
        unused = unused - {one, other} | {len(values)}
        values.append(apply(step, values))
        steps.append(step)
    return steps, leaves


def operand(choose: random.Random, count: int, unused: set[int]) -> int | float:
    if choose.random() < 0.1:
        return choose.uniform(0.1, 2.0)
    return choose.choice(sorted(unused)) if choose.random() < 0.5 else choose.randrange(count)


def within_sliders(choose: random.Random, leaves: Sequence[float]) -> list[float]:
    return [leaf + choose.uniform(-2, 2) * max(1, abs(leaf)) for leaf in leaves]


def told(out: Value) -> dict[str, tuple[float, float | None]]:
    """Return what the engine says of each node, by the ids of the graph."""
    return {
        f"{'v' if value.differentiable else 'c'}{number}": (
            value.data,
            value.grad if value.has_grad else None,
        )
        for number, value in enumerate(tape(out), 1)
    }


def held(graph: Graph):
    return json.loads(json.dumps(as_data(graph)))


def leaf_ids(graph: Graph) -> list[str]:
    """Return the ids of x0, x1, ..., as far as they take part."""
    by_name = {node.title: node.id for node in graph if node.title}
    return [by_name.get(f"x{place}", "") for place in range(LEAVES)]


def spread(steps: Sequence[Step], leaves: Sequence[float]) -> dict[str, list[float]]:
    """Return how far the engine is from itself, with numbers that are off by a unit or two of the last place.

    NumPy's functions and the browser's are off by as much, not by the same on each machine: what a graph near
    a pole or a jump makes of that may be more than the tolerance.
    """
    choose = random.Random(0)
    own = told(run(steps, leaves))
    found = {id_: [0.0, 0.0] for id_ in own}
    for _ in range(WOBBLES):
        for id_, numbers in told(run(steps, leaves, lambda: choose.randint(-2, 2))).items():
            for place, (one, other) in enumerate(zip(own[id_], numbers, strict=True)):
                if one is not None and other is not None and math.isfinite(one - other):
                    found[id_][place] = max(found[id_][place], abs(one - other))
    return found


def differences(out: Value, got: Sequence, spreads: dict[str, list[float]] | None = None) -> list[str]:
    """Return where what the page computed is not the engine's, of the largest magnitude in the graph."""
    engine = told(out)
    wrong = []
    for place, what in enumerate(("value", "gradient"), 1):
        finite = [
            x for numbers in engine.values() if (x := numbers[place - 1]) is not None and math.isfinite(x)
        ]
        most = TOLERANCE * max([1.0, *map(abs, finite)])
        for row in got:
            one, other = engine[row[0]][place - 1], row[place]
            other = float(other) if other is not None else (0.0 if one == 0 else None)
            own = 0.0 if spreads is None else FEW * spreads[row[0]][place - 1]
            if one is not None and not same(one, other, max(most, own)):
                wrong.append(f"{what} of {row[0]}: {one!r}, and {other!r} on the page")
    return wrong


def same(one: float, other: float | None, most: float) -> bool:
    if other is None:
        return False
    if math.isfinite(one):
        return abs(one - other) <= most
    return one == other or (math.isnan(one) and math.isnan(other))


def test_the_page_knows_every_scalar_primitive(page):
    assert page.evaluate("names => names.filter(name => !functionOf(name))", NAMES) == []


def test_random_graphs_are_the_engines(page):
    counted: Counter[str] = Counter()
    finite, doubtful = 0, []
    for seed in range(GRAPHS):
        choose = random.Random(seed)
        steps, leaves = random_steps(choose)
        assert 5 <= len(steps) <= 60
        counted.update({step.name for step in steps})
        graph = run(steps, leaves).graph()
        settings = [leaves, *(within_sliders(choose, leaves) for _ in range(SETTINGS))]
        ids = leaf_ids(graph)
        moved = [{id_: x for id_, x in zip(ids, each, strict=True) if id_} for each in settings]
        for each, got in zip(settings, page.evaluate(RUN, [held(graph), moved]), strict=True):
            out = run(steps, each)
            finite += math.isfinite(out.data)
            if differences(out, got):
                doubtful.append((seed, steps, each, got))
    assert min(counted[name] for name in NAMES) >= 30
    assert finite > GRAPHS * SETTINGS / 3  # most say more than nan
    assert len(doubtful) < 0.01 * GRAPHS * SETTINGS
    wrong = {
        seed: said
        for seed, steps, each, got in doubtful
        if (said := differences(run(steps, each), got, spread(steps, each)))
    }
    assert not wrong


EDGES = (-math.inf, -710.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 710.0, 1e308, math.inf, math.nan)


@pytest.mark.parametrize("name", NAMES)
def test_the_edges_of_its_domain_are_the_engines(page, name):
    arity = len(PRIMITIVES[name].vjps)
    starts = [EDGES] * arity if arity < 3 else [EDGES[::2]] * arity
    graph = PRIMITIVES[name](*(Value(0.5, label=f"x{place}") for place in range(arity))).backward().graph()
    ids = [node.id for node in graph if node.kind == "input"]
    settings = [[*map(float, each)] for each in np.array(np.meshgrid(*starts)).reshape(arity, -1).T]
    page_settings = [dict(zip(ids, each, strict=True)) for each in settings]
    for each, got in zip(settings, page.evaluate(RUN, [held(graph), page_settings]), strict=True):
        with np.errstate(all="ignore"):  # whether 0 ** -inf warns depends on the processor
            out = PRIMITIVES[name](*(Value(x, label=f"x{place}") for place, x in enumerate(each))).backward()
        assert not differences(out, got), each


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (relu, 0.0),
        (np.sqrt, 0.0),
        (lambda x: elu(x, alpha=math.inf) + leaky_relu(x, slope=-math.inf), -1.0),
        (np.log, -1.0),
        (lambda x: np.sqrt(relu(x)), -1.0),
        (lambda x: np.exp(np.exp(x)), 10.0),
        (lambda x: np.multiply(x, 0.0) / x, 0.0),
    ],
)
def test_infinite_and_missing_numbers_are_the_engines(page, function, x):
    out = function(Value(x, label="x")).backward()
    [got] = page.evaluate(RUN, [held(out.graph()), [{}]])
    assert not differences(out, got)


def test_an_inner_node_that_is_set_rests_and_hands_nothing_on(page):
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = a * b
    e.label = "e"
    graph = (e + 10.0).backward().graph()
    inner = next(node.id for node in graph if node.title == "e")
    [got] = page.evaluate(RUN, [held(graph), [{inner: 5.0}]])
    by_id = {id_: (value, grad) for id_, value, grad in got}
    assert by_id[inner] == (5, 1)
    assert by_id[graph.nodes[-1].id] == (15, 1)
    assert [by_id[node.id][1] for node in graph if node.title in ("a", "b")] == [None, None]
