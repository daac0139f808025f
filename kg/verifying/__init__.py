"""Whether a published folder is what its sources give: every difference found and named."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct

from .. import opening
from ..curation.reports import FILE as DECISIONS
from ..curation.reports import UNLICENSED
from ..errors import UsageError
from ..exports import FORMATS, read_manifest
from ..files import scratch
from ..memory import steadied
from ..pipeline import Settings, stated, tools
from ..prefixes import load as load_prefixes
from ..provenance import FILE as VOCABULARIES
from ..vocab.index import open_index
from . import checksums, derived, graphs, sources
from .chain import Chain
from .exported import Exports, file_findings, kgx_findings, reference
from .finding import Finding, first
from .syntaxes import LINES, SYNTAXES

MOST = 200  # findings of one part that are listed


class Asked(Struct, frozen=True):
    """What to verify: a folder, its pages by name if they are at hand, and where to work.

    With `again` the rules are run once more; with `quick` a table whose sum is the manifest's is
    not made again from the graph.
    """

    folder: Path
    pages: dict[str, str | bytes] | None = None
    again: bool = False
    quick: bool = False


class Verdict(Struct, frozen=True):
    """What was found in a folder, and what could not be checked and why.

    `statements` counts as `kg release` does: a fact once, whatever number of pages state it, and
    not which disease a page is about.
    """

    folder: str
    pages: int
    statements: int
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]


class _Part(Struct, frozen=True):
    findings: list[Finding]
    pages: int = 0
    statements: int = 0
    unchecked: tuple[str, ...] = ()


def verify(asked: Asked, jobs: int = 1) -> Verdict:
    """Everything that is wrong in a folder of kg run or kg release, sorted by file and line.

    Raises UsageError where it is no such folder.
    """
    folder = asked.folder
    if not (folder / "documents.jsonl").is_file():
        raise UsageError(f"{folder}: no documents.jsonl in it; give a folder of kg run or "
                         "kg release")
    with scratch(_place(folder)) as place:
        base = opening.base(folder)
        exports = Exports(folder / "exports", folder / "graph.nq", place,
                          load_prefixes(base).table, asked.quick)
        parts = list(_parts(asked, base, exports, jobs))
    findings = sorted({one for part in parts for one in part.findings})
    notes = [note for part in parts for note in part.unchecked]
    if asked.pages is None:
        notes.insert(0, "pages (no --pages: their text is taken as documents.jsonl has it)")
    return Verdict(str(folder), parts[0].pages, parts[0].statements, tuple(findings),
                   tuple(notes))


def _place(folder: Path) -> Path:
    """Where files can be sorted: beside the folder, or where everything temporary goes."""
    beside = folder.resolve().parent
    return beside if os.access(beside, os.W_OK) else Path(tempfile.gettempdir())


def _parts(asked: Asked, base: str, exports: Exports, jobs: int) -> Iterator[_Part]:
    """The parts of the work; the stage files in one process, each family of exports in another."""
    if jobs == 1:
        yield _stages(asked, base)
        yield _Part(_reference(exports))
        for paths in _families(exports):
            yield _Part(file_findings(exports, paths))
        yield _Part(kgx_findings(exports))
        yield _sums(asked.folder)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"),
                             initializer=steadied) as pool:
        stages = pool.submit(_stages, asked, base)
        graph = pool.submit(_reference, exports).result()
        files = [pool.submit(file_findings, exports, paths) for paths in _families(exports)]
        files.append(pool.submit(kgx_findings, exports))
        sums = pool.submit(_sums, asked.folder)
        yield stages.result()
        yield _Part(graph)
        yield from (_Part(one.result()) for one in files)
        yield sums.result()


def _reference(exports: Exports) -> list[Finding]:
    return reference(exports) if exports.folder.is_dir() else []


def _families(exports: Exports) -> list[tuple[str, ...]]:
    """The files that are listed, in groups that are made from the same rows.

    Those that take longest come first, so that no process is left alone with one at the end: the
    RDF that must be parsed, then whatever is largest.
    """
    groups: dict[str, tuple[str, ...]] = {}
    for form in FORMATS:
        if form.file in exports.listed and not form.extra:
            name = form.family or form.file
            groups[name] = (*groups.get(name, ()), form.file)
    return sorted(groups.values(), key=lambda paths: (
        paths[0] not in SYNTAXES.keys() - LINES, -sum(exports.listed[one].bytes for one in paths)))


def _stages(asked: Asked, base: str) -> _Part:
    """The stage files and what they were made from."""
    settings = _settings(asked.folder, base)
    decided = bool(settings.curation or settings.licence)
    with closing(Chain(asked.folder,
                       partial(stated, tools(settings)) if decided else None)) as chain:
        return _checked(chain, asked, base, settings)


def _checked(chain: Chain, asked: Asked, base: str, settings: Settings) -> _Part:
    index = open_index()
    parts = [chain.findings(), graphs.findings(chain, load_prefixes(base)),
             sources.vocabulary_findings(asked.folder, chain, index),
             derived.findings(chain, load_prefixes(base))]
    if asked.pages is not None:
        parts.append(sources.page_findings(chain, {
            name: content if isinstance(content, bytes) else Path(content)
            for name, content in asked.pages.items()}))
    if asked.again:
        parts.append(sources.again(chain, settings))
    found = [one for part in parts for one in first(part, MOST)]
    notes = tuple(f"identifiers of {name} (another version is installed)"
                  for name in sources.unchecked(asked.folder, index))
    return _Part(found, len(chain.documents.keys),
                 len(frozenset[str]().union(*(page.facts for page in chain.pages))), notes)


def _settings(folder: Path, base: str) -> Settings:
    """The settings of the run: its base, and the decisions and licence that it was given."""
    decisions = folder / DECISIONS
    content = decisions.read_bytes() if decisions.is_file() else b""
    kept_back = folder / UNLICENSED
    rows = kept_back.read_text("utf-8", "replace").splitlines()[1:] if kept_back.is_file() else []
    return Settings(base, curation=content, curation_file=str(decisions),
                    licence=rows[0].rpartition("\t")[2] if rows else "")


def _sums(folder: Path) -> _Part:
    """SHA256SUMS, and what the exports have beside their manifest."""
    found = list(first(checksums.findings(folder), MOST))
    manifest = read_manifest(folder / "exports")
    notes = ("exports (there are none)",) if manifest is None else ()
    there, copy = folder / VOCABULARIES, folder / "exports" / VOCABULARIES
    if there.is_file() and copy.is_file() and there.read_bytes() != copy.read_bytes():
        found.append(Finding(f"exports/{VOCABULARIES}", 0, 0, 0, "manifest",
                             f"not the {VOCABULARIES} of the run"))
    return _Part(found, unchecked=notes)
