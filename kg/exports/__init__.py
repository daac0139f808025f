"""The export stage: a graph in every format of one table, with a manifest of what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct, structs

from ..errors import UnknownName, UsageError
from ..files import linked, replacing, scratch, swept
from ..jsonl import UNREADABLE
from ..pool import crew
from ..prefixes import Prefixes
from ..prefixes import load as load_prefixes
from . import (
    hpoa,
    kgx,
    kgx_build,
    kgx_parquet,
    lines,
    networks,
    obographs,
    piecewise,
    schemaorg,
    turtle,
)
from .jsonld import CONTEXT
from .pieces import QUADS
from .piecewise import Kept
from .release import PARALLEL_FROM, Release
from .syntaxes import JSONLD, RDFXML, TURTLE
from .tables import TABLES

MANIFEST = "manifest.json"
FACTS = "facts"  # the family of what is read off the merged triples


class Format(Struct, frozen=True):
    """One file of a release: `write` puts it into a handle and returns how many `unit` it holds.

    Formats may share a `name`; asking for it gives all of them.  Files of one `family` are written
    from the same rows, which one process makes once.  One that needs an `extra` of the package is
    written only when it is asked for, so that what is installed does not change a release.
    """

    name: str
    media_type: str
    file: str
    unit: str
    write: Callable[[Release, IO[bytes]], int]
    family: str = ""
    extra: str = ""


# One line for each file; a new format is a line here and its function.
FORMATS: tuple[Format, ...] = (
    Format("turtle", "text/turtle", "graph.ttl", "triples", TURTLE.write),
    Format("jsonld", "application/ld+json", "graph.jsonld", "triples", JSONLD.write),
    Format("jsonld", "application/ld+json", "context.jsonld", "terms", lines.write_context),
    Format("ntriples", "application/n-triples", "graph.nt", "triples", lines.write_ntriples),
    Format("nquads", "application/n-quads", "graph.nq", "quads", lines.write_nquads),
    Format("trig", "application/trig", "graph.trig", "quads", turtle.write_trig),
    Format("rdfxml", "application/rdf+xml", "graph.rdf", "triples", RDFXML.write),
    Format("graphml", "application/graphml+xml", "graph.graphml", "edges", networks.write_graphml,
           family=FACTS),
    Format("obographs", "application/json", "obographs.json", "edges", obographs.write,
           family=FACTS),
    Format("hpoa", "text/tab-separated-values", "phenotype.hpoa", "rows", hpoa.write,
           family=FACTS),
    Format("schemaorg", "application/jsonl", "schemaorg.jsonl", "diseases", schemaorg.write,
           family=FACTS),
    *(Format("csv", "text/csv", f"tables/{name}.csv", "rows", write, family=FACTS)
      for name, write in TABLES.items()),
    *(Format("kgx", kgx.media_type(name), f"kgx/{name}", unit, kgx.WRITERS[name], family="kgx")
      for name, unit in kgx.FILES.items()),
    *(Format("kgx-parquet", kgx_parquet.MEDIA_TYPE, name, "rows", write, family="kgx",
             extra=kgx_parquet.EXTRA) for name, write in kgx_parquet.FILES.items()),
)
DEFAULT = tuple(form for form in FORMATS if not form.extra)


class Written(Struct, frozen=True):
    """One file of the manifest; `path` is relative to it."""

    path: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    unit: str
    count: int


class Manifest(Struct, frozen=True):
    """What a release consists of; `graph` is the SHA-256 of its sorted N-Quads."""

    graph: str
    files: tuple[Written, ...]


def chosen(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats of these names, in the table's order; for none, all that need no extra.

    Raises UnknownName.
    """
    wanted, known = set(names), {form.name for form in FORMATS}
    for name in sorted(wanted - known):
        raise UnknownName("export format", name, known)
    return tuple(form for form in (FORMATS if wanted else DEFAULT)
                 if not wanted or form.name in wanted)


def write(
    graph: Path, folder: Path, formats: Sequence[Format] = DEFAULT,
    prefixes: Prefixes | None = None, jobs: int = 1, kept: Kept | None = None,
) -> Manifest:
    """Write `graph` (N-Quads) in every format below `folder`, each file whole or not at all.

    Afterwards the manifest names what is there of this graph; files that an older manifest lists
    for another graph are gone.  With `kept`, whose graph must have a name on every line, what a
    change leaves alone is copied from the files that are there; with its `rows` also KGX, if the
    lines of each page stand together and sorted.  Raises UsageError where the folder cannot be
    written, DataError where the graph is not N-Quads.
    """
    table = prefixes or load_prefixes()
    try:
        for below in sorted({(folder / form.file).parent for form in formats} | {folder}):
            below.mkdir(parents=True, exist_ok=True)
            swept(below)
        with scratch(folder) as place:
            release = Release(graph, place, table)
            done = list(_pieced(release, folder, formats, kept, jobs)) if kept else []
            task = Task(graph, place, table.table, folder)
            manifest = _merged(folder, Manifest(
                release.digest, (*done, *_all(release, task, _without(formats, done), jobs))))
    except BrokenExecutor:
        raise UsageError(f"{folder}: a process that wrote there was ended, perhaps for its memory; "
                         "run again with fewer --jobs or fewer formats") from None
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or folder}: {error.strerror or error}"
                         ) from None
    for below in {(folder / form.file).parent for form in FORMATS} - {folder}:
        if below.is_dir() and not any(below.iterdir()):
            below.rmdir()  # what stood there was of another graph
    return manifest


