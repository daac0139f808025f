"""The application: one table of routes over a prepared folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..exports import read_manifest
from ..files import shipped
from . import linked, overviews, pages, problems, rendering, sparql
from .cache import Cache
from .prepared import Prepared
from .workers import Limits, Pool

Handler = Callable[[Request], Awaitable[Response]]
POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
          "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'")
_ALWAYS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Location, ETag, Content-Encoding",
}


class Headers:
    """Puts the headers of _ALWAYS on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_ALWAYS)
            await send(message)

        await self.app(scope, receive, sent)


async def endpoint(request: Request) -> Response:
    """/sparql: the answer of a query; what the service is where none is asked."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={
            "Allow": "GET, HEAD, POST, OPTIONS", "Access-Control-Allow-Headers": "*",
            "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS"})
    given = await sparql.fields(request)
    prepared: Prepared = request.app.state.prepared
    query = sparql.asked(given, request.headers.get("accept"), prepared.prefixes)
    return await sparql.answered(request.app.state.pool, query)


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
    if name == "search":
        return shown(overviews.found(prepared, request.query_params.get("q", "")))
    make = OVERVIEWS.get(name)
    cached: Cache = request.app.state.documents.cache
    if make is None:
        raise problems.problem(404, "There is nothing of this name here.")
    body = cached.get(f"overview {name}", lambda: bytes(shown(make(prepared)).body))
    return Response(body.plain(), media_type="text/html")


async def category(request: Request) -> Response:
    """All nodes of a class."""
    return shown(overviews.category(request.app.state.prepared, request.path_params["name"]))


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


async def health(_request: Request) -> Response:
    """/healthz: that the server answers."""
    return PlainTextResponse("ok\n")


# One line for each page that is about no single node.
OVERVIEWS: dict[str, Callable[[Prepared], overviews.Overview]] = {
    "index": overviews.home, "browse": overviews.browse, "data": overviews.data,
    "quality": overviews.quality, "query": overviews.query,
}

# One line for each path; the last takes what could be a node's.
ROUTES: tuple[tuple[str, Handler, tuple[str, ...]], ...] = (
    ("/healthz", health, ("GET",)),
    ("/", overview, ("GET",)),
    ("/{name}.html", overview, ("GET",)),
    ("/browse/{name}.html", category, ("GET",)),
    ("/download/{path:path}", download, ("GET",)),
    ("/sparql", endpoint, ("GET", "POST", "OPTIONS")),
    ("/{folder}/{rest:path}", linked.resource, ("GET",)),
)


def application(prepared: Prepared, limits: Limits | None = None) -> Starlette:
    """The ASGI application; its query processes start and end with it."""
    pool = Pool(str(prepared.place / "store"), limits or Limits())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()

    app = Starlette(
        routes=[Mount("/static", StaticFiles(directory=shipped("web/static"))),
                *(Route(path, handler, methods=list(methods))
                  for path, handler, methods in ROUTES)],
        middleware=[Middleware(Headers)], lifespan=lifespan,
        exception_handlers={HTTPException: problems.shown, Exception: problems.failed})
    app.state.prepared, app.state.pool = prepared, pool
    app.state.documents = linked.documents(prepared, {"html": page_html}, Cache())
    return app
