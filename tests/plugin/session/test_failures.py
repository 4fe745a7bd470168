"""What a failure says: the line, what it came from, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chainrule.habits.imports import advice
from mkdocs_chainrule.errors import failure_problem
from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.block import Output
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.failures import is_expected
from mkdocs_chainrule.show.error import show_failure
from mkdocs_chainrule.show.settings import ShowSettings
from sessions import PAGE, fence, inline, run, run_one, session

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs_chainrule.session.block import Failure


def failure(*blocks: object, **options: object) -> Failure:
    """The first failure of a session."""
    outputs = run(*blocks, **options)  # type: ignore[arg-type]  # blocks, or their sources
    return next(output.failure for output in outputs if output.failure)


def test_a_limit_that_strikes_at_once_is_at_its_own_block() -> None:
    failed = failure(fence("x = 1", 3, timeout=1e-6), fence("y = 1", 7), fence("z = 1", 11))
    assert (failed.kind, str(failed.place)) == ("timeout", f"{PAGE}:4")


def test_a_limit_names_the_line_of_an_earlier_block_that_took_the_time() -> None:
    slow = "import time\ndef slow():\n    time.sleep(9)"
    failed = failure(fence(slow, 3), fence("slow()", 9, timeout=0.3))
    assert (failed.kind, str(failed.place)) == ("timeout", f"{PAGE}:6")


def test_limits_say_how_to_raise_them() -> None:
    assert failure("import time\ntime.sleep(9)", timeout=0.2).message == (
        'ran longer than 0.2 s and was stopped; give it more with timeout="…"'
    )
    assert failure("x = bytearray(300 << 20)", memory=64).message == (
        'needed more than 64 MiB of memory and was stopped; give it more with memory="…"'
    )
    assert failure(inline("__import__('time').sleep(9)", timeout=0.2)).message == (
        "ran longer than 0.2 s and was stopped; give it more with timeout: … in mkdocs.yml"
    )


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("x = 1\ny = 'abc", "SyntaxError: unterminated string literal", 5),
        (
            "x = 1\ny = '''abc\n1",
            "SyntaxError: unterminated triple-quoted string literal (detected at line 6)",
            5,
        ),
        (
            "x = 1\nif x:\npass",
            "IndentationError: expected an indented block after 'if' statement on line 5",
            6,
        ),
        (
            "x = (1,\n2]",
            "SyntaxError: closing parenthesis ']' does not match opening parenthesis '(' on line 4",
            5,
        ),
    ],
)
def test_numbers_in_a_syntax_error_are_those_of_the_page(source: str, message: str, line: int) -> None:
    failed = failure(source)
    assert (failed.message, failed.place.line) == (message, line)


def told(failed: Failure) -> list[str]:
    return failure_problem(failed).message.splitlines()


def test_causes_are_told_with_their_lines() -> None:
    source = "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e"
    assert told(failure(source)) == [
        "KeyError: 'k'",
        f"  {PAGE}:7, in <module>",
        "    raise KeyError('k') from e",
        f"  caused by ZeroDivisionError: division by zero at {PAGE}:5",
    ]
    implicit = failure(source.removesuffix(" from e"))
    assert told(implicit)[-1] == f"  while handling ZeroDivisionError: division by zero at {PAGE}:5"
    assert len(told(failure(source.replace("from e", "from None")))) == 3


def test_members_of_a_group_and_notes_are_told() -> None:
    source = """
def failing(text, cause=None):
    try:
        raise ValueError(text) from cause
    except ValueError as error:
        error.add_note(f"in {text}")
        return error
