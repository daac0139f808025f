"""Many items on several processes."""

from __future__ import annotations

import os

from kg.pool import SMALL, Work, ordered


def square(number: int) -> int:
    """The item's answer, unless it is the one that kills its process."""
    if number == 30:
        os._exit(9)
    return number * number


def lost(number: int) -> int:
    """The answer for an item whose process died."""
    return -number


def test_few_items_stay_in_this_process() -> None:
    """Below the threshold no process is started."""
    assert list(ordered(Work(square, lost), list(range(SMALL - 1)), 4)) == [
        number * number for number in range(SMALL - 1)]


def test_answers_come_in_order_and_a_dead_worker_costs_one_item() -> None:
    """The killer is answered by `crashed`, every other item by its own answer."""
    answers = list(ordered(Work(square, lost), list(range(60)), 2))
    assert answers == [-30 if number == 30 else number * number for number in range(60)]
