"""Nanopublications: one a statement and page, and one a page for what belongs to no statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from ..version import VERSION
from . import trusty
from .page import Page, Reader, term
from .source import Graph, Row, ordered

NP = "http://www.nanopub.org/nschema#"
NPX = "http://purl.org/nanopub/x/"
INCLUDES = f"<{NPX}includesElement>"
# What backs a statement or says how it was found; all else of it is what it says.
SUPPORT = (
    "biolink:has_evidence", "biolink:supporting_text", "biolink:publications",
    "biolink:knowledge_level", "biolink:agent_type", "biolink:primary_knowledge_source",
    "biolink:original_subject", "biolink:original_object", "rkg:grounding", "rkg:contradicts",
)
# What a nanopublication that travels alone says of the page it is from.
ABOUT = ("rdf:type", "dcterms:title", "schema:url", "dcterms:license", "dcterms:rights",
         "rkg:sha256")
PARTS = ("Head", "assertion", "provenance", "pubinfo")
LICENCE = ("dcterms:license", "dcterms:rights")


class Imprint(Struct, frozen=True):
    """Who publishes: an IRI (of nobody: the program), and the date or time, of none: none."""

    creator: str = ""
    date: str = ""


class Names:
    """The terms of nanopublications, under the reader's prefixes."""

    def __init__(self, reader: Reader, imprint: Imprint) -> None:
        def made(curie: str) -> str:
            return term(curie, reader.prefixes)

        base = reader.prefixes.expand("rarekg:")
        self.start = f"{base}nanopub/"
        self.own = f"<{self.start}{trusty.BLANK}"
        self.software = f"<{base}software/rarekg-{VERSION}>"
        self.support = frozenset(map(made, SUPPORT))
        self.about = frozenset(map(made, ABOUT))
        self.licence = frozenset(map(made, LICENCE))
        self.part_of, self.creator = made("dcterms:isPartOf"), made("dcterms:creator")
        creator = f"<{imprint.creator}>" if imprint.creator else self.software
        self.signed = [(f"{self.own}>", self.creator, creator)]
        if imprint.date:
            kind = "dateTime" if "T" in imprint.date else "date"
            self.signed.append((f"{self.own}>", made("dcterms:created"),
                                f'"{imprint.date}"^^{made(f"xsd:{kind}")}'))
        self.agent = [
            (self.software, reader.words.type, made("prov:SoftwareAgent")),
            (self.software, made("rdfs:label"), f'"rarekg {VERSION}"')]
        self.head = [
            (f"{self.own}>", reader.words.type, f"<{NP}Nanopublication>"),
            *((f"{self.own}>", f"<{NP}{name}>", f"{self.own}#{graph}>") for name, graph in (
                ("hasAssertion", "assertion"), ("hasProvenance", "provenance"),
                ("hasPublicationInfo", "pubinfo")))]
        self.generated, self.used = made("prov:wasGeneratedBy"), made("prov:used")
        self.associated, self.activity = made("prov:wasAssociatedWith"), made("prov:Activity")


class Whole(Struct, frozen=True):
    """A page cut into nodes: what is said of each, without the triples that are asserted."""

    page: Page
    iri: str
    nodes: dict[str, list[Row]]
    closed: frozenset[str]
    plain: dict[str, list[Row]]


def forth(reader: Reader, imprint: Imprint) -> Iterator[Graph]:
    """The nanopublications of each page: its statements', then its own, which lists them."""
    names = Names(reader, imprint)
    for page in reader.pages():
        whole = _whole(page, reader)
        done: set[Row] = set()
        elements: list[Row] = []
        for node in page.said:
            claim, support = _reached([node], whole, names)
            claim.update(whole.plain[node])
            done |= claim | support
            made = _made(claim, support, whole, names, reader)
            elements.append((f"{names.own}>", INCLUDES, made[0].name.replace("#Head", "")))
            yield from made
        claim, support = _reached([page.graph.name, whole.iri], whole, names)
        claim.update(set(page.graph.rows) - done - support)
        yield from _made(claim, support, whole, names, reader, elements)


def _whole(page: Page, reader: Reader) -> Whole:
    rows = set(page.graph.rows)
    plain = {node: reader.asserted(page, node, rows) for node in page.said}
    # a denied triple may be asserted by another statement: it describes no node either
    apart = {row for said in page.said.values() for row in reader.plain(said)}
    nodes: dict[str, list[Row]] = {}
    iri = ""
    for row in page.graph.rows:
        if row not in apart:
            nodes.setdefault(row[0], []).append(row)
        if row[0] == page.graph.name and row[1] == reader.words.derived:
            iri = row[2]
    return Whole(page, iri, nodes, frozenset((page.graph.name, iri, *page.said)), plain)


def _reached(
    roots: Iterable[str], whole: Whole, names: Names
) -> tuple[set[Row], set[Row]]:
    """What is said of some nodes and of those they name; and what supports it."""
    claim: set[Row] = set()
    support: set[Row] = set()
    behind: list[str] = []
    seen: set[str] = set()
    for root in roots:
        for row in whole.nodes.get(root, ()):
            if row[1] in names.support:
                support.add(row)
                behind.append(row[2])
            else:
                claim.add(row)
                _walk(row[2], whole, seen, claim)
    for node in behind:
        _walk(node, whole, seen, support)
    return claim, support


def _walk(start: str, whole: Whole, seen: set[str], found: set[Row]) -> None:
    """`found` has what is said of a node and of all it leads to; another statement is no way."""
    ahead = [start]
    while ahead:
        node = ahead.pop()
        if node in seen or node in whole.closed:
            continue
        seen.add(node)
        for row in whole.nodes.get(node, ()):
            found.add(row)
            ahead.append(row[2])


def _made(
    claim: set[Row], support: set[Row], whole: Whole, names: Names, reader: Reader,
    elements: Iterable[Row] = (),
) -> list[Graph]:
    """The four graphs of a nanopublication under its trusty IRI, the head first."""
    about = [row for row in whole.nodes.get(whole.iri, ()) if row[1] in names.about]
    own, assertion = f"{names.own}>", f"{names.own}#assertion>"
    activity = f"{names.own}#extraction>"
    support.update(row for row in about if row not in claim)
    found = [names.head, [*elements], [
        (assertion, reader.words.derived, whole.iri), (assertion, names.generated, activity),
        (activity, reader.words.type, names.activity), (activity, names.used, whole.iri),
        (activity, names.associated, names.software)], [
        *names.signed, (own, names.part_of, whole.page.graph.name),
        *((own, row[1], row[2]) for row in about if row[1] in names.licence)]]
    return _published(found, [[], [*claim], [*support], names.agent], names)


def _published(own: list[list[Row]], rest: list[list[Row]], names: Names) -> list[Graph]:
    """The graphs with the code of all of it in their names and in their own rows."""
    graphs = [Graph(f"{names.own}#{name}>", mine + other)
              for name, mine, other in zip(PARTS, own, rest, strict=True)]
    whole = f"<{names.start}{trusty.code(graphs)}"

    def filled(value: str) -> str:
        return whole + value[len(names.own):] if value.startswith(names.own) else value

    return [Graph(filled(graph.name), ordered([*other, *(
        (filled(subject), predicate, filled(value)) for subject, predicate, value in mine)]))
        for graph, mine, other in zip(graphs, own, rest, strict=True)]
