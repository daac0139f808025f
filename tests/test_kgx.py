"""KGX: every statement has its place, nothing denied is a plain edge, cells survive their files."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sample_release
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg import exports, prefixes
from kg.errors import UsageError
from kg.exports import kgx, kgx_cells, kgx_outcomes
from kg.exports.kgx_cells import EDGES, LISTS, NODES, escaped, unescaped
from kg.exports.kgx_rows import names_in, several
from kg.exports.kgx_terms import Curies
from kg.facts import collect
from kg.ntriples import nodes
from kg.ontology import graph, kinds

TABLE = prefixes.load()
NAMES = [name for name in kgx.FILES if name.endswith(".tsv")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The KGX files of the sample."""
    where = sample_release.write(tmp_path_factory.mktemp("kgx"))
    exports.write(where / "graph.nq", where / "exports", exports.chosen(["kgx"]))
    return where / "exports" / "kgx"


def table(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """The rows of a file by id."""
    return {row["id"]: row for row in kgx_cells.rows(folder / name)}


@pytest.mark.parametrize("name", ["nodes", "edges", "qualified_edges"])
def test_tsv_and_json_lines_say_the_same(folder: Path, name: str) -> None:
    """Both files of a table have the same rows in the same order."""
    of_json = list(kgx_cells.rows(folder / f"kgx_{name}.jsonl"))
    assert list(kgx_cells.rows(folder / f"kgx_{name}.tsv")) == of_json
    assert of_json


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_rows(folder: Path, name: str) -> None:
    """A quote with a line end or a pipe does not break its line, and no cell is quoted."""
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    assert {line.count("\t") for line in lines[:-1]} == {lines[0].count("\t")}
    assert lines[-1] == ""


def test_columns_are_known_once() -> None:
    """No column twice, and those that hold lists are columns."""
    for columns in (NODES, EDGES, kgx_cells.MEASUREMENTS):
        assert len(set(columns)) == len(columns)
    known = {*NODES, *EDGES, *kgx_cells.MEASUREMENTS}
    assert known >= LISTS | kgx_cells.NESTED | kgx_cells.COUNTS | kgx_cells.SHARES


@given(st.text())
def test_cells_give_back_their_text(text: str) -> None:
    """Any text is one cell without tab, line end or pipe, and comes back."""
    cell = escaped(text)
    assert not set(cell) & set("\t\n\r|")
    assert unescaped(cell) == text


@given(st.lists(st.text(min_size=1), min_size=1))
def test_names_give_back_their_names(names: list[str]) -> None:
    """Several names in one text come apart again, whatever is in them."""
    assert names_in(several(names)) == names


@given(st.sampled_from(sorted(TABLE.table)), st.text(
    st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1))
def test_curies_give_back_their_iris(prefix: str, local: str) -> None:
    """An IRI is a CURIE that expands to it; a node's has no slash, as KGX demands."""
    curies = Curies(TABLE)
    iri = TABLE.table[prefix] + local
    curie = curies.of(iri)
    assert curies.iri(curie) == iri
    assert "/" not in curie or curie.startswith("rarekg:")


def test_every_statement_has_its_place(folder: Path) -> None:
    """What the report counts are the statements of the graph, kind by kind."""
    report = msgspec.json.decode((folder / kgx.REPORT).read_bytes(), type=kgx.Report)
    lines = (folder.parents[1] / "graph.nq").read_text(encoding="utf-8").splitlines()
    triples = sorted({line.rsplit(" ", 2)[0] + " .\n" for line in lines})
    facts = collect(nodes(triples), TABLE).facts
    assert report.statements == len(facts)
    for kind in kinds():
        places = report.kinds.get(kind, {})
        found = sum(count for place, count in places.items() if place != "projected")
        assert found == sum(fact.kind == kind for fact in facts), kind
    rows = report.edges + report.qualified_edges + report.synonyms + report.measurements
    assert rows == report.statements + report.projected
    for name in ("nodes", "edges", "qualified_edges"):
        assert getattr(report, name) == len(table(folder, f"kgx_{name}.tsv"))
    assert report.measurements == len(table(folder, "measurements.tsv"))


def test_nothing_denied_is_a_plain_edge(folder: Path) -> None:
    """A negated or doubtful statement is in the file of its own, with what makes it so."""
    plain, qualified = (table(folder, f"kgx_{name}.jsonl") for name in ("edges", "qualified_edges"))
    assert not [row for row in plain.values() if row.keys() & {"negated", "has_attribute"}]
    flags = sorted((row.get("negated", False), *row.get("has_attribute", ()))
                   for row in qualified.values())
    assert flags == [(False, "rkg:doubtful"), (True,)]
    assert not plain.keys() & qualified.keys()


def test_an_edge_is_whole(folder: Path) -> None:
    """The class, the ladder's predicate, both ends, sources, words and the place of each."""
    (row,) = [row for row in table(folder, "kgx_edges.jsonl").values()
              if row["subject"] == "MAXO:0000004" and row["object"] == "MONDO:0006245"]
    assert row["id"].startswith("rarekg:statement/")
    assert row["category"] == [
        "biolink:ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation"]
    assert row["predicate"] == "biolink:treats"
    assert row["original_predicate"] == "rkg:status-standard"
    assert row["publications"] == ["PMC:4370612", "PMID:17214855"]
    assert row["has_evidence"] == ["ECO:0007321"]
    assert (row["knowledge_level"], row["agent_type"], row["primary_knowledge_source"]) == (
        "knowledge_assertion", "text_mining_agent", "infores:rarekg")
    assert len(row["supporting_text"]) == 2
    results = [one for study in row["has_supporting_studies"]
               for one in study["has_study_results"]]
    for one in results:
        start, end = one["subject_location_in_text"]
        assert "surgery" in one["supporting_text"][0][start:end].lower()
        assert one["supporting_text_section_type"] == "treatment"


def test_how_often(folder: Path) -> None:
    """A count gives the band, both counts and the shares that follow."""
    (row,) = [row for row in table(folder, "kgx_edges.tsv").values()
              if row["predicate"] == "biolink:has_phenotype"]
    assert [row[name] for name in ("frequency_qualifier", "has_count", "has_total",
                                   "has_percentage", "has_quotient")] == [
        "HP:0040281", 18, 20, 90.0, 0.9]


def test_names_are_properties_of_nodes(folder: Path) -> None:
    """Synonyms stand at their node with and without their scope; a gene is a human one."""
    rows = table(folder, "kgx_nodes.tsv")
    names = rows["MONDO:0006245"]
    assert names["synonym"] == names["exact_synonym"] == ["MAS", "malignant acrospiroma"]
    assert rows["HGNC:4982"]["in_taxon"] == ["NCBITaxon:9606"]
    work = rows["PMC:4370612"]
    assert work["category"] == ["biolink:Publication"]
    assert work["publication_type"] == ["fabio:Article"]
    assert rows["rarekg.factor:sunlight-1f35a5b1"]["iri"].endswith("term/factor/sunlight-1f35a5b1")


def test_measurements_are_complete(folder: Path) -> None:
    """Figures, prognostic factors and what is not known are rows with their sentences."""
    rows = table(folder, "measurements.tsv").values()
    assert {row["kind"] for row in rows} == {"figure", "prognostic_factor", "unknown"}
    assert all(row["supporting_text"] and row["disease_name"] for row in rows)
    (survival,) = [row for row in rows if row["measure"] == "survival"]
    assert [survival.get(name, "") for name in (
        "comparator", "low", "high", "unit", "horizon")] == ["<", "", "30", "%", "P5Y"]
    (early,) = [row for row in rows if row["measure"] == "favourable"]
    assert (early["factor_name"], early["predicate"]) == ("early stage", "rkg:improvesOutcomeOf")


def test_every_number_of_a_measurement_has_a_column() -> None:
    """What the ontology says of measurements, the table has: a new property needs a column."""
    store, rkg = graph(), TABLE.table["rkg"]
    rows = store.quads_for_pattern(None, None, NamedNode(f"{rkg}Measurement"), None)
    domains = [row.subject for row in rows
               if row.predicate.value.rpartition("#")[2] == "domain"]
    names = [one.value.removeprefix(rkg) for one in domains if isinstance(one, NamedNode)]
    columns = {re.sub(r"[A-Z]", lambda found: f"_{found.group().lower()}", one) for one in names}
    assert len(columns) >= 7
    assert columns <= set(kgx_cells.MEASUREMENTS)


def test_prefixes_are_published(folder: Path) -> None:
    """Every prefix of a node is in the map beside it, and gives the IRI of its node."""
    known = json.loads((folder / kgx.PREFIXES).read_text(encoding="utf-8"))
    for row in table(folder, "kgx_nodes.jsonl").values():
        prefix, _, local = row["id"].partition(":")
        assert known[prefix] + local == row["iri"]


def test_parquet_is_asked_for(folder: Path, tmp_path: Path) -> None:
    """It is in no release by itself; the same rows, lists as lists and counts as numbers."""
    duckdb = pytest.importorskip("duckdb", reason="the extra rarekg[parquet]")
    assert not [form for form in exports.chosen([]) if form.extra]
    made = exports.write(folder.parents[1] / "graph.nq", tmp_path, exports.chosen(["kgx-parquet"]))
    for file in made.files:
        name = Path(file.path).stem
        found = duckdb.sql(f"SELECT * FROM '{tmp_path / file.path}'")
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
        for row in rows:
            row["has_supporting_studies"] = json.loads(row.get("has_supporting_studies") or "null")
        assert [{name: cell for name, cell in row.items() if cell is not None} for row in rows] == (
            list(kgx_cells.rows(folder / f"{name}.jsonl")))


def test_parquet_says_what_it_lacks(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without DuckDB, asking for Parquet names the extra."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"rarekg\[parquet\]"):
        exports.write(folder.parents[1] / "graph.nq", tmp_path, exports.chosen(["kgx-parquet"]))


def measured(sentence: str, measure: str = "unfavourable", **more: object) -> dict[str, Any]:
    """A prognostic factor among the measurements."""
    return {"kind": "prognostic_factor", "measure": measure, "disease": "MONDO:1",
            "supporting_text": [sentence], **more}


@pytest.mark.parametrize("one", [one for one in kgx_outcomes.outcomes().values() if one.label])
def test_outcomes_fire_as_their_rows_say(one: kgx_outcomes.Outcome) -> None:
    """Every outcome's example gives its edge and its counterexample gives none."""
    assert kgx_outcomes.outcome(measured(one.example)) == one
    assert kgx_outcomes.outcome(measured(one.counter)) is None
    edge = kgx_outcomes.projected(measured(one.example), {"id": "rarekg:statement/1"}, one)
    assert (edge["id"], edge["object"], edge["predicate"]) == (
        "rarekg:statement/1-outcome", one.id, one.worse)
    assert edge["disease_context_qualifier"] == "MONDO:1"


@pytest.mark.parametrize("row", [
    measured("Smoking shortens survival.", "uncertain"),
    measured("Smoking shortens survival.", negated=True),
    measured("Smoking shortens survival.", doubtful=True),
    measured("Smoking shortens survival.", contradicts=["rarekg:statement/2"]),
    measured("Smoking shortens survival and brings relapses."),
    measured("Smoking worsens the outlook and shortens survival."),
    measured("With smoking, 30% survive."),
    measured("Smoking shortens survival.") | {"kind": "figure"},
])
def test_no_edge_that_the_page_does_not_name(row: dict[str, Any]) -> None:
    """Doubt, two outcomes, the outlook as a whole and bare shares give no edge."""
    assert kgx_outcomes.outcome(row) is None
