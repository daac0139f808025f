"""Compiling vocabularies into one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from ..files import rows, shipped
from ..text import normalise
from .forms import bag, without_foreign_letters
from .names import canonical
from .packages import Source
from .readers import head, reader_of
from .tagging import table
from .term import SCOPES, Term

SCHEMA_VERSION = 2
_FALLBACK = 1000  # added to the rank of a format that all others outrank
_SCOPE = {scope: number for number, scope in enumerate(SCOPES)}
# Where wording varies; drug and gene names do not, chemicals are too many.
_BAGGED = frozenset({"phenotype", "therapy", "inheritance", "site", "factor"})
TAGGED = ("disease", "therapy", "drug", "gene", "phenotype", "inheritance", "site", "chemical",
          "factor")

_TABLES = """
CREATE TABLE sources(rank INTEGER PRIMARY KEY, name, version, origin, license, format, terms,
                     problems);
CREATE TABLE problems(rank, line, problem);
CREATE TABLE terms(id TEXT PRIMARY KEY, label, category, rank, obsolete, replaced_by)
    WITHOUT ROWID;
CREATE TABLE names(name, category, scope, rank, id, written,
                   PRIMARY KEY(name, category, scope, rank, id)) WITHOUT ROWID;
CREATE TABLE bags(bag, category, rank, id, PRIMARY KEY(bag, category, rank, id)) WITHOUT ROWID;
CREATE TABLE xrefs(xref, id, PRIMARY KEY(xref, id)) WITHOUT ROWID;
CREATE TABLE parents(id, parent, PRIMARY KEY(id, parent)) WITHOUT ROWID;
CREATE TABLE taggers(category PRIMARY KEY, data);
"""
# Made once all rows are there: faster than keeping them up row by row.
_INDEXES = """
CREATE INDEX names_of ON names(id);
CREATE INDEX xrefs_of ON xrefs(id);
CREATE INDEX children ON parents(parent);
"""


class Rows:
    """The rows of the index while they are gathered."""

    def __init__(self) -> None:
        self.terms: dict[str, tuple[object, ...]] = {}
        self.names: dict[tuple[str, str, int, int, str], str] = {}
        self.bags: set[tuple[str, str, int, str]] = set()
        self.xrefs: set[tuple[str, str]] = set()
        self.parents: set[tuple[str, str]] = set()

    def add(self, term: Term, rank: int) -> None:
        """Take one term; of two with one id the first source's label and status stay."""
        first = self.terms.get(term.id)
        if first is None or not first[1]:
            self.terms[term.id] = (term.id, term.label, term.category, rank,
                                   int(term.obsolete), term.replaced_by)
        self.xrefs.update((canonical(xref), term.id) for xref in term.xrefs)
        self.parents.update((term.id, parent) for parent in term.parents)
        for name, scope in _names(term):
            self._name(name, scope, term, rank)

    def _name(self, name: str, scope: int, term: Term, rank: int) -> None:
        normal = normalise(name)
        if not normal or (normal, term.category) in _stopped("all"):
            return
        self.names.setdefault((normal, term.category, scope, rank, term.id), name)
        if SCOPES[scope] in _bagged(term.category) and not term.obsolete:
            self.bags.add((bag(normal), term.category, rank, term.id))
        if not name.isascii():
            bare = normalise(without_foreign_letters(name))
            if bare and bare != normal:
                key = (bare, term.category, _SCOPE["dropped"], rank, term.id)
                self.names.setdefault(key, name)


def _bagged(category: str) -> frozenset[str]:
    """The scopes whose names are also found by their bag: those that grounding asserts."""
    if category == "disease":
        return frozenset({"label", "exact", "mapped", "related"})
    return frozenset({"label", "exact"} if category in _BAGGED else ())


def _names(term: Term) -> Iterator[tuple[str, int]]:
    if term.obsolete:
        if term.label and term.replaced_by:
            yield term.label, _SCOPE["obsolete"]
        return
    if term.label:
        yield term.label, _SCOPE["label"]
    for name, scope in term.synonyms:
        yield name, _SCOPE[scope]


@cache
def _stopped(scope: str) -> frozenset[tuple[str, str]]:
    """The (normal form, category) that data/stop.tsv takes out of look-ups or out of text."""
    return frozenset((normalise(cells["term"]), cells["category"])
                     for _, cells in rows(shipped("data/stop.tsv")) if cells["scope"] == scope)


def build(path: Path, sources: Iterable[Source], progress: Callable[[str], None]) -> None:
    """Write the index of `sources`, the first ranking highest, to the new file `path`.

    Raises DataError or UsageError where a file is damaged or in no known format.
    """
    gathered, kept = Rows(), []
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        for place, source in enumerate(sources):
            progress(source.name)
            kept.append(_read(source, place, gathered, connection))
        connection.executemany("INSERT INTO sources VALUES(?,?,?,?,?,?,?,?)", kept)
        progress("writing")
        _write(connection, gathered)
        connection.executescript(_INDEXES)
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.commit()
    finally:
        connection.close()


def _read(source: Source, place: int, gathered: Rows,
          connection: sqlite3.Connection) -> tuple[object, ...]:
    """Gather one source's terms; its row of the table of sources."""
    path = Path(source.path)
    reader, problems = reader_of(path), list[tuple[int, str]]()
    rank, count = place + (_FALLBACK if reader.fallback else 0), 0
    for term in reader.read(path, lambda line, problem: problems.append((line, problem))):
        gathered.add(term, rank)
        count += 1
    connection.executemany("INSERT INTO problems VALUES(?,?,?)",
                           [(rank, line, problem) for line, problem in problems])
    return (rank, source.name, reader.version(path, head(path)), source.origin, source.license,
            reader.format, count, len(problems))


def _write(connection: sqlite3.Connection, gathered: Rows) -> None:
    insert = connection.executemany
    insert("INSERT INTO terms VALUES(?,?,?,?,?,?)", sorted(gathered.terms.values(), key=str))
    names = sorted((*key, written) for key, written in gathered.names.items())
    insert("INSERT INTO names VALUES(?,?,?,?,?,?)", names)
    insert("INSERT INTO bags VALUES(?,?,?,?)", sorted(gathered.bags))
    insert("INSERT INTO xrefs VALUES(?,?)", sorted(gathered.xrefs))
    insert("INSERT INTO parents VALUES(?,?)", sorted(gathered.parents))
    stopped = _stopped("tag")
    for category in TAGGED:
        rows_of = ((name, written, identifier) for name, kind, _, _, identifier, written in names
                   if kind == category and (name, kind) not in stopped)
        insert("INSERT INTO taggers VALUES(?,?)",
               [(category, msgspec.msgpack.encode(table(rows_of, category)))])
