"""CURIEs and IRIs, both ways, from one table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import DataError, UnknownName, UsageError
from .files import rows, shipped

DEFAULT_BASE = "https://w3id.org/rarekg/"
# RFC 3987 without query, fragment and dot segments: Turtle's relative IRIs would lose those.
BASE = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+/(?:(?!\.{1,2}/)[^\s/?#<>\"{}|\\^`]+/)*")


class Prefixes:
    """The prefix table with the publisher's base filled in; longest IRI wins when contracting."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = dict(sorted(table.items()))
        self._longest_first = sorted(self.table.items(), key=lambda row: (-len(row[1]), row[0]))

    def expand(self, curie: str) -> str:
        """The IRI of a CURIE; raises UnknownName where the prefix is not in the table."""
        prefix, colon, local = curie.partition(":")
        if not colon or prefix not in self.table:
            raise UnknownName("prefix", prefix, self.table)
        return self.table[prefix] + local

    def contract(self, iri: str) -> str | None:
        """The CURIE of an IRI, or None where no prefix fits."""
        for prefix, start in self._longest_first:
            if iri.startswith(start) and len(iri) > len(start):
                return f"{prefix}:{iri[len(start):]}"
        return None


def extended(prefixes: Prefixes, spellings: Mapping[str, str]) -> list[dict[str, object]]:
    """The table as an extended prefix map (curies.load_extended_prefix_map reads it).

    `spellings` lead from other ways to write a prefix, in small letters, to ours.
    """
    return [{"prefix": prefix, "uri_prefix": iri, "prefix_synonyms": sorted(
                other for other, ours in spellings.items() if ours == prefix != other)}
            for prefix, iri in prefixes.table.items()]


def load(base: str = DEFAULT_BASE) -> Prefixes:
    """The table of data/prefixes.tsv with `base` filled in; raises UsageError for a bad one."""
    if not BASE.fullmatch(base):
        raise UsageError(f"base IRI {base!r}: give an absolute http(s) IRI that ends in / and has "
                         "no space, query or fragment")
    path = shipped("data/prefixes.tsv")
    table: dict[str, str] = {}
    for line, cells in rows(path):
        if cells["prefix"] in table:
            raise DataError(path, line, f"prefix {cells['prefix']} is there already")
        table[cells["prefix"]] = cells["iri"].replace("{base}", base)
    return Prefixes(table)
