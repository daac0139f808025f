"""The output folder of a run: every file appears whole or not at all."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .conflicts import HEADER, Conflict
from .errors import UsageError
from .files import swept, write_if, write_tsv
from .ground import Ungrounded
from .model import Skipped

STAGE_FILES = ("documents.jsonl", "claims.jsonl", "statements.jsonl", "records.jsonl",
               "licences.jsonl", "graph.nq")
WITHHELD = "withheld.nq"
UNGROUNDED_HEADER = ("name", "category", "id", "statements", "why", "candidates", "pages")
PAGES_LISTED = 5


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
        raise UsageError(f"{out}: cannot write here ({error.strerror or error})") from None


def write_skipped(out: Path, skipped: Iterable[Skipped]) -> None:
    """skipped.tsv: one input a line, with the reason."""
    write_tsv(out / "skipped.tsv", ("page", "reason"), ((s.page, s.reason) for s in skipped))


def write_conflicts(out: Path, found: Iterable[Conflict]) -> None:
    """conflicts.tsv: where a page's identifiers and its name do not lead to one class."""
    write_tsv(out / "conflicts.tsv", HEADER, (conflict.row() for conflict in sorted(found)))


def write_refused(out: Path, refused: Sequence[Skipped]) -> None:
    """proposer.tsv: what a proposer suggested in vain or why it did not answer, if anything."""
    write_if(out / "proposer.tsv", ("page", "reason"),
             [(one.page, one.reason) for one in refused] or None)


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

