"""State that a jitted function writes is refused with its line, and nothing is changed by the refusal."""

from __future__ import annotations

import contextvars
import copy
import functools
import itertools
import queue as queue_module
import re
import threading
import types
import weakref
from array import array
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass, field

import numpy as np
import pytest

from against_eager import assert_same
from chainrule import Value, each_call, jit, optim
from chainrule.compiler.refusals import held
from chainrule.compiler.traced import Traced
from chainrule.errors import TraceError


class Adam:
    def __init__(self):
        self.t, self.m, self.v = 0, 0.0, 0.0

    def update(self, p, g):
        self.t += 1  # written
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.999 * self.v + 0.001 * g * g
        return p - 0.1 * (self.m / (1 - 0.9**self.t)) / ((self.v / (1 - 0.999**self.t)) ** 0.5 + 1e-8)


class Slotted:
    __slots__ = ("count",)
    shared = 0

    def __init__(self):
        self.count = 0


@dataclass
class Momentum:
    velocity: list = field(default_factory=lambda: [0.0])
    cache: dict = field(default_factory=dict)
    of_class = 0


module = types.ModuleType("module_that_counts")
exec("count = 0\ndef tick():\n    global count\n    count += 1\n    return count", vars(module))

adam, slotted, momentum = Adam(), Slotted(), Momentum()
history, table, seen, queue = [], {"a": 1.0}, {1}, deque([1])
ordered, default = OrderedDict(a=1.0), defaultdict(list)
large, nested = np.zeros(5000), {"deep": [np.zeros(2)]}
numbers, counter, tickets = iter([1.0, 2.0, 3.0, 4.0]), itertools.count(), (float(n) for n in range(9))
holder = types.SimpleNamespace(value=0.0)


def tag(x):
    tag.calls += 1  # written
    return x


tag.calls = 0


def attribute(x):
    return adam.update(x, 2 * x)


def slot(x):
    slotted.count += 1  # written
    return x


def of_class(x):
    Momentum.of_class += 1  # written
    return x


def by_setattr(x):
    setattr(holder, "value", x)  # noqa: B010 -- another way to say it
    return x


def element(x):
    momentum.velocity[0] = 0.9 * momentum.velocity[0] + x  # written
    return momentum.velocity[0]


def entry(x):
    table["a"] = table["a"] * x  # written
    return table["a"]


def entry_of_an_attribute(x):
    momentum.cache.setdefault("x", x)  # written
    return x


def appended(x):
    history.append(1)  # written
    return x


def appended_value(x):
    history.append(Value(x) * 2.0)  # written
    return x


def added(x):
    seen.add(2)  # written
    return x


def queued(x):
    queue.append(x)  # written
    return x


def moved(x):
    ordered.move_to_end("a") or ordered.update(b=x)  # written
    return x


def looked_up(x):
    return x + len(default["new"])  # noqa: RUF100 -- a defaultdict writes when it is read


def large_array(x):
    large[0] += 1.0  # written
    return x * float(large[0])


def array_in_a_container(x):
    nested["deep"][0][1] += 1.0  # written
    return x * float(nested["deep"][0][1])


def array_of_an_attribute(x, kept=types.SimpleNamespace(array=np.zeros(2))):  # noqa: B008 -- as caches are
    kept.array[0] += 1.0  # written
    return x * float(kept.array[0])


def of_a_module(x):
    module.count = module.count + 1  # written
    return x * module.count


def within_a_module(x):
    return x * module.tick()


def of_a_function(x):
    return tag(x)


def iterated(x):
    return x * next(numbers)


def counted(x):
    return x * next(counter)


def generated(x):
    return x * next(tickets)


ROOTS = [history, table, seen, queue, ordered, default, large, nested]
WRITING = [
    *(attribute, slot, of_class, by_setattr, element, entry, entry_of_an_attribute, appended, appended_value),
    *(added, queued, moved, looked_up, large_array, array_in_a_container, array_of_an_attribute, of_a_module),
    *(within_a_module, of_a_function, iterated, counted, generated),
]


def snapshot():
    objects = [dict(vars(each)) for each in (adam, momentum, holder)]
    counts = [module.count, tag.calls, slotted.count, Momentum.of_class, list(momentum.velocity)]
    return copy.deepcopy([ROOTS, objects, counts])


def lines_written(function):
    with open(__file__) as source:  # noqa: PTH123 -- this very file
        lines = source.read().splitlines()
    start = function.__code__.co_firstlineno
    end = next(n for n, line in enumerate(lines[start:], start) if not line.strip())
    return [n + 1 for n, line in enumerate(lines) if start <= n <= end and "# written" in line]


