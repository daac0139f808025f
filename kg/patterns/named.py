"""A named graph a statement: what a page asserts stands in the graph that the statement names."""

from __future__ import annotations

from collections.abc import Iterator

from .page import Page, Reader
from .source import Graph, Row, ordered


def forth(reader: Reader) -> Iterator[Graph]:
    """Each page without what it asserts, then the graphs of its statements.

    A statement that is negated, doubtful or contradicted stays reified.  A quad comes once: a
    statement of an earlier page has its graph already, and only a new spelling of a name is added.
    """
    seen: dict[str, int] = {}
    for page in reader.pages():
        whole = set(page.graph.rows)
        content = {node: found for node in page.said
                   if (found := reader.asserted(page, node, whole))}
        yield Graph(page.graph.name, _rest(page, content, reader))
        for node, rows in content.items():
            if _new(node, rows, seen, reader):
                yield Graph(node, ordered(rows))


def _rest(page: Page, content: dict[str, list[Row]], reader: Reader) -> list[Row]:
    """What stays in the page's graph.

    Pages spell a name differently, so a statement about text keeps the page's own rdf:object.
    """
    gone = {row for rows in content.values() for row in rows}
    for node, rows in content.items():
        gone.update(row for row in reader.ends_of(node, rows[0])
                    if row[1] != reader.words.object or row[2][0] == "<")
    return [row for row in page.graph.rows if row not in gone]


def _new(node: str, rows: list[Row], seen: dict[str, int], reader: Reader) -> bool:
    """Whether no page before has said this; raises DataError where one says something else."""
    value, mark = rows[0][2], hash(tuple(rows))
    key = node if value[0] == "<" else f"{node} {value}"
    if key not in seen:
        seen[key] = mark
        return True
    if seen[key] != mark:
        raise reader.source.wrong(f"{node} says something else on another page", f"{node} ")
    return False


def back(reader: Reader) -> Iterator[Graph]:
    """Each page as it was; raises DataError where a statement's graph is missing or is no one's."""
    own = f"<{reader.prefixes.expand('rarekg:')}statement/"
    described: set[str] = set()
    for graph in reader.source.graphs():
        if not graph.name.startswith(own):
            page = reader.page(graph)
            found = {node: _said(page, node, reader) for node in page.said}
            described.update(found)
            rows = [row for several in found.values() for row in several]
            yield Graph(graph.name, ordered([*graph.rows, *rows]))
    for name in reader.source.names():
        if name.startswith(own) and name not in described:
            raise reader.source.wrong(f"no page describes the statement of the graph {name}",
                                      " ".join(_first(name, reader)))


def _said(page: Page, node: str, reader: Reader) -> list[Row]:
    """The rows that a page lacks of a statement: none where it is reified there."""
    subject, predicate, value = page.said[node]
    if subject or predicate or node in page.flagged:
        reader.complete(page, node)
        return []
    graph = reader.source.find(node)
    if graph is None:
        raise reader.source.wrong(f"the graph of the statement {node} is missing", f"{node} ")
    plain = {row: set(reader.plain(row)) for row in graph.rows}
    twins = {twin for row, several in plain.items() for twin in several - {row}}
    found = [row for row in plain if row not in twins and value in ("", row[2])]
    if len(found) != 1 or not plain[found[0]] <= set(plain):
        raise reader.source.wrong(f"the graph of the statement {node} does not say one thing",
                                  f"{node} ")
    return [*plain[found[0]], *reader.ends_of(node, found[0])]


def _first(name: str, reader: Reader) -> Row:
    graph = reader.source.find(name)
    return graph.rows[0] if graph else (name, "", "")
