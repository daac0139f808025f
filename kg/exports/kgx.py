"""KGX: nodes and edges as TSV and JSON Lines, what Biolink cannot say beside them, and a report."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from ..prefixes import Prefixes
from ..splicing import copied
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
        with ExitStack() as stack:
            outs = {name: stack.enter_context((part / name).open("wb")) for name in HEADS}
            for name, head in HEADS.items():
                outs[name].write(head)
            counts = put(rows(release), outs)
        told(part, counts, release.prefixes)
        part.rename(folder)
    return folder


def put(found: Iterable[Found], outs: Mapping[str, IO[bytes]]) -> Counts:
    """Append each row to the files of its table; returns the counts."""
    counts = Counts()
    sheets = {name: (outs.get(f"kgx_{name}.jsonl"), outs[file_of(name, "tsv")], columns)
              for name, columns in _COLUMNS.items()}
    for one in found:
        counts.add(one)
        if one.table in sheets:
            lines, texts, columns = sheets[one.table]
            texts.write(tsv(one.row, columns).encode())
            if lines:
                lines.write(json_line(one.row))
    return counts


def told(folder: Path, counts: Counts, prefixes: Prefixes) -> None:
    """The files that stand beside the rows are in `folder`."""
    (folder / REPORT).write_bytes(_pretty(counts.report()))
    (folder / PREFIXES).write_bytes(_pretty(table(prefixes)))


def file_of(name: str, suffix: str) -> str:
    """The file of a table."""
    return MEASUREMENT_FILE if name == "measurements" else f"kgx_{name}.{suffix}"


_COLUMNS = {**COLUMNS, "measurements": MEASUREMENTS}
# The files that hold rows, with how each begins.
HEADS = {**{f"kgx_{name}.jsonl": b"" for name in COLUMNS},
         **{file_of(name, "tsv"): "\t".join(header).encode() + b"\n"
            for name, header in _COLUMNS.items()}}


def _pretty(value: Report | dict[str, str]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


class Counts:
    """What went where: numbers by name, in groups ("table", "category", "kind gene" …)."""

    def __init__(self) -> None:
        self.groups: dict[str, dict[str, int]] = {}

    def add(self, one: Found) -> None:
        """Count a row."""
        self._up("table", one.table)
        if one.projected:
            self._up("table", "projected")
        if one.kind:
            self._up(f"kind {one.kind}", "projected" if one.projected else one.table)
        if one.table == "edges":
            self._up("predicate", one.row["predicate"])
        if one.table == "nodes":
            for category in one.row["category"]:
                self._up("category", category)

    def _up(self, group: str, name: str, by: int = 1) -> None:
        found = self.groups.setdefault(group, {})
        found[name] = found.get(name, 0) + by

    def plus(self, groups: Mapping[str, Mapping[str, int]]) -> None:
        """Add what was counted elsewhere."""
        for group, found in groups.items():
            for name, number in found.items():
                self._up(group, name, number)

    def report(self) -> Report:
        """The counts in order."""
        tables = Counter(self.groups.get("table", {}))
        places = ("edges", "qualified_edges", "synonyms", "measurements")
        return Report(
            statements=sum(tables[place] for place in places) - tables["projected"],
            nodes=tables["nodes"],
            edges=tables["edges"], qualified_edges=tables["qualified_edges"],
            synonyms=tables["synonyms"], measurements=tables["measurements"],
            projected=tables["projected"],
            kinds={group[len("kind "):]: dict(sorted(found.items()))
                   for group, found in sorted(self.groups.items()) if group.startswith("kind ")},
            categories=dict(sorted(self.groups.get("category", {}).items())),
            predicates=dict(sorted(self.groups.get("predicate", {}).items())))


def _copy(release: Release, out: IO[bytes], name: str) -> int:
    """Copy one of the files; returns how many rows it has."""
    path = built(release) / name
    with path.open("rb") as lines:
        copied(lines, 0, path.stat().st_size, out)
    return count(release, name)


def count(release: Release, name: str) -> int:
    """How many rows one of the files has."""
    folder = built(release)
    if name in {REPORT, PREFIXES}:
        return len(msgspec.json.decode((folder / name).read_bytes()))
    report = msgspec.json.decode((folder / REPORT).read_bytes(), type=Report)
    return next(int(getattr(report, table)) for table in _COLUMNS
                if name in {file_of(table, "tsv"), file_of(table, "jsonl")})


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
