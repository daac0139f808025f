"""The compiled index: exact look-ups by name, bag and cross-reference, read-only and shareable."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from ..errors import UsageError
from ..files import beside, locked
from ..model import Entity, Span
from ..text import normalise
from . import build, packages
from .forms import telling
from .names import canonical
from .sourcing import all_sources, key
from .tagging import Table, tag
from .term import SCOPES

MAPPED = 1 << 31  # bytes of the file that are mapped into memory, at most
REMEMBERED = 1 << 15  # answers, as pages ask for the same names and classes again
KEPT = 3  # index files in the cache: for two environments, and one more


class Hit(NamedTuple):
    """A class that has a name: `rank` orders vocabularies, the best first."""

    id: str
    scope: str
    rank: int


class SourceInfo(Struct, frozen=True, array_like=True):
    """A vocabulary in the index, with what was read of it."""

    name: str
    version: str
    origin: str
    license: str
    format: str
    terms: int
    problems: int
    sha256: str = ""
    url: str = ""


class Index:
    """An open index file.  Pickles as its path; every process opens the file for itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._taggers: dict[str, Table] = {}
        self._found: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._kept: dict[tuple[str, str], list[tuple[object, ...]]] = {}

    def __reduce__(self) -> tuple[type[Index], tuple[Path]]:
        return Index, (self.path,)

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        if self._connection is None or self._process != os.getpid():
            self._connection = _connect(self.path)
            self._process = os.getpid()
        return self._connection.execute(query, values).fetchall()

    def _of(self, curie: str, query: str) -> list[tuple[object, ...]]:
        """The rows of a query about one class, number or name, remembered."""
        asked = query, curie
        rows = self._kept.get(asked)
        if rows is None:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            rows = self._kept[asked] = self._rows(query, curie)
        return rows

    def hits(self, name: str, category: str) -> tuple[Hit, ...]:
        """Every class of `category` with this name, best scope first, then best vocabulary."""
        return tuple(Hit(str(row[0]), SCOPES[_int(row[1])], _int(row[2]))
                     for row in self._named(name, category))

    def find(self, name: str, category: str) -> tuple[str, ...]:
        """The CURIEs of `category` that have this name, best scope first."""
        asked = normalise(name), category, telling(name)
        found = self._found.get(asked)
        if found is None:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            rows = self._named(name, category)
            found = self._found[asked] = tuple(dict.fromkeys(str(row[0]) for row in rows))
        return found

    def _named(self, name: str, category: str) -> Iterator[tuple[object, ...]]:
        """The rows of a name, without those that are told from it by what normal forms drop."""
        found = self._of(normalise(name), "SELECT id, scope, rank, written, category FROM names "
                         "WHERE name=? ORDER BY scope, rank, id")  # asked for in several categories
        told = telling(name) if found else ""
        return (row for row in found if row[4] == category and telling(str(row[3])) == told)

    def bag(self, key: str, category: str) -> tuple[Hit, ...]:
        """Every class with a name that has this bag of stems (see forms.bag)."""
        found = self._of(key, "SELECT id, rank, category FROM bags WHERE bag=? ORDER BY rank, id")
        return tuple(Hit(str(row[0]), "stem", _int(row[1])) for row in found if row[2] == category)

    def tag(self, text: str, category: str) -> tuple[tuple[Span, str], ...]:
        """Mentions in `text`, leftmost and longest, on token boundaries.

        Where a name has several classes the mention bears the first; grounding decides later.
        """
        if category not in self._taggers:
            found = self._rows("SELECT data FROM taggers WHERE category=?", category)
            self._taggers[category] = (
                msgspec.msgpack.decode(bytes(found[0][0]), type=Table)  # type: ignore[call-overload]
                if found else Table({}, {}, {}))
        return tag(text, self._taggers[category])

    def xref(self, curie: str) -> tuple[str, ...]:
        """The classes that have this cross-reference."""
        found = self._of(canonical(curie), "SELECT id FROM xrefs WHERE xref=? ORDER BY id")
        return tuple(str(row[0]) for row in found)

    def xrefs_of(self, curie: str) -> tuple[str, ...]:
        """The cross-references of a class."""
        return tuple(str(row[0]) for row in
                     self._rows("SELECT xref FROM xrefs WHERE id=? ORDER BY xref", curie))

    def names_of(self, curie: str) -> tuple[str, ...]:
        """The names of a class in their normal form."""
        return tuple(str(row[0]) for row in
                     self._rows("SELECT DISTINCT name FROM names WHERE id=? ORDER BY name", curie))

    def term(self, curie: str) -> Entity | None:
        """The class with its label and category, or None where no vocabulary has it."""
        found = self._of(curie, "SELECT id, label, category FROM terms WHERE id=?")
        return Entity(*map(str, found[0])) if found else None

    def source_of(self, curie: str) -> str:
        """The name of the vocabulary that a class is from, empty where there is none."""
        found = self._of(curie, "SELECT name FROM terms JOIN sources USING(rank) WHERE id=?")
        return str(found[0][0]) if found else ""

    def trail(self, curie: str) -> tuple[str, ...]:
        """The class and its replacements in turn, ending with one that is not obsolete.

        Empty where an obsolete class has no replacement.
        """
        steps = [curie]
        query = "SELECT replaced_by FROM terms WHERE id=? AND obsolete=1"
        while found := self._of(steps[-1], query):
            following = str(found[0][0] or "")
            if not following or following in steps:
                return ()
            steps.append(following)
        return tuple(steps)

    def ancestors(self, curie: str) -> frozenset[str]:
        """Every class above this one."""
        found = self._rows(
            "WITH RECURSIVE up(id) AS (SELECT parent FROM parents WHERE id=? "
            "UNION SELECT parent FROM parents JOIN up USING(id)) SELECT id FROM up", curie)
        return frozenset(str(row[0]) for row in found)

    def below(self, curie: str, most: int) -> int:
        """How many classes are below this one, counted up to `most`."""
        found = self._rows(
            "WITH RECURSIVE down(id) AS (SELECT id FROM parents WHERE parent=? UNION "
            "SELECT p.id FROM parents p JOIN down ON p.parent=down.id LIMIT ?) "
            "SELECT count(*) FROM down", curie, most)
        return _int(found[0][0])

    def parents(self, curie: str) -> frozenset[str]:
        """The classes directly above this one."""
        return frozenset(str(row[0]) for row in
                         self._rows("SELECT parent FROM parents WHERE id=?", curie))

    def has_xrefs(self, prefix: str) -> bool:
        """Whether any class has a cross-reference with this prefix."""
        return bool(self._rows("SELECT 1 FROM xrefs WHERE xref>? AND xref<? LIMIT 1",
                               f"{prefix}:", f"{prefix};"))

    def releases(self) -> tuple[str, ...]:
        """Name and release of every vocabulary that is not our own, sorted."""
        return tuple(sorted(f"{source.name} {source.version or source.origin}"
                            for source in self.sources if source.origin != "overlay"))

    @property
    def sources(self) -> tuple[SourceInfo, ...]:
        """The vocabularies that were compiled, the one that ranks highest first."""
        found = self._rows("SELECT name, version, origin, license, format, terms, problems, "
                           "sha256, url FROM sources ORDER BY rank")
        return tuple(msgspec.convert(row, SourceInfo) for row in found)

    @property
    def has_packages(self) -> bool:
        """Whether more than our own overlay is in it: the `vocab` extra, or a user's file."""
        return any(source.origin != "overlay" for source in self.sources)

    def problems(self) -> tuple[tuple[str, int, str], ...]:
        """The lines that were skipped: vocabulary, line, what is wrong."""
        found = self._rows("SELECT s.name, p.line, p.problem FROM problems p JOIN sources s "
                           "USING(rank) ORDER BY rank, line")
        return tuple((str(row[0]), _int(row[1]), str(row[2])) for row in found)

    def size(self) -> int:
        """How many names there are."""
        return _int(self._rows("SELECT count(*) FROM names")[0][0])


