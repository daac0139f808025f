"""The plain JSON view of a page."""

from __future__ import annotations

import json
from decimal import Decimal

from kg import jsonl
from kg.model import (
    Document,
    Entity,
    Evidence,
    Grounding,
    Quantity,
    Reference,
    Span,
    Statement,
)
from kg.ontology import kinds
from kg.records import FIELDS, LISTED, record

DISEASE = Entity("MONDO:1", "sweatoma", "disease")
TEXT = ("Laser light may be tried. Excision is the main treatment.[2] Some say laser light helps. "
        "About 30.5% to 50% of people relapse. It is not inherited.")


def document(*references: Reference) -> Document:
    """A page whose text is TEXT."""
    return Document("0" * 16, "folder/page.txt", "text", "Sweatoma", Span(0, 0), TEXT, "0" * 64,
                    "", "", (), (), references)


def evidence(
    mention: str, section: str = "treatment", rule: str = "treated-with", nth: int = 0,
    cites: tuple[int, ...] = (),
) -> Evidence:
    """Evidence whose mention is the nth place of these words."""
    at = -1
    for _ in range(nth + 1):
        at = TEXT.lower().index(mention.lower(), at + 1)
    span = Span(at, at + len(mention))
    return Evidence("0" * 16, span, TEXT[span.start:span.end], span, section, cites, rule)


def statement(
    kind: str, name: str, value: str, *found: Evidence, identity: str = "", term: str = "",
    negated: bool = False, doubtful: bool = False, quantity: Quantity | None = None,
) -> Statement:
    """A statement; `term` is the id of its object."""
    target = Entity(term, name, kind) if term else None
    return Statement(identity or f"{kind}-{name}-{value}", kind, DISEASE, target, value, negated,
                     doubtful, (name,), Grounding("exact", 1.0, "x"), found, quantity)


def items(field: str, *statements: Statement) -> list[dict[str, object]]:
    """The items of one field."""
    found = record(document(), DISEASE, statements)[field]
    assert isinstance(found, list)
    return found


def test_fields_are_those_of_the_ontology() -> None:
    """Fields and attributes (of kinds with values) are those that ontology/kinds.ttl declares."""
    declared = {kind.name: (kind.field, kind.attribute if any(kind.values) else "")
                for kind in kinds().values() if kind.name in FIELDS}
    assert declared == FIELDS
    assert set(kinds()) - set(FIELDS) <= {"unknown"}


def test_empty_page() -> None:
    """A page without facts has every field, empty."""
    found = record(document(), DISEASE, ())
    assert found.pop("page") == "folder/page.txt"
    assert found.pop("disease") == {"name": "Sweatoma", "id": "MONDO:1"}
    assert all(value == [] for value in found.values())
    fields = {field for field, _ in FIELDS.values()}
    assert set(found) == fields | {"unknown", "publications", LISTED}


def test_minted_identifiers_are_null() -> None:
    """Identifiers of our own making are not shown."""
    minted = statement("therapy", "excision", "standard", evidence("Excision"),
                       term="rarekg:term/therapy/excision-1")
    assert items("therapies", minted)[0]["id"] is None
    assert record(document(), Entity("rarekg:term/disease/x", "x", "disease"), ())["disease"] == {
        "name": "Sweatoma", "id": None}


def test_one_item_for_each_thing_in_order() -> None:
    """Statements about one thing become one item; items stand in the order of the page."""
    found = items(
        "therapies",
        statement("therapy", "excision", "standard", evidence("Excision", cites=(2,)), term="A:1"),
        statement("therapy", "laser light", "option", evidence("Laser light"), term="A:2"),
        statement("therapy", "laser light", "option", evidence("laser light", nth=1), term="A:2",
                  identity="other"),
    )
    assert [item["name"] for item in found] == ["laser light", "excision"]
    assert found[1] == {"name": "excision", "id": "A:1", "status": "standard",
                        "quote": "Excision", "section": "treatment", "cites": [2]}


def test_the_section_for_the_kind_speaks() -> None:
    """What the treatment section says of a therapy beats an aside; the other value stays beside."""
    found = items(
        "therapies",
        statement("therapy", "laser light", "option", evidence("Laser light", "summary"),
                  term="A:2"),
        statement("therapy", "laser light", "investigational",
                  evidence("laser light", "treatment", nth=1), term="A:2"),
    )
    assert [(item["status"], item["also"]) for item in found] == [("investigational", ["option"])]


def test_stated_beats_doubtful_and_cue_beats_default() -> None:
    """In one section what is stated wins, then what is no passing mention, then an explicit cue."""
    doubt = statement("therapy", "laser light", "unproven_or_ineffective",
                      evidence("Laser light"), term="A:2", doubtful=True)
    passing = statement("therapy", "laser light", "option",
                        evidence("laser light", rule="mention"), term="A:2")
    plain = statement("therapy", "laser light", "standard",
                      evidence("laser light", nth=1), term="A:2")
    cued = statement("therapy", "laser light", "to_avoid",
                     evidence("laser light", rule="treated-with:avoid", nth=1), term="A:2")
    for given, expected in (((doubt, passing), "option"), ((passing, plain), "standard"),
                            ((plain, cued), "to_avoid"), ((cued, plain, doubt), "to_avoid")):
        assert items("therapies", *given)[0]["status"] == expected
        assert items("therapies", *reversed(given))[0]["status"] == expected


