"""A run from its ledger: which pages are to be done, and every file from what is finished."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from . import assembling, offering, partitioning, provenance, staging
from .curation import reports
from .curation.applying import curation
from .executing import Task
from .exports import Format, Manifest, kgx, kgx_pieces, read_manifest
from .exports import write as write_exports
from .exports.pieces import QUADS, Change, Piece
from .exports.piecewise import Kept
from .fingerprint import key
from .ledger import Ledger
from .model import Skipped
from .pipeline import Input
from .prefixes import Prefixes
from .report import write as write_report
from .shares import REFUSED, RESULTS
from .splicing import stamp
from .summary import Summary
from .validate import Report
from .vocab.index import Index

SORTED = "graph.nq"  # beside the ledger: the sorted quads, where they are not among the exports
ROWS = "kgx.parts"  # beside the ledger: what the rows of KGX are made of
SHOWN = 5  # skipped pages that are told by name
SEVERITIES = ("Violation", "Warning", "Info")


class Job(Struct, frozen=True):
    """What a run is to publish, and where."""

    out: Path
    task: Task
    index: Index
    prefixes: Prefixes
    formats: tuple[Format, ...]
    parts: int = 0


class Totals(Struct, frozen=True):
    """What a run's end tells; `first` are the first pages that were skipped."""

    summary: Summary
    pages: int
    skipped: int
    first: tuple[Skipped, ...]
    refused: int
    violations: int
    warnings: int
    contradictions: int
    files: int
    stale: int = 0


def unfinished(book: Ledger, task: Task) -> Iterator[Input]:
    """The listed pages whose share is not kept, or not of the bytes that they have now and what
    people decide on them now."""
    decisions = curation(task.settings.curation, task.settings.curation_file)
    for name, content, kept, asked in book.listed():
        page = Input(name, content)
        if not kept or kept != _key(task.known, page, decisions.about(name, asked)):
            yield page


def _key(known: str, page: Input, decided: str) -> bytes:
    try:
        content = page.content
        data = content if isinstance(content, bytes) else Path(content).read_bytes()
    except OSError:
        return b""  # whoever does the page says why
    return key(known, page.name, data, decided)


def publish(book: Ledger, job: Job) -> Totals:
    """Everything that the finished pages give is written, what is there already is left alone."""
    book.settle()
    state, before = _state(book, job), book.noted("state")
    stamps = book.noted("written") or {}
    change = None
    if not stamps or before != state or any(
            stamp(job.out / name) != found for name, found in stamps.items()):
        book.note("state", None)
        change = _files(book, job)
        book.note("written", {path.name: stamp(path) for path in _beside(job.out)})
        book.note("state", state)
    manifest = _exports(book, job, state, (before, change))
    partitioning.parted(book, job.out, partitioning.wanted(job.out, job.parts), job.prefixes, state)
    return _totals(book, len(list(_beside(job.out))) + len(manifest.files) + 2)


def _beside(out: Path) -> Iterator[Path]:
    return (path for path in sorted(out.iterdir()) if path.is_file())


def _state(book: Ledger, job: Job) -> str:
    """Tells what the pages give from what any others give."""
    known = hashlib.sha256(job.task.known.encode())
    known.update(hashlib.sha256(job.task.settings.curation).digest())
    for page in book.pages():
        unkeyed = b"" if page.key else str((page.id, page.sizes)).encode()
        known.update(f"{page.name}\0{page.first}\0{page.skipped}\0".encode() + page.key + unkeyed)
    return known.hexdigest()


def _files(book: Ledger, job: Job) -> Change | None:
    """Everything but the exports is written; returns what the graph lost and gained, if known."""
    opposed, edits = assembling.contradicted(book, job.out, job.prefixes)
    book.note("contradictions", opposed)
    with staging.staged(book, job.out, edits) as change:  # copied by a thread meanwhile
        _tables(book, job)
    return change


def _tables(book: Ledger, job: Job) -> None:
    """Every table, report and list is written."""
    out = job.out
    assembling.tables(book, out, job.prefixes, job.index.releases())
    offering.write(book, out, job.index, job.prefixes, job.task.known, job.task.jobs)
    provenance.write(out, job.index)
    settings = job.task.settings
    book.note("stale", assembling.decisions(book, out, reports.Given(
        settings.curation, settings.curation_file, settings.licence)))
    write_report(Report(assembling.Results(book, SEVERITIES), settings.engine), out, job.prefixes)


