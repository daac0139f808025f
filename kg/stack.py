"""Work that recurses deeply, done in a thread with room for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
ROOM = 512 << 20  # bytes of address space, of which only what is used is taken


def with_room(work: Callable[[], T]) -> T:
    """What `work` gives or raises, from a thread whose stack has ROOM bytes.

    Oxigraph's parser of SPARQL recurses without a limit of its own: a query of some thousand
    brackets ends the process on a stack of the usual size.  Ctrl-C is heard meanwhile.
    """
    found: Future[T] = Future()

    def run() -> None:
        try:
            found.set_result(work())
        except BaseException as error:  # also a panic of Rust, which is no Exception
            found.set_exception(error)

    before = threading.stack_size(ROOM)
    try:
        threading.Thread(target=run, daemon=True).start()
    finally:
        threading.stack_size(before)
    return found.result()
