"""The views of single nodes: a disease, any other entity, a statement, a publication, a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox
from msgspec import Struct

from ..exports.release import Lines
from ..exports.schemaorg import condition
from ..facts import Facts, collect
from ..ntriples import Shortener
from .paths import folders, path_of
from .prepared import Prepared
from .resources import MOST, described
from .views import Group, Link, Said, Source, groups, said

_SUBJECT = ox.NamedNode("http://purl.org/dc/terms/subject")


class Work(Struct, frozen=True):
    """A publication behind statements, with its identifiers and address."""

    link: Link
    year: str
    identifiers: tuple[str, ...]
    url: str


class NodePage(Struct, frozen=True):
    """A node with all that is said of it; a disease also has its pages and a JSON-LD document."""

    template: str
    link: Link
    category: str
    groups: dict[str, tuple[Group, ...]]
    works: tuple[Work, ...]
    sources: tuple[Link, ...]
    jsonld: str
    truncated: bool


class StatementPage(Struct, frozen=True):
    """One statement alone."""

    template: str
    link: Link
    said: Said


def page(prepared: Prepared, iri: str) -> NodePage | StatementPage | None:
    """The view of a node; None where the graph does not have it."""
    lines = described(prepared, iri)
    return of(prepared, iri, lines) if lines else None


def of(prepared: Prepared, iri: str, lines: Lines) -> NodePage | StatementPage:
    """The view of a node whose description is at hand."""
    facts = collect(lines.nodes(), prepared.prefixes)
    source = Source(facts, partial(link, prepared, facts), prepared.document)
    mine = [fact for fact in facts.facts if fact.id == iri]
    if mine:
        return StatementPage("statement.html", source.link(iri), said(source, mine[0]))
    return _node(prepared, iri, source)


def _node(prepared: Prepared, iri: str, source: Source) -> NodePage:
    facts = source.facts
    category = _category(facts, iri)
    about = [fact for fact in facts.facts if category != "Disease" or fact.disease == iri]
    name = Shortener(prepared.prefixes)
    made = json.dumps(condition(iri, [fact for fact in about if fact.asserted], facts, name),
                      ensure_ascii=False, indent=1) if category == "Disease" else ""
    return NodePage(
        "disease.html" if category == "Disease" else "entity.html", source.link(iri), category,
        groups(source, about), tuple(_works(facts, source)),
        tuple(_pages(prepared, iri)), made.replace("<", "\\u003c"), len(facts.facts) >= MOST)


def _category(facts: Facts, iri: str) -> str:
    """The local name of a node's Biolink class, a disease's before others."""
    names = sorted(one.rpartition("/")[2] for one in facts.classes.get(iri, ()))
    known = [name for name in names if name in folders()]
    return "Disease" if "Disease" in known else known[0] if known else ""


def link(prepared: Prepared, facts: Facts, iri: str) -> Link:
    """A link to a node as the description knows it."""
    category = "Publication" if iri in facts.publications else _category(facts, iri)
    curie = Shortener(prepared.prefixes).name(iri)
    return Link(facts.label(iri) or curie, curie, path_of(iri, category, prepared.prefixes), iri)


def _works(facts: Facts, source: Source) -> Iterator[Work]:
    for iri in sorted(facts.publications, key=lambda one: (facts.publications[one].title, one)):
        found = facts.publications[iri]
        yield Work(source.link(iri), found.year, found.identifiers, found.url)


def _pages(prepared: Prepared, iri: str) -> Iterator[Link]:
    """The pages about a disease."""
    rows = prepared.store.quads_for_pattern(None, _SUBJECT, ox.NamedNode(iri), ox.DefaultGraph())
    for node in sorted(str(row.subject)[1:-1] for row in rows):
        document = prepared.document(node.rpartition("/")[2])
        if document:
            yield Link(document.title, document.page, path_of(node, "", prepared.prefixes),
                       document.url or node)
