"""The check in SPARQL 1.1, and the answer of an endpoint to it."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

from ..errors import LoadError, UsageError
from ..ntriples import RDF
from .bolt import Server
from .tally import Held, Row

_STATEMENT = (f"?id <{RDF}subject> ?s ; <{RDF}predicate> ?p ; <{RDF}object> ?o")
_TEXT = 'CONCAT(STR(?id), " ", STR(?s), " ", STR(?p), " ", STR(?o))'
_DIGITS = " + ".join(
    f'STRLEN(STRBEFORE("0123456789abcdef", SUBSTR(?h, {place}, 1))) * {16 ** (8 - place)}'
    for place in range(1, 9))
# A statement of two pages is in both graphs and counts once.
ROWS = f"SELECT DISTINCT ?id ?s ?p ?o {{ GRAPH ?g {{ {_STATEMENT} }} }}"
# Only the graphs of pages: some databases keep graphs of their own.
QUADS = ("SELECT (SUM(?n) AS ?quads) { "
         "{ SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } "
         'FILTER(REGEX(STR(?g), "/graph/[0-9a-f]{16}$")) }')
CHECK = f"""# How many statements there are, and their checksum (expected: see load.json)
SELECT (COUNT(*) AS ?statements) (SUM(?mark) AS ?checksum) {{
  {{ {ROWS} }}
  BIND(MD5({_TEXT}) AS ?h)
  BIND({_DIGITS} AS ?mark)
}}
"""
_ACCEPT = "application/sparql-results+json"
SECONDS = 600


def held(server: Server) -> Held:
    """What the database behind a SPARQL endpoint holds.

    Raises UsageError where nothing answers there, LoadError where the answer is no result.
    """
    endpoint = server.uri
    if urllib.parse.urlsplit(endpoint).scheme not in {"http", "https"}:
        raise UsageError(f"{endpoint!r}: give the http(s) address of a SPARQL endpoint")

    def rows() -> Iterator[Row]:
        for row in _asked(endpoint, ROWS):
            yield tuple(row[name]["value"] for name in ("id", "s", "p", "o"))

    (count,) = _asked(endpoint, QUADS)
    return Held({"statements": rows}, {"quads": int(count["quads"]["value"])})


def _asked(endpoint: str, query: str) -> list[dict[str, dict[str, str]]]:
    """The bindings that an endpoint answers with."""
    data = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(endpoint, data, {"Accept": _ACCEPT})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            found: list[dict[str, dict[str, str]]] = json.load(answer)["results"]["bindings"]
            return found
    except (urllib.error.URLError, TimeoutError) as error:
        raise UsageError(f"{endpoint} does not answer: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise LoadError(f"{endpoint}: the answer is no SPARQL result in JSON") from None
