"""Mutation testing of the cores: a fixed random sample, each with the tests that run its lines.

usage: PYTHONPATH=. python benchmarks/mutating.py --contexts .coverage --durations tests.xml
           [--report mutants.tsv] [--each 76] [--seed 8] [--core extraction] [--equivalent FILE]
           [--again FILE]

The extra `mutation` has the operators.  The two files are made by a run of the tests:
    pytest -n 2 --cov --cov-context=test --cov-report= --junitxml=tests.xml
The tests are collected once; each mutant is a fork of that process in which one function has other
code.  The tests of a mutant are those that run its statement in this process, the quickest first,
then the others of the same files, twenty seconds of them in all; the first that fails ends it.
Left out are the files in tests/slow.txt, those with few tests of the cores, and what took long.
Every thirtieth has a control, the same tests without a change: what fails then is left out, and if
it killed a mutant before, the figures are not to be had (exit code 1).
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import _lru_cache_wrapper, cached_property
from pathlib import Path
from types import CodeType, FunctionType
from typing import IO, Any

import pytest
from mutant_tests import LIVES, ROOT, chosen, contexts, durations, killed_in, names_in
from mutations import CORES, Mutant, files_of, listed, sample, table

WARM, FIRST, SEVERAL = 3, 60, 4  # tests of a file, of a mutant, of a file again
HEAD = ("core", "file", "line", "function", "operator", "change", "verdict", "tests", "killer")


# ---------------------------------------------------------------- another code for a function


def _function(held: object) -> object:
    """The plain function in what a decorator made of it."""
    for name in ("fget", "func", "__func__"):
        if isinstance(held, property | cached_property | staticmethod | classmethod):
            held = getattr(held, name, held)
    while hasattr(held, "__wrapped__"):
        held = held.__wrapped__
    return held


def _code(within: CodeType, name: str) -> CodeType:
    return next(one for one in within.co_consts
                if isinstance(one, CodeType) and one.co_name == name)


def changed(mutant: Mutant) -> None:
    """The function has the mutant's code from now on; raises LookupError where it is not found."""
    module = importlib.import_module(mutant.path.removesuffix(".py").replace("/", "."))
    code = compile(mutant.code, str(module.__file__), "exec", dont_inherit=True)
    held: object = module
    for name in mutant.function.split("."):
        held, code = _function(vars(held)[name]), _code(code, name)
        if isinstance(held, FunctionType):
            held.__code__ = code
            return
    raise LookupError(mutant.function)


# ---------------------------------------------------------------- one mutant, one process


