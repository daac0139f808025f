"""The application: one table of routes over a prepared folder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from ..exports import read_manifest
from ..files import shipped
from . import api, linked, mcp, overviews, pages, problems, rendering, sparql, wellknown
from .cache import Cache, Kept, body
from .prepared import Prepared
from .printed import Printed
from .ready import Given, Ready, give, ready
from .sending import tag_of
from .threads import Threads
from .workers import Limits, Pool

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]
POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
          "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'")
_ALWAYS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Location, ETag, Content-Encoding",
}

_RAW = [(name.lower().encode(), value.encode()) for name, value in _ALWAYS.items()]
_OPTIONS = {
    "Access-Control-Allow-Headers": "*", "Access-Control-Max-Age": "86400",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
}


class Front:
    """What stands before the application: it sends what is ready, puts the headers of _ALWAYS on
    every response (errors too), answers OPTIONS, and takes off `below`.

    `below` is the path that a proxy has the server at, whether or not it passes it on.
    """

    def __init__(self, app: Starlette, below: str = "") -> None:
        self.app = app
        self.state = app.state
        self._ready: Kept[Ready] = app.state.documents.ready
        self._below = below.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_RAW]
            await send(message)

        if scope["method"] == "OPTIONS":
            headers = _OPTIONS | {"Allow": allowed(scope["path"])}
            await Response(status_code=204, headers=headers)(scope, receive, sent)
            return
        if self._below and scope["path"].startswith(f"{self._below}/"):
            scope = dict(scope, path=scope["path"][len(self._below):])
        found = self._ready.find(scope["path"]) if not scope["query_string"] else None
        if found and scope["method"] in {"GET", "HEAD"}:
            await give(found, scope, sent)
        else:
            await self.app(scope, receive, sent)


def allowed(path: str) -> str:
    """The methods of a path; all but those that take a POST are for reading."""
    methods = next((several for place, _, several in ROUTES if place == path), ("GET",))
    reading = ("GET", "HEAD") if "GET" in methods else ()
    return ", ".join((*reading, *(one for one in methods if one != "GET"), "OPTIONS"))


def page_html(prepared: Prepared, iri: str) -> bytes | None:
    """The page of a node for people."""
    view = pages.page(prepared, iri)
    return rendering.html(view) if view else None


def shown(view: overviews.Overview | None) -> Response:
    """The response of an overview; 404 where there is none."""
    if view is None:
        raise problems.problem(404, "There is nothing of this name here.")
    return Response(rendering.rendered(view.template, view.path, view.values),
                    media_type="text/html")


async def overview(request: Request) -> Response:
    """The first page and the others that are about no single node."""
    name = request.path_params.get("name", "index")
    prepared: Prepared = request.app.state.prepared
    if name in ASKED and request.query_params:
        return await _aside(request, lambda: shown(ASKED[name](prepared, request.query_params)))
    make = OVERVIEWS.get(name)
    if make is None:
        raise problems.problem(404, "There is nothing of this name here.")
    return await _kept(request, lambda: make(prepared))


async def category(request: Request) -> Response:
    """All nodes of a class."""
    prepared: Prepared = request.app.state.prepared
    return await _kept(request, lambda: overviews.category(
        prepared, request.path_params["name"]))


async def branch(request: Request) -> Response:
    """The diseases in a branch of MONDO."""
    prepared: Prepared = request.app.state.prepared
    return await _kept(request, lambda: overviews.branch(prepared, request.path_params["curie"]))


async def _kept(request: Request, make: Callable[[], overviews.Overview | None]) -> Response:
    """An overview that depends on its path alone; it is made once."""
    def made() -> Ready:
        content = bytes(shown(make()).body)
        return ready(body(content), "text/html", {}, tag_of(content))

    kept: Kept[Ready] = request.app.state.documents.ready
    return Given(kept.keep(request.scope["path"], await _aside(request, made)))


async def _aside(request: Request, make: Callable[[], T]) -> T:
    threads: Threads = request.app.state.threads
    found: T = await threads(make)
    return found


async def suggestions(request: Request) -> Response:
    """/search.json: what a search found, for search-as-you-type."""
    return await _aside(request, lambda: JSONResponse(overviews.suggestions(
        request.app.state.prepared, request.query_params.get("q", ""))))


async def download(request: Request) -> Response:
    """A file of exports/ that its manifest names; nothing else is served."""
    prepared: Prepared = request.app.state.prepared
    path = request.path_params["path"]
    manifest = read_manifest(prepared.folder / "exports")
    found = [file for file in manifest.files if file.path == path] if manifest else []
    if not found or not (prepared.folder / "exports" / path).is_file():
        raise problems.problem(404, "There is no such file.")
    return FileResponse(prepared.folder / "exports" / path, media_type=found[0].media_type,
                        filename=Path(path).name)


class _Static(StaticFiles):
    """The files of our pages; a name with a NUL is none (old Starlettes fail at it)."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file of this name; an empty name and None where there is none."""
        return ("", None) if "\0" in path else super().lookup_path(path)


