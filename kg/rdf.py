"""Statements as quads: one named graph a page, no blank node, ids that hash content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from .errors import UnknownName
from .ids import (
    citation_id,
    evidence_id,
    grounding_id,
    local,
    page_id,
    quote_id,
    span_id,
    statement_id,
)
from .model import Document, Entity, Evidence, Grounding, Quantity, Reference, Span, Statement
from .ontology import Kind, Value, categories, comparators, units
from .prefixes import Prefixes
from .publications import identifier, identifiers
from .terms import Names, duration, integer, number, text, true, web, year

# A row is a triple whose strings are CURIEs; the object may be a finished term.
Row = tuple[str, str, str | Literal | NamedNode]

T = TypeVar("T")
LANGUAGE = "en"
CONTEXT = 32  # characters before and after a quote, as Web Annotation recommends a few words
_SOURCE = "infores:rarekg"  # not in the infores catalogue: our own name in its form
_OBO_SYNONYM = {
    "biolink:exact_synonym": "oboInOwl:hasExactSynonym",
    "biolink:related_synonym": "oboInOwl:hasRelatedSynonym",
    "biolink:broad_synonym": "oboInOwl:hasBroadSynonym",
    "biolink:narrow_synonym": "oboInOwl:hasNarrowSynonym",
}


def quads(
    document: Document, disease: Entity, statements: Iterable[Statement],
    prefixes: Prefixes, kinds: Mapping[str, Kind],
) -> Iterator[Quad]:
    """Everything a page says, in its graph rarekg:graph/<document id>; a quad may come twice.

    Raises UnknownName where a prefix, kind, value, category, unit or comparator is in no table.
    """
    names = Names(prefixes)
    graph = names.node(f"rarekg:graph/{document.id}")
    for subject, predicate, value in _page_graph(document, disease, statements, prefixes, kinds):
        node = names.node(value) if isinstance(value, str) else value
        yield Quad(names.node(subject), names.node(predicate), node, graph)


def graph_lines(found: Iterable[Quad]) -> bytes:
    """N-Quads, one line a quad, each once, in byte order: the same bytes for the same facts."""
    lines = serialize(found, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(lines.splitlines(keepends=True))))


def _named(what: str, table: Mapping[str, T], name: str) -> T:
    if name not in table:
        raise UnknownName(what, name, table)
    return table[name]


def _page_graph(
    document: Document, disease: Entity, statements: Iterable[Statement],
    prefixes: Prefixes, kinds: Mapping[str, Kind],
) -> Iterator[Row]:
    yield from _page(document, disease, prefixes)
    yield from _entity(disease)
    for reference in document.references:
        yield from _citation(document, reference)
    for statement in statements:
        kind = _named("kind", kinds, statement.kind)
        yield from _statement(document, statement, kind, kind.value(statement.value))
        for evidence in statement.evidence:
            yield from _evidence(document, evidence)


# ---------------------------------------------------------------- pages and publications


def _page(document: Document, disease: Entity, prefixes: Prefixes) -> Iterator[Row]:
    page = page_id(document.id)
    yield f"rarekg:graph/{document.id}", "prov:wasDerivedFrom", page
    yield page, "rdf:type", "rkg:Page"
    yield page, "dcterms:subject", disease.id
    yield page, "dcterms:title", text(document.title or document.page)
    yield page, "dcterms:format", text(document.format)
    yield page, "dcterms:language", text(LANGUAGE)
    yield page, "rkg:path", text(document.page)
    yield page, "rkg:sha256", text(document.sha256)
    yield page, "rkg:characterCount", integer(len(document.text))
    address, terms = web(document.url), web(document.license)
    if address:
        yield page, "schema:url", address
    if document.license:
        yield page, *(("dcterms:license", terms) if terms else
                      ("dcterms:rights", text(document.license)))
    for curie in document.xrefs:
        known = curie.partition(":")[0] in prefixes.table
        yield page, *(("rkg:pageIdentifier", curie) if known else
                      ("dcterms:identifier", text(curie)))


def _citation(document: Document, reference: Reference) -> Iterator[Row]:
    """The entry of the page's reference list, and the publication it names."""
    node = citation_id(document, reference)
    yield page_id(document.id), "rkg:citation", node
    yield node, "rdf:type", "rkg:Citation"
    yield node, "rkg:citationNumber", integer(reference.number)
    yield node, "dcterms:bibliographicCitation", text(reference.text)
    yield node, "rkg:publication", identifier(reference)
    yield from _span(document.id, reference.span)
    yield node, "oa:hasSelector", span_id(document.id, reference.span)
    yield from _publication(reference)


