"""mappings.sssom.tsv: what is said of whom, and a file that others can read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from msgspec import structs
from vocab_files import small

from kg.ground import disease
from kg.identity import identity
from kg.mappings import COLUMNS, mappings, write
from kg.model import Document, Span
from kg.prefixes import load
from kg.vocab.index import Index

PREFIXES = load()


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """The small ontology."""
    return small(tmp_path)


def page(title: str, *xrefs: str) -> Document:
    """A page with this title and these numbers."""
    return Document(id="0" * 16, page="p.txt", format="text", title=title,
                    title_span=Span(0, len(title)), text=title, sha256="0" * 64, url="",
                    license="", xrefs=xrefs, blocks=(), references=())


def rows(document: Document, index: Index) -> list[tuple[str, str, str]]:
    """Subject, predicate and object of its mappings."""
    found = mappings(document, identity(document, *disease(document, index)), index, PREFIXES)
    return [(row.subject_id, row.predicate_id, row.object_id) for row in found]


def test_the_page_its_numbers_and_its_class(index: Index) -> None:
    """A number that the class does not bear yet is a new mapping; the others are its own."""
    assert rows(page("Glimmer syndrome", "GARD:555"), index) == [
        ("rarekg:page/0000000000000000", "schema:about", "MONDO:0000010"),
        ("GARD:0000555", "skos:exactMatch", "MONDO:0000010"),
        ("MONDO:0000010", "oboInOwl:hasDbXref", "GARD:0000123"),
        ("MONDO:0000010", "oboInOwl:hasDbXref", "Orphanet:77")]


def test_a_weaker_tier_is_only_close(index: Index) -> None:
    """A related name or a bag of stems does not say "the same"."""
    assert ("GARD:0000555", "skos:closeMatch", "MONDO:0000010") in rows(
        page("Shimmer disorder", "GARD:555"), index)


def test_nothing_is_said_without_an_identifier(index: Index) -> None:
    """A term of our own maps to nothing."""
    assert rows(page("Nobody's disease", "GARD:555"), index) == []


def test_the_file_is_sorted_whole_and_has_its_metadata(index: Index, tmp_path: Path) -> None:
    """Every prefix that is used expands by the file's own map."""
    document = page("Glimmer syndrome", "GARD:555")
    made = mappings(document, identity(document, *disease(document, index)), index, PREFIXES)
    path = tmp_path / "mappings.sssom.tsv"
    assert write(path, [*made, *made], PREFIXES, ["MONDO 2026", 'x "y"']) == len(made)
    lines = path.read_text().splitlines()
    head = [line for line in lines if line.startswith("#")]
    table = list(csv.DictReader(lines[len(head):], delimiter="\t"))
    assert tuple(table[0]) == COLUMNS
    assert [row["subject_id"] for row in table] == sorted(row["subject_id"] for row in table)
    mapped = {line.split(":")[0].strip("# ") for line in head if line.startswith("#  ")}
    assert {row[name].split(":")[0] for row in table
            for name in ("subject_id", "object_id", "predicate_id", "mapping_justification")
            } <= mapped
    assert '#comment: "vocabularies: MONDO 2026; x y"' in head


def test_an_empty_set_is_a_file_too(tmp_path: Path) -> None:
    """With its header line."""
    assert write(tmp_path / "m.tsv", [], PREFIXES, []) == 0
    assert (tmp_path / "m.tsv").read_text().splitlines()[-1] == "\t".join(COLUMNS)


def test_the_sssom_package_reads_it(index: Index, tmp_path: Path) -> None:
    """The reference implementation, where it is installed."""
    parsers = pytest.importorskip("sssom.parsers")
    document = page("Glimmer syndrome", "GARD:555")
    made = mappings(document, identity(document, *disease(document, index)), index, PREFIXES)
    write(tmp_path / "m.sssom.tsv", made, PREFIXES, [])
    assert len(parsers.parse_sssom_table(str(tmp_path / "m.sssom.tsv")).df) == len(made)


def test_quotation_marks_in_a_title_are_doubled(index: Index, tmp_path: Path) -> None:
    """As CSV has it, so that no reader takes them for the end of a cell."""
    document = page("Glimmer syndrome", "GARD:555")
    quoted = structs.replace(document, title='"Glimmer" syndrome')
    made = mappings(quoted, identity(quoted, *disease(document, index)), index, PREFIXES)
    write(tmp_path / "m.tsv", made, PREFIXES, [])
    lines = [line for line in (tmp_path / "m.tsv").read_text().splitlines() if line[0] != "#"]
    assert '"Glimmer" syndrome' in {row["subject_label"] for row in
                                    csv.DictReader(lines, delimiter="\t")}
