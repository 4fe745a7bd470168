"""What a notebook shows, a block shows: text in order, last values, rich objects, figures."""

from __future__ import annotations

import base64
import re

import pytest

from mkdocs_chainrule.session import palette
from mkdocs_chainrule.session.block import Bundle, Stream
from sessions import fence, inline, run, run_one, shown, text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print('a', 1)", "a 1\n"),
        ("import sys\nsys.stdout.write('a');", "a"),
        ("import sys\nsys.stdout.buffer.write(b'a');", "a"),
        ("import os\nos.write(1, b'a');", "a"),
        ("import ctypes\nctypes.CDLL(None).puts(b'a');", "a\n"),
        ("import ctypes\nctypes.CDLL(None).printf(b'%d', 7);", "7"),
        ("import subprocess\nsubprocess.run(['echo', 'a']);", "a\n"),
        ("import subprocess, sys\nsubprocess.run(['echo', 'a'], stdout=sys.stdout);", "a\n"),
        ("print('\\x1b[31mred\\x1b[0m')", "\x1b[31mred\x1b[0m\n"),
        ("print('caf\\u00e9 \\U0001f600')", "café \U0001f600\n"),
        ("print('10 %\\r 50 %\\r100 %')\nprint('done')", "100 %\ndone\n"),
        ("print('one\\r\\ntwo')", "one\ntwo\n"),
        ("print('abx\\bc')", "abc\n"),
        ("import os\nos.write(1, b'\\xff\\xfe');", "\ufffd\ufffd"),
        ("print('a\\0b')", "a\ufffdb\n"),
        ("print('\\ud800')", "\\ud800\n"),
        ("import sys\nprint(sys.stdin.read(), sys.stdout.isatty(), sys.stdout.encoding)", " False utf-8\n"),
        (
            "print(__name__, __file__)\nif __name__ == '__main__': print('main')",
            "__main__ docs/page.md\nmain\n",
        ),
        (
            "import sys\nprint(sys.argv, sys.modules['__main__'].__dict__ is globals())",
            "['docs/page.md'] True\n",
        ),
    ],
)
def test_stdout(source: str, expected: str) -> None:
    output = run_one(source)
    assert text(output, "stdout") == expected
    assert text(output, "stderr") == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import sys\nprint('a', file=sys.stderr)", "a\n"),
        ("import os\nos.write(2, b'a');", "a"),
        ("import logging\nlogging.warning('careful')", "WARNING:root:careful\n"),
        ("import logging\nlogging.getLogger('x').error('no handler')", "no handler\n"),
        (
            "import warnings\nwarnings.warn('careful')",
            "docs/page.md:5: UserWarning: careful\n  warnings.warn('careful')\n",
        ),
        (
            "import warnings\ndef old():\n    warnings.warn('old', DeprecationWarning, 2)\nold()",
            "docs/page.md:7: DeprecationWarning: old\n  old()\n",
        ),
        ("import sys\nfor n in range(3): sys.stderr.write(f'\\r{n} of 2')", "2 of 2"),
    ],
)
def test_stderr(source: str, expected: str) -> None:
    output = run_one(source)
    assert text(output, "stderr") == expected
    assert text(output, "stdout") == ""


def test_a_warning_of_a_library_names_no_folder_of_this_machine() -> None:
    output = run_one(
        "import numpy as np\n"
        "np.asarray(np.matrix([1]))\n"
        "import importlib, warnings\n"
        "warnings.warn_explicit('x', UserWarning, np.__file__, 3)"
    )
    assert re.fullmatch(
        r"(.*PendingDeprecationWarning.*\n.*\n)?numpy/__init__.py:3: UserWarning: x\n.*\n?",
        text(output, "stderr"),
        re.DOTALL,
    )


def test_streams_and_displays_come_in_order() -> None:
    output = run_one("""
import os, sys, ctypes
print("one")
print("two", file=sys.stderr)
display("three")
os.write(1, b"four\\n")
print("five")
ctypes.CDLL(None).puts(b"six")
display("seven", "eight")
os.write(2, b"nine\\n")
print("ten")
"eleven"
""")
    found = [i.text if isinstance(i, Stream) else i.data["text/plain"] for i in output.items]
    assert found[:4] == ["one\n", "two\n", "'three'", "four\nfive\nsix\n"]
    assert found[4:] == ["'seven'", "'eight'", "nine\n", "ten\n", "'eleven'"]


