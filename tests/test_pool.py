"""Many items on several processes."""

from __future__ import annotations

import os
import signal
import struct
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

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


def cut_off(number: int) -> bytes:
    """A long answer; one item's process dies when half of it is on its way."""
    if number == 30:
        def half(connection: Connection, content: memoryview) -> None:
            os.write(connection.fileno(), struct.pack("!i", len(content)) + content[:100])
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send_bytes = half  # type: ignore[attr-defined]
    return bytes([number]) * 200


def nothing(_: int) -> bytes:
    """The answer for an item whose process died."""
    return b""


def test_a_worker_that_dies_while_it_answers_costs_one_item() -> None:
    """Nobody waits for the rest of its answer, which never comes."""
    answers = list(ordered(Work(cut_off, nothing), range(60), 2))
    assert [len(answer) for answer in answers] == [0 if one == 30 else 200 for one in range(60)]


def slow(number: int) -> int:
    """The item's answer; one item never comes back."""
    while number == 31:
        time.sleep(0.01)
    return number


def late(number: int) -> int:
    """The answer for an item whose time was up."""
    return 1000 + number


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_hung_item_costs_only_itself(jobs: int) -> None:
    """It is stopped after its time, here as in a process of its own."""
    found = list(ordered(Work(slow, lost, 0.3, late), range(40), jobs))
    assert found == [1031 if number == 31 else number for number in range(40)]


def deaf(number: int) -> int:
    """The item's answer; one item hangs where no Python signal is heard."""
    if number == 30:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        time.sleep(60)
    return number


def test_an_item_that_cannot_be_asked_to_stop_ends_its_process() -> None:
    """The time of a process is over a little after that of its item."""
    found = list(ordered(Impatient(deaf, lost, 0.3), range(32), 2))
    assert found == [-30 if number == 30 else number for number in range(32)]


class Impatient(Work[int, int]):
    """Work that does not wait for items that were asked to stop."""

    def item(self, item: int, last: float = 0.0) -> int:
        """The outcome of one item."""
        return super().item(item, min(last, 0.2))


def test_items_are_taken_as_they_are_needed() -> None:
    """A list of any length is never held as a whole."""
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    answers = ordered(Work(slow, lost), (number for number in numbers() if number > 100), 2)
    assert next(answers) == 101
    assert len(taken) < 250
    answers.close()  # type: ignore[attr-defined]
