"""The graph in four patterns of evidence, each written from the default one and turned back."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO

from msgspec import Struct

from ..errors import UnknownName, UsageError
from ..exports import Written
from ..files import replacing, scratch, swept
from ..prefixes import Prefixes
from . import named, nanopub, rdf12, reading, trig
from .nanopub import Imprint
from .page import Reader
from .source import Graph, Source, ordered

FOLDER = "evidence"
DEFAULT = "reified"


def _pages(reader: Reader) -> Iterator[Graph]:
    return (page.graph for page in reader.pages())


class Pattern(Struct, frozen=True):
    """A way to say of a statement what backs it: `forth` writes it, `back` gives pages again.

    `key` makes one name of the graphs that belong together.
    """

    name: str
    summary: str
    forth: Callable[[Reader, Imprint], Iterator[Graph]]
    back: Callable[[Reader], Iterator[Graph]]
    key: Callable[[bytes], bytes] = bytes


# One line for each pattern; a new one is a line here and its file.
PATTERNS: tuple[Pattern, ...] = (
    Pattern(DEFAULT, "association nodes with rdf:subject, rdf:predicate, rdf:object",
            lambda reader, _: _pages(reader), _pages),
    Pattern("rdf12", "RDF 1.2: association nodes that reify a triple term",
            lambda reader, _: rdf12.forth(reader), rdf12.back),
    Pattern("graphs", "what is asserted, in a named graph for each statement",
            lambda reader, _: named.forth(reader), named.back),
    Pattern("nanopub", "a nanopublication for each statement and page, with a trusty URI",
            nanopub.forth, reading.back, reading.key),
)
FORMS = {"nquads": "application/n-quads", "trig": "application/trig"}


def find(name: str) -> Pattern:
    """The pattern of this name; raises UnknownName."""
    for pattern in PATTERNS:
        if pattern.name == name:
            return pattern
    raise UnknownName("evidence pattern", name, [pattern.name for pattern in PATTERNS])


def named_by(path: Path) -> Pattern:
    """The pattern that a file is in by its name: the default one, if it is named after none."""
    return next((one for one in PATTERNS if one.name == path.stem), find(DEFAULT))


class Wanted(Struct, frozen=True):
    """What is written: patterns, the forms of each, and who signs nanopublications."""

    patterns: tuple[Pattern, ...]
    forms: tuple[str, ...] = ("nquads",)
    imprint: Imprint = Imprint()


def write(
    path: Path, folder: Path, wanted: Wanted, prefixes: Prefixes, was: Pattern | None = None
) -> list[Written]:
    """`path`, N-Quads in the pattern `was`, stands in FOLDER/evidence in each pattern wanted.

    Without `was` the file's name says its pattern.  Raises DataError at the line that is not as
    the pattern has it, UsageError where there is no such file or the folder cannot be written.
    """
    was, target = was or named_by(path), folder / FOLDER
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None
    swept(target)
    with scratch(target) as place:
        if was.name != DEFAULT:
            restore(path, place / "graph.nq", was, prefixes)
            path = place / "graph.nq"
        return [one for pattern in wanted.patterns
                for one in _written(path, place, pattern, wanted, prefixes)]


def restore(path: Path, target: Path, was: Pattern, prefixes: Prefixes) -> None:
    """`target` has the default pattern of `path`: a page's lines together, sorted, each once.

    Pages stand in the order in which `path` comes to them.  Raises DataError, UsageError.
    """
    with scratch(target.parent) as place:
        pieces = place / "pieces.nq"
        whole = _joined(was.back(Reader(Source(path, was.key), prefixes)), pieces)
        with replacing(target) as out:
            if whole:
                with pieces.open("rb") as lines:
                    shutil.copyfileobj(lines, out, 1 << 20)
            else:  # a page's pieces stood apart
                _lines(Source(pieces).graphs(), out)


def _joined(graphs: Iterable[Graph], target: Path) -> bool:
    """Pieces of pages are in `target`, neighbours as one; whether no page came back later."""
    seen: set[str] = set()
    whole = True
    with target.open("wb") as out:
        for name, pieces in groupby(graphs, lambda graph: graph.name):
            whole = whole and name not in seen
            seen.add(name)
            rows = ordered(row for piece in pieces for row in piece.rows)
            _lines([Graph(name, rows)], out)
    return whole


def _lines(graphs: Iterable[Graph], out: IO[bytes]) -> int:
    count = 0
    for graph in graphs:
        count += len(graph.rows)
        out.write("".join(graph.lines()).encode())
    return count


def _written(
    path: Path, place: Path, pattern: Pattern, wanted: Wanted, prefixes: Prefixes
) -> Iterator[Written]:
    """The files of one pattern; the quads are in `place` where only TriG is wanted."""
    folder = place.parent if "nquads" in wanted.forms else place
    quads = folder / f"{pattern.name}.nq"
    with replacing(quads) as out:
        reader = Reader(Source(path), prefixes)
        count = _lines(pattern.forth(reader, wanted.imprint), out)
    if "nquads" in wanted.forms:
        yield _told(quads, "nquads", count)
    if "trig" in wanted.forms:
        file = place.parent / f"{pattern.name}.trig"
        with replacing(file) as out:
            count = trig.write(Source(quads, pattern.key).groups(), prefixes, out)
        yield _told(file, "trig", count)


def _told(path: Path, form: str, count: int) -> Written:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return Written(f"{FOLDER}/{path.name}", form, FORMS[form], path.stat().st_size, digest,
                   "quads", count)