def _publication(reference: Reference) -> Iterator[Row]:
    node = identifier(reference)
    yield node, "rdf:type", "biolink:Publication"
    yield node, "rdfs:label", text(reference.title or reference.text or reference.url or node)
    yield node, "dcterms:type", text(reference.kind)
    for curie in identifiers(reference):
        yield node, "dcterms:identifier", text(curie)
    if reference.year:
        yield node, "dcterms:issued", year(reference.year)
    address = web(reference.url)
    if address:
        yield node, "schema:url", address


# ---------------------------------------------------------------- statements


def _statement(
    document: Document, statement: Statement, kind: Kind, value: Value
) -> Iterator[Row]:
    node = statement_id(statement.id)
    yield from _types(node, kind, value)
    if kind.property:
        yield node, kind.property, value.iri
    yield node, "biolink:knowledge_level", text(kind.level)
    yield node, "biolink:agent_type", text("text_mining_agent")
    yield node, "biolink:primary_knowledge_source", _SOURCE
    yield from _content(statement, kind, value)
    yield from _original(statement, kind)
    for evidence in statement.evidence:
        yield node, "biolink:has_evidence", evidence_id(evidence)
        yield node, "biolink:supporting_text", text(evidence.quote)
        for reference in cited(document, evidence):
            yield node, "biolink:publications", identifier(reference)


def _types(node: str, kind: Kind, value: Value) -> Iterator[Row]:
    yield node, "rdf:type", "rkg:Statement"
    yield node, "rdf:type", kind.iri
    if value.association:
        yield node, "rdf:type", "biolink:Association"
        yield node, "rdf:type", value.association


def _content(statement: Statement, kind: Kind, value: Value) -> Iterator[Row]:
    """Subject, predicate, object; the plain triple only of what is neither denied nor doubted."""
    node = statement_id(statement.id)
    subject, predicate, target = _triple(statement, kind, value)
    yield node, "rdf:subject", subject
    yield node, "rdf:predicate", predicate
    yield node, "rdf:object", target
    if statement.object:
        yield from _entity(statement.object)
    if statement.quantity and isinstance(target, str):
        yield from _measurement(target, statement.quantity, kind.property, value.iri)
    negated = statement.negated or value.negated
    doubtful = statement.doubtful or value.doubtful
    if negated:
        yield node, "biolink:negated", true()
    if doubtful:
        yield node, "rkg:doubtful", true()
    if not negated and not doubtful:
        yield subject, predicate, target
        if predicate in _OBO_SYNONYM:
            yield subject, _OBO_SYNONYM[predicate], target


def _triple(statement: Statement, kind: Kind, value: Value) -> tuple[str, str, str | Literal]:
    """The two ends and what joins them, in Biolink's direction."""
    disease = statement.disease.id
    if statement.quantity:
        # a figure of the page that is not about its disease must not become one of the disease
        other = bool(statement.quantity.subject)
        return (disease, "rkg:relatedMeasurement" if other else value.predicate,
                f"rarekg:measurement/{local(statement.id)}")
    if statement.object is None:
        words = value.predicate in _OBO_SYNONYM
        return (disease, value.predicate,
                text(statement.names[0], LANGUAGE) if words else value.iri)
    if kind.subject == "object":
        return statement.object.id, value.predicate, disease
    return disease, value.predicate, statement.object.id


def _original(statement: Statement, kind: Kind) -> Iterator[Row]:
    """The page's own words, on the end that they name, and how they were grounded."""
    node = statement_id(statement.id)
    end = "subject" if kind.subject == "object" else "object"
    for name in statement.names:
        yield node, f"biolink:original_{end}", text(name)
    kind_of_synonym = kind.value(statement.value).synonym_type
    if kind_of_synonym:
        yield node, "oboInOwl:hasSynonymType", kind_of_synonym
    if statement.grounding and statement.object:
        grounding = grounding_id(statement.object, statement.names, statement.grounding)
        yield node, "rkg:grounding", grounding
        yield from _grounding(grounding, statement.object, statement.names, statement.grounding)


