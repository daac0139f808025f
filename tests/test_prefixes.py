"""CURIEs expand and contract to themselves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kg.errors import UnknownName, UsageError
from kg.files import rows, shipped
from kg.prefixes import extended, load
from kg.vocab.index import open_index
from kg.vocab.names import SPELLINGS, canonical

PREFIXES = [cells["prefix"] for _, cells in rows(shipped("data/prefixes.tsv"))]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_round_trips(prefix: str) -> None:
    """Expanding and contracting is the identity."""
    table = load()
    assert table.contract(table.expand(f"{prefix}:0006245")) == f"{prefix}:0006245"


def test_an_unknown_prefix_offers_near_ones() -> None:
    """The message names what would have been accepted."""
    with pytest.raises(UnknownName, match="MONDO"):
        load().expand("MOND:1")


def test_our_vocabulary_does_not_move_with_the_base() -> None:
    """Only our own nodes are minted under the publisher's base."""
    table = load("https://example.org/kg/")
    assert table.expand("rarekg:page/1") == "https://example.org/kg/page/1"
    assert table.expand("rkg:Page") == "https://w3id.org/rarekg/ontology#Page"


@pytest.mark.parametrize("base", [
    "", "example.org/", "https://example.org/kg", "ftp://x/", "https:///", "https://x.org/a#",
    "https://x.org/a b/", "https://x.org/<a>/", 'https://x.org/"/', "https://x.org/?q=/",
    "https://x.org/a/../b/", "https://x.org/./", "https://x.org/a//"])
def test_a_base_must_be_an_open_http_iri(base: str) -> None:
    """Anything else would make broken or clashing IRIs."""
    with pytest.raises(UsageError, match="base IRI"):
        load(base)


def test_an_iri_of_no_prefix_contracts_to_nothing() -> None:
    """None, not a guess."""
    assert load().contract("https://nowhere.invalid/x") is None


@pytest.mark.parametrize("base", ["http://x.org/", "https://x.org:8080/kg/v1.0/", "https://x.org/ü/"])
def test_a_base_may_have_a_path(base: str) -> None:
    """Any folder of any host can be the publisher's."""
    assert load(base).expand("rarekg:page/1") == f"{base}page/1"


# An identifier of each form that is no number of seven digits.
SAMPLES = {"DRUGBANK": "DB00072", "MESH": "D004194", "UMLS": "C0004135", "NCIT": "C9245",
           "Orphanet": "58", "OMIM": "203450", "PMC": "4370612", "PMID": "123456",
           "doi": "10.1000/182", "infores": "mondo"}
# Where Bioregistry does not know our IRI: Mondo's mapping sets write GARD so, Biolink infores;
# the last two are ours.
OWN = {"GARD", "infores", "rarekg", "rkg"}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_bioregistry_reads_every_iri_as_we_do(prefix: str) -> None:
    """The IRI that we write is one of the same resource there, or it is a known exception."""
    bioregistry = pytest.importorskip("bioregistry", reason="the registry's package")
    found = bioregistry.parse_iri(load().expand(f"{prefix}:{SAMPLES.get(prefix, '0000001')}"))
    known = found is not None and found[0] is not None
    assert known == (prefix not in OWN)
    assert not known or found[0] == bioregistry.normalize_prefix(prefix)


def test_curies_reads_our_map() -> None:
    """The reference implementation expands and contracts as we do, other spellings too."""
    curies = pytest.importorskip("curies", reason="the converter of the field")
    converter = curies.load_extended_prefix_map(extended(load(), SPELLINGS))
    for prefix in PREFIXES:
        curie = f"{prefix}:{SAMPLES.get(prefix, '0000001')}"
        assert converter.expand(curie) == load().expand(curie)
        assert converter.compress(load().expand(curie)) == curie
    assert converter.standardize_curie("ordo:58") == canonical("ORDO:58") == "Orphanet:58"


def test_every_identifier_of_the_index_round_trips() -> None:
    """Expanded and contracted, each class and cross-reference is itself."""
    table = load()
    with closing(sqlite3.connect(open_index().path)) as connection:
        found = connection.execute("SELECT id FROM terms UNION SELECT xref FROM xrefs").fetchall()
    known = [curie for (curie,) in found if curie.partition(":")[0] in table.table]
    assert len(known) > 500
    wrong = [curie for curie in known if table.contract(table.expand(curie)) != curie]
    assert wrong == []


def test_the_map_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`kg vocab prefixes` for other programs."""
    from kg.cli import main  # noqa: PLC0415

    with pytest.raises(SystemExit) as stop:
        main(["vocab", "prefixes", "--base", "https://example.org/kg/"])
    assert not stop.value.code
    found = {row["prefix"]: row for row in msgspec.json.decode(capsys.readouterr().out)}
    assert found["rarekg"]["uri_prefix"] == "https://example.org/kg/"
    assert "orpha" in found["Orphanet"]["prefix_synonyms"]
