"""Statements as quads: what is asserted, what is not, and that every parser takes it."""

from __future__ import annotations

import random
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib
from graphs import DISEASE, REFERENCES, TEXT, document, evidence, graph, statement, statements
from msgspec import structs

from kg import prefixes, terms
from kg.errors import UnknownName
from kg.ids import evidence_id, statement_id
from kg.model import Entity, Grounding, Quantity, Reference, Review, Span, Statement
from kg.ontology import kinds
from kg.publications import identifier
from kg.rdf import graph_lines, quads
from kg.text import digest

TABLE = prefixes.load()
SURGERY = Entity("MAXO:0000004", "surgical procedure", "therapy")


def node(curie: str) -> ox.NamedNode:
    """The IRI of a CURIE."""
    return ox.NamedNode(TABLE.expand(curie))


def of(*made: Statement, disease: Entity = DISEASE) -> set[ox.Triple]:
    """The triples of a page with these statements."""
    return {quad.triple for quad in quads(document(), disease, made, TABLE, kinds())}


def objects(triples: set[ox.Triple], predicate: str) -> set[str]:
    """The values of a property, wherever it stands."""
    wanted = node(predicate)
    return {triple.object.value for triple in triples if triple.predicate == wanted
            and isinstance(triple.object, ox.NamedNode | ox.Literal)}


def therapy(value: str, *, negated: bool = False, doubtful: bool = False) -> Statement:
    """A statement about surgery."""
    page = document()
    support = evidence(page, "is usually treated with surgery. [1]", "surgery", (1,))
    return statement("therapy", value, support, SURGERY, names=("surgery",),
                     negated=negated, doubtful=doubtful)


def figure(quantity: Quantity) -> Statement:
    """A statement with a survival figure."""
    support = evidence(document(), "Fewer than 30% live for five years.", "30%")
    return statement("figure", "survival", support, quantity=quantity, names=())


def plain(predicate: str) -> ox.Triple:
    """The plain triple of surgery and the sample disease."""
    return ox.Triple(node(SURGERY.id), node(predicate), node(DISEASE.id))


def test_every_quad_is_in_the_pages_graph() -> None:
    """One page, one graph, named after the document."""
    assert {quad.graph_name for quad in graph()} == {node("rarekg:graph/0123456789abcdef")}


def test_no_blank_nodes() -> None:
    """Every node has an IRI."""
    assert not any(isinstance(term, ox.BlankNode) for quad in graph() for term in quad.triple)


def test_order_does_not_matter() -> None:
    """The same statements in any order are the same bytes."""
    page, made = document(), statements(document())
    shuffled = random.Random(7).sample(made, len(made))
    again = graph_lines(quads(page, DISEASE, shuffled, TABLE, kinds()))
    assert again == graph_lines(graph())
    assert again == b"".join(sorted(again.splitlines(keepends=True)))


@pytest.mark.parametrize(("value", "predicate"), [
    ("standard", "biolink:treats"), ("option", "biolink:applied_to_treat"),
    ("investigational", "biolink:studied_to_treat"), ("to_avoid", "biolink:contraindicated_in"),
])
def test_sure_statement_asserts_its_plain_triple(value: str, predicate: str) -> None:
    """The ladder of therapies, from the therapy to the disease."""
    assert plain(predicate) in of(therapy(value))


@pytest.mark.parametrize("made", [
    therapy("standard", negated=True), therapy("standard", doubtful=True),
    therapy("unproven_or_ineffective"),
])
def test_denied_or_doubted_statement_asserts_nothing(made: Statement) -> None:
    """Whether a modifier or the value says so, the plain triple stays away."""
    found = of(made)
    assert plain("biolink:treats") not in found
    assert objects(found, "rdf:predicate") == {TABLE.expand("biolink:treats")}
    assert "true" in objects(found, "biolink:negated") | objects(found, "rkg:doubtful")