def test_what_others_write_behind_a_stream_of_python_comes_behind_it() -> None:
    output = run_one("""
import os, sys
for n in range(2):
    print(f"e{n}", file=sys.stderr)
    os.write(1, b"c%d\\n" % n)
    print(f"p{n}")
    os.write(2, b"f%d\\n" % n)
""")
    written = "".join(item.text for item in output.items if isinstance(item, Stream))
    assert written.split() == ["e0", "c0", "p0", "f0", "e1", "c1", "p1", "f1"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 1", ["2"]),
        ("x = 1\nx", ["1"]),
        ("None", []),
        ("1;", []),
        ("1 ; # hush", []),
        ("(1\n );", []),
        ("x = 1", []),
        ("'a;'", ["'a;'"]),
        ("1  # a comment; with a semicolon", ["1"]),
        ("1; 2", ["2"]),
        ("", []),
        ("# only a comment", []),
        ("for x in 'ab': x", []),
        ("display(1, 2); display(3)", ["1", "2", "3"]),
        ("[display(n) for n in 'ab'];", ["'a'", "'b'"]),
        ("object()", ["<object object>"]),
        (
            "list(range(40))",
            [
                (
                    "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "
                    "10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,\n"
                    " 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]"
                ),
            ],
        ),
        ("é = 'é'; é  # ;", ["'é'"]),
        ("'''a\nb''' ;", []),
    ],
)
def test_last_expression_and_display(source: str, expected: list[str]) -> None:
    assert shown(run_one(source)) == expected


@pytest.mark.parametrize(
    ("method", "answer", "mime", "expected"),
    [
        ("_repr_html_", "'<b>x</b>'", "text/html", "<b>x</b>"),
        ("_repr_markdown_", "'**x**'", "text/markdown", "**x**"),
        ("_repr_svg_", "'<svg/>'", "image/svg+xml", "<svg/>"),
        ("_repr_latex_", "'$x$'", "text/latex", "$x$"),
        ("_repr_png_", "b'\\x89PNG'", "image/png", base64.b64encode(b"\x89PNG").decode()),
        ("_repr_png_", "(b'\\x89PNG', {'width': 1})", "image/png", base64.b64encode(b"\x89PNG").decode()),
        ("_repr_json_", "{'a': [1]}", "application/json", {"a": [1]}),
        ("_repr_mimebundle_", "{'application/x+json': {'a': 1}}", "application/x+json", {"a": 1}),
        ("_repr_mimebundle_", "({'text/html': 'x'}, {'text/html': {'a': 1}})", "text/html", "x"),
    ],
)
def test_rich_objects_of_any_library(method: str, answer: str, mime: str, expected: object) -> None:
    source = (
        f"class C:\n    def __repr__(self): return 'C'\n    def {method}(self, **_): return {answer}\nC()"
    )
    output = run_one(source)
    assert shown(output, mime) == [expected]
    assert shown(output) == ["C"]


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("_repr_html_", "['<b>x</b>']"),
        ("_repr_html_", "5"),
        ("_repr_png_", "{'a': 1}"),
        ("_repr_mimebundle_", "'text'"),
        ("_repr_mimebundle_", "({'text/html': 5, 'text/plain': b'C'}, 'about')"),
        ("_repr_mimebundle_", "[1]"),
    ],
)
def test_an_answer_of_another_kind_is_none(method: str, answer: str) -> None:
    source = (
        f"class C:\n    def __repr__(self): return 'C'\n    def {method}(self, **_): return {answer}\nC()"
    )
    (bundle,) = run_one(source).items
    assert isinstance(bundle, Bundle)
    assert dict(bundle.data) == {"text/plain": "C"}


def test_metadata_comes_along() -> None:
    source = "class C:\n    def _repr_png_(self): return b'', {'width': 7}\nC()"
    (bundle,) = run_one(source).items
    assert isinstance(bundle, Bundle)
    assert bundle.metadata == {"image/png": {"width": 7}}


def test_representations_that_decline_or_belong_to_instances() -> None:
    source = """
class C:
    def __repr__(self): return "C"
    def _repr_html_(self): raise NotImplementedError
    def _repr_latex_(self): return None
display(C())
class Any:
    def __getattr__(self, name): return lambda *a, **k: "made up"
    def __repr__(self): return "Any"
display(Any())
int
"""
    output = run_one(source)
    assert [dict(item.data) for item in output.items if isinstance(item, Bundle)] == [
        {"text/plain": "C"},
        {"text/plain": "Any"},
        {"text/plain": "<class 'int'>"},
    ]


