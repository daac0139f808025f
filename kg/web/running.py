"""The process of a server: its socket, patience with slow clients, and its end at a signal."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from ..errors import UsageError

PATIENCE = 5.0  # seconds between two looks at a connection
DRAINING = 10  # seconds for what is under way when the server ends
CONNECTIONS = 1_000
HEAD = 64 << 10  # bytes of a request before its body: httptools sets no limit
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n"
TURN = 0.001  # seconds that a thread may run before the event loop has its turn


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises UsageError where the address cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.socket(family, kind, proto)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(1024)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return made


class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """A connection that is closed where its client neither asks nor reads between two looks, or
    where the head of a request is too long."""

    patience = PATIENCE
    head = 0  # bytes of the head that is awaited

    def data_received(self, data: bytes) -> None:
        """Read what came, unless it is more than a head may have."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.head = 0
        else:
            head, end, _ = data.partition(b"\r\n\r\n")
            self.head += len(head)
            if self.head > HEAD:
                self.transport.write(TOO_LARGE)
                self.transport.close()
                return
            self.head = 0 if end else self.head
        super().data_received(data)

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to look at the clock."""
        super().connection_made(transport)
        self._seen: tuple[object, int] | None = None
        self._check = self.loop.call_later(self.patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        self._check.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """End what is as it was at the last look: no whole request, or nothing read."""
        idle = self.cycle is None or self.cycle.response_complete
        unread = self.transport.get_write_buffer_size()
        now = (self.cycle, unread) if idle or unread else None
        if now is not None and now == self._seen:
            self.transport.abort()
            return
        self._seen = now
        self._check = self.loop.call_later(self.patience, self._look)


class _Server(uvicorn.Server):
    """A server that a signal ends without an error."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def run(app: ASGIApp, sock: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; what is under way then is finished within DRAINING."""
    sys.setswitchinterval(TURN)
    config = uvicorn.Config(
        app, http=Patient, ws="none", log_level="warning", server_header=False,
        timeout_keep_alive=5, timeout_graceful_shutdown=DRAINING, limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEAD)
    _Server(config).run(sockets=[sock])
