"""The SPARQL 1.1 Protocol: queries by GET and both forms of POST, read-only."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from email.message import Message
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..answers import serialised
from .answering import Answer, Answered, Asked, Failed, about
from .cache import Body, Cache, body
from .negotiation import Form, chosen
from .prepared import Prepared
from .problems import problem, unacceptable
from .sending import date, has, sent, tag, unchanged
from .service import description
from .workers import BusyError, Pool

LONGEST = 100_000  # bytes of a request's body
SLOWEST = 5.0  # seconds for a body to come
GRACE = 0.2  # seconds after which a query is worth watching its client for
BRIEF = 64 << 10  # packed bytes of a node: some 2,000 triples, a few milliseconds
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
# "json" and "xml" are rows or a graph, whichever the query gives.
_NAMES = {"json": "application/json", "xml": "application/xml", "turtle": "text/turtle",
          "json-ld": "application/ld+json", "rdf+xml": "application/rdf+xml",
          "n3": "text/turtle", "ntriples": "application/n-triples"}
_CHARSETS = {"utf-8", "utf8", "us-ascii"}
_PAGE = Form("html", "text/html", ("application/xhtml+xml",))
# The answer of these is another one each time.
_VARYING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\s*\(", re.IGNORECASE)
_STATUS = {"syntax": 400, "refused": 400, "form": 406, "size": 413, "timeout": 503, "memory": 503,
           "gone": 503}
Fields = Sequence[tuple[str, str]]


async def fields(request: Request) -> Fields:
    """The parameters of a request, a bare query in the body as `query`.

    Raises HTTPException 405, 413 (too long), 415 (another type of body) and 400 (not UTF-8).
    """
    given = request.scope["query_string"].decode("latin-1")
    if len(given) > LONGEST_URL:
        raise problem(414, f"The query string is longer than {LONGEST_URL:,} bytes: send a POST.")
    asked = _parsed(given)
    if request.method in {"GET", "HEAD"}:
        return asked
    kind, charset = _content(request.headers.get("content-type", ""))
    if kind not in {_QUERY, _FORM} or charset not in _CHARSETS \
            or request.headers.get("content-encoding", "identity") != "identity":
        accepted = f"{_FORM}, {_QUERY}"
        raise problem(415, f"The body must be one of: {accepted}; in UTF-8, not compressed.",
                      Accept_Post=accepted)
    text = await _body(request)
    return [*asked, ("query", text)] if kind == _QUERY else [*asked, *_parsed(text)]


def _content(header: str) -> tuple[str, str]:
    """The media type and charset of a Content-Type."""
    message = Message()
    message["content-type"] = header or "application/octet-stream"
    return message.get_content_type(), (message.get_content_charset() or "utf-8")


async def _body(request: Request) -> str:
    length = request.headers.get("content-length", "")
    found = b""
    try:
        if not (length.isdigit() and int(length) > LONGEST):
            async with asyncio.timeout(SLOWEST):
                async for part in request.stream():
                    found += part
                    if len(found) > LONGEST:
                        break
                else:
                    return _text(found)
    except TimeoutError:
        raise problem(408, "The body did not come.", Connection="close") from None
    raise problem(413, f"The body is longer than {LONGEST:,} bytes.", Connection="close")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise problem(400, "The body is not UTF-8.") from None


def _parsed(text: str) -> Fields:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise problem(400, f"The parameters cannot be read: {error}.") from None


def asked(given: Fields, accept: str | None) -> Asked:
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
                 _iris(given, "default-graph-uri"), _iris(given, "named-graph-uri"))


def _wanted(given: Fields) -> str:
    """The media type of a parameter `format`: a type, a suffix, or a name that clients use."""
    for name, value in given:
        if name == "format":
            known = {form.suffix: form.media_type for form in (*GRAPHS, *ROWS)} | _NAMES
            return known.get(value.lower(), value if "/" in value else "")
    return ""


def _iris(given: Fields, wanted: str) -> tuple[str, ...]:
    found = tuple(value for name, value in given if name == wanted)
    for iri in found:
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise problem(400, f"{wanted} is not an absolute IRI: {iri[:200]!r}.") from None
    return found


async def endpoint(request: Request) -> Response:
    """/sparql: the answer of a query; what the service is where nothing is asked."""
    given = await fields(request)
    if not given and request.method in {"GET", "HEAD"}:
        return described(request)
    prepared: Prepared = request.app.state.prepared
    query = asked(given, request.headers.get("accept"))
    headers = {"Vary": "Accept, Accept-Encoding"}
    if _VARYING.search(query.text):
        done = await watched(request, query)
        return sent(request, body(done.body), _media_type(done.form),
                    headers | {"Cache-Control": "no-store"})
    current = tag(prepared.version, *_key(query))
    headers |= {"ETag": current, "Last-Modified": date(prepared.changed),
                "Cache-Control": "public, max-age=300"}
    if has(request, current, prepared.changed):
        return unchanged(headers)
    form, found = await _known(request, query, current)
    return sent(request, found, _media_type(form), headers)


def _key(query: Asked) -> tuple[str, ...]:
    """Everything that an answer depends on besides the graph."""
    return (query.text, query.rows, query.graph, "default", *query.default, "named", *query.named)


async def _known(request: Request, query: Asked, key: str) -> tuple[str, Body]:
    """The form and body of an answer, from the cache or from the store."""
    answers: Cache = request.app.state.answers
    for form in (query.rows, query.graph):
        if form and (found := answers.find(f"{form} {key}")):
            return form, found
    done = await watched(request, query)
    return done.form, answers.keep(f"{done.form} {key}", done.body)


def described(request: Request) -> Response:
    """The service description in RDF; people are led to the query page."""
    prepared: Prepared = request.app.state.prepared
    form = chosen(request.headers.get("accept"), (*GRAPHS, _PAGE))
    if form is None:
        raise unacceptable((*GRAPHS, _PAGE))
    headers = {"Vary": "Accept, Accept-Encoding", "Last-Modified": date(prepared.changed)}
    if form is _PAGE:
        return RedirectResponse("query.html", 303, headers)
    found = description(prepared, f"{request.app.state.address(request)}sparql")
    return sent(request, body(serialised(found, form.suffix)), form.media_type, headers)


async def watched(request: Request, query: Asked) -> Answered:
    """The answer; a query whose client goes away is ended, and its process is another's."""
    pool: Pool = request.app.state.pool
    if (node := about(query)) and request.app.state.prepared.nodes.size(node) <= BRIEF:
        return answered(pool.at_once(query))
    mine, watching = asyncio.current_task(), set[asyncio.Task[None]]()

    def watch() -> None:
        task = asyncio.create_task(_left(request))
        watching.add(task)
        task.add_done_callback(lambda done: done.cancelled() or (mine and mine.cancel()))

    clock = asyncio.get_running_loop().call_later(GRACE, watch)
    try:
        return answered(await pool.ask(query))
    except BusyError:
        raise problem(503, "Too many queries are waiting.", Retry_After="5") from None
    except asyncio.CancelledError:
        if any(task.done() for task in watching):
            raise problem(499, "The client went away.") from None
        raise
    finally:
        clock.cancel()
        for task in watching:
            task.cancel()


async def _left(request: Request) -> None:
    """Ends when the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def answered(found: Answer) -> Answered:
    """The answer; raises HTTPException with the reason where there is none."""
    if isinstance(found, Failed):
        headers = {"Retry_After": "30"} if _STATUS[found.why] == 503 else {}
        raise problem(_STATUS[found.why], found.message, **headers)
    return found


def _media_type(suffix: str) -> str:
    return next(form.media_type for form in (*ROWS, *GRAPHS) if form.suffix == suffix)
