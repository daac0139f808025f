"""conflicts.tsv: every row's reason, and the relation of the two classes."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from vocab_files import OBO, index_of, write

from kg.conflicts import HEADER, Conflict, conflicts, relation
from kg.ground import disease
from kg.model import Document, Span
from kg.vocab.index import Index

NUMBERS = {"glimmer syndrome": "UMLS:C0000001", "glimmer syndrome type 1": "GARD:0000456",
           "bright carcinoma": "UMLS:C0000001", "obsolete older glimmer": "GARD:0000789",
           "duct carcinoma": "UMLS:C0000002"}


def more() -> str:
    """The small ontology with more numbers."""
    text = OBO
    for name, number in NUMBERS.items():
        text = text.replace(f"name: {name}\n", f"name: {name}\nxref: {number}\n")
    return text


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """The small ontology with more numbers."""
    return index_of(tmp_path, write(tmp_path, "more.obo", more()))


def page(title: str, *xrefs: str) -> Document:
    """A page with this title and these numbers."""
    return Document(id="0" * 16, page="p.txt", format="text", title=title,
                    title_span=Span(0, len(title)), text=title, sha256="0" * 64, url="",
                    license="", xrefs=xrefs, blocks=(), references=())


def told(found: tuple[Conflict, ...]) -> list[tuple[str, str, str, str]]:
    """The cells that matter."""
    return [(row.what, row.klass, row.other, row.relation) for row in found]


def test_a_number_and_a_name_of_two_classes(index: Index) -> None:
    """Both are kept, with what one is to the other; the number decides."""
    found = page("Glimmer syndrome", "GARD:456")
    assert told(conflicts(found, index)) == [
        ("name", "MONDO:0000011", "MONDO:0000010", "descendant")]
    entity, how = disease(found, index)
    assert (entity.id, how.candidates) == ("MONDO:0000011", ("MONDO:0000010",))


def test_agreement_makes_no_row(index: Index) -> None:
    """Nor does a page without numbers."""
    assert conflicts(page("Glimmer syndrome", "ORPHA:77"), index) == ()
    assert conflicts(page("Glimmer syndrome"), index) == ()


def test_a_number_of_several_classes(index: Index) -> None:
    """It is told as ambiguous, and as the other class of the title."""
    rows = told(conflicts(page("Glimmer syndrome", "UMLS:C0000001"), index))
    assert ("ambiguous", "MONDO:0000010", "MONDO:0000015", "sibling") in rows
    assert ("name", "MONDO:0000015", "MONDO:0000010", "sibling") in rows


def test_a_number_that_nobody_bears_and_one_of_an_obsolete_class(index: Index) -> None:
    """The first is unknown, only where such numbers are known at all; the second has a trail."""
    assert told(conflicts(page("Glimmer syndrome", "GARD:99", "OMIM:1"), index)) == [
        ("unknown", "", "MONDO:0000010", "")]
    (row,) = conflicts(page("Glimmer syndrome", "GARD:789"), index)
    assert (row.what, row.trail) == ("obsolete", ("MONDO:0000098", "MONDO:0000010"))


def test_a_title_that_is_no_name_of_the_class(index: Index) -> None:
    """The label is shown beside the page's name."""
    (row,) = conflicts(page("Sparkle disease", "GARD:456"), index)
    assert (row.what, row.label) == ("label", "glimmer syndrome type 1")
    assert row.name == "Sparkle disease"
    assert len(row.row()) == len(HEADER)


def test_relations(index: Index) -> None:
    """Same, ancestor, descendant, sibling, unrelated."""
    pairs = [("10", "10"), ("10", "11"), ("11", "10"), ("11", "12"), ("11", "15")]
    assert [relation(f"MONDO:00000{one}", f"MONDO:00000{other}", index) for one, other in pairs
            ] == ["same", "ancestor", "descendant", "sibling", "unrelated"]


def test_a_concept_number_never_overrules_the_title(index: Index) -> None:
    """It decides between classes that tie for the title, and asserts nothing of its own."""
    assert disease(page("Glimmer syndrome", "UMLS:C0000002"), index)[0].id == "MONDO:0000010"
    assert disease(page("Nobody's disease", "UMLS:C0000002"), index)[1].tier == "minted"
    tied = page("Twin name", "UMLS:C0000003")
    assert disease(tied, index)[1].tier == "minted"
    assert disease(structs.replace(tied, title="Duct carcinoma", xrefs=("UMLS:C0000002",)),
                   index)[1].tier == "xref"
