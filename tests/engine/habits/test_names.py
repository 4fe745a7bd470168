"""Names of other libraries: each is here, or is told by one sentence, and disturbs nothing."""

from __future__ import annotations

import ast
import copy
import importlib.util
import inspect
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import chainrule
from chainrule import Value, check_grads, jit, nn, optim
from chainrule.errors import ForeignNameError
from chainrule.habits.imports import LIBRARIES
from chainrule.habits.names import names_of
from chainrule.habits.torch_names import TENSOR
from chainrule.primitives.table import PRIMITIVES
from chainrule.value import functions
from chainrule.value.functions import Functions, rows

A = np.array([[0.3, 0.6], [0.7, 0.2]])
HOLDERS = {"Tensor": Value([1.0, 2.0]), "nn": nn, "optim": optim}


def torch_names():
    """Return the public names of the PyTorch that is installed, else of the version of the list."""
    if importlib.util.find_spec("torch") is not None:
        import torch

        found = {"Tensor": torch.Tensor, "nn": torch.nn, "optim": torch.optim}
        return {name: [each for each in dir(holder) if each[:1] != "_"] for name, holder in found.items()}
    _, *parts = (Path(__file__).with_name("torch_names.txt").read_text(encoding="utf-8")).split("\n\n")
    return {part.split()[0]: part.split()[1:] for part in parts}


NAMES = torch_names()


@pytest.mark.parametrize("holder", NAMES)
def test_every_public_name_of_torch_is_here_or_is_told(holder):
    for name in NAMES[holder]:
        try:
            getattr(HOLDERS[holder], name)
        except ForeignNameError as told:
            message = str(told)
            assert message.count(name) >= 1
            assert "; " in message
            assert "\n" not in message
            assert len(message) < 300, message


def test_the_names_of_the_list_are_those_of_the_table():
    if importlib.util.find_spec("torch") is None:
        assert NAMES["Tensor"] == TENSOR.split()


@pytest.mark.parametrize("owner", [Value, nn.Module, optim.Optimizer])
def test_what_is_told_is_not_there(owner):
    held = Value(2.0) if owner is Value else nn.Linear(1, 1) if owner is nn.Module else optim.SGD(lr=0.1)
    told = [name for name in names_of(owner.__name__) if not hasattr(held, name)]
    assert told
    assert set(told).isdisjoint(dir(held))
    assert getattr(held, told[0], "absent") == "absent"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sigmoid_", "write v = v.sigmoid()"),
        ("detach_", "write v = v.detach()"),
        ("add_", "`v += w` in `with no_grad():`"),
        ("zero_", "write v.zero_grad()"),
        ("addmm_", "in place"),
        ("amax", "write np.amax(v)"),
        ("sparse_mask", "NumPy's functions"),
    ],
)
def test_a_family_of_names_is_told_by_one_rule(name, words):
    with pytest.raises(ForeignNameError, match=f"^Value has no '{name}'; ") as told:
        getattr(Value(2.0), name)
    assert words in str(told.value)
    with pytest.raises(ForeignNameError):
        setattr(Value(2.0), name, True)


def test_what_is_here_is_listed():
    assert {"tanh", "abs", "sum", "data", "zero_grad", "softmax", "__iadd__"} <= set(dir(Value(2.0)))
    assert {"to"}.isdisjoint(dir(nn.Linear(1, 1)))


def test_a_value_is_copied_pickled_and_taken_by_numpy_as_before():
    value = Value(A, label="a")
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert other.label == "a"
        np.testing.assert_array_equal(other.data, A)
    assert isinstance(np.array([1.0, 2.0]) + Value(1.0), Value)
    assert not hasattr(value, "__array_interface__")


