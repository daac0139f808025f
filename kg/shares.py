"""One page's share of every output file, packed: what a worker hands over and a ledger keeps."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from . import contradictions
from .curation.applying import Curated
from .errors import SourceError
from .fingerprint import key
from .model import Statement
from .ontology import kinds
from .pipeline import Input, Outcome, Settings, publish, tools
from .summary import Summary

T = TypeVar("T", bound=Struct)
# The stage files in the order in which a share packs them: the ones that are read alone first.
PACKED = ("statements.jsonl", "documents.jsonl", "claims.jsonl", "records.jsonl",
          "licences.jsonl", "graph.nq", "withheld.nq")
NAMES, CONFLICTS, MAPPINGS, REFUSED, DECIDED, RESULTS = (
    "name", "conflict", "mapping", "refused", "decided", "result ")
FAST = 1  # zlib's level: pages pack to a tenth, in two milliseconds


class Row(Struct, frozen=True, array_like=True):
    """A line of a table of the whole run; `sort` puts the rows of a kind in order as bytes."""

    kind: str
    sort: bytes
    body: bytes


class Sure(Struct, frozen=True, array_like=True):
    """An undoubted statement: hashes of its triple and of the one that says the opposite (or 0)."""

    triple: int
    denied: bool
    opposite: int


class Share(Struct, frozen=True, array_like=True):
    """A page's share; `key` is empty where its bytes do not decide it (unreadable, crashed).

    `files` are the page's parts of PACKED one after the other, compressed; `sizes` how long each
    is; `asked` the ids of the statements that were put to people's decisions, eight bytes each.
    """

    name: str
    key: bytes
    sha256: str = ""
    skipped: str = ""
    summary: Summary = Summary()
    sizes: tuple[int, ...] = (0,) * len(PACKED)
    files: bytes = b""
    rows: tuple[Row, ...] = ()
    sure: tuple[Sure, ...] = ()
    asked: bytes = b""


def shared(settings: Settings, known: str, page: Input) -> Share:
    """The share of a page, done here and now; `known` is the run's fingerprint.

    One that went wrong inside, or whose proposer said anything that was not taken, gets no key:
    the next run tries again.
    """
    try:
        data = page.data()
    except SourceError as error:
        return lost(page, error.reason)
    made = packed(publish(settings, Input(page.name, data)))
    if made.skipped.startswith("internal error") or (settings.proposer and _refused(made)):
        return made
    decided = tools(settings).curation.about(page.name, made.asked)
    return structs.replace(made, key=key(known, page.name, data, decided))


def lost(page: Input, reason: str) -> Share:
    """The share of a page that has no outcome; the next run tries again."""
    return Share(page.name, b"", skipped=_legible(" ".join(reason.split())))


def _legible(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def packed(outcome: Outcome) -> Share:
    """The share of an outcome, without its key."""
    skipped = outcome.skipped.reason if outcome.skipped else ""
    parts = [outcome.files.get(name, b"") for name in PACKED]
    return Share(
        outcome.page, b"", outcome.sha256, _legible(skipped), outcome.summary,
        tuple(map(len, parts)), zlib.compress(b"".join(parts), FAST), tuple(_rows(outcome)),
        tuple(_sure(parts[0])), bytes.fromhex("".join(sorted(set(outcome.asked)))))


def _refused(share: Share) -> bool:
    return any(row.kind == REFUSED for row in share.rows)


def _rows(outcome: Outcome) -> Iterator[Row]:
    yield from (row(NAMES, one) for one in outcome.ungrounded)
    yield from (row(CONFLICTS, one) for one in outcome.conflicts)
    yield from (row(MAPPINGS, one) for one in outcome.mappings)
    yield from (row(RESULTS + one.severity, one) for one in outcome.results)
    place = outcome.page.encode("utf-8", "replace")
    if outcome.decided != Curated():
        yield Row(DECIDED, place, msgspec.msgpack.encode((outcome.page, outcome.decided)))
    for number, reason in enumerate(outcome.refused):
        body = msgspec.msgpack.encode([_legible(reason)])
        yield Row(REFUSED, place + b"\0%06d" % number, body)


def row(kind: str, value: Struct) -> Row:
    """A struct of texts as a row: its fields in order sort it, and `read` gives it back."""
    fields = structs.astuple(value)
    sort = "\0".join(one if isinstance(one, str) else "\1".join(one) for one in fields)
    return Row(kind, sort.encode("utf-8", "surrogatepass"), msgspec.msgpack.encode(fields))


def read(body: bytes, kind: type[T]) -> T:
    """The struct that `row` made a body of."""
    fields: list[Any] = msgspec.msgpack.decode(body)
    return kind(*(tuple(one) if isinstance(one, list) else one for one in fields))


def _sure(statements: bytes) -> Iterator[Sure]:
    """The statements that may contradict others; those of a withheld page as well."""
    decoder = msgspec.json.Decoder(Statement, strict=False)
    made = map(decoder.decode, statements.splitlines())
    for triple, opposite, denied in contradictions.sides(made, kinds()):
        yield Sure(hashed(triple), denied, hashed(opposite) if opposite else 0)


def hashed(triple: Iterable[object]) -> int:
    """Eight bytes of a hash, as a number that a database has room for."""
    text = "\0".join(map(str, triple)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def unpacked(files: bytes, sizes: Iterable[int], wanted: Iterable[str]) -> dict[str, bytes]:
    """The parts of these names; no more is decompressed than they need."""
    names, ends, end = set(wanted), {}, 0
    for name, size in zip(PACKED, sizes, strict=True):
        ends[name] = end, end + size
        end += size
    last = max(ends[name][1] for name in names)
    content = zlib.decompressobj().decompress(files, last) if last else b""
    return {name: content[slice(*ends[name])] for name in PACKED if name in names}