def test_awaiting() -> None:
    first, second, third = run(
        "import asyncio\n"
        "async def f(x):\n"
        "    await asyncio.sleep(0)\n"
        "    return x\n"
        "task = asyncio.create_task(f(1))\n"
        "await f(2)",
        "await task + await f(3)",
        "asyncio.run(f(4))",
    )
    assert [shown(each) for each in (first, second, third)] == [["2"], ["4"], ["4"]]


def test_awaiting_in_comprehensions_and_with() -> None:
    source = """
import asyncio, contextlib
async def numbers():
    for n in range(3):
        yield n
@contextlib.asynccontextmanager
async def context():
    yield 5
async with context() as five:
    total = [n + five async for n in numbers()]
total
"""
    assert shown(run_one(source)) == ["[5, 6, 7]"]


def test_source_of_functions_and_classes_is_found() -> None:
    first, second = run(
        "def f(x):\n    # a comment\n    return x\n\nclass C:\n    def m(self):\n        return 1\n",
        "import inspect\n"
        "print(inspect.getsource(f), end='')\n"
        "print(inspect.getsource(C), end='')\n"
        "inspect.getsourcelines(C.m)",
    )
    assert first.failure is None
    assert (
        text(second)
        == "def f(x):\n    # a comment\n    return x\nclass C:\n    def m(self):\n        return 1\n"
    )
    assert shown(second) == ["(['    def m(self):\\n', '        return 1\\n'], 9)"]


def test_classes_pickle_and_types_resolve() -> None:
    first, second = run(
        "from __future__ import annotations\n"
        "import dataclasses, pickle, typing\n"
        "@dataclasses.dataclass\n"
        "class P:\n"
        "    x: Later = 1\n"
        "class Later: pass",
        "def f(p: NotThere) -> P: ...\n"
        "print(pickle.loads(pickle.dumps(P(2))), f.__annotations__, typing.get_type_hints(P))",
    )
    assert first.failure is None
    assert second.failure is None
    assert text(second) == "P(x=2) {'p': 'NotThere', 'return': 'P'} {'x': <class '__main__.Later'>}\n"


def test_a_process_of_a_block_works() -> None:
    source = """
import multiprocessing as mp, operator
print("before")
with mp.get_context("{}").Pool(2) as pool:
    print(pool.map(operator.neg, [1, 2]))
"""
    for method in ("fork", "spawn"):
        assert text(run_one(source.format(method))) == "before\n[-1, -2]\n"


def test_a_forked_block_says_what_it_says_once() -> None:
    first, second = run(
        "import os, sys\n"
        "child = os.fork()\n"
        "if child: os.waitpid(child, 0)\n"
        "print('parent' if child else 'child')",
        "print('after')",
    )
    assert text(first) == "child\nparent\n"
    assert text(second) == "after\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x", "2.5"),
        ("x:.3f", "2.500"),
        ("x!r:>5", "  2.5"),
        ("s!r", "'it\\'s \"so\"'"),
        ("x:{w}.{p}f", "   2.50"),
        ("x * 2 if x else 'no'", "5.0"),
        ("{'a': 1}['a']", "1"),
        ("{n for n in [1]}", "{1}"),
        ("(lambda y: y)(1)", "1"),
        ("x != 1", "True"),
        ("d['k']", "v"),
        ('d["k"]', "v"),
        ("x=", "x=2.5"),
        ("f'{x:.1f}'", "2.5"),
        ('"a\\tb"', "a\tb"),
        (r"'\\'", "\\"),
        ("(lambda y: y)(x):.2f", "2.50"),
        ("lambda: x!s:.9", "<function"),
        ("await asyncio.sleep(0, x):.1f", "2.5"),
        ("[await asyncio.sleep(0, x)]", "[2.5]"),
        ("x =:.1f", "x =2.5"),
        ("x == 2.5", "True"),
        ("x:{'>'}{w}", "    2.5"),
        ("x:{{'k': 7}['k']}.1f", "    2.5"),
        ("':' + '!'", ":!"),
        ("d['k']!r:>5", "  'v'"),
        ("s[1:3]", "t'"),
        ('d["k"] + \'"\' + "\'"', "v\"'"),
        ("x # as it was", "2.5"),
        ("x,", "(2.5,)"),
        ("w := 3", "  7"),
        ("x,\n1", "(2.5, 1)"),
        ("x if x else lambda: 0", "2.5"),
    ],
)
def test_inline_code_is_what_an_f_string_holds(source: str, expected: str) -> None:
    set_up = "import asyncio\nx, w, p, d, s = 2.5, 7, 2, {'k': 'v'}, 'it\\'s \"so\"'"
    _, output = run(set_up, inline(source, 9))
    assert output.failure is None, output
    assert [dict(item.data) for item in output.items if isinstance(item, Bundle)] == [
        {"text/plain": expected}
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x +", "invalid syntax"),
        ("a}{b", "unmatched '}'"),
        ("a)(b", "unmatched ')'"),
        ("f(1", "'(' was never closed"),
        ("", "inline code holds one expression, and after a colon its format"),
        (" :.3f", "inline code holds one expression, and after a colon its format"),
        ("1; 2", "invalid syntax"),
        ("x = 1", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        ("1!x", "after ! inline code takes r, s or a, and after that a colon and its format"),
        ("1:{2", "'{' was never closed"),
        ("1:{}", "inline code holds one expression, and after a colon its format"),
        ("return 1", "invalid syntax"),
        ("'abc", "unterminated string literal"),
    ],
)
def test_inline_code_that_is_none(source: str, message: str) -> None:
    (output,) = run(inline(source, 9))
    assert output.failure is not None
    assert output.failure.message == f"SyntaxError: {message}"
    assert str(output.failure.place) == "docs/page.md:9"


