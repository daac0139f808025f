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
SLOW = Path(__file__).with_name("slow.txt")  # measured, see benchmarks/slow_tests.py


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long has the mark `slow`."""
    slow = frozenset(SLOW.read_text(encoding="utf-8").splitlines())
    for item in items:
        if slow & {item.nodeid.partition("[")[0], item.nodeid.partition("::")[0]}:
            item.add_marker(pytest.mark.slow)


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
