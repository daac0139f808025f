"""The statements of a file of N-Quads, and the files that every database of RDF is loaded from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path

import pyoxigraph as ox

from ..errors import LoadError
from ..ntriples import RDF
from .published import GRAPH, Published
from .sparql import CHECK
from .tally import Held, Row

_ENDS = tuple(f"{RDF}{name}" for name in ("subject", "predicate", "object"))
_MARKS = tuple(f" <{end}> ".encode() for end in _ENDS)


def expected(published: Published) -> Held:
    """What a database of RDF has to hold: the statements, each once, and so many quads."""
    path = published.file(GRAPH)
    return Held({"statements": partial(statements, path)}, {"quads": published.count(GRAPH)})


def statements(path: Path) -> Iterator[Row]:
    """Id, subject, predicate and object of each statement, each once, as STR() has them.

    Raises LoadError for a line that is no quad.
    """
    found: dict[str, tuple[set[str], set[str], set[str]]] = {}
    with path.open("rb") as lines:
        text = b"".join(line for line in lines if any(mark in line for mark in _MARKS))
    try:
        for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS):
            if quad.predicate.value in _ENDS:
                ends = found.setdefault(_value(quad.subject), (set(), set(), set()))
                ends[_ENDS.index(quad.predicate.value)].add(_value(quad.object))
    except SyntaxError as error:
        raise LoadError(f"{path}: {error}") from None
    for name in sorted(found):
        yield from product((name,), *map(sorted, found[name]))


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return "" if isinstance(term, ox.Triple) else term.value


def linked(path: Path, folder: Path) -> None:
    """The file is in the folder as well, without a second copy where the disk allows it."""
    try:
        os.link(path, folder / path.name)
    except OSError:
        shutil.copyfile(path, folder / path.name)


def make(settings: dict[str, str], published: Published, expected: Held, folder: Path) -> None:  # noqa: ARG001
    """Write the graph, the check in SPARQL, and the settings of a database."""
    linked(published.file(GRAPH), folder)
    for name, text in ({"check.rq": CHECK} | settings).items():
        (folder / name).write_text(text, encoding="utf-8")


def held(folder: Path) -> Held:
    """What the files hold, read back."""
    path = folder / GRAPH
    if not path.is_file():
        raise LoadError(f"{path}: no such file")
    with path.open("rb") as lines:
        count = sum(1 for _ in lines)
    return Held({"statements": partial(statements, path)}, {"quads": count})
