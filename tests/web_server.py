"""The sample release behind the application, for the tests of publishing."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sample_release
from msgspec import Struct
from starlette.testclient import TestClient

from kg.web.app import application
from kg.web.prepared import prepare
from kg.web.workers import Limits


@contextmanager
def client(folder: Path, limits: Limits | None = None) -> Iterator[TestClient]:
    """A client of a server over `folder`; it follows no redirects."""
    app = application(prepare(folder), limits or Limits(seconds=20, running=1))
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


def release(folder: Path) -> Path:
    """The sample release in `folder`."""
    return sample_release.write(folder)


class Running(Struct, frozen=True):
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def raw(self, data: bytes, seconds: float = 20) -> bytes:
        """All bytes that come back for some, until the server closes or time is up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as made:
            found = b""
            with suppress(TimeoutError, ConnectionError):
                made.sendall(data)
                while part := made.recv(65_536):
                    found += part
            return found

    def children(self) -> set[int]:
        """The processes that it started and that are there now."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").parent.parent
        return {int(one) for task in found.iterdir()
                for one in (task / "children").read_text(encoding="utf-8").split()}

    def stop(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """`kg serve` on a port that is free."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(folder), "--port", "0", *options],
        stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    assert process.stderr
    try:
        port = 0
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                port = int(found.group(1))
                break
        assert port, "the server did not start"
        made = Running(process, port)
        _wait(port)
        yield made
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def _wait(port: int) -> None:
    """It answers: the address is told a moment before."""
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as made:
        made.sendall(ask)
        assert made.recv(100).startswith(b"HTTP/1.1 200")