async def health(_request: Request) -> Response:
    """/healthz: that the server answers."""
    return PlainTextResponse("ok\n")


# One line for each page that is about no single node.
OVERVIEWS: dict[str, Callable[[Prepared], overviews.Overview]] = {
    "index": overviews.home, "browse": overviews.browse, "data": overviews.data,
    "quality": overviews.quality, "query": overviews.query,
    "search": lambda prepared: overviews.searched(prepared, {}),
    "compare": lambda prepared: overviews.compare(prepared, {}),
}

# Of these pages, the ones that read their query string.
ASKED: dict[str, Callable[[Prepared, Mapping[str, str]], overviews.Overview]] = {
    "search": overviews.searched, "compare": overviews.compare, "query": overviews.query,
}

# One line for each path; the last takes what could be a node's.
ROUTES: tuple[tuple[str, Handler, tuple[str, ...]], ...] = (
    ("/sparql", sparql.endpoint, ("GET", "POST")),
    ("/healthz", health, ("GET",)),
    ("/", overview, ("GET",)),
    ("/search.json", suggestions, ("GET",)),
    ("/{name}.html", overview, ("GET",)),
    ("/browse/{name}.html", category, ("GET",)),
    ("/branch/{curie}.html", branch, ("GET",)),
    ("/download/croissant.json", wellknown.file, ("GET",)),
    ("/download/ro-crate-metadata.json", wellknown.file, ("GET",)),
    ("/download/descriptions/{name}", wellknown.file, ("GET",)),
    ("/download/{path:path}", download, ("GET",)),
    ("/.well-known/void", wellknown.void, ("GET",)),
    ("/void", wellknown.void, ("GET",)),
    ("/void.{suffix}", wellknown.void, ("GET",)),
    ("/.well-known/sparql-examples", wellknown.queries, ("GET",)),
    ("/sparql-examples.{suffix}", wellknown.queries, ("GET",)),
    ("/dataset.jsonld", wellknown.page, ("GET",)),
    ("/openapi.json", api.openapi, ("GET",)),
    ("/api/queries", api.queries, ("GET",)),
    ("/api/disease/{curie}", api.disease, ("GET",)),
    ("/api/statement/{id}", api.statement, ("GET",)),
    ("/mcp", mcp.endpoint, ("POST",)),
    ("/{folder}/{rest:path}", linked.resource, ("GET",)),
)


def application(
    prepared: Prepared, limits: Limits | None = None, base_url: str = "",
    printed: Printed | None = None
) -> Front:
    """The ASGI application; its query processes start and end with it.

    `base_url` is the address that clients know it by, where that is not the one it is asked at;
    `printed` has what was made before it is asked for.
    """
    pool = Pool(str(prepared.place / "store"), limits or Limits(), prepared.prefixes,
                prepared.store)
    threads = Threads()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            threads.stop()
            await pool.stop()

    app = Starlette(
        routes=[Mount("/static", _Static(directory=shipped("web/static"))),
                *(Route(path, handler, methods=list(methods))
                  for path, handler, methods in ROUTES)],
        lifespan=lifespan,
        exception_handlers={HTTPException: problems.shown, Exception: problems.failed,
                            sqlite3.OperationalError: problems.gone})
    app.router.redirect_slashes = False  # it would send people to whatever Host they name
    app.state.prepared, app.state.pool, app.state.threads = prepared, pool, threads
    app.state.base_url = base_url
    app.state.answers = Cache(64 << 20, 16 << 10)
    app.state.address = lambda request: base_url or str(request.base_url)
    app.state.documents = linked.documents(prepared, {"html": page_html},
                                           printed.find if printed else None)
    return Front(app, urlsplit(base_url).path)
