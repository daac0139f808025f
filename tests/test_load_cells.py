"""Every cell of hostile rows comes back out of every engine and file set as it went in."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import load_samples
import pytest

from kg import loads
from kg.errors import LoadError
from kg.loads import duck, kgx, ladybug
from kg.loads.delimited import UNIT
from kg.loads.kgx import Cells, Table, Type
from kg.loads.published import Published

Fetch = Callable[[Path, Table], list[Cells]]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose rows have everything that breaks loaders."""
    return load_samples.hostile(tmp_path_factory.mktemp("hostile"))


def of_sqlite(folder: Path, table: Table) -> list[Cells]:
    """The rows of SQLite, its JSON lists and its 0 and 1 read."""
    with closing(sqlite3.connect(folder / "graph.sqlite")) as database:
        found = database.execute(f"SELECT * FROM {table.name}").fetchall()
    return [{name: _read(kind, cell) for (name, kind), cell
             in zip(table.columns.items(), row, strict=True)} for row in found]


def _read(kind: Type, cell: Any) -> Any:
    if cell is None:
        return None
    return json.loads(cell) if kind is Type.TEXTS else bool(cell) if kind is Type.FLAG else cell


def of_duckdb(folder: Path, table: Table) -> list[Cells]:
    """The rows of DuckDB, which has lists."""
    with duck.opened(folder / duck.FILE, read_only=True) as database:
        found = database.execute(f"SELECT * FROM {table.name}").fetchall()
    return [dict(zip(table.columns, row, strict=True)) for row in found]


def of_ladybug(folder: Path, table: Table) -> list[Cells]:
    """The rows of Ladybug's tables of nodes or edges; the ends of an edge are its nodes' ids."""
    wanted = [f"{'s.id' if name == 'subject' else 'o.id' if name == 'object' else f'e.{name}'}"
              for name in table.columns]
    match = ladybug.KEYS[table.name].partition(" RETURN")[0]
    if table.name == "nodes":
        wanted = [f"n.{name}" for name in table.columns]
    with ladybug.opened(folder / ladybug.FILE, read_only=True) as ask:
        found = list(ask(f"{match} RETURN {', '.join(wanted)}"))
    return [dict(zip(table.columns, row, strict=True)) for row in found]


def of_csv(folder: Path, table: Table) -> list[Cells]:
    """The rows of the CSV for Neo4j, whose lists are cut at the separator that import.sh names."""
    ends = {"subject": ":START_ID", "object": ":END_ID"}
    made = []
    for row in _csv_rows(folder / f"{table.name}.csv"):
        named = {header.partition(":")[0] or header: cell for header, cell in row.items()}
        made.append({name: _cell(kind, named[ends.get(name, name)])
                     for name, kind in table.columns.items()})
    return made


def of_memgraph(folder: Path, table: Table) -> list[Cells]:
    """The rows of the CSV for Memgraph, all files of a table together."""
    return [{name: _cell(kind, row[name]) for name, kind in table.columns.items()}
            for path in folder.glob(f"{table.name}-*.csv") for row in _csv_rows(path)]


def of_neptune(folder: Path, table: Table) -> list[Cells]:
    """The rows of the CSV for Neptune, whose lists are JSON."""
    ends = {"id": "~id", "subject": "~from", "object": "~to"}
    made = []
    for row in _csv_rows(folder / "csv" / f"{table.name}.csv"):
        named = {header.partition(":")[0]: cell for header, cell in row.items()}
        cells = {name: named[ends.get(name, name)] for name in table.columns}
        made.append({name: (json.loads(cells[name]) if kind is Type.TEXTS and cells[name]
                            else _cell(kind, cells[name]))
                     for name, kind in table.columns.items()})
    return made


def _csv_rows(path: Path) -> list[dict[str, str]]:
    before = csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines, strict=True))
    csv.field_size_limit(before)
    return found


def _cell(kind: Type, cell: str) -> Any:
    """A cell of CSV by its type; empty text and an empty list are nothing to Python's reader."""
    if cell == "":
        return None
    made: dict[Type, Callable[[str], Any]] = {
        Type.TEXTS: lambda text: text.split(UNIT), Type.FLAG: "true".__eq__, Type.WHOLE: int,
        Type.NUMBER: float}
    return made.get(kind, str)(cell)


