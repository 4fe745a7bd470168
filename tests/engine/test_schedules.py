"""What the schedules do is compared with PyTorch in test_optim.py; here is what happens at their ends."""

import pytest

from chainrule import Value, optim, schedules


def test_they_stay_where_they_end():
    for schedule in (schedules.cosine(0.1, 10, 0.02), schedules.linear(0.1, 10, 0.02)):
        assert schedule(0) == 0.1
        assert schedule(10) == pytest.approx(0.02, rel=1e-15)
        assert schedule(1000) == schedule(10)


def test_a_warm_up_comes_before_the_first_step_of_a_schedule():
    schedule = schedules.warmup(schedules.step_decay(0.4, 2, 0.5), 4, start=0.25)

    assert [round(schedule(step), 12) for step in range(8)] == [0.1, 0.175, 0.25, 0.325, 0.4, 0.4, 0.2, 0.2]


def test_any_function_of_the_step_is_a_schedule():
    w = Value(1.0)
    optimizer = optim.SGD([w], lr=lambda step: 1.0 / (1 + step))
    for _ in range(2):
        w.grad = 1.0
        optimizer.step()

    assert w.data == -0.5
    assert optimizer.rate(3) == 0.25
