"""What each row of KGX is made of, as lines that pages give alone and that sort by the row."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec

from ..ntriples import TYPE, Node
from ..ontology import categories, kinds
from ..prefixes import Prefixes
from ..sorting import page_end
from .kgx_terms import CONTRADICTED, DOUBTFUL

# A part of a row: nodes by subject, each with its terms by the place of the predicate in READ.
Part = dict[str, dict[str, list[str]]]
# All that kgx_rows, kgx_studies and measurements look at.
READ = (
    "rdf:type", "rdfs:label", "rdf:subject", "rdf:predicate", "rdf:object", DOUBTFUL, CONTRADICTED,
    *(f"biolink:{name}" for name in (
        "negated", "knowledge_level", "agent_type", "primary_knowledge_source", "publications",
        "supporting_text", "has_evidence", "original_subject", "original_object",
        "frequency_qualifier", "has_count", "has_total", "has_percentage",
        "disease_context_qualifier", "exact_synonym", "broad_synonym", "narrow_synonym",
        "related_synonym")),
    *(f"rkg:{name}" for name in (
        "section", "mention", "low", "high", "horizon", "about", "subjectText", "unit",
        "comparator", "pageIdentifier")),
    "oa:hasSource", "oa:hasSelector", "oa:exact", "oboInOwl:hasDbXref",
    "dcterms:identifier", "dcterms:type", "dcterms:subject",
)


UNREAD = ("citation", "graph", "grounding", "span")  # folders


def verbs(prefixes: Prefixes) -> tuple[str, ...]:
    """The predicates that rows are read from, as N-Triples has them."""
    curies = (*READ, *sorted({kind.property for kind in kinds().values() if kind.property}))
    return tuple(f"<{prefixes.expand(curie)}>" for curie in curies)


class Taker:
    """Takes pages' graphs apart: each statement with its evidence, each entity alone.

    A page's sentences and figures are in its own graph, so that the parts that all pages give for
    a row are together all triples that the row is read from.
    """

    def __init__(self, prefixes: Prefixes) -> None:
        self._codes = {verb: str(place) for place, verb in enumerate(verbs(prefixes))}
        term = {curie: f"<{prefixes.expand(curie)}>" for curie in (
            "rkg:Statement", "rkg:Page", "rkg:Measurement", "biolink:Publication",
            "biolink:has_evidence", "rdf:object", "oa:hasSelector", "oa:exact", "dcterms:subject")}
        self._statement, self._page = term["rkg:Statement"], term["rkg:Page"]
        self._figure = term["rkg:Measurement"]
        self._entities = {term["biolink:Publication"], *(
            f"<{prefixes.expand(curie)}>" for curie in categories().values())}
        self._evidence, self._object, self._selector, self._exact, self._subject = (
            self._codes[term[curie]] for curie in (
                "biolink:has_evidence", "rdf:object", "oa:hasSelector", "oa:exact",
                "dcterms:subject"))
        self._type = self._codes[TYPE]
        base = prefixes.table["rarekg"]
        self._unread = [f"\n<{base}{name}/".encode() for name in UNREAD]

    def lines(self, page: bytes) -> Iterator[bytes]:
        """The parts of a page, given as the sorted quads of its graph: in each line the subject of
        the row, the graph, and what the graph has for the row."""
        tail = page[page.rindex(b" <"):-1]
        found, graph = self._nodes(self._wanted(page), len(tail.decode())), tail[1:-2]
        for subject, properties in found.items():
            types = properties.get(self._type, ())
            if self._statement in types:
                yield _line(subject, graph, self._closure(found, subject))
            elif self._page in types:
                for disease in properties.get(self._subject, ())[:1]:
                    yield _line(disease[1:-1], graph, {subject: properties})
            elif not types or not self._entities.isdisjoint(types):
                yield _line(subject[1:-1], graph, {subject: properties})

    def _wanted(self, page: bytes) -> list[str]:
        """The page's quads without folders of nodes in which nothing is read."""
        for folder in self._unread:
            start = 0 if page.startswith(folder[1:]) else page.find(folder) + 1
            if start or page.startswith(folder[1:]):
                last = page.rfind(folder) + 1 or start
                page = page[:start] + page[page.index(b"\n", last) + 1:]
        return page.decode().split("\n")[:-1]

    def _nodes(self, page: Sequence[str], tail: int) -> Part:
        """Every node of the page with what is read of it; `tail` is how long a line's end is."""
        codes, found, last, seen = self._codes, Part(), "", ""
        properties, objects = dict[str, list[str]](), list[str]()
        for line in page:
            subject, verb, rest = line.split(" ", 2)
            if subject != last:
                last, properties, seen = subject, {}, ""
            if verb == seen:
                objects.append(rest[:-tail])
            elif verb in codes:
                if not properties:
                    found[subject] = properties
                seen, objects = verb, [rest[:-tail]]
                properties[codes[verb]] = objects
        return found

    def _closure(self, found: Part, subject: str) -> Part:
        """A statement with its figure, its evidence and the quotes of that."""
        properties = found[subject]
        part = {subject: properties}
        part.update((term, found[term]) for term in properties.get(self._object, ())
                    if self._figure in found.get(term, {}).get(self._type, ()))
        for term in properties.get(self._evidence, ()):
            part[term] = evidence = found.get(term, {})
            part.update((quote, found[quote]) for quote in evidence.get(self._selector, ())
                        if self._exact in found.get(quote, {}))
        return part


