"""What a release must reach: least counts, share grounded, and nothing lost since the last one."""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from . import jsonl
from .contradictions import contradictions
from .errors import UnknownName, UsageError
from .exports import read_manifest
from .ids import local
from .model import Document, Statement
from .ontology import kinds
from .plural import many
from .summary import IDENTITY

SHRINK = 0.05  # the share of a kind's statements that may go unsaid
FEW = 20  # of so many statements, a single one is more than that share
_GATE = re.compile(r"\s*([a-z_]+)\s*(>=|<=|==|>|<)\s*(\d+(?:\.\d+)?)\s*(%?)\s*")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt,
}


class Measured(Struct, frozen=True):
    """The numbers of a folder that gates speak of, and the ids of its contradictions."""

    numbers: dict[str, float]
    contradictions: frozenset[tuple[str, str]]


def measure(folder: Path) -> Measured:
    """The numbers of a folder of kg run or kg release; raises UsageError, DataError."""
    counts, diseases, named, grounded = Counter[str](), set[str](), 0, 0
    seen = set[str]()
    for one in jsonl.read(folder / "statements.jsonl", Statement):
        if one.kind == IDENTITY:
            diseases.add(one.disease.id)
        elif one.id not in seen:
            seen.add(one.id)
            counts[one.kind] += 1
        if one.object and one.kind != IDENTITY:
            named += 1
            grounded += not one.object.id.startswith("rarekg:")
    found = frozenset(_pair(one.one.id, one.other.id) for one in contradictions(folder, kinds()))
    manifest = read_manifest(folder / "exports")
    quads = next((file.count for file in manifest.files if file.unit == "quads"), 0) \
        if manifest else 0
    numbers: dict[str, float] = {
        "pages": sum(1 for _ in jsonl.read(folder / "documents.jsonl", Document)),
        "diseases": len(diseases), "statements": len(seen), "quads": quads,
        "grounded": round(grounded / named, 4) if named else 0.0,
        "contradictions": len(found),
        **{kind: counts[kind] for kind in sorted(kinds()) if kind != IDENTITY}}
    return Measured(numbers, found)


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((local(one), local(other)))
    return first, second


def refused(measured: Measured, gates: Iterable[str], previous: Measured | None = None
            ) -> Iterator[str]:
    """Why a release must not go out, one reason each; none where it may.

    Raises UsageError for a gate that is none, UnknownName for a number that is not measured.
    """
    for gate in gates:
        name, compare, limit = _parsed(gate, measured.numbers)
        value = measured.numbers[name]
        if not _COMPARE[compare](value, limit):
            yield f"{name} is {_shown(value)}, not {compare} {_shown(limit)}"
    if previous is not None:
        yield from _shrunk(measured.numbers, previous.numbers)
        new = measured.contradictions - previous.contradictions
        if new:
            listed = ", ".join(f"{one} and {other}" for one, other in sorted(new)[:5])
            yield f"{many(len(new), 'new contradiction')}: {listed}"


def _parsed(gate: str, numbers: Mapping[str, float]) -> tuple[str, str, float]:
    found = _GATE.fullmatch(gate)
    if not found:
        raise UsageError(f"gate {gate!r}: write statements>=100 or grounded>=60%")
    name, compare, limit, percent = found.groups()
    if name not in numbers:
        raise UnknownName("number of a gate", name, numbers)
    return name, compare, float(limit) / (100 if percent else 1)


def _shrunk(now: Mapping[str, float], before: Mapping[str, float]) -> Iterator[str]:
    """What there is clearly less of than in the release before."""
    for name, old in before.items():
        new = now.get(name, 0)
        least = old * (1 - SHRINK) if old > FEW or name == "grounded" else old - 1
        if name != "contradictions" and new < least:
            yield (f"{name} shrank from {_shown(old)} to {_shown(new)} since the previous release "
                   f"(--may-shrink {name} lets it)")


def _shown(value: float) -> str:
    return f"{value:,.4g}" if value < 1 else f"{value:,.0f}"
