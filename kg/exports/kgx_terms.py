"""Terms as KGX takes them: CURIEs without a slash for nodes, and the prefixes they need."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from ..errors import UnknownName
from ..ntriples import Memo, Shortener, value
from ..ontology import categories
from ..prefixes import Prefixes

Properties = dict[str, list[str]]
# What our rows hold and the graph does not: human genes, and the sorts of publication.
FOREIGN = {"NCBITaxon": "http://purl.obolibrary.org/obo/NCBITaxon_",
           "fabio": "http://purl.org/spar/fabio/"}
DOUBTFUL, CONTRADICTED = "rkg:doubtful", "rkg:contradicts"
# Author statements used in automatic assertion: with and without a reference that can be followed.
CITED, UNCITED = "ECO:0007321", "ECO:0007320"
_KEPT = "".join(map(chr, range(33, 127))).translate(str.maketrans("", "", "%/:|"))


def table(prefixes: Prefixes) -> dict[str, str]:
    """Every prefix of the KGX files: those of the graph, and one for each folder of our nodes.

    KGX takes no CURIE with a slash for a node, so what the graph has as
    rarekg:term/drug/… is rarekg.drug:… here, and expands to the same IRI.
    """
    base = prefixes.table["rarekg"]
    ours = {f"rarekg.{name}": f"{base}term/{name}/" for name in categories()}
    return dict(sorted({**prefixes.table, **FOREIGN, **ours,
                        "rarekg.publication": f"{base}publication/"}.items()))


class Curies:
    """CURIEs of IRIs and back, both without loss; what a CURIE cannot hold is percent-encoded."""

    def __init__(self, prefixes: Prefixes) -> None:
        self.table = table(prefixes)
        self._all = Prefixes(self.table)
        self._short = Shortener(self._all)
        self._base = self.table["rarekg"]
        self.whole = tuple(f"{self._base}{name}/" for name in (
            "citation", "evidence", "measurement", "page", "quote", "span", "statement"))

    def of(self, iri: str) -> str:
        """The CURIE of an IRI; the IRI itself where no prefix fits."""
        if iri.startswith(self.whole):  # no nodes of KGX: the name that every export has
            return f"rarekg:{iri[len(self._base):]}"
        found = self._short.curie(iri) or self._all.contract(iri)
        if found is None:
            return iri
        prefix, _, local = found.partition(":")
        return found if local.isalnum() else f"{prefix}:{quote(local, safe=_KEPT)}"

    def iri(self, curie: str) -> str:
        """The IRI of a CURIE that `of` gave; raises UnknownName for a strange prefix."""
        prefix, _, local = curie.partition(":")
        if prefix not in self.table:
            raise UnknownName("prefix", prefix, self.table)
        return self.table[prefix] + (unquote(local) if "%" in local else local)


class Terms:
    """Reads the properties of a node by CURIE; what is not there is empty."""

    def __init__(self, prefixes: Prefixes) -> None:
        curies = Curies(prefixes)
        self.iri = curies.iri
        self.names = Memo(lambda curie: f"<{prefixes.expand(curie)}>")
        self._curies = Memo(lambda term: curies.of(value(term)))
        self._whole = tuple(f"<{start}" for start in curies.whole)
        self._cut = 1 + len(prefixes.table["rarekg"])

    def curie(self, term: str) -> str:
        """The CURIE of a term."""
        if term.startswith(self._whole):  # each comes a few times: not worth keeping
            return f"rarekg:{term[self._cut:-1]}"
        return self._curies[term]

    def ids(self, properties: Properties, name: str) -> list[str]:
        """The values of a property as CURIEs, in order."""
        found = properties.get(self.names[name])
        return [self.curie(term) for term in found] if found else []

    def id(self, properties: Properties, name: str) -> str:
        """The first value of a property as a CURIE, or nothing."""
        found = properties.get(self.names[name])
        return self.curie(found[0]) if found else ""

    def texts(self, properties: Properties, name: str) -> list[str]:
        """The values of a property as text, in order."""
        found = properties.get(self.names[name])
        return [value(term) for term in found] if found else []

    def text(self, properties: Properties, name: str) -> str:
        """The first value of a property as text, or nothing."""
        found = properties.get(self.names[name])
        return value(found[0]) if found else ""

    def true(self, properties: Properties, name: str) -> bool:
        """Whether a property is there and true."""
        return self.text(properties, name) in {"true", "1"}


def source(terms: Terms, properties: Properties) -> dict[str, Any]:
    """Who makes a statement and how, in which words and after which works."""
    works = terms.ids(properties, "biolink:publications")
    return {
        "knowledge_level": terms.text(properties, "biolink:knowledge_level"),
        "agent_type": terms.text(properties, "biolink:agent_type"),
        "primary_knowledge_source": terms.id(properties, "biolink:primary_knowledge_source"),
        "publications": works,
        "supporting_text": terms.texts(properties, "biolink:supporting_text"),
        "has_evidence": [CITED if works else UNCITED]}


def is_text(term: str) -> bool:
    """Whether a term is a literal."""
    return term[0] == '"'
