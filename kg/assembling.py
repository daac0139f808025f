"""The tables of a run, written from what its ledger keeps of all pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from . import contradictions
from .conflicts import HEADER, Conflict
from .contradictions import Contradiction
from .curation import reports
from .curation.applying import Curated, curation
from .files import write_tsv
from .folder import PAGES_LISTED, UNGROUNDED_HEADER, write_refused, write_skipped
from .ground import Ungrounded
from .ledger import Ledger
from .mappings import FILE as MAPPINGS
from .mappings import Mapped, write_ordered
from .model import Skipped, Statement
from .ontology import kinds
from .prefixes import Prefixes
from .shares import CONFLICTS, DECIDED, NAMES, REFUSED, RESULTS, hashed, read
from .shares import MAPPINGS as MAPPING_ROWS
from .staging import Edit
from .terms import Names
from .validate import Result

STATEMENTS = "statements.jsonl"


# ---------------------------------------------------------------- what pages assert both ways


def opposed(book: Ledger) -> tuple[tuple[Contradiction, ...], dict[str, str], dict[str, int]]:
    """The contradictions, and the paths and numbers of their pages by document id."""
    wanted = {triple for (triple,) in book.rows("SELECT triple FROM wanted")}
    found: list[Statement] = []
    paths, numbers = dict[str, str](), dict[str, int]()
    for (number, name) in book.rows(
            "SELECT DISTINCT p.id, p.name FROM pages p JOIN sure s ON s.page=p.id "
            "JOIN wanted w ON w.triple=s.triple WHERE p.first='' ORDER BY p.name"):
        decoder = msgspec.json.Decoder(Statement, strict=False)
        content = book.files(number, (STATEMENTS,))[STATEMENTS]
        made = [decoder.decode(line) for line in content.splitlines()]
        document = made[0].evidence[0].document
        paths[document], numbers[document] = name, number
        found.extend(one for one in made if any(
            hashed(triple) in wanted for triple, _, _ in contradictions.sides([one], kinds())))
    return contradictions.among(found, kinds()), paths, numbers


def weigh(book: Ledger) -> None:
    """The table `wanted` has every triple that is denied too, or whose opposite is asserted."""
    book.do("CREATE TEMP TABLE IF NOT EXISTS wanted(triple INTEGER PRIMARY KEY)")
    book.do("DELETE FROM wanted")
    both = ("SELECT a.triple, a.opposite FROM sure a JOIN pages p ON p.id=a.page "
            "WHERE a.denied=0 AND p.first='' AND EXISTS (SELECT 1 FROM sure b JOIN pages q "
            "ON q.id=b.page WHERE q.first='' AND {})")
    for how in ("b.triple=a.triple AND b.denied=1",
                "a.opposite!=0 AND b.triple=a.opposite AND b.denied=0"):
        for pair in book.rows(both.format(how)):
            for triple in pair:
                book.do("INSERT OR IGNORE INTO wanted VALUES(?)", triple)


def contradicted(book: Ledger, out: Path, prefixes: Prefixes) -> tuple[int, dict[int, Edit]]:
    """contradictions.tsv is written; returns its rows and, by page, how its graph changes."""
    weigh(book)
    found, paths, numbers = opposed(book)
    rows = contradictions.tabulate(out, found, paths)
    names = Names(prefixes)
    graphs = {str(names.node(f"rarekg:graph/{document}")).encode(): number
              for document, number in numbers.items()}
    edits = contradictions.changes(found, kinds(), names)
    return rows, {graphs[graph]: edit for graph, edit in edits.items()}


# ---------------------------------------------------------------- tables


def tables(book: Ledger, out: Path, prefixes: Prefixes, releases: Iterable[str]) -> None:
    """ungrounded.tsv, conflicts.tsv, skipped.tsv, proposer.tsv and the mappings are written."""
    counted(book)
    write_tsv(out / "ungrounded.tsv", UNGROUNDED_HEADER, _ungrounded(book))
    write_tsv(out / "conflicts.tsv", HEADER,
              (read(body, Conflict).row() for body in book.table(CONFLICTS)))
    write_skipped(out, skipped(book))
    write_refused(out, list(refused(book)))
    write_ordered(out / MAPPINGS, lambda: _mapped(book), prefixes, releases)


def skipped(book: Ledger) -> Iterator[Skipped]:
    """Every input that is not published, with the reason, by name."""
    for name, first, reason in book.each("SELECT name, first, skipped FROM pages "
                                         "WHERE first!='' OR skipped!='' ORDER BY name"):
        yield Skipped(name, f"the same bytes as {first}" if first else reason)


def refused(book: Ledger) -> Iterator[Skipped]:
    """What a proposer suggested in vain, by page."""
    for name, body in book.each("SELECT p.name, r.body FROM rows r JOIN pages p ON p.id=r.page "
                                "WHERE r.kind=? AND p.first='' ORDER BY r.sort", REFUSED):
        yield Skipped(name, msgspec.msgpack.decode(body)[0])


class Decided:
    """The pages on which people's decisions or licences did something, each time from the first."""

    def __init__(self, book: Ledger) -> None:
        self._book = book

    def __iter__(self) -> Iterator[tuple[str, Curated]]:
        for body in self._book.table(DECIDED):
            yield msgspec.msgpack.decode(body, type=tuple[str, Curated])


