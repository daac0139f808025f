"""RDF files parsed by an independent parser, and their triples compared as a set.

Our graphs have no blank node (decisions/0003), so their RDFC-1.0 form is their sorted N-Quads
(RDF Dataset Canonicalization, section 4): equal sets of lines are equal graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from .finding import Finding, first

SYNTAXES = {
    "graph.ttl": ox.RdfFormat.TURTLE, "graph.jsonld": ox.RdfFormat.JSON_LD,
    "graph.nt": ox.RdfFormat.N_TRIPLES, "graph.nq": ox.RdfFormat.N_QUADS,
    "graph.trig": ox.RdfFormat.TRIG, "graph.rdf": ox.RdfFormat.RDF_XML,
}
LINES = frozenset({"graph.nt", "graph.nq"})
CHUNK = 100_000  # quads whose lines are in memory at a time
WHOLE = 64_000_000  # bytes of JSON-LD above which it is parsed part by part
READ = 1 << 24  # bytes of lines in memory at a time
MOST = 20
_NODES = b'"@graph": ['


def findings(
    path: Path, name: str, wanted: Path, *, same: bool = False
) -> tuple[int, list[Finding]]:
    """How many triples a file holds, and those that `wanted` (sorted lines) has otherwise.

    Where both are known to be the `same` bytes they are only counted.
    """
    if same:
        return sum(block.count(b"\n") for block in _read(path)), []
    form = SYNTAXES[path.name]
    try:
        count, total = _sum(_blocks(path, form, wanted.name == "quads"))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        column = getattr(error, "offset", None) or 0
        return 0, [Finding(name, line, column, column + 1, "syntax", f"cannot be parsed: {error}")]
    if (count, total) == _sum_of(wanted):
        return count, []
    return count, list(first(_differences(path, name, wanted), MOST))


def _sum(blocks: Iterable[bytes]) -> tuple[int, int]:
    """Number and sum of hashes of lines: equal for equal sets, whatever their order."""
    count = total = 0
    for block in blocks:
        lines = block.splitlines(keepends=True)
        count, total = count + len(lines), total + sum(map(hash, lines))
    return count, total


@cache
def _sum_of(path: Path) -> tuple[int, int]:
    """The same of a file in a scratch folder, which stays as it is while it is there."""
    return _sum(_read(path))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while lines := handle.readlines(READ):
            yield b"".join(lines)


def _blocks(path: Path, form: ox.RdfFormat, quads: bool) -> Iterator[bytes]:
    """The triples of a file as canonical lines, many at a time."""
    if path.name in LINES:
        yield from _read(path)
        return
    out = ox.RdfFormat.N_QUADS if quads else ox.RdfFormat.N_TRIPLES
    if form == ox.RdfFormat.JSON_LD and path.stat().st_size > WHOLE:
        for part in _parts(path):
            yield ox.serialize(ox.parse(input=part, format=form), format=out) or b""
        return
    found = ox.parse(path=path, format=form)
    # not as a list: a term that is written at once is freed before the next one is made
    while chunk := ox.serialize(islice(found, CHUNK), format=out):
        yield chunk


def _parts(path: Path) -> Iterator[bytes]:
    """A JSON-LD file of one node a line as documents of some nodes each, under its context.

    Raises ValueError where the file is not laid out so.
    """
    with path.open("rb") as handle:
        head = b""
        for line in handle:
            head += line
            if line.startswith(_NODES):
                break
        while lines := handle.readlines(READ):
            if lines[-1] == b"]}\n":
                yield head + b"".join(lines)
                return
            if not lines[-1].endswith(b",\n"):
                lines += handle.readlines(1)  # the last node stands before the end
                if lines[-1] != b"]}\n":
                    raise ValueError("a node does not end in a comma")
                yield head + b"".join(lines)
                return
            yield head + b"".join(lines)[:-2] + b"]}"
    raise ValueError("the file does not end in ]}")


def _differences(path: Path, name: str, wanted: Path) -> Iterator[Finding]:
    """The triples that only one of two files has, and those that come twice."""
    lines = [line for block in _blocks(path, SYNTAXES[path.name], wanted.name == "quads")
             for line in block.splitlines(keepends=True)]
    there = set(lines)
    with wanted.open("rb") as handle:
        missing = []
        for line in handle:
            if line in there:
                there.discard(line)
            else:
                missing.append(line)
    for line in sorted(there):
        yield Finding(name, 0, 0, 0, "syntax", "a triple that the graph has not", found=_text(line))
    for line in missing:
        yield Finding(name, 0, 0, 0, "syntax", "a triple is missing", expected=_text(line))
    if not there and not missing:
        yield Finding(name, 0, 0, 0, "syntax", "a triple comes twice")


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\n")