class Tests:
    """The pytest plugin that runs mutants where others run the tests that were collected."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self._asked = asked
        self._where, self._took = contexts(asked.contexts), durations(asked.durations)
        self._told_of = names_in(asked.durations)
        self._before = killed_in(asked.again) if asked.again else {}
        self._items: dict[str, pytest.Item] = {}
        self._caches: list[Any] = []
        self._failed = ""
        self._killers: set[str] = set()
        self.steady = True

    def files(self) -> list[str]:
        """The test files of which several tests run lines of the cores."""
        cores = {path for core in self._asked.core or CORES for path in files_of(ROOT, core)}
        names = {name for path in cores for some in self._where.get(path, {}).values()
                 for name in some}
        count = Counter(name.partition("::")[0] for name in names & self._took.keys())
        return sorted(name for name, several in count.items() if several >= SEVERAL)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remembers the first test that failed."""
        self._failed = self._failed or (report.nodeid if report.failed else "")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All mutants of the cores that were asked for."""
        self._items = {item.nodeid: item for item in session.items}
        for name in self._items.keys() - self._told_of:  # newer than the two files
            self._took[name] = 0.0
        self._caches = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)
                        and str(getattr(one, "__module__", "")).startswith("kg")]
        self._warmed()
        gc.freeze()
        known = listed(self._asked.equivalent)
        lines = []
        with self._asked.report.open("w", encoding="utf-8") as out:
            print(*HEAD, sep="\t", file=out, flush=True)
            for core in self._asked.core or CORES:
                mutants, places = sample(ROOT, core, self._asked.each, self._asked.seed)
                said = [(mutant.key, self._told(mutant, number, out))
                        for number, mutant in enumerate(mutants)]
                lines.append(table(core, said, known, places))
        print(*lines, sep="\n", flush=True)
        return True

    def _warmed(self) -> None:
        """What a process reads once is read: the quickest tests of each file have run, and pass."""
        few: dict[str, list[str]] = {}
        for name in sorted(self._items.keys() & self._took.keys(), key=self._took.__getitem__):
            few.setdefault(name.partition("::")[0], []).append(name)
        names = [name for _, several in sorted(few.items()) for name in several[:WARM]]
        self._ran(names)
        while self._failed:
            print("left out, as it fails without a change:", self._failed, flush=True)
            del self._took[self._failed]
            names, self._failed = names[names.index(self._failed) + 1:], ""
            self._ran(names)

    def _ran(self, names: Sequence[str]) -> None:
        """These tests ran, up to the first that failed."""
        items = [self._items[name] for name in names]
        for item, after in zip(items, (*items[1:], None), strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self._failed:
                return

    def _told(self, mutant: Mutant, number: int, out: IO[str]) -> str:
        names = [name for name in chosen(mutant, self._where, self._took) if name in self._items]
        if mutant.key not in self._before and number % 30 == 0:
            self._left_out(names)
        said, killer = self._before.get(mutant.key) or self._run(mutant, names)
        self._killers.add(killer)
        if said in LIVES:
            print(f"{mutant.path}:{mutant.lines[0]} {mutant.change} {said}", flush=True)
        print(mutant.core, mutant.path, mutant.lines[0], mutant.function, mutant.operator,
              mutant.change, said, len(names), killer, sep="\t", file=out, flush=True)
        return said

    def _left_out(self, names: list[str]) -> None:
        """Those that fail without a change are left out, of these tests and from now on."""
        while killer := self._run(None, names)[1]:
            print("left out, as it fails without a change:", killer, flush=True)
            self.steady &= killer not in self._killers
            names.remove(killer)
            del self._took[killer]

    def _run(self, mutant: Mutant | None, names: Sequence[str]) -> tuple[str, str]:
        """What these tests say of a mutant, in a process of its own, and the one that failed."""
        if not names:
            return "no tests", ""
        seconds = 10 + sum(self._took[name] for name in names)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.close(reading)
                self._in_child(mutant, names, int(seconds), writing)
            finally:
                os._exit(1)
        os.close(writing)
        code = _ended(child, 20 * seconds)
        with os.fdopen(reading, "rb") as told:
            killer = told.read().decode()
        verdicts = {0: "survived", 1: "killed", 2: "no such function"}
        return verdicts.get(code, "timeout"), killer

    def _in_child(
        self, mutant: Mutant | None, names: Sequence[str], seconds: int, told: int
    ) -> None:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nowhere, number)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        if mutant:
            try:
                changed(mutant)
            except LookupError:
                os._exit(2)
        self._ran(names[:FIRST])
        if not self._failed:  # what was made before the change and is still remembered may hide it
            for cache in self._caches:
                cache.cache_clear()
            self._ran(names)
        os.write(told, self._failed.encode())
        os._exit(bool(self._failed))


def _ended(child: int, seconds: float) -> int:
    """The exit code of a process group that is gone; -9 where it took too long."""
    late = time.monotonic() + seconds
    done = status = 0
    while not done and time.monotonic() < late:
        done, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.0 if done else 0.01)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not done:
        os.waitpid(child, 0)
        return -9
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Print what lives, then the rows of a table; exit code 1: one was killed for nothing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--contexts", type=Path, required=True)
    parser.add_argument("--durations", type=Path, required=True)
    parser.add_argument("--report", type=Path, default=Path(os.devnull))
    parser.add_argument("--equivalent", type=Path)
    parser.add_argument("--again", type=Path, help="a report: only what lived in it is tried")
    parser.add_argument("--each", type=int, default=76)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--core", action="append", choices=list(CORES))
    tests = Tests(parser.parse_args())
    code = pytest.main([*tests.files(), "-s", "-p", "no:cacheprovider", "--hypothesis-seed=0"],
                       plugins=[tests])
    sys.exit(int(code) or not tests.steady)


if __name__ == "__main__":
    main()
