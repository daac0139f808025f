"""Times `kg run` as a whole process over a folder: wall seconds, pages a second, peak memory.

usage: python benchmarks/corpus.py ../shared/corpus/medquad [-- further options of kg run]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def resident(root: int) -> int:
    """Bytes of memory that the process `root` and its descendants hold now (Linux)."""
    pages, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
        pages[int(stat.parent.name)] = int(fields[21])
    family, grown = {root}, True
    while grown:
        more = {process for process, parent in parents.items() if parent in family} - family
        family |= more
        grown = bool(more)
    return sum(pages.get(process, 0) for process in family) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Run once and print one JSON object."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "kg", "run", *sys.argv[1:], "-o", out, "--json"]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        peak, done = 0, threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.25):
                peak = max(peak, resident(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        output, errors = process.communicate()
        done.set()
        watcher.join()
        seconds = time.monotonic() - started
        if process.returncode == 2:
            sys.exit(errors.decode())
        summary = json.loads(output)
        pages = summary["pages"] + summary["pages_skipped"]
        size = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
        print(json.dumps(summary | {
            "exit": process.returncode, "wall_seconds": round(seconds, 1),
            "pages_per_second": round(pages / seconds, 1), "peak_mb": peak // 1_000_000,
            "output_mb": size // 1_000_000, "cores": os.cpu_count(),
        }, indent=1))


if __name__ == "__main__":
    main()
