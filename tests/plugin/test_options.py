"""Options are read from one table, and what is wrong is answered with what is right."""

from __future__ import annotations

import pytest

from mkdocs_chainrule.errors import OptionError
from mkdocs_chainrule.kinds import choice
from mkdocs_chainrule.options import FENCE_OPTIONS, OPTIONS, PLUGIN_OPTIONS, Option, block_options


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("timeout", "2", 2.0),
        ("timeout", "500 ms", 0.5),
        ("timeout", "1.5min", 90.0),
        ("timeout", 30, 30.0),
        ("memory", "512", 512),
        ("memory", "2 GiB", 2048),
        ("max_output", "1000", 1000),
        ("max_output", "100 KiB", 102400),
        ("workers", "4", 4),
        ("seed", 0, 0),
        ("on_error", "Continue", "continue"),
        ("run", "no", False),
        ("run", True, True),
        ("allow_html", "off", False),
        ("output", "none", "none"),
        ("download", False, False),
        ("numbered", "yes", True),
        ("replay", "no", False),
        ("begin", "Start", "start"),
        ("id", "fig-a | fig-b", "fig-a | fig-b"),
        ("source", False, "none"),  # YAML's reading of a bare `no`
        ("hl_lines", "1 3-5", "1 3-5"),
        ("linenums", "10", "10"),
        ("expect", "json.JSONDecodeError", "json.JSONDecodeError"),
        ("title", "A <b>", "A <b>"),
        ("scripts", {"plotly": "js/plotly.js"}, {"plotly": "js/plotly.js"}),
        ("scripts", "plotly=js/p.js, vega=js/v.js", {"plotly": "js/p.js", "vega": "js/v.js"}),
    ],
)
def test_what_is_typed_becomes_a_value(name: str, text: object, value: object) -> None:
    parsed = {**PLUGIN_OPTIONS, **FENCE_OPTIONS}[name].parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("timeout", "fast", "takes a positive number of seconds"),
        ("timeout", "0", "takes a positive number of seconds"),
        ("timeout", "-1", "takes a positive number of seconds"),
        ("memory", "2 parsecs", "takes a positive number of bytes"),
        ("memory", "nan", "takes a positive number of bytes"),
        ("timeout", "1e30", "takes a positive number of seconds"),
        ("timeout", "nan", "takes a positive number of seconds"),
        ("timeout", "99999999999999999999", "from 1 ms to 168 h"),
        ("timeout", "0.0001 ms", "from 1 ms to 168 h"),
        ("timeout", "9" * 5000, "from 1 ms to 168 h"),
        ("memory", "0", "takes a positive number of bytes"),
        ("memory", "-512", "takes a positive number of bytes"),
        ("memory", "99999999999999999999 GiB", "up to 1024 GiB"),
        ("max_output", "inf", "takes a positive number of bytes"),
        ("max_output", "1e30", "takes a positive number of bytes"),
        ("max_output", "9" * 400, "up to 1024 GiB"),
        ("workers", "0", "takes a whole number, from 1 to 1024"),
        ("workers", "-1", "takes a whole number, from 1 to 1024"),
        ("workers", "100000", "takes a whole number, from 1 to 1024"),
        ("seed", "9" * 5000, "takes a whole number, 0 or more"),
        ("hl_lines", "1-999999999", "takes numbers"),
        ("seed", "1.5", "takes a whole number, 0 or more"),
        ("run", "maybe", 'takes "yes" or "no"'),
        ("download", "maybe", 'takes "yes" or "no"'),
        ("numbered", "all", 'takes "yes" or "no"'),
        ("begin", "first", "takes one of end, start"),
        ("replay", "once", 'takes "yes" or "no"'),
        ("id", "fig-a, fig-b", "takes what begins with fig-"),
        ("source", "tabed", "did you mean tabbed?"),
        ("hl_lines", "one", "takes numbers"),
        ("expect", "Value Error", "takes the name of an exception"),
        ("scripts", "js/plotly.js", 'takes files by names, such as "{plotly: js/plotly.min.js}"'),
    ],
)
def test_what_cannot_be_read_is_answered(name: str, text: str, answer: str) -> None:
    with pytest.raises(OptionError) as caught:
        {**PLUGIN_OPTIONS, **FENCE_OPTIONS}[name].parse(text)
    assert answer in str(caught.value)


def test_a_fence_wins_over_the_plugin_over_the_default() -> None:
    values, wrong = block_options({"timeout": "1"}, {"timeout": 5.0, "memory": 100, "graph": "svg"})
    assert (values["timeout"], values["memory"], values["graph"], values["on_error"]) == (
        1.0,
        100,
        "svg",
        "stop",
    )
    assert wrong == []


def test_a_block_carries_every_option_that_bears_on_it() -> None:
    values, _ = block_options({})
    assert set(values) == {option.name for option in OPTIONS if option.affects != "site"}
    assert {"workers", "mermaid_js"}.isdisjoint(values)


def test_setup_and_seed_of_the_plugin_are_not_those_of_a_fence() -> None:
    values, _ = block_options({}, {"setup": "setup.py", "seed": 7})
    assert values["setup"] is False
    assert values["seed"] is None


def test_what_is_wrong_is_left_out_and_told() -> None:
    values, wrong = block_options(
        {"timeout": "soon", "workers": "2", "captoin": "A", "plot": "plot", "zzz": "1"}
    )
    assert values["timeout"] == 30.0
    assert wrong == [
        'timeout="soon": timeout takes a positive number of seconds, such as "2" or "500 ms"',
        "workers is an option of the plugin in mkdocs.yml, not of a fence",
        'unknown option captoin="A"; did you mean caption?',
        "unknown option plot",
        'unknown option zzz="1"',
    ]


def test_every_option_has_its_meaning_and_a_default_that_it_takes() -> None:
    for option in OPTIONS:
        assert option.meaning.endswith(".")
        assert option.default is None or option.written is not None


@pytest.mark.parametrize("typed", ["LR", "lr", " Lr "])
def test_a_choice_keeps_the_case_of_its_row(typed: str) -> None:
    assert choice("auto", "LR", "TB")(typed) == "LR"


def test_a_choice_with_capitals_is_suggested_as_it_is_written() -> None:
    with pytest.raises(OptionError, match=r"takes one of auto, LEFT, TB; did you mean LEFT\?"):
        choice("auto", "LEFT", "TB")("leftt")


def test_a_default_that_its_option_does_not_take_says_so() -> None:
    with pytest.raises(OptionError, match="takes one of LR, TB"):
        _ = Option("direction", "both", "up", choice("LR", "TB"), "show", "Where a graph goes.").default
