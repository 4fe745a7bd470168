"""A derivative as a formula in MathML, with its text for those to whom MathML says nothing.

`g` has the class of all gradients. A factor in square brackets is 1 where what it says holds, else 0.
"""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from chainrule.formula.notation import parts, simplified
from chainrule.formula.paper import on_paper, shared
from chainrule.formula.text import sign_of, text
from chainrule.graph.node import short

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.formula.symbol import Expression

    Args = list[Any]
    Printed = tuple[str, int]

# How strongly forms hold together: one within another that asks for more is put in brackets.
_LOOSE, _OR, _AND, _TRUTH, _TERM, _MATRIX, _SUM, _PRODUCT, _FACTOR, _ATOM = range(10)

_SPACE = "\N{NO-BREAK SPACE}"  # of others MathML drops those at the ends
_APPLIED = "<mo>\N{FUNCTION APPLICATION}</mo>"
_MINUS = "<mo>\N{MINUS SIGN}</mo>"
_TIMES = "<mo>\N{MIDDLE DOT}</mo>"
_TALL = ("<mfrac", "<munder", "<mtable")  # beside what fonts without mathematics stretch brackets too far
_TOTAL = "<mo>\N{N-ARY SUMMATION}</mo>"

# Each sign, how strong what it makes is, and how strong what stands left and right of it has to be.
_SIGNS = {
    "or": (f"<mtext>{_SPACE}or{_SPACE}</mtext>", _OR, _OR, _AND),
    "and": (f"<mtext>{_SPACE}and{_SPACE}</mtext>", _AND, _AND, _TRUTH),
    "<": ("<mo>&lt;</mo>", _TRUTH, _TERM, _TERM),
    "<=": ("<mo>\N{LESS-THAN OR EQUAL TO}</mo>", _TRUTH, _TERM, _TERM),
    ">": ("<mo>&gt;</mo>", _TRUTH, _TERM, _TERM),
    ">=": ("<mo>\N{GREATER-THAN OR EQUAL TO}</mo>", _TRUTH, _TERM, _TERM),
    "==": ("<mo>=</mo>", _TRUTH, _TERM, _TERM),
    "+": ("<mo>+</mo>", _TERM, _TERM, _MATRIX),
    "-": (_MINUS, _TERM, _TERM, _MATRIX),
    "@": ('<mo lspace=".2em" rspace=".2em">\N{INVISIBLE TIMES}</mo>', _MATRIX, _MATRIX, _MATRIX),
    "*": (_TIMES, _PRODUCT, _PRODUCT, _SUM),
}


def mathml(expression: Expression) -> str:
    """Return an expression as an element of MathML.

    Examples:
        >>> mathml(["divide", "x", 2.0])
        '<math alttext="x / 2" displaystyle="true"><mfrac><mi>x</mi><mn>2</mn></mfrac></math>'
    """
    (_, formula), *named = shared(on_paper(simplified(expression)))
    said = [text(formula), *(f"where {name} = {text(each)}" for name, each in named)]
    lines = [_bare(formula), *(_words(["where {} = {}", name, each], {})[0] for name, each in named)]
    body = lines[0] if not named else _table([[line] for line in lines])
    return f'<math alttext="{escape(", ".join(said))}" displaystyle="true">{body}</math>'


def _printed(expression: Expression) -> Printed:
    """Return an expression as MathML, and how strongly it holds together."""
    if isinstance(expression, str):
        return _name(expression), _ATOM
    if not isinstance(expression, list):
        return _number(expression)
    name, args, params = parts(expression)
    if name in _FORMS:
        return _FORMS[name](args, params)
    if (sign := sign_of(name)) in _SIGNS and len(args) == 2:
        return _infix(sign, args)
    given = [_name(param) if param == key else _quoted(f"{key} = {param}") for key, param in params.items()]
    inside = "<mo>,</mo>".join([*map(_bare, args), *given])
    return _row(_name(name), _APPLIED, _fenced(inside)), _ATOM


def _bare(expression: Expression) -> str:
    return _printed(expression)[0]


def _within(expression: Expression, strength: int) -> str:
    inner, own = _printed(expression)
    if own >= strength:
        return inner
    return _fenced(inner, "[]") if _LOOSE < own <= _TRUTH < strength else _fenced(inner)


def _infix(sign: str, args: Args) -> Printed:
    """Return operands around a sign; a product that ends with a sum holds no better than that."""
    drawn, own, left, right = _SIGNS[sign]
    if sign == "@":  # what is no product of matrices is set apart from one
        left, right = (_MATRIX if arg[0] == "matmul" else _FACTOR for arg in args)
    ends = _printed(args[1])[1]
    strength = min(own, ends) if own == _PRODUCT and ends >= right else own
    return _row(_within(args[0], left), drawn, _within(args[1], right)), strength


