"""Descriptions without RDF: a node with its statements as JSON, and its KGX rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..exports.kgx_rows import Reader
from ..facts import Fact, Facts, collect
from ..ntriples import value
from .prepared import Prepared
from .resources import Described, described

_KGX = ("nodes", "edges", "qualified_edges")
_encoded = msgspec.json.Encoder(order="deterministic").encode


def record(prepared: Prepared, iri: str) -> bytes | None:
    """The node, its properties under CURIEs, and what is stated of it with every sentence."""
    found = described(prepared, iri)
    if found is None:
        return None
    facts, name = collect(found.nodes(), prepared.prefixes), prepared.shortener.name
    return _encoded({
        "id": name(iri), "iri": iri, "label": facts.label(iri),
        "properties": _properties(prepared, iri),
        "statements": [_statement(prepared, facts, fact) for fact in facts.facts]}) + b"\n"


def _properties(prepared: Prepared, iri: str) -> dict[str, list[str]]:
    name = prepared.shortener.name
    return {name(value(predicate)): [name(term[1:-1]) if term[0] == "<" else value(term)
                                     for term in terms]
            for predicate, terms in prepared.nodes.properties(iri).items()}


def _statement(prepared: Prepared, facts: Facts, fact: Fact) -> dict[str, Any]:
    """A statement with names for its ends; what is false or empty is left out."""
    name = prepared.shortener.name
    made: dict[str, Any] = {
        "id": name(fact.id), "kind": fact.kind, "value": fact.value,
        "disease": name(fact.disease), "disease_label": facts.label(fact.disease),
        "other": name(fact.other), "other_label": facts.label(fact.other),
        "predicate": name(fact.predicate), "negated": fact.negated, "doubtful": fact.doubtful,
        "contradicted": fact.contradicted, "names": list(fact.names),
        "frequency": [part for part in fact.often if part],
        "publications": [name(one) for one in fact.publications],
        "evidence": [_sentence(prepared, facts, one) for one in fact.evidence]}
    if measure := facts.measures.get(fact.other):
        made["measurement"] = {field: text for field, text in
                               msgspec.structs.asdict(measure).items() if text}
    return {field: one for field, one in made.items() if one not in (False, "", [])}


def _sentence(prepared: Prepared, facts: Facts, iri: str) -> dict[str, Any]:
    name, one = prepared.shortener.name, facts.sentences.get(iri)
    if one is None:
        return {"id": name(iri)}
    return {"id": name(iri), "page": name(one.page), "quote": facts.quotes.get(one.quote, ""),
            "section": one.section, "rule": one.rule, "mention": one.mention,
            "publications": [name(work) for work in one.publications]}


def kgx(prepared: Prepared, iri: str) -> bytes | None:
    """The rows of kgx_nodes.jsonl and of the edge files that the description makes."""
    found = described(prepared, iri)
    return b"".join(_rows(prepared, found)) if found else None


def _rows(prepared: Prepared, found: Described) -> Iterator[bytes]:
    rows = [one for one in Reader(prepared.prefixes).rows(found.nodes()) if one.table in _KGX]
    for one in sorted(rows, key=lambda one: (_KGX.index(one.table), str(one.row["id"]))):
        yield msgspec.json.encode(one.row) + b"\n"
