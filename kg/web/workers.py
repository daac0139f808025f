"""Queries in processes of their own, killed at the deadline: Oxigraph's cannot be interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import sys
from collections import deque
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import msgspec
import pyoxigraph as ox
from msgspec import Struct

from ..prefixes import Prefixes
from .answering import Answer, Answered, Asked, Failed, answer

if sys.platform != "win32":
    import resource

_SPAWN = get_context("spawn")
MEMORY = 3 << 30  # bytes of address space for a query; the store's own mapping is counted in
READY = b"ready"
_HEAD = 4  # bytes before a message that say how long it is
_ENDED = "the query needed too much memory, or its process ended"
_packed = msgspec.msgpack.Encoder().encode
_asked = msgspec.msgpack.Decoder(Asked).decode
_answer: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answered | Failed)


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
    """One process with its pipe; `coming` is the message that is waited for, None at its end."""

    def __init__(self, store: str, limits: Limits, prefixes: dict[str, str]) -> None:
        self.pipe, other = _SPAWN.Pipe()
        self.coming: asyncio.Future[bytes | None] | None = None
        self._got = bytearray()
        self.process: BaseProcess = _SPAWN.Process(
            target=serve, args=(store, other, limits, prefixes), daemon=True)
        self.process.start()
        other.close()

    def listen(self) -> None:
        """From now on the event loop takes what the process sends."""
        asyncio.get_running_loop().add_reader(self.pipe.fileno(), self._take)

    def _take(self) -> None:
        """Read what there is: some event loops make the pipe one that does not wait."""
        try:
            part = os.read(self.pipe.fileno(), 1 << 20)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        self._got += part
        size = int.from_bytes(self._got[:_HEAD], "big")  # as Connection.send_bytes writes it
        if not part:
            asyncio.get_running_loop().remove_reader(self.pipe.fileno())
            self._come(None)
        elif len(self._got) >= _HEAD and len(self._got) - _HEAD >= size:
            message, self._got = bytes(self._got[_HEAD:]), bytearray()
            self._come(message)

    def _come(self, message: bytes | None) -> None:
        if self.coming is not None and not self.coming.done():
            self.coming.set_result(message)

    def wait(self) -> asyncio.Future[bytes | None]:
        """The next message."""
        self.coming = asyncio.get_running_loop().create_future()
        return self.coming

    def kill(self) -> None:
        """The process is told to end whatever it is doing; nothing is read from it any more."""
        asyncio.get_running_loop().remove_reader(self.pipe.fileno())
        self.process.kill()
        self.pipe.close()


class Pool:
    """`limits.running` processes over one store, and a spare; use it in one event loop.

    `here` is the store as it is open in this process, for what is brief.

    The spare takes the place of a process that is killed, while another is started.
    """

    def __init__(
        self, store: str, limits: Limits, prefixes: Prefixes, here: ox.Store | None = None
    ) -> None:
        self._store = store
        self._here = here
        self._limits = limits
        self._known, self._prefixes = prefixes, prefixes.table
        self._all: list[_Worker] = []
        self._free: list[_Worker] = []
        self._running = 0
        self._queue: deque[asyncio.Future[_Worker]] = deque()
        self._starting: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Every process has its store open."""
        self._refill()
        await asyncio.gather(*self._starting)

    def _refill(self) -> None:
        """As many processes as there should be are here or being started."""
        for _ in range(len(self._all) + len(self._starting), self._limits.running + 1):
            task = asyncio.get_running_loop().create_task(self._add())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _add(self) -> None:
        """One more process; none where it cannot open the store, for that may be gone."""
        worker = await asyncio.to_thread(_Worker, self._store, self._limits, self._prefixes)
        ready = worker.wait()
        worker.listen()
        try:
            if await ready is None:
                worker.kill()
                return
        except asyncio.CancelledError:
            worker.kill()
            raise
        self._all.append(worker)
        self._free.append(worker)
        self._next()

    async def stop(self) -> None:
        """No process is left."""
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._all:
            worker.kill()
            await asyncio.to_thread(worker.process.join)
        self._all.clear()
        self._free.clear()

    def at_once(self, asked: Asked) -> Answer:
        """The answer of a query that is brief, made here: to tell a process would take longer."""
        if self._here is None:
            self._here = ox.Store.read_only(self._store)
        return answer(self._here, asked, self._known, self._limits.rows, self._limits.bytes)

    async def ask(self, asked: Asked) -> Answer:
        """The answer of a query; one that takes too long, or kills its process, is `Failed`.

        Raises BusyError at once where too many are waiting.
        """
        worker = self._taken() or await self._turn()
        if isinstance(worker, Failed):
            return worker
        answered = False
        try:
            found = await self._sent(worker, asked)
            answered = not isinstance(found, Failed) or found.why not in {"timeout", "memory"}
            return found
        finally:  # also where the client went away: its answer must not be the next one's
            self._back(worker, answered)

    def _taken(self) -> _Worker | None:
        """A process, where one is free and another query may run."""
        if not self._free or self._running >= self._limits.running:
            return None
        self._running += 1
        return self._free.pop()

    def _back(self, worker: _Worker, answered: bool) -> None:
        """The process is free again, or replaced; whoever has waited longest goes on."""
        self._running -= 1
        if answered:
            self._free.append(worker)
        else:
            self._replace(worker)
        self._next()

    async def _turn(self) -> _Worker | Failed:
        """A process for who waits its turn; the failure where none came in time."""
        if len(self._queue) >= self._limits.waiting:
            raise BusyError
        self._refill()
        mine: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._queue.append(mine)
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await asyncio.shield(mine)
        except TimeoutError:
            if mine.done():  # it came at the same moment
                return mine.result()
            return _late(self._limits) if self._all else \
                Failed("gone", "no process could be started for the query")
        except asyncio.CancelledError:
            if mine.done():
                self._back(mine.result(), answered=True)
            raise
        finally:
            if mine in self._queue:
                self._queue.remove(mine)

    def _next(self) -> None:
        """Whoever has waited longest goes on, if there is a process for it."""
        if self._queue and (worker := self._taken()):
            self._queue.popleft().set_result(worker)

    async def _sent(self, worker: _Worker, asked: Asked) -> Answer:
        """What one process answers within the time."""
        coming = worker.wait()
        loop = asyncio.get_running_loop()
        clock = loop.call_later(self._limits.seconds, _give_up, coming)
        try:
            worker.pipe.send_bytes(_packed(asked))
            message = await coming
        except TimeoutError:
            return _late(self._limits)
        except OSError:
            message = None
        finally:
            clock.cancel()
        return Failed("memory", _ENDED) if message is None else _answer.decode(message)

    def _replace(self, worker: _Worker) -> None:
        """The process is killed now; another one is started meanwhile."""
        self._all.remove(worker)
        worker.kill()
        asyncio.get_running_loop().run_in_executor(None, worker.process.join)
        self._refill()


def _give_up(coming: asyncio.Future[bytes | None]) -> None:
    if not coming.done():
        coming.set_exception(TimeoutError())


def _late(limits: Limits) -> Failed:
    return Failed("timeout", f"the query took longer than {limits.seconds:g} s and was ended")


def serve(store: str, pipe: Connection, limits: Limits, prefixes: dict[str, str]) -> None:
    """The process: answers one query after the other until the pipe is closed.

    An alarm ends it where the server, which kills it at the deadline, is gone itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which waits for us
    if sys.platform != "win32":
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    opened, known = ox.Store.read_only(store), Prefixes(prefixes)
    pipe.send_bytes(READY)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            asked = _asked(pipe.recv_bytes())
            _alarm(math.ceil(limits.seconds) + 2)
            pipe.send_bytes(_packed(answer(opened, asked, known, limits.rows, limits.bytes)))
            _alarm(0)


def _alarm(seconds: int) -> None:
    if sys.platform != "win32":
        signal.alarm(seconds)
