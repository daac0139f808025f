"""Files that hold many documents, cut into pages one at a time: PubMed and PMC sets, Orphadata."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from ..errors import SourceError
from ..model import Document
from .xml import HEAD, root_of

CHUNK = 1 << 20
LONGEST = 10_000_000  # bytes of a document, and of what stands between two
MOST_INFLATED = 200  # times its size that a gzip file may grow to; PubMed's grow to the tenfold
_GZIP = b"\x1f\x8b"
_FAULT = b"<?rarekg-fault "
_SUFFIXES = (".xml", ".nxml", ".gz")
_TAG = 100  # bytes of the longest tag that is looked for: the end of a chunk may cut it


class Container(Struct, frozen=True):
    """A root element, the elements in it that are documents, and where those say their number."""

    root: bytes
    documents: tuple[bytes, ...]
    number: re.Pattern[bytes]


_PMC = re.compile(rb"pub-id-type=\"pmc(?:id|aid)?\"[^>]*>\s*((?:PMC)?\d{1,12})\s*<")
_ORPHA = re.compile(rb"<OrphaCode>\s*(\d{1,9})\s*</OrphaCode>")

# The root element decides; `article` alone is a container only where it is packed.
CONTAINERS: tuple[Container, ...] = (
    Container(b"PubmedArticleSet", (b"PubmedArticle", b"PubmedBookArticle"),
              re.compile(rb"<PMID[^<>]*>\s*(\d{1,12})\s*</PMID>")),
    Container(b"pmc-articleset", (b"article",), _PMC),
    Container(b"article", (b"article",), _PMC),
    Container(b"JDBOR", (b"Disorder", b"HPODisorderSetStatus"), _ORPHA),
)


def members(name: str, content: Path | bytes) -> Iterator[tuple[str, bytes]] | None:
    """The documents of a container as `split` gives them; None where the content is no container.

    A file is looked into only where its name ends as an XML or gzip file's does.
    """
    if isinstance(content, Path) and not content.name.lower().endswith(_SUFFIXES):
        return None
    try:
        with _opened(content) as handle:
            packed = handle.read(len(_GZIP)) == _GZIP
            handle.seek(0)
            head = (gzip.GzipFile(fileobj=handle) if packed else handle).read(HEAD)
    except (OSError, EOFError, zlib.error):
        return None
    root = root_of(head)[0]
    known = any(root == one.root for one in CONTAINERS)
    return _members(name, content) if known and (packed or root != b"article") else None


def _opened(content: Path | bytes) -> BinaryIO:
    """A handle of the content; a pipe, which would wait for ever, is not opened."""
    if isinstance(content, Path) and not content.is_file():
        raise FileNotFoundError
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _members(name: str, content: Path | bytes) -> Iterator[tuple[str, bytes]]:
    with _opened(content) as handle:
        yield from split(name, handle)


def split(name: str, handle: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Each document of a container as a page `name#number` with its own bytes, as they stand there.

    `handle` is plain or gzipped and must be seekable.  A document without a number has its place
    ("n17"), one whose number is taken a suffix (".2").  Memory holds one document.  What cannot be
    cut is a page called `name` that `read` refuses with the reason, after all that could.
    """
    seen: dict[str, int] = {}
    place = 0
    try:
        stream = _Stream(handle)
        kind = stream.kind()
        for place, piece in enumerate(stream.pieces(kind.documents), 1):
            found = kind.number.search(piece)
            number = found.group(1).decode("ascii") if found else f"n{place}"
            seen[number] = seen.get(number, 0) + 1
            suffix = f".{seen[number]}" if seen[number] > 1 else ""
            yield f"{name}#{number}{suffix}", piece
        if not place:
            yield name, fault("no document in it")
    except SourceError as error:
        yield name, fault(f"{error.reason}, after {place:,} documents")
    except (OSError, EOFError, zlib.error) as error:
        yield name, fault(f"damaged gzip data after {place:,} documents ({error})")


class _Stream:
    """A container read in chunks, of which only what is not cut yet is kept."""

    def __init__(self, handle: BinaryIO) -> None:
        self._raw = handle
        packed = handle.read(len(_GZIP)) == _GZIP
        handle.seek(0)
        # read1 gives what there is before the place where the data is damaged
        self._take = gzip.GzipFile(fileobj=handle).read1 if packed else handle.read
        self._packed = packed
        self._read = 0
        self._kept = bytearray()

    def _more(self) -> bool:
        """Whether there was another chunk; raises SourceError for a gzip bomb."""
        chunk = self._take(CHUNK)
        self._kept += chunk
        self._read += len(chunk)
        if self._packed and self._read > LONGEST + MOST_INFLATED * self._raw.tell():
            raise SourceError("", f"gzip data that grows more than {MOST_INFLATED}-fold")
        return bool(chunk)

    def kind(self) -> Container:
        """What the root element says; raises SourceError where it is none of CONTAINERS."""
        while len(self._kept) < HEAD and self._more():
            pass
        root = root_of(bytes(self._kept[:HEAD]))[0]
        found = next((one for one in CONTAINERS if one.root == root), None)
        if found is None:
            raise SourceError("", "no known kind of container")
        return found

    def pieces(self, names: tuple[bytes, ...]) -> Iterator[bytes]:
        """Every element of these names with its tags.

        One that has no end is given up to the next of its name, or as far as LONGEST bytes were
        read: `read` says of it what is wrong.
        """
        begins = re.compile(rb"<(" + b"|".join(names) + rb")[\s>]")
        while found := self._next(begins):
            name = bytes(found.group(1))
            del self._kept[:found.start()]
            end = self._found(re.compile(rb"(</" + name + rb"\s{0,9}>)|<" + name + rb"[\s>]"))
            stop = (end.end(1) if end.group(1) else end.start()) if end else len(self._kept)
            yield bytes(self._kept[:stop])
            del self._kept[:stop]

    def _next(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The next match; what is before it is dropped, and SourceError raised for too much."""
        dropped = 0
        while not (found := pattern.search(self._kept)):
            surplus = max(0, len(self._kept) - _TAG)
            del self._kept[:surplus]
            dropped += surplus
            if dropped > LONGEST:
                raise SourceError("", f"no document in {LONGEST:,} bytes")
            if not self._more():
                return None
        return found

    def _found(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The next match after the tag that stands first, None without one in LONGEST bytes."""
        start = 1
        while not (found := pattern.search(self._kept, start)):
            start = max(1, len(self._kept) - _TAG)
            if len(self._kept) > LONGEST or not self._more():
                return None
        return found


def fault(reason: str) -> bytes:
    """Bytes that `read` refuses with this reason."""
    return _FAULT + " ".join(reason.split()).encode() + b"?>"


def sniff(data: bytes) -> bool:
    """Whether the data stands for what could not be cut out of a container."""
    return data.startswith(_FAULT)


def read(page: str, data: bytes) -> Document:
    """Raises SourceError with the reason that the data gives."""
    reason = data.removeprefix(_FAULT).removesuffix(b"?>")
    raise SourceError(page, reason.decode("utf-8", "replace"))
