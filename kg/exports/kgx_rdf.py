"""KGX files read back into the triples that they were made of, and the part of a graph that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from ..errors import UsageError
from ..ntriples import LABEL, TYPE, Node
from ..ontology import kinds
from ..prefixes import Prefixes
from ..terms import integer, number, text, true
from .kgx_cells import Row, rows
from .kgx_outcomes import PROJECTED
from .kgx_rows import PUBLICATION_TYPES, SYNONYMS, names_in
from .kgx_studies import ends
from .kgx_terms import CONTRADICTED, DOUBTFUL, Curies, is_text

TABLES = ("nodes", "edges", "qualified_edges")
OBO = {"exact_synonym": "oboInOwl:hasExactSynonym", "broad_synonym": "oboInOwl:hasBroadSynonym",
       "narrow_synonym": "oboInOwl:hasNarrowSynonym",
       "related_synonym": "oboInOwl:hasRelatedSynonym"}
_REFERENCES = {name: kind for kind, name in PUBLICATION_TYPES.items()}
_IDENTIFIERS = ("PMID:", "PMC:", "doi:")
_NODES = ("primary_knowledge_source", "publications", "frequency_qualifier",
          "disease_context_qualifier")
Triple = tuple[str, str, str | Literal]  # the strings are CURIEs


def triples(
    folder: Path, prefixes: Prefixes, suffix: str = "tsv", projected: bool = True
) -> Iterator[str]:
    """The lines of N-Triples that the KGX files of `folder` stand for; a line may come twice.

    Without `projected`, edges that follow from statements which are no edges are left out.  Raises
    UsageError without the files, DataError at a line that is no row, UnknownName at a
    prefix that is not ours.
    """
    curies = Curies(prefixes)
    for table in TABLES:
        path = folder / f"kgx_{table}.{suffix}"
        if not path.is_file():
            raise UsageError(f"{path}: no such file; kg export --format kgx makes it")
        for row in rows(path):
            if row["id"].endswith(PROJECTED) and not projected:
                continue
            for subject, predicate, value in _node(row) if table == "nodes" else _edge(row):
                end = value if isinstance(value, Literal) else NamedNode(curies.iri(value))
                yield (f"<{curies.iri(subject)}> <{prefixes.expand(predicate)}> {end} .\n")


def _node(row: Row) -> Iterator[Triple]:
    """An entity or a publication."""
    node = row["id"]
    for category in row["category"]:
        yield node, "rdf:type", category
    work = "biolink:Publication" in row["category"]
    yield node, "rdfs:label", text(row.get("name", ""), None if work else "en")
    for scope in SYNONYMS:
        for name in row.get(scope, ()):
            yield node, f"biolink:{scope}", text(name, "en")
            yield node, OBO[scope], text(name, "en")
    for kind in row.get("publication_type", ()):
        yield node, "dcterms:type", text(_REFERENCES.get(kind, kind))
    known = [node] if node.startswith(_IDENTIFIERS) and "%" not in node else []
    for other in (*known, *row.get("xref", ())):
        yield (node, "dcterms:identifier", text(other)) if work else (
            node, "oboInOwl:hasDbXref", other)


def _edge(row: Row) -> Iterator[Triple]:
    """A statement, its sentences, and the plain triple where nobody denies or doubts it."""
    node = row["id"]
    for kind in _types(row):
        yield node, "rdf:type", kind
    for end in ("subject", "predicate", "object"):
        yield node, f"rdf:{end}", row[end]
    yield from _flags(row)
    yield from _texts(row)
    for name in _NODES:
        for other in _each(row.get(name, ())):
            yield node, f"biolink:{name}", other
    yield from _often(row)
    for study in row.get("has_supporting_studies", ()):
        for result in study["has_study_results"]:
            yield node, "biolink:has_evidence", result["id"]
            yield from _evidence(study["id"], result)


def _each(cell: Any) -> Iterable[str]:
    return [cell] if isinstance(cell, str) else cell


def _texts(row: Row) -> Iterator[Triple]:
    """What a statement says in words."""
    for name in ("knowledge_level", "agent_type", "supporting_text"):
        for words in _each(row.get(name, ())):
            yield row["id"], f"biolink:{name}", text(words)
    for end in ("original_subject", "original_object"):
        for name in names_in(row.get(end, "")):
            yield row["id"], f"biolink:{end}", text(name)


def _types(row: Row) -> Iterator[str]:
    yield "rkg:Statement"
    yield "biolink:Association"
    yield from row["category"]
    original = row.get("original_predicate", "")
    for kind in kinds().values():
        if original == kind.iri or any(original == one.iri for one in kind.values.values()):
            yield kind.iri


def _flags(row: Row) -> Iterator[Triple]:
    """The value of the attribute; negation, doubt and contradiction, else the fact itself."""
    node, original = row["id"], row.get("original_predicate", "")
    for kind in kinds().values():
        if kind.property and any(original == one.iri for one in kind.values.values()):
            yield node, kind.property, original
    attributes = row.get("has_attribute", ())
    if row.get("negated"):
        yield node, "biolink:negated", true()
    if DOUBTFUL in attributes:
        yield node, DOUBTFUL, true()
    if CONTRADICTED in attributes:
        for other in row["description"].split()[1:]:
            yield node, CONTRADICTED, other
    if not row.get("negated") and not attributes:
        yield row["subject"], row["predicate"], row["object"]


def _often(row: Row) -> Iterator[Triple]:
    """The count where there is one; the shares beside it follow from it."""
    node = row["id"]
    if "has_count" in row:
        yield node, "biolink:has_count", integer(row["has_count"])
        yield node, "biolink:has_total", integer(row["has_total"])
    elif "has_percentage" in row:
        yield node, "biolink:has_percentage", number(Decimal(str(row["has_percentage"])))


def _evidence(page: str, result: dict[str, Any]) -> Iterator[Triple]:
    """A sentence with its place in the page, and that of the mention in it."""
    node, (quote,) = result["id"], result["xref"]
    span = quote.replace("rarekg:quote/", "rarekg:span/", 1)
    yield node, "rdf:type", "rkg:Evidence"
    yield node, "rdf:type", "oa:SpecificResource"
    yield node, "oa:hasSource", page
    yield node, "oa:hasSelector", quote
    yield node, "oa:hasSelector", span
    yield node, "rkg:section", text(result["supporting_text_section_type"])
    place = result.get("subject_location_in_text") or result.get("object_location_in_text")
    if place:
        stem, start = span.rsplit("-", 2)[0], ends(span)[0]
        yield node, "rkg:mention", f"{stem}-{start + place[0]}-{start + place[1]}"
    yield quote, "rdf:type", "oa:TextQuoteSelector"
    yield quote, "oa:exact", text(result["supporting_text"][0])


# ---------------------------------------------------------------- the same part of a graph

# What a KGX file has no place for, of the nodes that it is made of.
LEFT_OUT = ("dcterms:issued", "schema:url", "skos:broadMatch", "prov:wasDerivedFrom",
            "biolink:publications", "rkg:citation", "rkg:citationNumber", "rkg:context", "rkg:rule",
            "rkg:mentionText", "oa:prefix", "oa:suffix")


def subset(nodes: Iterable[Node], prefixes: Prefixes) -> Iterator[str]:
    """The lines of a graph that its KGX files carry, chosen by class and property alone.

    Entities and publications; the statements that are edges, with all but how their names were
    grounded; the evidence of those with its quote, page, section and mention.
    """
    part = _Part(prefixes)
    for subject, properties in nodes:
        yield from part.lines(subject, properties)
    yield from part.rest()


class _Part:
    def __init__(self, prefixes: Prefixes) -> None:
        self._name = {curie: f"<{prefixes.expand(curie)}>" for curie in (
            *LEFT_OUT, "rkg:Statement", "rkg:grounding", "rkg:Evidence", "oa:TextQuoteSelector",
            "rdf:predicate", "rdf:object", "biolink:has_evidence", "oa:hasSelector",
            "rkg:mention", "biolink:NamedThing")}
        self._biolink = f"<{prefixes.table['biolink']}"
        self._ours = f"<{prefixes.table['rkg']}"
        self._kept: dict[str, dict[str, list[str]]] = {}
        self._wanted: set[str] = set()
        self._left = {self._name[curie] for curie in LEFT_OUT}

    def lines(self, subject: str, properties: dict[str, list[str]]) -> Iterator[str]:
        """What is carried of a node; that of evidence waits until a statement asks for it."""
        name, types = self._name, properties.get(TYPE, [])
        if name["rkg:Evidence"] in types or name["oa:TextQuoteSelector"] in types:
            self._kept[subject] = properties
        elif name["rkg:Statement"] in types:
            if self._is_edge(properties):
                self._wanted.update(properties.get(name["biolink:has_evidence"], ()))
                yield from self._written(subject, properties, {name["rkg:grounding"]})
        elif any(one.startswith(self._biolink) for one in types):
            leaves = [one for one in types if one != name["biolink:NamedThing"]] or types
            plain = {verb: terms for verb, terms in properties.items()
                     if not verb.startswith(self._ours)}
            plain |= {TYPE: leaves, LABEL: [min(properties[LABEL])]}
            yield from self._written(subject, plain, self._left)

    def _is_edge(self, properties: dict[str, list[str]]) -> bool:
        name = self._name
        return (any(one.startswith(self._biolink) for one in properties[TYPE])
                and properties[name["rdf:predicate"]][0].startswith(self._biolink)
                and not is_text(properties[name["rdf:object"]][0]))

    def rest(self) -> Iterator[str]:
        """The evidence that the statements rest on, and its quotes."""
        name = self._name
        for subject in sorted(self._wanted & self._kept.keys()):
            properties = self._kept[subject]
            yield from self._written(subject, properties, self._left)
            for quote in properties[name["oa:hasSelector"]]:
                if quote in self._kept:
                    yield from self._written(quote, self._kept[quote], self._left)

    def _written(
        self, subject: str, properties: dict[str, list[str]], left: set[str]
    ) -> Iterator[str]:
        for verb, terms in properties.items():
            if verb not in left:
                for term in terms:
                    yield f"{subject} {verb} {term} .\n"
