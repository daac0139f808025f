"""What a graph holds, counted: classes, properties, and the links between vocabularies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from ..exports.release import Release
from ..files import replacing, rows, shipped
from ..jsonl import UNREADABLE
from ..ntriples import RDF, TYPE, XSD, Node
from ..prefixes import Prefixes

STRING, TAGGED = f"{XSD}string", f"{RDF}langString"
_DIGITS = "0123456789"
Signature = tuple[str, ...]  # the classes of a node, as terms
Ends = Counter[tuple[int, str, int | str]]  # by signature, property and what is at its end


class Share(Struct, frozen=True):
    """Triples that end in nodes of a class, or in literals of a datatype."""

    iri: str
    triples: int


class Property(Struct, frozen=True):
    """A property within the graph or a class; `objects` is counted for the whole graph only."""

    iri: str
    triples: int
    subjects: int
    objects: int
    classes: tuple[Share, ...]
    datatypes: tuple[Share, ...]


class Class(Struct, frozen=True):
    """The nodes of a class and the properties that they have."""

    iri: str
    entities: int
    properties: tuple[Property, ...]


class Link(Struct, frozen=True):
    """Triples from the nodes of one prefix to those of another."""

    source: str
    property: str
    target: str
    triples: int


class Statistics(Struct, frozen=True):
    """A graph in numbers; everything is sorted by IRI."""

    triples: int
    subjects: int
    objects: int
    graphs: int
    classes: tuple[Class, ...]
    properties: tuple[Property, ...]
    links: tuple[Link, ...]


def count(release: Release) -> Statistics:
    """The numbers of a graph, in three passes over its nodes."""
    work = _Count(release.prefixes)
    for subject, properties in release.nodes():
        work.classify(subject, properties)
    for node in release.nodes():
        work.read(node)
    objects, each = _objects(release.nodes())
    return Statistics(sum(work.ends.values()), len(work.kinds), objects, _graphs(release.quads),
                      tuple(work.classes()), tuple(work.properties(work.all(), each)),
                      tuple(work.links()))


def targets() -> dict[str, str]:
    """The vocabularies that nodes are linked with: prefix and home page."""
    return {cells["prefix"]: cells["home"] for _, cells in rows(shipped("data/linked.tsv"))}


def kept(release: Release, place: Path) -> Statistics:
    """The numbers that `place` has from an earlier call, else counted now and written there."""
    try:
        return msgspec.json.decode(place.read_bytes(), type=Statistics)
    except (FileNotFoundError, *UNREADABLE):
        found = count(release)
    with replacing(place) as out:
        out.write(msgspec.json.encode(found))
    return found


class _Count:
    """Triples by the classes of their subject, so that each is counted once for all of them."""

    def __init__(self, prefixes: Prefixes) -> None:
        self.kinds: dict[str, int] = {}
        self.known: dict[Signature, int] = {}
        self.nodes: Counter[int] = Counter()
        self.subjects: Counter[tuple[int, str]] = Counter()
        self.ends: Ends = Counter()
        self.joined: Counter[tuple[str, str, str]] = Counter()
        self._names = _Names(prefixes)

    def classify(self, subject: str, properties: dict[str, list[str]]) -> None:
        """Remember what a node is."""
        signature = tuple(properties.get(TYPE, ()))
        number = self.known.setdefault(signature, len(self.known))
        self.kinds[subject] = number
        self.nodes[number] += 1

    def read(self, node: Node) -> None:
        """Count the triples of a node."""
        subject, properties = node
        kind, source = self.kinds[subject], self._names.of(subject)
        for name, terms in properties.items():
            self.subjects[kind, name] += 1
            for term in terms:
                self.ends[kind, name, self._end(term)] += 1
                target = self._names.of(term) if source and term[0] == "<" else ""
                if target and target != source:
                    self.joined[source, name, target] += 1

    def _end(self, term: str) -> int | str:
        """The signature of a node, -1 for one that is not described; the datatype of a literal."""
        if term[0] != '"':
            return self.kinds.get(term, -1)
        if term[-1] == ">":
            return term[term.rindex("^^<") + 3:-1]
        return STRING if term[-1] == '"' else TAGGED

    def all(self) -> frozenset[int]:
        """Every signature."""
        return frozenset(self.known.values())

    def classes(self) -> Iterator[Class]:
        """Each class with its partition."""
        for name in sorted({one for signature in self.known for one in signature}):
            within = frozenset(number for signature, number in self.known.items()
                               if name in signature)
            yield Class(name[1:-1], sum(self.nodes[one] for one in within),
                        tuple(self.properties(within)))

    def properties(
        self, within: frozenset[int], objects: dict[str, int] | None = None
    ) -> Iterator[Property]:
        """The properties of the nodes of some signatures."""
        ends: dict[str, Counter[int | str]] = {}
        for (kind, name, end), number in self.ends.items():
            if kind in within:
                ends.setdefault(name, Counter())[end] += number
        for name in sorted(ends):
            subjects = sum(self.subjects[kind, name] for kind in within)
            yield Property(name[1:-1], sum(ends[name].values()), subjects,
                           (objects or {}).get(name, 0), self._kinds(ends[name]),
                           _datatypes(ends[name]))

    def _kinds(self, ends: Counter[int | str]) -> tuple[Share, ...]:
        found: Counter[str] = Counter()
        for signature, number in self.known.items():
            for name in signature if ends[number] else ():
                found[name[1:-1]] += ends[number]
        return tuple(Share(*pair) for pair in sorted(found.items()))

    def links(self) -> Iterator[Link]:
        """Triples between vocabularies."""
        for (source, name, target), number in sorted(self.joined.items()):
            yield Link(source, name[1:-1], target, number)


def _datatypes(ends: Counter[int | str]) -> tuple[Share, ...]:
    return tuple(Share(name, number) for name, number in sorted(
        (name, number) for name, number in ends.items() if isinstance(name, str)))


class _Names:
    """To which of the linked vocabularies, or to us, a node belongs."""

    def __init__(self, prefixes: Prefixes) -> None:
        wanted = {"rarekg", *targets()}
        self._starts = {start: name for name, start in prefixes.table.items() if name in wanted}
        self._longest = sorted(self._starts, key=len, reverse=True)
        self._stems: dict[str, str] = {}

    def of(self, term: str) -> str:
        """The prefix of a term, empty for those of other vocabularies."""
        iri = term[1:-1]
        stem = iri.rstrip(_DIGITS)
        if stem in self._starts:
            return self._starts[stem]
        stem = iri[:max(iri.rfind("/"), iri.rfind("#"), iri.rfind("_")) + 1]
        if stem not in self._stems:
            self._stems[stem] = next((self._starts[start] for start in self._longest
                                      if iri.startswith(start)), "")
        return self._stems[stem]


def _objects(nodes: Iterable[Node]) -> tuple[int, dict[str, int]]:
    """How many objects there are, in all and of each property; known again by 128-bit hashes."""
    total: set[bytes] = set()
    each: dict[str, set[bytes]] = {}
    for _, properties in nodes:
        for name, terms in properties.items():
            found = [blake2b(term.encode(), digest_size=16).digest() for term in terms]
            each.setdefault(name, set()).update(found)
            total.update(found)
    return len(total), {name: len(found) for name, found in each.items()}


def _graphs(quads: Path) -> int:
    """How many graphs sorted N-Quads name."""
    with quads.open("rb") as lines:
        return len({line[line.rfind(b" <") + 1:-3] for line in lines if line.count(b" ") > 3})
