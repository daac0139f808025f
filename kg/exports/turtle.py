"""Turtle and TriG for reading: one paragraph a subject, its class and label first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import IO

from ..ntriples import LABEL, TYPE, XSD, Memo, Node, Shortener
from ..prefixes import Prefixes
from .release import Release
from .shapes import RELATIVE, Column, places

# Lexical forms that Turtle lets stand bare, by datatype.
_BARE = {
    f"<{XSD}integer>": re.compile(r"[+-]?\d+", re.ASCII),
    f"<{XSD}decimal>": re.compile(r"[+-]?\d*\.\d+", re.ASCII),
    f"<{XSD}boolean>": re.compile("true|false"),
}
_RELATIVE = re.compile(RELATIVE, re.ASCII)
FIRST = (TYPE, LABEL)
QUOTE = '"'
BATCH = 500  # subjects written at once


class Terms(Memo):
    """N-Triples terms as Turtle has them; IRIs below our base become relative."""

    def __init__(self, prefixes: Prefixes) -> None:
        super().__init__(self._short)
        self._curie = Shortener(prefixes).curie
        self._start = f"<{prefixes.table['rarekg']}"
        self._cut = len(self._start)
        self.verbs = Memo(lambda verb: f"    {'a' if verb == TYPE else self[verb]} ")

    def _short(self, term: str) -> str:
        if term[0] == QUOTE:
            return self._literal(term)
        if term.startswith(self._start) and _RELATIVE.fullmatch(term, self._cut, len(term) - 1):
            return f"<{term[self._cut:]}"
        return self._curie(term[1:-1]) or term if term[0] == "<" else term

    def _literal(self, term: str) -> str:
        if term[-1] != ">":
            return term
        text, mark, datatype = term.rpartition("^^")
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(text, 1, len(text) - 1):
            return text[1:-1]
        return f"{text}{mark}{self[datatype]}"


def paragraph(node: Node, terms: Terms) -> str:
    """One subject with all it has, ending in a full stop."""
    subject, properties = node
    first = {verb: properties[verb] for verb in FIRST if verb in properties}
    # a plain string is in Turtle what it is in N-Triples: no look-up for half of all objects
    lines = [
        f"{terms.verbs[verb]}{one if (one := objects[0])[-1] == QUOTE else terms[one]}"
        if len(objects) == 1 else f"{terms.verbs[verb]}{', '.join([terms[one] for one in objects])}"
        for verb, objects in (first | properties).items()]
    return f"{terms[subject]}\n" + " ;\n".join(lines) + " .\n"


class Mould:
    """Paragraphs of subjects with the same predicates: see shapes.Mould."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._terms = Terms(prefixes)

    def template(self, predicates: Sequence[str]) -> tuple[list[str], list[int]]:
        """What `paragraph` writes, after an empty line."""
        found, texts, order, before = places(predicates), ["\n"], [0], "\n"
        for verb, objects in ({verb: found[verb] for verb in FIRST if verb in found}
                              | found).items():
            texts += before + self._terms.verbs[verb], *[", "] * (len(objects) - 1)
            order += objects
            before = " ;\n"
        return [*texts, " .\n"], order

    def texts(self, column: Column, _: str, /) -> Sequence[str]:
        """Terms are the same in every place."""
        if column.plain:
            return column.terms
        return column.renamed("<", ">") if column.ours else [
            term if term[-1] == QUOTE else self._terms[term] for term in column.terms]


def header(prefixes: Prefixes) -> str:
    """The base and every prefix of the table, sorted."""
    lines = [f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.table.items()]
    return f"@base <{prefixes.table['rarekg']}> .\n{''.join(lines)}"


def write_trig(release: Release, out: IO[bytes]) -> int:
    """Write the graphs as TriG, each in its block; returns the number of quads."""
    out.write(header(release.prefixes).encode())
    terms = Terms(release.prefixes)
    count = 0
    for graph, found in release.graphs():
        out.write(f"\nGRAPH {terms[graph]} {{\n".encode() if graph else b"\n{\n")
        count += _paragraphs(found, terms, out)
        out.write(b"}\n")
    return count


def _paragraphs(found: Iterable[Node], terms: Terms, out: IO[bytes]) -> int:
    count, rest = 0, iter(found)
    while batch := list(islice(rest, BATCH)):
        count += sum([len(objects) for _, properties in batch for objects in properties.values()])
        texts = [f"\n{paragraph(node, terms)}" for node in batch]
        out.write("".join(texts).encode())
    return count