def _without(formats: Sequence[Format], done: Iterable[Written]) -> list[Format]:
    there = {one.path for one in done}
    return [form for form in formats if form.file not in there]


def _pieced(
    release: Release, folder: Path, formats: Sequence[Format], kept: Kept, jobs: int
) -> Iterator[Written]:
    """The files that are written in pieces: their threads wait for the system most of the time, and
    the rows of KGX are made meanwhile."""
    names = {form.file for form in formats} & {*piecewise.NAMES}
    if any(form.family == FACTS for form in formats):
        names.add(piecewise.TRIPLES)
    made = piecewise.made(release, folder, names, kept, jobs)
    # the context stands beside graph.jsonld and takes no time
    writes = {CONTEXT: lines.write_context, **made.writes}
    forms = [structs.replace(form, write=writes[form.file])
             for form in formats if form.file in writes]
    with ThreadPoolExecutor(jobs) as threads:
        stored = threads.submit(made.store)
        files = [threads.submit(_written, release, folder, form) for form in forms]
        rows = [form for form in formats if form.family == kgx.FOLDER]
        if rows and kept.rows:
            kgx_build.make(release, release.graph, folder / kgx.FOLDER, kept.rows, jobs)
            files += [threads.submit(_named, release, folder, form) for form in rows]
        stored.result()
        yield from (file.result() for file in files)
    count = sum(piece.quads for piece in kept.pieces)
    yield from (_listed(folder, form, count, release.digest)
                for form in formats if form.file == QUADS)


class Task(Struct, frozen=True):
    """What another process needs to write files of the same release."""

    graph: Path
    scratch: Path
    prefixes: dict[str, str]
    folder: Path

    def write(self, names: tuple[str, ...]) -> list[Written]:
        """Write these files from the sorted lines that are there already."""
        release = Release(self.graph, self.scratch, Prefixes(self.prefixes))
        return [_written(release, self.folder, form) for form in FORMATS if form.file in names]


def _all(
    release: Release, task: Task, formats: Sequence[Format], jobs: int
) -> Iterator[Written]:
    """Every file, in the table's order; each family in one process."""
    if jobs == 1 or len(formats) < 2 or release.graph.stat().st_size < PARALLEL_FROM:
        yield from (_written(release, task.folder, form) for form in formats)
        return
    release.triples  # noqa: B018 - sorted once, before the others look for it
    # the longest first, so that no process waits for another at the end
    families: dict[str, tuple[str, ...]] = {}
    for form in reversed(formats):
        name = form.family or form.file
        families[name] = (*families.get(name, ()), form.file)
    tasks = sorted(families.values(), key=len, reverse=True)
    with crew(jobs) as pool:
        done = [one for several in pool.map(task.write, tasks) for one in several]
    order = [form.file for form in formats]
    yield from sorted(done, key=lambda one: order.index(one.path))


def _written(release: Release, folder: Path, form: Format) -> Written:
    path = folder / form.file
    with replacing(path) as out:
        count = form.write(release, out)
    return _listed(folder, form, count, _sha256(path))


def _named(release: Release, folder: Path, form: Format) -> Written:
    """A file that stands in the release already gets its name."""
    path = folder / form.file
    if path.name not in kgx.FILES:
        return _written(release, folder, form)
    linked(kgx.built(release) / path.name, path)
    return _listed(folder, form, kgx.count(release, path.name), _sha256(path))


def _listed(folder: Path, form: Format, count: int, digest: str) -> Written:
    return Written(form.file, form.name, form.media_type, (folder / form.file).stat().st_size,
                   digest, form.unit, count)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _merged(folder: Path, new: Manifest) -> Manifest:
    """Write the manifest: with the older files of the same graph, those of another removed."""
    fresh = {file.path for file in new.files}
    older = [file for file in (read_manifest(folder) or new).files if file.path not in fresh]
    if older and (read_manifest(folder) or new).graph != new.graph:
        for file in older:
            _remove(folder, file.path)
        older = []
    order = {form.file: place for place, form in enumerate(FORMATS)}
    files = sorted((*new.files, *older), key=lambda file: order.get(file.path, len(order)))
    manifest = Manifest(new.graph, tuple(files))
    with replacing(folder / MANIFEST) as out:
        out.write(encoded(manifest))
    return manifest


def _remove(folder: Path, name: str) -> None:
    """A file that a manifest names is gone; one outside the folder is not ours to remove."""
    path = folder / name
    if path.resolve().is_relative_to(folder.resolve()) and path.is_file():
        path.unlink()


def _inside(name: str) -> bool:
    """Whether a path of a manifest stays below its folder, on every system."""
    return not (name.startswith("/") or {"\\", ":", "\0"} & set(name)
                or ".." in name.split("/") or name in {"", "."})


def encoded(manifest: Manifest) -> bytes:
    """The manifest as its file has it."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder of exports; None where there is none that can be read.

    Without paths that lead out of the folder: nobody is to read, link or remove those.
    """
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        return Manifest(found.graph, tuple(file for file in found.files if _inside(file.path)))
    except (FileNotFoundError, *UNREADABLE):
        return None
