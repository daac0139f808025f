"""A read-only Model Context Protocol endpoint over streamable HTTP, without sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..version import VERSION
from .problems import problem
from .tools import TOOLS, ToolError

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")  # the newest first
BATCHED = "2025-03-26"  # the one revision that has batches
MOST = 20  # messages in a batch
LONGEST = 100_000  # bytes of a request's body
LOCAL = ("localhost", "127.0.0.1", "::1")
SLOWEST = 5.0  # seconds for a body to come
# JSON-RPC 2.0, section 5.1, and MCP's own for a version that is not spoken.
PARSE, INVALID, METHOD, PARAMS, VERSION_ERROR = -32700, -32600, -32601, -32602, -32022
INSTRUCTIONS = (
    "What pages about rare diseases state, each statement with the sentence that it was read "
    "from. Find a disease with search, read what is known with disease_record, and ask anything "
    "else with sparql after looking at examples. Keep `negated`, `doubtful` and `contradicted` "
    "apart from what is asserted, and quote the sentence and page with every claim. This is not "
    "medical advice.")
Message = dict[str, Any]


class RpcError(Exception):
    """A JSON-RPC error with its code."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.data = code, data


async def endpoint(request: Request) -> Response:
    """/mcp: the answer to a message, or to a batch of them; 202 for what wants none."""
    _checked(request)
    version = request.headers.get("mcp-protocol-version", "")
    if version and version not in VERSIONS:
        return _sent(_error(None, RpcError(VERSION_ERROR, "unsupported protocol version", {
            "supported": list(VERSIONS), "requested": version[:40]})), 400)
    try:
        found = msgspec.json.decode(await _body(request))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _sent(_error(None, RpcError(PARSE, "the body is not JSON")), 400)
    if isinstance(found, list):
        return await _batch(request, found, version)
    answer = await answered(request, found)
    failed = answer is not None and answer.get("error", {}).get("code") == INVALID
    return Response(status_code=202) if answer is None else _sent(answer, 400 if failed else 200)


def _checked(request: Request) -> None:
    """Raises HTTPException 403, 406 and 415: another site's page, or another language.

    A page elsewhere can make a browser ask a server on its user's own machine by giving that
    address its own name (DNS rebinding), which is why the request's Host proves nothing.
    """
    origin = request.headers.get("origin")
    if origin is not None and not _known(origin, request.app.state.base_url):
        raise problem(403, "Pages of other sites may not use this endpoint.")
    accept = request.headers.get("accept", "*/*")
    if not any(kind in accept for kind in ("application/json", "application/*", "*/*")):
        raise problem(406, "The answer is application/json.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise problem(415, "The body must be application/json.", Accept_Post="application/json")


def _known(origin: str, address: str) -> bool:
    """Whether a page is this machine's own, or one of the address that --base-url gives."""
    try:
        asking, ours = urlsplit(origin), urlsplit(address)
        return asking.hostname in LOCAL or (bool(asking.netloc) and (
            asking.scheme, asking.netloc) == (ours.scheme, ours.netloc))
    except ValueError:
        return False


async def _body(request: Request) -> bytes:
    found = b""
    try:
        async with asyncio.timeout(SLOWEST):
            async for part in request.stream():
                found += part
                if len(found) > LONGEST:
                    raise problem(413, f"The body is longer than {LONGEST:,} bytes.",
                                  Connection="close")
    except TimeoutError:
        raise problem(408, "The body did not come.", Connection="close") from None
    return found


async def _batch(request: Request, found: list[Any], version: str) -> Response:
    """A batch as 2025-03-26 has it, one answer after the other."""
    if not found or len(found) > MOST or version not in {"", BATCHED}:
        return _sent(_error(None, RpcError(INVALID, "an empty, long or unexpected batch")), 400)
    answers = [one for message in found if (one := await answered(request, message))]
    return _sent(answers, 200) if answers else Response(status_code=202)


async def answered(request: Request, message: Any) -> Message | None:
    """The response to one message; None for a notification or a response."""
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return _error(None, RpcError(INVALID, "not a JSON-RPC 2.0 message"))
    if "method" not in message and ("result" in message or "error" in message):
        return None
    method, params, name = message.get("method"), message.get("params", {}), message.get("id")
    if "id" not in message and isinstance(method, str):
        return None
    if not isinstance(method, str) or not isinstance(params, dict) \
            or not isinstance(name, str | int) or isinstance(name, bool):
        return _error(None, RpcError(INVALID, "not a JSON-RPC 2.0 request"))
    try:
        if method not in METHODS:
            raise RpcError(METHOD, f"there is no method {method[:60]!r}")
        return {"jsonrpc": "2.0", "id": name, "result": await METHODS[method](request, params)}
    except RpcError as error:
        return _error(name, error)


def _error(name: str | int | None, error: RpcError) -> Message:
    made: Message = {"code": error.code, "message": str(error)}
    if error.data is not None:
        made["data"] = error.data
    return {"jsonrpc": "2.0", "id": name, "error": made}


def _sent(answer: Message | list[Message], status: int) -> Response:
    return Response(msgspec.json.encode(answer), status, media_type="application/json",
                    headers={"Cache-Control": "no-store"})


async def _initialize(_request: Request, params: Message) -> Message:
    """The version that the client asks for where it is spoken, else our newest."""
    wanted = params.get("protocolVersion")
    if not isinstance(wanted, str):
        raise RpcError(PARAMS, "protocolVersion must be a string")
    return {"protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "rarekg", "title": "Rare diseases with their sentences",
                           "version": VERSION},
            "instructions": INSTRUCTIONS}


async def _ping(_request: Request, _params: Message) -> Message:
    return {}


async def _tools(_request: Request, _params: Message) -> Message:
    """All tools at once: there are too few for a cursor."""
    return {"tools": [one.listed() for one in TOOLS.values()]}


async def _call(request: Request, params: Message) -> Message:
    """What a tool found; what it could not do is a result that says why, for the model to read."""
    name, given = params.get("name"), params.get("arguments", {})
    if not isinstance(name, str) or name not in TOOLS:
        raise RpcError(PARAMS, f"unknown tool; there are: {', '.join(TOOLS)}")
    tool = TOOLS[name]
    try:
        arguments = msgspec.convert(given, tool.arguments)
    except msgspec.ValidationError as error:
        raise RpcError(PARAMS, f"arguments of {name}: {error}") from None
    try:
        found = await tool.call(request, arguments)
    except ToolError as error:
        return {"content": [{"type": "text", "text": str(error)}], "isError": True}
    text = msgspec.json.encode(found).decode()
    return {"content": [{"type": "text", "text": text}], "structuredContent": found,
            "isError": False}


# One line for each method of the protocol that is answered.
METHODS: dict[str, Callable[[Request, Message], Awaitable[Message]]] = {
    "initialize": _initialize, "ping": _ping, "tools/list": _tools, "tools/call": _call,
}
