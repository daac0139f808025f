"""Triples a second of our Turtle, JSON-LD and N-Triples against rdflib's serializers, in one run.

    python benchmarks/writing.py out/graph.nq --triples 300000

Processor time in one process, sorting left out on both sides; the best of --times.  Ends with 1
where what was written is not the graph.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg import prefixes
from kg.exports import lines
from kg.exports.release import Release
from kg.exports.syntaxes import JSONLD, TURTLE
from kg.oracle import rdflib_graph

TABLE = prefixes.load()
# Ours, and the name that rdflib has for the format.
WRITERS: dict[str, tuple[Callable[[Release, io.BytesIO], int], str]] = {
    "turtle": (TURTLE.write, "turtle"), "jsonld": (JSONLD.write, "json-ld"),
    "ntriples": (lines.write_ntriples, "nt"),
}


def main() -> int:
    """Print the figures; 0 if every file that we wrote holds the graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--triples", type=int, default=300_000)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, asked.graph.open("rb") as quads:
        part = Path(folder) / "part.nq"
        part.write_bytes(b"".join(islice(quads, asked.triples)))
        release = Release(part, Path(folder), TABLE)
        triples = release.triples.read_bytes()
        return sum(told(name, release, triples, asked.times) for name in WRITERS)


def told(name: str, release: Release, triples: bytes, times: int) -> int:
    """Print one line; 1 where our file is another graph."""
    write, theirs = WRITERS[name]
    count, made = triples.count(b"\n"), io.BytesIO()
    ours = min(seconds(lambda: write(release, io.BytesIO())) for _ in range(times))
    write(release, made)
    same = read(name, made.getvalue()) == read("ntriples", triples)
    graph = bound(rdflib_graph(triples))
    other = seconds(lambda: graph.serialize(format=theirs, encoding="utf-8"))
    print(f"{name}: {count} triples, {count / ours:,.0f} a second; rdflib {count / other:,.0f}; "
          f"ratio {other / ours:.0f}; {'the same graph' if same else 'ANOTHER GRAPH'}", flush=True)
    return int(not same)


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of a call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def bound(graph: rdflib.Graph) -> rdflib.Graph:
    """The graph with our prefixes, so that rdflib writes the same names."""
    for prefix, iri in TABLE.table.items():
        graph.bind(prefix, iri)
    return graph


def read(name: str, data: bytes) -> set[ox.Triple]:
    """The triples of a file, read by neither side."""
    form = {"turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD,
            "ntriples": ox.RdfFormat.N_TRIPLES}[name]
    return {quad.triple for quad in ox.parse(data, format=form)}


if __name__ == "__main__":
    sys.exit(main())
