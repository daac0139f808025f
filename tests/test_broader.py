"""Kinds of known therapies: modifiers come off, nothing that changes the class does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from graphs import document, evidence
from test_ground import claim, page
from vocab_files import OBO, index_of, write

from kg import answers, jsonl, prefixes, queries, query
from kg.files import rows, shipped
from kg.ground import ground, ungrounded
from kg.model import Entity, Grounding, Statement
from kg.ontology import kinds
from kg.rdf import graph_lines, quads
from kg.records import record
from kg.summary import count
from kg.vocab.broader import place
from kg.vocab.casing import cased
from kg.vocab.index import Index

DRUGS = """id\tlabel\tsynonyms\tcategory
DRUGBANK:DB00072\tTrastuzumab\tHerceptin\tdrug
NCBIGene:6558\tSLC12A2\tNKCC1\tgene
"""
THERAPY = ("drug", "therapy")
TABLE = [cells for _, cells in rows(shipped("data/broader.tsv"))]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Our overlay of therapies and drugs with the small vocabularies of the tests."""
    folder = tmp_path_factory.mktemp("small")
    own = [shipped(f"data/overlay/{name}.tsv") for name in ("therapies", "drugs")]
    drugs = write(folder, "drugs.tsv", DRUGS)
    return index_of(folder, *own, drugs, write(folder, "some.obo", OBO))


def above(name: str, index: Index) -> str:
    """The class that a name is a kind of, empty where it is none or has a class of its own."""
    answer = place(name, THERAPY, index)
    return answer.grounding.broader.id if answer.grounding.broader else ""


@pytest.mark.parametrize("cells", TABLE, ids=lambda cells: f"{cells['role']}-{cells['example']}")
def test_each_row_takes_its_example_and_not_its_counterexample(cells: dict[str, str]) -> None:
    """Whole words in their normal form."""
    pattern = re.compile(cells["pattern"])
    assert pattern.fullmatch(cells["example"])
    assert not pattern.fullmatch(cells["counterexample"])


@pytest.mark.parametrize(("name", "curie"), [
    ("oral antibiotics", "MAXO:0000061"),
    ("long-term oral antibiotics", "MAXO:0000061"),
    ("long-term use of antibiotics", "MAXO:0000061"),
    ("antibiotics for the lung infection", "MAXO:0000061"),
    ("high-dose chemotherapy", "MAXO:0000647"),
    ("thyroid surgery", "MAXO:0000004"),
    ("surgery to straighten the toe", "MAXO:0000004"),
    ("surgical removal of the affected bowel", "MAXO:0000447"),
    ("adjuvant whole abdominal radiation therapy", "MAXO:0000014"),
    ("partial nephrectomy", "MAXO:0001065"),
    ("low-copper diet", "MAXO:0000088"),
    ("trastuzumab ointment", "DRUGBANK:DB00072"),
    ("intravenous trastuzumab", "DRUGBANK:DB00072"),
    ("topical trastuzumab ointment", "DRUGBANK:DB00072"),
    ("long-term trastuzumab nasal spray", "DRUGBANK:DB00072"),
    ("labyrinthectomy", "MAXO:0000004"),
    ("removal of the bile duct", "MAXO:0000447"),
    ("annual eye exams", "MAXO:0000751"),
    ("medicines to widen the airways", "MAXO:0000058"),
    ("wide local excision", "MAXO:0000447"),
])
def test_a_restricting_modifier_leads_to_the_class_above(
    index: Index, name: str, curie: str
) -> None:
    """The name keeps a node of ours: the class is not its own."""
    answer = place(name, THERAPY, index)
    assert above(name, index) == curie
    assert answer.grounding.tier == "broader"
    assert not answer.id or answer.id.startswith("rarekg:")


@pytest.mark.parametrize("name", [
    "anti-antibiotics", "non-surgery", "sham surgery", "no chemotherapy", "without surgery",
    "after surgery", "antibiotic resistance", "surgery and chemotherapy", "surgery, radiation",
    "radiation therapy/chemotherapy", "stopping antibiotics", "carries antibiotics",
    "the surgery was done. Antibiotics", "chemotherapy machine", "water", "blood glucose", "diet",
    "surgery to remove the toe and chemotherapy",
])
def test_what_is_no_kind_of_the_class_is_refused(index: Index, name: str) -> None:
    """Denials, two therapies in one name, verbs, and heads that are something else."""
    assert above(name, index) == ""


@pytest.mark.parametrize(("name", "curie"), [
    ("drinking plenty of water and other liquids", "MAXO:0000952"),
    ("reducing saturated fat and cholesterol", "MAXO:0000088"),
    ("wearing gloves or mittens", "MESH:D003020"),
    ("lifelong medical care", "MESH:D005791"),
    ("adjuvant therapy", "MESH:D003131"),
    ("topical creams", "MESH:D063465"),
])
def test_a_whole_form_leads_to_the_class_where_no_head_does(
    index: Index, name: str, curie: str
) -> None:
    """Joined words may stand within it; a head that is known itself comes first."""
    assert above(name, index) == curie


