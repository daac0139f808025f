"""Downloading vocabularies from their publishers: resumable, checked, and whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec
from msgspec import Struct

from ..errors import DataError, KgError, UnknownName, UsageError
from ..files import rows, shipped
from .downloads import Download, note, records
from .readers import head, reader_of

CHUNK = 1 << 16
TIMEOUT = 60.0  # seconds without a byte
_HINT = "what was there before is unchanged; without a network: kg vocab add FILE"


class Remote(Struct, frozen=True):
    """A row of data/vocab_sources.tsv; `sha256` is empty where the newest release is taken."""

    name: str
    file: str
    url: str
    format: str = ""
    licence: str = ""
    sha256: str = ""


class Outcome(Struct, frozen=True):
    """How one download went: `state` is "new", "unchanged" or "failed", `note` says more."""

    name: str
    state: str
    note: str


def remotes(table: Path | None = None) -> dict[str, Remote]:
    """The sources of data/vocab_sources.tsv, or of a user's table with its columns, by name."""
    found = {}
    for _, cells in rows(table or shipped("data/vocab_sources.tsv")):
        found[cells["name"]] = msgspec.convert(cells, Remote)
    return found


def update(folder: Path, wanted: Iterable[Remote],
           progress: Callable[[str], None] = lambda _name: None) -> Iterator[Outcome]:
    """Download each source into `folder`; one that fails does not keep the others from coming."""
    folder.mkdir(parents=True, exist_ok=True)
    for remote in wanted:
        progress(remote.name)
        try:
            yield fetch(folder, remote)
        except KgError as error:
            yield Outcome(remote.name, "failed", str(error))


def named(names: Iterable[str], table: Path | None = None) -> list[Remote]:
    """The sources with these names, all of them without names; raises UnknownName."""
    known, chosen = remotes(table), tuple(names)
    for name in chosen:
        if name not in known:
            raise UnknownName("vocabulary source", name, known)
    return [known[name] for name in chosen or known]


def fetch(folder: Path, remote: Remote) -> Outcome:
    """Bring one file up to date; its first part is kept where the connection breaks.

    Raises UsageError where the server cannot be reached or has no such file, and DataError where
    what came is not complete, not what its checksum says, or no vocabulary.
    """
    if urlsplit(remote.url).scheme not in {"http", "https"}:
        raise UsageError(f"{remote.url}: not an http or https address")
    if remote.file.startswith(".") or not remote.file or "/" in remote.file:
        raise UsageError(f"{remote.url}: the address names no file ({remote.file!r})")
    part = folder / f".{remote.file}.part"
    known = records(folder).get(remote.file)
    whole = known is not None and known.whole and (folder / remote.file).exists()
    if whole and known is not None and remote.sha256 and known.sha256 == remote.sha256:
        return Outcome(remote.name, "unchanged", known.version)
    response = _ask(remote, _conditions(known, part, whole=whole))
    if response is None:
        return Outcome(remote.name, "unchanged", known.version if known else "")
    with response:
        _receive(folder, remote, part, response)
    return _accept(folder, remote, part)


def _conditions(known: Download | None, part: Path, *, whole: bool) -> dict[str, str]:
    """Headers that ask for the rest of a first part, or only for what is new."""
    if known is None or not known.validator:
        return {}
    if not known.whole and part.exists() and part.stat().st_size:
        return {"Range": f"bytes={part.stat().st_size}-", "If-Range": known.validator}
    if not whole:
        return {}
    name = "If-None-Match" if known.validator.startswith(('"', "W/")) else "If-Modified-Since"
    return {name: known.validator}


def _ask(remote: Remote, headers: dict[str, str]) -> HTTPResponse | None:
    """The server's answer, or nothing where the file has not changed."""
    request = Request(remote.url, headers={"User-Agent": "rarekg", **headers})
    try:
        response = urlopen(request, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        if error.code == 304:
            return None
        if error.code == 416 and "Range" in headers:  # the first part is of another file
            return _ask(remote, {})
        raise UsageError(f"{remote.url}: the server answers {error.code} {error.reason}; "
                         f"{_HINT}") from None
    except (URLError, HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise UsageError(f"{remote.url}: no connection to {urlsplit(remote.url).hostname} "
                         f"({reason}); {_HINT}") from None
    assert isinstance(response, HTTPResponse)
    return response


def _receive(folder: Path, remote: Remote, part: Path, response: HTTPResponse) -> None:
    """Write what comes behind the first part, or in its place; raises DataError if it breaks."""
    resumed = response.status == 206
    validator = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
    note(folder, remote.file, Download(remote.url, validator, "", 0, "", remote.licence, False))
    length = response.headers.get("Content-Length")
    start = part.stat().st_size if resumed else 0
    try:
        with part.open("ab" if resumed else "wb") as handle:
            while chunk := response.read(CHUNK):
                handle.write(chunk)
    except (HTTPException, OSError) as error:
        raise DataError(remote.url, 0, f"the connection broke ({error}); run it again, it "
                        "goes on from there") from None
    got = part.stat().st_size
    if length is not None and got < start + int(length):
        raise DataError(remote.url, 0, f"truncated: {got:,} of {start + int(length):,} bytes came; "
                        "run it again, it goes on from there")


def _accept(folder: Path, remote: Remote, part: Path) -> Outcome:
    """Check what has come and put it in its place; a file that fails is removed."""
    with part.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    if remote.sha256 and sha256 != remote.sha256:
        _forget(folder, remote.file, part)
        raise DataError(remote.url, 0, f"wrong checksum: sha256 {sha256}, expected "
                        f"{remote.sha256}; {_HINT}")
    try:
        reader = reader_of(part)
    except UsageError as error:
        _forget(folder, remote.file, part)
        raise DataError(remote.url, 0, f"no vocabulary came ({error})") from None
    version = reader.version(part, head(part))
    validator = records(folder)[remote.file].validator
    size = part.stat().st_size
    part.replace(folder / remote.file)
    note(folder, remote.file,
          Download(remote.url, validator, sha256, size, version, remote.licence))
    return Outcome(remote.name, "new", version or f"{size:,} bytes")


def _forget(folder: Path, file: str, part: Path) -> None:
    part.unlink(missing_ok=True)
    if not (folder / file).exists():
        note(folder, file, None)
