"""What is worth a person's look: the statements of a folder that may be wrong, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from .. import jsonl
from ..ids import local
from ..model import Statement
from ..spilling import Shelf
from ..summary import IDENTITY
from .decisions import Decision

CONTRADICTIONS = "contradictions.tsv"
KEPT = 10_000  # statements in memory: some 30 MB


class Waiting(Struct, frozen=True):
    """A statement that waits for a decision; `pages` state it, `why` it was picked out."""

    statement: Statement
    why: str
    pages: int


class Seen(Struct, frozen=True):
    """What is known of a statement when it is judged whether it is worth a look."""

    statement: Statement
    contradicted: bool
    shared: int  # statements with the same node


def _several(seen: Seen) -> str:
    how = seen.statement.grounding
    if how is None or how.tier not in {"minted", "vote"} or not how.candidates:
        return ""
    return f"several classes fit: {', '.join(how.candidates[:4])}"


def _contradicted(seen: Seen) -> str:
    return "another statement says the opposite" if seen.contradicted else ""


def _doubtful(seen: Seen) -> str:
    return "the page hedges, or the rules think so" if seen.statement.doubtful else ""


def _denied(seen: Seen) -> str:
    return "the rules read a denial" if seen.statement.negated else ""


def _proposed(seen: Seen) -> str:
    rules = {one.rule.partition("/")[0] for one in seen.statement.evidence}
    return "only a model proposed it" if rules == {"proposer"} else ""


def _minted(seen: Seen) -> str:
    target = seen.statement.object
    if target is None or not target.id.startswith("rarekg:"):
        return ""
    count = seen.shared
    return f"no identifier; {count} statement{'s name' if count != 1 else ' names'} it"


# Why a statement is worth a look, the most urgent first: one line for each reason.
REASONS: dict[str, Callable[[Seen], str]] = {
    "contradicted": _contradicted,
    "ambiguous": _several,
    "proposed": _proposed,
    "denied": _denied,
    "doubtful": _doubtful,
    "minted": _minted,
}


def waiting(
    folder: Path, reasons: Iterable[str] = tuple(REASONS), decided: Iterable[Decision] = ()
) -> Iterator[Waiting]:
    """The statements of a folder for these reasons, those without a decision on all pages.

    By reason, then what most pages state, then by id.  Raises UsageError, DataError.
    """
    done = {one.statement for one in decided if not one.page}
    pages, shared = _counted(folder, done)
    opposed = _opposed(folder / CONTRADICTIONS)
    wanted = [name for name in REASONS if name in set(reasons)]
    found: Shelf[Statement] = Shelf(Statement, KEPT)
    ranks: dict[str, tuple[int, int, int, str, str]] = {}
    for one in jsonl.read(folder / "statements.jsonl", Statement):
        key = local(one.id)
        rank, why = _picked(one, opposed, shared, wanted) if key not in done else (0, "")
        ranks.pop(key, None)  # of a statement that several pages have the last one counts
        if why:
            found[key] = one
            ranks[key] = rank, -pages[key], -shared[one.object.id if one.object else ""], key, why
    for _, _, _, key, why in sorted(ranks.values()):
        yield Waiting(found[key], why, pages[key])


def _counted(folder: Path, done: Container[str]) -> tuple[Counter[str], Counter[str]]:
    """How many pages have each statement, and how many undecided statements have each node."""
    pages, shared = Counter[str](), Counter[str]()
    for one in jsonl.read(folder / "statements.jsonl", Statement):
        key = local(one.id)
        pages[key] += 1
        if one.object and pages[key] == 1 and key not in done:
            shared[one.object.id] += 1
    return pages, shared


def _picked(
    one: Statement, opposed: frozenset[str], shared: Mapping[str, int], wanted: list[str]
) -> tuple[int, str]:
    """The rank of the first reason that holds, and what it says; empty for none."""
    seen = Seen(one, local(one.id) in opposed, shared[one.object.id] if one.object else 0)
    for rank, name in enumerate(wanted):
        if one.kind == IDENTITY and name not in {"ambiguous"}:
            continue
        if why := REASONS[name](seen):
            return rank, why
    return len(wanted), ""


def _opposed(path: Path) -> frozenset[str]:
    """The ids of the statements that contradictions.tsv lists."""
    if not path.is_file():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(local(cell) for line in lines for cell in line.split("\t")
                     if "statement/" in cell or len(cell) == 16)