def _number(number: float) -> Printed:
    digits = f"<mn>{short(abs(number))}</mn>".replace("<mn>inf</mn>", "<mi>\N{INFINITY}</mi>")
    return (_row(_MINUS, digits), _TERM) if number < 0 else (digits, _ATOM)


def _name(name: str) -> str:
    return '<mi class="chainrule-grad">g</mi>' if name == "g" else f"<mi>{escape(name)}</mi>"


def _quoted(words: str) -> str:
    return f"<mtext>{escape(words).replace(' ', _SPACE)}</mtext>"


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _fenced(inner: str, fence: str = "()") -> str:
    stretchy = "true" if any(tall in inner for tall in _TALL) else "false"
    left, right = (f'<mo stretchy="{stretchy}">{sign}</mo>' for sign in fence)
    return _row(left, inner, right)


def _table(rows: list[list[str]]) -> str:
    lines = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in rows)
    body = "".join(f"<mtr>{line}</mtr>" for line in lines)
    return f'<mtable displaystyle="true" columnalign="left">{body}</mtable>'


def _negative(args: Args, _: Any) -> Printed:
    return _row(_MINUS, _within(args[0], _MATRIX)), _TERM


def _fraction(args: Args, _: Any) -> Printed:
    return f"<mfrac>{_within(args[0], _TERM)}{_within(args[1], _TERM)}</mfrac>", _FACTOR


def _power(args: Args, _: Any) -> Printed:
    return f"<msup>{_within(args[0], _ATOM)}{_within(args[1], _TERM)}</msup>", _FACTOR


def _root(args: Args, _: Any) -> Printed:
    return f"<msqrt>{_within(args[0], _TERM)}</msqrt>", _ATOM


def _transposed(args: Args, _: Any) -> Printed:
    match args:
        case [["inv", x]]:
            return f"<msup>{_within(x, _ATOM)}{_row(_MINUS, '<mi>T</mi>')}</msup>", _FACTOR
    return f"<msup>{_within(args[0], _ATOM)}<mi>T</mi></msup>", _FACTOR


def _inverse(args: Args, _: Any) -> Printed:
    return f"<msup>{_within(args[0], _ATOM)}{_row(_MINUS, '<mn>1</mn>')}</msup>", _FACTOR


def _mean(args: Args, _: Any) -> Printed:
    if isinstance(args[0], str):
        return f'<mover>{_name(args[0])}<mo stretchy="false">\N{MACRON}</mo></mover>', _ATOM
    return _row("<mi>mean</mi>", _APPLIED, _fenced(_bare(args[0]))), _ATOM


def _sum(args: Args, params: dict[str, Any]) -> Printed:
    """Return a sum over all axes, or with what it goes over below its sign."""
    over = params.get("axis")
    below = _name(over) if over == "axis" else _quoted(over if isinstance(over, str) else f"axis {over}")
    sign = _TOTAL if over is None else f"<munder>{_TOTAL}{below}</munder>"
    return _row(sign, _within(args[0], _SUM)), _SUM


def _einsum(args: Args, params: dict[str, Any]) -> Printed:
    """Return a sum of products of elements, by their indices."""
    inputs, _, output = params["subscripts"].partition("->")
    factors = [
        f"<msub>{_within(arg, _ATOM)}{_row(*map(_name, term))}</msub>"
        for arg, term in zip(args, inputs.split(","), strict=True)
    ]
    summed = sorted(set(inputs) - set(output) - {","})
    sign = f"<munder>{_TOTAL}{_row(*map(_name, summed))}</munder>" if summed else ""
    return _row(sign, _TIMES.join(factors)), _SUM


def _cases(args: Args, _: Any) -> Printed:
    rows: list[list[str]] = []
    otherwise: Any = ["where", *args]
    while isinstance(otherwise, list) and otherwise[0] == "where":
        _, condition, then, otherwise = otherwise
        rows.append([_within(then, _TERM), _row(_quoted("if "), _bare(condition))])
    rows.append([_within(otherwise, _TERM), _quoted("otherwise")])
    return _row("<mo>{</mo>", _table(rows)), _LOOSE


def _words(args: Args, _: Any) -> Printed:
    """Return words with expressions in their gaps."""
    gaps = [_within(arg, _TERM) for arg in args[1:]]
    pieces = [_quoted(piece) if piece else "" for piece in args[0].split("{}")]
    return _row(*(each for pair in zip_longest(pieces, gaps, fillvalue="") for each in pair)), _LOOSE


_FORMS: dict[str, Callable[[Args, dict[str, Any]], Printed]] = {
    "negative": _negative,
    "divide": _fraction,
    "power": _power,
    "sqrt": _root,
    "transposed": _transposed,
    "inv": _inverse,
    "mean": _mean,
    "sum": _sum,
    "einsum": _einsum,
    "where": _cases,
    "words": _words,
}
