"""The rows of the data files by the rule that they bear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from .frames import compiled

_JOINTS = re.compile("[:/+]")


class Rule(Struct, frozen=True):
    """A row of a data file; `file` is relative to data/."""

    name: str
    file: str
    line: int
    pattern: str
    example: str


@cache
def _rule_rows() -> dict[str, Rule]:
    """Every row of the data files that has a column "rule", by its name."""
    found: dict[str, Rule] = {}
    root = shipped("data")
    for path in sorted(root.rglob("*.tsv")):
        for line, cells in rows(path):
            if "rule" not in cells:
                break
            place = path.relative_to(root).as_posix()
            row = Rule(cells["rule"], place, line, cells.get("pattern", ""),
                       cells.get("example", ""))
            found.setdefault(row.name, row)
    return found


def rule_rows(name: str) -> tuple[Rule, ...]:
    """The rows behind a rule: its own, else those of its parts ("mention:modal+these-trial")."""
    table = _rule_rows()
    parts = [name] if name in table else _JOINTS.split(name)
    return tuple(table[part] for part in parts if part in table)


class Line(Struct, frozen=True):
    """A row of a data file with its compiled pattern; `place` is "lessons.tsv:12"."""

    place: str
    pattern: re.Pattern[str]
    cells: Mapping[str, str]


@cache
def table(name: str) -> tuple[Line, ...]:
    """The rows of data/<name> that have a pattern; in it FOCUS is the disease.

    Raises DataError naming a row whose pattern is malformed.
    """
    path = shipped(f"data/{name}")
    return tuple(Line(f"{name}:{line}", compiled(_focused(cells["pattern"]), path, line), cells)
                 for line, cells in rows(path))


def _focused(pattern: str) -> str:
    return re.sub(r"(?<!\{)FOCUS(?!\})", "{FOCUS}", pattern)
