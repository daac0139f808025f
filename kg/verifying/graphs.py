"""graph.nq against the lines that the statements of its pages give, asserted triples and all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from ..contradictions import changes, contradictions
from ..errors import KgError
from ..ontology import kinds
from ..prefixes import Prefixes
from ..rdf import graph_lines, quads
from ..terms import Names
from .chain import Chain, Page
from .finding import Finding, differing

Edits = Mapping[bytes, tuple[set[bytes], set[bytes]]]


def findings(chain: Chain, prefixes: Prefixes) -> Iterator[Finding]:
    """What graph.nq and withheld.nq have that the statements do not give, and the reverse."""
    try:
        changed: Edits = changes(contradictions(chain.folder, kinds()), kinds(), Names(prefixes))
    except (KgError, KeyError, IndexError):
        changed = {}  # a statement that cannot be read: the chain says which
    yield from _file(chain, "graph.nq", prefixes, changed)
    if (chain.folder / "withheld.nq").is_file():
        yield from _file(chain, "withheld.nq", prefixes, {})


def _file(chain: Chain, name: str, prefixes: Prefixes, changed: Edits) -> Iterator[Finding]:
    path = chain.folder / name
    if not path.is_file():
        yield Finding(name, 0, 0, 0, "graph", "there is no such file")
        return
    of = {_graph(key, prefixes): key for key in chain.documents.keys
          if chain.withheld(key) == (name != "graph.nq")}
    with path.open("rb") as handle:
        file = _Pages(handle, frozenset(of))
        for graph, key in of.items():
            page = chain.page(key)
            wanted = _lines(page, graph, prefixes, changed)
            if isinstance(wanted, str):
                yield Finding(name, file.line + 1, 0, 0, "graph", wanted, page.document.id)
            elif not file.has(wanted):
                yield from _compared(name, file, graph, wanted)
        for number, line in file.rest():
            yield Finding(name, number, 0, 0, "graph", "no page gives this", found=_text(line))


def _graph(document: str, prefixes: Prefixes) -> bytes:
    return f"<{prefixes.expand(f'rarekg:graph/{document}')}>".encode()


def _lines(page: Page, graph: bytes, prefixes: Prefixes, changed: Edits) -> bytes | str:
    """What the file has to hold of a page, or why nobody can tell."""
    if not page.is_whole:
        return "its statements do not begin with its disease"
    try:
        made = graph_lines(quads(page.document, page.said[0].disease, page.said, prefixes,
                                 kinds()))
    except (KgError, ValueError, IndexError) as error:
        return f"its statements give no graph: {error}"
    if graph not in changed:
        return made
    gone, added = changed[graph]
    return b"".join(sorted(set(made.splitlines(keepends=True)) - gone | added))


class _Pages:
    """A graph file read page by page; after a difference it goes on at the next page's lines."""

    def __init__(self, handle: BinaryIO, graphs: frozenset[bytes]) -> None:
        self._handle = handle
        self._graphs = graphs
        self.line = 0  # lines that were read

    def has(self, wanted: bytes) -> bool:
        """Whether the file goes on with these bytes; if so they are read."""
        place = self._handle.tell()
        if self._handle.read(len(wanted)) == wanted:
            self.line += wanted.count(b"\n")
            return True
        self._handle.seek(place)
        return False

    def until_next(self, graph: bytes) -> list[tuple[int, bytes]]:
        """The numbered lines up to those of another page that is known."""
        found: list[tuple[int, bytes]] = []
        while True:
            place = self._handle.tell()
            line = self._handle.readline()
            name = line[line.rfind(b" <") + 1:-3]
            if not line or (name != graph and name in self._graphs):
                self._handle.seek(place)
                return found
            self.line += 1
            found.append((self.line, line))

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The numbered lines that nobody asked for."""
        for line in self._handle:
            self.line += 1
            yield self.line, line


def _compared(name: str, file: _Pages, graph: bytes, wanted: bytes) -> Iterator[Finding]:
    """The lines of one page that are not those that are wanted, each new one beside its old."""
    yield from compared(name, file.until_next(graph), wanted.splitlines(keepends=True), "graph")


def compared(
    name: str, there: list[tuple[int, bytes]], wanted: Iterable[bytes], check: str
) -> Iterator[Finding]:
    """The numbered lines of a file against those wanted, as findings."""
    lines, have = set(wanted), {line for _, line in there}
    missing = sorted(lines - have)
    seen: set[bytes] = set()
    for number, line in there:
        if line in seen:
            yield Finding(name, number, 0, 0, check, "the line comes twice", found=_text(line))
        elif line not in lines:
            twin = _nearest(line, missing)
            yield differing(check, name, number, "not what its sources give",
                            (_text(line), _text(twin)))
        seen.add(line)
    for line in missing:
        number = there[0][0] if there else 0
        yield Finding(name, number, 0, 0, check, "a line is missing", expected=_text(line))
    if have == lines and len(seen) == len(there) and [one for _, one in there] != sorted(lines):
        yield Finding(name, there[0][0], 0, 0, check, "the lines are not in their order")


def _nearest(line: bytes, missing: list[bytes]) -> bytes:
    """The missing line that most likely stood here, which is then no longer missing."""
    if not missing:
        return b""
    best = max(missing, key=lambda other: _alike(line, other))
    missing.remove(best)
    return best


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes at either end are the same."""
    limit = min(len(one), len(other))
    start = next((at for at in range(limit) if one[at] != other[at]), limit)
    end = next((at for at in range(limit - start) if one[-1 - at] != other[-1 - at]), limit)
    return start + end


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\n")
