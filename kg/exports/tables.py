"""Flat CSV tables: one for each kind of statement, and diseases, evidence and publications."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from typing import IO

from msgspec import Struct

from ..facts import Fact, Facts, Sentence
from ..frequency import bands
from ..ntriples import Shortener
from ..spilling import in_rows
from .release import Release

Rows = Iterator[tuple[str, ...]]
JOIN = " | "
# OWASP, "CSV Injection": also the wide forms, which some spreadsheets take for the narrow ones.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_STATEMENT = ("statement", "disease_id", "disease")
_SUPPORT = ("negated", "doubtful", "quote", "page", "section", "sentences", "citations")


def guarded(cell: str) -> str:
    """`cell` with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> guarded("=1+1"), guarded("-5")
    ("'=1+1", '-5')
    """
    if cell.startswith(_RISKY) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


class _Cells:
    """Cells of the rows of one release."""

    def __init__(self, release: Release) -> None:
        self.facts: Facts = release.facts
        self.id = Shortener(release.prefixes).name
        self.iri = release.prefixes.expand

    def ids(self, iris: Iterable[str]) -> str:
        """Several CURIEs in one cell."""
        return JOIN.join(map(self.id, iris))

    def subject(self, fact: Fact) -> tuple[str, ...]:
        """The statement and its disease."""
        return self.id(fact.id), self.id(fact.disease), self.facts.label(fact.disease)

    def support(self, fact: Fact) -> tuple[str, ...]:
        """Negation, doubt and the first sentence with its page."""
        first = self.first(fact)
        return (
            _yes(fact.negated), _yes(fact.doubtful),
            self.facts.quotes.get(first.quote, "") if first else "",
            self.path(first.page) if first else "", first.section if first else "",
            str(len(fact.evidence)), self.ids(fact.publications))

    def first(self, fact: Fact) -> Sentence | None:
        """The statement's sentence on the page that comes first by path."""
        found = [self.facts.sentences[one] for one in fact.evidence if one in self.facts.sentences]
        return min(found, key=lambda one: (self.path(one.page), _start(one), one.id), default=None)

    def path(self, page: str) -> str:
        """The path of a page."""
        return self.facts.pages[page].path if page in self.facts.pages else ""

    def of(self, kind: str) -> Iterator[Fact]:
        """The statements of a kind."""
        return (fact for fact in self.facts.facts if fact.kind == kind)


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _ends(sentence: Sentence) -> list[str]:
    return sentence.span.rsplit("-", 2)[1:] or ["", ""]


def _start(sentence: Sentence) -> int:
    start = _ends(sentence)[0]
    return int(start) if start.isdigit() else 0


class Table(Struct, frozen=True):
    """A table: its columns and how its rows are read off a release; called, it writes itself."""

    header: tuple[str, ...]
    read: Callable[[_Cells], Rows]

    def rows(self, release: Release) -> list[tuple[str, ...]]:
        """The rows as they are, sorted, each once."""
        return list(self._sorted(release))

    def _sorted(self, release: Release) -> Rows:
        return in_rows(self.read(_Cells(release)))

    def __call__(self, release: Release, out: IO[bytes]) -> int:
        """Write the table as CSV, safe for spreadsheets; returns the number of rows."""
        count = 0
        text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        table = csv.writer(text, lineterminator="\n")
        table.writerow(self.header)
        for count, row in enumerate(self._sorted(release), 1):  # noqa: B007 - what is returned
            table.writerow(map(guarded, row))
        text.detach()
        return count


def _entities(kind: str, attribute: str) -> Table:
    """The table of a kind whose statements join the disease with another node."""
    header = (*_STATEMENT, "object_id", "object", "names", *([attribute] if attribute else ()),
              *_SUPPORT)

    def rows(cells: _Cells) -> Rows:
        for fact in cells.of(kind):
            chosen = (fact.value,) if attribute else ()
            yield (*cells.subject(fact), cells.id(fact.other), cells.facts.label(fact.other),
                   JOIN.join(fact.names), *chosen, *cells.support(fact))

    return Table(header, rows)


