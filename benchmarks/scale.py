"""Times and memory of `kg run` from one page to hundreds of thousands, and of what follows a run.

usage: python benchmarks/scale.py ../shared/corpus/medquad [--pages 1 --pages 100] [--jobs N]
           [--short 300] [--stages 100] [--again 100] [--dask 100] [--price 0.04]
           [-- options of kg run]

Larger numbers of pages are the corpus repeated with other disease names and ids. The pages are
always the same for one seed. With --short a page has no more than the first words of its first
answer, so many characters at most: for numbers of pages that would fill a disk if they were whole.
Prints a line of JSON a measurement, then a table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

FOCUS = re.compile(r"(<Focus>)([^<]*)(</Focus>)")
LATER = re.compile(r"(?<=</QAPair>).*(?=</QAPairs>)", re.DOTALL)  # all but the first answer
ANSWER = re.compile(r"(<Answer>)([^<]*)")
NUMBER = re.compile(r'(<Document id=")(\d+)(")')
EVERY = 0.1  # seconds between looks at the processes' memory


def copies(corpus: Path, count: int, seed: int, short: int = 0) -> Iterator[tuple[str, str]]:
    """Name and text of `count` pages: the corpus in a random order, then again under new names."""
    files = sorted(corpus.rglob("*.xml"))
    random.Random(seed).shuffle(files)
    for number in range(count):
        turn, place = divmod(number, len(files))
        text = files[place].read_text(encoding="utf-8")
        text = shortened(text, short) if short else text
        if turn:
            text = FOCUS.sub(rf"\g<1>\g<2> variant R{turn}\g<3>", text, count=1)
            text = NUMBER.sub(rf"\g<1>{turn}\g<2>\g<3>", text, count=1)
        yield f"{turn:04}/{files[place].relative_to(corpus)}", text


def shortened(text: str, most: int) -> str:
    """A page with the first words of its first answer, `most` characters of them."""
    return ANSWER.sub(lambda found: found[1] + found[2][:most].rpartition(" ")[0],
                      LATER.sub("", text))


def laid(folder: Path, pages: Iterable[tuple[str, str]]) -> Path:
    """The pages as files."""
    for name, text in pages:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def memory(root: int) -> list[int]:
    """Bytes that `root` and each of its descendants hold now, shared pages counted once (Linux:
    proportional set size)."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family, grown = {root}, True
    while grown:
        more = {one for one, parent in parents.items() if parent in family} - family
        family |= more
        grown = bool(more)
    return [size for one in family if (size := _held(one))]


