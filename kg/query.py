"""SPARQL over a published graph: read-only, offline, with our prefixes known."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from .errors import UnknownName, UsageError
from .opening import quads, source
from .prefixes import Prefixes

LONGEST = 100_000  # characters of a query: what kg.stack has room for
Solution = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_WHERE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UNBOUND = re.compile(r"([\w.-]*):[^\s:]*$")  # a prefixed name at the end of what was read
_SERVICE = re.compile("service", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:graph|from)\b", re.IGNORECASE)
_PROLOGUE = re.compile(r"(?:\s+|\#[^\n]*|(?:base|prefix\s*[^\s:]*:)\s*<[^>]*>)*", re.IGNORECASE)
_UPDATE = re.compile(r"(?:insert|delete|load|clear|drop|create|add|move|copy|with)\b",
                     re.IGNORECASE)


def open_store(path: Path, text: str = "") -> ox.Store:
    """The graph in memory; its default graph is the merge of all pages, each triple once.

    The pages' own graphs are loaded where `text` may ask for them.  Raises UsageError.
    """
    store = ox.Store()
    # Oxigraph's own union of graphs counts a triple once for each graph, so the merge is stored
    store.bulk_extend(ox.Quad(*quad.triple) for quad in quads(path))
    if source(path)[1].supports_datasets and (not text or _NAMED.search(text)):
        store.bulk_extend(quad for quad in quads(path) if quad.graph_name != ox.DefaultGraph())
    return store


def ask(store: ox.Store, text: str, prefixes: Prefixes) -> Solution:
    """The answer to a query; the prefixes of the table need no declaration.

    Raises UsageError for what is not a query, with the place, for updates and for SERVICE.
    """
    refuse(text, prefixes)
    try:
        return store.query(text, prefixes=prefixes.table)
    except SyntaxError as error:
        raise UsageError(_explained(text, str(error), prefixes)) from None


def refuse(text: str, prefixes: Prefixes) -> None:
    """Raise UsageError for text that is too long or no Unicode, and where SERVICE is a keyword.

    A keyword it is as Oxigraph's own grammar sees it.

    A scan of tokens can be led astray ("?a<?b)SERVICE#>" looks like an IRI), the parser cannot:
    with the word spelt wrongly everywhere, a query that still parses did not use it as a keyword.
    """
    if len(text) > LONGEST:
        raise UsageError(f"the query is refused: it has {len(text):,} characters, at most "
                         f"{LONGEST:,} are read")
    if not _encodable(text):
        raise UsageError("the query is refused: it holds bytes that are no UTF-8")
    if not _SERVICE.search(text):
        return
    misspelt = _SERVICE.sub(lambda found: "X" + found.group()[1:], text)
    try:
        ox.Store().query(misspelt, prefixes=prefixes.table)
    except SyntaxError as error:
        raise UsageError(
            "the query is refused: it uses SERVICE, which would call another server, or it has a "
            f"syntax error beside that word\n{_explained(text, str(error), prefixes)}") from None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _explained(text: str, problem: str, prefixes: Prefixes) -> str:
    """The parser's complaint with the line it is about and a mark below the place."""
    if _UPDATE.match(text, _PROLOGUE.match(text).end()):  # type: ignore[union-attr]
        return "updates are refused: kg query only reads (SELECT, ASK, CONSTRUCT, DESCRIBE)"
    found = _WHERE.match(problem)
    if not found:
        return f"not a SPARQL query: {problem}"
    line, column = int(found.group(1)), int(found.group(2))
    lines = [*text.splitlines(), ""]
    shown = lines[min(line, len(lines)) - 1].replace("\t", " ")
    mark = " " * (min(column, len(shown) + 1) - 1) + "^"
    place = f"line {line}, column {column}"
    told = unbound(text, problem, prefixes) or found.group(3)
    return f"not a SPARQL query: {place}: {told}\n  {shown}\n  {mark}"


def unbound(text: str, problem: str, prefixes: Prefixes) -> str:
    """The prefix that the parser complains of, with those that there are; empty if of none."""
    found = _WHERE.match(problem)
    if not found or "Prefix not found" not in found.group(3):
        return ""
    line = [*text.splitlines(), ""][int(found.group(1)) - 1]
    name = _UNBOUND.search(line[:int(found.group(2)) - 1])
    return str(UnknownName("prefix", name.group(1), prefixes.table)) if name else ""
