"""What tests share: the sample release, a client of a server over it, no limits of time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from starlette.testclient import TestClient

settings.register_profile("rarekg", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("rarekg")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release."""
    import sample_release  # noqa: PLC0415

    return sample_release.write(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    """A client of a server over it."""
    import web_server  # noqa: PLC0415 - which needs the extra web

    with web_server.client(folder) as made:
        yield made
