"""The fast SHACL engine against pyshacl on the same pages and on mutants of them, in one run.

    python benchmarks/validating.py ../shared/corpus/medquad --pages 60 --mutants 500

Ends with 1 where any result differs.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import time
import warnings
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutants import agreed, mutants, parted  # noqa: E402 - the tests' own generator

from kg import pipeline  # noqa: E402
from kg.engines import ENGINES  # noqa: E402
from kg.errors import SourceError  # noqa: E402
from kg.rdf import quads  # noqa: E402
from kg.sources import read  # noqa: E402
from kg.sources.walk import pages as walk  # noqa: E402
from kg.validate import of_page, settled  # noqa: E402

LARGEST = 600  # triples of a page that mutants are made of: the reference takes 0.1 s for one


def main() -> int:
    """Print the figures; 0 if both engines gave the same results for everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--mutants", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.ERROR)  # rdflib tells of every literal that is none
    warnings.simplefilter("ignore")
    graphs = built(asked.folder, asked.pages, asked.seed)
    wrong = compared("pages", [("", graph) for graph in graphs])
    small = [graph for graph in graphs if graph.count(b"\n") < LARGEST]
    wrong += compared("mutants", list(mutants(small, asked.mutants, asked.seed)))
    return 1 if wrong else 0


def built(folder: Path, count: int, seed: int) -> list[bytes]:
    """The graphs of random pages as N-Triples; prints what share of the build validation has."""
    kit = pipeline.tools(pipeline.Settings(engine="shacl"))
    clock, build, check, graphs = time.process_time, 0.0, 0.0, list[bytes]()
    for name, path in random.Random(seed).sample(list(walk([folder])), count):
        started = clock()
        try:
            document = read(name, Path(str(path)).read_bytes())
        except SourceError:
            continue
        claims, _ = pipeline.claimed(kit, document)
        said = pipeline.stated(kit, document, claims)
        page = quads(document, said[0].disease, said, kit.prefixes, kit.kinds)
        lines = page.lines
        between = clock()
        of_page(page.graph, page.triples, "shacl")
        build, check = build + between - started, check + clock() - between
        graphs += parted(lines)
    print(f"{len(graphs)} pages: up to the graph {1000 * build / count:.1f} ms a page, validation "
          f"{1000 * check / count:.1f} ms, {check / (build + check):.0%} of both", flush=True)
    return graphs


def compared(what: str, graphs: list[tuple[str, bytes]]) -> int:
    """Print times and ratio of both engines on the same graphs; how many results differ."""
    seconds: defaultdict[str, float] = defaultdict(float)
    shapes: Counter[str] = Counter()
    differing = broken = 0
    for done, graph in graphs:
        found = {}
        for name, run in ENGINES.items():
            started = time.process_time()
            raw = run(graph)
            seconds[name] += time.process_time() - started
            found[name] = agreed(settled(raw))
        if found["shacl"] != found["pyshacl"]:
            differing += 1
            print(f"DIFFERS {done}: {set(found['shacl']) ^ set(found['pyshacl'])}")
        broken += bool(found["pyshacl"])
        shapes.update({row[1] for row in found["pyshacl"]})
    triples = sum(graph.count(b"\n") for _, graph in graphs)
    slow, fast = seconds["pyshacl"], seconds["shacl"]
    print(f"{len(graphs)} {what}, {triples} triples: {broken} with results of {len(shapes)} "
          f"shapes, {differing} differ; pyshacl {slow:.1f} s, shacl {fast:.2f} s, "
          f"ratio {slow / fast:.0f}", flush=True)
    return differing


if __name__ == "__main__":
    sys.exit(main())
