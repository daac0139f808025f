"""What a page's graph says of the page: its reference list, and where its evidence stands."""

from __future__ import annotations

from collections.abc import Iterator

from .ids import citation_id, evidence_id, page_id, quote_id, span_id
from .model import Document, Entity, Evidence, Reference, Span
from .prefixes import Prefixes
from .publications import identifier, identifiers, itself
from .terms import web
from .written import integer, text, year

# A triple of CURIEs and web addresses; an object that begins with a quote is a finished literal.
Row = tuple[str, str, str]

LANGUAGE = "en"
CONTEXT = 32  # characters before and after a quote, as Web Annotation recommends a few words


# ---------------------------------------------------------------- pages and publications


def page_rows(document: Document, disease: Entity, prefixes: Prefixes) -> Iterator[Row]:
    """The page itself, and the disease it is about."""
    page, own = page_id(document.id), itself(document)
    yield f"rarekg:graph/{document.id}", "prov:wasDerivedFrom", page
    yield page, "rdf:type", "rkg:Page"
    yield page, "dcterms:subject", disease.id
    yield page, "dcterms:title", text((own and own.title) or document.title or document.page)
    yield page, "dcterms:format", text(document.format)
    yield page, "dcterms:language", text(LANGUAGE)
    yield page, "rkg:path", text(document.page)
    yield page, "rkg:sha256", text(document.sha256)
    yield page, "rkg:characterCount", integer(len(document.text))
    address, terms = web(document.url), web(document.license)
    if address:
        yield page, "schema:url", address.value
    if document.license:
        yield page, *(("dcterms:license", terms.value) if terms else
                      ("dcterms:rights", text(document.license)))
    for curie in document.xrefs:
        known = curie.partition(":")[0] in prefixes.table
        yield page, *(("rkg:pageIdentifier", curie) if known else
                      ("dcterms:identifier", text(curie)))


def reference_rows(document: Document) -> Iterator[Row]:
    """The reference list; a publication that it names twice is described as it is first."""
    described = set()
    for reference in document.references:
        yield from _citation(document, reference)
        if identifier(reference) not in described:
            described.add(identifier(reference))
            yield from _publication(reference)


def _citation(document: Document, reference: Reference) -> Iterator[Row]:
    """An entry of the page's reference list."""
    node = citation_id(document, reference)
    yield page_id(document.id), "rkg:citation", node
    yield node, "rdf:type", "rkg:Citation"
    yield node, "rkg:citationNumber", integer(reference.number)
    yield node, "dcterms:bibliographicCitation", text(reference.text)
    yield node, "rkg:publication", identifier(reference)
    yield from _span(document.id, reference.span)
    yield node, "oa:hasSelector", span_id(document.id, reference.span)


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
        yield node, "schema:url", address.value


# ---------------------------------------------------------------- evidence


def evidence_rows(document: Document, evidence: Evidence) -> Iterator[Row]:
    """Where a page says something: quote, place, mention, rule and citations."""
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
    """The entries of the page's reference list that this evidence cites.

    A page that is a publication is the first of them: it says what it says.
    """
    own = itself(document)
    for reference in document.references:
        if reference is own or reference.number in evidence.cites:
            yield reference
