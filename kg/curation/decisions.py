"""A curation file: people's decisions on statements, one a line, kept under version control."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct

from ..errors import DataError
from ..ids import local
from ..text import digest

HEADER = ("statement", "decision", "to", "page", "kind", "name", "quote", "by", "on", "note",
          "says")
ORCID = "https://orcid.org/"
_ORCID = re.compile(rf"(?:{re.escape(ORCID)})?(\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX])")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_ID = re.compile(r"[0-9a-f]{16}")
_CURIE = re.compile(r"[A-Za-z][\w.]*:\S+")


class Decision(Struct, frozen=True):
    """One line: what `by` decided `on` a day about `statement`, on one `page` or on all.

    `to` is the right identifier or value; `kind`, `name` and `quote` are only those of an added
    statement; `says` is what the statement said when it was decided on, for people.
    """

    line: int
    statement: str
    decision: str
    to: str
    page: str
    kind: str
    name: str
    quote: str
    by: str
    on: str
    note: str
    says: str

    def cells(self) -> tuple[str, ...]:
        """Its cells in the order of HEADER."""
        return tuple(getattr(self, name) for name in HEADER)

    @property
    def mark(self) -> str:
        """Tells what it decides from all else, on whichever line it stands."""
        return digest(repr(self.cells()[:-1]), length=32)


# What each decision needs besides who and when: a sort of decision is a line here.
DECISIONS: dict[str, tuple[str, ...]] = {
    "accept": ("statement",),
    "reject": ("statement",),
    "id": ("statement", "to"),
    "value": ("statement", "to"),
    "add": ("page", "kind", "name", "quote"),
}


def parse(content: bytes, name: str = "curation.tsv") -> tuple[Decision, ...]:
    """The decisions of a file, in its order; raises DataError with the line and what is accepted.

    Blank lines and lines that begin with # are left out.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(name, content.count(b"\n", 0, error.start) + 1, "not UTF-8") from None
    return tuple(_decisions(lines, name))


def _decisions(lines: Iterable[str], name: str) -> Iterator[Decision]:
    header: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if not header:
            header = _header(cells, name, number)
            continue
        if len(cells) > len(header):
            raise DataError(name, number, f"{len(cells)} cells where the header has {len(header)}")
        row = dict.fromkeys(HEADER, "") | dict(zip(header, cells, strict=False))
        yield _checked(row, partial(DataError, name, number), number)


def _header(cells: tuple[str, ...], name: str, number: int) -> tuple[str, ...]:
    strange = [cell for cell in cells if cell not in HEADER]
    missing = [cell for cell in ("statement", "decision", "by", "on") if cell not in cells]
    if strange or missing:
        raise DataError(name, number, f"the header is {', '.join(HEADER)} (or some of them)")
    return cells


def _checked(
    row: dict[str, str], wrong: Callable[[str], DataError], number: int
) -> Decision:
    """The row as a decision; raises what `wrong` makes of the reason where it is none."""
    needs = DECISIONS.get(row["decision"])
    if needs is None:
        raise wrong(f"decision {row['decision']!r}; accepted: {', '.join(DECISIONS)}")
    for column in needs:
        if not row[column]:
            raise wrong(f"{row['decision']} needs the column {column}")
    statement = local(row["statement"])
    if "statement" in needs and not _ID.fullmatch(statement):
        raise wrong(f"statement {row['statement']!r} is no id: 16 hexadecimal digits")
    if row["decision"] == "id" and not _CURIE.fullmatch(row["to"]):
        raise wrong(f"{row['to']!r} is no CURIE such as MONDO:0006245")
    return Decision(number, **(row | {
        "statement": statement, "by": person(row["by"], wrong), "on": day(row["on"], wrong)}))


def person(by: str, wrong: Callable[[str], DataError]) -> str:
    """The IRI of a person; raises what `wrong` makes of the reason where it is none.

    An ORCID's last character is a check on the others (ISO 7064, MOD 11-2).
    """
    orcid = _ORCID.fullmatch(by)
    if orcid is None and not _IRI.fullmatch(by):
        raise wrong(f"by {by!r}: give an ORCID (0000-0002-1825-0097) or another web address")
    if orcid is None:
        return by
    digits = orcid.group(1).replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        raise wrong(f"by {by!r}: the last character of this ORCID does not fit: a typing error")
    return ORCID + orcid.group(1)


def day(on: str, wrong: Callable[[str], DataError]) -> str:
    """The day in ISO 8601; raises what `wrong` makes of the reason where it is none."""
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        raise wrong(f"on {on!r}: write the day as 2026-11-22") from None


def read(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file, none where there is no file; raises DataError."""
    return parse(path.read_bytes(), str(path)) if path.is_file() else ()
