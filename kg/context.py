"""The JSON-LD context, made from the prefix table and the ontology (JSON-LD 1.1, section 4.1)."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import NamedNode

from . import prefixes
from .ontology import graph

# Where two vocabularies have a word in common, the one named first keeps it.
ORDER = ("rkg", "rdf", "rdfs", "biolink", "oa", "prov", "dcterms", "schema", "oboInOwl", "skos")
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = NamedNode(f"{_RDF}type")
_RANGE = NamedNode(f"{_RDFS}range")
# JSON has these itself, or they are what a bare string already is.
_NATIVE = {f"{_XSD}string", f"{_XSD}boolean", f"{_XSD}integer", f"{_RDF}langString"}
# Annotation properties describe the vocabulary itself; rdfs:label alone is in graphs as well.
_SORTS = {f"{_OWL}ObjectProperty", f"{_OWL}DatatypeProperty", f"{_RDF}Property"}


def context(table: prefixes.Prefixes | None = None) -> dict[str, Any]:
    """Aliases, prefixes and one term for every property that the ontology declares."""
    table = table or prefixes.load()
    # "@prefix" because OBO prefixes end in "_", which JSON-LD 1.1 does not take for a prefix
    starts = {name: {"@id": iri, "@prefix": True} for name, iri in table.table.items()}
    terms: dict[str, Any] = {}
    for curie in sorted(_properties(table), key=_rank):
        name = curie.partition(":")[2]
        name = name if name not in terms else curie.replace(":", "_")
        terms[name] = _term(curie, table)
    return {"@version": 1.1, "id": "@id", "type": "@type", **starts, **terms}


def as_text() -> str:
    """The file ontology/context.jsonld as it must be."""
    return json.dumps({"@context": context()}, indent=1, ensure_ascii=False) + "\n"


def _rank(curie: str) -> tuple[int, str]:
    return ORDER.index(curie.partition(":")[0]), curie


def _properties(table: prefixes.Prefixes) -> set[str]:
    """The CURIEs of the properties that the ontology declares for graphs."""
    found = {"rdfs:label"}
    for row in graph().quads_for_pattern(None, _TYPE, None, None):
        if isinstance(row.object, NamedNode) and row.object.value in _SORTS:
            found.add(table.contract(str(row.subject)[1:-1]) or "")
    return found - {""}


def _term(curie: str, table: prefixes.Prefixes) -> dict[str, str]:
    node = NamedNode(table.expand(curie))
    sorts = {str(row.object)[1:-1] for row in graph().quads_for_pattern(node, _TYPE, None, None)}
    if f"{_OWL}ObjectProperty" in sorts:
        return {"@id": curie, "@type": "@id"}
    for row in graph().quads_for_pattern(node, _RANGE, None, None):
        datatype = str(row.object)[1:-1]
        if datatype.startswith(_XSD) and datatype not in _NATIVE:
            return {"@id": curie, "@type": table.contract(datatype) or datatype}
    return {"@id": curie}


if __name__ == "__main__":
    print(as_text(), end="")  # noqa: T201 - this is what it is for
