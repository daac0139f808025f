"""A run's files cut into parts of like size, each a whole file of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO

from .cutting import Stretch, cuts
from .exports import kgx
from .exports.release import Triples
from .exports.syntaxes import SYNTAXES
from .files import scratch, swapped
from .folder import STAGE_FILES
from .ledger import Ledger
from .prefixes import Prefixes
from .splicing import copied, stamp
from .staging import FILES, Placed, placed

FOLDER = "parts"  # parts/NAME/part-00000.SUFFIX
LARGE = 4 << 30  # bytes of graph from which a run is cut without being told
EACH = 1 << 30  # bytes of graph in each part then
NOTE = "parted"
# Exports that are cut at the end of a line, where the next has another first word or cell.
LINED = ("graph.nt", "graph.nq", *(f"kgx/{name}" for name in kgx.FILES
                                   if not name.endswith(".json")))
# Exports of which each part is written from the same part of graph.nt.
WRITTEN = tuple(name for name in SYNTAXES if name not in LINED)


def wanted(out: Path, told: int) -> int:
    """How many parts a run is cut into: as many as were told, else none unless it is large."""
    size = (out / "graph.nq").stat().st_size
    return told or (-(-size // EACH) if size >= LARGE else 0)

def parted(book: Ledger, out: Path, number: int, prefixes: Prefixes, state: str) -> None:
    """The folder of parts is there, or, for 0, is not; one that is of this state is left alone."""
    before = book.noted(NOTE)
    asked = [state, number, sorted(one for one in _exports(out))]
    if before and before["asked"] == asked and all(
            stamp(out / name) == found for name, found in before["files"].items()):
        return
    book.note(NOTE, None)
    with scratch(out) as place:
        if number:
            _Cut(book, out, place / "new", number).all(prefixes)
            swapped(place / "new", out / FOLDER)
        elif (out / FOLDER).is_dir():
            (out / FOLDER).rename(place / "old")
    book.note(NOTE, {"asked": asked, "files": {
        path.relative_to(out).as_posix(): stamp(path)
        for path in sorted((out / FOLDER).rglob("*")) if path.is_file()}})

def _exports(out: Path) -> Iterator[str]:
    return (name for name in (*LINED, *WRITTEN) if (out / "exports" / name).is_file())

def name_of(file: str, number: int) -> str:
    """Where a part of a file is, below the folder of parts."""
    path = Path(file)
    return f"{path.with_suffix('') if file in STAGE_FILES else path}/part-{number:05}{path.suffix}"

class _Cut:
    def __init__(self, book: Ledger, out: Path, target: Path, number: int) -> None:
        self._book = book
        self._out = out
        self._target = target
        self._number = number

    def all(self, prefixes: Prefixes) -> None:
        """Stage files by pages: the parts with one number hold the same pages; exports by
        subjects."""
        for file in STAGE_FILES:
            place = FILES.index(file)
            self._copies(self._out / file, file, [
                Stretch(first.starts[place], last.starts[place] + last.sizes[place])
                for first, last in self._ends])
        for file in _exports(self._out):
            path = self._out / "exports" / file
            name = f"exports/{file}"
            if file in LINED:
                head = _head(path)
                self._copies(path, name, list(cuts(path, self._number, head)), head)
        for file in WRITTEN:
            if (self._out / "exports" / file).is_file() and self._triples:
                for number, part in enumerate(self._triples):
                    with self._open(f"exports/{file}", number) as target:
                        SYNTAXES[file].write(Triples(part, prefixes), target)

    @cached_property
    def _ends(self) -> list[tuple[Placed, Placed]]:
        """The first and the last page of each part, as the stage files have them."""
        count = self._book.rows("SELECT count(*) FROM placed")[0][0]
        most = max(1, -(-count // self._number))
        found: list[tuple[Placed, Placed]] = []
        for place, page in enumerate(placed(self._book)):
            if place % most == 0:
                found.append((page, page))
            found[-1] = found[-1][0], page
        return found

    @cached_property
    def _triples(self) -> list[Path]:
        """The parts of graph.nt; none where it was not asked for."""
        return sorted((self._target / "exports/graph.nt").glob("part-*"))

    def _copies(self, path: Path, name: str, pieces: list[Stretch], head: bytes = b"") -> None:
        with path.open("rb") as source:
            for number, piece in enumerate(pieces):
                with self._open(name, number) as target:
                    target.write(head)
                    target.flush()
                    copied(source, piece.start, piece.end - piece.start, target)

    def _open(self, name: str, number: int) -> IO[bytes]:
        path = self._target / name_of(name, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")

def _head(path: Path) -> bytes:
    """The header of a table, which each part begins with."""
    if path.suffix != ".tsv":
        return b""
    with path.open("rb") as lines:
        return lines.readline()
