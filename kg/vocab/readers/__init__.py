"""The table of readers: one published format each, recognised by content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from ...errors import DataError, UsageError
from .. import unpacking
from ..term import Report, Term
from . import (
    cellxgene,
    chebi,
    drugbank,
    drugnames,
    genes,
    hpoa,
    kgx,
    mesh,
    ncit,
    obo,
    obographs,
    sssom,
    tables,
)

HEAD = 4096


class Reader(Struct, frozen=True):
    """A format: `accepts` sees a file's name and its first bytes, decompressed where gzipped."""

    format: str
    accepts: Callable[[str, bytes], bool]
    read: Callable[[Path, Report], Iterator[Term]]
    version: Callable[[Path, bytes], str]
    fallback: bool = False  # every other vocabulary outranks it


# The first that accepts a file reads it.
READERS: tuple[Reader, ...] = (
    Reader("cellxgene", cellxgene.accepts, cellxgene.read, cellxgene.version),
    Reader("drug names", drugnames.accepts, drugnames.read, drugnames.version),
    Reader("OBO", obo.accepts, obo.read, obo.version),
    Reader("OBO Graphs", obographs.accepts, obographs.read, obographs.version),
    Reader("SSSOM", sssom.accepts, sssom.read, sssom.version),
    Reader("HGNC", genes.accepts_hgnc, genes.read_hgnc, genes.version),
    Reader("HPO genes", genes.accepts_hpo, genes.read_hpo, genes.version),
    Reader("DrugBank vocabulary", drugbank.accepts, drugbank.read, drugbank.version),
    Reader("ChEBI table", chebi.accepts, chebi.read, chebi.version),
    Reader("MeSH table", mesh.accepts, mesh.read, mesh.version, fallback=True),
    Reader("NCIT table", ncit.accepts, ncit.read, ncit.version, fallback=True),
    Reader("HPO annotations", hpoa.accepts, hpoa.read, hpoa.version, fallback=True),
    Reader("KGX nodes", kgx.accepts, kgx.read, kgx.version),
    Reader("table", tables.accepts, tables.read, tables.version),
)


def head(path: Path) -> bytes:
    """The first bytes of a file, decompressed where it is gzipped.

    Raises UsageError where it cannot be read.
    """
    try:
        with path.open("rb") as handle:
            start = handle.read(HEAD)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error})") from None
    if not start.startswith(unpacking.GZIP):
        return start
    try:
        with unpacking.opened(path) as unzipped:
            return unzipped.read(HEAD)
    except DataError as error:
        raise UsageError(f"{path}: cannot be read ({error})") from None


def reader_of(path: Path) -> Reader:
    """The reader for a file; raises UsageError naming the accepted formats where none fits."""
    start = head(path)
    for reader in READERS:
        if reader.accepts(path.name, start):
            return reader
    known = ", ".join(reader.format for reader in READERS)
    raise UsageError(f"{path}: not a vocabulary in a known format ({known})")
