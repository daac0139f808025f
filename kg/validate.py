"""The validate stage: a graph against the shapes; each result has its page and sentence."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec import Struct
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from .engines import Raw, Shape, available, engine, messages
from .errors import UnknownName
from .ntriples import value

_RKG = "https://w3id.org/rarekg/ontology#"
_BIOLINK = "https://w3id.org/biolink/vocab/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ABOUT = "http://purl.org/dc/terms/subject"
_SENTENCE = (f"{_BIOLINK}supporting_text", "http://www.w3.org/ns/oa#exact")
_SHOWN = frozenset({*_SENTENCE, f"{_RKG}path"})
_TYPED = "http://www.w3.org/ns/shacl#DatatypeConstraintComponent"
_COMPARED = frozenset(f"http://www.w3.org/ns/shacl#{name}ConstraintComponent" for name in (
    "MinInclusive", "MaxInclusive", "LessThan", "LessThanOrEquals"))
_STEPS = 4  # from a selector over its evidence to the statement


class Result(Struct, frozen=True, order=True):
    """A place where a graph breaks a shape; IRIs in full, empty where there is nothing to name.

    `severity` is "Violation", "Warning" or "Info"; `advice` says what to do about it.
    """

    page: str
    severity: str
    shape: str
    focus: str
    value: str
    component: str
    path: str
    message: str
    advice: str
    statement: str
    sentence: str
    graph: str


class Report(Struct, frozen=True):
    """The results for any number of graphs, in a fixed order, and the engine that gave them.

    `results` are gone through more than once.
    """

    results: Iterable[Result]
    engine: str
    graphs: int = 0

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings do not count."""
        return all(result.severity != "Violation" for result in self.results)


def engine_named(name: str = "auto") -> str:
    """The name of the engine that `name` stands for; raises UnknownName."""
    if name == "auto":
        return available()[0]
    if name not in available():
        raise UnknownName("SHACL engine", name, ("auto", *available()))
    return name


def validate(data: bytes | Iterable[Quad | Triple], name: str = "auto") -> Report:
    """The report on N-Quads, N-Triples or quads; every named graph is checked by itself.

    Raises UnknownName where the engine is not installed.
    """
    chosen = engine_named(name)
    parts = _of_one_page(data) if isinstance(data, bytes) else None
    if parts is None:
        rows = parse(data, format=RdfFormat.N_QUADS) if isinstance(data, bytes) else data
        parts = {graph: serialize(triples, format=RdfFormat.N_TRIPLES) or b""
                 for graph, triples in by_graph(rows).items()}
    results = [result for graph, triples in parts.items()
               for result in _results(graph, triples, chosen)]
    return Report(tuple(sorted(results)), chosen, len(parts))


def of_page(graph: str, triples: bytes, name: str = "auto") -> Report:
    """The report on one graph of our own lines: what `validate` says of its N-Quads.

    They must not be taken apart first.  Raises UnknownName where the engine is not installed.
    """
    chosen = engine_named(name)
    found = settled(engine(chosen)(triples))
    lines = _of_hubs(found, triples) or triples if found else b""
    return Report(tuple(sorted(_all_told(found, graph, lines))), chosen, 1)


# What is left of a triple whose object was taken for the graph's name.
_TWO_TERMS = re.compile(rb"^\S+ \S+ \.\n", re.MULTILINE)


def _of_one_page(lines: bytes) -> dict[str, bytes] | None:
    """The N-Triples of lines that all end with one graph, as a page's do; None for others.

    Cutting the text spares taking the graph apart, a third of the time of a page without results.
    """
    start = lines.rfind(b" <")
    graph = lines[start:]
    if not graph.endswith(b"> .\n") or lines.count(graph) != lines.count(b"\n"):
        return None
    triples = lines.replace(graph, b" .\n")
    return None if _TWO_TERMS.search(triples) else {graph[2:-4].decode(): triples}


def merged(reports: Iterable[Report], name: str) -> Report:
    """One report of many."""
    made = tuple(reports)
    results = sorted(result for report in made for result in report.results)
    return Report(tuple(results), name, sum(report.graphs for report in made))


def by_graph(rows: Iterable[Quad | Triple]) -> dict[str, list[Triple]]:
    """The triples of each graph by its IRI, empty for the default graph."""
    parts: dict[str, list[Triple]] = {}
    for row in rows:
        graph = row.graph_name if isinstance(row, Quad) else None
        name = graph.value if isinstance(graph, NamedNode | BlankNode) else ""
        triple = row.triple if isinstance(row, Quad) else row
        parts.setdefault(name, []).append(triple)
    return parts


def _results(graph: str, triples: bytes, name: str) -> Iterator[Result]:
    return _all_told(settled(engine(name)(triples)), graph, triples)


def _all_told(found: list[Raw], graph: str, triples: bytes) -> Iterator[Result]:
    if not found:
        return
    links = _Links(_rows(triples))
    for raw in found:
        yield _told(raw, graph, links)


