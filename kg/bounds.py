"""RDF files that would exhaust their parser are refused before it sees them (decisions/0044)."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyoxigraph as ox

from .errors import UsageError

DEEPEST_TERM = 100  # triple terms in one another; the parser's stack ends at some thousands
DEEPEST_XML = 10_000  # elements in one another; the parser's time grows with the square
LONGEST_ENTITY = 1_000  # characters that an entity may stand for
_BLOCK = 1 << 14
_TERM = re.compile(rb"<<\(|\)>>")
_TERM_OR_LINE = re.compile(rb"<<\(|\)>>|\n")  # no term goes on in the next line
_LINES = frozenset({ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS})
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*\[(.*?)\]\s*>", re.DOTALL)
_ENTITY = re.compile(rb"<!ENTITY\s+[^\"'>]*[\"']([^\"']*)", re.DOTALL)


def refuse(path: Path, form: ox.RdfFormat) -> None:
    """Raise UsageError where a file is nested, or its entities grow, beyond all reason."""
    if form == ox.RdfFormat.JSON_LD:
        _json(path)
    elif form == ox.RdfFormat.RDF_XML:
        _entities(path)
        _nested(path, DEEPEST_XML, _xml(path), "elements")
    else:
        pattern = _TERM_OR_LINE if form in _LINES else _TERM
        _nested(path, DEEPEST_TERM, _terms(path, pattern), "triple terms")


def _json(path: Path) -> None:
    """Nesting costs Oxigraph memory by its square; other faults are its own to tell."""
    if not path.stat().st_size:
        return
    with path.open("rb") as handle, \
            mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            msgspec.json.decode(data, type=msgspec.Raw)
        except RecursionError:
            raise UsageError(f"{path}: refused: its values are nested too deeply") from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return


def _entities(path: Path) -> None:
    """An entity of entities grows without end ("billion laughs"); OWL's are plain IRIs."""
    with path.open("rb") as handle:
        found = _DOCTYPE.search(handle.read(1 << 20))
    for value in _ENTITY.findall(found.group(1)) if found else ():
        if b"&" in value or b"%" in value or len(value) > LONGEST_ENTITY:
            raise UsageError(f"{path}: refused: an entity stands for others or for a long text")


def _nested(path: Path, deepest: int, steps: Iterator[int], what: str) -> None:
    depth = 0
    for step in steps:
        depth = max(0, depth + step)
        if depth > deepest:
            raise UsageError(f"{path}: refused: more than {deepest:,} {what} in one another")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            yield block + handle.readline(_BLOCK)


def _terms(path: Path, pattern: re.Pattern[bytes]) -> Iterator[int]:
    steps = {b"<<(": 1, b")>>": -1, b"\n": -DEEPEST_TERM}
    for block in _blocks(path):
        if b"<<(" in block or b")>>" in block:
            yield from (steps[found.group()] for found in pattern.finditer(block))


def _xml(path: Path) -> Iterator[int]:
    """How much deeper each block of the file ends than it begins."""
    for block in _blocks(path):
        ends = sum(map(block.count, (b"</", b"<!", b"<?")))
        yield block.count(b"<") - ends - block.count(b"</") - block.count(b"/>")
