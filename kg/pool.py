"""Doing one function over many items on all cores, answers in the items' order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Generic, TypeVar

from .memory import steadied

I = TypeVar("I")  # noqa: E741 - an item
O = TypeVar("O")  # noqa: E741 - its outcome
CHUNK = 8  # pages a message: large enough to hide the pipe, small enough to spread the last ones
SMALL = 3 * CHUNK  # below this a second process costs more than it saves


class Work(Generic[I, O]):
    """`one` does an item; `crashed` makes the outcome of an item whose process died."""

    def __init__(self, one: Callable[[I], O], crashed: Callable[[I], O]) -> None:
        self.one = one
        self.crashed = crashed

    def chunk(self, items: Sequence[I]) -> list[O]:
        """The outcomes of a few items, in this process."""
        return [self.one(item) for item in items]


def ordered(work: Work[I, O], items: Sequence[I], jobs: int) -> Iterator[O]:
    """The outcome of every item, in order; `work` must be importable in a new process.

    An item that kills its worker costs only itself: what was under way is done again, one item
    a process, and the outcome of the culprit is `work.crashed(item)`.
    """
    if jobs <= 1 or len(items) < SMALL:
        yield from map(work.one, items)
        return
    chunks = [items[start:start + CHUNK] for start in range(0, len(items), CHUNK)]
    done = 0
    while done < len(chunks):
        try:
            for outcomes in _pooled(work, chunks[done:], jobs):
                done += 1
                yield from outcomes
        except BrokenProcessPool:
            yield from _singly(work, chunks[done])
            done += 1


def _pooled(work: Work[I, O], chunks: Sequence[Sequence[I]], jobs: int) -> Iterator[list[O]]:
    """Outcomes chunk by chunk; at most four chunks a worker are under way, so memory stays flat."""
    executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"),
                                   initializer=steadied)
    waiting: deque[Future[list[O]]] = deque()
    try:
        for chunk in chunks:
            waiting.append(executor.submit(work.chunk, chunk))
            if len(waiting) >= 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _singly(work: Work[I, O], items: Sequence[I]) -> Iterator[O]:
    for item in items:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
            try:
                outcome = executor.submit(work.one, item).result()
            except BrokenProcessPool:
                outcome = work.crashed(item)
        yield outcome
