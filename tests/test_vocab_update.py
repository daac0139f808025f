"""`kg vocab update` against a server of our own: what goes wrong on a network, and what is kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from vocab_files import OBO

from kg.cli import main
from kg.errors import DataError, UnknownName, UsageError
from kg.provenance import vocabularies
from kg.vocab import build, packages
from kg.vocab.downloads import records
from kg.vocab.index import Index
from kg.vocab.update import Remote, fetch, named, remotes, update

BODY = OBO.encode()
TAG = '"one"'


class Served(BaseHTTPRequestHandler):
    """/good, /half (breaks once), /short, /moved, /page and nothing else."""

    broken: bool = False
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        """Answer by the path."""
        Served.asked.append((self.path, self.headers.get("Range", "")))
        if self.path == "/moved":
            return self._answer(302, b"", Location="/good")
        if self.path == "/page":
            return self._answer(200, b"<html>please log in</html>")
        if self.path not in {"/good", "/half", "/short"}:
            return self._answer(404, b"no")
        if self.headers.get("If-None-Match") == TAG:
            return self._answer(304, b"")
        start = self._start()
        body = BODY[start:]
        if self.path == "/short" or (self.path == "/half" and not Served.broken):
            Served.broken = True
            return self._answer(200, body[:100], ETag=TAG, length=len(body))
        return self._answer(206 if start else 200, body, ETag=TAG)

    def _start(self) -> int:
        wanted = self.headers.get("Range", "")
        same = self.headers.get("If-Range") == TAG
        return int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and same else 0

    def _answer(self, code: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        if code != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a fresh server."""
    Served.broken, Served.asked = False, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def remote(url: str, sha256: str = "") -> Remote:
    """A source at this address."""
    return Remote("some", "some.obo", url, "OBO", "CC0-1.0", sha256)


def left(folder: Path) -> list[str]:
    """The files that anybody would read."""
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


def test_a_download_is_recorded_with_all_that_is_known_of_it(tmp_path: Path, server: str) -> None:
    """Address, validator, checksum, size, version and licence."""
    assert fetch(tmp_path, remote(f"{server}/good")).state == "new"
    assert (tmp_path / "some.obo").read_bytes() == BODY
    found = records(tmp_path)["some.obo"]
    assert found.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (found.version, found.licence, found.bytes, found.whole) == (
        "test/2026-01-02", "CC0-1.0", len(BODY), True)
    assert found.validator == TAG


def test_what_has_not_changed_is_not_downloaded_again(tmp_path: Path, server: str) -> None:
    """The server is asked with the validator and answers 304; a pinned file is not asked for."""
    fetch(tmp_path, remote(f"{server}/good"))
    assert fetch(tmp_path, remote(f"{server}/good")).state == "unchanged"
    asked = len(Served.asked)
    pinned = remote(f"{server}/good", hashlib.sha256(BODY).hexdigest())
    assert fetch(tmp_path, pinned).state == "unchanged"
    assert len(Served.asked) == asked


def test_a_redirect_is_followed(tmp_path: Path, server: str) -> None:
    """As the standing addresses of OBO do."""
    assert fetch(tmp_path, remote(f"{server}/moved")).state == "new"
    assert (tmp_path / "some.obo").read_bytes() == BODY


def test_a_truncated_download_goes_on_where_it_broke(tmp_path: Path, server: str) -> None:
    """Nothing is in place after the first try; the second asks for the rest only."""
    with pytest.raises(DataError, match=r"truncated|broke"):
        fetch(tmp_path, remote(f"{server}/half"))
    assert left(tmp_path) == []
    assert fetch(tmp_path, remote(f"{server}/half")).state == "new"
    assert (tmp_path / "some.obo").read_bytes() == BODY
    assert Served.asked == [("/half", ""), ("/half", "bytes=100-")]


def test_a_wrong_checksum_leaves_the_old_file(tmp_path: Path, server: str) -> None:
    """What came is removed, what was there stays."""
    (tmp_path / "some.obo").write_text("old")
    with pytest.raises(DataError, match="wrong checksum"):
        fetch(tmp_path, remote(f"{server}/good", "0" * 64))
    assert (tmp_path / "some.obo").read_text() == "old"
    assert not (tmp_path / ".some.obo.part").exists()


def test_a_login_page_is_no_vocabulary(tmp_path: Path, server: str) -> None:
    """Its content decides, not the answer's code."""
    with pytest.raises(DataError, match="no vocabulary"):
        fetch(tmp_path, remote(f"{server}/page"))
    assert left(tmp_path) == []


def test_one_failure_does_not_keep_the_others_from_coming(tmp_path: Path, server: str) -> None:
    """A 404 is told with its address."""
    outcomes = list(update(tmp_path, [remote(f"{server}/nowhere"), remote(f"{server}/good")]))
    assert [outcome.state for outcome in outcomes] == ["failed", "new"]
    assert "/nowhere: the server answers 404" in outcomes[0].note


def test_without_a_network_the_message_says_what_to_do(tmp_path: Path) -> None:
    """The host, and the way by hand."""
    with pytest.raises(UsageError, match=r"no connection to 127\.0\.0\.1 .*kg vocab add FILE"):
        fetch(tmp_path, remote("http://127.0.0.1:9/x.obo"))
    with pytest.raises(UsageError, match="not an http or https"):
        fetch(tmp_path, remote("file:///etc/passwd"))


def test_the_command_downloads_into_the_users_folder(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`update` with a table of one's own, `add` with an address; the licence reaches the index."""
    monkeypatch.setenv("RAREKG_HOME", str(tmp_path / "home"))
    table = tmp_path / "table.tsv"
    table.write_text("name\tfile\turl\tformat\tlicence\tsha256\n"
                     f"good\tgood.obo\t{server}/good\tOBO\tCC0-1.0\t\n"
                     f"bad\tbad.obo\t{server}/bad\tOBO\tCC0-1.0\t\n")
    with pytest.raises(SystemExit) as stop:
        main(["vocab", "update", "--table", str(table)])
    assert stop.value.code == 2
    assert "good             new" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        main(["vocab", "add", f"{server}/good"])
    assert not stop.value.code
    assert [(source.name, source.license) for source in packages.added()] == [
        ("good", ""), ("good.obo", "CC0-1.0")]


def test_what_was_downloaded_is_told_with_the_dataset(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """vocabularies.json has version, address, licence and checksum of what the index was made of;
    a file of the same name that is added by hand is no longer the download."""
    monkeypatch.setenv("RAREKG_HOME", str(tmp_path / "home"))
    list(update(packages.home(), [remote(f"{server}/moved")]))
    build.build(tmp_path / "index.sqlite", packages.added(), lambda _name: None)
    (found,) = vocabularies(Index(tmp_path / "index.sqlite"))
    assert (found.name, found.version, found.source, found.license, found.sha256) == (
        "some.obo", "test/2026-01-02", f"{server}/moved", "CC0-1.0",
        hashlib.sha256(BODY).hexdigest())
    (tmp_path / "some.obo").write_bytes(BODY)
    with pytest.raises(SystemExit):
        main(["vocab", "add", str(tmp_path / "some.obo")])
    assert [(source.license, source.url) for source in packages.added()] == [("", "")]


def test_the_shipped_table_is_complete() -> None:
    """Every source has a file, an address, a format and a licence; unknown names are told."""
    for source in remotes().values():
        assert source.file
        assert source.url.startswith(("http://", "https://"))
        assert source.format
        assert source.licence
    assert [source.name for source in named(["mondo"])] == ["mondo"]
    with pytest.raises(UnknownName):
        named(["mond"])
