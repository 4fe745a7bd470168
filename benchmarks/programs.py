"""Random small programs as texts, each made of its seed: what it computes, and how it is called."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_UNARY = (
    *("np.tanh({a})", "np.sin({a})", "np.cos({a})", "np.exp(-{a} * {a})", "np.sqrt({a} * {a} + 1.0)", "-{a}"),
    *("np.log({a} * {a} + 1)", "abs({a})", "np.abs({a})", "{a} ** 2", "({a} * {a} + 1) ** 0.5", "relu({a})"),
    *("elu({a}, alpha={c})", "elu({a})", "leaky_relu({a}, slope={c})", "softplus({a})", "sigmoid({a})"),
    *("np.clip({a}, -{c}, {c})", "np.arctan({a})", "gelu({a})", "helper({a})", "helper({a}, scale={c})"),
    *("helper(shift={c}, x={a})", "np.square({a})", "np.expm1({a} * 0.1)", "silu({a})", "np.negative({a})"),
    *("2 * {a}", "{a} / 3", "{c} - {a}", "{a} + 0.0", "1 * {a}", "{a} - {a}", "{a} * 0"),
)
_BINARY = (
    *("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / ({b} * {b} + 1.0)", "np.maximum({a}, {b})"),
    *("np.minimum({a}, {b})", "np.where({a} > {b}, {a}, {b} * 2)", "np.where({a} < 0, {b}, {a})"),
    *("({a} * {a} + 0.5) ** {b}", "np.add({a}, {b})", "np.where(np.abs({a}) <= {c}, {a} * {b}, {b})"),
    "{a} * ({b} > 0)",
)
_TO_NUMBER = (
    *(
        "np.sum({v})",
        "np.mean({v})",
        "np.max({v})",
        "{v}.sum()",
        "{v}.mean()",
        "np.min({v})",
        "np.prod({v} * 0.5)",
    ),
    *("{v}.max()", "np.sum({v} * ({v} > 0))", "np.std({v} + {v} * {v})", "logsumexp({v})"),
)
_VECTOR = (
    "softmax({v})",
    "np.cumsum({v})",
    "{v}[::-1]",
    "np.roll({v}, 1)" if False else "{v}[idx]",
    "np.sort({v})",
)
_MATRIX = ("{m}.T", "np.transpose({m})", "{m}[::-1]", "softmax({m}, axis=1)", "np.cumsum({m}, axis=0)")


class Writer:
    """Writes one program: lines, and which of the names it has are numbers, vectors or matrices."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.names: dict[str, list[str]] = {"s": [], "v": [], "m": []}
        self.lines: list[str] = []

    def pick(self, kind: str) -> str:
        """Return a name of a kind, or a constant for a number."""
        if kind == "s" and (not self.names["s"] or self.dice.random() < 0.15):
            return self.constant()
        return self.dice.choice(self.names[kind])

    def constant(self) -> str:
        """Return a number as text."""
        return self.dice.choice(("0.5", "2", "1.5", "0.25", "3", "1", "0.1", "k"))

    def let(self, kind: str, text: str) -> None:
        """Write a line that names a result."""
        name = f"{kind}{sum(map(len, self.names.values()))}"
        self.lines.append(f"{name} = {text}")
        self.names[kind].append(name)

    def step(self) -> None:
        """Write one operation."""
        dice, some = self.dice, [kind for kind, names in self.names.items() if names]
        kind = dice.choice(some)
        a, c = self.pick(kind), dice.choice(("0.5", "2.0", "1.25"))
        roll = dice.random()
        if roll < 0.35:
            self.let(kind, dice.choice(_UNARY).format(a=a, c=c))
        elif roll < 0.65:
            b = self.pick(dice.choice((kind, "s")))
            self.let(kind, dice.choice(_BINARY).format(a=a, b=b, c=c))
        elif roll < 0.70:
            self.let(kind, f"[t for t in ({a}, {a} * 2, {self.pick(kind)})][{dice.randrange(3)}]")
        elif roll < 0.74:
            self.let(kind, f"{{'p': {a}, 'q': {self.pick(kind)}}}['q']")
        elif roll < 0.78:
            self.lines += [
                f"total = {a}",
                f"for n in range({dice.randrange(1, 4)}):",
                f"    total = total * 0.5 + n * {a}",
            ]
            self.let(kind, "total")
        elif kind == "v":
            self._of_vector(a)
        elif kind == "m":
            self._of_matrix(a)
        else:
            self.let("s", dice.choice(_UNARY).format(a=a, c=c))

    def _of_vector(self, v: str) -> None:
        other = self.pick("v")
        roll = self.dice.random()
        if roll < 0.5:
            form = (
                *_TO_NUMBER,
                f"{v} @ {other}",
                f"np.dot({v}, {other})",
                f"{v}[0]",
                f"{v}[-1]",
                f"np.sum({v}[1:])",
            )
            self.let("s", self.dice.choice(form).format(v=v))
        elif roll < 0.8 or not self.names["m"]:
            self.let("v", self.dice.choice(_VECTOR).format(v=v))
        else:
            m = self.pick("m")
            self.let("v", self.dice.choice((f"{m} @ {v}", f"{v} @ {m}", f"np.sum({m} * {v}, axis=1)")))

    def _of_matrix(self, m: str) -> None:
        form = (
            *("np.sum({m}, axis=0)", "{m}.mean(axis=1)", "np.max({m}, axis=1)", "{m}[0]", "{m}[:, -1]"),
            "np.sum({m}, axis=1, keepdims=True)[:, 0]",
        )
        roll = self.dice.random()
        if roll < 0.3:
            self.let("v", self.dice.choice(form).format(m=m))
        elif roll < 0.5:
            self.let("s", self.dice.choice((*_TO_NUMBER, "{v}[0, 0]", "{v}[1][0]")).format(v=m))
        elif roll < 0.8:
            self.let("m", self.dice.choice(_MATRIX).format(m=m))
        else:
            self.let("m", f"{m} @ {self.pick('m')} * 0.1")


