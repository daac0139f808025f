"""RDF terms as lines of N-Quads have them, without an object a term (RDF 1.1 N-Triples)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from . import terms
from .ntriples import XSD, Memo
from .prefixes import Prefixes

# Of these characters a literal's text is made as it is; the rest are escaped or cannot be written.
_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\", "\x7f": "\\u007F"}
# What needs neither encoding nor a look at the whole: a folder of a web address, a plain rest.
_FOLDER = re.compile(r"https?://[\w.-]+/[\w./-]*#?", re.ASCII)
_REST = re.compile(r"[\w./-]*", re.ASCII)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found.group(), "\ufffd")


def text(value: str, language: str = "") -> str:
    """A string, with a language tag where it is a name in that language; see `terms.text`."""
    # these three searches are in C and a fifth of the pattern's time
    if not value.isprintable() or '"' in value or "\\" in value:
        value = _SPECIAL.sub(_escape, value)
    return f'"{value}"@{language}' if language else f'"{value}"'


@lru_cache(4096)
def number(value: Decimal | float) -> str:
    """An xsd:decimal in canonical form; see `terms.number`."""
    return str(terms.number(value))


def integer(value: int) -> str:
    """An xsd:integer."""
    return f'"{value}"^^<{XSD}integer>'


def year(value: int) -> str:
    """An xsd:gYear; see `terms.year`."""
    return f'"{value:04d}"^^<{XSD}gYear>'


def day(value: str) -> str:
    """An xsd:date of an ISO 8601 date."""
    return f'"{value}"^^<{XSD}date>'


def true() -> str:
    """The boolean that we write."""
    return f'"true"^^<{XSD}boolean>'


@lru_cache(1024)
def duration(value: str) -> str:
    """An xsd:duration in canonical form, else the words as they are; see `terms.duration`."""
    return str(terms.duration(value))


@lru_cache(4)
def iris(prefixes: Prefixes) -> Memo:
    """The IRI of a CURIE or web address, looked up like a dictionary; the same for a whole process.

    A look-up raises UnknownName for a strange prefix.
    """
    names = terms.Names(prefixes)
    plain = {prefix: iri for prefix, iri in prefixes.table.items() if _FOLDER.fullmatch(iri)}

    def iri(name: str) -> str:
        prefix, _, rest = name.partition(":")
        if prefix in plain and _REST.fullmatch(rest):
            return f"<{plain[prefix]}{rest}>"
        return str(names.node(name))

    return Memo(iri)
