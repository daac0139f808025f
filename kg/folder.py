"""The output folder of a run: every file appears whole or not at all."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct

from .conflicts import HEADER, Conflict
from .curation.applying import Curated
from .errors import UsageError
from .files import replacing, swept, write_tsv
from .ground import Ungrounded
from .mappings import Mapped
from .model import Skipped
from .pipeline import Outcome
from .summary import Summary
from .validate import Result

STAGE_FILES = ("documents.jsonl", "claims.jsonl", "statements.jsonl", "records.jsonl",
               "licences.jsonl", "graph.nq")
WITHHELD = "withheld.nq"
UNGROUNDED_HEADER = ("name", "category", "id", "statements", "why", "candidates", "pages")
PAGES_LISTED = 5


class Totals(Struct):
    """What is left of the outcomes once their files are written."""

    summary: Summary = Summary()
    results: list[Result] = []
    skipped: list[Skipped] = []
    refused: list[Skipped] = []
    conflicts: list[Conflict] = []
    mappings: list[Mapped] = []
    ungrounded: list[tuple[Ungrounded, int]] = []
    decided: list[tuple[str, Curated]] = []
    pages: list[str] = []


def opened(out: Path) -> Path:
    """`out` as a folder that can be written, without the parts that a killed run left there.

    Raises UsageError with the reason.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        swept(out)
        with tempfile.TemporaryFile(dir=out):
            return out
    except OSError as error:
        raise UsageError(f"{out}: cannot write here ({error.strerror})") from None


def fill(out: Path, outcomes: Iterable[Outcome]) -> Totals:
    """Write the stage files, ungrounded.tsv, conflicts.tsv and skipped.tsv; returns the totals.

    On any error, also an interrupt, the files that were there before are untouched.
    """
    totals, unknown = Totals(), Names()
    with _handles(out) as handles:
        for outcome in outcomes:
            for name, content in outcome.files.items():
                handles[name].write(content)
            unknown.add(outcome.ungrounded, outcome.page)
            totals.summary += outcome.summary
            totals.results.extend(outcome.results)
            totals.skipped.extend([outcome.skipped] if outcome.skipped else [])
            totals.refused.extend(Skipped(outcome.page, reason) for reason in outcome.refused)
            totals.conflicts.extend(outcome.conflicts)
            totals.mappings.extend(outcome.mappings)
            if not outcome.skipped:
                totals.pages.append(outcome.page)
            if outcome.decided != Curated():
                totals.decided.append((outcome.page, outcome.decided))
    if not (out / WITHHELD).stat().st_size:
        (out / WITHHELD).unlink()
    totals.ungrounded = unknown.counted()
    write_tsv(out / "ungrounded.tsv", UNGROUNDED_HEADER, unknown.rows())
    write_conflicts(out, totals.conflicts)
    write_skipped(out, totals.skipped)
    write_refused(out, totals.refused)
    return totals


@contextmanager
def _handles(out: Path) -> Iterator[dict[str, IO[bytes]]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(replacing(out / name))
               for name in (WITHHELD, *STAGE_FILES)}  # the last is in place first, or none is


def write_skipped(out: Path, skipped: Iterable[Skipped]) -> None:
    """skipped.tsv: one input a line, with the reason."""
    write_tsv(out / "skipped.tsv", ("page", "reason"), ((s.page, s.reason) for s in skipped))


def write_conflicts(out: Path, found: Iterable[Conflict]) -> None:
    """conflicts.tsv: where a page's identifiers and its name do not lead to one class."""
    write_tsv(out / "conflicts.tsv", HEADER, (conflict.row() for conflict in sorted(found)))


def write_refused(out: Path, refused: Sequence[Skipped]) -> None:
    """proposer.tsv: what a proposer suggested in vain or why it did not answer, if anything."""
    if refused:
        write_tsv(out / "proposer.tsv", ("page", "reason"), ((s.page, s.reason) for s in refused))
    else:
        (out / "proposer.tsv").unlink(missing_ok=True)


class Names:
    """The names that got no identifier, counted over pages."""

    def __init__(self) -> None:
        self._count: Counter[Ungrounded] = Counter()
        self._pages: dict[Ungrounded, list[str]] = {}

    def add(self, found: Iterable[Ungrounded], page: str) -> None:
        """Count one page's names."""
        for name in found:
            self._count[name] += 1
            self._pages.setdefault(name, []).append(page)

    def counted(self) -> list[tuple[Ungrounded, int]]:
        """Every name with its number of statements, the most frequent first."""
        return sorted(self._count.items(), key=lambda row: (-row[1], row[0]))

    def rows(self) -> Iterator[tuple[object, ...]]:
        """One row a name, the most frequent first, with the first pages it is on."""
        for name, number in self.counted():
            pages = sorted(set(self._pages[name]))
            listed = "|".join(pages[:PAGES_LISTED]) + ("|…" if len(pages) > PAGES_LISTED else "")
            yield (name.name, name.category, name.id, number, name.why,
                   "|".join(name.candidates), listed)