def _of_hubs(found: list[Raw], triples: bytes) -> bytes | None:
    """What is to be told where only the page and its disease are broken: no link leads from them.

    None where others are as well.  Most pages with a result have a warning about their disease
    and no other, and reading all lines would take as long as the engine does.
    """
    about = dict(_with(f"> <{_ABOUT}> <".encode(), triples))
    hubs = b"".join(about.values())
    nodes = [f"<{_node(raw)}> ".encode() for raw in found]
    if not all(node in hubs for node in nodes):
        return None
    told = about | dict(_with(f"> <{_RKG}path> ".encode(), triples))
    for node in nodes:
        told |= ((at, line) for at, line in _with(node, triples) if line.startswith(node))
    return b"".join(told[at] for at in sorted(told))


def _with(part: bytes, lines: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that hold `part`, each with where it begins."""
    at = lines.find(part)
    while at >= 0:
        start, end = lines.rfind(b"\n", 0, at) + 1, lines.find(b"\n", at) + 1
        yield start, lines[start:end]
        at = lines.find(part, end)


def _node(raw: Raw) -> str:
    """The node that a person is led to."""
    return raw.focus if raw.path else raw.value or raw.focus


def settled(found: Iterable[Raw]) -> list[Raw]:
    """An engine's results, each once, in order; without comparisons of what cannot be compared.

    Where a value breaks the shape that gives its type, engines differ in whether "three" is less
    than 4 (SHACL, 4.3 has it as SPARQL's operators do, rdflib compares all literals), and nobody
    needs to be told more than that the type is wrong.
    """
    each = set(found)
    untyped = {raw.focus for raw in each
               if raw.component == _TYPED and raw.severity.endswith("#Violation")}
    return sorted(raw for raw in each
                  if raw.focus not in untyped or raw.component not in _COMPARED)


def _told(raw: Raw, graph: str, links: _Links) -> Result:
    """An engine's result with what a person needs to find and mend it."""
    shape = messages().get(raw.shape, Shape(f"{raw.shape} does not hold.", ""))
    node = _node(raw)
    statement = links.statement(node)
    sentence = links.sentence(node) or links.sentence(statement)
    return Result(
        links.page, raw.severity.rpartition("#")[2], raw.shape, raw.focus, raw.value,
        raw.component, raw.path, shape.message.replace("{?value}", raw.value), shape.advice,
        statement, sentence, graph,
    )


# A line of N-Triples as we write it; what others write otherwise is left to the parser.
_OURS = re.compile(r"""^<([^<>\\\ ]*)>\ <([^<>\\\ ]*)>\ (?:<([^<>\\\ ]*)>
    |("[^"\\\n]*(?:\\.[^"\\\n]*)*")(?:@[A-Za-z0-9-]+|\^\^<[^<>\\\ ]*>)?)\ \.\n""",
                   re.MULTILINE | re.VERBOSE)
_Row = tuple[str, str, str, str]  # subject, predicate, and an object's IRI (or none) or text


def _rows(triples: bytes) -> Iterator[_Row]:
    """The links and the words that are shown; of our own lines without an object for each term."""
    found = _OURS.findall(triples.decode()) if triples.endswith(b"\n") else []
    if len(found) == triples.count(b"\n"):
        yield from ((subject, predicate, node, text and value(text))
                    for subject, predicate, node, text in found if node or predicate in _SHOWN)
        return
    for row in parse(triples, format=RdfFormat.N_TRIPLES):
        if isinstance(row.object, Literal) and row.predicate.value not in _SHOWN:
            continue
        text = row.object.value if isinstance(row.object, Literal) else ""
        node = "" if isinstance(row.object, Literal) else _name(row.object)
        yield _name(row.subject), row.predicate.value, node, text


class _Links:
    """A graph as links between nodes, to walk from a broken node back to its statement."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._into: dict[str, list[str]] = {}
        self._texts: dict[tuple[str, str], list[str]] = {}
        self._statements: set[str] = set()
        self._hubs: set[str] = set()
        for row in rows:
            self._add(*row)
        paths = [texts for (_, name), texts in self._texts.items() if name == f"{_RKG}path"]
        self.page = min((text for texts in paths for text in texts), default="")

    def _add(self, subject: str, predicate: str, node: str, text: str) -> None:
        if predicate in _SHOWN and not node:
            self._texts.setdefault((subject, predicate), []).append(text)
        elif predicate == _TYPE and node == f"{_RKG}Statement":
            self._statements.add(subject)
        elif predicate == _ABOUT:
            self._hubs.update((subject, node))
        else:
            self._into.setdefault(node, []).append(subject)

    def statement(self, node: str) -> str:
        """The statement that is `node` or the nearest that leads to it, empty where none does.

        All statements lead to the page and to its disease: these two have none.
        """
        seen, waiting = {node}, deque([(node, 0)])
        while waiting and node not in self._hubs:
            here, steps = waiting.popleft()
            if here in self._statements:
                return here
            for before in sorted(self._into.get(here, ())):
                if steps < _STEPS and before not in seen:
                    seen.add(before)
                    waiting.append((before, steps + 1))
        return ""

    def sentence(self, node: str) -> str:
        """A sentence that the node carries itself."""
        for name in _SENTENCE:
            for text in sorted(self._texts.get((node, name), ())):
                return text
        return ""


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode) else str(term)
