"""Statements as quads: one named graph a page, no blank node, ids that hash content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from pyoxigraph import Literal, Quad, RdfFormat, parse, serialize

from . import terms
from .errors import UnknownName
from .frequency import band, counts
from .ids import evidence_id, grounding_id, local, page_id, statement_id
from .model import Document, Entity, Grounding, Quantity, Statement
from .ontology import Kind, Value, categories, comparators, units
from .pages import LANGUAGE, Row, cited, evidence_rows, page_rows, reference_rows
from .prefixes import Prefixes
from .publications import identifier
from .summary import IDENTITY
from .written import day, duration, integer, iris, number, text, true

T = TypeVar("T")
Triple = tuple[str, str, str | Literal]  # the strings are CURIEs
QUOTE = '"'
_SOURCE = "infores:rarekg"  # not in the infores catalogue: our own name in its form
_RULES = "text_mining_agent"
_AGENTS = {"proposer": "computational_model", "curator": "manual_agent"}
_OBO_SYNONYM = {
    "biolink:exact_synonym": "oboInOwl:hasExactSynonym",
    "biolink:related_synonym": "oboInOwl:hasRelatedSynonym",
    "biolink:broad_synonym": "oboInOwl:hasBroadSynonym",
    "biolink:narrow_synonym": "oboInOwl:hasNarrowSynonym",
}


class PageQuads(Iterable[Quad]):
    """The quads of one page, each once; their lines are made without making any of them.

    What is read of it raises UnknownName where something is in no table.
    """

    def __init__(self, rows: Iterable[Row], graph: str, prefixes: Prefixes) -> None:
        self._rows, self._graph, self._prefixes = rows, graph, prefixes

    @property
    def graph(self) -> str:
        """The IRI of the page's graph."""
        return iris(self._prefixes)[self._graph][1:-1]

    @cached_property
    def _said(self) -> list[str]:
        """Subject, predicate and object of each triple, in byte order."""
        iri = iris(self._prefixes)
        return sorted({
            f"{iri[subject]} {iri[predicate]} {value if value[0] == QUOTE else iri[value]}"
            for subject, predicate, value in self._rows})

    @cached_property
    def lines(self) -> bytes:
        """N-Quads in byte order."""
        return self._ended(f" <{self.graph}> .\n")  # a blank sorts before any that goes on

    @property
    def triples(self) -> bytes:
        """The same as N-Triples, without the graph's name."""
        return self._ended(" .\n")

    def _ended(self, end: str) -> bytes:
        return f"{end.join(self._said)}{end}".encode()

    def __iter__(self) -> Iterator[Quad]:
        yield from parse(self.lines, format=RdfFormat.N_QUADS)


def quads(
    document: Document, disease: Entity, statements: Iterable[Statement],
    prefixes: Prefixes, kinds: Mapping[str, Kind],
) -> PageQuads:
    """Everything a page says, in its graph rarekg:graph/<document id>.

    A statement of the kind "disease" says how the page's own disease was found.  Reading them
    raises UnknownName where a prefix, kind, value, category, unit or comparator is in no table.
    """
    rows = _page_graph(document, disease, statements, prefixes, kinds)
    return PageQuads(rows, f"rarekg:graph/{document.id}", prefixes)


def graph_lines(found: Iterable[Quad]) -> bytes:
    """N-Quads, one line a quad, each once, in byte order: the same bytes for the same facts."""
    if isinstance(found, PageQuads):
        return found.lines
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
    yield from page_rows(document, disease, prefixes)
    yield from _entity(disease)
    yield from reference_rows(document)
    for statement in statements:
        if statement.kind == IDENTITY:
            yield from _identity(document, statement)
            continue
        kind = _named("kind", kinds, statement.kind)
        yield from _statement(document, statement, kind, kind.value(statement.value))
        for evidence in statement.evidence:
            yield from evidence_rows(document, evidence)


def _identity(document: Document, statement: Statement) -> Iterator[Row]:
    """How the page's title, or what stands in for it, became its disease."""
    page = page_id(document.id)
    for evidence in statement.evidence:
        if not evidence.quote:  # a title that stands only in the page's markup
            continue
        yield page, "biolink:has_evidence", evidence_id(evidence)
        yield from evidence_rows(document, evidence)
    if statement.grounding:
        how = statement.names, statement.grounding
        node = grounding_id(statement.disease, *how)
        yield page, "rkg:grounding", node
        yield from _grounding(node, statement.disease, *how)


