"""Random programs beside PyTorch's, where that is installed: new ones each day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from benchmarks.fuzzing import against_torch


def test_a_program_is_made_of_its_seed():
    assert [against_torch.write(seed).text for seed in range(50)] == [
        against_torch.write(seed).text for seed in range(50)
    ]


@pytest.mark.filterwarnings("ignore")
def test_ours_can_be_computed_without_it():
    pytest.importorskip("scipy")
    for seed in range(50):
        pair = against_torch.write(seed)
        if not pair.edge:
            next(against_torch.ours_of(pair, pair.inputs))


@pytest.mark.slow
def test_programs_of_the_day():
    pytest.importorskip("torch")
    pytest.importorskip("scipy")
    first = int(datetime.now(UTC).strftime("%y%m%d")) * 1000
    print(f"from seed {first}: python -m benchmarks fuzz --torch --programs 500 --seed {first}")
    differ = []
    for seed in range(first, first + 500):
        pair = against_torch.write(seed)
        kind, told = against_torch.compared(pair)
        if kind == "differs":
            differ.append(f"seed {seed}: {told}\n{pair.text}")
    assert not differ, "\n".join(differ)
