"""The sample release behind the application, for the tests of publishing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sample_release
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
