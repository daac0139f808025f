"""What is printed on a terminal: no character of a page can move its cursor or turn its lines."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click

from ..terminal import plain


def shown(text: str) -> str:
    """`text` with its line ends and tabs, and of other control and hidden characters none."""
    return text if text.isprintable() else "\n".join(
        "\t".join(map(plain, line.split("\t"))) for line in text.split("\n"))


def remark(message: str) -> None:
    """A line about the work on standard error, whatever the names and words in it hold.

    Progress bars go there as well, which a Screen would break: so each line is made plain itself.
    """
    click.echo(plain(message), err=True)


class Screen(io.RawIOBase):
    """A terminal to write bytes of UTF-8 to, each character as `shown`."""

    def __init__(self, terminal: BinaryIO) -> None:
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> int:  # type: ignore[override] # of what RawIOBase takes
        """Everything is written, but for the beginning of a character that is not whole yet."""
        self._terminal.write(shown(self._decoder.decode(bytes(data))).encode())
        return len(data)

    def flush(self) -> None:
        """What was written is on the terminal."""
        if not self.closed:
            self._terminal.flush()

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """It stands for one."""
        return True

    def fileno(self) -> int:
        """The terminal's own, for its width."""
        return self._terminal.fileno()


@contextmanager
def screened() -> Iterator[None]:
    """Within the block sys.stdout is a Screen where it is a terminal; a file gets all as it is."""
    before = sys.stdout
    if not before.isatty():
        yield
        return
    before.flush()
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(Screen(before.buffer)), encoding="utf-8",
                                  errors="replace", line_buffering=True)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stdout = before
