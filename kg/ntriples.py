"""N-Triples lines cut into nodes, and their terms taken apart and shortened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from .errors import DataError
from .prefixes import Prefixes

# A subject with its objects by predicate, every term as N-Triples writes it.
Node = tuple[str, dict[str, list[str]]]
# The same as a subject, and the predicate and the object of each of its triples.
Told = tuple[str, tuple[str, ...], tuple[str, ...]]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"<{RDF}type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
MAX_KEPT, MAX_TERMS = 100, 100_000  # some 30 MB
_ESCAPE = re.compile(r"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_SAFE = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)


def _character(found: re.Match[str]) -> str:
    plain, short, long = found.groups()
    return _PLAIN[plain] if plain else chr(int(short or long, 16))


def unescaped(text: str) -> str:
    """The characters that N-Triples' escapes stand for."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def literal(term: str) -> tuple[str, str, str]:
    """A literal as text, language and datatype IRI (both empty for a plain string).

    >>> literal('"5"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('5', '', 'http://www.w3.org/2001/XMLSchema#integer')
    """
    end = term.rindex('"')
    text, tail = unescaped(term[1:end]), term[end + 1:]
    if tail.startswith("@"):
        return text, tail[1:], ""
    return text, "", tail[3:-1]


def value(term: str) -> str:
    """The bare IRI, blank node or text of a term."""
    if term[0] == '"':
        return unescaped(term[1:term.rindex('"')])
    return term[1:-1] if term[0] == "<" else term


class Memo(dict[str, str]):
    """What `work` makes of a term, looked up like a dictionary; long literals are not kept."""

    def __init__(self, work: Callable[[str], str]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, term: str) -> str:
        made = self._work(term)
        if len(term) < MAX_KEPT:
            if len(self) > MAX_TERMS:
                self.clear()
            self[term] = made
        return made


@lru_cache(maxsize=4)
def _stems(prefixes: Prefixes) -> dict[str, list[tuple[str, str]]]:
    """What follows the last / or # of each prefix's IRI, with the prefix, by what is before."""
    found: dict[str, list[tuple[str, str]]] = {}
    for prefix, start in sorted(prefixes.table.items(), key=lambda row: (-len(row[1]), row[0])):
        cut = _cut(start)
        found.setdefault(start[:cut], []).append((start[cut:], prefix))
    return found


class Shortener:
    """IRIs to CURIEs by one look-up: only where the rest is plain enough for every syntax."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._stems = _stems(prefixes)
        self._base = prefixes.table["rarekg"]

    def name(self, iri: str) -> str:
        """What people call a node: its CURIE, ours with its path, else the IRI itself."""
        short = self.curie(iri)
        if short is None and iri.startswith(self._base):
            return f"rarekg:{iri[len(self._base):]}"
        return short or iri

    def curie(self, iri: str) -> str | None:
        """The CURIE of `iri`, or None where no prefix fits or the rest needs escapes."""
        cut = _cut(iri)
        tail = iri[cut:]
        for begin, prefix in self._stems.get(iri[:cut], ()):
            if tail.startswith(begin) and _SAFE.fullmatch(tail, len(begin)):
                return f"{prefix}:{tail[len(begin):]}"
        return None


def _cut(iri: str) -> int:
    """Where the last segment of an IRI begins."""
    return max(iri.rfind("/"), iri.rfind("#")) + 1


def nodes(lines: Iterable[str]) -> Iterator[Node]:
    """The subjects of sorted N-Triples lines, each with all it has.

    Raises DataError at a line, by its place among the sorted ones, that is no triple.
    """
    current = last = ""
    found: dict[str, list[str]] = {}
    objects: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            subject, predicate, rest = line.split(" ", 2)
        except ValueError:
            raise DataError("sorted triples", number, f"no triple: {line[:120]!r}") from None
        if subject != current:
            if found:
                yield current, found
            current, last, found = subject, "", {}
        if predicate == last:
            objects.append(rest[:-3])
        else:
            last, objects = predicate, [rest[:-3]]
            found[predicate] = objects
    if found:
        yield current, found


def told(lines: str) -> Told:
    """The subject of sorted N-Quads lines, all of it, with the triples that it has in any graph."""
    subject, _, _ = lines.partition(" ")
    start, tail = len(subject) + 1, lines[lines.rindex(" <"):]
    rows = lines[start:-len(tail)].split(f"{tail}{subject} ")
    if len(rows) < lines.count("\n"):  # in several graphs
        rows = [row for row, _ in groupby([
            line[start:line.rindex(" <")] for line in lines.split("\n")[:-1]])]
    predicates, objects = zip(*[row.split(" ", 1) for row in rows], strict=True)
    return subject, predicates, objects