def test_figures_are_plain_numbers() -> None:
    """A figure has its numbers as JSON numbers, without a superfluous decimal."""
    quantity = Quantity(Decimal("30.5"), Decimal("50.0"), "%", "range", "people", "P5Y")
    found = items("figures", statement("figure", "", "recurrence",
                                       evidence("30.5% to 50%", "prognosis"), quantity=quantity))
    assert found == [{
        "kind": "recurrence", "low": 30.5, "high": 50, "unit": "%", "comparator": "range",
        "about": "people", "horizon": "P5Y", "quote": "30.5% to 50%", "section": "prognosis",
        "cites": []}]
    assert b'"low":30.5,"high":50,' in jsonl.line(found[0])


def test_the_same_figure_twice_is_one() -> None:
    """A figure that the page repeats is one item; another horizon makes another figure."""
    five = Quantity(None, Decimal(50), "%", "<=", "people", "P5Y")
    ten = Quantity(None, Decimal(50), "%", "<=", "people", "P10Y")
    found = items("figures", *(
        statement("figure", "", "survival", evidence("50%"), quantity=quantity, identity=identity)
        for quantity, identity in ((five, "a"), (five, "b"), (ten, "c"))))
    assert [item["horizon"] for item in found] == ["P5Y", "P10Y"]


def test_denied_genes_and_modes() -> None:
    """A denied gene is left out, a denied mode says not, a doubtful denial is left out."""
    spot = evidence("not inherited", "inheritance")
    assert not items("genes", statement("gene", "ABCD1", "causal", spot, negated=True))
    flat = statement("inheritance", "inherited", "", spot, term="rarekg:term/x", negated=True)
    assert items("inheritance", flat)[0]["name"] == "not inherited"
    unsure = statement("inheritance", "inherited", "", spot, term="rarekg:term/x", negated=True,
                       doubtful=True)
    assert not items("inheritance", unsure)


def test_a_mode_that_only_a_table_names_is_listed() -> None:
    """A table's row alone stays out of what the page says; a sentence beside it counts."""
    row = evidence("not inherited", "symptoms", "hpo_table.row")
    alone = statement("inheritance", "dominant", "", row, term="HP:0000006")
    assert not items("inheritance", alone)
    assert items(LISTED, alone)[0]["id"] == "HP:0000006"
    both = statement("inheritance", "dominant", "", row, evidence("It is not", "cause"),
                     term="HP:0000006")
    assert items("inheritance", both)[0]["quote"] == "It is not"
    assert not items(LISTED, both)


def test_a_phenotype_has_its_frequency() -> None:
    """The band, the share and the page's words; once for a feature said twice."""
    often = Quantity(Decimal(5), Decimal(29), "%", "range", "7.5%")
    spot = evidence("relapse", "symptoms", "hpo_table.row")
    found = items(
        "phenotypes",
        statement("phenotype", "relapse", "present", spot, term="HP:1", quantity=often),
        statement("phenotype", "relapse", "sometimes", evidence("relapse"), term="HP:1"))
    assert [one["frequency"] for one in found] == [
        {"id": "HP:0040283", "low": 5, "high": 29, "words": "7.5%"}]
    assert (found[0]["presence"], found[0]["also"]) == ("present", ["sometimes"])


def test_listed_synonym_is_written_as_on_the_page() -> None:
    """A name of the page's list keeps the words of its entry."""
    listed = statement("synonym", "laser", "exact", evidence("Laser light", "names"))
    assert items("synonyms", listed)[0]["name"] == "Laser light"
    prose = statement("synonym", "laser", "exact", evidence("Laser light", "summary"))
    assert items("synonyms", prose)[0]["name"] == "laser"


def test_unknown_topics_once_in_order() -> None:
    """Topics that are not known are listed once, in the page's order."""
    found = record(document(), DISEASE, (
        statement("unknown", "", "treatment", evidence("treatment")),
        statement("unknown", "", "cause", evidence("Laser light")),
        statement("unknown", "", "cause", evidence("relapse"), identity="b"),
    ))
    assert found["unknown"] == ["cause", "treatment"]


def test_publications() -> None:
    """References come with all they have and with their public identifier."""
    article = Reference(1, "A. B. 2015", Span(0, 1), "B", 2015, "12", "PMC3", "10.1/x", "u:1",
                        "article")
    web = Reference(2, "W", Span(1, 2), "W", None, url="https://example.org")
    found = record(document(article, web), DISEASE, ())["publications"]
    assert found == [
        {"number": 1, "title": "B", "year": 2015, "pmid": "12", "pmcid": "PMC3", "doi": "10.1/x",
         "url": "u:1", "kind": "article", "id": "PMID:12"},
        {"number": 2, "title": "W", "year": None, "pmid": None, "pmcid": None, "doi": None,
         "url": "https://example.org", "kind": "web", "id": None},
    ]


def test_order_of_statements_does_not_matter() -> None:
    """The same statements in another order give the same bytes."""
    made = [statement("therapy", name, value, evidence(name), term=f"A:{name}")
            for name in ("laser light", "excision") for value in ("option", "standard")]
    forward, backward = (jsonl.line(record(document(), DISEASE, order))
                         for order in (made, made[::-1]))
    assert forward == backward
    assert json.loads(forward)["therapies"][0]["also"]
