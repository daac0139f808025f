"""What became of each decision of a curation file in a run: applied, overruled or stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..files import write_tsv
from .applying import Curation, Rejected
from .decisions import Decision

FILE, REPORT, REJECTED = "curation.tsv", "curation_report.tsv", "rejected.tsv"
HEADER = ("line", "decision", "statement", "page", "to", "outcome", "pages", "why", "says")


def rows(
    curation: Curation, applied: Counter[int], pages: frozenset[str]
) -> Iterator[tuple[object, ...]]:
    """One row a decision; `applied` counts the pages on which a line was, `pages` what was read."""
    for one in curation.decisions:
        count = applied[one.line]
        why = "" if count else _why(one, curation, pages)
        outcome = "applied" if count else "overruled" if why.startswith("line") else "stale"
        yield (one.line, one.decision, one.statement, one.page, one.to, outcome, count, why,
               one.says)


def _why(one: Decision, curation: Curation, pages: frozenset[str]) -> str:
    """Why a decision was not applied to any page."""
    if one.page and one.page not in pages:
        return "this page was not read"
    if one.decision == "add":
        return "the page does not bear it out: see proposer.tsv"
    later = [other for other in curation.by_statement.get(one.statement, ())
             if other.line > one.line and other.page in {"", one.page}]
    if later:
        return f"line {later[-1].line} decides on the same statement"
    return "no page that was read states this any more"


def rejected_rows(found: Iterable[Rejected]) -> Iterator[tuple[str, ...]]:
    """One row a statement that a person took out, with its first sentence."""
    for one in found:
        said = one.statement
        named = said.object.label if said.object else said.names[0] if said.names else ""
        yield (one.page, said.id, said.kind, said.value, named, said.evidence[0].quote,
               one.decision.by, one.decision.on, one.decision.note)


def write(
    out: Path, curation: Curation, applied: Counter[int], pages: frozenset[str],
    rejected: Iterable[Rejected],
) -> int:
    """Write what became of the decisions, and what they took out; returns how many are stale.

    Without a curation file these files are not there.
    """
    if not curation.decisions:
        for name in (REPORT, REJECTED):
            (out / name).unlink(missing_ok=True)
        return 0
    made = list(rows(curation, applied, pages))
    write_tsv(out / REPORT, HEADER, made)
    write_tsv(out / REJECTED, ("page", "statement", "kind", "value", "name", "quote", "by", "on",
                               "note"), rejected_rows(rejected))
    return sum(row[5] == "stale" for row in made)
