"""Rare-disease pages as linked data: the names a program may import."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import DataError, KgError, SourceError, UnknownName, UsageError
    from .extract import claims
    from .loading import load
    from .model import Claim, Document, Entity, Evidence, Quantity, Reference, Span, Statement
    from .ontology import kinds
    from .rdf import quads
    from .records import record
    from .sources import read
    from .vocab.index import open_index

# Where each public name lives; a module is imported when its first name is used.
_HOMES = {
    "Claim": "model", "DataError": "errors", "Document": "model", "Entity": "model",
    "Evidence": "model", "KgError": "errors", "Quantity": "model", "Reference": "model",
    "SourceError": "errors", "Span": "model", "Statement": "model", "UnknownName": "errors",
    "UsageError": "errors", "claims": "extract", "kinds": "ontology",
    "load": "loading", "open_index": "vocab.index", "quads": "rdf", "read": "sources",
    "record": "records",
}

__all__ = [
    "Claim", "DataError", "Document", "Entity", "Evidence", "KgError", "Quantity", "Reference",
    "SourceError", "Span", "Statement", "UnknownName", "UsageError", "claims", "kinds",
    "load", "open_index", "quads", "read", "record",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
