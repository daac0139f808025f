"""Answers that are ready: a body with all its headers, sent without routing and in few steps."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .cache import Body, Kept, weight
from .sending import has, takes_gzip

Header = tuple[bytes, bytes]
_CONDITIONS = {b"if-none-match", b"if-modified-since"}
_ABOUT_BODY = {b"content-type", b"content-length", b"content-encoding"}


class Ready(Struct, frozen=True):
    """A 200 that may be sent again and again; `tag` is its entity tag, `changed` its time.

    `headers` are all but those that depend on whether the client takes it compressed.
    """

    body: Body
    headers: tuple[Header, ...]
    tag: str
    changed: int | None = None


def ready(
    body: Body, media_type: str, headers: Mapping[str, str], tag: str, changed: int | None = None
) -> Ready:
    """The answer with its headers as they are sent."""
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    named = {"content-type": kind, "etag": tag, "vary": "Accept-Encoding"} | {
        name.lower(): value for name, value in headers.items()}
    return Ready(body, tuple((name.encode("latin-1"), value.encode("latin-1"))
                             for name, value in named.items()), tag, changed)


def shelf(most: int) -> Kept[Ready]:
    """A place for what is ready: at most `most` bytes, those not asked for longest make room."""
    return Kept(most, _weight)


def _weight(key: str, one: Ready) -> int:
    return weight(key, one.body) + sum(len(name) + len(value) + 150
                                       for name, value in one.headers)


class Given(Response):
    """What a handler returns to have something ready sent."""

    def __init__(self, found: Ready) -> None:
        super().__init__()
        self._found = found

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await give(self._found, scope, send)


async def give(found: Ready, scope: Scope, send: Send) -> None:
    """304 for who has it, compressed for who takes that; HEAD is the server's own business."""
    accepted, asks = "", False
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepted += f",{value.decode('latin-1')}"
        elif name in _CONDITIONS:
            asks = True
    if asks and has(Request(scope), found.tag, found.changed):
        kept = [one for one in found.headers if one[0] not in _ABOUT_BODY]
        await _send(send, 304, kept, b"")
    elif not found.body.small and takes_gzip(accepted):
        await _send(send, 200, [*found.headers, (b"content-encoding", b"gzip"),
                                _length(found.body.kept)], found.body.kept)
    else:
        content = found.body.plain()
        await _send(send, 200, [*found.headers, _length(content)], content)


def _length(content: bytes) -> Header:
    return b"content-length", b"%d" % len(content)


async def _send(send: Send, status: int, headers: list[Header], content: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
