"""Random programs under jit and eagerly: some always, new ones each day, and all that ever failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks import fuzz

FAILED = [
    5,
    7,
    33,
    47,
    55,
    90,
    138,
    146,
    200,
    273,
    342,
    867,
    1605,
    2012,
    2463,
    3342,
    21533,
    23446,
    24782,
    25557,
]
"""Seeds of plain programs that once differed; of idiomatic ones seeds change with each idiom, and the kind
is a test of its own, as in `test_single_numbers.py`."""


@pytest.mark.parametrize("seed", FAILED)
def test_what_once_differed_does_not(seed):
    assert fuzz.tried(seed, "plain").is_right


@pytest.mark.parametrize("grammar", fuzz.GRAMMARS)
def test_a_program_is_made_of_its_seed(grammar):
    write = fuzz.GRAMMARS[grammar]
    assert [write(seed) for seed in range(20)] == [write(seed) for seed in range(20)]


def test_a_difference_is_found_and_a_program_that_does_not_end_too(monkeypatch):
    written = fuzz.GRAMMARS["plain"](1)
    monkeypatch.setattr(fuzz, "jit", lambda function, **_: lambda *args, **named: [function(*args, **named)])
    found = fuzz.outcome(written)
    assert not found.is_right
    assert "jit [" in found.told
    monkeypatch.setattr(fuzz, "SECONDS", 1)
    monkeypatch.setattr(fuzz, "outcome", lambda _: next(n for n in iter(int, 1) if n))
    assert "no end" in fuzz.tried(1).told


def test_a_refusal_that_leaves_something_behind_is_found(monkeypatch):
    seeds = (seed for seed in range(1000) if "seen.append(1)" in fuzz.GRAMMARS["idiomatic"](seed).text)
    written = fuzz.GRAMMARS["idiomatic"](next(seeds))
    assert fuzz.outcome(written).kind == "refused"
    monkeypatch.setattr(fuzz, "_held", lambda space: {"seen": float(id(space))})
    assert "state has changed" in fuzz.outcome(written).told


def told(seed, grammar):
    """Return how a program differs, with the program; nothing if it does not."""
    found = fuzz.tried(seed, grammar)
    text = fuzz.GRAMMARS[grammar](seed).text
    return "" if found.is_right else f"seed {seed}, {grammar}: {found.told}\n{text}"


@pytest.mark.parametrize("grammar", fuzz.GRAMMARS)
def test_some_programs(grammar):
    for seed in range(10_000, 10_040):
        assert not told(seed, grammar)


@pytest.mark.slow
@pytest.mark.parametrize("grammar", fuzz.GRAMMARS)
def test_programs_of_the_day(grammar):
    first = int(datetime.now(UTC).strftime("%y%m%d")) * 1000
    print(f"from seed {first}: python -m benchmarks fuzz --programs 500 --seed {first} --only {grammar}")
    differ = [text for seed in range(first, first + 500) if (text := told(seed, grammar))]
    assert not differ, "\n".join(differ)
