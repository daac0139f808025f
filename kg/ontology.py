"""The vocabulary as values: kinds of statement, node categories, units and comparators."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import Struct
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from . import prefixes
from .errors import DataError, UnknownName
from .files import shipped

RKG = "https://w3id.org/rarekg/ontology#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FILES = ("kinds.ttl", "rarekg.ttl")


class Value(Struct, frozen=True):
    """One value of a kind's attribute; `predicate`, `iri` and `association` are CURIEs.

    `opposite` is the value of the same kind that cannot hold as well, if there is one.
    """

    name: str
    iri: str
    predicate: str
    negated: bool
    doubtful: bool
    association: str
    synonym_type: str = ""
    opposite: str = ""


class Kind(Struct, frozen=True):
    """A kind of statement.

    `field` and `attribute` are its names in records.jsonl, `property` the RDF property of the
    attribute, `iri` the class of its statements.  `association` is a Biolink class, one of our
    own below biolink:Association, or "" where Biolink has nothing.  `subject` says which end the
    association starts from; `category` is that of a minted object, `vocabularies` where a name is
    looked up, in that order; both are empty for a kind whose statements name no entity.
    """

    name: str
    field: str
    attribute: str
    iri: str
    values: dict[str, Value]
    association: str
    subject: str
    category: str
    vocabularies: tuple[str, ...]
    property: str
    level: str

    def value(self, name: str) -> Value:
        """The value called `name`; raises UnknownName."""
        if name not in self.values:
            raise UnknownName(f"{self.name} {self.attribute}", name, self.values)
        return self.values[name]


class _Node:
    """One subject of the kinds graph, read by property name."""

    def __init__(self, store: Store, node: NamedNode) -> None:
        self.store = store
        self.node = node
        self.curie = _curie(node)

    def all(self, name: str) -> list[NamedNode | Literal]:
        """The objects of `name`, in a fixed order."""
        base = _SKOS if name == "notation" else RKG
        rows = self.store.quads_for_pattern(self.node, NamedNode(base + name), None, None)
        found = [row.object for row in rows if isinstance(row.object, NamedNode | Literal)]
        return sorted(found, key=lambda term: term.value)

    def text(self, name: str, default: str = "") -> str:
        """The one object of `name` as a CURIE or a string."""
        for term in self.all(name):
            return _curie(term) if isinstance(term, NamedNode) else term.value
        return default

    def true(self, name: str) -> bool:
        """Whether the boolean `name` is there and true."""
        return self.text(name) == "true"


@cache
def _table() -> prefixes.Prefixes:
    return prefixes.load()


def _curie(node: NamedNode) -> str:
    return _table().contract(node.value) or node.value


@cache
def graph() -> Store:
    """Both ontology files in one store; callers only read it."""
    store = Store()
    for name in FILES:
        store.extend(parse(path=shipped(f"ontology/{name}"), format=RdfFormat.TURTLE))
    return store


def _members(class_name: str) -> Iterator[_Node]:
    """The individuals of one of our classes, by IRI."""
    rows = graph().quads_for_pattern(None, _RDF_TYPE, NamedNode(RKG + class_name), None)
    nodes = [row.subject for row in rows if isinstance(row.subject, NamedNode)]
    for node in sorted(nodes, key=lambda term: term.value):
        yield _Node(graph(), node)


def _value(node: _Node, association: str) -> Value:
    return Value(
        node.text("notation"), node.curie, node.text("predicate"), node.true("negated"),
        node.true("doubtful"), node.text("association", association), node.text("synonymType"),
        node.text("opposite"),
    )


def _kind(node: _Node) -> Kind:
    association = node.text("association")
    nodes = [_Node(graph(), term) for term in node.all("value") if isinstance(term, NamedNode)]
    values = [_value(item, association) for item in nodes]
    predicate = node.text("predicate")
    if predicate:
        values.append(Value("", "", predicate, False, False, association))
    if not values:
        raise DataError("ontology/kinds.ttl", 0, f"{node.curie} has neither values nor predicate")
    return Kind(
        node.text("notation"), node.text("field"), node.text("attribute"), node.curie,
        {value.name: value for value in values}, association, node.text("subjectRole"),
        node.text("category"), tuple(node.text("vocabulary").split()),
        node.text("attributeProperty"), node.text("knowledgeLevel"),
    )


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of ontology/kinds.ttl by name; raises DataError where one is incomplete."""
    found = (_kind(node) for node in _members("Kind"))
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}


@cache
def categories() -> dict[str, str]:
    """The class CURIE of each category of nodes ("drug" -> "biolink:Drug")."""
    return {node.text("notation"): node.text("nodeClass") for node in _members("Category")}


@cache
def units() -> dict[str, str]:
    """The CURIE of each unit by its notation ("%" -> "rkg:unit-percent")."""
    return {node.text("notation"): node.curie for node in _members("Unit")}


@cache
def comparators() -> dict[str, str]:
    """The CURIE of each comparator by its notation ("<" -> "rkg:comparator-less")."""
    return {node.text("notation"): node.curie for node in _members("Comparator")}
