"""What the endpoint is, as RDF (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Iterator

from ..exports.release import Lines
from ..ntriples import RDF, XSD
from .prepared import Prepared
from .search import counts

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
LISTED = 100  # named graphs that are listed; a corpus has thousands, and clients read this first
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
            "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_COMMENT = ("The default graph is the merge of all pages; each page is a named graph. "
            "SELECT DISTINCT ?g { GRAPH ?g {} } lists them.")


def description(prepared: Prepared, address: str) -> Lines:
    """The endpoint at `address`: its language, formats and data set."""
    return Lines((f"{subject} {predicate} {term} .\n"
                  for subject, predicate, term in _triples(prepared, address)), prepared.prefixes)


def _triples(prepared: Prepared, address: str) -> Iterator[tuple[str, str, str]]:
    service, dataset, graph = (f"<{address}{end}>" for end in ("", "#dataset", "#default"))
    kind = f"<{RDF}type>"
    yield service, kind, f"<{SD}Service>"
    yield service, f"<{SD}endpoint>", service
    yield service, f"<{SD}supportedLanguage>", f"<{SD}SPARQL11Query>"
    for name in _RESULTS:
        yield service, f"<{SD}resultFormat>", f"<{FORMATS}{name}>"
    yield service, f"<{SD}defaultDataset>", dataset
    yield dataset, kind, f"<{SD}Dataset>"
    yield dataset, "<http://www.w3.org/2000/01/rdf-schema#comment>", f'"{_COMMENT}"@en'
    yield dataset, f"<{SD}defaultGraph>", graph
    yield graph, kind, f"<{SD}Graph>"
    yield graph, f"<{VOID}triples>", f'"{counts(prepared)["triples"]}"^^<{XSD}integer>'
    yield from _named(prepared, address, dataset)


def _named(prepared: Prepared, address: str, dataset: str) -> Iterator[tuple[str, str, str]]:
    """The named graphs, where they are few."""
    names = sorted(graph.value for graph in prepared.store.named_graphs()
                   if hasattr(graph, "value"))
    for name in names if len(names) <= LISTED else ():
        node = f"<{address}#{name.rpartition('/')[2]}>"
        yield dataset, f"<{SD}namedGraph>", node
        yield node, f"<{RDF}type>", f"<{SD}NamedGraph>"
        yield node, f"<{SD}name>", f"<{name}>"
