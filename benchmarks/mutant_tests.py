"""Which tests are asked about a mutant, by what a run of them all left behind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData
from mutations import Mutant

ROOT = Path(__file__).parents[1]
SECONDS, LONG = 20.0, 5.0  # of tests for one mutant, and of a test, when they passed
LIVES = frozenset({"survived", "no tests"})
Where = Mapping[str, Mapping[int, frozenset[str]]]  # the tests of a line of a file


def contexts(path: Path) -> Where:
    """Which tests run which line, of a coverage file with contexts."""
    data = CoverageData(str(path))
    data.read()
    found: dict[str, dict[int, frozenset[str]]] = {}
    for name in data.measured_files():
        _, inside, rest = name.rpartition("/kg/")
        if inside:
            found[f"kg/{rest}"] = {
                line: frozenset(one.rpartition("|")[0] for one in several if "|" in one)
                for line, several in data.contexts_by_lineno(name).items()}
    return found


def names_in(path: Path) -> frozenset[str]:
    """The tests that such a report knows, also those that did not pass."""
    return frozenset(_name(case) for case in ElementTree.parse(path).iter("testcase"))


def _name(case: ElementTree.Element) -> str:
    return f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"


def durations(path: Path) -> dict[str, float]:
    """How long each test took that passed and is not slow, of a report by --junitxml."""
    slow = frozenset((ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").splitlines())
    found = {}
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("skipped") is None and case.find("failure") is None:
            name = _name(case)
            seconds = float(case.get("time", 0))
            if name.partition("::")[0] not in slow and seconds < LONG:
                found[name] = seconds
    return found


def killed_in(report: Path) -> dict[str, tuple[str, str]]:
    """The mutants that an earlier report has as killed, by their key, and what killed them."""
    rows = [line.split("\t") for line in report.read_text(encoding="utf-8").splitlines()[1:]]
    return {f"{row[1]} {row[3]} {row[5]}": (row[6], row[8]) for row in rows
            if row[6] not in LIVES}


def chosen(mutant: Mutant, where: Where, took: Mapping[str, float]) -> list[str]:
    """The tests to run for a mutant, in order."""
    lines = where.get(mutant.path, {})
    first, last = mutant.lines
    near = {name for line in range(first, last + 1) for name in lines.get(line, ())} & took.keys()
    if not near:  # what is read once ran in one test only, perhaps in a slow one
        near = {name for some in lines.values() for name in some} & took.keys()
    files = {name.partition("::")[0] for name in near}
    beside = {name for name in took if name.partition("::")[0] in files} - near
    near |= {name for name in beside if not took[name]}  # newer than the files, so who knows
    made: list[str] = []
    left = SECONDS
    for name in (*sorted(near, key=took.__getitem__), *sorted(beside, key=took.__getitem__)):
        left -= took[name]
        if left < 0:
            break
        made.append(name)
    return made
