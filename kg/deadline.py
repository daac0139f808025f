"""Work that nothing can interrupt, in a process of its own that is killed at its deadline."""

from __future__ import annotations

import math
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from .errors import KgError, UsageError
from .stack import with_room

_SPAWN = get_context("spawn")
_READY, _DONE, _WRONG = "ready", "done", "wrong"
SPARE = 2  # seconds after which a process ends itself whose parent is gone


def within(
    seconds: float, prepare: Callable[[], Any], work: Callable[[Any], bytes], *, late: str
) -> bytes:
    """What `work` makes of what `prepare` gives; the seconds count from when that is there.

    Both are called in another process, so they must be functions of a module or partials of such.
    Raises UsageError with their KgError's words, with `late` where the time is over, and where
    the process ended.
    """
    pipe, other = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_done, args=(other, seconds, prepare, work), daemon=True)
    process.start()
    other.close()
    try:
        kind, found = pipe.recv()
        if kind == _READY:
            if not pipe.poll(seconds):
                raise UsageError(late)
            kind, found = pipe.recv()
    except (EOFError, ConnectionResetError):
        raise UsageError("the process of the query ended: it needed too much memory, or "
                         "somebody killed it") from None
    finally:  # also at Ctrl-C
        process.kill()
        process.join()
        pipe.close()
    if kind == _WRONG:
        raise UsageError(found)
    return bytes(found)


def at_once(prepare: Callable[[], Any], work: Callable[[Any], bytes]) -> bytes:
    """What `work` makes of what `prepare` gives, here and however long it takes."""
    return with_room(lambda: work(prepare()))


def _done(
    pipe: Connection, seconds: float, prepare: Callable[[], Any], work: Callable[[Any], bytes]
) -> None:
    """The process: says when it is ready, and then what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who waits, and kills us
    try:
        made = prepare()
        pipe.send((_READY, None))
        if sys.platform != "win32":
            signal.alarm(math.ceil(seconds) + SPARE)
        pipe.send((_DONE, with_room(lambda: work(made))))
    except KgError as error:
        pipe.send((_WRONG, str(error)))
    except MemoryError:
        pipe.send((_WRONG, "the query needed too much memory"))