def _grounding(
    node: str, target: Entity, names: tuple[str, ...], grounding: Grounding
) -> Iterator[Row]:
    yield node, "rdf:type", "rkg:Grounding"
    yield node, "rkg:groundedTo", target.id
    yield node, "rkg:tier", text(grounding.tier)
    yield node, "rkg:score", number(grounding.score)
    yield node, "rkg:vocabularySource", text(grounding.source)
    for name in names:
        yield node, "rkg:groundedName", text(name)
    for curie in grounding.candidates:
        yield node, "rkg:candidate", curie


def _entity(entity: Entity) -> Iterator[Row]:
    yield entity.id, "rdf:type", _named("category", categories(), entity.category)
    yield entity.id, "rdfs:label", text(entity.label, LANGUAGE)


def _measurement(node: str, quantity: Quantity, kind: str, value: str) -> Iterator[Row]:
    yield node, "rdf:type", "rkg:Measurement"
    yield node, kind, value
    yield node, "rkg:unit", _named("unit", units(), quantity.unit)
    yield node, "rkg:comparator", _named("comparator", comparators(), quantity.comparator)
    for name, bound in (("rkg:low", quantity.low), ("rkg:high", quantity.high)):
        if bound is not None:
            yield node, name, number(bound)
    if quantity.horizon:
        yield node, "rkg:horizon", duration(quantity.horizon)
    for name, words in (("rkg:about", quantity.about), ("rkg:subjectText", quantity.subject)):
        if words:
            yield node, name, text(words)


# ---------------------------------------------------------------- evidence


def _evidence(document: Document, evidence: Evidence) -> Iterator[Row]:
    node, page = evidence_id(evidence), page_id(evidence.document)
    yield node, "rdf:type", "rkg:Evidence"
    yield node, "rdf:type", "oa:SpecificResource"
    yield node, "oa:hasSource", page
    yield node, "prov:wasDerivedFrom", page
    yield node, "oa:hasSelector", span_id(evidence.document, evidence.span)
    yield node, "oa:hasSelector", quote_id(evidence.document, evidence.span)
    yield node, "rkg:mention", span_id(evidence.document, evidence.exact)
    yield node, "rkg:mentionText", text(_cut(document, evidence.exact))
    yield node, "rkg:section", text(evidence.section)
    yield node, "rkg:rule", text(evidence.rule)
    yield from _quote(document, evidence)
    for span in (evidence.span, evidence.exact, *evidence.context):
        yield from _span(evidence.document, span)
    for span in evidence.context:
        yield node, "rkg:context", span_id(evidence.document, span)
    for count in evidence.cites:
        yield node, "rkg:citationNumber", integer(count)
    for reference in cited(document, evidence):
        yield node, "rkg:citation", citation_id(document, reference)
        yield node, "biolink:publications", identifier(reference)


def _quote(document: Document, evidence: Evidence) -> Iterator[Row]:
    node, span = quote_id(evidence.document, evidence.span), evidence.span
    before = document.text[max(0, span.start - CONTEXT):span.start]
    after = document.text[span.end:span.end + CONTEXT]
    yield node, "rdf:type", "oa:TextQuoteSelector"
    yield node, "oa:exact", text(evidence.quote)
    yield node, "oa:prefix", text(before)
    yield node, "oa:suffix", text(after)


def _span(document: str, span: Span) -> Iterator[Row]:
    node = span_id(document, span)
    yield node, "rdf:type", "oa:TextPositionSelector"
    yield node, "oa:start", integer(span.start)
    yield node, "oa:end", integer(span.end)


def _cut(document: Document, span: Span) -> str:
    return document.text[span.start:span.end]


def cited(document: Document, evidence: Evidence) -> Iterator[Reference]:
    """The entries of the page's reference list that this evidence cites."""
    for reference in document.references:
        if reference.number in evidence.cites:
            yield reference