ENGINES: dict[str, Fetch] = {
    "sqlite": of_sqlite, "duckdb": of_duckdb, "ladybug": of_ladybug, "neo4j": of_csv,
    "memgraph": of_memgraph, "neptune": of_neptune}
# What a CSV cannot tell apart from a missing cell: the loaders of these databases cannot either.
SAME_AS_NOTHING: dict[str, list[Any]] = {
    "neo4j": [[], [""]], "memgraph": [[], [""]], "neptune": []}


@pytest.mark.parametrize("name", ENGINES)
def test_every_cell_comes_back(hostile: Path, tmp_path: Path, name: str) -> None:
    """Texts, lists, flags, numbers and nested values, and the cells that are empty."""
    if name in {"ladybug", "duckdb"}:
        pytest.importorskip(name, reason=f"the extra {name} is not installed")
    loads.load(loads.find(name), hostile, tmp_path / name)
    what = Published.at(hostile)
    for table in (what.nodes, *what.edges):
        wanted = {row["id"]: row for row in table.rows()}
        for row in wanted.values():
            row.update({column: None for column, cell in row.items()
                        if cell in SAME_AS_NOTHING.get(name, [])})
        found = {row["id"]: row for row in ENGINES[name](tmp_path / name, table)}
        assert found == wanted


def test_labels_and_types_are_those_of_the_rows(hostile: Path, tmp_path: Path) -> None:
    """A denied edge never has the type of a stated one."""
    pytest.importorskip("ladybug", reason="the extra ladybug is not installed")
    loads.load(loads.find("ladybug"), hostile, tmp_path / "db")
    what = Published.at(hostile)
    with ladybug.opened(tmp_path / "db" / ladybug.FILE, read_only=True) as ask:
        nodes = dict(list(ask("MATCH (n) RETURN n.id, label(n)")))
        edges = dict(list(ask("MATCH ()-[e]->() RETURN e.id, label(e)")))
    assert nodes == {row["id"]: kgx.labels(row)[0] for row in what.nodes.rows()}
    assert edges == {row["id"]: kgx.relation(table, row) for table in what.edges
                     for row in table.rows()}
    assert {one.removeprefix("qualified_") for one in edges.values()} == {"treats", "causes"}


def test_a_release_without_edges_loads(hostile: Path, tmp_path: Path) -> None:
    """A page may state nothing that Biolink can say."""
    pytest.importorskip("ladybug", reason="the extra ladybug is not installed")
    where = load_samples.released(tmp_path)
    for name in ("edges", "qualified_edges"):
        load_samples.replaced(where, name, [])
    receipt = loads.load(loads.find("ladybug"), where, tmp_path / "db")
    assert receipt.holds["edges"] == receipt.holds["qualified_edges"] == loads.Tally(0, 0)


@pytest.mark.parametrize("damage", [
    "MATCH (s)-[e:treats]->(o) WHERE e.id = 'rarekg:plain/0' DELETE e",
    "MATCH (s)-[e:treats]->(o) SET e.predicate = 'biolink:causes'",
    "MATCH (n:Disease) SET n.name = 'another'",
    "MATCH (s:Disease)-[e:treats]->(:Drug), (o:Drug {id: 'X:4'}) "
    "WHERE e.id = 'rarekg:plain/0' DELETE e "
    "CREATE (s)-[:treats {id: 'rarekg:plain/0', predicate: 'biolink:treats'}]->(o)",
])
def test_damage_in_ladybug_is_found(hostile: Path, tmp_path: Path, damage: str) -> None:
    """A lost edge, another predicate, a renamed node, another end."""
    pytest.importorskip("ladybug", reason="the extra ladybug is not installed")
    loads.load(loads.find("ladybug"), hostile, tmp_path / "db")
    with ladybug.opened(tmp_path / "db" / ladybug.FILE) as ask:
        ask(damage)
    with pytest.raises(LoadError, match=r"missing: \S+"):
        loads.check(loads.find("ladybug"), hostile, tmp_path / "db")
