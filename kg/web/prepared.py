"""What a server reads, made once for each graph: an on-disk store and an index of names."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyoxigraph as ox
from msgspec import Struct

from .. import jsonl, opening
from ..descriptions import counting
from ..errors import UsageError
from ..exports.release import Release
from ..facts import Facts, collect
from ..files import locked, replacing, shipped
from ..model import Document
from ..ntriples import Shortener
from ..prefixes import Prefixes
from ..prefixes import load as load_prefixes
from ..text import digest
from ..vocab.index import open_index
from . import branch_tables
from . import nodes as packing

FOLDER = ".rarekg"
STATISTICS = "statistics.json"
LAYOUT = 3  # raised when what is prepared changes its form
_PLACE = re.compile(r"[0-9a-f]{16}(?:-\d+)?")
_SOURCES = {".html", ".json", ".rq", ".tsv", ".ttl"}
_FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"  # the file appears when finished
_TABLES = """
CREATE TABLE names(iri TEXT NOT NULL, curie TEXT NOT NULL, category TEXT NOT NULL,
    name TEXT NOT NULL, kind TEXT NOT NULL, statements INTEGER NOT NULL);
CREATE VIRTUAL TABLE spelt USING fts5(name, content=names, tokenize='trigram');
CREATE TABLE documents(id TEXT PRIMARY KEY, page TEXT NOT NULL, title TEXT NOT NULL,
    url TEXT NOT NULL, license TEXT NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE counts(what TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
_INDICES = """
CREATE INDEX by_iri ON names(iri);
CREATE INDEX by_category ON names(category, kind, name COLLATE NOCASE);
CREATE INDEX by_name ON names(name COLLATE NOCASE);
INSERT INTO spelt(spelt) VALUES('rebuild');
"""


class State(Struct, frozen=True):
    """Which graph was prepared, and the file's size and time by which it is known again."""

    layout: int
    sha256: str
    size: int
    changed: int


class Prepared(Struct, frozen=True, dict=True):
    """A published folder that is ready to be asked; everything is opened read-only."""

    folder: Path
    place: Path
    sha256: str
    base: str
    changed: int  # when the graph was written, in seconds

    @cached_property
    def store(self) -> ox.Store:
        """Default graph: the merge of all pages; a named graph for each page."""
        return ox.Store.read_only(str(self.place / "store"))

    @cached_property
    def prefixes(self) -> Prefixes:
        """The prefixes with the base that the graph was made with."""
        return load_prefixes(self.base)

    def names(self) -> sqlite3.Connection:
        """A connection of its own to the index (its tables are described in _TABLES)."""
        made = sqlite3.connect(f"file:{self.place / 'names.sqlite'}?mode=ro&immutable=1", uri=True,
                               check_same_thread=False)
        made.row_factory = sqlite3.Row
        return made

    @cached_property
    def nodes(self) -> packing.Nodes:
        """Every node of the merge by its IRI."""
        return packing.Nodes(self.names)

    @cached_property
    def shortener(self) -> Shortener:
        """IRIs to CURIEs, made once."""
        return Shortener(self.prefixes)

    def licence(self, name: str) -> str:
        """The licence of the page of this id, empty where there is none."""
        row = self.nodes.index.execute("SELECT license FROM documents WHERE id = ?",
                                       (name,)).fetchone()
        return str(row[0]) if row else ""

    @cached_property
    def version(self) -> str:
        """By what all that is made of the graph is known: the graph, and the program."""
        return digest(self.sha256, program())

    @property
    def pages(self) -> Path:
        """Where the pages are that this program makes before they are asked for."""
        return self.place / f"pages-{program()}.sqlite"


@cache
def program() -> str:
    """A hash of every file of the package, for another program makes other pages."""
    files = (path for name in ("data", "ontology", "web") for path in
             sorted(shipped(name).rglob("*")) if path.suffix in _SOURCES)
    code = sorted(Path(__file__).parents[1].rglob("*.py"))
    return digest(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in (*files, *code)))


def prepare(folder: Path, note: Callable[[str], None] = lambda _: None) -> Prepared:
    """The folder's store and index, made now unless they are there for this very graph.

    Two processes that start at once make them once.  Raises UsageError where `folder` is no
    output of kg run or cannot be written.
    """
    graph, _ = opening.source(folder)
    home = folder / FOLDER
    try:
        home.mkdir(exist_ok=True)
        with locked(home / "lock"):
            return _prepared(folder, graph, home, note)
    except OSError as error:
        raise UsageError(f"{home}: cannot write here ({error.strerror or error})") from None


def _prepared(
    folder: Path, graph: Path, home: Path, note: Callable[[str], None]
) -> Prepared:
    status = graph.stat()
    known = _state(home)
    if known is None or (known.size, known.changed) != (status.st_size, status.st_mtime_ns):
        with graph.open("rb") as handle:
            sha = hashlib.file_digest(handle, "sha256").hexdigest()
        known = State(LAYOUT, sha, status.st_size, status.st_mtime_ns)
    place = home / f"{known.sha256[:16]}-{LAYOUT}"
    made = Prepared(folder, place, known.sha256, opening.base(folder),
                    int(status.st_mtime_ns // 10**9))
    if not place.is_dir():
        _make(made, home, note)
    with replacing(home / "state.json") as out:
        out.write(msgspec.json.encode(known))
    return made


def _state(home: Path) -> State | None:
    try:
        found = msgspec.json.decode((home / "state.json").read_bytes(), type=State)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    return found if found.layout == LAYOUT else None


def _make(made: Prepared, home: Path, note: Callable[[str], None]) -> None:
    """Everything in a folder beside, then renamed; older ones are gone."""
    with TemporaryDirectory(prefix="new.", dir=home) as part, \
            TemporaryDirectory(prefix="sort.", dir=home) as scratch:
        release = Release(made.folder / opening.GRAPH, Path(scratch), made.prefixes)
        note("preparing the store and the index of names, once")
        with _loading(Path(part) / "store") as load:
            load(made.folder / opening.GRAPH, ox.RdfFormat.N_QUADS)
            load(release.triples, ox.RdfFormat.N_TRIPLES)
            with closing(sqlite3.connect(Path(part) / "names.sqlite")) as index, index:
                _fill(index, made, release)
            counting.kept(release, Path(part) / STATISTICS)
        older = [path for path in home.iterdir() if _PLACE.fullmatch(path.name)]
        Path(part).rename(made.place)
        Path(part).mkdir()  # for the end of the block
    for path in older:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _loading(place: Path) -> Iterator[Callable[[Path, ox.RdfFormat], object]]:
    """A function that loads a file into a new store while we go on; the end waits for all."""
    store, loads = ox.Store(str(place)), list[Future[None]]()
    with ThreadPoolExecutor(1) as loader:  # Oxigraph lets other threads run meanwhile
        yield lambda path, form: loads.append(
            loader.submit(store.bulk_load, path=path, format=form))
    for one in loads:
        one.result()
    store.optimize()
    store.flush()


def _fill(index: sqlite3.Connection, made: Prepared, release: Release) -> None:
    """All tables, in one pass over the graph's nodes."""
    index.executescript(_FAST + _TABLES + packing.TABLES + branch_tables.TABLES)
    common = packing.dictionary(release.triples)
    facts = collect(packing.packed(index, release.nodes(), common), made.prefixes)
    index.executemany("INSERT INTO names VALUES(?,?,?,?,?,?)", _names(facts, made.prefixes))
    index.executemany("INSERT OR IGNORE INTO documents VALUES(?,?,?,?,?,?)",
                      map(_row, jsonl.read(made.folder / "documents.jsonl", Document)))
    index.executemany("INSERT INTO counts VALUES(?,?)", sorted(_counts(facts, made.base).items()))
    with release.triples.open("rb") as lines:
        index.execute("INSERT INTO counts VALUES('triples',?)", (sum(1 for _ in lines),))
    index.executescript(_INDICES)
    ill = index.execute("SELECT curie FROM names WHERE category = 'Disease' AND statements > 0")
    branch_tables.fill(index, (row[0] for row in ill.fetchall()), open_index())


def _names(facts: Facts, prefixes: Prefixes) -> Iterator[tuple[str, str, str, str, str, int]]:
    """Each entity under its label, its synonyms and its id, with its number of statements."""
    shorten, said = Shortener(prefixes).name, _said(facts)
    synonyms: dict[str, set[str]] = {}
    for fact in facts.facts:
        if fact.kind == "synonym" and fact.asserted:
            synonyms.setdefault(fact.disease, set()).add(fact.other)
    for iri in sorted(facts.classes):
        category = _category(facts, iri, shorten)
        head = (iri, shorten(iri), category)
        yield (*head, facts.label(iri), "label", said.get(iri, 0))
        for name in sorted(synonyms.get(iri, ())):
            yield (*head, name, "synonym", said.get(iri, 0))
        yield (*head, shorten(iri), "id", said.get(iri, 0))


def _category(facts: Facts, iri: str, shorten: Callable[[str], str]) -> str:
    """The first Biolink class of a node, a disease before any other."""
    kinds = sorted(shorten(one).rpartition(":")[2] for one in facts.classes[iri])
    return "Disease" if "Disease" in kinds else kinds[0] if kinds else ""


def _said(facts: Facts) -> dict[str, int]:
    found: dict[str, int] = {}
    for fact in facts.facts:
        for end in {fact.disease, fact.other}:
            found[end] = found.get(end, 0) + 1
    return found


def _counts(facts: Facts, base: str) -> dict[str, int]:
    """How many there are of what the first page and the quality page count."""
    found = {"pages": len(facts.pages), "publications": len(facts.publications),
             "statements": len(facts.facts),
             "diseases": len({page.disease for page in facts.pages.values()})}
    about: dict[str, set[str]] = {}
    for fact in facts.facts:
        about.setdefault(fact.kind, set()).add(fact.disease)
        named = fact.other in facts.classes
        for what, counted in (("kind", True), ("named", named), (
                "grounded", named and not fact.other.startswith(base))):
            found[f"{what} {fact.kind}"] = found.get(f"{what} {fact.kind}", 0) + counted
    return found | {f"diseases {kind}": len(several) for kind, several in about.items()}


def _row(document: Document) -> tuple[str, str, str, str, str, bytes]:
    return (document.id, document.page, document.title, document.url, document.license,
            zlib.compress(jsonl.line(document)))
