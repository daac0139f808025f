"""Errors as a client reads them: a status, one sentence, and what would have been accepted."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from .negotiation import Form


def problem(status: int, message: str, **headers: str) -> HTTPException:
    """An error of HTTP with a readable body; underscores in header names are hyphens."""
    return HTTPException(status, message,
                         {name.replace("_", "-"): value for name, value in headers.items()})


def unacceptable(forms: Sequence[Form]) -> HTTPException:
    """406 with every type that there is."""
    types = "\n".join(f"  {form.media_type}" for form in forms)
    return problem(406, f"None of the types that you accept; there are:\n{types}", Vary="Accept")


async def shown(_request: Request, error: Exception) -> Response:
    """The response for an HTTPException: its message as plain text, nothing of the request."""
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.status_code} {error.detail}\n", error.status_code,
                             dict(error.headers or {}))


async def failed(_request: Request, _error: Exception) -> Response:
    """The response for a fault of ours, without its insides."""
    return PlainTextResponse("500 The server made a mistake. Please report it.\n", 500)


async def gone(_request: Request, _error: Exception) -> Response:
    """The response where the files that are served have been taken away."""
    return PlainTextResponse("503 The data have been replaced or removed: the server must be "
                             "started again.\n", 503, {"Retry-After": "60"})
