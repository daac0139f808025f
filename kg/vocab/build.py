"""Compiling vocabularies into one SQLite file."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from ..files import rows, shipped
from ..text import normalise
from . import similar
from .forms import bag, without_foreign_letters
from .names import canonical
from .packages import Source
from .readers import head, reader_of
from .tagging import table
from .term import MINTED, SCOPES, Term

SCHEMA_VERSION = 3
_FALLBACK = 1000  # added to the rank of a format that all others outrank
_SCOPE = {scope: number for number, scope in enumerate(SCOPES)}
# Where wording varies; drug and gene names do not, chemicals are too many.
_BAGGED = frozenset({"phenotype", "therapy", "inheritance", "site", "factor"})
TAGGED = ("disease", "therapy", "drug", "gene", "phenotype", "inheritance", "site", "chemical",
          "factor")

_TABLES = """
CREATE TABLE sources(rank INTEGER PRIMARY KEY, name, version, origin, license, format, terms,
                     problems, sha256, url);
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
    """The rows of the index while they are gathered.

    What several vocabularies say in the same words is kept once, by the best rank.
    """

    def __init__(self) -> None:
        self.terms: dict[str, tuple[object, ...]] = {}
        self.names: dict[tuple[str, str, int, str], tuple[int, str]] = {}
        self.bags: dict[tuple[str, str, str], int] = {}
        self.xrefs: set[tuple[str, str]] = set()
        self.parents: set[tuple[str, str]] = set()
        self._normal: dict[str, str] = {}

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
        normal = self._normal.get(name)
        if normal is None:
            normal = self._normal[name] = normalise(name)
        if not normal or (normal, term.category) in _stopped("all"):
            return
        if self._keep(normal, name, scope, term, rank) and not term.obsolete \
                and SCOPES[scope] in _bagged(term.category):
            key = (bag(normal), term.category, term.id)
            self.bags[key] = min(rank, self.bags.get(key, rank))
        if not name.isascii():
            bare = normalise(without_foreign_letters(name))
            if bare and bare != normal:
                self._keep(bare, name, _SCOPE["dropped"], term, rank)

    def _keep(self, normal: str, name: str, scope: int, term: Term, rank: int) -> bool:
        """Enter a name, unless it is there by this rank or a better one."""
        key = (normal, term.category, scope, term.id)
        if (known := self.names.get(key)) is not None and known[0] <= rank:
            return False
        self.names[key] = rank, name
        return True


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
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES
                                 + similar.TABLES)
        for place, source in enumerate(sources):
            progress(source.name)
            kept.append(_read(source, place, gathered, connection))
        connection.executemany("INSERT INTO sources VALUES(?,?,?,?,?,?,?,?,?,?)", kept)
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
            reader.format, count, len(problems), _sha256(path), source.url)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _write(connection: sqlite3.Connection, gathered: Rows) -> None:
    insert = connection.executemany
    insert("INSERT INTO terms VALUES(?,?,?,?,?,?)",
           (gathered.terms[curie] for curie in sorted(gathered.terms)))
    names = sorted((name, category, scope, rank, curie, written) for
                   (name, category, scope, curie), (rank, written) in gathered.names.items())
    insert("INSERT INTO names VALUES(?,?,?,?,?,?)", names)
    insert("INSERT INTO bags VALUES(?,?,?,?)", sorted(
        (key, category, rank, curie) for (key, category, curie), rank in gathered.bags.items()))
    insert("INSERT INTO xrefs VALUES(?,?)", sorted(gathered.xrefs))
    insert("INSERT INTO parents VALUES(?,?)", sorted(gathered.parents))
    similar.write(connection, _phrases(gathered))
    insert("INSERT INTO taggers VALUES(?,?)", _taggers(names))


def _phrases(gathered: Rows) -> list[tuple[str, str, str]]:
    """Category and name of what classes with an identifier are called now, and how it is written
    where it is only written as an acronym."""
    found: dict[tuple[str, str], str] = {}
    for (name, category, scope, curie), (_, written) in gathered.names.items():
        if scope < _SCOPE["dropped"] and not curie.startswith(MINTED):
            acronym = "" if " " in name or written[1:].islower() else written
            key = (category, name)
            found[key] = min(found.get(key, acronym), acronym)
    return sorted((*key, acronym if any(map(str.isupper, acronym[1:])) else "")
                  for key, acronym in found.items())


def _taggers(names: Iterable[tuple[str, str, int, int, str, str]]) -> Iterator[tuple[str, bytes]]:
    """The table for finding names in text of each category; `names` come sorted."""
    stopped = _stopped("tag")
    found: dict[str, list[tuple[str, str, str]]] = {category: [] for category in TAGGED}
    for name, category, _, _, identifier, written in names:
        if category in found and (name, category) not in stopped:
            found[category].append((name, written, identifier))
    for category, rows_of in found.items():
        yield category, msgspec.msgpack.encode(table(rows_of, category))