@pytest.mark.parametrize("name", [
    "ultraviolet radiation", "fluid", "liquids", "drinking alcohol", "eating foods", "cloudy lens",
    "drinking water and chemotherapy", "treatment of the underlying cause", "weight loss",
])
def test_a_whole_form_takes_nothing_that_may_be_something_else(index: Index, name: str) -> None:
    """An exposure, a fluid of the body, a sign, or words too wide for a class."""
    assert above(name, index) == ""


def test_a_name_with_a_class_is_not_asked_for_the_one_above(index: Index) -> None:
    """An exact answer comes first, and a tie is not resolved by what stands above."""
    answer = place("chemotherapy", THERAPY, index)
    assert (answer.id, answer.grounding.broader) == ("MAXO:0000647", None)
    assert place("thyroid surgery", ("disease",), index).grounding.tier == "minted"


def test_only_therapies_are_placed_below_a_class(index: Index) -> None:
    """A risk factor called like one keeps its plain node."""
    (found,) = ground(page("Glimmer syndrome"), [claim("risk_factor", "thyroid surgery",
                                                       "increases")], index, kinds())
    assert found.grounding is not None
    assert found.grounding.tier == "minted"


def stated(index: Index, name: str) -> Statement:
    """The statement of a page that names one therapy."""
    (found,) = ground(page("Glimmer syndrome"), [claim("therapy", name, "option")], index, kinds())
    return found


def test_the_statement_keeps_its_node_and_says_what_is_above(index: Index) -> None:
    """In the stage file, in ungrounded.tsv, in the counts and in the record."""
    found = stated(index, "thyroid surgery")
    assert found.object is not None
    assert found.object.id.startswith("rarekg:term/therapy/thyroid-surgery-")
    line = jsonl.line(found)
    assert b'"broader":{"id":"MAXO:0000004","label":"surgical procedure"' in line
    (row,) = ungrounded([found])
    assert row.why == "a kind of MAXO:0000004 (surgical procedure)"
    assert count([found]).with_id == 0
    made = document()
    support = evidence(made, "is usually treated with surgery. [1]", "surgery")
    shown = record(made, found.disease, [Statement(
        found.id, found.kind, found.disease, found.object, found.value, negated=False,
        doubtful=False, names=("surgery",), grounding=found.grounding, evidence=(support,))])
    assert '"broader": "MAXO:0000004"' in json.dumps(shown)


def test_the_graph_links_the_node_and_the_query_groups_by_class(
    index: Index, tmp_path: Path
) -> None:
    """skos:broadMatch stands beside the node; the class has its own name."""
    made, found = document(), stated(index, "thyroid surgery")
    lines = graph_lines(quads(made, found.disease, [found], prefixes.load(), kinds()))
    match = b"<http://www.w3.org/2004/02/skos/core#broadMatch>"
    assert any(match in line and b"MAXO_0000004" in line for line in lines.splitlines())
    path = tmp_path / "graph.nq"
    path.write_bytes(lines)
    table = prefixes.load()
    text = queries.text(queries.find("therapies-by-class"), {"class": "MAXO:0000004"}, table)
    answer = answers.rendered(query.ask(query.open_store(path), text, table), "csv", table)
    (row,) = answer.decode().splitlines()[1:]
    assert "surgical procedure" in row
    assert "thyroid surgery" in row


def test_ids_of_groundings_without_a_class_above_stay(index: Index) -> None:
    """The new field changes no hash of what was there."""
    plain = Grounding("minted", 0.0, "")
    assert plain.broader is None
    assert jsonl.line(plain).startswith(b'{"tier":"minted"')
    assert stated(index, "thyroid surgery").id == stated(index, "Thyroid  surgery").id


@pytest.mark.parametrize(("normal", "label"), [
    ("vegf inhibitors", "VEGF inhibitors"), ("vitamin d", "vitamin D"),
    ("factor viii", "factor VIII"), ("hiv medicines", "HIV medicines"),
    ("a cat", "a cat"), ("moon dust", "moon dust"), ("iga", "IgA"),
])
def test_labels_get_their_capitals_back(index: Index, normal: str, label: str) -> None:
    """By the words alone, so that every page gives one label."""
    assert cased(normal, index) == label


def test_gene_symbols_in_labels_are_those_of_the_vocabulary(index: Index) -> None:
    """A current symbol; a former one stays as it is, for it is no label."""
    assert cased("slc12a2 gene therapy", index) == "SLC12A2 gene therapy"
    assert cased("nkcc1 gene therapy", index) == "nkcc1 gene therapy"


def test_every_capital_row_fires() -> None:
    """Example and counterexample of data/capitals.tsv."""
    for line, cells in rows(shipped("data/capitals.tsv")):
        pattern = re.compile(cells["pattern"])
        assert pattern.fullmatch(cells["example"]), line
        assert not pattern.fullmatch(cells["counterexample"]), line


def test_an_entity_is_all_that_a_grounding_needs() -> None:
    """Stage files give back what was written."""
    import msgspec  # noqa: PLC0415
    made = Grounding("broader", 0.5, "overlay therapies", (),
                     Entity("MAXO:0000004", "surgical procedure", "therapy"))
    assert msgspec.json.decode(jsonl.line(made), type=Grounding) == made
