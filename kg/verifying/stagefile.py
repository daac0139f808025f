"""The lines of a stage file by document; a line that cannot be read becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from .. import jsonl
from ..model import Claim, Document, Statement
from .finding import Finding, differing

T = TypeVar("T")
Place = tuple[int, int, int]  # the number of the first of some lines, and where they stand


class Line(Struct, frozen=True):
    """A line as it stands in its file, and its number."""

    number: int
    raw: bytes

    @property
    def text(self) -> str:
        """Its characters, with U+FFFD for what is no UTF-8."""
        return self.raw.decode("utf-8", "replace").rstrip("\n")


class StageFile(Generic[T]):
    """One stage file: where the lines of each page stand, read when they are asked for; raises
    nothing.

    `bad` are the lines that are no `kind`, `keys` the pages in the order of the file.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        self.name = path.name
        self.bad: list[Finding] = []
        self.keys: list[str] = []
        self._places: dict[str, list[Place]] = {}
        self._handle: IO[bytes] = BytesIO()
        self._decoder = msgspec.json.Decoder(kind, strict=False)
        if not path.is_file():
            self.bad.append(Finding(self.name, 0, 0, 0, "unreadable", "there is no such file"))
            return
        self._handle = path.open("rb")
        end = 0
        for number, raw in enumerate(self._handle, 1):
            self._add(Line(number, raw), end)
            end += len(raw)

    def close(self) -> None:
        """The file is free; no line can be asked for any more."""
        self._handle.close()

    def _add(self, line: Line, start: int) -> None:
        try:
            key = of_page(self._decoder.decode(line.raw))
        except jsonl.UNREADABLE as error:
            self.bad.append(Finding(self.name, line.number, 1, len(line.text) + 1, "unreadable",
                                    f"not a line of {self.name}: {error}"))
            return
        if key not in self._places:
            self.keys.append(key)
        places = self._places.setdefault(key, [])
        first = (line.number, start)
        if places and places[-1][2] == start:
            first = places.pop()[:2]
        places.append((*first, start + len(line.raw)))

    def of(self, key: str) -> list[tuple[Line, T]]:
        """The lines of a page, each with its value."""
        return [(line, self._decoder.decode(line.raw)) for line in self.raw(key)]

    def raw(self, key: str) -> list[Line]:
        """The lines of a page as they are."""
        found: list[Line] = []
        for number, start, end in self._places.get(key, ()):
            self._handle.seek(start)
            found += map(Line, count(number), BytesIO(self._handle.read(end - start)))
        return found

    def strange(self, known: set[str]) -> Iterator[Finding]:
        """The lines of pages that documents.jsonl does not have."""
        for key in self.keys:
            if key not in known:
                for line in self.raw(key):
                    yield Finding(self.name, line.number, 1, len(line.text) + 1, "order",
                                  f"documents.jsonl has no {key}")


def of_page(value: Any) -> str:
    """The key of a line: the id of its document, for a record the page's path."""
    if isinstance(value, Document):
        return value.id
    if isinstance(value, Claim):
        return value.evidence.document
    if isinstance(value, Statement):
        if not value.evidence:
            raise msgspec.ValidationError("a statement without evidence")
        return value.evidence[0].document
    page = value.get("page")
    return page if isinstance(page, str) else ""


def canonical(name: str, line: Line, value: object) -> Iterator[Finding]:
    """A line that is not written as `value` is written: spaces, other fields, another order."""
    wanted = jsonl.line(value)
    if wanted != line.raw:
        yield differing("unreadable", name, line.number, "not written as rarekg writes it",
                        (line.text, wanted.decode("utf-8", "replace").rstrip("\n")))