def test_inline_code_and_blocks_run_in_page_order() -> None:
    outputs = run("w = 1", inline("w", 7), inline("w := 5", 8), "w = 2", inline("w", 14))
    assert [shown(output) for output in outputs[1::3]] == [["1"], ["2"]]


FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='a & <b>')\nplt.title('T')\n"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (FIGURE, 1),
        (FIGURE + "plt.show()", 1),
        (FIGURE + "plt.gcf()", 1),
        (FIGURE + "plt.gcf();", 1),
        (FIGURE + "display(plt.gcf())", 1),
        (FIGURE + "plt.gcf().show()", 1),
        (FIGURE + "plt.close('all')", 0),
        (FIGURE + "plt.savefig(__import__('io').BytesIO(), format='png')", 1),
        (FIGURE + "plt.show()\nplt.figure()\nplt.plot([1])\nplt.show()", 2),
        (FIGURE + "plt.figure()\nplt.plot([1])", 2),
        (FIGURE + "plt.figure()", 1),
        (FIGURE + "plt.plot([1])", 1),
        ("import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 2)\naxes", 1),
        ("import matplotlib.pyplot as plt\nplt.hist([1, 2, 2])", 1),
        ("import matplotlib.pyplot as plt\nplt.bar(['a'], [1])", 1),
        ("import matplotlib.pyplot as plt\nplt.imshow([[1]])\nplt.colorbar()", 1),
        ("from matplotlib.figure import Figure\nf = Figure()\nf.subplots().plot([1])\nf", 1),
        ("import matplotlib\nmatplotlib.use('agg')\n" + FIGURE + "plt.show()", 1),
        (FIGURE + "plt.close(); plt.style.use('ggplot'); plt.plot([1])", 1),
    ],
)
def test_every_figure_is_shown_once(source: str, count: int) -> None:
    output = run_one(source)
    assert len(shown(output, "image/svg+xml")) == count
    assert text(output) == ""
    assert shown(output) == []


def test_a_figure_that_was_shown_can_still_be_drawn_on() -> None:
    source = """import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2])
plt.show()
figure.canvas.draw()
print(figure.canvas.copy_from_bbox(axes.bbox) is not None)"""
    assert text(run_one(source)) == "True\n"


def test_a_figure_is_drawn_on_its_own_canvas() -> None:
    source = """import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2], animated=True)
def drawn(event):
    print(event.canvas is figure.canvas, event.canvas.is_saving())
figure.canvas.mpl_connect("draw_event", drawn)
plt.show()
print(figure.canvas.is_saving())"""
    assert text(run_one(source)) == "True True\nFalse\n"


def test_figures_do_not_reach_the_next_block() -> None:
    first, second = run(FIGURE + "1/0", FIGURE, on_error="continue")
    assert len(shown(first, "image/svg+xml")) == 1
    assert first.failure is not None
    assert len(shown(second, "image/svg+xml")) == 1


def test_a_figure_is_in_the_colours_of_the_page_and_says_what_it_shows() -> None:

    (item,) = run_one(FIGURE + "plt.xlabel('step'); plt.yscale('log'); plt.legend()").items
    assert isinstance(item, Bundle)
    svg = item.data["image/svg+xml"]
    assert palette.INK in svg
    assert palette.CYCLE[0] in svg
    assert "<dc:date>" not in svg
    assert item.metadata["chainrule"]["kind"] == "figure"
    assert item.metadata["chainrule"]["alt"] == (
        "T: 1 line; x (step) from -0.05 to 1.05; y from 0.966 to 2.07, log scale; legend: a & <b>."
    )


