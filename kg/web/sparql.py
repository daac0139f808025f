"""The SPARQL 1.1 Protocol: queries by GET and both forms of POST, read-only."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from ..prefixes import Prefixes
from .answering import Answered, Asked, Failed
from .negotiation import Form, chosen
from .problems import problem, unacceptable
from .workers import BusyError, Pool

LONGEST = 100_000  # bytes of a request's body
LONGEST_URL = 32_000  # of its query string
ROWS: tuple[Form, ...] = (
    Form("json", "application/sparql-results+json", ("application/json",)),
    Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Form("csv", "text/csv"),
    Form("tsv", "text/tab-separated-values"),
)
GRAPHS: tuple[Form, ...] = (
    Form("ttl", "text/turtle", ("application/x-turtle",)),
    Form("nt", "application/n-triples", ("text/plain",)),
    Form("jsonld", "application/ld+json", ("application/json",)),
    Form("rdf", "application/rdf+xml", ("application/xml",)),
)
_QUERY = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"
_STATUS = {"syntax": 400, "refused": 400, "form": 406, "size": 413, "timeout": 503, "memory": 503}
Fields = Sequence[tuple[str, str]]


async def fields(request: Request) -> Fields:
    """The parameters of a request, a bare query in the body as `query`.

    Raises HTTPException 405, 413 (too long), 415 (another type of body) and 400 (not UTF-8).
    """
    if len(request.url.query) > LONGEST_URL:
        raise problem(414, f"The query string is longer than {LONGEST_URL:,} bytes: send a POST.")
    asked = _parsed(request.url.query)
    if request.method in {"GET", "HEAD"}:
        return asked
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {_QUERY, _FORM}:
        accepted = f"{_FORM}, {_QUERY}"
        raise problem(415, f"The body must be one of: {accepted}.", Accept_Post=accepted)
    body = await _body(request)
    return [*asked, ("query", body)] if kind == _QUERY else [*asked, *_parsed(body)]


async def _body(request: Request) -> str:
    found = b""
    async for part in request.stream():
        found += part
        if len(found) > LONGEST:
            raise problem(413, f"The body is longer than {LONGEST:,} bytes.")
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError:
        raise problem(400, "The body is not UTF-8.") from None


def _parsed(text: str) -> Fields:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise problem(400, f"The parameters cannot be read: {error}.") from None


def asked(given: Fields, accept: str | None, prefixes: Prefixes) -> Asked:
    """The query of a request, with the forms that its client prefers.

    Raises HTTPException 400 (no query, two, an update, a bad IRI) and 406.
    """
    texts = [value for name, value in given if name == "query"]
    if any(name in {"update", "using-graph-uri", "using-named-graph-uri"} for name, _ in given):
        raise problem(400, "Updates are refused: this endpoint is read-only.")
    if len(texts) != 1:
        raise problem(400, f"There must be one parameter query; there are {len(texts)}.")
    wanted = _wanted(given) or accept
    rows, graph = chosen(wanted, ROWS), chosen(wanted, GRAPHS)
    if rows is None and graph is None:
        raise unacceptable((*ROWS, *GRAPHS))
    return Asked(texts[0], rows.suffix if rows else "", graph.suffix if graph else "",
                 _iris(given, "default-graph-uri"), _iris(given, "named-graph-uri"),
                 prefixes.table)


def _wanted(given: Fields) -> str:
    """The media type of a parameter `format` (a suffix or a type), for browsers and links."""
    for name, value in given:
        if name == "format":
            known = {form.suffix: form.media_type for form in (*GRAPHS, *ROWS)}
            return known.get(value, value)
    return ""


def _iris(given: Fields, wanted: str) -> tuple[str, ...]:
    found = tuple(value for name, value in given if name == wanted)
    for iri in found:
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise problem(400, f"{wanted} is not an absolute IRI: {iri[:200]!r}.") from None
    return found


async def answered(pool: Pool, query: Asked) -> Response:
    """The response to a query; raises HTTPException with the reason where there is none."""
    try:
        found = await pool.ask(query)
    except BusyError:
        raise problem(503, "Too many queries are waiting.", Retry_After="5") from None
    if isinstance(found, Failed):
        headers = {"Retry_After": "30"} if _STATUS[found.why] == 503 else {}
        raise problem(_STATUS[found.why], found.message, **headers)
    return Response(found.body, media_type=_media_type(found))


def _media_type(found: Answered) -> str:
    return next(form.media_type for form in (*ROWS, *GRAPHS) if form.suffix == found.form)
