"""Lets every write of a command fail: a full disk, a broken one, one that turned read-only, a kill.

usage: python benchmarks/faults.py [run export …] [--fault ENOSPC …] [--every 1] [--first 1]

Each change of a file (open, write, rename …; SQLite's and Oxigraph's too) is counted by
tests/failing_writes.c; the command runs again for each number, which then fails: once, or with all
that follow it (a disk that is full stays full).  Checked every time: exit code 2 with a message of
ours (or success with all files right); no file half-written, none lost; the same command once
more gives the files of an undisturbed one.  Needs Linux and a C compiler.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import disturbed
from disturbed import SCENARIOS, Scenario
from msgspec import Struct, to_builtins

KILL = "SIGKILL"
FAULTS = ("ENOSPC", "EIO", "EROFS", KILL)
PAGES = 8
HANGS = 120.0  # seconds after which a command that ran alone has hung
PRELOADED = "RAREKG_FAILING_WRITES"


class Fault(Struct, frozen=True):
    """Number `nth` fails, and with `on` all that follow; `nth` 0: nothing fails."""

    name: str = ""
    nth: int = 0
    on: bool = False


class Ended(Struct, frozen=True):
    """How a command ended: its code (negative: the signal), what it said, how often it wrote."""

    code: int
    said: str
    writes: int


class Told(Struct):
    """What became of one scenario under one fault."""

    scenario: str
    fault: str
    writes: int = 0
    tried: int = 0
    refused: int = 0
    unharmed: int = 0
    killed: int = 0
    findings: list[str] = []


class Forks:
    """Runs commands in children of this process, in which everything is imported already."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._library = ctypes.CDLL(None)
        self._library.failing_count.restype = ctypes.c_long
        self._arm("", Fault())
        for module in pkgutil.walk_packages(importlib.import_module("kg").__path__, "kg."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        self._warm()

    def _warm(self) -> None:
        """Tables and vocabularies are read: what a child does is what reads pages and writes."""
        from kg.cli import main  # noqa: PLC0415

        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            for arguments in (("run", "a/pages", "-o", "warm", "--jobs", "1"),
                              ("release", "a/out", "--version", "warm", "-o", "warm", "-j", "1")):
                with suppress(SystemExit), chdir(self._place):
                    main(arguments)
        tasks = len(list(Path("/proc/self/task").iterdir()))
        if tasks > 1:
            print(f"{tasks} threads before a fork: a child may hang", file=sys.stderr)

    def _arm(self, below: str, fault: Fault) -> None:
        number = 0 if fault.name in ("", KILL) else getattr(errno, fault.name)
        self._library.failing_arm(below.encode(), ctypes.c_long(fault.nth), number, fault.on)

    def run(self, scenario: Scenario, fault: Fault) -> Ended:
        """The command of a scenario, with a fault."""
        with tempfile.TemporaryFile() as said:
            child = os.fork()
            if not child:
                self._child(scenario, fault, said.fileno())
            code = _waited(child)
            writes = self._library.failing_count()
            said.seek(0)
            return Ended(code, said.read().decode("utf-8", "replace"), writes)

    def _child(self, scenario: Scenario, fault: Fault, said: int) -> None:
        code = 70
        try:
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(said, 2)
            os.chdir(self._place)
            if scenario.alone:
                os.environ.update(disturbed.lonely(self._place))
                sys.path.insert(0, str(self._place / "no-packages"))
            more = ["--jobs", "1"] if scenario.name in disturbed.JOBS else []
            code = _exit_code([*scenario.arguments, *more], self, fault)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def armed(self, fault: Fault) -> None:
        """From now on the changes below the place count."""
        self._arm(f"{self._place}/", fault)


def _exit_code(arguments: list[str], forks: Forks, fault: Fault) -> int:
    from kg.cli import main  # noqa: PLC0415 - in the child

    forks.armed(fault)
    try:
        main(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def _waited(child: int) -> int:
    late = time.monotonic() + HANGS
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > late:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return 71
        time.sleep(0.005)


class Trials:
    """One place, and what each scenario gives there when nothing disturbs it."""

    def __init__(self, place: Path) -> None:
        self.place = disturbed.made(place, PAGES)
        self.forks = Forks(place)
        self._after: dict[tuple[str, bool], dict[str, bytes]] = {}
        self._writes: dict[str, int] = {}

    def undisturbed(self, scenario: Scenario) -> int:
        """What it gives is known, for both sets of pages; returns how often it writes."""
        if scenario.name not in self._writes:
            self._writes[scenario.name] = self._undisturbed(scenario)
        return self._writes[scenario.name]

    def _undisturbed(self, scenario: Scenario) -> int:
        writes = 0
        for _ in range(3):  # the first two may be of a place that was used before
            scenario.ready(self.place)
            ended = self.forks.run(scenario, Fault())
            if ended.code != scenario.good:
                raise SystemExit(f"{scenario.name}: exit code {ended.code}: {ended.said}")
            self._after[self._key(scenario)] = disturbed.shown(self.place, scenario)
            writes = max(writes, ended.writes)
        return writes

    def _key(self, scenario: Scenario) -> tuple[str, bool]:
        return scenario.name, disturbed.turned(self.place, scenario)

    def one(self, scenario: Scenario, fault: Fault, told: Told) -> Iterator[str]:
        """A command under a fault, and after it without: everything that is not as it should be."""
        scenario.ready(self.place)
        before, after = disturbed.shown(self.place, scenario), self._after[self._key(scenario)]
        ended = self.forks.run(scenario, fault)
        now = disturbed.shown(self.place, scenario)
        yield from disturbed.wrong(scenario, before, after, now)
        told.tried += 1
        if ended.code == -signal.SIGKILL and fault.name == KILL:
            told.killed += 1
        elif ended.code == scenario.good and now == after:
            told.unharmed += 1
        elif ended.code == 2 and _is_plain(ended.said, fault):
            told.refused += 1
        else:
            yield f"exit code {ended.code}: …{ended.said[-700:]}"
        again = self.forks.run(scenario, Fault())
        if again.code not in (scenario.good, scenario.again if now == after else scenario.good):
            yield f"then exit code {again.code}: {again.said[-1500:]}"
        if disturbed.shown(self.place, scenario) != after:
            yield "then other files than those of an undisturbed one"
        yield from (f"then {name} is left" for name in disturbed.parts(self.place, scenario))


def _is_plain(said: str, fault: Fault) -> bool:
    """One message that says what the system said, no traceback."""
    reason = os.strerror(getattr(errno, fault.name)) if fault.name != KILL else ""
    reasons = (reason, "disk is full", "disk I/O error", "unable to open database file",
               "readonly database", "IO error")
    last = said.strip().splitlines()[-1] if said.strip() else ""
    return last.startswith("kg: ") and "Traceback" not in said and any(
        one in said for one in reasons)


def tried(trials: Trials, scenario: Scenario, fault: str, every: int, first: int) -> Told:
    """A scenario with each number of its writes, or every so many, failing."""
    told = Told(scenario.name, fault, trials.undisturbed(scenario))
    for place, nth in enumerate(range(first, told.writes + 1, every)):
        one = Fault(fault, nth, on=fault != KILL and place % 2 == 1)
        for problem in trials.one(scenario, one, told):
            told.findings.append(f"write {nth}{' and on' if one.on else ''}: {problem}")
    return told


def _arguments() -> argparse.Namespace:
    names = [one.name for one in SCENARIOS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scenarios", nargs="*", choices=[*names, []], default=[])
    parser.add_argument("--fault", action="append", choices=FAULTS)
    parser.add_argument("--every", type=int, default=1, help="only every so many writes")
    parser.add_argument("--first", type=int, default=1, help="the first write that fails")
    return parser.parse_args()


def preloaded(place: Path) -> None:
    """This program again, with the library that counts writes before all others."""
    library = place / "failing_writes.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library),
                    str(disturbed.ROOT / "tests" / "failing_writes.c"), "-ldl"], check=True)
    more = disturbed.environment(place) | {"LD_PRELOAD": str(library), PRELOADED: str(place)}
    sys.exit(subprocess.run([sys.executable, *sys.argv], env=more, check=False).returncode)


def main() -> int:
    """Print a JSON object for each scenario and fault; exit code 1 where anything was wrong."""
    asked, found = _arguments(), 0
    if PRELOADED not in os.environ:
        with tempfile.TemporaryDirectory(prefix="rarekg-faults-") as name:
            preloaded(Path(name))
    trials = Trials(Path(os.environ[PRELOADED]) / "place")
    for scenario in SCENARIOS:
        for fault in asked.fault or FAULTS:
            if not asked.scenarios or scenario.name in asked.scenarios:
                told = tried(trials, scenario, fault, asked.every, asked.first)
                found += len(told.findings)
                print(json.dumps(to_builtins(told)), flush=True)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
