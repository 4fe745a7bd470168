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
"""Seeds of programs that once differed."""


@pytest.mark.parametrize("seed", FAILED)
def test_what_once_differed_does_not(seed):
    assert fuzz.tried(seed) in ("", "refused")


def test_a_program_is_made_of_its_seed():
    assert [fuzz.write(seed) for seed in range(20)] == [fuzz.write(seed) for seed in range(20)]


def test_a_difference_is_found_and_a_program_that_does_not_end_too(monkeypatch):
    written = fuzz.write(1)
    monkeypatch.setattr(fuzz, "jit", lambda function: lambda *args, **named: [function(*args, **named)])
    assert "jit [" in fuzz.difference(written)
    monkeypatch.setattr(fuzz, "SECONDS", 1)
    monkeypatch.setattr(fuzz, "difference", lambda _: next(n for n in iter(int, 1) if n))
    assert "no end" in fuzz.tried(1)


def test_some_programs():
    for seed in range(10_000, 10_060):
        assert fuzz.tried(seed) in ("", "refused"), f"seed {seed}:\n{fuzz.write(seed).text}"


@pytest.mark.slow
def test_programs_of_the_day():
    first = int(datetime.now(UTC).strftime("%y%m%d")) * 1000
    print(f"programs from seed {first}: python -m benchmarks fuzz --programs 500 --seed {first}")
    differ = {
        seed: told for seed in range(first, first + 500) if (told := fuzz.tried(seed)) not in ("", "refused")
    }
    assert not differ, "\n".join(
        f"seed {seed}: {told}\n{fuzz.write(seed).text}" for seed, told in differ.items()
    )
