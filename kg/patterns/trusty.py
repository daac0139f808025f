"""Trusty URIs, module RA: the hash of named graphs in the IRI that names them (trustyuri.net)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

from ..ntriples import XSD, literal
from .source import Graph

BLANK = " "  # stands for the code while it is not known, and in what is hashed
CODE = re.compile("RA[A-Za-z0-9_-]{43}")
_Key = tuple[str, str, bool, str, str, str]


def code(graphs: Iterable[Graph]) -> str:
    """The artifact code of graphs whose own IRIs have BLANK where the code will stand.

    >>> code([])
    'RA47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'
    """
    digest = sha256()
    for graph in sorted(graphs, key=lambda one: one.name[1:-1]):
        name = graph.name[1:-1]
        for key in sorted(map(_key, graph.rows)):
            digest.update(f"{name}\n{key[0]}\n{key[1]}\n{_object(key)}\n".encode())
    return "RA" + urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _key(row: tuple[str, str, str]) -> _Key:
    """What the specification sorts by: IRIs before literals, then label, datatype, language."""
    subject, predicate, value = row
    if value[0] == "<":
        return subject[1:-1], predicate[1:-1], False, value[1:-1], "", ""
    text, language, datatype = literal(value)
    kind = datatype or ("" if language else f"{XSD}string")
    return subject[1:-1], predicate[1:-1], True, text, kind, language.lower()


def _object(key: _Key) -> str:
    _, _, text, value, datatype, language = key
    if not text:
        return value
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
    return f"@{language} {escaped}" if language else f"^{datatype} {escaped}"