@pytest.mark.parametrize("function", WRITING, ids=lambda function: function.__name__)
def test_it_is_refused_with_its_line_and_put_back(function):
    before = snapshot()
    jitted = jit(function)
    for _ in range(2):
        with pytest.raises(TraceError, match="the function changes") as caught:
            jitted(3.0)
        np.testing.assert_equal(snapshot(), before)
    expected = lines_written(Adam.update if function is attribute else function)
    assert not expected or re.search(rf":{expected[0]}\b", str(caught.value))
    assert "each_call" in str(caught.value)


def test_what_is_written_into_arguments_is_refused():
    def entry(d):
        d["a"] = d["a"] * 2
        return d["a"]

    def grown(d):
        d["b"] = 1.0
        return d["a"]

    def popped(items):
        return items.pop() * 2.0

    def assigned(o):
        o.value = o.value + 1.0
        return o.value

    for function, argument in [
        (entry, {"a": 2.0}),
        (grown, {"a": 2.0}),
        (popped, [1.0, 2.0]),
        (assigned, types.SimpleNamespace(value=1.0)),
        (assigned, holder),
    ]:
        before = copy.deepcopy(argument)
        with pytest.raises(TraceError, match="the function changes"):
            jit(function)(argument)
        assert argument == before


def test_values_in_a_dict_are_no_exception():
    d = {"a": Value(2.0)}

    def step():
        d["a"] = d["a"] * 2
        return d["a"]

    with pytest.raises(TraceError, match="'a' of a dict"):
        jit(step)()
    assert d["a"].data == 2.0


@pytest.mark.parametrize("make", [lambda x: x * 2.0, lambda x: [x], lambda x: {"x": Value(x)}])
def test_a_name_that_is_bound_to_something_traced_is_refused_and_put_back(make):
    last = None

    def function(x):
        nonlocal last
        last = make(x)
        return x

    with pytest.raises(TraceError, match="a variable of an outer function"):
        jit(function)(1.0)
    assert last is None


last_seen = 0.0


def test_a_global_that_is_only_written_is_seen():
    def function(x, n):
        global last_seen  # noqa: PLW0603 -- what is tried
        last_seen = n
        return x * 2.0

    def traced(x):
        global last_seen  # noqa: PLW0603 -- what is tried
        last_seen = x
        return x

    jitted = jit(function, static="n")
    for n in (1, 2, 1, 2):
        assert jitted(1.0, n) == 2.0
        assert last_seen == n
    with pytest.raises(TraceError, match="global 'last_seen'"):
        jit(traced)(1.0)
    assert last_seen == 2


def test_a_failed_trace_puts_back_too():
    kept = []

    def failing(x):
        kept.append(x)
        raise KeyError(len(kept))

    for _ in range(2):
        with pytest.raises(KeyError):
            jit(failing)(1.0)
        assert not kept


def test_what_each_call_changes_stays_and_may_hold_nothing_traced():
    kept, calls = [], {"n": 0}

    def count():
        calls["n"] += 1
        return calls["n"]

    jitted = jit(lambda x: x * each_call(count))
    assert [jitted(1.0) for _ in range(4)] == [1.0, 2.0, 3.0, 4.0]

    def leaking(x):
        doubled = x * 2.0
        return x + each_call(lambda: kept.append(doubled) or 0.0)

    with pytest.raises(TraceError, match="the function changes"):
        jit(leaking)(1.0)
    assert not any(type(each) is Traced for each in kept)


def test_a_value_carries_what_changes():
    class Average:
        def __init__(self):
            self.m = Value(0.0)
            self.weights = Value(np.zeros(2))

        def update(self, x):
            self.m.data = 0.9 * self.m.data + x
            self.weights.data[...] = self.weights.data + x
            return self.m.data

    ours, theirs = Average(), Average()
    jitted = jit(ours.update)
    for x in (1.0, 2.0, 3.0):
        assert_same(jitted(x), theirs.update(x))
        assert_same(ours.weights.data, theirs.weights.data)


def test_what_is_computed_once_may_be_kept():
    class Model:
        @functools.cached_property
        def size(self):
            return 3.0

    @functools.cache
    def factorial(n):
        return 1 if n < 2 else n * factorial(n - 1)

    model = Model()
    jitted = jit(lambda x: x * model.size * factorial(4))
    assert [jitted(1.0), jitted(2.0)] == [72.0, 144.0]