def test_a_grid_of_the_authors_own_stays_on_an_image() -> None:
    output = run_one("import matplotlib.pyplot as plt\nplt.imshow([[1]]); plt.grid(color='#abcdef');")
    assert "#abcdef" in shown(output, "image/svg+xml")[0]


@pytest.mark.slow
def test_figures_have_the_same_bytes_in_each_build() -> None:
    source = FIGURE + "plt.scatter([1, 2], [3, 4]); plt.legend(); plt.fill_between([1, 2], [1, 2]);"
    assert shown(run_one(source), "image/svg+xml") == shown(run_one(source), "image/svg+xml")
    assert shown(run_one(source), "image/svg+xml") == shown(run_one(source, start="spawn"), "image/svg+xml")


def test_the_last_digits_of_a_layout_are_in_no_id() -> None:
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.gca().set_position([{}, 0.1, 0.8, 0.8]);"
    here, there = (shown(run_one(source.format(left)), "image/svg+xml") for left in (0.1, 0.1 + 1e-12))
    assert here == there


@pytest.mark.parametrize(
    ("source", "alt"),
    [
        ("plt.scatter([0, 1], [0, 1])", "2 points; x from -0.05 to 1.05; y from -0.05 to 1.05."),
        ("plt.plot([0, 1], 'o')", "2 points; x from -0.05 to 1.05; y from -0.05 to 1.05."),
        ("plt.bar(['a', 'b'], [1, 2])", "2 bars; x: a, b; y from 0 to 2.1."),
        ("plt.hist([1, 2, 3], bins=2)", "2 bars; x from 0.9 to 3.1; y from 0 to 2.1."),
        ("plt.imshow([[1, 2]])", "1 image; x from -0.5 to 1.5; y from 0.5 to -0.5."),
        ("plt.pie([1, 2])", "2 wedges"),
        ("plt.contour([[1, 2], [3, 4]])", "1 contour"),
        ("plt.fill_between([0, 1], [0, 1])", "1 filled area"),
        ("plt.pcolormesh([[1, 2]])", "1 mesh"),
        ("plt.quiver([1], [1], [1], [1])", "1 field of arrows"),
        ("plt.errorbar([1, 2], [1, 2], yerr=1)", "1 line; x"),
        ("plt.figure().add_subplot(projection='3d').plot([1], [1], [1])", "z from"),
        ("plt.subplots(1, 2)[1][0].plot([1]); plt.suptitle('Both.')", "Both. Part 1: 1 line"),
        ("plt.figtext(0, 0, 'words')", "words"),
        ("plt.plot([1, 2]); plt.text(1, 2, 'a'); plt.annotate('b', (0, 1))", "; text: a, b."),
    ],
)
def test_alternative_text(source: str, alt: str) -> None:
    (item,) = run_one(f"import matplotlib.pyplot as plt\n{source};").items
    assert isinstance(item, Bundle)
    said = item.metadata["chainrule"]["alt"]
    assert alt.lower() in said.lower(), said


def test_seeds_begin_where_they_stand() -> None:
    draw = "import random, numpy as np, chainrule\n"
    draw += "print(random.random(), np.random.rand(), chainrule.rng.random())"
    first, second, third = run(draw, draw, fence(draw, 40, seed=0))
    (other,) = run(draw, seed=7)
    assert len({text(first), text(second), text(other)}) == 3
    assert text(third) == text(first)


def test_values_are_named_after_their_variables() -> None:
    output = run_one("from chainrule import Value\na = Value(2.0)\nb = a * 3\nb.backward()\nb")
    (graph,) = shown(output, "application/vnd.chainrule.graph+json")
    assert "'a'" in str(graph)


@pytest.mark.parametrize("start", ["forkserver", "spawn"])
def test_what_is_imported_late_comes_seeded_and_in_the_colours_of_the_page(start: str) -> None:
    source = """
import importlib
np = importlib.import_module("num" + "py")
mpl = importlib.import_module("matplot" + "lib")
print(np.random.rand(), mpl.rcParams["text.color"], mpl.get_backend())
engine = importlib.import_module("chain" + "rule")
print(engine.rng.random())
"""
    (late,) = run(source, seed=3, start=start)
    (early,) = run("import numpy as np, matplotlib, chainrule\n" + source, seed=3, start=start)
    assert late.failure is None
    assert text(late) == text(early)
    assert "module://mkdocs_chainrule.worker.backend" in text(late)
