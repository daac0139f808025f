"""Queries in processes of their own, killed at the deadline: Oxigraph's cannot be interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pyoxigraph as ox
from msgspec import Struct

from .answering import Answer, Asked, Failed, answer

if sys.platform != "win32":
    import resource

_SPAWN = get_context("spawn")
MEMORY = 3 << 30  # bytes of address space for a query; the store's own mapping is counted in
READY = b"ready"


class Limits(Struct, frozen=True):
    """What one query may take, and how many may run and wait.

    `seconds` for a query with its answer, `rows` and `bytes` of an answer.
    """

    seconds: float = 10.0
    rows: int = 100_000
    bytes: int = 50_000_000
    running: int = 2
    waiting: int = 32


class BusyError(Exception):
    """As many queries as may wait are waiting already."""


class _Worker:
    """One process with its pipe."""

    def __init__(self, store: str, limits: Limits) -> None:
        self.pipe, other = _SPAWN.Pipe()
        self.process: BaseProcess = _SPAWN.Process(
            target=serve, args=(store, other, limits), daemon=True)
        self.process.start()
        other.close()

    def kill(self) -> None:
        """The process is gone, whatever it was doing."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """`limits.running` processes over one store, and a spare; use it in one event loop.

    The spare takes the place of a process that is killed, while another is started.
    """

    def __init__(self, store: str, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: list[_Worker] = []
        self._waiting = 0
        self._turns = asyncio.Semaphore(limits.running)
        self._starting: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Every process has its store open."""
        await asyncio.gather(*(self._add() for _ in range(self._limits.running + 1)))

    async def _add(self) -> None:
        worker = await asyncio.to_thread(_Worker, self._store, self._limits)
        self._all.append(worker)
        await _received(worker.pipe)
        self._free.put_nowait(worker)

    async def stop(self) -> None:
        """No process is left."""
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._all:
            await asyncio.to_thread(worker.kill)
        self._all.clear()

    async def ask(self, asked: Asked) -> Answer:
        """The answer of a query; one that takes too long, or kills its process, is `Failed`.

        Raises BusyError at once where too many are waiting.
        """
        async with self._turn() as mine:
            return await self._asked(await self._free.get(), asked) if mine else _late(self._limits)

    async def _asked(self, worker: _Worker, asked: Asked) -> Answer:
        """The answer of one process, which is free again or replaced afterwards."""
        answered = False
        try:
            worker.pipe.send(asked)
            async with asyncio.timeout(self._limits.seconds):
                found = await _received(worker.pipe)
            answered = True
        except TimeoutError:
            return _late(self._limits)
        except (EOFError, OSError):
            return Failed("memory", "the query needed too much memory, or its process ended")
        finally:  # also where the client went away: its answer must not be the next one's
            if answered:
                self._free.put_nowait(worker)
            else:
                self._replace(worker)
        return found

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[bool]:
        """Whether the query may run: not where none of those before it ended in its time."""
        if self._turns.locked() and self._waiting >= self._limits.waiting:
            raise BusyError
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._turns.acquire()
        except TimeoutError:
            yield False
            return
        finally:
            self._waiting -= 1
        try:
            yield True
        finally:
            self._turns.release()

    def _replace(self, worker: _Worker) -> None:
        """The process is killed now; another one is started meanwhile."""
        self._all.remove(worker)
        worker.process.kill()
        worker.pipe.close()
        task = asyncio.get_running_loop().create_task(self._add())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)


def _late(limits: Limits) -> Failed:
    return Failed("timeout", f"the query took longer than {limits.seconds:g} s and was ended")


async def _received(pipe: Connection) -> Answer:
    """The next message of a process, without keeping a thread waiting."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pipe.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(pipe.fileno())
    found: Answer = pipe.recv()
    return found


def serve(store: str, pipe: Connection, limits: Limits) -> None:
    """The process: answers one query after the other until the pipe is closed."""
    if sys.platform != "win32":
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    opened = ox.Store.read_only(store)
    pipe.send(READY)
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            pipe.send(answer(opened, pipe.recv(), limits.rows, limits.bytes))
