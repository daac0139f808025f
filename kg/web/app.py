"""The application: one table of routes over a prepared folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..files import shipped
from . import linked, pages, problems, rendering, sparql
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


async def health(_request: Request) -> Response:
    """/healthz: that the server answers."""
    return PlainTextResponse("ok\n")


# One line for each path; the last takes what could be a node's.
ROUTES: tuple[tuple[str, Handler, tuple[str, ...]], ...] = (
    ("/healthz", health, ("GET",)),
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
