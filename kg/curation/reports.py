"""What became of decisions and licences in a run: applied, overruled or stale, and left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from ..files import replacing, write_if
from .applying import Curated, Curation, Rejected, curation
from .decisions import Decision

# The decisions as a run was given them: not the user's own file, which may stand there as well.
FILE, REPORT = "curation_applied.tsv", "curation_report.tsv"
REJECTED, UNLICENSED = "rejected.tsv", "unlicensed.tsv"
REJECTED_HEADER = ("page", "statement", "kind", "value", "name", "quote", "by", "on", "note")
UNLICENSED_HEADER = ("page", "statement", "kind", "name", "reason", "under")
HEADER = ("line", "decision", "statement", "page", "to", "outcome", "pages", "why", "says")


def rows(
    curation: Curation, applied: Counter[str], pages: frozenset[str]
) -> Iterator[tuple[object, ...]]:
    """One row a decision; `applied` counts the pages on which a mark was, `pages` what was read."""
    counting = _counting(curation)
    for one in curation.decisions:
        count = applied[one.mark] if one.line == counting[one.mark] else 0
        why = "" if count else _why(one, curation, pages)
        outcome = "applied" if count else "overruled" if why.startswith("line") else "stale"
        yield (one.line, one.decision, one.statement, one.page, one.to, outcome, count, why,
               one.says)


def _counting(curation: Curation) -> dict[str, int]:
    """The line that counts of those that say the same: the first that adds, or the last."""
    found: dict[str, int] = {}
    for one in curation.decisions:
        if one.decision != "add" or one.mark not in found:
            found[one.mark] = one.line
    return found


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
               one.review.by, one.review.on, one.review.note)


def unlicensed_rows(page: str, found: Curated, under: str) -> Iterator[tuple[str, ...]]:
    """One row a statement of a page that a vocabulary's licence keeps back."""
    for one, reason in found.unlicensed:
        named = one.object.label if one.object else ""
        yield page, one.id, one.kind, named, reason, under


class Given(Struct, frozen=True):
    """What a run was given: the bytes and the name of a curation file, and a licence's id."""

    curation: bytes = b""
    file: str = FILE
    licence: str = ""


def write(
    out: Path, given: Given, decided: Iterable[tuple[str, Curated]], pages: Iterable[str],
) -> int:
    """Write what became of decisions and licences; returns how many decisions are stale.

    `decided` is read several times, `pages` are those that were read.  Files that there is no
    cause for are not there.
    """
    made = curation(given.curation, given.file)
    applied = Counter(mark for _, one in decided for mark in one.applied)
    report = list(rows(made, applied, frozenset(pages)))
    rejected = (gone for _, one in decided for gone in one.rejected)
    kept_back = (row for page, one in decided
                 for row in unlicensed_rows(page, one, given.licence))
    write_if(out / REPORT, HEADER, report if given.curation else None)
    write_if(out / REJECTED, REJECTED_HEADER,
             rejected_rows(rejected) if given.curation else None)
    write_if(out / UNLICENSED, UNLICENSED_HEADER, kept_back if given.licence else None)
    _copied(out / FILE, given.curation)
    return sum(row[5] == "stale" for row in report)


def _copied(path: Path, content: bytes) -> None:
    """The decisions as they were given stand in the folder, if there were any."""
    if not content:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as out:
        out.write(content)