def _int(value: object) -> int:
    return int(str(value))


def _connect(path: Path) -> sqlite3.Connection:
    """Read-only and without locks: a compiled index is never changed, only replaced."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True,
                                 check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size={MAPPED}")  # all processes share one copy in memory
    return connection


def open_index(
    progress: Callable[[str], None] | None = None, extra: Sequence[Path] = (), *,
    rebuild: bool = False,
) -> Index:
    """The index of everything installed, the overlay and `extra`, compiled first if it is not yet.

    `progress` is called with the name of each vocabulary while it is read.  Raises UsageError
    where the cache cannot be written, DataError where a vocabulary is damaged.
    """
    sources = all_sources(extra)
    path = packages.cache() / f"index-{key(sources)}.sqlite"
    if rebuild or not _is_whole(path):
        _compile(path, sources, progress or (lambda _name: None), rebuild=rebuild)
    return Index(path.resolve())


def _is_whole(path: Path) -> bool:
    """Whether the file is an index of this layout (another program may have damaged it)."""
    if not path.is_file():
        return False
    try:
        connection = _connect(path)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("SELECT count(*) FROM sources").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
    return bool(version == build.SCHEMA_VERSION)


def _compile(path: Path, sources: Sequence[packages.Source],
             progress: Callable[[str], None], *, rebuild: bool) -> None:
    """Build beside `path` and rename; who comes while another builds waits and finds it done.

    With `rebuild` it is built though it is there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent / ".lock"):
            if rebuild or not _is_whole(path):
                for dead in path.parent.glob(".index-*.part"):  # of builders that were killed
                    dead.unlink(missing_ok=True)
                with beside(path) as part:
                    build.build(part, sources, progress)
                    part.replace(path)
                _prune(path)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise _unwritable(path.parent, error.strerror) from None
    except sqlite3.OperationalError as error:
        raise _unwritable(path.parent, error) from None


def _unwritable(folder: Path, reason: object) -> UsageError:
    return UsageError(f"{folder}: the vocabulary index cannot be written there ({reason}); set "
                      "RAREKG_CACHE to another folder")


def _prune(newest: Path) -> None:
    """Only the newest index files stay; a process that has an older one open goes on reading it."""
    others = [path for path in newest.parent.glob("index-*.sqlite") if path != newest]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[KEPT - 1:]:
        path.unlink(missing_ok=True)