def _exports(
    book: Ledger, job: Job, state: str, since: tuple[str | None, Change | None]
) -> Manifest:
    """The exports of this state are there: those that nobody touched since are left alone.

    `since` is a state, and how the graph has changed from it.
    """
    folder, before = job.out / "exports", book.noted("exported") or {}
    manifest = read_manifest(folder) if before.get("state") == state else None
    there = before.get("files", {}) if manifest else {}
    missing = [form for form in job.formats
               if not there.get(form.file) or stamp(folder / form.file) != there[form.file]]
    if manifest and not missing and (folder / provenance.FILE).is_file():
        return manifest
    kept = _kept(book, job, _change(job, before, since))
    book.note("exported", None)
    manifest = write_exports(job.out / "graph.nq", folder, missing, job.prefixes,
                             jobs=job.task.jobs, kept=kept)
    provenance.publish(job.out, folder)
    book.note("pieces", {"stamp": stamp(kept.store), "pieces": kept.pieces})
    _rows_kept(book, kept.rows, {form.family for form in missing},
               same=before.get("state") == state)
    book.note("exported", {"state": state, "known": job.task.known, "files": {
        one.path: stamp(folder / one.path) for one in manifest.files}})
    return manifest


def _rows_kept(book: Ledger, rows: kgx_pieces.Kept | None, families: set[str], *,
               same: bool) -> None:
    """What the rows of KGX were made of is kept if they are there."""
    if rows and kgx.FOLDER in families:
        book.note("rows", {"stamp": stamp(rows.path), "pieces": rows.pieces})
    elif rows and not same:  # it is of rows that are gone
        book.note("rows", None)
        rows.path.unlink(missing_ok=True)


def _change(
    job: Job, exported: dict[str, Any], since: tuple[str | None, Change | None]
) -> Change | None:
    """How the graph has changed from that of the exports, if they were written by this program and
    nobody touched them."""
    state, change = since
    same = exported.get("state") == state and exported.get("known") == job.task.known
    return change if same and all(stamp(job.out / "exports" / name) == found
                                  for name, found in exported.get("files", {}).items()) else None


def _kept(book: Ledger, job: Job, change: Change | None) -> Kept:
    """What the exports that are there were made of, if it is known what changed."""
    hidden, shown = book.path.parent / SORTED, job.out / "exports" / QUADS
    store = shown if any(form.file == QUADS for form in job.formats) else hidden
    if store == shown:
        hidden.unlink(missing_ok=True)
    pieces, rows = _untouched(book, "pieces", store), _rows(book, change)
    if change is None or pieces is None:
        return Kept(store, rows=rows)
    return Kept(store, msgspec.convert(pieces, list[Piece]), change, rows)


def _rows(book: Ledger, change: Change | None) -> kgx_pieces.Kept:
    """The same for KGX, and which pages changed."""
    path = book.path.parent / ROWS
    pieces = _untouched(book, "rows", path)
    if change is None or pieces is None:
        return kgx_pieces.Kept(path)
    return kgx_pieces.Kept(path, msgspec.convert(pieces, list[kgx_pieces.Piece]),
                           kgx_pieces.Pages(change.before, change.after))


def _untouched(book: Ledger, name: str, path: Path) -> Any:
    """The pieces that were noted of a file; None where there are none or it is another by now."""
    kept = book.noted(name)
    return kept["pieces"] if kept and stamp(path) == kept["stamp"] else None


def _totals(book: Ledger, files: int) -> Totals:
    (skipped, pages), = book.rows("SELECT sum(first!='' OR skipped!=''), count(*) FROM pages")
    first = [one for one, _ in zip(assembling.skipped(book), range(SHOWN), strict=False)]
    found = {one: book.count(RESULTS + one) for one in SEVERITIES}
    return Totals(
        book.summary(), pages, skipped or 0, tuple(first), book.count(REFUSED),
        found["Violation"], sum(found.values()) - found["Violation"],
        book.noted("contradictions") or 0, files, book.noted("stale") or 0)
