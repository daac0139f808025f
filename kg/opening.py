"""Opening what a run published, or any RDF file, as a graph to work with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from . import bounds
from .errors import UsageError
from .prefixes import BASE, DEFAULT_BASE, Prefixes
from .prefixes import load as load_prefixes

if TYPE_CHECKING:
    import rdflib

GRAPH = "graph.nq"
_PAGE_GRAPH = re.compile(rb"<(https?://[^>]*?)graph/[0-9a-f]{16}> \.\s*$")
# The file names that mean RDF; Oxigraph would take .txt and .xml for it as well.
EXTENSIONS = {
    ".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG, ".jsonld": ox.RdfFormat.JSON_LD, ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML, ".n3": ox.RdfFormat.N3,
}


def source(path: Path) -> tuple[Path, ox.RdfFormat]:
    """The graph file of a folder, or the file itself, and the format that its name gives it.

    Raises UsageError where there is none or the extension is not one of EXTENSIONS.
    """
    file = path / GRAPH if path.is_dir() else path
    if not file.is_file():
        hint = f": {path} is no output of kg run" if path.is_dir() else ""
        raise UsageError(f"{file}: no such file{hint}")
    if file.suffix.lower() not in EXTENSIONS:
        raise UsageError(f"{file}: not RDF by its name; accepted: {', '.join(EXTENSIONS)}")
    return file, EXTENSIONS[file.suffix.lower()]


def base(path: Path) -> str:
    """The base IRI with which a folder or N-Quads file was made, read off its first page graph.

    The default one where the graph is not ours.
    """
    file = path / GRAPH if path.is_dir() else path
    if file.is_file() and file.suffix == ".nq":
        with file.open("rb") as lines:
            found = _PAGE_GRAPH.search(lines.readline())
        start = found.group(1).decode("utf-8", "replace") if found else ""
        if BASE.fullmatch(start):
            return start
    return DEFAULT_BASE


def quads(path: Path) -> Iterator[ox.Quad]:
    """Every quad of a folder or file; raises UsageError naming the line that is not RDF."""
    file, form = source(path)
    bounds.refuse(file, form)
    try:
        yield from ox.parse(path=file, format=form)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{file}: {error}") from None


def graph(path: Path) -> rdflib.Graph:
    """The triples of all pages in one rdflib graph, with our prefixes bound.

    `path` is a folder that kg run wrote, or an RDF file.  Raises UsageError.
    """
    import rdflib  # noqa: PLC0415 - slow to import, and only this function needs it

    made = rdflib.Graph(bind_namespaces="none")
    bind(made, load_prefixes(base(path)))
    for quad in quads(path):
        made.add(triple(quad))
    return made


def triple(quad: ox.Quad) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
    """A quad's triple as rdflib has it; raises UsageError where rdflib cannot hold a term."""
    return term(quad.subject), term(quad.predicate), term(quad.object)


def term(
    one: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph
) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    """A term as rdflib has it; raises UsageError for a triple term (RDF 1.2)."""
    import rdflib  # noqa: PLC0415

    if isinstance(one, ox.NamedNode):
        return rdflib.URIRef(one.value)
    if isinstance(one, ox.Literal):
        return _literal(one)
    if isinstance(one, ox.BlankNode):
        return rdflib.BNode(one.value)
    raise UsageError(f"rdflib cannot hold {one}: a triple term of RDF 1.2")


def bind(graph: rdflib.Graph, prefixes: Prefixes) -> None:
    """Bind every prefix of the table, replacing other meanings of it."""
    for prefix, start in prefixes.table.items():
        graph.bind(prefix, start, replace=True)


_STRING = "http://www.w3.org/2001/XMLSchema#string"


def _literal(one: ox.Literal) -> rdflib.Literal:
    import rdflib  # noqa: PLC0415

    if one.language:
        return rdflib.Literal(one.value, lang=one.language)
    datatype = one.datatype.value
    kind = None if datatype == _STRING else rdflib.URIRef(datatype)
    # a literal stays as it is written: "1.50" is not 1.5
    return rdflib.Literal(one.value, datatype=kind, normalize=False)