def _held(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def measured(*arguments: str) -> dict[str, Any]:
    """Run kg with these arguments: its summary, seconds, CPU seconds, peak memory of the largest
    process and of all."""
    before, started = os.times(), time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "kg", *arguments],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peak, done = [0, 0], threading.Event()

    def watch() -> None:
        while not done.wait(EVERY):
            sizes = memory(process.pid)
            peak[:] = max(peak[0], *sizes, 0), max(peak[1], sum(sizes))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, errors = process.communicate()
    done.set()
    watcher.join()
    seconds, after = time.monotonic() - started, os.times()
    if process.returncode == 2 or ("--json" in arguments and not output.startswith(b"{")):
        sys.exit(errors.decode())
    summary: dict[str, Any] = json.loads(output) if output.startswith(b"{") else {}
    cpu = after.children_user + after.children_system - (
        before.children_user + before.children_system)
    return summary | {"wall": round(seconds, 2), "cpu": round(cpu, 2),
                      "largest_mb": peak[0] // 1_000_000, "all_mb": peak[1] // 1_000_000}


class Bench:
    """The measurements of one command line."""

    def __init__(self, told: argparse.Namespace, place: Path) -> None:
        self.told = told
        self.place = place
        self.rows: list[dict[str, Any]] = []

    def tell(self, what: str, pages: int, found: dict[str, Any]) -> None:
        """Print a measurement and keep it for the table."""
        seconds = found["wall"]
        row: dict[str, Any] = {"what": what, "pages": pages, **{name: found[name] for name in (
            "wall", "cpu", "seconds_of_pages", "pages_done", "largest_mb", "all_mb")
            if name in found}, "pages_per_second": round(pages / seconds, 1)}
        if what == "run":
            hours = found["cpu"] / pages * 1_000_000 / 3600
            row |= {"core_hours_per_million": round(hours, 1),
                    "cost_per_million": round(hours * self.told.price, 2)}
        self.rows.append(row)
        print(json.dumps(row), flush=True)

    def pages(self, count: int) -> Path:
        """That many pages."""
        folder = self.place / f"pages-{count}"
        told = self.told
        return folder if folder.exists() else laid(
            folder, copies(told.corpus, count, told.seed, told.short))

    def run(self, count: int, *more: str, name: str = "out") -> dict[str, Any]:
        """A run over that many pages."""
        jobs = () if "--jobs" in more else ("--jobs", str(self.told.jobs))
        return measured("run", str(self.pages(count)), "-o", str(self.place / f"{name}-{count}"),
                        "--json", *jobs, *self.told.more, *more)

    def sizes(self) -> None:
        """From nothing to exports."""
        for count in self.told.pages:
            self.tell("run", count, self.run(count))
            shutil.rmtree(self.place / f"out-{count}")
            if count not in (*self.told.stages, *self.told.again, *self.told.dask):
                shutil.rmtree(self.place / f"pages-{count}")

    def again(self) -> None:
        """A run after a run: nothing changed, one page changed; each format with one changed."""
        for count in self.told.again:
            self.run(count)
            self.tell("nothing changed", count, self.run(count))
            page = sorted(self.pages(count).rglob("*.xml"))[count // 2]
            for turn, what in enumerate(("one page changed", "nothing changed after it")):
                if not turn:
                    text = page.read_text(encoding="utf-8")
                    page.write_text(FOCUS.sub(r"\1\2 changed\3", text), encoding="utf-8")
                self.tell(what, count, self.run(count))
            for form in ("ntriples", "turtle", "jsonld", "kgx"):
                self.run(count, "--format", form, name=form)
                page.write_text(FOCUS.sub(rf"\1\2 {form}\3", text), encoding="utf-8")
                self.tell(f"one page changed, only {form}", count,
                          self.run(count, "--format", form, name=form))

    def stages(self) -> None:
        """Each stage as a command of its own, which is one process but for the exports."""
        for count in self.told.stages:
            out = str(self.place / f"stages-{count}")
            self.tell("parse", count, measured("parse", str(self.pages(count)), "-o", out))
            for stage in ("extract", "ground", "build", "validate"):
                self.tell(stage, count, measured(stage, out))
            self.tell("export", count, measured("export", out, "-j", str(self.told.jobs)))

    def dask(self) -> None:
        """One and two worker processes."""
        for count in self.told.dask:
            for jobs in ("1", "2"):
                self.tell(f"dask, {jobs} worker{'s' if jobs > '1' else ''}", count, self.run(
                    count, "--engine", "dask", "--jobs", jobs, name=f"dask{jobs}"))

    def start(self) -> None:
        """The command itself, and one page from a cold process."""
        self.tell("kg --help", 1, measured("--help"))

    def table(self) -> None:
        """Everything as Markdown."""
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        print("\n| " + " | ".join(name.replace("_", " ") for name in columns) + " |")
        print("|---|" + "--:|" * (len(columns) - 1))
        for row in self.rows:
            print("| " + " | ".join(str(row.get(name, "")) for name in columns) + " |")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    for name in ("pages", "stages", "again", "dask"):
        parser.add_argument(f"--{name}", type=int, action="append", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", type=int, default=0, help="characters of each page")
    parser.add_argument("--price", type=float, default=0.04, help="of a core for an hour")
    parser.add_argument("--place", type=Path, default=None, help="folder for pages and output")
    parser.epilog = "After -- come options of kg run."
    own, _, more = "\0".join(sys.argv[1:]).partition("\0--\0")  # argparse takes none after a list
    told = parser.parse_args(own.split("\0"))
    told.more = more.split("\0") if more else []
    return told


def main() -> None:
    """Measure what was asked for."""
    told = arguments()
    with tempfile.TemporaryDirectory(dir=told.place) as name:
        bench = Bench(told, Path(name))
        bench.start()
        for part in (bench.sizes, bench.stages, bench.again, bench.dask):
            part()
        bench.table()


if __name__ == "__main__":
    main()
