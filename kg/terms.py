"""RDF terms that every parser accepts, whatever the page said (RDF 1.1 Concepts, section 3)."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from .prefixes import Prefixes

_XSD = "http://www.w3.org/2001/XMLSchema#"
# Characters that XML 1.0 cannot hold and lone surrogates, which no encoding can.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What RFC 3987 has no place for in an IRI, and a per cent sign without two hexadecimal digits;
# characters beyond the first plane are legal but rare: they are encoded as well.
_NOT_IRI = re.compile(
    r"[^!#$%&-;=?-Z_a-z~\xa1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]|%(?![0-9A-Fa-f]{2})"
)
_WEB = re.compile(r"(?:https?|ftp)://[^/?#\s]", re.IGNORECASE)
_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def _escaped(found: re.Match[str]) -> str:
    return quote(found.group().encode("utf-8", "replace"), safe="")


def legal(iri: str) -> str:
    """`iri` with every character that an IRI cannot hold percent-encoded."""
    start, mark, fragment = _NOT_IRI.sub(_escaped, iri).partition("#")
    return start + mark + fragment.replace("#", "%23")


def web(url: str | None) -> NamedNode | None:
    """The IRI of a web address, or None where the page's text is not one."""
    address = (url or "").strip()
    if not _WEB.match(address):
        return None
    try:
        return NamedNode(legal(address))
    except ValueError:
        return None


def writable(value: str) -> str:
    """`value` at the same length with U+FFFD for what XML or UTF-8 cannot hold."""
    return _UNWRITABLE.sub("\ufffd", value)


def text(value: str, language: str | None = None) -> Literal:
    """A string, with a language tag where it is a name in that language."""
    return Literal(writable(value), language=language)


def number(value: Decimal | float) -> Literal:
    """An xsd:decimal in canonical form: no exponent, no trailing zero."""
    plain = Decimal(str(value))
    if not plain.is_finite():
        return text(str(value))
    lexical = format(plain.normalize() + 0, "f")
    return Literal(lexical, datatype=NamedNode(_XSD + "decimal"))


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(value), datatype=NamedNode(_XSD + "integer"))


def year(value: int) -> Literal:
    """An xsd:gYear, which has at least four digits."""
    return Literal(f"{value:04d}", datatype=NamedNode(_XSD + "gYear"))


def true() -> Literal:
    """The boolean that we write; a false one is left out."""
    return Literal("true", datatype=NamedNode(_XSD + "boolean"))


def duration(value: str) -> Literal:
    """An xsd:duration in canonical form (P60M is P5Y, P2W is P14D), else the words as they are."""
    found = _DURATION.fullmatch(value)
    if not found:
        return text(value)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    months, days = 12 * years + months, 7 * weeks + days
    parts = ((months // 12, "Y"), (months % 12, "M"), (days, "D"))
    lexical = "".join(f"{count}{letter}" for count, letter in parts if count)
    return Literal(f"P{lexical}" if lexical else "PT0S", datatype=NamedNode(_XSD + "duration"))


class Names:
    """IRIs of CURIEs, each made once."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes
        self._nodes: dict[str, NamedNode] = {}

    def node(self, name: str) -> NamedNode:
        """The IRI of a CURIE or of an absolute web IRI; raises UnknownName for a strange prefix."""
        node = self._nodes.get(name)
        if node is None:
            absolute = name if _WEB.match(name) else self._prefixes.expand(name)
            node = self._nodes[name] = NamedNode(legal(absolute))
        return node