class Results:
    """What validation found on the pages that are published, each time from the first."""

    def __init__(self, book: Ledger, severities: Iterable[str]) -> None:
        self._book = book
        self._kinds = [RESULTS + one for one in severities]

    def __iter__(self) -> Iterator[Result]:
        return (read(body, Result) for body in self._book.table(*self._kinds))


def decisions(book: Ledger, out: Path, given: reports.Given) -> int:
    """What became of decisions and licences is written; returns how many decisions are stale."""
    named = {one.page for one in curation(given.curation, given.file).decisions}
    read = [name for name in sorted(named) if book.rows(
        "SELECT 1 FROM pages WHERE name=? AND first='' AND skipped=''", name)]
    return reports.write(out, given, Decided(book), read)


def _mapped(book: Ledger) -> Iterator[Mapped]:
    last = b""
    for body in book.table(MAPPING_ROWS):
        if body != last:
            yield read(body, Mapped)
        last = body


def counted(book: Ledger) -> None:
    """The table `counted` has every name without an identifier, the most frequent first."""
    book.do("DELETE FROM counted")
    book.do("INSERT INTO counted(count, name, sort) SELECT count(*), min(body), sort "
            "FROM rows WHERE kind=? AND page IN (SELECT id FROM pages WHERE first='') "
            "GROUP BY sort ORDER BY count(*) DESC, sort", NAMES)


def names(book: Ledger) -> Iterator[tuple[Ungrounded, int, bytes]]:
    """Every name that got no identifier, its number of statements and its sort key."""
    for body, count, sort in book.each("SELECT name, count, sort FROM counted ORDER BY number"):
        yield read(body, Ungrounded), count, sort


def _ungrounded(book: Ledger) -> Iterator[tuple[object, ...]]:
    """One row a name, the most frequent first, with the first pages it is on."""
    pages = ("SELECT DISTINCT p.name FROM rows r JOIN pages p ON p.id=r.page WHERE r.kind=? AND "
             "r.sort=c.sort AND p.first='' ORDER BY p.name LIMIT ?")
    for body, number, found in book.each(
            f"SELECT name, count, (SELECT json_group_array(name) FROM ({pages})) "
            "FROM counted c ORDER BY number", NAMES, PAGES_LISTED + 1):
        name, on = read(body, Ungrounded), msgspec.json.decode(found, type=list[str])
        listed = "|".join(on[:PAGES_LISTED]) + ("|…" if len(on) > PAGES_LISTED else "")
        yield (name.name, name.category, name.id, number, name.why,
               "|".join(name.candidates), listed)
