"""Kills commands of kg at random moments, and checks what can be seen then and after the next run.

usage: python benchmarks/kills.py [--kills 200] [--pages 30] [--seed 1] [--only NAME]

The commands are those of tests/disturbed.py, in turn: runs, updates, releases, patches, exports …
After each kill -9 of the command and its processes: every visible file is the old one or the new
one, a release is there whole or not at all; the same command once more gives the files of an
undisturbed one and leaves no part behind.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import disturbed
import tiny
from disturbed import SCENARIOS, Scenario
from msgspec import Struct, to_builtins


class Told(Struct):
    """What became of one command: kills that met it alive, how it stood then, what was wrong."""

    kills: int = 0
    missed: int = 0
    nothing_new: int = 0
    partly: int = 0
    all_new: int = 0
    findings: list[str] = []


class Killer:
    """A place, how long each command takes there, and what it gives when nobody disturbs it."""

    def __init__(self, place: Path, pages: int, seed: int) -> None:
        self._place = disturbed.made(place, pages)
        self._dice = random.Random(seed)
        self._after: dict[tuple[str, bool], dict[str, bytes]] = {}
        self._longest: dict[str, float] = {}

    def undisturbed(self, scenario: Scenario) -> None:
        """What it gives is known, for both sets of pages, and how long it takes."""
        for _ in range(2):
            scenario.ready(self._place)
            started = time.monotonic()
            assert self._run(scenario, 2) == scenario.good
            self._longest[scenario.name] = time.monotonic() - started
            self._after[self._key(scenario)] = disturbed.shown(self._place, scenario)

    def _key(self, scenario: Scenario) -> tuple[str, bool]:
        return scenario.name, disturbed.turned(self._place, scenario)

    def _environment(self, scenario: Scenario) -> dict[str, str]:
        more = disturbed.lonely(self._place) if scenario.alone else {}
        return disturbed.environment(self._place) | more

    def _command(self, scenario: Scenario, jobs: int) -> list[str]:
        more = ("--jobs", str(jobs)) if scenario.name in disturbed.JOBS else ()
        return disturbed.command(*scenario.arguments, *more)

    def _run(self, scenario: Scenario, jobs: int) -> int:
        return subprocess.run(self._command(scenario, jobs), cwd=self._place, check=False,
                              env=self._environment(scenario), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode

    def kill(self, scenario: Scenario, told: Told) -> None:
        """One kill at a random moment, and the same command to its end."""
        scenario.ready(self._place)
        before, after = disturbed.shown(self._place, scenario), self._after[self._key(scenario)]
        seconds = self._dice.uniform(0.1, 1.1) * self._longest[scenario.name]
        started = time.monotonic()
        hit = tiny.killed(self._command(scenario, self._dice.randint(1, 3)), seconds,
                          cwd=self._place, env=self._environment(scenario))
        # a busy machine becomes an idle one: what took too long to be met tells how long it takes
        self._longest[scenario.name] = (max(self._longest[scenario.name], seconds) if hit
                                        else time.monotonic() - started)
        now = disturbed.shown(self._place, scenario)
        told.kills, told.missed = told.kills + hit, told.missed + (not hit)
        told.nothing_new += hit and now == before
        told.all_new += hit and now == after != before
        told.partly += hit and now not in (before, after)
        told.findings += disturbed.wrong(scenario, before, after, now)
        code = self._run(scenario, self._dice.randint(1, 3))
        if code not in (scenario.good, scenario.again if now == after else scenario.good):
            told.findings.append(f"killed after {seconds:.2f} s, then exit code {code}")
        if disturbed.shown(self._place, scenario) != after:
            told.findings.append(f"killed after {seconds:.2f} s, then other files")
        told.findings += [f"{name} is left" for name in disturbed.parts(self._place, scenario)]


def main() -> int:
    """Print a JSON object for each command; exit code 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, default in (("kills", 200), ("pages", 30), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", action="append", choices=[one.name for one in SCENARIOS])
    asked = parser.parse_args()
    wanted = [one for one in SCENARIOS if not asked.only or one.name in asked.only]
    told = {one.name: Told() for one in wanted}
    with tempfile.TemporaryDirectory(prefix="rarekg-kills-") as name:
        killer = Killer(Path(name) / "place", asked.pages, asked.seed)
        for scenario in wanted:
            killer.undisturbed(scenario)
        while (left := asked.kills - sum(one.kills for one in told.values())) > 0:
            for scenario in wanted[:left]:
                killer.kill(scenario, told[scenario.name])
            print(json.dumps(to_builtins(told)), file=sys.stderr, flush=True)
    for scenario in wanted:
        print(json.dumps({"command": scenario.name, **to_builtins(told[scenario.name])}))
    return int(any(one.findings for one in told.values()))


if __name__ == "__main__":
    sys.exit(main())
