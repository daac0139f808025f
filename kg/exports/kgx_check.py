"""Whether KGX files are whole and say what the graph says: every difference in human words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from ..errors import DataError, UsageError
from ..jsonl import UNREADABLE
from ..ontology import Kind, categories, kinds
from ..prefixes import Prefixes
from .kgx import COLUMNS, REPORT, Report, file_of
from .kgx import rows as rows_of
from .kgx_cells import COUNTS, FLAGS, LISTS, MEASUREMENTS, NESTED, SHARES, Row, json_line, rows
from .kgx_outcomes import ASSOCIATION, PROJECTED, outcomes
from .kgx_terms import table
from .release import Release

REQUIRED = {
    "nodes": ("id", "category"),
    "edges": ("id", "category", "subject", "predicate", "object", "knowledge_level", "agent_type",
              "primary_knowledge_source"),
}
REQUIRED["qualified_edges"] = REQUIRED["edges"]
_NAMED = ("id", "subject", "predicate", "object", "publications", "category", "xref")
SUFFIXES = ("tsv", "jsonl")
OTHERS = NESTED | FLAGS | COUNTS | SHARES


class Problem(Struct, frozen=True, order=True):
    """What is wrong with a row of a file; `id` is empty where it is the file itself."""

    file: str
    id: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.id, self.message) if part)


def is_kgx(folder: Path) -> bool:
    """Whether a folder holds KGX files of ours."""
    return any((folder / f"kgx_edges.{suffix}").is_file() for suffix in SUFFIXES)


def problems(
    folder: Path, prefixes: Prefixes, release: Release | None = None,
    suffixes: tuple[str, ...] = SUFFIXES,
) -> Iterator[Problem]:
    """Everything that is wrong with the KGX files of `folder`, file by file.

    With a `release`, every row is compared with what its graph gives.  Raises UsageError where
    there are no KGX files.
    """
    there = [one for one in suffixes if (folder / f"kgx_edges.{one}").is_file()]
    if not there:
        raise UsageError(f"{folder}: no kgx_edges.tsv; kg export --format kgx makes it")
    for suffix in there:
        checked = _Files(folder, suffix, frozenset(table(prefixes)))
        yield from checked.problems()
        if release is not None:
            yield from checked.differences(release)


class _Files:
    """The files of one suffix; every row is kept as a line of JSON, by id."""

    def __init__(self, folder: Path, suffix: str, prefixes: frozenset[str]) -> None:
        self._folder = folder
        self._suffix = suffix
        self._prefixes = prefixes
        self._categories: dict[str, tuple[str, ...]] = {}
        self._rows: dict[str, dict[str, bytes]] = {}
        self._counts: Counter[str] = Counter()

    def problems(self) -> Iterator[Problem]:
        """What can be seen without the graph."""
        for name in COLUMNS:
            yield from self._table(name)
        yield from self._measurements()
        yield from self._report()

    def _table(self, name: str) -> Iterator[Problem]:
        file, kept = file_of(name, self._suffix), self._rows.setdefault(name, {})
        if not (self._folder / file).is_file():
            yield Problem(file, "", "no such file")
            return
        try:
            for row in rows(self._folder / file):
                self._counts[name] += 1
                key = str(row.get("id", ""))
                if key in kept:
                    yield Problem(file, key, "the id is there twice")
                kept[key] = json_line(row)
                yield from (Problem(file, key, message) for message in (
                    list(_ill_typed(name, row)) or self._row(name, row)))
        except DataError as error:
            yield Problem(file, "", str(error))

    def _row(self, name: str, row: Row) -> Iterator[str]:
        """Prefixes, and what a node or an edge has to be."""
        for column in _NAMED:
            cell = row.get(column, ())
            for curie in [cell] if isinstance(cell, str) else cell:
                if curie.partition(":")[0] not in self._prefixes:
                    yield f"{column} {curie}: no prefix of ours"
        if name == "nodes":
            self._categories[row["id"]] = tuple(row["category"])
        else:
            yield from self._of_edge(name, row)

    def _of_edge(self, name: str, row: Row) -> Iterator[str]:
        """Its ends, whether they fit what it says, and whether it is in the right file."""
        plain = not row.get("negated") and not row.get("has_attribute")
        if plain != (name == "edges"):
            yield ("nobody denies or doubts it" if plain else
                   "it is negated, doubtful or contradicted, and must not be a plain edge")
        for end in ("subject", "object"):
            if row.get(end) not in self._categories:
                yield f"{end} {row.get(end)} is no node"
        kind = _kind(row.get("original_predicate", ""))
        if kind is not None:
            yield from self._fit(kind, row)

    def _fit(self, kind: Kind, row: Row) -> Iterator[str]:
        """Predicate, class and the categories of both ends, as the ontology has them."""
        if row["id"].endswith(PROJECTED):
            if row["category"] != [ASSOCIATION] or row["object"] not in outcomes():
                yield f"no outcome is {row['object']} as {' '.join(row['category'])}"
            return
        said = {(one.predicate, one.association) for one in kind.values.values()}
        if (row["predicate"], *row["category"]) not in said:
            yield f"no {kind.name} says {row['predicate']} as {' '.join(row['category'])}"
        ends = ("subject", "object") if kind.subject == "disease" else ("object", "subject")
        for end, fitting in zip(ends, (_DISEASE, _others(kind)), strict=True):
            found = self._categories.get(row[end], ())
            if found and not fitting & {*found, _ANY}:
                yield f"{end} {row[end]} is {' '.join(found)}, not what a {kind.name} has there"

    def _measurements(self) -> Iterator[Problem]:
        path = self._folder / file_of("measurements", "tsv")
        kept = self._rows.setdefault("measurements", {})
        if not path.is_file():
            yield Problem(path.name, "", "no such file")
            return
        try:
            for row in rows(path):
                self._counts["measurements"] += 1
                kept[row.get("id", "")] = json_line(row)
                if row.keys() - set(MEASUREMENTS):
                    yield Problem(path.name, row.get("id", ""), "a column that is not ours")
        except DataError as error:
            yield Problem(path.name, "", str(error))

    def _report(self) -> Iterator[Problem]:
        """The counts of the report against the files, and its sum."""
        try:
            report = msgspec.json.decode((self._folder / REPORT).read_bytes(), type=Report)
        except (FileNotFoundError, *UNREADABLE) as error:
            yield Problem(REPORT, "", f"cannot be read: {error}")
            return
        places = (report.edges, report.qualified_edges, report.synonyms, report.measurements)
        if sum(places) != report.statements + report.projected:
            yield Problem(REPORT, "", f"{report.statements} statements, {sum(places)} places")
        for name in (*COLUMNS, "measurements"):
            wanted, found = getattr(report, name), self._counts[name]
            if wanted != found:
                yield Problem(REPORT, "", f"{wanted} {name} were written and {found} are there")

    def differences(self, release: Release) -> Iterator[Problem]:
        """What the graph of the release gives otherwise."""
        rest = {name: dict(lines) for name, lines in self._rows.items()}
        for one in rows_of(release):
            if one.table not in rest:
                continue
            file, line = file_of(one.table, self._suffix), rest[one.table].pop(one.row["id"], None)
            if line is None:
                yield Problem(file, one.row["id"], "the graph has it and the file has not")
            elif line != json_line(one.row):
                there = msgspec.json.decode(line)
                yield from (Problem(file, one.row["id"], message)
                            for message in _compared(there, one.row))
        for name, lines in rest.items():
            yield from (Problem(file_of(name, self._suffix), key,
                                "the file has it and the graph has not") for key in sorted(lines))


_DISEASE = frozenset({"biolink:Disease"})
_ANY = "biolink:NamedThing"


@cache
def _originals() -> Mapping[str, Kind]:
    """The kind of every value and kind that an edge names as its original predicate."""
    return {iri: kind for kind in kinds().values()
            for iri in (kind.iri, *(one.iri for one in kind.values.values() if one.iri))}


def _ill_typed(name: str, row: Row) -> Iterator[str]:
    """Columns that are missing, new, or hold something else than they should."""
    for column in REQUIRED[name]:
        if not row.get(column):
            yield f"{column} is missing"
    for column, cell in row.items():
        texts = isinstance(cell, list) and all(isinstance(one, str) for one in cell)
        if column not in COLUMNS[name]:
            yield f"{column} is no column of ours"
        elif column in LISTS:
            if not texts:
                yield f"{column} is no list of texts"
        elif column not in OTHERS and not isinstance(cell, str):
            yield f"{column} is no text"


def _kind(original: str) -> Kind | None:
    return _originals().get(original)


def _others(kind: Kind) -> frozenset[str]:
    """The categories that the end beside the disease may have."""
    return frozenset(categories()[name] for name in (kind.category, *kind.vocabularies) if name)


def _compared(there: Row, wanted: Row) -> Iterable[str]:
    """The columns in which a row differs from what the graph gives."""
    # the file's own numbers and texts, as JSON has them
    given = msgspec.json.decode(json_line(wanted))
    for column in sorted(there.keys() | given.keys()):
        if there.get(column) != given.get(column):
            yield (f"{column} is {_shown(there.get(column))}, "
                   f"the graph gives {_shown(given.get(column))}")


def _shown(cell: object) -> str:
    return "nothing" if cell is None else msgspec.json.encode(cell).decode()[:200]
