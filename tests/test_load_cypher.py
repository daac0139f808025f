"""The Cypher and SQL of docs/databases.md: true on the example pages, and equal to SPARQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import exports, frequency, loads, prefixes, queries, query
from kg.exports.kgx_terms import Curies
from kg.loads import duck, ladybug
from kg.loads.published import Published

ROOT = Path(__file__).parents[1]
QUESTIONS = {"therapies": "disease", "shared-therapies": "disease", "genes": "disease",
             "phenotypes": "disease", "publications": "statement"}
Ask = Callable[[str, dict[str, Any]], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def docs() -> str:
    """The text of docs/databases.md; the tests of an installed package have none."""
    path = ROOT / "docs/databases.md"
    if not path.is_file():
        pytest.skip("docs/databases.md is only in a checkout")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of the example pages."""
    if not (ROOT / "exports/graph.nq").is_file():
        pytest.skip("the committed exports are only in a checkout")
    where = tmp_path_factory.mktemp("examples")
    exports.write(ROOT / "exports/graph.nq", where / "exports")
    return where


@pytest.fixture(scope="module")
def ask(folder: Path) -> Iterator[Ask]:
    """A function that asks Ladybug in Cypher with parameters."""
    pytest.importorskip("ladybug", reason="the extra ladybug is not installed")
    loads.load(loads.find("ladybug"), folder, folder / "ladybug")

    with ladybug.opened(folder / "ladybug" / ladybug.FILE, read_only=True) as run:
        yield lambda text, given: [tuple(row) for row in run(text, given)]


@pytest.fixture(scope="module")
def store(folder: Path) -> ox.Store:
    """The RDF of the same run."""
    return opened(folder)


def opened(folder: Path) -> ox.Store:
    """The graph of a folder of exports, to be asked in SPARQL."""
    return query.open_store(folder / "exports/graph.nq", "SELECT * { ?s ?p ?o }")


def cypher(docs: str, name: str) -> str:
    """The block of Cypher that answers the question of a named query."""
    found = re.search(rf"^`{name}`: [^\n]*\n\n```cypher\n(.*?)```", docs, re.MULTILINE | re.DOTALL)
    assert found, name
    return found.group(1)


def columns(text: str) -> list[str]:
    """The names that a query's RETURN gives, which are those of the SPARQL query."""
    return re.findall(r" AS (\w+)", text.partition("RETURN")[2].partition("UNION")[0])


def sparql(store: ox.Store, name: str, given: str, names: list[str]) -> set[tuple[Any, ...]]:
    """The rows of a named query, with CURIEs as KGX has them."""
    table = prefixes.load()
    text = queries.text(queries.find(name), {QUESTIONS[name]: given}, table)
    found = query.ask(store, text, table)
    assert isinstance(found, ox.QuerySolutions)
    curies = Curies(table)
    return {tuple(_cell(row[column], curies, column) for column in names) for row in found}


def _cell(term: Any, curies: Curies, column: str) -> Any:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return curies.of(term.value)
    if column == "frequency":
        return {one.label.lower(): one.id for one in frequency.bands()}[term.value]
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "boolean":
        return term.value == "true"
    return int(term.value) if kind == "integer" else term.value


def subjects(folder: Path, parameter: str) -> list[str]:
    """Every disease or every statement that is an edge."""
    what = Published.at(folder)
    if parameter == "disease":
        return [row["id"] for row in what.nodes.rows() if "biolink:Disease" in row["category"]]
    return [row["id"] for table in what.edges for row in table.rows()]


@pytest.mark.parametrize("name", QUESTIONS)
def test_cypher_gives_the_rows_of_sparql(
    folder: Path, store: ox.Store, docs: str, ask: Ask, name: str
) -> None:
    """For every disease or statement of the example pages: the same rows, each once."""
    text = cypher(docs, name)
    total = 0
    for given in subjects(folder, QUESTIONS[name]):
        rows = ask(text, {QUESTIONS[name]: given})
        assert len(rows) == len(set(rows))
        assert set(rows) == sparql(store, name, given, columns(text)), given
        total += len(rows)
    assert total > 0


def test_the_checksum_in_cypher(folder: Path, docs: str, ask: Ask) -> None:
    """Ladybug works out the number of the receipt by itself."""
    receipt = loads.check(loads.find("ladybug"), folder, folder / "ladybug")
    found = re.search(r"In Cypher.*?```cypher\n(.*?)```", docs, re.DOTALL)
    assert found
    for part, text in (("edges", found.group(1)),
                       ("qualified_edges", found.group(1).replace("WHERE NOT", "WHERE"))):
        ((count, checksum),) = ask(text, {})
        assert (count, checksum) == (receipt.holds[part].count, receipt.holds[part].checksum)


def test_the_checksum_in_sql(folder: Path, docs: str) -> None:
    """DuckDB works out the number of the receipt by itself."""
    pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
    receipt = loads.load(loads.find("duckdb"), folder, folder / "duckdb")
    found = re.search(r"```sql\n(.*?)```", docs, re.DOTALL)
    assert found
    with duck.opened(folder / "duckdb" / duck.FILE, read_only=True) as database:
        ((count, checksum),) = database.execute(found.group(1)).fetchall()
    assert (count, checksum) == (receipt.holds["edges"].count, receipt.holds["edges"].checksum)


def test_every_target_is_documented(docs: str) -> None:
    """A row in the table and a recipe; nothing else is promised."""
    table = docs.partition("## Targets")[2].partition("## ")[0]
    named = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
             for name in re.findall(r"`(\w+)`", row)}
    assert named == {one.name for one in loads.TARGETS}
    recipes = docs.partition("## Recipes")[2]
    assert all(f"kg load {one.name}" in recipes for one in loads.TARGETS)
