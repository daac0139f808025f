"""KGX: nodes and edges as TSV and JSON Lines, what Biolink cannot say beside them, and a report."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from .kgx_cells import EDGES, MEASUREMENTS, NODES, json_line, tsv
from .kgx_rows import Found, Reader
from .kgx_terms import table
from .release import Release

FOLDER = "kgx"
REPORT = "kgx_report.json"
PREFIXES = "kgx_prefixes.json"
MEASUREMENT_FILE = "measurements.tsv"
# The tables that are KGX, and are JSON Lines as well.
COLUMNS = {"nodes": NODES, "edges": EDGES, "qualified_edges": EDGES}


class Report(Struct, frozen=True):
    """How many rows there are, and where each kind's statements went.

    edges + qualified_edges + synonyms + measurements - projected = statements: `projected` counts
    the measurements that are an edge as well.  By kind, edges are those that are nothing else.
    """

    statements: int
    nodes: int
    edges: int
    qualified_edges: int
    synonyms: int
    measurements: int
    projected: int
    kinds: dict[str, dict[str, int]]
    categories: dict[str, int]
    predicates: dict[str, int]


def rows(release: Release) -> Iterator[Found]:
    """Every row of the release: edges and measurements in the order of ids, then the nodes."""
    return Reader(release.prefixes).rows(release.nodes())


def built(release: Release) -> Path:
    """A folder with every file, made at the first call for this release."""
    folder = release.scratch / FOLDER
    if not folder.exists():
        part = release.scratch / f"{FOLDER}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        _write(rows(release), part)
        (part / PREFIXES).write_bytes(_pretty(table(release.prefixes)))
        part.rename(folder)
    return folder


def _write(found: Iterable[Found], folder: Path) -> None:
    counts = _Counts()
    columns = {**COLUMNS, "measurements": MEASUREMENTS}
    with ExitStack() as stack:
        lines = {name: stack.enter_context((folder / f"kgx_{name}.jsonl").open("wb"))
                 for name in COLUMNS}
        texts = {name: stack.enter_context((folder / file_of(name, "tsv")).open("wb"))
                 for name in columns}
        for name, header in columns.items():
            texts[name].write("\t".join(header).encode() + b"\n")
        for one in found:
            counts.add(one)
            if one.table in lines:
                lines[one.table].write(json_line(one.row))
            if one.table in texts:
                texts[one.table].write(tsv(one.row, columns[one.table]).encode())
    (folder / REPORT).write_bytes(_pretty(counts.report()))


def file_of(name: str, suffix: str) -> str:
    """The file of a table."""
    return MEASUREMENT_FILE if name == "measurements" else f"kgx_{name}.{suffix}"


def _pretty(value: Report | dict[str, str]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


class _Counts:
    """What went where."""

    def __init__(self) -> None:
        self._tables: Counter[str] = Counter()
        self._kinds: dict[str, Counter[str]] = {}
        self._categories: Counter[str] = Counter()
        self._predicates: Counter[str] = Counter()

    def add(self, one: Found) -> None:
        self._tables[one.table] += 1
        place = "projected" if one.projected else one.table
        if one.kind:
            self._kinds.setdefault(one.kind, Counter())[place] += 1
        self._tables["projected"] += one.projected
        if one.table == "edges":
            self._predicates[one.row["predicate"]] += 1
        if one.table == "nodes":
            self._categories.update(one.row["category"])

    def report(self) -> Report:
        tables, places = self._tables, ("edges", "qualified_edges", "synonyms", "measurements")
        return Report(
            statements=sum(tables[place] for place in places) - tables["projected"],
            nodes=tables["nodes"],
            edges=tables["edges"], qualified_edges=tables["qualified_edges"],
            synonyms=tables["synonyms"], measurements=tables["measurements"],
            projected=tables["projected"],
            kinds={kind: dict(sorted(found.items()))
                   for kind, found in sorted(self._kinds.items())},
            categories=dict(sorted(self._categories.items())),
            predicates=dict(sorted(self._predicates.items())))


def _copy(release: Release, out: IO[bytes], name: str) -> int:
    """Copy one of the files; returns how many rows it has."""
    path = built(release) / name
    with path.open("rb") as lines:
        shutil.copyfileobj(lines, out, 1 << 20)
    if path.suffix == ".json":
        return len(msgspec.json.decode(path.read_bytes()))
    with path.open("rb") as lines:
        count = sum(block.count(b"\n") for block in iter(lambda: lines.read(1 << 20), b""))
    return count - (path.suffix == ".tsv")


# The files of the format by name, with what a row of them is.
FILES: dict[str, str] = {
    "kgx_nodes.tsv": "nodes", "kgx_edges.tsv": "edges", "kgx_qualified_edges.tsv": "edges",
    "kgx_nodes.jsonl": "nodes", "kgx_edges.jsonl": "edges", "kgx_qualified_edges.jsonl": "edges",
    MEASUREMENT_FILE: "rows", REPORT: "figures", PREFIXES: "prefixes",
}
MEDIA_TYPES = {".tsv": "text/tab-separated-values", ".jsonl": "application/jsonl",
               ".json": "application/json"}
WRITERS = {name: partial(_copy, name=name) for name in FILES}


def media_type(name: str) -> str:
    """The media type of a file, by its extension."""
    return MEDIA_TYPES[Path(name).suffix]