def test_a_surer_statement_still_asserts() -> None:
    """A page may doubt and assert the same: the assertion stands."""
    assert plain("biolink:treats") in of(therapy("standard"), therapy("standard", doubtful=True))


def test_false_flags_are_left_out() -> None:
    """negated and doubtful are true or absent."""
    found = of(therapy("standard"))
    assert not objects(found, "biolink:negated") | objects(found, "rkg:doubtful")


def test_association_has_its_biolink_class() -> None:
    """The real class, biolink:Association, ours and that of the kind."""
    subject = node(statement_id(therapy("standard").id))
    found = {triple.object for triple in of(therapy("standard")) if triple.subject == subject
             and triple.predicate == node("rdf:type")}
    assert found == {node(name) for name in (
        "rkg:Statement", "rkg:TherapyStatement", "biolink:Association",
        "biolink:ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation")}
    avoid = objects(of(therapy("to_avoid")), "rdf:type")
    assert not any("ChemicalOrDrug" in name for name in avoid)


def test_synonym_is_a_literal_with_scope() -> None:
    """Both Biolink's and OBO's property, and the statement says that it is an abbreviation."""
    page = document()
    support = evidence(page, "also called SD", "SD")
    found = of(statement("synonym", "abbreviation", support, names=("SD",)))
    name = ox.Literal("SD", language="en")
    for predicate in ("biolink:exact_synonym", "oboInOwl:hasExactSynonym"):
        assert ox.Triple(node(DISEASE.id), node(predicate), name) in found
    assert objects(found, "oboInOwl:hasSynonymType") == {
        "http://purl.obolibrary.org/obo/OMO_0003000"}


def test_evidence_quotes_and_points() -> None:
    """A quote with what stands around it, its place, and the place of the mention."""
    found = of(therapy("standard"))
    assert objects(found, "oa:exact") == {"is usually treated with surgery. [1]"}
    assert objects(found, "oa:prefix") == {TEXT[:32]}
    assert {"32", "68", "56", "63"} <= objects(found, "oa:start") | objects(found, "oa:end")
    assert objects(found, "rkg:mentionText") == {"surgery"}
    assert objects(found, "biolink:supporting_text") == objects(found, "oa:exact")


def test_citation_joins_statement_and_publication() -> None:
    """The number on the page, the entry of its list, and the PMID."""
    found = of(therapy("standard"))
    assert objects(found, "biolink:publications") == {TABLE.expand("PMID:123")}
    assert objects(found, "rkg:publication") >= {TABLE.expand("PMID:123")}
    assert {"PMID:123", "PMC:456", "doi:10.1/x(1)<2>"} <= objects(found, "dcterms:identifier")


def test_every_selector_has_its_offsets() -> None:
    """Of sentences, mentions and entries of the reference list."""
    found = of(therapy("standard"))
    selectors = {t.object for t in found if t.predicate == node("oa:hasSelector")}
    spans = {one for one in selectors if isinstance(one, ox.NamedNode) and "/span/" in one.value}
    assert len(spans) >= 3
    for one in spans:
        start, end = one.value.rsplit("-", 2)[1:]
        for name, at in (("oa:start", start), ("oa:end", end)):
            assert ox.Triple(one, node(name), terms.integer(int(at))) in found


@pytest.mark.parametrize(("reference", "curie"), [
    (REFERENCES[0], "PMID:123"),
    (Reference(1, "x", Span(0, 1), pmcid="PMC9", doi="10.1/x"), "PMC:9"),
    (Reference(1, "x", Span(0, 1), doi="10.1/x"), "doi:10.1/x"),
    (Reference(1, "x", Span(0, 1), url="https://e.org"),
     f"rarekg:publication/{digest('https://e.org')}"),
    (Reference(1, "words", Span(0, 1), year=2001),
     f"rarekg:publication/{digest('words', 2001)}"),
])
def test_publication_is_named_by_its_best_identifier(reference: Reference, curie: str) -> None:
    """PMID before PMC before DOI before the address, before its words and year."""
    assert identifier(reference) == curie


