"""The files of exports/ against the manifest and the graph that they were written from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from ..errors import DataError, KgError
from ..exports import FORMATS, MANIFEST, Format, Manifest, Written, encoded, read_manifest
from ..exports.kgx_check import SUFFIXES, problems
from ..exports.release import Release
from ..prefixes import Prefixes
from .finding import Finding, differing, first
from .syntaxes import LINES, SYNTAXES
from .syntaxes import findings as syntax_findings

MOST = 20  # differences that are listed of one file


class Exports(Struct, frozen=True):
    """The exports of a folder, the graph they are of, and a place for sorted files."""

    folder: Path
    graph: Path
    scratch: Path
    prefixes: dict[str, str]
    quick: bool = False

    def release(self) -> Release:
        """The graph as the writers of exports take it; sorted once for all processes."""
        return Release(self.graph, self.scratch, Prefixes(self.prefixes))

    @property
    def listed(self) -> dict[str, Written]:
        """What the manifest lists, by path."""
        manifest = read_manifest(self.folder)
        return {one.path: one for one in manifest.files} if manifest else {}


def sha256(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def reference(exports: Exports) -> list[Finding]:
    """The graph is sorted in the scratch folder, and what the manifest says of it is checked."""
    path, name = exports.folder / MANIFEST, f"exports/{MANIFEST}"
    try:
        release = exports.release()
        quads = sha256(release.quads)
        release.triples  # noqa: B018 - made before other processes look for it
    except DataError as error:
        return [Finding("graph.nq", error.line, 0, 0, "graph", str(error))]
    manifest = read_manifest(exports.folder)
    if manifest is None:
        return [Finding(name, 0, 0, 0, "manifest", "there is none that can be read")]
    return list(_manifest(path, name, manifest, quads))


def _manifest(path: Path, name: str, manifest: Manifest, quads: str) -> Iterator[Finding]:
    text = path.read_bytes().decode("utf-8", "replace")
    wanted = encoded(manifest).decode()
    if text != wanted:
        yield _at(name, text, wanted, "manifest", "not written as rarekg writes it")
    if manifest.graph != quads:
        yield _at(name, text, text.replace(manifest.graph, quads), "manifest",
                  "graph is not the SHA-256 of the sorted quads of graph.nq")
    known = {form.file: form for form in FORMATS}
    paths = [one.path for one in manifest.files]
    for one in manifest.files:
        form = known.get(one.path)
        said = one.format, one.media_type, one.unit
        if form is None or paths.count(one.path) > 1:
            yield _in(name, text, one.path, "no export has this name, or it is there twice")
        elif said != (form.name, form.media_type, form.unit):
            yield _in(name, text, one.path, "its format, media type or unit is another",
                      ", ".join((form.name, form.media_type, form.unit)), ", ".join(said))
    yield from _complete(path.parent, name, frozenset(paths))


def _complete(folder: Path, name: str, paths: frozenset[str]) -> Iterator[Finding]:
    """Formats of several files are there as a whole; what is there is listed."""
    for form in FORMATS:
        others = {one.file for one in FORMATS if one.name == form.name}
        if form.file not in paths and (others & paths or (folder / form.file).is_file()):
            yield Finding(name, 0, 0, 0, "manifest", f"{form.file} is not listed")


def _in(
    name: str, text: str, words: str, message: str, expected: str = "", found: str = ""
) -> Finding:
    """A finding at the line of a file that has these words."""
    lines = text.splitlines()
    number = next((at for at, line in enumerate(lines, 1) if words in line), 0)
    start = lines[number - 1].find(words) + 1 if number else 0
    return Finding(name, number, start, start + len(words), "manifest", f"{words}: {message}",
                   "", expected, found)


def _at(name: str, text: str, wanted: str, check: str, message: str) -> Finding:
    """The first line of a text that is not as wanted."""
    pairs = zip_longest(text.split("\n"), wanted.split("\n"), fillvalue="")
    number, found, line = next((at, *pair) for at, pair in enumerate(pairs, 1)
                               if pair[0] != pair[1])
    return differing(check, name, number, message, (found, line))


def file_findings(exports: Exports, paths: tuple[str, ...]) -> list[Finding]:
    """What is wrong with these files of the manifest, which one process checks in turn."""
    release, found = exports.release(), []
    for form in FORMATS:
        if form.file in paths:
            found += _file(exports, release, form)
    if any(path.startswith("kgx/") for path in paths) and found:
        found += first(_kgx(exports, release), MOST)
    return found


def kgx_findings(exports: Exports) -> list[Finding]:
    """What is wrong with the rows of the KGX files among themselves.

    One of their two forms is read: both hold the same rows, or are not what the graph gives, and
    then `file_findings` reads both.
    """
    if exports.quick or not any(path.startswith("kgx/") for path in exports.listed):
        return []
    there = [one for one in ("jsonl", "tsv") if (exports.folder / f"kgx/kgx_edges.{one}").is_file()]
    return list(first(_kgx(exports, None, tuple(there[:1])), MOST)) if there else []


def _kgx(
    exports: Exports, release: Release | None, suffixes: tuple[str, ...] = SUFFIXES
) -> Iterator[Finding]:
    """The KGX files among themselves, with a release also row by row against its graph."""
    if not (exports.folder / "kgx").is_dir():
        return
    for one in problems(exports.folder / "kgx", Prefixes(exports.prefixes), release, suffixes):
        yield Finding(f"exports/kgx/{one.file}", 0, 0, 0, "kgx", one.message, one.id)


def _file(exports: Exports, release: Release, form: Format) -> list[Finding]:
    listed, path = exports.listed[form.file], exports.folder / form.file
    name = f"exports/{form.file}"
    if not path.is_file():
        return [Finding(name, 0, 0, 0, "manifest", "the manifest lists it and it is not there")]
    digest, found = sha256(path), list[Finding]()
    if exports.quick and digest == listed.sha256 and form.file not in SYNTAXES:
        return _listed(name, listed, path, digest, listed.count)
    if form.file in SYNTAXES:
        wanted = release.quads if form.unit == "quads" else release.triples
        count, found = syntax_findings(path, name, wanted, same=form.file in LINES
                                       and digest == sha256(wanted))
    if not found and form.file in SYNTAXES and digest == listed.sha256:
        return _listed(name, listed, path, digest, count)
    try:
        made = exports.scratch / "made" / form.file
        made.parent.mkdir(parents=True, exist_ok=True)
        with made.open("w+b") as out:
            count = form.write(release, out)
        found += first(_lines(name, path, made), MOST)
        made.unlink()
    except KgError as error:
        found.append(Finding(name, 0, 0, 0, "export", f"cannot be made from the graph: {error}"))
    return found + _listed(name, listed, path, digest, count)


def _listed(name: str, listed: Written, path: Path, digest: str, count: int) -> list[Finding]:
    """What the manifest says of a file and is otherwise."""
    facts = (("sha256", listed.sha256, digest), ("bytes", listed.bytes, path.stat().st_size),
             ("count", listed.count, count))
    return [Finding(f"exports/{MANIFEST}", 0, 0, 0, "manifest", f"{what} of {name}", "",
                    str(there), str(said)) for what, said, there in facts if said != there]


def _lines(name: str, path: Path, made: Path) -> Iterator[Finding]:
    """The lines of a file that are not those of `made`; a line too many or too few moves none."""
    if sha256(path) == sha256(made):
        return
    with path.open("rb") as there, made.open("rb") as wanted:
        ahead: list[tuple[int, bytes, bytes]] = []
        for number, (one, other) in enumerate(zip_longest(there, wanted, fillvalue=b""), 1):
            if one != other:
                ahead.append((number, one, other))
            if len(ahead) == 2:
                break
    (number, one, other), *rest = ahead
    if rest and rest[0][0] == number + 1 and rest[0][1] == other:
        yield differing("export", name, number, "a line too many", (_text(one), ""))
    elif rest and rest[0][0] == number + 1 and rest[0][2] == one:
        yield differing("export", name, number, "a line is missing", ("", _text(other)))
    else:
        yield differing("export", name, number, "not what the graph gives",
                        (_text(one), _text(other)))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
