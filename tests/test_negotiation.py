"""Content negotiation: every Accept header that real clients send, and what they get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.negotiation import RESOURCE, by_suffix, chosen

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JENA = ("text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
        "application/rdf+xml;q=0.7,*/*;q=0.3")


@pytest.mark.parametrize(("accept", "suffix"), [
    (None, "html"), ("", "html"), ("*/*", "html"), (FIREFOX, "html"), (JENA, "ttl"),
    ("text/turtle", "ttl"), ("TEXT/Turtle", "ttl"), ("application/ld+json", "jsonld"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ("application/n-triples", "nt"), ("text/plain", "nt"), ("application/rdf+xml", "rdf"),
    ("application/json", "json"), ("application/x-ndjson", "kgx.jsonl"),
    ("text/html;q=0.5, text/turtle;q=0.9", "ttl"), ("text/turtle;q=0, */*", "html"),
    ("text/*", "html"), ("text/html;q=0, text/*", "ttl"), ("application/*", "html"),
    ("image/png, text/turtle ; q = 0.2", "ttl"), ("nonsense, text/turtle", "ttl"),
    ("application/ld+json;q=1.0, text/html;q=1", "html"),
    ("image/png", None), ("text/turtle;q=0", None), ("*/*;q=0", None), ("garbage", None),
])
def test_accept(accept: str | None, suffix: str | None) -> None:
    """The most specific range decides the quality, the table's order decides between equals."""
    found = chosen(accept, RESOURCE)
    assert (found.suffix if found else None) == suffix


@pytest.mark.parametrize(("path", "found"), [
    ("disease/MONDO:0006245.ttl", ("disease/MONDO:0006245", "ttl")),
    ("disease/MONDO:0006245.kgx.jsonl", ("disease/MONDO:0006245", "kgx.jsonl")),
    ("disease/MONDO:0006245", ("disease/MONDO:0006245", None)),
    ("publication/doi:10.1000/a.b", ("publication/doi:10.1000/a.b", None)),
])
def test_suffixes(path: str, found: tuple[str, str | None]) -> None:
    """A known suffix names the form; dots in identifiers are none."""
    rest, form = by_suffix(path)
    assert (rest, form.suffix if form else None) == found


@given(st.text(max_size=200))
def test_any_header_has_an_answer(accept: str) -> None:
    """Whatever a client sends, nothing raises."""
    assert chosen(accept, RESOURCE) in {*RESOURCE, None}
