"""What names of therapies lose and what is none: every row of its table, and whole sentences."""

from __future__ import annotations

import pytest

from kg.extract.frames import compiled
from kg.extract.page import Page
from kg.extract.segment import segment
from kg.extract.therapies import therapies
from kg.extract.therapy_names import tidied
from kg.files import rows, shipped
from kg.model import Block, Document, Span
from kg.vocab.lexicon import Names

PATH = shipped("data/therapy_names.tsv")
TABLE = [cells for _, cells in rows(PATH)]
AT_START = {"drop", "verb", "start", "doing", "base"}
LEXICON = Names({"drug": {"prednisone": "DRUGBANK:1", "sirolimus": "DRUGBANK:2"}})


def _fits(cells: dict[str, str], text: str) -> bool:
    pattern = compiled(cells["pattern"], PATH, 0)
    if cells["role"] == "junk":
        return bool(pattern.fullmatch(text))
    return bool(pattern.match(text) if cells["role"] in AT_START else pattern.search(text))


@pytest.mark.parametrize("cells", TABLE, ids=lambda cells: f"{cells['role']}-{cells['example']}")
def test_row_fits_its_example_only(cells: dict[str, str]) -> None:
    """Each row of data/therapy_names.tsv fits its example and not its counterexample."""
    assert _fits(cells, cells["example"])
    assert not _fits(cells, cells["counterexample"])


@pytest.mark.parametrize(("name", "expected"), [
    ("more pills to control their weight", "pills to control weight"),
    ("surgery to remove a swollen", "surgery to remove a swollen"),
    ("surgery to remove a diseased", "surgery"),
    ("chemotherapy with one", "chemotherapy"),
    ("drugs that help relieve some", ""),
    ("statins stop the enzyme", "statins"),
    ("nurse inserts", ""),
    ("carry drugs", ""),
    ("than treatment", ""),
    ("ankles", ""),
    ("bandages for the ankles", "bandages for the ankles"),
    ("resting the ankles", "resting the ankles"),
    ("lung cancer", ""),
    ("lung cancer surgery", "lung cancer surgery"),
    ("orthoses", "orthoses"),
    ("use a walking stick", "using a walking stick"),
    ("operation called a myotomy", "myotomy"),
    ("heparinmay", "heparin"),
    ("vitamin A", "vitamin A"),
    ("exposure to sunlight", "exposure to sunlight"),
    ("surgery to correct", "surgery"),
    ("more physicians", ""),
])
def test_a_name_is_trimmed_or_refused(name: str, expected: str) -> None:
    """What a vocabulary would call it, or nothing."""
    assert tidied(name) == expected


def test_what_is_avoided_may_be_a_disease_or_a_sign() -> None:
    """ "Avoid injuries" names what is to be avoided, but no treatment consists of injuries."""
    assert tidied("injuries", avoided=True) == "injuries"
    assert not tidied("injuries")


def _said(text: str) -> list[tuple[str, str]]:
    document = Document("0" * 16, "page", "text", "Foo disease", Span(0, 0), text, "", "", "", (),
                        (Block("treatment", "prose", "", Span(0, len(text))),), ())
    page = Page(document, segment(document), LEXICON, ("Foo disease",))
    return [(c.name, c.value) for c in sorted(therapies(page), key=lambda c: c.evidence.exact)]


@pytest.mark.parametrize(("text", "expected"), [
    ("Most children do not need surgery.", []),
    ("The surgeon inserts a tube during the operation to treat it.", []),
    ("Foo disease is not treated with prednisone.", []),
    ("Splenectomy is the standard operation.", [("splenectomy", "standard")]),
    ("Treatment includes splints for the wrist, knees, and ankles.",
     [("splints", "standard")]),
])
def test_what_only_looks_like_a_therapy(text: str, expected: list[tuple[str, str]]) -> None:
    """Negated needs, verbs, predicates and parts of the body give no therapy."""
    assert _said(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Some drugs are being studied. These include sirolimus and prednisone.",
     [("sirolimus", "investigational"), ("prednisone", "investigational")]),
    ("Steroids may be given. Examples are prednisone and ointments.",
     [("steroids", "option"), ("prednisone", "option"), ("ointments", "option")]),
    ("Prednisone is the first choice. Splenectomy is common.",
     [("prednisone", "standard"), ("splenectomy", "standard")]),
])
def test_a_sentence_that_goes_on_keeps_the_standing(
    text: str, expected: list[tuple[str, str]],
) -> None:
    """ "These include" and "examples are" take over what the sentence before said."""
    assert _said(text) == expected


def test_a_colon_in_prose_gives_its_standing_to_the_phrases_below() -> None:
    """Phrases without a verb stand as the sentence that broke off at its colon says."""
    parts = ("If you have symptoms, your doctor may prescribe:", "Sirolimus to slow the growth.",
             "Prednisone is the first choice.")
    text = "\n\n".join(parts)
    starts = [text.index(part) for part in parts]
    blocks = tuple(Block("treatment", "prose", "", Span(at, at + len(part)))
                   for at, part in zip(starts, parts, strict=True))
    document = Document("0" * 16, "page", "text", "Foo disease", Span(0, 0), text, "", "", "", (),
                        blocks, ())
    page = Page(document, segment(document), LEXICON, ("Foo disease",))
    assert {(c.name, c.value) for c in therapies(page)} == {
        ("sirolimus", "option"), ("prednisone", "standard")}
