"""candidates.sssom.tsv and the similar names behind it: offered for review, never asserted."""

from __future__ import annotations

from pathlib import Path

import pytest
from vocab_files import index_of, small, write

from kg.candidates import (
    BROAD,
    CLOSE,
    FILE,
    OFFERED,
    RELATED,
    Candidate,
    candidates,
    categories,
    offers,
    unnamed,
)
from kg.candidates import write as write_candidates
from kg.ground import Ungrounded, disease
from kg.identity import identity
from kg.model import Document, Span
from kg.prefixes import load
from kg.vocab.index import Index
from kg.vocab.similar import Finder

TABLE = """id\tlabel\tsynonyms\tcategory
MAXO:0000001\tstarlight therapy\tstarlight treatment\ttherapy
MAXO:0000002\tlunar infusion\t\ttherapy
DRUGBANK:DB00001\tMoonamycin\tmoonamycin sodium\tdrug
DRUGBANK:DB00002\tvaccine of glow B\t\tdrug
HP:0000100\tsevere dimness of the eye\t\tphenotype
HP:0000101\tdimness of the eye\t\tphenotype
HGNC:7\tCAN\tTHE CAN GENE\tgene
HGNC:8\tGLO1\tGLOW1\tgene
rarekg:term/therapy/x\tspark counselling\t\ttherapy
"""


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """A few names of every sort."""
    return index_of(tmp_path, write(tmp_path, "table.tsv", TABLE))


def offered(name: str, category: str, index: Index) -> list[tuple[str, str]]:
    """Predicate and class of what a name may mean."""
    found = offers(name, categories(category), index, Finder(index.path))
    return [(offer.predicate, offer.id) for offer in found]


@pytest.mark.parametrize(("name", "category", "first"), [
    ("therapy by starlight", "therapy", (CLOSE, "MAXO:0000001")),
    ("starligt therapy", "therapy", (CLOSE, "MAXO:0000001")),        # a letter is missing
    ("satrlight therapy", "therapy", (CLOSE, "MAXO:0000001")),       # two changed places
    ("oral moonamycin", "therapy", (BROAD, "DRUGBANK:DB00001")),
    ("moonamycin allergy", "therapy", (RELATED, "DRUGBANK:DB00001")),  # the head is another
    ("GLO1 mutation", "factor", (RELATED, "HGNC:8")),
])
def test_a_similar_name_is_offered(name: str, category: str, first: tuple[str, str],
                                   index: Index) -> None:
    """As close only with the same words, as broader only with the head of the phrase."""
    assert offered(name, category, index)[:1] == [first]


@pytest.mark.parametrize(("name", "category"), [
    ("vaccine of glow A", "drug"),       # letters must agree
    ("spark counseling", "therapy"),     # ours already: it has no identifier to offer
    ("they can", "factor"),              # no symbol is written here
    ("type 1", "factor"),                # nothing but a number is shared
    ("lunar landing site of the third sort", "therapy"),
    ("", "therapy"),
])
def test_what_only_looks_alike_is_not_offered(name: str, category: str, index: Index) -> None:
    """Numbers, letters and guard words must agree, and a word with a meaning be shared."""
    assert offered(name, category, index) == []


def test_a_guard_word_that_the_name_lacks_refuses(index: Index) -> None:
    """"severe" is never added; the class without it is offered."""
    assert offered("dimness of the left eye", "phenotype", index) == [(BROAD, "HP:0000101")]


def test_a_tie_offers_its_classes(tmp_path: Path) -> None:
    """As they were found, without looking for others."""
    index = small(tmp_path)
    found = offers("twin name", ("disease",), index, Finder(index.path),
                   ("MONDO:0000013", "MONDO:0000014"))
    assert [(one.id, one.justification) for one in found] == [
        ("MONDO:0000013", "semapv:LexicalMatching"), ("MONDO:0000014", "semapv:LexicalMatching")]


def names() -> list[tuple[Ungrounded, int]]:
    """Three names, two of which have one identifier."""
    return [(Ungrounded("oral moonamycin", "therapy", "rarekg:term/therapy/a", (), ""), 3),
            (Ungrounded("Oral Moonamycin", "therapy", "rarekg:term/therapy/a", (), ""), 1),
            (Ungrounded("starligt treatment", "therapy", "rarekg:term/therapy/b", (), ""), 1)]


def test_the_rows_say_why_and_how_sure(index: Index) -> None:
    """Each identifier once, nothing stronger than a close match, all of it by similarity."""
    found = candidates(names(), index)
    told = [(row.subject_id[-1], row.predicate_id, row.object_id, row.comment) for row in found]
    assert told == [
        ("a", BROAD, "DRUGBANK:DB00001", "3 statements"),
        ("b", CLOSE, "MAXO:0000001", "1 statement")]
    assert {row.mapping_justification for row in found} == {
        "semapv:LexicalSimilarityThresholdMatching"}
    assert all(0 < float(row.confidence) < 1 and float(row.similarity_score) <= 1 for row in found)


def test_the_file_is_the_same_twice_and_sssom_reads_it(index: Index, tmp_path: Path) -> None:
    """The reference implementation too, where it is installed."""
    assert write_candidates(tmp_path, names(), index, load()) == 2
    first = (tmp_path / FILE).read_bytes()
    write_candidates(tmp_path, list(reversed(names()))[1:] + names()[2:], index, load())
    assert b"\t".join(name.encode() for name in Candidate.__struct_fields__) + b"\n" in first
    parsers = pytest.importorskip("sssom.parsers", reason="the reference implementation")
    (tmp_path / FILE).write_bytes(first)
    assert len(parsers.parse_sssom_table(str(tmp_path / FILE)).df) == 2


def test_at_most_a_few_are_offered(tmp_path: Path) -> None:
    """The best of many."""
    rows = "".join(f"MAXO:000{number}\tbeam therapy\t\ttherapy\n" for number in range(6))
    header = "id\tlabel\tsynonyms\tcategory\n"
    index = index_of(tmp_path, write(tmp_path, "many.tsv", header + rows))
    assert len(offered("strong beam therapy", "therapy", index)) == OFFERED


def test_a_page_without_a_class_is_a_name_without_one(tmp_path: Path) -> None:
    """Its title is in ungrounded.tsv, with the classes that tie for it."""
    index = small(tmp_path)
    page = Document(id="0" * 16, page="p.txt", format="text", title="Twin name",
                    title_span=Span(0, 9), text="Twin name", sha256="0" * 64, url="", license="",
                    xrefs=(), blocks=(), references=())
    (row,) = unnamed([identity(page, *disease(page, index))])
    assert (row.name, row.category, row.candidates) == (
        "Twin name", "disease", ("MONDO:0000013", "MONDO:0000014"))