def _phenotypes(cells: _Cells) -> Rows:
    names = {cells.iri(one.id): one.label for one in bands()}
    for fact in cells.of("phenotype"):
        band, *numbers = fact.often
        yield (*cells.subject(fact), cells.id(fact.other), cells.facts.label(fact.other),
               JOIN.join(fact.names), fact.value, cells.id(band) if band else "",
               names.get(band, ""), *numbers, *cells.support(fact))


def _words(kind: str, column: str, attribute: str) -> Table:
    """The table of a kind whose statements end in words or in one of its values."""
    header = (*_STATEMENT, *([column] if column else ()), attribute, *_SUPPORT)

    def rows(cells: _Cells) -> Rows:
        for fact in cells.of(kind):
            words = (fact.other,) if column else ()
            yield (*cells.subject(fact), *words, fact.value, *cells.support(fact))

    return Table(header, rows)


def _figures(cells: _Cells) -> Rows:
    for fact in cells.of("figure"):
        found = cells.facts.measures.get(fact.other)
        if found:
            yield (*cells.subject(fact), fact.value, found.comparator, found.low, found.high,
                   found.unit, found.horizon, found.about, found.subject, *cells.support(fact))


def _diseases(cells: _Cells) -> Rows:
    stated = Counter(fact.disease for fact in cells.facts.facts)
    pages: dict[str, list[str]] = {}
    for page in cells.facts.pages.values():
        pages.setdefault(page.disease, []).append(page.path)
    for iri in sorted(pages):
        yield (cells.id(iri), cells.facts.label(iri), str(stated[iri]),
               JOIN.join(sorted(pages[iri])))


def _publications(cells: _Cells) -> Rows:
    cited = Counter(one for fact in cells.facts.facts for one in fact.publications)
    for iri, work in cells.facts.publications.items():
        yield (cells.id(iri), work.title, work.year, work.kind, JOIN.join(work.identifiers),
               work.url, str(cited[iri]))


def _evidence(cells: _Cells) -> Rows:
    for fact in cells.facts.facts:
        for one in fact.evidence:
            if found := cells.facts.sentences.get(one):
                start, end = _ends(found)
                yield (cells.id(one), cells.id(fact.id), fact.kind, cells.path(found.page), start,
                       end, cells.facts.quotes.get(found.quote, ""), found.mention, found.section,
                       found.rule, JOIN.join(found.numbers), cells.ids(found.publications))


# One line for each file of tables/; a kind of statement has the name of its field in the records.
TABLES: dict[str, Table] = {
    "diseases": Table(("disease_id", "disease", "statements", "pages"), _diseases),
    "synonyms": _words("synonym", "name", "scope"),
    "risk_factors": _entities("risk_factor", "effect"),
    "causes": _entities("cause", "certainty"),
    "therapies": _entities("therapy", "status"),
    "prognostic_factors": _entities("prognostic_factor", "direction"),
    "figures": Table((*_STATEMENT, "kind", "comparator", "low", "high", "unit", "horizon",
                      "about", "subject", *_SUPPORT), _figures),
    "genes": _entities("gene", "relation"),
    "inheritance": _entities("inheritance", ""),
    "phenotypes": Table((*_STATEMENT, "object_id", "object", "names", "presence", "frequency_id",
                         "frequency", "count", "total", "percentage", *_SUPPORT), _phenotypes),
    "sites": _entities("site", ""),
    "unknown": _words("unknown", "", "topic"),
    "publications": Table(("id", "title", "year", "kind", "identifiers", "url", "statements"),
                          _publications),
    "evidence": Table(("evidence", "statement", "kind", "page", "start", "end", "quote",
                       "mention", "section", "rule", "citation_numbers", "citations"), _evidence),
}
