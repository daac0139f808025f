"""Times the extraction stage alone over a folder: pages a second, or milliseconds by extractor.

usage: python benchmarks/extraction.py ../shared/corpus/medquad [--jobs 2] [--pages 700] [--stages]

The pages are read, and each process has extracted WARM others, before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kg import extract, sources
from kg.errors import KgError
from kg.model import Document
from kg.vocab.index import open_index

WARM = 40


def documents(folder: Path, most: int) -> list[Document]:
    """Pages of the folder in an order drawn once, without those that cannot be read."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    random.Random(1).shuffle(paths)
    found: list[Document] = []
    for path in paths[:most]:
        try:
            found.append(sources.read(path.name, path.read_bytes()))
        except KgError:
            continue
    return found


def extracted(pages: list[Document], barrier: Any, results: Any) -> None:
    """Report the claims of the pages but the first, and their seconds of processor and clock."""
    index = open_index()
    for page in pages[:WARM]:
        extract.claims(page, index)
    barrier.wait()
    clock, cpu = time.monotonic(), time.process_time()
    claims = sum(len(extract.claims(page, index)) for page in pages[WARM:])
    results.put((claims, time.process_time() - cpu, time.monotonic() - clock))


def stage(pages: list[Document], jobs: int) -> dict[str, float]:
    """Pages a second of `jobs` processes, and the processor's milliseconds a page."""
    context = get_context("spawn")
    barrier, results = context.Barrier(jobs), context.Queue()
    workers = [context.Process(target=extracted, args=(pages[first::jobs], barrier, results))
               for first in range(jobs)]
    for worker in workers:
        worker.start()
    found = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    seconds, timed = max(clock for _, _, clock in found), len(pages) - jobs * WARM
    return {
        "pages": timed, "jobs": jobs, "claims": sum(claims for claims, _, _ in found),
        "seconds": round(seconds, 1), "pages_per_second": round(timed / seconds, 1),
        "cpu_ms_per_page": round(1000 * sum(cpu for _, cpu, _ in found) / timed, 2),
    }


def stages(pages: list[Document]) -> dict[str, float]:
    """The processor's milliseconds a page for the cut into sentences and for each extractor."""
    index = open_index()
    spent: dict[str, float] = defaultdict(float)
    for page in pages[:WARM]:
        extract.claims(page, index)
    for page in pages[WARM:]:
        at = time.process_time()
        ready = extract.page_of(page, index)
        spent["page_of"] += (now := time.process_time()) - at
        for extractor in extract.EXTRACTORS:
            at, _, now = now, list(extractor(ready)), time.process_time()
            spent[extractor.__name__] += now - at
    found = {name: round(1000 * seconds / len(pages[WARM:]), 2) for name, seconds in spent.items()}
    return found | {"all": round(sum(found.values()), 2)}


def main() -> None:
    """Run once and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pages", type=int, default=700)
    parser.add_argument("--stages", action="store_true")
    options = parser.parse_args()
    pages = documents(options.folder, options.pages)
    print(json.dumps(stages(pages) if options.stages else stage(pages, options.jobs), indent=1))


if __name__ == "__main__":
    main()
