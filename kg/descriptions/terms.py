"""Triples of a description: collected from CURIEs and literals, written in every RDF form."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pyoxigraph as ox

from ..exports.release import Lines
from ..ntriples import XSD
from ..prefixes import Prefixes
from ..terms import Names

# Namespaces that descriptions use beside those of data/prefixes.tsv.
NAMESPACES = {
    "dcat": "http://www.w3.org/ns/dcat#", "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/", "pav": "http://purl.org/pav/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#", "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#", "idot": "http://identifiers.org/idot/",
}
MEDIA = "https://www.iana.org/assignments/media-types/"
ENGLISH = "http://lexvo.org/id/iso639-3/eng"
Value = str | ox.Literal


class Triples:
    """A growing set of triples: a string is a CURIE or a web IRI, anything else a literal."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._names = Names(prefixes)
        self._prefixes = prefixes
        self._lines: set[str] = set()

    def add(self, subject: str, predicate: str, *values: Value) -> None:
        """A triple for each value."""
        node, verb = self._names.node(subject), self._names.node(predicate)
        for value in values:
            term = self._names.node(value) if isinstance(value, str) else value
            self._lines.add(f"{node} {verb} {term} .\n")

    def about(self, subject: str, **values: Value | tuple[Value, ...]) -> None:
        """Triples of one subject: dcterms_title="…" is the property dcterms:title."""
        for name, value in values.items():
            several = value if isinstance(value, tuple) else (value,)
            self.add(subject, name.replace("_", ":", 1).replace("__", "-"), *several)

    def extend(self, other: Triples) -> None:
        """All triples of another set too."""
        self._lines |= other._lines

    def lines(self) -> Lines:
        """What was collected, for the writers of kg.exports."""
        return Lines(self._lines, self._prefixes)

    def __iter__(self) -> Iterator[str]:
        """The triples as N-Triples lines, sorted."""
        return iter(sorted(self._lines))


def english(value: str) -> ox.Literal:
    """A text in English."""
    return ox.Literal(value, language="en")


def plain(value: str) -> ox.Literal:
    """A bare string."""
    return ox.Literal(value)


def typed(value: str | int, datatype: str) -> ox.Literal:
    """A literal of a datatype of XML Schema."""
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))


def number(value: int) -> ox.Literal:
    """A count."""
    return typed(value, "integer")


def is_web(value: str) -> bool:
    """Whether a text can stand as a web IRI."""
    return bool(urlsplit(value).netloc) and value.startswith(("http://", "https://"))