def test_publication_cited_twice_has_one_label() -> None:
    """Two entries with one PMID: the first describes it."""
    twice = tuple(Reference(number, f"words {number}", Span(0, 4), pmid="5") for number in (1, 2))
    found = {quad.triple for quad in quads(document(references=twice), DISEASE, (), TABLE, kinds())}
    labels = [t for t in found if t.subject == node("PMID:5") and t.predicate == node("rdfs:label")]
    assert [label.object for label in labels] == [ox.Literal("words 1")]


def test_figure_is_a_measurement() -> None:
    """Bounds without trailing zeros, the horizon in its canonical form, and the unit as a node."""
    found = of(figure(Quantity(Decimal("10.50"), Decimal("3E+1"), "%", "range", "people", "P60M")))
    assert objects(found, "rkg:low") == {"10.5"}
    assert objects(found, "rkg:high") == {"30"}
    assert objects(found, "rkg:horizon") == {"P5Y"}
    assert objects(found, "rkg:unit") == {TABLE.expand("rkg:unit-percent")}
    assert objects(found, "rdf:predicate") == {TABLE.expand("rkg:hasMeasurement")}


def test_figure_about_something_else_is_not_one_of_the_disease() -> None:
    """It is kept, but under another predicate."""
    found = of(figure(Quantity(None, Decimal(5), "%", "<", subject="all cancers")))
    assert objects(found, "rdf:predicate") == {TABLE.expand("rkg:relatedMeasurement")}
    assert not any(t.predicate == node("rkg:hasMeasurement") for t in found)


def test_unknown_is_a_triple_of_its_own() -> None:
    """That the cause is not known is said of the disease."""
    page = document()
    support = evidence(page, "The cause is not known.", "cause")
    found = of(statement("unknown", "cause", support, names=()))
    assert ox.Triple(node(DISEASE.id), node("rkg:hasUnknown"), node("rkg:topic-cause")) in found


def test_identity_says_how_the_disease_was_found() -> None:
    """The page's own disease has its grounding and its sentence on the page node."""
    page = document()
    title = evidence(page, "Sample disease", "Sample disease")
    made = Statement("0" * 16, "disease", DISEASE, None, "", False, False, ("Sample disease",),
                     Grounding("label", 1.0, "MONDO"), (title,))
    found = {quad.triple for quad in quads(page, DISEASE, (made,), TABLE, kinds())}
    assert objects(found, "rkg:groundedTo") == {TABLE.expand(DISEASE.id)}
    assert objects(found, "rkg:tier") == {"label"}
    assert not any(t.object == node("rkg:Statement") for t in found)


def test_strange_names_are_refused() -> None:
    """A unit, category, kind, value or prefix that no table has is an error that says which."""
    wrong = Entity("MAXO:1", "x", "planet")
    seen = therapy("option").evidence[0]
    cases = [
        (figure(Quantity(None, Decimal(1), "furlongs", "=")), "unit 'furlongs'"),
        (figure(Quantity(None, None, "%", "!")), "comparator '!'"),
        (statement("therapy", "standard", seen, wrong), "category 'planet'"),
        (statement("therapy", "miraculous", seen, SURGERY), "'miraculous'"),
        (statement("rumour", "standard", seen, SURGERY), "kind 'rumour'"),
        (statement("therapy", "standard", seen, Entity("NOPE:1", "x", "therapy")), "'NOPE'"),
    ]
    for made, told in cases:
        with pytest.raises(UnknownName, match=told):
            of(made)


def test_ids_hash_content() -> None:
    """The same evidence has the same id; another rule makes another."""
    first, second = therapy("standard").evidence[0], therapy("option").evidence[0]
    assert evidence_id(first) == evidence_id(second)
    assert statement_id("ab") == statement_id("rarekg:statement/ab") == "rarekg:statement/ab"


