"""What a run left in its folder, looked up without reading all of it into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from . import jsonl
from .errors import DataError, UnknownName, UsageError
from .jsonl import UNREADABLE
from .model import Document, Statement
from .ntriples import Shortener
from .prefixes import Prefixes
from .text import normalise

T = TypeVar("T")
MAX_SHOWN = 10  # candidates listed for an ambiguous name


class Head(msgspec.Struct, frozen=True):
    """The beginning of a record: which page, about which disease."""

    page: str
    disease: dict[str, str | None]

    @property
    def id(self) -> str:
        """The CURIE of the disease, empty where the record has none."""
        return self.disease.get("id") or ""


def lines(path: Path, needles: Iterable[str]) -> Iterator[tuple[int, bytes]]:
    """The numbered lines of a file that hold one of `needles`; raises UsageError without a file."""
    wanted = [needle.encode() for needle in needles]
    if not path.is_file():
        raise UsageError(f"{path}: no such file: give a folder that kg run wrote")
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if any(needle in line for needle in wanted):
                yield number, line


def read(path: Path, kind: type[T], needles: Iterable[str] = ("",)) -> Iterator[T]:
    """The values on the lines of a stage file that hold one of `needles`; raises DataError."""
    decoder = msgspec.json.Decoder(kind, strict=False)
    for number, line in lines(path, needles):
        try:
            yield decoder.decode(line)
        except UNREADABLE as error:
            raise DataError(path, number, f"not a {kind.__name__}: {error}") from None


def joined(
    folder: Path, name: str, kind: type[T], document: Callable[[T], str]
) -> Iterator[tuple[Document, tuple[T, ...]]]:
    """Each document with its lines of the file `name`, both read in their common order.

    Raises DataError where the file speaks of a document that is not next in documents.jsonl.
    """
    groups: Iterable[tuple[str, Iterable[T]]] = groupby(jsonl.read(folder / name, kind), document)
    waiting = iter(groups)
    key, lines = next(waiting, ("", ()))
    for page in jsonl.read(folder / "documents.jsonl", Document):
        if page.id != key:
            yield page, ()
            continue
        yield page, tuple(lines)
        key, lines = next(waiting, ("", ()))
    if key:
        line = _line_of(folder / name, kind, lambda one: document(one) == key)
        raise DataError(folder / name, line, f"document {key} is not in documents.jsonl or out of "
                        "order there; run the stages again from kg parse")


def _line_of(path: Path, kind: type[T], wanted: Callable[[T], bool]) -> int:
    """The number of the first line of a file of JSON lines that is `wanted`."""
    return next(number for number, one in enumerate(jsonl.read(path, kind), 1) if wanted(one))


def documents(folder: Path, ids: Iterable[str]) -> dict[str, Document]:
    """The pages of these ids."""
    wanted = set(ids)
    found = read(folder / "documents.jsonl", Document, sorted(wanted))
    return {page.id: page for page in found if page.id in wanted}


def statements(folder: Path, wanted: str) -> list[Statement]:
    """One statement as every page has it, by its id, a prefix of it, its CURIE or its IRI.

    Raises UsageError where no statement fits, or several do.
    """
    local = wanted.rstrip("/>").rpartition("/")[2].lower()
    if not local:
        raise UsageError(f"{wanted!r} is not a statement: give its id, as kg show and kg query do")
    path = folder / "statements.jsonl"
    found = [one for one in read(path, Statement, [local])
             if one.id.rpartition("/")[2].startswith(local)]
    ids = sorted({one.id for one in found})
    if not ids:
        raise UsageError(f"{path}: no statement {wanted!r}; kg show and kg query list them")
    if len(ids) > 1:
        shown = "\n".join(f"  {one}" for one in ids[:MAX_SHOWN])
        more = f"\n  and {len(ids) - MAX_SHOWN} more" if len(ids) > MAX_SHOWN else ""
        raise UsageError(f"{wanted!r} begins {len(ids)} ids; give more of it:\n{shown}{more}")
    return found


def heads(folder: Path, wanted: str, prefixes: Prefixes) -> list[Head]:
    """The records of a disease (CURIE, IRI or name) or of a page (path or its end).

    Raises UnknownName with the nearest names.
    """
    path = folder / "records.jsonl"
    curie, name = Shortener(prefixes).name(wanted), normalise(wanted)
    known: set[str] = set()
    by_disease, by_page = [], []
    for head in read(path, Head):
        label = head.disease.get("name") or ""
        known.update((head.id, label))
        if curie == head.id or (name and name == normalise(label)):
            by_disease.append(head)
        elif head.page == wanted or head.page.endswith(f"/{wanted}"):
            by_page.append(head)
    if not by_disease and not by_page:
        raise UnknownName(f"disease or page in {folder}", wanted, known - {""})
    return by_disease or by_page


def records(folder: Path, pages: Iterable[str]) -> list[Any]:
    """The whole records of these pages."""
    wanted = set(pages)
    needles = [msgspec.json.encode(page).decode() for page in sorted(wanted)]
    found = read(folder / "records.jsonl", dict, needles)
    return [record for record in found if record.get("page") in wanted]
