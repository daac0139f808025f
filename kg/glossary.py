"""docs/ontology.md: the vocabulary for people, made from the Turtle."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import Literal, NamedNode

from . import prefixes
from .ontology import Kind, Value, categories, graph, kinds

Row = tuple[str, ...]
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SCHEMA = "https://schema.org/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RKG = "https://w3id.org/rarekg/ontology#"
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "relatedMatch")
_HEAD = """# The vocabulary

Made from ontology/rarekg.ttl and ontology/kinds.ttl by `python -m kg.glossary`; a test compares.
Terms are in `rkg:` = <https://w3id.org/rarekg/ontology#>; kg/data/prefixes.tsv has all prefixes.
Every statement is a node of the classes `rkg:Statement`, that of its kind and, where Biolink has
one, `biolink:Association` and the named association class.  The plain triple stands beside it only
where the statement is neither negated (`biolink:negated`) nor doubtful (`rkg:doubtful`).
"""


def as_markdown() -> str:
    """The whole of docs/ontology.md."""
    parts = [_HEAD, "## Kinds of statement", *(_kind(kind) for kind in kinds().values()),
             "## Classes", _terms("Class", ("term", "definition", "matches"), _class_row),
             "## Properties of statements, evidence, measurements and pages",
             "\n".join(_properties()), "## Categories of nodes", "\n".join(_categories())]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _kind(kind: Kind) -> str:
    ends = "disease → named" if kind.subject == "disease" else "named → disease"
    head = f"### {kind.name} (`{kind.iri}`)\n\n{_text(_iri(kind.iri), _SKOS, 'definition')}\n"
    facts = [f"`records.jsonl`: `{kind.field}`" + (f", attribute `{kind.attribute}`"
                                                   if kind.property else ""),
             f"subject and object: {ends}", f"knowledge level: `{kind.level}`"]
    table = ["| value | means | predicate | class | flags |", "|---|---|---|---|---|",
             *(_value_row(value) for value in kind.values.values())]
    return "\n".join((head, *(f"- {fact}" for fact in facts), "", *table))


def _value_row(value: Value) -> str:
    flags = [name for name, flag in (("negated", value.negated), ("doubtful", value.doubtful))
             if flag]
    means = _text(_iri(value.iri), _SKOS, "definition") if value.iri else "the name says it"
    cells = (value.name or "–", means, f"`{value.predicate}`",
             f"`{value.association}`" if value.association else "none in Biolink",
             ", ".join(flags))
    return f"| {' | '.join(cells)} |"


def _properties() -> Iterator[str]:
    for sort in ("ObjectProperty", "DatatypeProperty"):
        yield _terms(sort, ("term", "definition", "domain", "range", "matches"), _property_row)
        yield ""


def _terms(sort: str, header: Row, row: Callable[[str], Row]) -> str:
    """A table of our own terms of one OWL sort."""
    found = graph().quads_for_pattern(None, NamedNode(_TYPE), NamedNode(_OWL + sort), None)
    nodes = sorted({quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)})
    ours = [node for node in nodes if node.startswith(_RKG)]
    lines = [header, tuple("---" for _ in header), *(row(node) for node in ours)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _class_row(node: str) -> Row:
    return f"`{_curie(node)}`", _text(node, _SKOS, "definition"), _matches(node)


def _property_row(node: str) -> Row:
    domain = _list(node, _RDFS, "domain") or _list(node, _SCHEMA, "domainIncludes")
    return (f"`{_curie(node)}`", _text(node, _SKOS, "definition"), domain,
            _list(node, _RDFS, "range"), _matches(node))


def _categories() -> Iterator[str]:
    yield "| category | class |"
    yield "|---|---|"
    for name, node in sorted(categories().items()):
        yield f"| {name} | `{node}` |"


def _iri(curie: str) -> str:
    return prefixes.load().expand(curie)


def _curie(iri: str) -> str:
    return prefixes.load().contract(iri) or iri


def _objects(node: str, base: str, name: str) -> list[NamedNode | Literal]:
    rows = graph().quads_for_pattern(NamedNode(node), NamedNode(base + name), None, None)
    terms = [row.object for row in rows if isinstance(row.object, NamedNode | Literal)]
    return sorted(terms, key=lambda term: term.value)


def _text(node: str, base: str, name: str) -> str:
    return next((term.value for term in _objects(node, base, name)), "")


def _list(node: str, base: str, name: str) -> str:
    return ", ".join(f"`{_curie(term.value)}`" for term in _objects(node, base, name))


def _matches(node: str) -> str:
    return ", ".join(f"{name.removesuffix('Match')} {listed}" for name in _MATCHES
                     if (listed := _list(node, _SKOS, name)))


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 - this is what it is for
