"""Under which licence a statement may be published: its page's and its vocabulary's, compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct

from .errors import UsageError
from .files import rows, shipped
from .model import Document, Statement
from .vocab.index import Index

TABLE = "data/licences.tsv"
# The licences that the ledger tells for each statement whether it may go out under.
TARGETS = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0")
_VERSION = re.compile(r"-\d+(?:\.\d+)*$")


class Licence(Struct, frozen=True):
    """A licence by its SPDX id (or a LicenseRef), and what it asks of a copy.

    `needs` are of "attribution", "share-alike", "non-commercial", "no-derivatives".
    """

    id: str
    needs: frozenset[str]


class _Row(Struct, frozen=True):
    id: str
    pattern: re.Pattern[str]
    needs: frozenset[str]


@cache
def _table() -> tuple[_Row, ...]:
    return tuple(_Row(cells["id"], re.compile(cells["pattern"], re.IGNORECASE),
                      frozenset(cells["needs"].split()))
                 for _, cells in rows(shipped(TABLE)))


@cache
def licence(text: str) -> Licence | None:
    """The licence that a page or vocabulary names by address, SPDX id or in words.

    Several, with semicolons between them, must all be kept to.  None where one is not known: what
    it allows is not guessed.
    """
    found = [_one(part.strip()) for part in text.split(";") if part.strip()]
    known = [one for one in found if one is not None]
    if not found or len(known) < len(found):
        return None
    names = sorted({one.id for one in known})
    return Licence(" AND ".join(names), frozenset().union(*(one.needs for one in known)))


def _one(text: str) -> Licence | None:
    for row in _table():
        if found := row.pattern.search(text):
            parts = found.groupdict()
            version = parts.get("v") or parts.get("w") or ""
            version = version if "." in version or not version else f"{version}.0"
            return Licence(row.id.replace("{v}", version), row.needs)
    return None


def target(text: str) -> Licence:
    """The licence to publish under; raises UsageError where it is not known."""
    found = licence(text)
    if found is None:
        ids = ", ".join(TARGETS)
        raise UsageError(f"licence {text!r}: give an SPDX id such as {ids}")
    return found


def allows(of: Licence | None, under: Licence) -> bool:
    """Whether what is under one licence may be published, changed, under another.

    An unknown licence allows nothing.
    """
    if of is None or "no-derivatives" in of.needs:
        return False
    if "share-alike" in of.needs:
        return _family(of) == _family(under) and of.id <= under.id
    return of.needs <= under.needs


def _family(one: Licence) -> str:
    return _VERSION.sub("", one.id)


@cache
def _under(page: Licence | None, vocabulary: Licence | None) -> tuple[str, ...]:
    """The licences under which what both licences cover may go out."""
    goals = ((text, target(text)) for text in TARGETS)
    return tuple(text for text, goal in goals
                 if allows(page, goal) and allows(vocabulary, goal))


class Entry(Struct, frozen=True):
    """A line of licences.jsonl: a statement as one page has it, and what it may go out under.

    Licences are SPDX ids, "" where none is stated or it is not known; `vocabulary` is that of the
    statement's node, empty where the node is our own.
    """

    statement: str
    page: str
    page_licence: str
    vocabulary: str
    vocabulary_licence: str
    under: tuple[str, ...]


class Licensing:
    """What the licences of the vocabularies of an index are, looked up once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._of: Mapping[str, Licence | None] = {
            source.name: licence(source.license) for source in index.sources}

    def vocabulary(self, statement: Statement) -> tuple[str, Licence | None]:
        """The vocabulary of the statement's node with its licence; no name where it has none."""
        name = self._index.source_of(statement.object.id) if statement.object else ""
        return name, self._of.get(name)

    def entries(
        self, document: Document, statements: Iterable[Statement]
    ) -> Iterator[Entry]:
        """One entry for each statement of a page."""
        page = licence(document.license)
        for one in statements:
            name, other = self.vocabulary(one)
            yield Entry(one.id, document.page, page.id if page else "", name,
                        other.id if other else "", _under(page, other if name else page))

    def kept(
        self, statements: Iterable[Statement], under: Licence | None
    ) -> tuple[tuple[Statement, ...], tuple[tuple[Statement, str], ...]]:
        """The statements whose vocabulary allows it, and the others with the reason."""
        if under is None:
            return tuple(statements), ()
        kept, left = [], []
        for one in statements:
            name, other = self.vocabulary(one)
            if not name or allows(other, under):
                kept.append(one)
            else:
                left.append((one, f"{name} is under {other.id if other else 'an unknown licence'}"))
        return tuple(kept), tuple(left)


@cache
def licensing(index: Index) -> Licensing:
    """The licences of an index, looked up once."""
    return Licensing(index)


def refused(document: Document, under: Licence) -> str:
    """Why a page may not be published under a licence, empty where it may."""
    found = licence(document.license)
    if allows(found, under):
        return ""
    if not document.license:
        return f"licence: the page states none, so it is not published under {under.id}"
    name = found.id if found else f"{document.license} (not known)"
    return f"licence: {name} does not allow publication under {under.id}"