def graph_of(line: str) -> str:
    """The end of a quad, which all lines of a page share."""
    return line[line.rindex(" <"):]


def pages(quads: bytes) -> Iterator[bytes]:
    """The quads of each page, which stand together."""
    start = 0
    while start < len(quads):
        end = page_end(quads, start)
        yield quads[start:end]
        start = end


def _line(key: str, graph: bytes, part: Part) -> bytes:
    return b"%b %b %b\n" % (key.encode(), graph, msgspec.json.encode(part))


STATEMENTS, NODES = b"<", b"="  # sort before every row of a statement and of a node


def key(line: bytes) -> bytes:
    """The row that a part belongs to: a statement as a term, a node as a bare IRI, so that all
    statements come first and each table is in the order in which kgx_rows gives it."""
    return line[:line.index(b" ")]


def is_statement(name: bytes) -> bool:
    """Whether a row is a statement's."""
    return name.startswith(b"<")


_decoded = msgspec.json.Decoder(Part).decode


def merged(lines: Iterable[bytes], names: Sequence[str]) -> Iterator[Node]:
    """The nodes that parts are made of, each once, in order; `names` are `verbs`."""
    found = Part()
    for line in lines:
        for subject, properties in _decoded(line.split(b" ", 2)[2]).items():
            before = found.setdefault(subject, properties)
            if before != properties:
                found[subject] = {code: sorted({*before.get(code, ()), *properties.get(code, ())})
                                  for code in before | properties}
    for subject in sorted(found):
        yield subject, {names[int(code)]: terms for code, terms in found[subject].items()}


class Parts:
    """Sorted parts in a file, in pieces; `fresh` has the lines of pieces that the file has not.

    `firsts` are the first row of each piece, `sizes` its bytes; a packed file has each compressed.
    """

    def __init__(self, path: Path, firsts: Sequence[bytes], sizes: Iterable[int], *,
                 packed: bool) -> None:
        self.firsts = firsts
        self.fresh: dict[int, list[bytes]] = {}
        self._path = path
        self._starts = list(accumulate(sizes, initial=0))
        self._packed = packed

    def lines(self, number: int) -> list[bytes]:
        """The lines of a piece."""
        if number in self.fresh:
            return self.fresh[number]
        start, end = self._starts[number:number + 2]
        with self._path.open("rb") as parts:
            parts.seek(start)
            content = parts.read(end - start)
        return (unpacked(content) if self._packed else content).splitlines(keepends=True)

    def place(self, row: bytes) -> int:
        """The number of the piece that has a row or would have it."""
        return max(0, bisect_right(self.firsts, row) - 1)

    def of(self, row: bytes) -> list[bytes]:
        """The parts of a row."""
        start = row + b" "
        return [line for line in self.lines(self.place(row)) if line.startswith(start)] if (
            self.firsts) else []


def packed(lines: Iterable[bytes]) -> bytes:
    """The parts of a piece, compressed to about a tenth."""
    return zlib.compress(b"".join(lines), 1)


def unpacked(content: bytes) -> bytes:
    """What `packed` was given."""
    return zlib.decompress(content)
