"""A graph in each pattern of evidence and back: CPU seconds, sizes, peak memory, and identity."""

from __future__ import annotations

import argparse
import filecmp
import resource
import tempfile
import time
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path

from kg import patterns
from kg.cli.evidence import base_of
from kg.prefixes import load


def main() -> None:
    """Print a row of Markdown for each pattern; end with 1 where one does not come back equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path, help="graph.nq of kg run")
    parser.add_argument("--pages", type=int, help="only the first so many")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="may be repeated")
    given = parser.parse_args()
    equal = True
    print("| `--evidence` | CPU s there | MB/s | CPU s back | quads | MB | peak MB | equal |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place:
        graph = first(given.graph, given.pages, Path(place)) if given.pages else given.graph
        for name in given.only or [pattern.name for pattern in patterns.PATTERNS]:
            # a process each, so that each has its own peak
            with get_context("spawn").Pool(1) as pool:
                row, same = pool.apply(measured, (graph, name))
            print(row, flush=True)
            equal = equal and same
    raise SystemExit(0 if equal else 1)


def first(graph: Path, pages: int, folder: Path) -> Path:
    """The first pages of a graph as a file of their own."""
    path = folder / "graph.nq"
    with graph.open("rb") as lines, path.open("wb") as out:
        for _, page in islice(groupby(lines, lambda line: line[line.rfind(b" <"):]), pages):
            out.writelines(page)
    return path


def measured(graph: Path, name: str) -> tuple[str, bool]:
    """One pattern there and back, as a row; whether the graph came back byte for byte."""
    pattern, prefixes = patterns.find(name), load(base_of(graph))
    with tempfile.TemporaryDirectory() as place:
        folder, start = Path(place), time.process_time()
        (made,) = patterns.write(graph, folder, patterns.Wanted((pattern,)), prefixes)
        there, start = time.process_time() - start, time.process_time()
        patterns.restore(folder / made.path, folder / "back.nq", pattern, prefixes)
        back = time.process_time() - start
        same = filecmp.cmp(graph, folder / "back.nq", shallow=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    speed = graph.stat().st_size / 1e6 / there
    return (f"| `{name}` | {there:.1f} | {speed:.0f} | {back:.1f} | {made.count:,} | "
            f"{made.bytes / 1e6:,.0f} | {peak} | {'yes' if same else 'NO'} |"), same


if __name__ == "__main__":
    main()
