"""The pages that are about no single node: home, search, browse, data, quality, queries."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from ..exports import Written, read_manifest
from ..provenance import FILE as VOCABULARIES
from ..queries import Named, named
from .paths import folders
from .prepared import Prepared
from .search import Hit, counts, listed, search

EXAMPLES = 12  # diseases on the first page
SHOWN = 500  # rows of a list on the quality page
LISTS = {
    "contradictions.tsv": "What pages assert both ways",
    "conflicts.tsv": "Where a page's number and its name lead to two classes",
    "skipped.tsv": "Inputs that were not published",
    "ungrounded.tsv": "Names without an identifier",
}


class Overview(Struct, frozen=True):
    """A page: its template, its path without suffix, and the values that it shows."""

    template: str
    path: str
    values: dict[str, object]


class Listing(Struct, frozen=True):
    """A file of the run as a table: its first SHOWN rows and how many there are."""

    name: str
    title: str
    header: list[str]
    rows: list[list[str]]
    count: int


def home(prepared: Prepared) -> Overview:
    """The first page: counts, and the diseases of which most is stated."""
    diseases = sorted(listed(prepared, "Disease"), key=lambda hit: (-hit.statements, hit.link.iri))
    return Overview("home.html", "index", {
        "counts": counts(prepared), "diseases": diseases[:EXAMPLES]})


def found(prepared: Prepared, typed: str) -> Overview:
    """What a search found."""
    return Overview("search.html", "search", {"typed": typed, "hits": search(prepared, typed)})


def browse(prepared: Prepared) -> Overview:
    """The classes of nodes, with how many there are of each."""
    sizes = {name: sum(1 for _ in listed(prepared, name)) for name in folders()}
    return Overview("browse.html", "browse", {
        "sizes": {folders()[name]: size for name, size in sorted(sizes.items()) if size}})


def classes() -> set[str]:
    """The folders of the classes that have a list."""
    return set(folders().values())


def category(prepared: Prepared, folder: str) -> Overview | None:
    """Every node of a class by its first letter; None for a folder that is no class."""
    names = [name for name, one in folders().items() if one == folder]
    letters: dict[str, list[Hit]] = {}
    for hit in (hit for name in names for hit in listed(prepared, name)):
        first = hit.link.label[:1].upper()
        letters.setdefault(first if first.isalpha() and first.isascii() else "#", []).append(hit)
    if not letters:
        return None
    return Overview("category.html", f"browse/{folder}", {
        "folder": folder, "letters": dict(sorted(letters.items()))})


def data(prepared: Prepared) -> Overview:
    """The files to download, the licences of what went in, how to cite."""
    files: tuple[Written, ...] = ()
    if manifest := read_manifest(prepared.folder / "exports"):
        files = manifest.files
    return Overview("data.html", "data", {
        "files": files, "sha256": prepared.sha256, "base": prepared.base,
        "vocabularies": _vocabularies(prepared.folder / VOCABULARIES)})


def _vocabularies(file: Path) -> list[dict[str, object]]:
    """What the run's list of vocabularies says of each; nothing where there is no list."""
    return msgspec.json.decode(file.read_bytes(), type=list[dict[str, object]]) \
        if file.is_file() else []


def quality(prepared: Prepared) -> Overview:
    """The validation report and every list of what was not taken as it stood."""
    report = prepared.folder / "report.txt"
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    return Overview("quality.html", "quality", {
        "report": text[:20_000], "lists": list(_listings(prepared.folder)),
        "counts": counts(prepared)})


def _listings(folder: Path) -> Iterator[Listing]:
    for name, title in LISTS.items():
        if (folder / name).is_file():
            with (folder / name).open(encoding="utf-8", newline="") as lines:
                header, *rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
            yield Listing(name, title, header, rows[:SHOWN], len(rows))


def query(prepared: Prepared) -> Overview:
    """The page for asking in SPARQL, with the named queries."""
    known: dict[str, Named] = named()
    return Overview("query.html", "query", {
        "queries": list(known.values()), "prefixes": prepared.prefixes.table})

