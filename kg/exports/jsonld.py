"""Compact JSON-LD with its context inside: one node a line, the same triples after expansion."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache, partial
from json.encoder import encode_basestring as _quoted
from typing import Any

from msgspec import Struct

from ..errors import DataError
from ..files import shipped
from ..ntriples import TYPE, XSD, Memo, Node, Shortener, literal
from ..prefixes import Prefixes
from .shapes import Column, places

CONTEXT = "context.jsonld"
_INTEGER = re.compile(r"-?[1-9]\d{0,14}|0", re.ASCII)
_PLAIN_KEYS = {"@id", "@type", "@container"}


class Term(Struct, frozen=True):
    """A property's name in the context, what its strings mean and whether it is always a list."""

    name: str
    type: str = ""
    many: bool = False


@cache
def context() -> dict[str, Any]:
    """The context that ships with the ontology; raises DataError where it is not JSON-LD."""
    path = shipped(f"ontology/{CONTEXT}")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(path, 1, f"not a JSON-LD context: {error}") from None
    if not isinstance(found, dict):
        raise DataError(path, 1, "the context is not one object")
    return found


def context_for(prefixes: Prefixes, base: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with every prefix of the table as it is in this release."""
    table = {prefix: {"@id": iri, "@prefix": True} for prefix, iri in prefixes.table.items()}
    return {**base, **table}


class _Values(Memo):
    """The values of properties without a type: a plain string is in JSON what it is in N-Triples,
    if it has nothing to escape."""

    def __missing__(self, term: str) -> str:
        if term[-1] == '"' and "\\" not in term and term.isprintable():
            return term
        return super().__missing__(term)


_Property = tuple[str, Memo, bool]  # its key in JSON, the texts of its values, always a list


class Writer:
    """Nodes as JSON text under a release's context; the text of a term is worked out once."""

    def __init__(self, prefixes: Prefixes) -> None:
        names, known, _ = _context(prefixes)
        self._name = Shortener(prefixes).name
        self.id = _quoted(_alias(names, "@id"))
        self.type = _quoted(_alias(names, "@type"))
        self.iris = Memo(partial(self._value, kind="@id"))  # of subjects and objects alike
        self.untyped = _Values(partial(self._value, kind=""))
        self._terms = {f"<{iri}>": self._known(term) for iri, term in known.items()}

    def node(self, node: Node) -> str:
        """One subject with all it has, as one JSON object."""
        subject, properties = node
        parts = [f"{self.id}:{self.iris[subject]}"]
        kinds = properties.get(TYPE, ())
        typed = bool(kinds) and not any(term[0] == '"' for term in kinds)
        if typed:
            texts = [self.iris[term] for term in kinds]
            parts.append(f"{self.type}:{texts[0] if len(texts) == 1 else _listed(texts)}")
        for predicate, terms in properties.items():
            if predicate != TYPE or not typed:
                name, values, many = self.property(predicate)
                text = (values[terms[0]] if len(terms) == 1 and not many
                        else _listed([values[term] for term in terms]))
                parts.append(f"{name}{text}")
        return f"{{{','.join(parts)}}}"

    def iri(self, term: str) -> str:
        """A node's CURIE, or its full IRI."""
        return self._name(term[1:-1]) if term[0] == "<" else term

    def property(self, predicate: str) -> _Property:
        """The key of a property, the texts of its values, and whether it is always a list."""
        return self._terms.get(predicate) or self._term(predicate)

    def _term(self, predicate: str) -> _Property:
        """A property that the context does not name: its CURIE."""
        found = f"{_quoted(self._name(predicate[1:-1]))}:", self.untyped, False
        self._terms[predicate] = found
        return found

    def _known(self, term: Term) -> _Property:
        """A property of the context: its key, the texts of its values, whether it is a list."""
        shared = {"": self.untyped, "@id": self.iris}
        values = (shared[term.type] if term.type in shared else
                  Memo(partial(self._value, kind=term.type)))
        return f"{_quoted(term.name)}:", values, term.many

    def _value(self, term: str, kind: str) -> str:
        """An object: a bare string or number wherever the context gives it back its type."""
        if term[0] != '"':
            iri = _quoted(self.iri(term))
            return iri if kind == "@id" else f"{{{self.id}:{iri}}}"
        text, language, datatype = literal(term)
        if datatype == kind and not language:
            return _quoted(text)
        if not kind and _is_native(text, datatype):
            return text
        about = f',"@language":{_quoted(language)}' if language else ""
        about = f',"@type":{_quoted(self._name(datatype))}' if datatype else about
        return f'{{"@value":{_quoted(text)}{about}}}'


class Mould:
    """Objects of subjects with the same predicates: see shapes.Mould."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._writer = Writer(prefixes)
        base = prefixes.table["rarekg"]
        # other prefixes for paths below our base would come before ours
        self._named = not any(iri.startswith(base) and iri != base and "#" not in iri
                              for iri in prefixes.table.values())

    def template(self, predicates: Sequence[str]) -> tuple[list[str], list[int]]:
        """What `Writer.node` writes, in a line of its own."""
        writer, found, order, after = self._writer, places(predicates), [0], ""
        texts = [f"\n{{{writer.id}:"]
        for predicate in sorted(found, key=TYPE.__ne__):  # classes first
            objects = found[predicate]
            name, _, many = (f"{writer.type}:", None, False) if predicate == TYPE else (
                writer.property(predicate))
            listed = many or len(objects) > 1
            texts += f"{after},{name}{'[' if listed else ''}", *[","] * (len(objects) - 1)
            order += objects
            after = "]" if listed else ""
        return [*texts, f"{after}}}"], order

    def texts(self, column: Column, predicate: str, /) -> Sequence[str]:
        """Subjects and classes are named, other terms are what their property makes of them."""
        writer = self._writer
        values = writer.iris if predicate in {"", TYPE} else writer.property(predicate)[1]
        if column.plain and values is writer.untyped:
            return column.terms
        if column.ours and values is writer.iris and self._named:
            return column.renamed('"rarekg:', '"')
        return column.each(values)


def _is_native(text: str, datatype: str) -> bool:
    """Whether JSON's own value expands to this literal again."""
    if datatype == f"{XSD}boolean":
        return text in {"true", "false"}
    return datatype == f"{XSD}integer" and bool(_INTEGER.fullmatch(text))


def _listed(texts: list[str]) -> str:
    return f"[{','.join(texts)}]"


def _alias(names: Mapping[str, Any], keyword: str) -> str:
    found = [name for name, meaning in sorted(names.items()) if meaning == keyword]
    return found[0] if found else keyword


def _terms(prefixes: Prefixes, names: Mapping[str, Any]) -> list[tuple[str, Term]]:
    """The properties of the context whose definition this writer understands, by IRI."""
    found = []
    for name, meaning in sorted(names.items(), reverse=True):
        parts = {"@id": meaning} if isinstance(meaning, str) else meaning
        if name[0] == "@" or not isinstance(parts, dict) or not parts.keys() <= _PLAIN_KEYS:
            continue
        kind, container = parts.get("@type", ""), parts.get("@container", "")
        iri = _expanded(parts.get("@id", ""), prefixes)
        known = kind in {"", "@id"} or ":" in kind
        if iri and known and container in {"", "@set"}:
            found.append((iri, Term(name, _expanded(kind, prefixes) or kind, container == "@set")))
    return found


def _expanded(name: str, prefixes: Prefixes) -> str:
    """The IRI that a context's CURIE or IRI means, empty for keywords."""
    prefix, _, local = name.partition(":")
    if name.startswith("@") or not local:
        return ""
    return name if local.startswith("//") else prefixes.table.get(prefix, f"{prefix}:") + local


@lru_cache(maxsize=4)
def _context(prefixes: Prefixes) -> tuple[Mapping[str, Any], Mapping[str, Term], bytes]:
    """The context of a release, its properties by IRI, and how a document begins that has it."""
    names = context_for(prefixes, context())
    head = f'{{"@context": {json.dumps(names, ensure_ascii=False, indent=1)},\n"@graph": ['
    return names, dict(_terms(prefixes, names)), head.encode()


def opening(prefixes: Prefixes) -> bytes:
    """What stands before the first node of a release."""
    return _context(prefixes)[2]
