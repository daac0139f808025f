"""The JSON endpoints, and the OpenAPI document that describes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import UnknownName
from ..files import shipped
from ..queries import Named, choices, named
from ..version import VERSION
from . import plain
from .cache import Cache
from .linked import category
from .prepared import Prepared
from .problems import problem
from .resources import exists
from .sending import date, has, sent, tag, unchanged

LONGEST = 200  # characters of an identifier
JSON = "application/json"


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document without its server."""
    found: dict[str, Any] = json.loads(shipped("web/openapi.json").read_text(encoding="utf-8"))
    found["info"]["version"] = VERSION
    return found


async def openapi(request: Request) -> Response:
    """/openapi.json: the document for this server."""
    address = request.app.state.address(request)
    return JSONResponse(document() | {"servers": [{"url": address.rstrip("/") or "/"}]})


def listed() -> list[dict[str, Any]]:
    """The named queries with their parameters and the words that each takes."""
    return [{"name": one.name, "title": one.title, "description": one.description,
             "parameters": _parameters(one), "sparql": one.text} for one in named().values()]


def _parameters(query: Named) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(one) | {"choices": sorted(choices(one.type))}
            for one in query.parameters]


async def queries(request: Request) -> Response:
    """/api/queries: the named queries."""
    return _kept(request, "queries", lambda: json.dumps(listed(), ensure_ascii=False).encode())


async def disease(request: Request) -> Response:
    """/api/disease/{curie}: all that is stated of a disease, with every sentence."""
    prepared: Prepared = request.app.state.prepared
    iri = disease_iri(prepared, request.path_params["curie"])
    if iri is None:
        raise problem(404, "There is no disease of this identifier here.")
    return _kept(request, f"record {iri}", lambda: plain.record(prepared, iri) or b"")


async def statement(request: Request) -> Response:
    """/api/statement/{id}: one statement, with every sentence."""
    prepared: Prepared = request.app.state.prepared
    name = request.path_params["id"]
    iri = f"{prepared.base}statement/{name}"
    if not (name.isalnum() and name.isascii() and exists(prepared, iri)):
        raise problem(404, "There is no statement of this id here.")
    return _kept(request, f"record {iri}", lambda: plain.record(prepared, iri) or b"")


def disease_iri(prepared: Prepared, curie: str) -> str | None:
    """The IRI of a disease of the graph by its CURIE or IRI; None where there is none."""
    curie = curie.strip()
    if not curie or len(curie) > LONGEST:
        return None
    try:
        iri = curie if "://" in curie else prepared.prefixes.expand(curie)
        known = exists(prepared, iri)
    except (UnknownName, ValueError):  # a ValueError is an IRI that Oxigraph does not take
        return None
    return iri if known and category(prepared, iri) == "Disease" else None


def _kept(request: Request, key: str, make: Callable[[], bytes]) -> Response:
    prepared: Prepared = request.app.state.prepared
    cached: Cache = request.app.state.answers
    headers = {"ETag": tag(prepared.version, key), "Vary": "Accept-Encoding",
               "Last-Modified": date(prepared.changed), "Cache-Control": "public, max-age=3600"}
    if has(request, headers["ETag"], prepared.changed):
        return unchanged(headers)
    return sent(request, cached.get(f"api {key}", make), JSON, headers)
