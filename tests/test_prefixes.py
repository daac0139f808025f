"""CURIEs expand and contract to themselves."""

from __future__ import annotations

import pytest

from kg.errors import UnknownName, UsageError
from kg.files import rows, shipped
from kg.prefixes import load

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
