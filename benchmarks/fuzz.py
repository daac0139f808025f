"""The fuzzer: bytes that are changed again where they led into new code, with a fixed seed.

    export PYTHONPATH=.:tests
    python benchmarks/fuzz.py --executions 10000 --seed 1            every reader
    python benchmarks/fuzz.py html obo --executions 100000 --seconds 60 --report report.json
    python benchmarks/fuzz.py html --engine atheris                  pip install "rarekg[fuzz]"

The engine "lines" takes coverage by sys.settrace, on some of the executions; "atheris" counts
branches, on all.  Exit code 1: an execution broke the contract of tests/fuzz_contract.py.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from fuzz_contract import BYTES, ROOT, Finding, broken, limited
from fuzz_mutations import mutated
from fuzz_targets import TARGETS, Target, folder, index
from msgspec import Struct, to_builtins
from msgspec import json as msgjson

TRACED = 30  # of this many executions one is traced: tracing makes it some ten times slower
KEPT = 4_000  # inputs in the pool of a reader
KG = str(ROOT / "kg")
STATUS = re.compile(rb"cov: (\d+) ft: \d+ corp: (\d+)")  # of libFuzzer's log


class Found(Struct):
    """A finding with the smallest input that shows it, and how often it was met."""

    kind: str
    place: str
    message: str
    count: int
    input: str


class Told(Struct):
    """What became of one reader."""

    name: str
    executions: int = 0
    lines: int = 0
    branches: int = 0
    pool: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    memory_mb: float = 0.0
    findings: list[Found] = []


class Budget(Struct, frozen=True):
    """How many inputs of each reader, in at most so many seconds of processor time, by chance."""

    executions: int
    seconds: float
    seed: int


class Lines:
    """The lines of kg/ that were reached, seen by a trace function while it is on."""

    def __init__(self) -> None:
        self.all: set[tuple[str, int]] = set()
        self.new = False

    def global_(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        """Trace only our own code."""
        return self.local if frame.f_code.co_filename.startswith(KG) else None

    def local(self, frame: FrameType, event: str, _arg: Any) -> Any:
        """Note a line."""
        place = frame.f_code.co_filename, frame.f_lineno
        if event == "line" and place not in self.all:
            self.all.add(place)
            self.new = True
        return self.local


class Fuzzer:
    """One reader, its pool of inputs, and what was found."""

    def __init__(self, target: Target, place: Path, seed: int, last: Path | None = None) -> None:
        self.target, self.place = target, place
        self._last = last.open("wb", buffering=0) if last else None
        self.random = Random(f"{target.name} {seed}")
        self.seeds = [data[:target.longest] for data in target.seeds()]
        self.pool = list(self.seeds)
        self.lines = Lines()
        self.told = Told(target.name)
        self._seen: set[bytes] = set()

    def run(self, budget: Budget) -> Told:
        """What the inputs of a budget gave; the seeds themselves come first."""
        started = time.process_time()
        for number in range(budget.executions):
            if time.process_time() - started > budget.seconds:
                break
            data = self.pool[number] if number < len(self.seeds) else mutated(
                self.random.choice(self.pool), self.random, self.pool, self.target.longest)
            self.one(data, number % TRACED == 0 or number < len(self.seeds))
        return self.ended(time.process_time() - started)

    def ended(self, seconds: float) -> Told:
        """What became of the reader in so many seconds of processor time."""
        self.told.seconds = round(seconds, 1)
        self.told.lines, self.told.pool = len(self.lines.all), len(self.pool)
        self.told.memory_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        return self.told

    def one(self, data: bytes, traced: bool) -> None:
        """One execution; kept in the pool where it reached a line that none before it did."""
        started = time.process_time()
        self.told.executions += 1
        self._noted(data)
        if traced:
            self.lines.new = False
            sys.settrace(self.lines.global_)
        try:
            found = broken(self.target.run, self.place, data)
        finally:
            sys.settrace(None)
        self.told.slowest = max(self.told.slowest, round(time.process_time() - started, 3))
        if traced and self.lines.new and len(self.pool) < KEPT:
            self.pool.append(data)
        for one in found:
            self._note(one, data)

    def _noted(self, data: bytes) -> None:
        """What is tried now stands in the file of the last input, should the process die of it."""
        if self._last:
            self._last.seek(0)
            self._last.truncate()
            self._last.write(self.told.executions.to_bytes(8, "big") + data)

    def _note(self, found: Finding, data: bytes) -> None:
        for known in self.told.findings:
            if (known.kind, known.place) == found.key:
                known.count += 1
                if len(data) < len(bytes.fromhex(known.input)):
                    known.input, known.message = data.hex(), found.message
                return
        self.told.findings.append(Found(found.kind, found.place, found.message, 1, data.hex()))


def warmed(name: str) -> None:
    """What a process loads once is loaded: it is no part of any execution."""
    folder(), index()
    with tempfile.TemporaryDirectory(prefix="rarekg-fuzz-") as place:
        for data in TARGETS[name].seeds():
            with suppress(Exception):
                TARGETS[name].run(Path(place), data)


def fuzzed(name: str, budget: Budget, last: Path | None = None) -> Told:
    """One reader fuzzed in a folder of its own, which is gone at the end."""
    place = Path(tempfile.mkdtemp(prefix="rarekg-fuzz-"))
    try:
        return Fuzzer(TARGETS[name], place, budget.seed, last).run(budget)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _child(name: str, budget: Budget, out: Path) -> None:
    warmed(name)
    limited(BYTES + TARGETS[name].space)
    out.write_bytes(msgjson.encode(fuzzed(name, budget, out.with_name("last"))))


def _lines(name: str, budget: Budget, out: Path) -> int | None:
    """The reader in a process of its own, guided by lines; how that ended."""
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(name, budget, out))
    process.start()
    process.join()
    return process.exitcode


def _atheris(name: str, budget: Budget, out: Path) -> int:
    """The reader in a process of its own, guided by branches; how that ended."""
    log = out.with_name("log")
    with log.open("wb") as handle:
        ended = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("fuzz_atheris.py")), name,
             str(budget.executions), str(budget.seconds), str(budget.seed), str(out)],
            stderr=handle, check=False).returncode
    if out.exists():
        told = msgjson.decode(out.read_bytes(), type=Told)
        *_, (branches, pool) = STATUS.findall(log.read_bytes()) or [(0, 0)]
        told.branches, told.pool = int(branches), int(pool)
        out.write_bytes(msgjson.encode(told))
    else:
        sys.stderr.write(log.read_text("utf-8", "replace")[-2_000:])
    return ended


ENGINES = {"lines": _lines, "atheris": _atheris}


def alone(name: str, budget: Budget, engine: str) -> Told:
    """One reader in a process with the limit of memory; one that dies is a finding."""
    with tempfile.TemporaryDirectory(prefix="rarekg-fuzz-") as place:
        out = Path(place) / "told.json"
        ended = ENGINES[engine](name, budget, out)
        if out.exists():
            return msgjson.decode(out.read_bytes(), type=Told)
        last = out.with_name("last")
        told = last.read_bytes() if last.exists() else b""
        died = Found("died", name, f"exit code {ended}", 1, told[8:].hex())
        return Told(name, int.from_bytes(told[:8], "big"), findings=[died])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("readers", nargs="*", choices=[*TARGETS, []], default=[])
    parser.add_argument("--executions", type=int, default=10_000, help="of each reader")
    parser.add_argument("--seconds", type=float, default=float("inf"),
                        help="of processor time, at most, for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES, default="lines")
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    if asked.engine == "atheris" and find_spec("atheris") is None:
        parser.error('--engine atheris needs Atheris: pip install "rarekg[fuzz]"')
    return asked


def main() -> int:
    """Fuzz the readers one after the other and print a line for each."""
    asked = _arguments()
    every: list[Told] = []
    for name in asked.readers or TARGETS:
        told = alone(name, Budget(asked.executions, asked.seconds, asked.seed), asked.engine)
        every.append(told)
        reached = f"{told.branches:,} branches" if told.branches else f"{told.lines:,} lines"
        print(f"{told.name:22}{told.executions:>10,} executions {reached:>15} "
              f"{told.pool:>5,} inputs {told.seconds:>8.1f} s  slowest {told.slowest:.2f} s  "
              f"{len(told.findings)} findings", flush=True)
        for one in told.findings:
            print(f"    {one.kind} in {one.place} ({one.count}): {one.message[:160]!r}", flush=True)
        if asked.report:
            asked.report.write_text(json.dumps(to_builtins(every), indent=1), encoding="utf-8")
    print(f"{sum(told.executions for told in every):,} executions, "
          f"{sum(len(told.findings) for told in every)} findings")
    return int(any(told.findings for told in every))


if __name__ == "__main__":
    sys.exit(main())