def _statement(
    document: Document, statement: Statement, kind: Kind, value: Value
) -> Iterator[Row]:
    node = statement_id(statement.id)
    yield from _types(node, kind, value)
    if kind.property:
        yield node, kind.property, value.iri
    yield node, "biolink:knowledge_level", text(kind.level)
    yield node, "biolink:agent_type", text(_agent(statement))
    yield node, "biolink:primary_knowledge_source", _SOURCE
    yield from _content(statement, kind, value)
    yield from _original(statement, kind)
    yield from _review(statement)
    for evidence in statement.evidence:
        yield node, "biolink:has_evidence", evidence_id(evidence)
        yield node, "biolink:supporting_text", text(evidence.quote)
        for reference in cited(document, evidence):
            yield node, "biolink:publications", identifier(reference)


def _agent(statement: Statement) -> str:
    """Our rules, unless a person checked or only a person or a proposer found the statement."""
    if statement.review and statement.review.decision != "add":
        return "manual_validation_of_automated_agent"
    finders = {one.rule.partition("/")[0] for one in statement.evidence}
    return _AGENTS.get(finders.pop(), _RULES) if len(finders) == 1 else _RULES


def _review(statement: Statement) -> Iterator[Row]:
    """Who checked the statement, when, and what it said before."""
    node, review = statement_id(statement.id), statement.review
    if review is None:
        return
    yield node, "rkg:curatedBy", review.by
    yield node, "rkg:curatedOn", day(review.on)
    if review.note:
        yield node, "rkg:curationNote", text(review.note)
    if review.was:
        yield node, "rkg:revises", statement_id(review.was)


def _types(node: str, kind: Kind, value: Value) -> Iterator[Row]:
    yield node, "rdf:type", "rkg:Statement"
    yield node, "rdf:type", kind.iri
    if value.association:
        yield node, "rdf:type", "biolink:Association"
        yield node, "rdf:type", value.association


def _content(statement: Statement, kind: Kind, value: Value) -> Iterator[Row]:
    """Subject, predicate, object; the plain triple only of what is neither denied nor doubted."""
    node = statement_id(statement.id)
    subject, predicate, found = triple(statement, kind, value)
    target = found if isinstance(found, str) else text(found.value, LANGUAGE)
    yield node, "rdf:subject", subject
    yield node, "rdf:predicate", predicate
    yield node, "rdf:object", target
    if statement.object:
        yield from _entity(statement.object)
        yield from _frequency(node, statement.quantity)
    elif statement.quantity:
        yield from _measurement(target, statement.quantity, kind.property, value.iri)
    negated = statement.negated or value.negated
    doubtful = statement.doubtful or value.doubtful
    if negated:
        yield node, "biolink:negated", true()
    if doubtful:
        yield node, "rkg:doubtful", true()
    if not negated and not doubtful:
        yield from plain((subject, predicate, target))


def plain(said: tuple[str, str, T]) -> Iterator[tuple[str, str, T]]:
    """What is asserted besides the statement's node: a name also by its OBO property."""
    yield said
    subject, predicate, target = said
    if predicate in _OBO_SYNONYM:
        yield subject, _OBO_SYNONYM[predicate], target


def triple(statement: Statement, kind: Kind, value: Value) -> Triple:
    """The two ends and what joins them, in Biolink's direction."""
    disease = statement.disease.id
    if statement.quantity and not statement.object:
        # a figure of the page that is not about its disease must not become one of the disease
        other = bool(statement.quantity.subject)
        return (disease, "rkg:relatedMeasurement" if other else value.predicate,
                f"rarekg:measurement/{local(statement.id)}")
    if statement.object is None:
        words = value.predicate in _OBO_SYNONYM
        return (disease, value.predicate,
                terms.text(statement.names[0], LANGUAGE) if words else value.iri)
    if kind.subject == "object":
        return statement.object.id, value.predicate, disease
    return disease, value.predicate, statement.object.id


def _frequency(node: str, quantity: Quantity | None) -> Iterator[Row]:
    """How often the object is seen in people with the disease: HPO's band, and the page's number.

    A number that stands for a whole band is that band alone.
    """
    found = band(quantity) if quantity else None
    if quantity is None or found is None:
        return
    yield node, "biolink:frequency_qualifier", found.id
    count = counts(quantity)
    if count:
        yield node, "biolink:has_count", integer(count[0])
        yield node, "biolink:has_total", integer(count[1])
    elif quantity.low is not None and quantity.low == quantity.high:
        yield node, "biolink:has_percentage", number(quantity.low)


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
    if grounding.broader:
        yield target.id, "skos:broadMatch", grounding.broader.id
        yield from _entity(grounding.broader)


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