raise ExceptionGroup("many", [failing("a", KeyError("k")), ExceptionGroup("few", [TypeError("b")])])"""
    assert told(failure(source))[-5:] == [
        f"  with ValueError: a at {PAGE}:7",
        "    in a",
        "    caused by KeyError: 'k'",
        "  with ExceptionGroup: few (1 sub-exception)",
        "    with TypeError: b",
    ]


def test_a_chain_that_bites_its_tail_ends() -> None:
    failed = failure("a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a")
    assert [str(detail) for detail in failed.details] == ["caused by ValueError: b"]


def test_details_survive_json_and_are_shown_on_the_page() -> None:
    block = fence("try:\n    1 / 0\nfinally:\n    raise KeyError('<b>')")
    (output,) = run(block)
    assert output.failure is not None
    assert from_data(Output, to_data(output)) == output
    html = show_failure(output.failure, block, ShowSettings())
    assert f"while handling ZeroDivisionError: division by zero at {PAGE}:5" in html
    assert "<b>" not in html


def test_frames_of_a_module_beside_the_configuration_are_the_authors(tmp_path: Path) -> None:
    (tmp_path / "mymod.py").write_text("def f(x):\n    return 1 / x\n")
    own = Pool(tmp_path, workers=1)
    try:
        source = "import json, mymod\njson.loads('0', parse_int=lambda x: mymod.f(0))"
        (output,) = own.submit(session(source)).result()
    finally:
        own.shutdown()
    assert output.failure is not None
    assert [(str(frame.place), frame.code) for frame in output.failure.frames] == [
        (f"{PAGE}:5", "json.loads('0', parse_int=lambda x: mymod.f(0))"),
        (f"{PAGE}:5", "json.loads('0', parse_int=lambda x: mymod.f(0))"),
        ("mymod.py:2", "return 1 / x"),
    ]
    assert str(output.failure.place) == f"{PAGE}:5"


COMMAND = "SyntaxError: invalid syntax; "


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("np.ones(3)", "NameError: name 'np' is not defined; import numpy as np"),
        ("plt.plot()", "NameError: name 'plt' is not defined; import matplotlib.pyplot as plt"),
        ("Value(1)", "NameError: name 'Value' is not defined; from chainrule import Value"),
        ("math.pi", "NameError: name 'math' is not defined; import math"),
        ("lerning = 1\nlearning", "NameError: name 'learning' is not defined. Did you mean: 'lerning'?"),
        ("def f(rate):\n    return rat\nf(1)", "NameError: name 'rat' is not defined. Did you mean: 'rate'?"),
        ("primt(1)", "NameError: name 'primt' is not defined. Did you mean: 'print'?"),
        ("qqq", "NameError: name 'qqq' is not defined"),
        (
            "from chainrule import Value\nValue(1).bakward()",
            "AttributeError: 'Value' object has no attribute 'bakward'. Did you mean: 'backward'?",
        ),
        (
            "from chainrule import Valeu",
            "ImportError: cannot import name 'Valeu' from 'chainrule'. Did you mean: 'Value'?",
        ),
        (
            "from micrograd.engine import Value",
            f"ModuleNotFoundError: No module named 'micrograd'; {advice('micrograd')}",
        ),
        (
            "from chainrule import Value\nValue(2.0).numpy()",
            "chainrule.errors.ForeignNameError: Value has no 'numpy'; v.data is the array, or the float",
        ),
        (
            "from chainrule import tensor",
            "ImportError: module 'chainrule' has no 'tensor'; write Value([1.0, 2.0])",
        ),
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("raise ValueError", "ValueError"),
        ("class E(Exception): ...\nraise E", "E"),
        (
            "import json\njson.loads('')",
            "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        ),
        ("eval('1 +')", "SyntaxError: invalid syntax"),
        (
            "%%timeit\n1",
            f"{COMMAND}%%timeit is a command of notebooks: measure by time.perf_counter(), or leave it out",
        ),
        ("len?", f"{COMMAND}len? is a command of notebooks: write help(name), or leave it out"),
        ("?len", f"{COMMAND}?len is a command of notebooks: write help(name), or leave it out"),
        (
            "!head data.csv",
            f"{COMMAND}!head is a command of the shell: call it by subprocess.run, or leave it out",
        ),
        (
            "x = !ls",
            f"{COMMAND}!ls is a command of the shell: call it by subprocess.run, or leave it out",
        ),
        (
            "%pip install x",
            f"{COMMAND}%pip is a command of the shell: install where the site is built, and leave it out",
        ),
        ("%%capture\n1", f'{COMMAND}%%capture is a command of notebooks: write output="none" on the fence'),
        ("%load_ext x", f"{COMMAND}%load_ext is a command of notebooks: leave it out"),
        (
            ">>> x = 1",
            f"{COMMAND}>>> is a prompt of Python: leave out prompts, and what was answered",
        ),
        (
            "$ pip install x",
            f"{COMMAND}$ is a prompt of the shell: call the command by subprocess.run, or leave it out",
        ),
        ("MLP(2, [3])", "NameError: name 'MLP' is not defined; from chainrule.micrograd import MLP"),
        ("HTML('x')", "NameError: name 'HTML' is not defined; from IPython.display import HTML"),
        ("relu(1)", "NameError: name 'relu' is not defined; from chainrule import relu"),
        (
            "Linear(1, 2)",
            "NameError: name 'Linear' is not defined; from chainrule import nn, and write nn.Linear",
        ),
        ("Path('x')", "NameError: name 'Path' is not defined; from pathlib import Path"),
        ("In [1]: x", "NameError: name 'In' is not defined; In [1]: is a prompt of notebooks: leave it out"),
        ("1 % % 2", "SyntaxError: invalid syntax"),
        ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E", "E: <exception str() failed>"),
    ],
)
def test_messages_and_hints(source: str, message: str) -> None:
    assert failure(source).message == message


@pytest.mark.parametrize("expect", ["ZeroDivisionError", "ArithmeticError", "Exception", "BaseException"])
def test_an_expected_exception_may_be_named_by_what_it_derives_from(expect: str) -> None:
    block = fence("1 / 0", expect=expect)
    failed, after = run(block, fence("2", 7))
    assert is_expected(block, failed.failure)
    assert after.failure is None


def test_another_exception_than_the_expected_is_told_with_both() -> None:
    failed = failure("1 / 0", expect="ValueError")
    assert failed.message == "expected ValueError, but there came ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    "command",
    ["%matplotlib inline", "%config InlineBackend.figure_format = 'retina'", "%matplotlib notebook"],
)
def test_what_sets_up_a_notebooks_pictures_is_passed_over(command: str) -> None:
    output = run_one(f'{command}\nif True:\n    {command}\ntext = """\n{command}\n"""\ntext')
    assert output.items[-1].data["text/plain"] == repr(f"\n{command}\n")
    failed = failure(f"x = 1\n{command}\n\n1 / 0")
    assert (failed.message, failed.place.line) == ("ZeroDivisionError: division by zero", 7)
    assert "never closed" in failure(f"x = (1,\n{command}").message


def test_a_file_that_is_elsewhere_is_told_with_its_path(tmp_path: Path) -> None:
    for name in ("docs/beside.csv", "data/deep/far.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1,2\n")
    own = Pool(tmp_path, workers=1)
    sources = ("open('beside.csv')", "import numpy as np\nnp.loadtxt('far.csv')", "open('none.csv')")
    try:
        found = [own.submit(session(source)).result()[0].failure for source in sources]
    finally:
        own.shutdown()
    told = [failed.message.partition("; ")[2] for failed in found if failed]
    assert told == [
        "paths start from the folder of mkdocs.yml: write docs/beside.csv",
        "paths start from the folder of mkdocs.yml: write data/deep/far.csv",
        "paths start from the folder of mkdocs.yml",
    ]
