"""The stage files and tables of a run, written page by page from what its ledger keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from . import contradictions
from .conflicts import HEADER, Conflict
from .contradictions import Contradiction
from .curation import reports
from .curation.applying import Curated, curation
from .exports.changes import Changes
from .exports.pieces import Change
from .files import replacing, write_tsv
from .folder import (
    PAGES_LISTED,
    STAGE_FILES,
    UNGROUNDED_HEADER,
    WITHHELD,
    write_refused,
    write_skipped,
)
from .ground import Ungrounded
from .ledger import Kept, Ledger
from .mappings import FILE as MAPPINGS
from .mappings import Mapped, write_ordered
from .model import Skipped, Statement
from .ontology import kinds
from .prefixes import Prefixes
from .shares import CONFLICTS, DECIDED, NAMES, REFUSED, read
from .shares import MAPPINGS as MAPPING_ROWS
from .splicing import Splice, stamp
from .terms import Names

FILES = (WITHHELD, *STAGE_FILES)  # the last is in place first, or none is
STATEMENTS, GRAPH = "statements.jsonl", "graph.nq"
Edit = tuple[set[bytes], set[bytes]]


class Old(Struct, frozen=True):
    """Where a page's parts stand in the stage files of the run before, in the order of FILES."""

    starts: tuple[int, ...]
    sizes: tuple[int, ...]


# ---------------------------------------------------------------- what pages assert both ways


def opposed(book: Ledger) -> tuple[tuple[Contradiction, ...], dict[str, str], dict[str, int]]:
    """The contradictions, and the paths and numbers of their pages by document id."""
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
        found.extend(made)
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


# ---------------------------------------------------------------- stage files


def stage_files(book: Ledger, out: Path, edits: Mapping[int, Edit]) -> Change | None:
    """Write the stage files; what an untouched page has in those of the last run is copied.

    Returns what the graph lost and gained, None where that is not known or much.  On any error,
    also an interrupt, the files that were there before are untouched.
    """
    with _splices(book, out) as (splices, intact), book.transaction():
        book.do("DELETE FROM moved")
        change = Changes() if intact else None
        for page in book.pages():
            if page.first or not any(page.sizes):
                continue
            starts = tuple(splice.size for splice in splices.values())
            edit = edits.get(page.id)
            edited = _signed(edit)
            old = _old(book, page, edited) if intact else None
            if old:
                for splice, start, size in zip(splices.values(), old.starts, old.sizes,
                                               strict=True):
                    splice.copy(start, size)
            else:
                added = _append(splices, book.files(page.id, FILES), edit)
                change = change.gained(added) if change else None
            sizes = tuple(splice.size - start
                          for splice, start in zip(splices.values(), starts, strict=True))
            book.do("INSERT INTO moved VALUES(?,?,?,?,?)", page.id, page.key, edited,
                    msgspec.msgpack.encode(starts), msgspec.msgpack.encode(sizes))
        for splice in splices.values():
            splice.close()
        if change:
            change = _lost(book, out / GRAPH, change)
        book.do("DELETE FROM placed")
        book.do("INSERT INTO placed SELECT * FROM moved")
        book.note("stamps", None)  # until the files are in place
    if not (out / WITHHELD).stat().st_size:
        (out / WITHHELD).unlink()
    book.note("stamps", {name: stamp(out / name) for name in FILES})
    return change.made() if change else None


def _lost(book: Ledger, graph: Path, change: Changes) -> Changes | None:
    """The change with what the old graph has of pages that were not copied."""
    copied = "m.page=p.page AND m.key=p.key AND p.key!=x'' AND m.edited=p.edited"
    place, found = FILES.index(GRAPH), change
    with graph.open("rb") as lines:
        for starts, sizes in book.each("SELECT p.starts, p.sizes FROM placed p LEFT JOIN moved m "
                                       f"ON {copied} WHERE m.page IS NULL"):
            lines.seek(msgspec.msgpack.decode(starts)[place])
            more = found.lost(lines.read(msgspec.msgpack.decode(sizes)[place]))
            if more is None:
                return None
            found = more
    return found


@contextmanager
def _splices(book: Ledger, out: Path) -> Iterator[tuple[dict[str, Splice], bool]]:
    """A splice for each stage file, and whether the old files are as the last run left them."""
    stamps = book.noted("stamps")
    intact = bool(stamps) and all(stamp(out / name) == stamps[name] for name in FILES)
    with ExitStack() as stack:
        splices = {}
        for name in FILES:
            old = (stack.enter_context((out / name).open("rb"))
                   if intact and stamps[name] else None)
            splices[name] = Splice(stack.enter_context(replacing(out / name)), old)
        yield splices, intact


def _signed(edit: Edit | None) -> bytes:
    """Tells how a page's graph was changed from every other way; empty where it was not."""
    if edit is None:
        return b""
    return hashlib.blake2b(b"\0".join(map(b"".join, map(sorted, edit))), digest_size=16).digest()


def _old(book: Ledger, page: Kept, edited: bytes) -> Old | None:
    found = book.rows("SELECT starts, sizes FROM placed WHERE page=? AND key=? AND edited=?",
                      page.id, page.key, edited) if page.key else []
    return Old(*(tuple(msgspec.msgpack.decode(cell)) for cell in found[0])) if found else None


def _append(
    splices: Mapping[str, Splice], parts: Mapping[str, bytes], edit: Edit | None
) -> bytes:
    """The page's parts are appended; returns its graph as it is now."""
    graph = b""
    for name, splice in splices.items():
        content = parts[name]
        if edit and name == GRAPH:
            content = b"".join(contradictions.settled(content.splitlines(keepends=True), edit))
        splice.write(content)
        graph = content if name == GRAPH else graph
    return graph


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
    for name, number, sort in names(book):
        pages = [page for (page,) in book.rows(
            "SELECT DISTINCT p.name FROM rows r JOIN pages p ON p.id=r.page WHERE r.kind=? AND "
            "r.sort=? AND p.first='' ORDER BY p.name LIMIT ?", NAMES, sort, PAGES_LISTED + 1)]
        listed = "|".join(pages[:PAGES_LISTED]) + ("|…" if len(pages) > PAGES_LISTED else "")
        yield (name.name, name.category, name.id, number, name.why,
               "|".join(name.candidates), listed)
