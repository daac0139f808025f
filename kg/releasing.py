"""An immutable release of a run's folder: files with their sums, licences, citation, provenance."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from . import bill, jsonl, provenance
from .citing import citation
from .descriptions.about import About
from .errors import UsageError
from .exports import read_manifest
from .files import scratch, shipped, swept
from .provenance import Vocabulary
from .release_gates import Measured
from .verifying import checksums
from .verifying.exported import sha256
from .version import VERSION

PROVENANCE, LICENSES, CITATION, PAGES = ("provenance.json", "LICENSES.md", "CITATION.cff",
                                         "pages.tsv")
RULES = ("data", "ontology", "shapes")  # what decides the output besides the code
SECONDS = 300  # that a signing command may take


class Head(Struct, frozen=True):
    """What a release tells of a page: not its text, so that a million fit in memory."""

    page: str
    sha256: str
    title: str
    url: str = ""
    license: str = ""


class Provenance(Struct, frozen=True):
    """What a release was made with; `rules` is the SHA-256 of all our tables and vocabularies."""

    version: str
    program: str
    rules: str
    graph: str
    previous: str
    measured: dict[str, float]
    gates: tuple[str, ...]
    vocabularies: tuple[Vocabulary, ...]


class Wanted(Struct, frozen=True):
    """What to release and as what; `sign` is a command that is given SHA256SUMS, or empty."""

    folder: Path
    version: str
    out: Path
    previous: Path | None = None
    sign: str = ""
    gates: tuple[str, ...] = ()

    @property
    def target(self) -> Path:
        """The folder of the release."""
        return self.out / self.version


def checked(wanted: Wanted) -> None:
    """Raises UsageError where nothing can be released: no exports, no name, already there."""
    plain = wanted.version.replace(".", "").replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum()) or wanted.version.startswith("."):
        raise UsageError(f"version {wanted.version!r}: letters, digits, dots, - and _ only")
    if wanted.target.exists():
        raise UsageError(f"{wanted.target} is there already: a release is never changed")
    manifest = read_manifest(wanted.folder / "exports")
    if manifest is None or not (wanted.folder / "documents.jsonl").is_file():
        raise UsageError(f"{wanted.folder}: give a folder of kg run, with its exports/")


def release(wanted: Wanted, measured: Measured) -> Path:
    """The folder of the release: whole, read-only, summed and, if asked for, signed.

    Raises UsageError where it is there already or the signing command fails; then nothing is
    left behind.
    """
    checked(wanted)
    wanted.out.mkdir(parents=True, exist_ok=True)
    swept(wanted.out)
    with scratch(wanted.out) as folder:
        _copied(wanted.folder, folder)
        _documented(folder, wanted, measured, _described(folder, wanted))
        names = list(checksums.files(folder))
        (folder / checksums.FILE).write_bytes(checksums.lines(folder, names))
        if wanted.sign:
            _signed(folder / checksums.FILE, wanted.sign)
        _read_only(folder)
        folder.rename(wanted.target)
        folder.mkdir()  # for the end of the block
    return wanted.target


def _copied(source: Path, folder: Path) -> None:
    """Every file of the run and of its exports; no hidden one, none that a link leads to."""
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        top = name.parts[0] == "exports" or len(name.parts) == 1
        if path.is_file() and not path.is_symlink() and top and not any(
                part.startswith(".") for part in name.parts):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def _described(folder: Path, wanted: Wanted) -> About:
    """What `kg describe` was told of the run, which the descriptions of this version say too."""
    from . import descriptions  # noqa: PLC0415 - large, and only for this

    about = msgspec.structs.replace(descriptions.told(wanted.folder), version=wanted.version)
    dataset = descriptions.read(folder, about)
    for _ in descriptions.write(dataset, folder / "exports", folder / "exports"):
        pass
    return about


def _documented(folder: Path, wanted: Wanted, measured: Measured, about: About) -> None:
    """Licences, the list of pages, how to cite, and what it was made with."""
    pages = list(jsonl.read(folder / "documents.jsonl", Head))
    vocabularies = provenance.read(folder)
    manifest = read_manifest(folder / "exports")
    previous = wanted.previous / checksums.FILE if wanted.previous else None
    told = Provenance(
        wanted.version, f"rarekg {VERSION}", rules_hash(), manifest.graph if manifest else "",
        sha256(previous) if previous and previous.is_file() else "", measured.numbers,
        wanted.gates, vocabularies)
    content = msgspec.json.format(msgspec.json.encode(told), indent=1)
    (folder / PROVENANCE).write_bytes(content + b"\n")
    software = bill.parts()
    (folder / bill.FILE).write_bytes(bill.document(software))
    (folder / LICENSES).write_text("".join((
        *_licenses(pages, vocabularies), "\n## Software\n\nWhat made these files, and is in none "
        "of them.\n\n", *bill.table(software))), encoding="utf-8")
    (folder / CITATION).write_text(citation(about, (page.license for page in pages)),
                                   encoding="utf-8")
    (folder / PAGES).write_text("".join(_page_lines(pages)), encoding="utf-8")


def rules_hash() -> str:
    """The SHA-256 of every table, vocabulary and shape that decides what is read, by name."""
    digest = hashlib.sha256()
    for part in RULES:
        root = shipped(part)
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{part}/{path.relative_to(root).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _licenses(pages: Iterable[Head], vocabularies: Iterable[Vocabulary]) -> Iterator[str]:
    """Every licence that a file here is under, with whom to name."""
    yield ("# Licences and attributions\n\nThe sentences are quoted from the pages below, under "
           f"their licences; `{PAGES}` lists each page.\n\n## Pages\n\n"
           "| Site | Licence | Pages |\n|---|---|---|\n")
    sites = Counter((_site(page.url), page.license or "not stated") for page in pages)
    yield from (f"| {_cell(site)} | {_cell(licence)} | {count:,} |\n"
                for (site, licence), count in sorted(sites.items()))
    yield ("\n## Vocabularies\n\nIdentifiers, labels and synonyms are from these.\n\n"
           "| Vocabulary | Version | Licence | Source |\n|---|---|---|---|\n")
    yield from (f"| {_cell(one.name)} | {_cell(one.version)} | {_cell(one.license)} | "
                f"{_cell(one.source)} |\n" for one in vocabularies)


def _site(url: str) -> str:
    from urllib.parse import urlsplit  # noqa: PLC0415

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else "no address"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()) or "not stated"


def _page_lines(pages: Iterable[Head]) -> Iterator[str]:
    yield "page\tsha256\turl\tlicense\ttitle\n"
    for page in pages:
        cells = (page.page, page.sha256, page.url, page.license, page.title)
        yield "\t".join(" ".join(cell.split()) for cell in cells) + "\n"


def _signed(path: Path, command: str) -> None:
    """The command was run on a file, without a shell, and left a signature beside it.

    Raises UsageError where it cannot be run, fails, takes too long or writes nothing.
    """
    before = set(path.parent.iterdir())
    try:
        done = subprocess.run([*shlex.split(command), str(path)], check=False, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, capture_output=True)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"--sign-with {command!r}: cannot be run: {error}") from None
    made = set(path.parent.iterdir()) - before
    if done.returncode or not made:
        said = done.stderr.decode("utf-8", "replace").strip()[:300]
        raise UsageError(f"--sign-with {command!r}: exit code {done.returncode}, "
                         f"{len(made)} files written. {said}")
    for one in made:
        if not one.name.startswith(checksums.FILE):
            raise UsageError(f"--sign-with {command!r}: wrote {one.name}, which is no signature "
                             f"of {checksums.FILE}")


def _read_only(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
