"""The load stage: what a run published into a database, which must answer with the same rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from ..errors import UnknownName, UsageError
from ..files import replacing, scratch, swapped, swept
from . import (
    bolt,
    duck,
    flat,
    ladybug,
    memgraph,
    neo4j,
    neptune,
    oxigraph,
    qlever,
    quads,
    rdf4j,
    sparql,
    sqlite,
    virtuoso,
)
from .bolt import Server
from .published import Published
from .tally import Held, Tally, compared

RECEIPT = "load.json"


class Target(Struct, frozen=True):
    """A database, or the files for one: how it is made and what it then holds.

    `makes` is what -o gets, `needs` what has to be installed for it.  `make` writes into an empty
    folder, `held` reads back what it wrote.  `send` fills a running server, `answers` asks one.
    """

    name: str
    makes: str
    needs: str
    expected: Callable[[Published], Held]
    make: Callable[[Published, Held, Path], None]
    held: Callable[[Path], Held]
    send: Callable[[Published, Server], None] | None = None
    answers: Callable[[Server], Held] | None = None


def _files(name: str, settings: dict[str, str]) -> Target:
    """A database of RDF that is loaded by its own tools: N-Quads, settings, check.rq."""
    return Target(name, "N-Quads, settings, check.rq", "", quads.expected,
                  partial(quads.make, settings), quads.held, answers=sparql.held)


# One line for each database; a new one is a line here and its file.
TARGETS: tuple[Target, ...] = (
    Target("ladybug", "embedded property graph, Cypher", "rarekg[ladybug]",
           Published.property_graph, ladybug.make, ladybug.held),
    Target("sqlite", "tables in one file, SQL", "", flat.expected, sqlite.make, sqlite.held),
    Target("duckdb", "tables in one file, SQL", "rarekg[duckdb]", flat.expected, duck.make,
           duck.held),
    Target("oxigraph", "RDF store on disk, SPARQL", "", quads.expected, oxigraph.make,
           oxigraph.held, answers=sparql.held),
    Target("neo4j", "CSV for neo4j-admin, import.sh", "rarekg[neo4j] for --uri",
           Published.property_graph, neo4j.make, neo4j.held,
           partial(bolt.send, schema=bolt.NEO4J), bolt.held),
    Target("memgraph", "CSV for LOAD CSV, load.cypherl", "rarekg[neo4j] for --uri",
           Published.property_graph, memgraph.make, memgraph.held,
           partial(bolt.send, schema=bolt.MEMGRAPH), bolt.held),
    Target("neptune", "CSV and N-Quads for its loader", "", neptune.expected, neptune.make,
           neptune.held),
    _files("virtuoso", virtuoso.SETTINGS),
    _files("qlever", qlever.SETTINGS),
    _files("rdf4j", rdf4j.RDF4J_SETTINGS),
    _files("graphdb", rdf4j.GRAPHDB_SETTINGS),
)


class Receipt(Struct, frozen=True):
    """What was loaded: the graph's SHA-256 of the manifest, and count and checksum by name."""

    target: str
    graph: str
    holds: dict[str, Tally]


def find(name: str) -> Target:
    """The target called `name`; raises UnknownName."""
    for target in TARGETS:
        if target.name == name:
            return target
    raise UnknownName("target", name, [target.name for target in TARGETS])


def load(target: Target, source: Path, folder: Path) -> Receipt:
    """Put what `source` published into `folder`, which then holds the database and a receipt.

    A database of an earlier load is replaced when the new one is whole and has been checked.
    Raises UsageError where the folder holds anything else or cannot be written, LoadError where
    the database does not answer with what the manifest lists.
    """
    what = Published.at(source)
    _replaceable(folder)
    expected = target.expected(what)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        swept(folder.parent)
        with scratch(folder.parent) as place:
            new = place / "new"
            new.mkdir()
            target.make(what, expected, new)
            made = compared(expected, target.held(new), target.name)
            receipt = Receipt(target.name, what.manifest.graph, made)
            with replacing(new / RECEIPT) as out:
                out.write(encoded(receipt))
            swapped(new, folder)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or folder}: {error.strerror or error}"
                         ) from None
    return receipt


def check(target: Target, source: Path, folder: Path) -> Receipt:
    """Compare the database in `folder` with what `source` published.

    Raises LoadError that names the rows which differ.
    """
    if not (folder / RECEIPT).is_file():
        raise UsageError(f"{folder} holds no database of kg load (no {RECEIPT})")
    what = Published.at(source)
    made = compared(target.expected(what), target.held(folder), target.name)
    return Receipt(target.name, what.manifest.graph, made)


def send(target: Target, source: Path, server: Server) -> Receipt:
    """Put what `source` published into a running database, and check it.

    Raises UsageError where the target's own tools do that, LoadError as `check` does.
    """
    if target.send is None:
        raise UsageError(f"{target.name} is filled by its own tools (docs/databases.md); "
                         "--check --uri asks it afterwards")
    target.send(Published.at(source), server)
    return ask(target, source, server)


def ask(target: Target, source: Path, server: Server) -> Receipt:
    """Compare a running database with what `source` published.

    Raises UsageError where it does not answer, LoadError that names the rows which differ.
    """
    if target.answers is None:
        raise UsageError(f"{target.name} cannot be asked from here (docs/databases.md)")
    what, found = Published.at(source), target.answers(server)
    expected = Published.property_graph(what) if target.send else quads.expected(what)
    made = compared(expected, found, server.uri)
    return Receipt(target.name, what.manifest.graph, made)


def _replaceable(folder: Path) -> None:
    """Raises UsageError where there is something that kg load did not write."""
    if folder.exists() and not (folder / RECEIPT).is_file() and (
            not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not from kg load: give another folder with -o")


def encoded(receipt: Receipt) -> bytes:
    """The receipt as its file has it."""
    return msgspec.json.format(msgspec.json.encode(receipt), indent=1) + b"\n"


__all__ = ["RECEIPT", "TARGETS", "Receipt", "Server", "Tally", "Target", "ask", "check", "encoded",
           "find", "load", "send"]