def test_store_and_rdflib_keep_every_term() -> None:
    """Loading and writing the graph again changes no term, in Oxigraph and in rdflib."""
    lines = graph_lines(graph())
    store = ox.Store()
    store.load(lines, format=ox.RdfFormat.N_QUADS)
    assert graph_lines(store) == lines
    triples = ox.serialize((quad.triple for quad in graph()), format=ox.RdfFormat.N_TRIPLES)
    assert triples is not None
    again = rdflib.Graph().parse(data=triples, format="nt").serialize(format="nt")
    assert set(ox.parse(again, format=ox.RdfFormat.N_TRIPLES)) == set(
        ox.parse(triples, format=ox.RdfFormat.N_TRIPLES))


# ---------------------------------------------------------------- phenotypes and sites


def feature(quantity: Quantity | None, *, negated: bool = False) -> set[ox.Triple]:
    """The triples of a page that names fever."""
    support = evidence(document(), "Fever was seen in 5 of 12 people.", "Fever")
    return of(statement("phenotype", "present", support, Entity("HP:0001945", "Fever", "phenotype"),
                        quantity=quantity, negated=negated))


@pytest.mark.parametrize(("low", "high", "words", "expected"), [
    ("80", "99", "90%", ["http://purl.obolibrary.org/obo/HP_0040281"]),
    ("88", "88", "88%", ["http://purl.obolibrary.org/obo/HP_0040281", "88"]),
    ("41.7", "41.7", "5/12", ["http://purl.obolibrary.org/obo/HP_0040282", "5", "12"]),
])
def test_frequency_is_a_band_and_the_pages_own_number(
    low: str, high: str, words: str, expected: list[str]
) -> None:
    """A band alone says no more; a share or a count of people is kept beside its band."""
    comparator = "=" if low == high else "range"
    found = feature(Quantity(Decimal(low), Decimal(high), "%", comparator, words))
    names = ("frequency_qualifier", "has_percentage", "has_count", "has_total")
    assert [value for name in names for value in sorted(objects(found, f"biolink:{name}"))] == (
        expected)
    assert not objects(found, "rkg:unit")


def test_phenotypes_and_sites_start_from_the_disease() -> None:
    """The plain triple that a Monarch user looks for; none where the feature is absent."""
    plain = ox.Triple(node(DISEASE.id), node("biolink:has_phenotype"), node("HP:0001945"))
    assert plain in feature(None)
    assert plain not in feature(None, negated=True)
    support = evidence(document(), "It affects the skin.", "skin")
    site = of(statement("site", "", support, Entity("UBERON:0000014", "zone of skin", "site")))
    assert ox.Triple(node(DISEASE.id), node("biolink:disease_has_location"),
                     node("UBERON:0000014")) in site


def test_what_only_a_proposer_found_is_a_models() -> None:
    """One piece of evidence by a rule of ours makes it a text-mining statement."""
    by_rule = therapy("standard")
    (ours,) = by_rule.evidence
    theirs = structs.replace(ours, rule="proposer/some-model")
    for found, agent in (((ours,), "text_mining_agent"), ((theirs,), "computational_model"),
                         ((ours, theirs), "text_mining_agent")):
        made = of(structs.replace(by_rule, evidence=found))
        assert objects(made, "biolink:agent_type") == {agent}


@pytest.mark.parametrize(("decision", "rule", "agent"), [
    ("accept", "test.rule", "manual_validation_of_automated_agent"),
    ("value", "curator/1", "manual_validation_of_automated_agent"),
    ("add", "curator/1", "manual_agent")])
def test_who_found_a_statement_that_a_person_decided_on(
    decision: str, rule: str, agent: str
) -> None:
    """Checked by a person is not the same as found by a person."""
    by_rule = therapy("standard")
    (seen,) = by_rule.evidence
    made = structs.replace(by_rule, evidence=(structs.replace(seen, rule=rule),),
                           review=Review(decision, "https://example.org/me", "2026-11-22"))
    assert objects(of(made), "biolink:agent_type") == {agent}
