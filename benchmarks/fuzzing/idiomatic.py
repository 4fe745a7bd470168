"""Random programs of idioms: a line each, and statements around them - loops, branches, state, changes in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.fuzzing.idioms import HEAD, IDIOMS, WEIGHTS
from benchmarks.programs import Call, Writer, Written

if TYPE_CHECKING:
    import random

MODES = (
    *("values", "values", "values", "grad", "grad", "values and gradient", "second", "second"),
    *("jacobian", "hessian", "hvp", "elementwise", "jvp", "vjp"),
)
_BY_POSITION = {"jvp", "vjp", "hvp"}
_KINDS = (
    *(
        ["s"],
        ["s", "s"],
        ["v"],
        ["v", "s"],
        ["m", "v"],
        ["m", "v", "s"],
        ["v", "v"],
        ["m"],
        ["d"],
        ["d", "v"],
    ),
    *(["t", "v"], ["v", "m", "s"]),
)
_NEEDS = re.compile(r"{(\w)}")

_STATE = (
    *("seen.append(1)", "box.count += 1", "memory['n'] += 1", "seen.append({s})", "memory['v'] = {s}"),
    *(
        "box.sum = box.sum + {s}",
        "r = box.count_up({s})",
        "r = box.add_up({s})",
        "r = next(ticks) * {s}",
        "seen.extend([0.5, {s}])",
    ),
    *(
        "memory.setdefault('x', {s})",
        "seen[:] = [1.0]",
        "memory.update(y={s})",
        "memory.pop('n', None)",
        "K[0, 0] += 1.0",
        "np.add(idx, 1, out=idx)",
    ),
    *(
        "seen.insert(0, k)",
        "setattr(box, 'extra', {s})",
        "del seen[:]",
        "box.__dict__['count'] = 7",
        "rng.shuffle(seen)",
    ),
)
_HARMLESS = (
    *(
        "r = box.step({s})",
        "r = each_call(lambda: next(ticks)) * {s}",
        "w.data = w.data * 0.5 + 0.25",
        "W.data = W.data * 0.5 + {s}",
    ),
    *(
        "own = []; own.append({s}); r = own[0]",
        "own = {{}}; own['p'] = {s}; r = own['p']",
        "W.data -= 0.1",
        "own = Box(); own.sum = {s}; r = own.add_up({s})",
    ),
    *(
        "loss_ = (W * W).sum() * w; loss_.backward(); r = W.grad.sum(); W.grad = None; w.grad = None",
        "own = [0.0] * 2; own[1] = {s}; r = own[1]",
    ),
    *(
        "with no_grad(): r = {s} * 2",
        "r = jit(helper)({s})",
        "r = jit(lambda t: t * 2 + k)({s})",
        "own = dict(zip('pq', ({s}, 2.0))); r = own['p']",
    ),
    *(
        "first, *others = ({s}, 1.0, 2.0); r = first",
        "own = Box(); own.count += 2; r = own.count * {s}",
        "own = itertools.count(1); r = next(own) * {s}",
    ),
)
_IN_PLACE = (
    *("{y} += 1.0", "{y} *= 2.0", "{y} -= {v}", "{y}[...] = {v}", "{y}[:] = 0.5", "{y} /= 2.0", "{y} **= 2"),
    *(
        "{y}[0] = 0.5",
        "{y}[{y} > 0] = 0.0",
        "np.add({y}, 1.0, out={y})",
        "{y}.sort()",
        "{y}[1:] += 1.0",
        "{y}.fill(2.0)",
    ),
    *(
        "np.add.at({y}, [0, 0], 1.0)",
        "np.copyto({y}, 0.5)",
        "{y}[[0, 1]] = {y}[[1, 0]]",
        "np.put({y}, 0, 1.0)",
        "np.fill_diagonal(np.outer({y}, {y}), 0)",
    ),
)


class IdiomaticWriter(Writer):
    """Writes lines of idioms, and the statements that only a program has."""

    def __init__(self, seed: int, mode: str) -> None:
        """Begin the program of a seed."""
        super().__init__(seed)
        self.names |= {"t": [], "x": [], "d": []}
        self.mode = mode

    def arrays(self) -> list[str]:
        """Return the kinds of which there are names, trees left out."""
        return [kind for kind, names in self.names.items() if names and kind != "d"]

    def filled(self, text: str, kind: str = "") -> str:
        """Return an idiom with names in it."""
        found = {each: self.pick(each) for each in set(_NEEDS.findall(text)) & set("svmt")}
        other = self.dice.choice((kind, "s")) if kind else "s"
        pair = {"a": self.pick(kind or "s"), "b": self.pick(other) if other != "x" else self.constant()}
        return text.format(c=self.dice.choice(("0.5", "2.0", "1.25")), **pair, **found)

    def step(self) -> None:
        """Write one operation, or a statement."""
        roll = self.dice.random()
        if roll < 0.1:
            self.statement()
            return
        if roll < 0.2 and not self.names["x"] and any(self.names[kind] for kind in "svm"):
            kinds, self.names = self.names, {kind: self.names[kind] for kind in "svm"}
            super().step()
            self.names = kinds
            return
        while True:
            group = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            if group == "plain" and self.mode != "values":
                continue
            out, text = self.dice.choice(IDIOMS[group])
            needs = set(_NEEDS.findall(text)) - set("abcs")
            if all(self.names[kind] for kind in needs):
                break
        kind = self.dice.choice(self.arrays())
        self.let(kind if out == "=" else out, self.filled(text, kind))

    def statement(self) -> None:
        """Write a loop, a branch, a function, a change in place or one of state."""
        kind = self.dice.choice(self.arrays())
        a, n = self.pick(kind), self.dice.randrange(1, 4)
        line = self.filled(self.dice.choice([text for _, text in IDIOMS["element"]]), kind)
        own = f"u{len(self.lines)}"
        forms = [
            [f"{own} = {a}", f"for n in range({n}):", f"    {own} = {own} * 0.5 + n * {a}"],
            [
                f"{own}, n = {a}, 0",
                f"while n < {n}:",
                f"    n, {own} = n + 1, np.tanh({own}) + 0.5 / (n + 1)",
            ],
            [f"{own} = {line} if np.ndim({a}) < 2 else {a}"],
            ["if k > 1:", f"    {own} = {line}", "else:", f"    {own} = {a} * 2"],
            [f"def inner(t, *, by={n}): return t * by + {a}", f"{own} = inner({a})"],
            [
                "parts = []",
                f"for n in range({n}):",
                f"    parts.append({a} * (n + 1))",
                f"{own} = sum(parts)",
            ],
            [f"{own} = [t for t in (t * 2 for t in ({a}, {line}))][-1]"],
            [f"{own} = {a}", "for by in (0.5, 2, True, 1.0):", f"    {own} = {own} * by"],
            [f"{own} = {line} if isinstance({a}, (float, np.ndarray)) else {a}"],
            [f"{own}, other = {a}, {line}", f"{own}, other = other, {own}"],
            ["try:", f"    {own} = {line}", "finally:", f"    other = {a}"],
            [f"{own} = (lambda *ts, **named: ts[0] + named['t'])({a}, t={line})"],
        ]
        self.lines += self.dice.choice(forms)
        self.let(kind, own)
        if self.mode == "values" and self.dice.random() < 0.15 and self.names["v"]:
            self._in_place()

    def _in_place(self) -> None:
        own = f"y{len(self.lines)}"
        made = self.dice.choice(
            ("{v} * 1.0", "np.copy({v})", "{v}.copy()", "np.zeros(len({v}))", "np.array({v})")
        )
        given = [name for name in self.names["v"] if len(name) == 1]
        made = self.dice.choice(given) if given and self.dice.random() < 0.1 else self.filled(made)
        self.lines.append(f"{own} = {made}")
        for _ in range(self.dice.randrange(1, 3)):
            text = self.dice.choice(_IN_PLACE[: 7 if self.dice.random() < 0.8 else None])
            self.lines.append(text.replace("{y}", own).replace("{v}", self.pick("v")))
        self.names["v"].append(own)

    def stateful(self) -> None:
        """Write something that the function keeps, or looks as if it did."""
        text = self.dice.choice(_HARMLESS if self.dice.random() < 0.7 else _STATE)
        line = self.filled(text)
        self.lines += line.split("; ") if line.startswith(("own", "loss_")) else [line]
        if "r = " in line:
            self.let("s", "r")


def write(seed: int) -> Written:
    """Return the idiomatic program of a seed."""
    writer = IdiomaticWriter(seed, "values")
    dice = writer.dice
    mode = writer.mode = dice.choice(MODES)
    kinds = list(dice.choice(_KINDS))
    if mode == "hessian":
        kinds = [kind for kind in kinds if kind in "sv"] or ["v"]
    if mode in {"hvp", "elementwise"}:
        kinds[0] = "v" if kinds[0] == "d" else kinds[0]
    parameters = ["abc"[index] for index in range(len(kinds))]
    for kind, name in zip(kinds, parameters, strict=True):
        writer.names[kind].append(name)
        if kind == "d":
            writer.let("v", f"{name}['w']")
            writer.let("s", f"{name}['b'][0]")
    static = dice.random() < 0.15 and mode not in _BY_POSITION
    for _ in range(dice.randrange(2, 9)):
        writer.step()
    if dice.random() < (0.35 if mode == "values" else 0.1):
        writer.stateful()
    body = list(writer.lines)
    if static:
        body += ["for _ in range(layers):", f"    {_last(writer)} = {_last(writer)} * 0.5 + layers"]
    loss = " + ".join(
        names[-1] if kind == "s" else f"np.sum(np.tanh({names[-1]}) * 0.5)"
        for kind, names in writer.names.items()
        if names and kind != "d"
    )
    body.append(f"loss = {loss}")
    head = HEAD.substitute(k=dice.choice(("0.75", "2", "np.float64(1.5)")), w=dice.choice(("1.5", "-0.5")))
    signature = [*_with_defaults(dice, parameters, kinds, mode), *(["layers=2"] if static else [])]
    text = "\n".join(
        [
            head,
            f"def f({', '.join(signature)}):",
            *(f"    {line}" for line in body),
            f"    return {_result(writer, mode, kinds[0])}",
        ]
    )
    written = Written(seed, text, kinds, mode, static="layers" if static else "")
    written.calls = [_call(dice, parameters, mode, static=static) for _ in range(dice.randrange(2, 5))]
    return written


def _last(writer: IdiomaticWriter) -> str:
    kind = next(kind for kind in ("s", "v", "m", "x", "t") if writer.names[kind])
    return writer.names[kind][-1]


def _with_defaults(dice: random.Random, parameters: list[str], kinds: list[str], mode: str) -> list[str]:
    last = kinds[-1] == "s" and len(kinds) > 1
    star = ["*"] if last and dice.random() < 0.3 and mode not in _BY_POSITION else []
    return [*parameters[:1], *parameters[1:-1], *star, *_defaulted(parameters, last=last)]


def _defaulted(parameters: list[str], *, last: bool) -> list[str]:
    if len(parameters) == 1:
        return []
    return [f"{parameters[-1]}=1.25" if last else parameters[-1]]


def _result(writer: IdiomaticWriter, mode: str, first: str) -> str:
    dice = writer.dice
    known = [names[-1] for kind, names in writer.names.items() if names and kind != "d"]
    if mode == "jacobian":
        return dice.choice((dice.choice(known), "loss", f"[loss, {dice.choice(known)}]"))
    if mode in {"jvp", "vjp"}:
        return dice.choice((dice.choice(known), "loss"))
    if mode == "elementwise":
        return (
            f"np.sin(a) * a ** 2 + np.sum(a) * 0.0 + {writer.names[first][-1]} * 0.0"
            if first != "s"
            else "loss"
        )
    if mode != "values":
        return "loss"
    one, two = dice.choice(known), dice.choice(known)
    return dice.choice(
        (one, "loss", f"({one}, {two})", f"{{'x': [{one}], 'y': {two}}}", f"[{one}, loss, None, 'text']")
    )


def _call(dice: random.Random, parameters: list[str], mode: str, *, static: bool) -> Call:
    others = ("float32", "int64", "bool") if mode == "values" else ("float32",) * 2 + ("int64",)
    count = dice.randrange(len(parameters) + 1) if dice.random() < 0.4 and mode not in _BY_POSITION else 0
    named = tuple(parameters[len(parameters) - count :])
    if mode != "values":
        named = tuple(name for name in named if name != "a")
    layers = dice.choice((None, 1, 2, 3)) if static else None
    return Call(
        dice.choice((2, 3, 3, 4)),
        dice.choice(("float64",) * 4 + others),
        dice.randrange(10**6),
        named,
        layers,
    )
