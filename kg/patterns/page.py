"""What stands for a statement in a page's graph: its two ends, its flags, its plain triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from ..prefixes import Prefixes
from ..rdf import plain
from .source import Graph, Row, Source


class Words(Struct, frozen=True):
    """The terms that the patterns know, as N-Triples writes them."""

    type: str
    subject: str
    predicate: str
    object: str
    reifies: str
    statement: str
    negated: str
    doubtful: str
    contradicts: str
    derived: str

    @property
    def ends(self) -> tuple[str, str, str]:
        """What a reified statement says its triple with."""
        return self.subject, self.predicate, self.object

    @property
    def flags(self) -> tuple[str, str, str]:
        """What keeps a statement's triple from being asserted."""
        return self.negated, self.doubtful, self.contradicts


def words(prefixes: Prefixes) -> Words:
    """The terms under these prefixes."""
    return Words(*(term(curie, prefixes) for curie in (
        "rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "rdf:reifies", "rkg:Statement",
        "biolink:negated", "rkg:doubtful", "rkg:contradicts", "prov:wasDerivedFrom")))


def term(curie: str, prefixes: Prefixes) -> str:
    """A CURIE as N-Triples writes its IRI; raises UnknownName."""
    return f"<{prefixes.expand(curie)}>"


class Page(Struct, frozen=True):
    """A page's graph with its statements by node; `said` has the triple that each is about."""

    graph: Graph
    said: dict[str, Row]
    flagged: set[str]


class Reader:
    """Pages of one file, with what is the same for all of them."""

    def __init__(self, source: Source, prefixes: Prefixes) -> None:
        self.source = source
        self.prefixes = prefixes
        self.words = words(prefixes)
        self._twins: dict[str, list[str]] = {}

    def pages(self) -> Iterator[Page]:
        """Every page of a file of reified statements.

        Raises DataError where a graph is no page's, or a statement is not as kg.rdf writes it.
        """
        for graph in self.source.graphs():
            page = self.page(graph)
            for node in page.said:
                self.complete(page, node)
            yield page

    def page(self, graph: Graph) -> Page:
        """A graph as a page; its statements may lack ends."""
        know, ends, flags = self.words, self.words.ends, self.words.flags
        parts: dict[str, list[str]] = {}
        flagged, twice, statements, derived = set(), set(), [], False
        for subject, predicate, value in graph.rows:
            if predicate in ends:
                part = parts.setdefault(subject, ["", "", ""])
                if part[ends.index(predicate)]:
                    twice.add(subject)
                part[ends.index(predicate)] = value
            elif predicate in flags:
                flagged.add(subject)
            elif predicate == know.type and value == know.statement:
                statements.append(subject)
            elif predicate == know.derived:
                derived = derived or subject == graph.name
        for node in sorted(twice.intersection(statements)):
            raise self.source.wrong(f"the statement {node} has two of one end", f"{node} ")
        if not derived:
            raise self.source.wrong(f"{graph.name} does not say which page it is derived from",
                                    f"{graph.rows[0][0]} ")
        nothing = ["", "", ""]
        said = {node: _row(parts.get(node, nothing)) for node in statements}
        return Page(graph, said, flagged)

    def complete(self, page: Page, node: str) -> Row:
        """The triple of a statement; raises DataError where it lacks one of its ends."""
        for end, value in zip(self.words.ends, page.said[node], strict=True):
            if not value:
                raise self.source.wrong(f"the statement {node} has no {end}", f"{node} ")
        if page.said[node][0][0] != "<" or page.said[node][1][0] != "<":
            raise self.source.wrong(f"{node} is about no triple", f"{node} {self.words.subject}")
        return page.said[node]

    def asserted(self, page: Page, node: str, rows: set[Row]) -> list[Row]:
        """What the page asserts by a statement, nothing for a flagged one.

        Raises DataError where `rows`, the page's, do not assert what they should.
        """
        if node in page.flagged:
            return []
        found = list(self.plain(page.said[node]))
        if not rows.issuperset(found):
            raise self.source.wrong(
                f"the page does not assert {' '.join(found[0])}, although the statement is "
                "neither negated nor doubtful nor contradicted", f"{node} ")
        return found

    def plain(self, said: Row) -> Iterator[Row]:
        """The triples that assert what a statement says, itself first."""
        subject, predicate, value = said
        if predicate not in self._twins:
            self._twins[predicate] = list(self._named(predicate))
        return ((subject, name, value) for name in self._twins[predicate])

    def _named(self, predicate: str) -> Iterator[str]:
        curie = self.prefixes.contract(predicate[1:-1])
        yield predicate
        for _, other, _ in plain(("", curie, "")) if curie else ():
            if other != curie:
                yield term(other, self.prefixes)

    def ends_of(self, node: str, said: Row) -> Iterator[Row]:
        """The three rows of a reified statement."""
        return ((node, end, value) for end, value in zip(self.words.ends, said, strict=True))


def _row(part: Iterable[str]) -> Row:
    subject, predicate, value = part
    return subject, predicate, value
