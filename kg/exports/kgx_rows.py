"""The rows of KGX and of measurements.tsv, read off a graph's nodes one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from ..ntriples import LABEL, TYPE, Node, value
from ..ontology import Kind, categories, kinds
from ..prefixes import Prefixes
from ..spilling import Shelf
from .kgx_cells import Row, without_gaps
from .kgx_outcomes import node, outcome, outcomes, projected
from .kgx_studies import Studies
from .kgx_terms import CONTRADICTED, DOUBTFUL, Properties, Terms, is_text, source
from .measurements import Measurements

SYNONYMS = ("exact_synonym", "broad_synonym", "narrow_synonym", "related_synonym")
HUMAN = "NCBITaxon:9606"
# What kg.rdf calls a reference, as FaBiO calls it.
PUBLICATION_TYPES = {"article": "fabio:Article", "web": "fabio:WebPage"}
PLURAL = "; "
_NAME = re.compile(r"(?:^|; )((?:\\.|[^\\;])*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")


class Found(Struct, frozen=True):
    """A row and where it goes; `kind` is that of its statement, empty for a node.

    `projected` marks the edge that a statement is besides being a measurement.
    """

    table: str
    kind: str
    row: Row
    projected: bool = False


class Reader:
    """One method for each class of node; what comes before the statements is kept for them.

    `projected` has the outcomes to which edges were projected.
    """

    def __init__(self, prefixes: Prefixes, terms: Terms | None = None) -> None:
        self.terms = terms or Terms(prefixes)
        name = self.terms.names.__getitem__
        self.studies = Studies(self.terms)
        self.labels = Shelf[str](str)
        self._measurements = Measurements(self.terms)
        self._xrefs: dict[str, set[str]] = {}
        self._nodes = Shelf[Row](dict[str, Any])
        self.projected: set[str] = set()
        self._publication = name("biolink:Publication")
        self._kinds, self._classes, self._classified = _known(self.terms)
        self._readers: dict[str, Callable[[str, Properties], Iterable[Found] | None]] = {
            name("rkg:Statement"): self._statement, name("rkg:Evidence"): self.studies.evidence,
            name("oa:TextQuoteSelector"): self.studies.quote,
            name("rkg:Measurement"): self._measurements.figure, name("rkg:Page"): self._page}

    def rows(self, nodes: Iterable[Node]) -> Iterator[Found]:
        """The statements' rows as they come, then the nodes'; every subject must come once."""
        yield from self.stated(nodes, lambda curie: self.labels.get(curie, ""))
        yield from self.named(sorted(one for one in self.projected if one not in self.labels))

    def stated(self, nodes: Iterable[Node], label: Callable[[str], str]) -> Iterator[Found]:
        """The rows of statements; `label` tells the names of nodes after all have come."""
        readers = self._readers
        for subject, properties in nodes:
            for kind in properties.get(TYPE, ()):
                if kind in readers:
                    yield from readers[kind](subject, properties) or ()
                    break
            else:
                self._node(subject, properties)
        for row in self._measurements.rows(label):
            yield Found("measurements", row.get("kind", ""), row)

    def named(self, missing: Iterable[str]) -> Iterator[Found]:
        """The rows of the nodes that have come, and of the outcomes that the graph has not."""
        for curie in missing:
            row = node(outcomes()[curie]) | {"iri": self.terms.iri(curie)}
            self._nodes[row["iri"]] = row
        for _, row in self._nodes.in_order():
            xrefs = self._xrefs.get(row["id"], set()) | set(row.get("xref", ()))
            yield Found("nodes", "", without_gaps({**row, "xref": sorted(xrefs - {row["id"]})}))

    # ---------------------------------------------------------------- nodes

    def _node(self, subject: str, properties: Properties) -> None:
        """An entity or a publication; anything else is not for KGX."""
        label = self.label(properties)
        if label is None:
            return
        terms, curie = self.terms, self.terms.curie(subject)
        self.labels[curie] = label
        types = [term for term in properties[TYPE] if term in self._classes]
        row: Row = {"id": curie, "category": self._leaves(types), "name": label}
        scoped = {name: terms.texts(properties, f"biolink:{name}") for name in SYNONYMS}
        row["synonym"] = sorted({one for names in scoped.values() for one in names})
        row |= scoped
        row["xref"] = terms.ids(properties, "oboInOwl:hasDbXref")
        if self._publication in types:
            row["xref"] = terms.texts(properties, "dcterms:identifier")
            row["publication_type"] = [
                PUBLICATION_TYPES.get(one, one) for one in terms.texts(properties, "dcterms:type")]
        if "biolink:Gene" in row["category"]:
            row["in_taxon"] = [HUMAN]
        iri = value(subject)
        self._nodes[iri] = {**row, "iri": iri}

    def label(self, properties: Properties) -> str | None:
        """The name of an entity or a publication, empty where it has none; None for others."""
        if self._classes.isdisjoint(properties.get(TYPE, ())):
            return None
        return value(min(properties[LABEL])) if LABEL in properties else ""

    def _leaves(self, types: Iterable[str]) -> list[str]:
        """The categories of a node, NamedThing only where there is no other."""
        found = sorted({self.terms.curie(term) for term in types})
        return [one for one in found if one != "biolink:NamedThing"] or found

    def _page(self, _: str, properties: Properties) -> None:
        """What a page calls its disease elsewhere."""
        disease = self.terms.id(properties, "dcterms:subject")
        self._xrefs.setdefault(disease, set()).update(
            self.terms.ids(properties, "rkg:pageIdentifier"))

    # ---------------------------------------------------------------- statements

    def _statement(self, subject: str, properties: Properties) -> Iterator[Found]:
        """Where a statement goes: what Biolink has a class for is an edge, a plain name is a
        property of its node, all else is a measurement and may be an edge as well."""
        terms = self.terms
        kind, association = self._classed(properties[TYPE])
        target = properties[terms.names["rdf:object"]][0]
        predicate = terms.id(properties, "rdf:predicate")
        name = kind.name if kind else ""
        if association and predicate.startswith("biolink:") and not is_text(target):
            row = self._edge(subject, properties, kind, association)
            yield Found("edges" if _is_plain(row) else "qualified_edges", name, row)
        elif is_text(target) and self._is_sure(properties):
            yield Found("synonyms", name, {})
        else:
            measured = self._measurements.row(subject, properties, kind)
            found = outcome(measured)
            if found:
                edge = projected(measured, self._edge(subject, properties, kind, []), found)
                measured["projected"] = edge["id"]
                self.projected.add(edge["object"])
            self._measurements.keep(measured)
            if found:
                yield Found("edges", name, edge, projected=True)

    def _classed(self, types: list[str]) -> tuple[Kind | None, list[str]]:
        """The kind of a statement and Biolink's classes for it, worked out once for its types."""
        found = self._classified.get(tuple(types))
        if found is None:
            found = self._classified[tuple(types)] = (
                next((self._kinds[term] for term in types if term in self._kinds), None),
                [one for one in map(self.terms.curie, types) if one.startswith("biolink:")])
        return found

    def _is_sure(self, properties: Properties) -> bool:
        names = self.terms.names
        return not (properties.keys() & {names["biolink:negated"], names[DOUBTFUL],
                                         names[CONTRADICTED]})

    def _edge(
        self, subject: str, properties: Properties, kind: Kind | None, association: list[str]
    ) -> Row:
        """A statement as KGX has it, in the order of the columns."""
        terms = self.terms
        specific = [one for one in association if one != "biolink:Association"]
        row: Row = {
            "id": terms.curie(subject), "category": specific or ["biolink:Association"],
            "subject": terms.id(properties, "rdf:subject"),
            "predicate": terms.id(properties, "rdf:predicate"),
            "object": terms.id(properties, "rdf:object"),
            "negated": terms.true(properties, "biolink:negated"),
            **source(terms, properties),
            "original_subject": several(terms.texts(properties, "biolink:original_subject")),
            "original_predicate": self._original(properties, kind),
            "original_object": several(terms.texts(properties, "biolink:original_object")),
            **self._often(properties),
            # only in RDF that was made of KGX: a projected edge
            "disease_context_qualifier": terms.id(properties, "biolink:disease_context_qualifier")}
        contrary = terms.ids(properties, CONTRADICTED)
        if contrary:
            row |= {"has_attribute": [CONTRADICTED],
                    "description": f"contradicts {' '.join(contrary)}"}
        elif terms.true(properties, DOUBTFUL):
            row["has_attribute"] = [DOUBTFUL]
        row["has_supporting_studies"] = self.studies.of(properties)
        return without_gaps(row)

    def _original(self, properties: Properties, kind: Kind | None) -> str:
        """Our own, more exact term: the value of the kind's attribute, else the kind."""
        if kind is None:
            return ""
        return (self.terms.id(properties, kind.property) if kind.property else "") or kind.iri

    def _often(self, properties: Properties) -> Row:
        """How often, as the graph has it, and the shares that follow from the counts."""
        terms = self.terms
        band = terms.id(properties, "biolink:frequency_qualifier")
        if not band:
            return {}
        count, total, share = (terms.text(properties, f"biolink:has_{name}")
                               for name in ("count", "total", "percentage"))
        row: Row = {"frequency_qualifier": band}
        if count and total and int(total):
            quotient = int(count) / int(total)
            return {**row, "has_count": int(count), "has_total": int(total),
                    "has_percentage": round(100 * quotient, 4), "has_quotient": round(quotient, 6)}
        if share:
            row |= {"has_percentage": float(share), "has_quotient": round(float(share) / 100, 6)}
        return row


@lru_cache(1)
def _known(terms: Terms) -> tuple[
        dict[str, Kind], frozenset[str], dict[tuple[str, ...], tuple[Kind | None, list[str]]]]:
    """Kinds by class, the classes of nodes, and room for what `_classed` found: the same for all
    readers of a writer's pieces."""
    name = terms.names.__getitem__
    return ({name(kind.iri): kind for kind in kinds().values()},
            frozenset({name("biolink:Publication"), *map(name, categories().values())}), {})


def _is_plain(row: Row) -> bool:
    """Whether nobody denies or doubts an edge, and no other contradicts it."""
    return "negated" not in row and "has_attribute" not in row


def several(texts: list[str]) -> str:
    r"""Several names in one text, as Biolink has one: a semicolon inside a name is `\;`."""
    if len(texts) == 1 and ";" not in texts[0] and "\\" not in texts[0]:
        return texts[0]
    return PLURAL.join(one.replace("\\", "\\\\").replace(";", "\\;") for one in texts)


def names_in(cell: str) -> list[str]:
    """The names that a cell of original_subject or original_object holds."""
    if not cell:
        return []
    return [_ESCAPED.sub(r"\1", one) for one in _NAME.findall(cell)]
