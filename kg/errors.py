"""Every error rarekg raises on purpose, drawn as one tree.

KgError
├── UsageError        a path, option or name that the user gave cannot be used
├── SourceError       one page cannot be read; the run goes on and lists it
├── DataError         a data, vocabulary or stage file is malformed (file and line)
├── LoadError         a database does not hold what the release does, and what differs
├── ProposerError     an extractor from outside gave no usable answer; the run goes on without
└── UnknownName       a name that is not in a table, with what would have been accepted
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LISTED = 40  # names that a message lists; the others are counted
NEAR = 3  # letters of a name below which what holds it is no nearer than the rest


class KgError(Exception):
    """The root: only the command line catches it."""


class UsageError(KgError):
    """What the user asked for cannot be done as asked."""


class SourceError(KgError):
    """A page cannot be read; `page` names it and `reason` says why in a few words."""

    def __init__(self, page: str, reason: str) -> None:
        super().__init__(f"{page}: {reason}")
        self.page = page
        self.reason = reason

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str]]:
        return SourceError, (self.page, self.reason)


class DataError(KgError):
    """A line of a data file does not say what it should."""

    def __init__(self, path: object, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.line = line
        self._told = path, line, problem

    def __reduce__(self) -> tuple[type[DataError], tuple[object, int, str]]:
        return DataError, self._told


class LoadError(KgError):
    """A database or file set does not hold what was to be loaded; the message names rows."""


class ProposerError(KgError):
    """What was asked of a proposer did not come back in time, in size or in shape."""


class UnknownName(KgError):  # noqa: N818 - named as the tree names it
    """`name` is not one of `known`; the message offers the nearest ones."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        shown = (_near(name, names) or names)
        more = f" and {len(shown) - LISTED:,} more" if len(shown) > LISTED else ""
        super().__init__(f"unknown {what} {name!r}; accepted: {', '.join(shown[:LISTED])}{more}")


def _near(name: str, names: list[str]) -> list[str]:
    """The names that are spelt nearly so, whatever the case, else those that hold it."""
    folded = {other.casefold(): other for other in reversed(names)}
    wanted = name.casefold()
    found = get_close_matches(wanted, folded, n=3)
    if not found and len(wanted) > NEAR:
        found = [other for other in sorted(folded) if wanted in other][:LISTED]
    return [folded[other] for other in found]