def test_python_suggests_a_name_that_is_alike():
    wrong = ["Value(2.0).tahn", "nn.Liner", "optim.Adm", "Value(2.0).clone"]
    program = (
        "import sys\nfrom chainrule import Value, nn, optim\n"
        f"for code in {wrong!r}:\n    try:\n        eval(code)\n    except AttributeError:\n"
        "        sys.excepthook(*sys.exc_info())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    told = [line for line in done.stderr.splitlines() if re.match(r"[\w.]+Error: ", line)]
    assert ["Did you mean" in line for line in told] == [True, True, True, False]


def test_a_module_may_have_what_a_module_of_torch_has():
    class Net(nn.Module):
        def __init__(self):
            self.children = [nn.Linear(1, 1)]

        def apply(self, x):
            return self.children[0](x)

    assert Net().apply(np.ones((1, 1))).shape == (1, 1)


@pytest.mark.parametrize("library", LIBRARIES)
def test_an_import_of_what_is_not_installed_says_what_to_write(library):
    if importlib.util.find_spec(library) is not None:
        pytest.skip(f"{library} is installed")
    with pytest.raises(ModuleNotFoundError, match=f"^No module named '{library}'; write `") as told:
        importlib.import_module(f"{library}.engine")
    assert told.value.name == library
    assert importlib.util.find_spec(library) is None


def test_an_import_of_a_name_says_what_to_write():
    for code in ("chainrule import tensor", "chainrule.nn import Conv2d", "chainrule import tanh"):
        with pytest.raises(ImportError, match=r"; (write|a layer)"):
            exec(f"from {code}", {})
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        exec("from chainrule import nothing", {})


def test_another_name_of_a_module_is_an_error_as_ever():
    assert not hasattr(chainrule, "no_such_name")
    assert not hasattr(nn, "__path_of_nothing__")
    with pytest.raises(AttributeError, match="has no name 'no_such_name'"):
        chainrule.no_such_name  # noqa: B018 - it is asked for


def test_what_is_written_of_the_methods_is_what_the_rows_say():
    tree = ast.parse(Path(functions.__file__).read_text(encoding="utf-8"))
    [kind] = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == "Functions"]
    [block] = [each for each in kind.body if isinstance(each, ast.If)]
    written = {
        each.name: (ast.get_docstring(each), [arg.arg for arg in each.args.args], ast.unparse(each.args))
        for each in block.body
        if isinstance(each, ast.FunctionDef)
    }
    assert list(written) == [name for name, _, _ in rows()]
    for name, (told, arguments, text) in written.items():
        method = getattr(Functions, name)
        assert told == method.__doc__
        parameters = inspect.signature(method).parameters
        assert arguments == list(parameters), name
        defaults = [repr(each.default) for each in parameters.values() if each.default is not each.empty]
        assert all(f"={default}" in text.replace(" ", "") for default in defaults), name


def test_every_function_of_one_operand_is_a_method():
    inner = {"getitem", "scatter", "sliding_window_view", "windows_added", "logabsdet"}
    inner |= {"eigh_parts", "svd_parts", "qr_parts"}
    unary = {name for name, each in PRIMITIVES.items() if len(each.vjps) == 1 and not each.variadic}
    assert {name for name in unary if not hasattr(Value, name)} <= inner


@pytest.mark.parametrize("name", [name for name, entry, _ in rows() if entry.elementwise])
def test_a_method_does_as_its_function(name):
    method = getattr(Value, name)
    at = A + 1.0 if name in ("arccosh", "acosh") else A
    entry = next(entry for each, entry, _ in rows() if each == name)

    def function(x):
        return (getattr(Value, name)(x) if isinstance(x, Value) else entry(x)).sum()

    np.testing.assert_array_equal(method(Value(at)).data, entry(at))
    if name != "stop_gradient":
        check_grads(function, at)


def test_a_method_takes_the_options_of_its_row():
    x = Value(A)
    np.testing.assert_allclose(x.softmax(axis=0).data.sum(0), [1.0, 1.0])
    np.testing.assert_array_equal(x.leaky_relu(0.5).data, A)
    np.testing.assert_array_equal((-x).leaky_relu(slope=0.5).data, -A / 2)
    np.testing.assert_array_equal(x.norm(1, axis=0).data, np.linalg.norm(A, 1, axis=0))
    np.testing.assert_array_equal(x.logsumexp(axis=1, keepdims=True).shape, (2, 1))
    assert jit(lambda v: v.tanh().softmax(0).sum())(x).data == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda v: v.sum(dim=0), "sum takes no dim=; write axis="),
        (lambda v: v.mean(keepdim=True), "mean takes no keepdim=; write keepdims="),
        (lambda v: v.std(unbiased=False), "std takes no unbiased=; write ddof="),
        (lambda v: v.softmax(dim=0), "softmax takes no dim=; write axis="),
        (lambda v: v.argmax(dim=0), "argmax takes no dim=; write axis="),
        (lambda v: v.any(dim=0), "any takes no dim=; write axis="),
        (lambda v: v.cumsum(dim=0), "cumsum takes no dim=; write axis="),
        (lambda v: chainrule.softmax(v, dim=0), "softmax takes no dim=; write axis="),
        (lambda _: chainrule.log_softmax(A, dim=0), "log_softmax takes no dim=; write axis="),
        (lambda v: v.sum(out=None), "sum takes no out=; leave that out"),
    ],
)
def test_an_option_of_torch_is_told(call, words):
    with pytest.raises(chainrule.errors.UsageError, match=words):
        call(Value(A))
