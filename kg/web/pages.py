"""The views of single nodes: a disease, any other entity, a statement, a publication, a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

import pyoxigraph as ox
from msgspec import Struct

from ..exports.release import Lines
from ..exports.schemaorg import condition
from ..facts import Fact, Facts, collect
from . import elsewhere
from .library import Library, library
from .near import Picture, picture
from .paths import folders, path_of
from .prepared import Prepared
from .reading import SourcePage, reading
from .resources import MOST, Described, described
from .views import SENTENCES, Group, Link, Said, Source, groups, said

QUOTED = 60  # statements whose sentences an entity's page shows; those of more are a click away
CITING = 200  # statements that a publication's page shows
_SUBJECT = ox.NamedNode("http://purl.org/dc/terms/subject")


class Work(Struct, frozen=True):
    """A publication behind statements, with its identifiers and address."""

    link: Link
    year: str
    identifiers: tuple[str, ...]
    url: str


class Identifier(Struct, frozen=True):
    """A number of another source for a disease; `how` is what SSSOM calls the relation."""

    link: Link
    how: str


class Origin(Struct, frozen=True):
    """A page about a disease, with its address, its licence and the numbers that it gives."""

    link: Link
    url: str
    license: str
    numbers: tuple[str, ...]


class NodePage(Struct, frozen=True):
    """A node with all that is said of it; a disease also has its pages and a JSON-LD document.

    `also` are statements about other diseases that name this one; of a page with more than
    QUOTED statements about others, `quoted` is false and the sentences are left out.
    """

    template: str
    link: Link
    category: str
    groups: dict[str, tuple[Group, ...]]
    also: dict[str, tuple[Group, ...]]
    works: tuple[Work, ...]
    sources: tuple[Origin, ...]
    identifiers: tuple[Identifier, ...]
    sites: tuple[tuple[str, str], ...]
    picture: Picture | None
    jsonld: str
    truncated: bool
    quoted: bool

    @property
    def size(self) -> int:
        """How many statements are shown."""
        return sum(group.size for several in self.groups.values() for group in several)

    @property
    def marks(self) -> dict[str, int]:
        """How many statements are asserted, and how many bear each mark."""
        found = {"asserted": 0, "uncertain": 0, "denied": 0, "contradicted": 0}
        for one in (one for several in self.groups.values() for group in several
                    for one in group.items):
            for mark in one.flags or ("asserted",):
                found[mark] += 1
        return {mark: count for mark, count in found.items() if count}


class StatementPage(Struct, frozen=True):
    """One statement alone."""

    template: str
    link: Link
    said: Said


View = NodePage | StatementPage | SourcePage


def page(prepared: Prepared, iri: str) -> View | None:
    """The view of a node; None where the graph does not have it."""
    lines = described(prepared, iri)
    return of(prepared, iri, lines) if lines else None


def of(prepared: Prepared, iri: str, lines: Described) -> View:
    """The view of a node whose description is at hand."""
    facts = collect(lines.nodes(), prepared.prefixes)
    if iri in facts.pages and (shown := _reading(prepared, iri, facts)):
        return shown
    if iri in facts.publications:
        facts = _citing(prepared, iri, lines)
    source = _source(prepared, facts)
    mine = [fact for fact in facts.facts if fact.id == iri]
    if mine:
        return StatementPage("statement.html", source.link(iri), said(source, mine[0]))
    return _node(prepared, iri, source)


def _source(prepared: Prepared, facts: Facts) -> Source:
    shelf, known = library(prepared), dict[str, Link]()

    def found(iri: str) -> Link:
        if iri not in known:
            known[iri] = link(shelf, facts, iri)
        return known[iri]

    return Source(facts, found, shelf.document)


def _reading(prepared: Prepared, iri: str, facts: Facts) -> SourcePage | None:
    """The page as it was read, with what is stated of its disease there."""
    document = library(prepared).document(iri.rpartition("/")[2])
    if document is None:
        return None
    about = facts.pages[iri].disease if iri in facts.pages else ""
    shown = _stated(prepared, about) if about else facts
    return reading(_source(prepared, shown), iri, about, document)


def _stated(prepared: Prepared, disease: str) -> Facts:
    """What is stated of a disease: at hand where its own view was the last to be made."""
    last = library(prepared).last
    if last and last[0] == disease:
        return last[1]
    found = described(prepared, disease)
    return collect(found.nodes(), prepared.prefixes) if found else Facts()


def _citing(prepared: Prepared, iri: str, lines: Described) -> Facts:
    """The publication with the first CITING statements whose sentences cite it."""
    node = ox.NamedNode(prepared.prefixes.expand("biolink:publications"))
    rows = prepared.store.quads_for_pattern(None, node, ox.NamedNode(iri), ox.DefaultGraph())
    found = set(lines.lines)
    for statement in islice(sorted(str(row.subject)[1:-1] for row in rows), CITING):
        more = described(prepared, statement)
        found.update(more.lines if more else ())
    return collect(Lines(found, prepared.prefixes).nodes(), prepared.prefixes)


def _node(prepared: Prepared, iri: str, source: Source) -> NodePage:
    facts, shelf = source.facts, library(prepared)
    category = "Publication" if iri in facts.publications else _category(facts, iri)
    ill = category == "Disease"
    if ill:
        shelf.last = (iri, facts)
    about = [fact for fact in facts.facts if not ill or fact.disease == iri]
    quoted = ill or len(about) <= QUOTED
    shown = groups(source, about, SENTENCES if quoted else 0, by_disease=not ill)
    others = [fact for fact in facts.facts if ill and fact.disease != iri]
    itself = source.link(iri)
    return NodePage(
        f"{'disease' if ill else 'entity'}.html", itself, category, shown,
        groups(source, others, 0, by_disease=True), tuple(_works(facts, source, iri)),
        tuple(_pages(prepared, shelf, iri)) if ill else (), tuple(_identifiers(shelf, itself)),
        elsewhere.places(itself.curie), picture(shown) if ill else None,
        _jsonld(iri, about, facts, shelf) if ill else "", len(facts.facts) >= MOST, quoted)


def _jsonld(iri: str, about: Iterable[Fact], facts: Facts, shelf: Library) -> str:
    """The schema.org document, safe inside a script element."""
    made = condition(iri, [fact for fact in about if fact.asserted], facts, shelf.shortener)
    return json.dumps(made, ensure_ascii=False).replace("<", "\\u003c")


def _category(facts: Facts, iri: str) -> str:
    """The local name of a node's Biolink class, a disease's before others."""
    names = sorted(one.rpartition("/")[2] for one in facts.classes.get(iri, ()))
    known = [name for name in names if name in folders()]
    return "Disease" if "Disease" in known else known[0] if known else ""


def link(shelf: Library, facts: Facts, iri: str) -> Link:
    """A link to a node as the description knows it."""
    category = "Publication" if iri in facts.publications else _category(facts, iri)
    curie = shelf.name(iri)
    label = facts.publications[iri].title if iri in facts.publications else facts.label(iri)
    return Link(label or curie, curie, path_of(iri, category, shelf.prepared.prefixes), iri)


def _works(facts: Facts, source: Source, iri: str) -> Iterator[Work]:
    """The publications, in the order of their titles; a publication's page has itself alone."""
    mine = [iri] if iri in facts.publications else sorted(
        facts.publications, key=lambda one: (facts.publications[one].title, one))
    for one in mine:
        found = facts.publications[one]
        yield Work(source.link(one), found.year, found.identifiers, found.url)


def _identifiers(shelf: Library, itself: Link) -> Iterator[Identifier]:
    found = dict(sorted(shelf.mapped.get(itself.curie, ())))  # exactMatch wins over closeMatch
    for curie, how in sorted(found.items()):
        iri = shelf.prepared.prefixes.expand(curie)
        yield Identifier(Link(curie, curie, "", iri), how)


def _pages(prepared: Prepared, shelf: Library, iri: str) -> Iterator[Origin]:
    """The pages about a disease."""
    rows = prepared.store.quads_for_pattern(None, _SUBJECT, ox.NamedNode(iri), ox.DefaultGraph())
    for node in sorted(str(row.subject)[1:-1] for row in rows):
        found = shelf.document(node.rpartition("/")[2])
        if found:
            yield Origin(Link(found.title, found.page, path_of(node, "", prepared.prefixes), node),
                         found.url, found.license, found.xrefs)
