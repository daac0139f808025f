"""The pages that are about no single node: home, search, browse, data, quality, queries."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from ..context import context
from ..descriptions import DESCRIPTIONS
from ..errors import KgError
from ..exports import Written, read_manifest
from ..ontology import categories, kinds
from ..provenance import FILE as VOCABULARIES
from ..queries import Named, Parameter, choices, named, text
from . import branches, comparing
from .paths import folders
from .prepared import Prepared
from .search import Hit, counts, listed, search
from .wellknown import embedded

EXAMPLES = 12  # diseases on the first page
SHOWN = 500  # rows of a list on the quality page
LISTS = {
    "contradictions.tsv": "What pages assert both ways",
    "conflicts.tsv": "Where a page's number and its name lead to two classes",
    "skipped.tsv": "Inputs that were not published",
    "ungrounded.tsv": "Names without an identifier",
}

TEXTS = {"RELEASE_NOTES.md": "Release notes", "LICENSES.md": "Licences",
         "CITATION.cff": "Citation file"}
TEXT = 60_000  # characters of each that the data page shows

FIRST = """SELECT ?disease ?name {
  ?disease a biolink:Disease ; rdfs:label ?name
} ORDER BY ?name LIMIT 20"""


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
        "counts": counts(prepared), "diseases": diseases[:EXAMPLES],
        "dataset": embedded(prepared)})


def found(prepared: Prepared, typed: str) -> Overview:
    """What a search found."""
    return Overview("search.html", "search", {"typed": typed, "hits": search(prepared, typed)})


def browse(prepared: Prepared) -> Overview:
    """The classes of nodes, with how many there are of each."""
    sizes = {name: sum(1 for _ in listed(prepared, name)) for name in folders()}
    top = branches.branch(prepared, branches.root(prepared))
    return Overview("browse.html", "browse", {
        "sizes": {folders()[name]: size for name, size in sorted(sizes.items()) if size},
        "branch": top, "parts": [part for one in top.below
                                 if (part := branches.branch(prepared, one.link.curie))]
        if top else []})


def branch(prepared: Prepared, curie: str) -> Overview | None:
    """The diseases in a branch of MONDO; None where there are none."""
    found = branches.branch(prepared, curie)
    return Overview("branch.html", found.link.path, {"view": found}) if found else None


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
    graph = prepared.sha256
    if manifest := read_manifest(prepared.folder / "exports"):
        files, graph = manifest.files, manifest.graph
    return Overview("data.html", "data", {
        "files": files, "sha256": graph, "base": prepared.base,
        "vocabularies": _vocabularies(prepared.folder / VOCABULARIES),
        "dataset": embedded(prepared), "texts": list(_texts(prepared.folder)), "descriptions": [
            one.file for one in DESCRIPTIONS
            if (prepared.folder / "exports" / one.file).is_file()]})


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """What the publisher wrote beside the graph, by its title."""
    for name, title in TEXTS.items():
        if (folder / name).is_file():
            yield title, (folder / name).read_text(encoding="utf-8", errors="replace")[:TEXT]


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
        "counts": counts(prepared), "coverage": _coverage(counts(prepared))})


def _coverage(found: Mapping[str, int]) -> list[tuple[str, int, int, int, int]]:
    """Of each kind: statements, diseases that have any, names at the other end, grounded ones."""
    return [(kind, found[f"kind {kind}"], found[f"diseases {kind}"], found[f"named {kind}"],
             found[f"grounded {kind}"]) for kind in kinds() if f"kind {kind}" in found]


def _listings(folder: Path) -> Iterator[Listing]:
    for name, title in LISTS.items():
        if (folder / name).is_file():
            with (folder / name).open(encoding="utf-8", newline="") as lines:
                header, *rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
            yield Listing(name, title, header, rows[:SHOWN], len(rows))


def compare(prepared: Prepared, asked: Mapping[str, str]) -> Overview:
    """Two diseases side by side; what is asked are their CURIEs or names as `a` and `b`."""
    first, second = asked.get("a", ""), asked.get("b", "")
    found = comparing.compared(prepared, first, second)
    typed = [comparing.typed(side.link if side else None, words)
             for side, words in ((found.first, first), (found.second, second))]
    return Overview("compare.html", "compare", {"found": found, "a": typed[0], "b": typed[1]})


def searched(prepared: Prepared, asked: Mapping[str, str]) -> Overview:
    """The page of a search."""
    return found(prepared, asked.get("q", ""))


def suggestions(prepared: Prepared, typed: str) -> list[dict[str, object]]:
    """What a search found, for a program: label, CURIE, path, class, other name, statements."""
    return [{"label": hit.link.label, "curie": hit.link.curie, "path": hit.link.path,
             "category": hit.category, "matched": hit.matched, "statements": hit.statements}
            for hit in search(prepared, typed, 10)]


class Graph(Struct, frozen=True):
    """A graph that a browser can load: the address of its N-Triples below the root, its size."""

    path: str
    triples: int
    bytes: int


def query(
    prepared: Prepared, asked: Mapping[str, str] | None = None, graph: Graph | None = None
) -> Overview:
    """The page for asking in SPARQL, with the named queries; on a static site, of `graph`.

    `asked` may have a `query` to begin with, or the `name` of one with its parameters.
    """
    asked = asked or {}
    known: dict[str, Named] = named()
    shown, problem = asked.get("query", FIRST), ""
    if asked.get("name"):
        shown, problem = _filled(prepared, asked)
    return Overview("query.html", "query", {
        "queries": list(known.values()), "prefixes": prepared.prefixes.table, "text": shown,
        "problem": problem, "asked": asked, "graph": graph, "choices": {
            one.type: sorted(choices(one.type)) for query in known.values()
            for one in query.parameters}, "words": _words(prepared)})


def _filled(prepared: Prepared, asked: Mapping[str, str]) -> tuple[str, str]:
    """The text of a named query with the values that were given, and why it has none."""
    one = named().get(asked["name"])
    if one is None:
        return FIRST, f"There is no query called {asked['name']}."
    given = {part.name: asked[part.name].strip() for part in one.parameters
             if asked.get(part.name, "").strip()}
    try:
        return text(one, given, prepared.prefixes), ""
    except (KgError, ValueError) as error:  # a ValueError is an IRI that Oxigraph does not take
        return one.text, str(error)


def _words(prepared: Prepared) -> str:
    """What the editor completes, as JSON: prefixes, and the terms of our vocabulary."""
    terms = {one.iri for one in kinds().values()} | {one.property for one in kinds().values()}
    terms |= {value.iri for one in kinds().values() for value in one.values.values()}
    terms |= {value.predicate for one in kinds().values() for value in one.values.values()}
    terms |= {one["@id"] for one in context().values() if isinstance(one, dict)}
    terms |= set(categories().values())
    made = {"prefixes": prepared.prefixes.table, "terms": sorted(terms - {""}),
            "folders": {"MONDO": "disease", "HP": "phenotype", "MAXO": "therapy", "HGNC": "gene",
                        "DRUGBANK": "drug", "UBERON": "site", "CHEBI": "drug",
                        "MESH": "therapy", "NCIT": "therapy"}}
    return json.dumps(made, ensure_ascii=False, indent=0).replace("<", "\\u003c")


def inputs(one: Parameter) -> str:
    """How the field of a parameter is labelled."""
    return f"{one.description}{'' if one.required else ' (may stay empty)'}"