@dataclass
class Written:
    """A program: its text, the kinds of its arguments, how it is called, and what of it is compared.

    Attributes:
        kinds: Of each argument: "s" for a number, "v", "m", "t" for arrays, "d" for a tree.
        mode: "values"; or which derivative, by its first argument.
        static: The name of an argument that is static, if there is one.
    """

    seed: int
    text: str
    kinds: list[str]
    mode: str
    calls: list[Call] = field(default_factory=list)
    static: str = ""


@dataclass(frozen=True)
class Call:
    """One call: how long vectors are, of which dtype, what seed numbers come from, which go by name."""

    size: int
    dtype: str
    seed: int
    named: tuple[str, ...]
    layers: int | None = None


_HEAD = """\
import numpy as np
from chainrule import Value, elu, gelu, leaky_relu, logsumexp, relu, sigmoid, silu, softmax, softplus
k = {k}
w = Value({w}, label="w")
idx = np.array([0, 0, 1])
def helper(x, *, scale=1.5, shift=0.0):
    return np.tanh(x) * scale + shift
"""


def write(seed: int) -> Written:
    """Return the program of a seed."""
    writer = Writer(seed)
    dice = writer.dice
    mode = dice.choice(("values", "values", "grad", "second", "values and gradient"))
    kinds = dice.choice((["s"], ["s", "s"], ["v"], ["v", "s"], ["m", "v"], ["m", "v", "s"], ["v", "v"]))
    parameters = [f"{'abc'[index]}" for index in range(len(kinds))]
    for kind, name in zip(kinds, parameters, strict=True):
        writer.names[kind].append(name)
    state = dice.random() < 0.3 and mode == "values"
    if state:
        writer.names["s"].append(dice.choice(("w.data", "w")))
    for _ in range(dice.randrange(3, 12)):
        writer.step()
    body = [
        *writer.lines,
        "loss = " + " + ".join(_reduced(writer, kind) for kind in "svm" if writer.names[kind]),
    ]
    if state:
        body += dice.choice(
            (
                ["w.data = w.data * 0.5 + 0.25"],
                ["loss = loss * w", "loss.backward()", "w.data -= 0.1 * w.grad", "w.grad = None"],
            )
        )
    result = _result(writer) if mode == "values" else "loss"
    text = "\n".join(
        [
            _HEAD.format(k=dice.choice(("0.75", "2", "np.float64(1.5)")), w=dice.choice(("1.5", "-0.5"))),
            f"def f({', '.join(_with_defaults(dice, parameters, kinds))}):",
            *(f"    {line}" for line in body),
            f"    return {result}",
        ]
    )
    written = Written(seed, text, kinds, mode)
    written.calls = [_call(dice, parameters, mode) for _ in range(dice.randrange(2, 6))]
    return written


def _with_defaults(dice: random.Random, parameters: list[str], kinds: list[str]) -> list[str]:
    last = kinds[-1] == "s" and len(kinds) > 1
    star = ["*"] if last and dice.random() < 0.3 else []
    return [*parameters[:-1], *star, f"{parameters[-1]}=1.25" if last else parameters[-1]]


def _reduced(writer: Writer, kind: str) -> str:
    name = writer.names[kind][-1]
    return name if kind == "s" else f"np.sum({name} * 0.5)"


def _result(writer: Writer) -> str:
    known = [names[-1] for names in writer.names.values() if names] + ["loss"]
    first, second = writer.dice.choice(known), writer.dice.choice(known)
    return writer.dice.choice(
        (first, f"({first}, {second})", f"{{'x': [{first}], 'y': {second}}}", f"[{first}, loss]")
    )


def _call(dice: random.Random, parameters: list[str], mode: str) -> Call:
    dtypes = ("float64",) * 4 + (("float32", "int64") if mode == "values" else ("float32",))
    count = dice.randrange(len(parameters) + 1) if dice.random() < 0.4 else 0
    named = tuple(parameters[len(parameters) - count :])
    return Call(dice.choice((2, 3, 3, 5)), dice.choice(dtypes), dice.randrange(10**6), named)
