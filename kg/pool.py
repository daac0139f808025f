"""Doing one function over many items on all cores, answers in the items' order."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import ref

from .memory import steadied

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

I = TypeVar("I")  # noqa: E741 - an item
O = TypeVar("O")  # noqa: E741 - its outcome
CHUNK = 8  # pages a message: large enough to hide the pipe, small enough to spread the last ones
SMALL = 3 * CHUNK  # below this a second process costs more than it saves
AHEAD = 4  # chunks a worker has waiting, so that memory stays flat
TOLD = 0.5  # seconds in which an executor finds out that one of its processes died
GRACE = 5.0  # seconds between asking an item to stop and ending its process


class TimeUp(BaseException):
    """An item's time is over; no `except Exception` on its way keeps it going."""


@contextmanager
def limited(seconds: float, last: float = 0.0) -> Iterator[None]:
    """Raises TimeUp in the block after `seconds` (0: never), if this is the main thread; where
    nobody listens to that, the process ends `last` seconds later (0: never)."""
    with ExitStack() as stack:
        if seconds and last:
            nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
            faulthandler.dump_traceback_later(seconds + last, exit=True, file=nowhere)
            stack.callback(faulthandler.cancel_dump_traceback_later)
        if seconds and hasattr(signal, "setitimer") and (
                threading.current_thread() is threading.main_thread()):
            stack.callback(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, _time_up))
            signal.setitimer(signal.ITIMER_REAL, seconds)
            stack.callback(signal.setitimer, signal.ITIMER_REAL, 0)
        yield


def _time_up(*_: object) -> None:
    raise TimeUp


class Work(Generic[I, O]):
    """`one` does an item; `crashed` makes the outcome of an item whose process died.

    An item that takes longer than `seconds` (0: any time) gets the outcome that `late` makes.
    """

    def __init__(self, one: Callable[[I], O], crashed: Callable[[I], O], seconds: float = 0.0,
                 late: Callable[[I], O] | None = None) -> None:
        self.one = one
        self.crashed = crashed
        self.seconds = seconds
        self.late = late or crashed

    def item(self, item: I, last: float = 0.0) -> O:
        """The outcome of one item, in this process."""
        try:
            with limited(self.seconds, last):
                return self.one(item)
        except TimeUp:
            return self.late(item)

    def chunk(self, items: Sequence[I]) -> list[O]:
        """The outcomes of a few items, in a process that may be ended if one of them hangs."""
        return [self.item(item, GRACE) for item in items]


def ordered(work: Work[I, O], items: Iterable[I], jobs: int) -> Iterator[O]:
    """The outcome of every item, in order; `work` must be importable in a new process.

    Items are taken from their iterable as they are needed.  One that kills its worker or hangs
    costs only itself: what was under way is done again, one item a process.
    """
    rest = iter(items)
    first = list(islice(rest, SMALL))
    if jobs <= 1 or len(first) < SMALL:
        yield from map(work.item, chain(first, rest))
        return
    yield from chain.from_iterable(_Pool(work, jobs).outcomes(_chunks(chain(first, rest))))


def _chunks(items: Iterator[I]) -> Iterator[list[I]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


class _Pool(Generic[I, O]):
    """Workers that are replaced when one of them dies."""

    def __init__(self, work: Work[I, O], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._waiting: deque[tuple[list[I], Future[list[O]]]] = deque()
        self._executor = workers(jobs)

    def outcomes(self, chunks: Iterator[list[I]]) -> Iterator[list[O]]:
        """The outcomes chunk by chunk; a few chunks a worker are under way."""
        try:
            for chunk in chunks:
                self._waiting.append((chunk, self._submitted(chunk)))
                if len(self._waiting) >= AHEAD * self._jobs:
                    yield self._next()
            while self._waiting:
                yield self._next()
        except BaseException:  # also Ctrl-C, and nobody who wants the rest
            _ended(self._executor)
            raise
        self._executor.shutdown()

    def _submitted(self, chunk: list[I]) -> Future[list[O]]:
        try:
            return self._executor.submit(self._work.chunk, chunk)
        except BrokenExecutor as broken:
            failed: Future[list[O]] = Future()
            failed.set_exception(broken)
            return failed

    def _next(self) -> list[O]:
        """The outcomes of the chunk that waits longest."""
        chunk, future = self._waiting.popleft()
        try:
            return future.result()
        except BrokenExecutor:
            self._executor.shutdown(wait=True, cancel_futures=True)
            made = list(_singly(self._work, chunk))
            self._executor = workers(self._jobs)
            self._waiting = deque(
                (chunk, done if _is_done(done) else self._submitted(chunk))
                for chunk, done in self._waiting)
            return made


def _is_done(future: Future[O]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def workers(jobs: int) -> ProcessPoolExecutor:
    """Fresh processes that leave Ctrl-C to us and end when we do, also when we are killed."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - a page needs no processes
    from multiprocessing import get_context  # noqa: PLC0415

    executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=enlisted)
    threading.Thread(target=_watched, args=(ref(executor),), daemon=True).start()
    return executor


def _watched(executor: ref[ProcessPoolExecutor]) -> None:
    """A process that dies in the middle of an answer does not leave us waiting for the rest."""
    while (watched := executor()) is not None and watched._processes is not None:
        if any(process.exitcode for process in list(watched._processes.values())):
            time.sleep(TOLD)
            if not watched._broken:
                _cut(watched)
            return
        del watched
        time.sleep(TOLD)


def _cut(executor: ProcessPoolExecutor) -> None:
    """No process of the executor is at work any more, and it is told so.

    It reads answers from a pipe of which we hold an end for writing as well, so that half an answer
    would never end.  That end is turned away from the pipe rather than closed, which the executor
    may be doing at the same time.
    """
    for process in list((executor._processes or {}).values()):
        process.terminate()
    queue: Any = executor._result_queue
    if queue is not None and sys.platform != "win32":
        with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), queue._writer.fileno(), inheritable=False)


@contextmanager
def crew(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Such processes until the end of the block; after an error in it none of them goes on."""
    executor = workers(jobs)
    try:
        yield executor
    except BaseException:
        _ended(executor)
        raise
    executor.shutdown()


@contextmanager
def hands(jobs: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """A function like `map`, here or, for several jobs, in other processes."""
    if jobs == 1:
        yield map
        return
    with crew(jobs) as pool:
        yield pool.map


def _ended(executor: ProcessPoolExecutor) -> None:
    """The executor is gone; it would wait for what is under way."""
    _cut(executor)
    executor.shutdown(wait=True, cancel_futures=True)


def enlisted() -> None:
    """This process is a worker: steady, deaf to Ctrl-C, and gone when its parent is."""
    steadied()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _singly(work: Work[I, O], items: Sequence[I]) -> Iterator[O]:
    for item in items:
        with workers(1) as executor:
            try:
                outcome = executor.submit(work.item, item, GRACE).result()
            except BrokenExecutor:
                outcome = work.crashed(item)
        yield outcome
