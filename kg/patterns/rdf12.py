"""RDF 1.2 reifiers: a statement reifies a triple term (RDF 1.2 Concepts, section 1.5)."""

from __future__ import annotations

from collections.abc import Iterator

from .page import Page, Reader
from .source import Graph, Row, ordered


def forth(reader: Reader) -> Iterator[Graph]:
    """Each page with one rdf:reifies for the three ends of a statement, all else as it is."""
    for page in reader.pages():
        yield _page(page, reader)


def _page(page: Page, reader: Reader) -> Graph:
    said, ends, reifies = page.said, reader.words.ends, reader.words.reifies
    rows = [row for row in page.graph.rows if row[1] not in ends or row[0] not in said]
    rows += [(node, reifies, f"<<( {' '.join(triple)} )>>") for node, triple in said.items()]
    return Graph(page.graph.name, ordered(rows))


def back(reader: Reader) -> Iterator[Graph]:
    """Each page as it was; raises DataError where a statement has not one triple term."""
    for graph in reader.source.graphs():
        kept: list[Row] = []
        for row in graph.rows:
            if row[1] == reader.words.reifies and row[2].startswith("<<("):
                kept += reader.ends_of(row[0], _triple(row[2]))
            else:
                kept.append(row)
        page = reader.page(Graph(graph.name, ordered(kept)))
        for node in page.said:
            reader.complete(page, node)
        yield page.graph


def _triple(value: str) -> Row:
    subject, predicate, rest = value[4:-4].split(" ", 2)
    return subject, predicate, rest