def test_a_refusal_takes_back_what_each_call_changed():
    w, kept = Value(np.ones(2)), []
    optimizer = optim.Adam([w], lr=0.1)

    def step(x):
        optimizer.zero_grad()
        loss = (w * x).sum().backward()
        optimizer.step()
        kept.append(loss.data)

    with pytest.raises(TraceError, match="what a list holds"):
        jit(step)(1.0)
    assert (optimizer.steps, kept) == (0, [])


@pytest.mark.parametrize("thing", [bytearray(b"a"), array("d", [1.0])])
def test_buffers_are_watched_too(thing):
    before = bytes(thing)
    with pytest.raises(TraceError, match="the function changes"):
        jit(lambda x: thing.append(1) or x)(1.0)
    assert bytes(thing) == before


@pytest.mark.parametrize("array_of", [np.zeros, lambda shape: np.zeros(shape[::-1]).T])
def test_of_large_arrays_only_the_change_is_seen(monkeypatch, array_of):
    monkeypatch.setattr(held, "_LARGE", 1000)
    kept = [array_of((40, 50))]

    def function(x):
        kept[0][3, 4] += 1.0
        return x

    assert jit(lambda x: x * kept[0].sum())(1.0) == 0.0
    with pytest.raises(TraceError, match="the numbers of an array"):
        jit(function)(1.0)


def test_what_a_thread_keeps_is_watched_too():
    local = threading.local()
    local.last = None

    def function(x):
        local.last = x
        return x

    with pytest.raises(TraceError, match="'last'"):
        jit(function)(1.0)
    assert local.last is None


def test_own_containers_may_change():
    def function(x):
        parts, named = [], {}
        for n in range(3):
            parts.append(x * n)
            named[n] = parts[-1]
        named.pop(0)
        return sum(parts) + named[2]

    jitted = jit(function)
    for x in (1.0, np.ones(2)):
        assert_same(jitted(x), function(x))


def test_an_array_that_the_program_reads_may_not_change_in_the_function():
    index = np.array([0, 0, 1])

    def function(x):
        y = x[index]
        np.add(index, 1, out=index)
        return y

    with pytest.raises(TraceError, match="the numbers of an array"):
        jit(function)(np.arange(3.0))
    assert index.tolist() == [0, 0, 1]


def test_a_position_is_not_said_to_be_put_back():
    ticks = itertools.count(1)
    with pytest.raises(TraceError, match=r"the position of a count.* All else is as it was"):
        jit(lambda x: x * next(ticks))(1.0)


def moving(iterator):
    return lambda x: x * next(iterator)


def drawing(waiting):
    return lambda x: x * waiting.get_nowait()


def counting(weak, key):
    def function(x):
        weak[key] = weak.get(key, 0) + 1
        return x * weak[key]

    return function


def setting(variable):
    def function(x):
        variable.set(variable.get() + 1)
        return x * variable.get()

    return function


def test_what_pythons_library_holds_for_the_author_is_watched_too():
    waiting, weak = queue_module.Queue(), weakref.WeakKeyDictionary()
    waiting.put(2.0)
    cycle = itertools.cycle([1.0, 2.0])
    assert [next(cycle) for _ in range(3)] == [1.0, 2.0, 1.0]
    variable = contextvars.ContextVar("level", default=0)
    for function, word in [
        (moving(cycle), "position of a cycle"),
        (moving(itertools.cycle([1.0, 2.0])), "position of a list_iterator|position of a cycle"),
        (moving(itertools.cycle(map(float, [1, 2]))), "position of a cycle"),
        (drawing(waiting), "queue|deque"),
        (counting(weak, adam), "entry"),
        (setting(variable), "context variable 'level'"),
    ]:
        with pytest.raises(TraceError, match=word):
            jit(function)(1.0)
    assert next(cycle) == 1.0  # of a trace that failed, one step; of our looking, none
    assert waiting.qsize() == 1
    assert not weak
    assert variable.get() == 0


def test_a_buffer_is_put_back_under_the_eyes_of_others():
    for thing in (bytearray(1), array("d", [0.0])):
        view = memoryview(thing)

        def function(x, view=view):
            view[0] = 1
            return x * view[0]

        with pytest.raises(TraceError, match="the function changes"):
            jit(function)(1.0)
        assert view[0] == 0


def test_a_partial_is_called_at_once():
    def scaled(x, factor):
        return x * factor

    jitted = jit(functools.partial(scaled, factor=3.0))
    assert [jitted(1.0), jitted(2.0), jitted(1.0, factor=4.0)] == [3.0, 6.0, 4.0]
