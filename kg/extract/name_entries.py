"""The entries of a list of names: where each stands, its name and its scope."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Span
from ..text import collapse
from .abbreviations import is_short_form
from .axes import axes

_ENTRY = re.compile(r"[^;\n]+")
_PIECE = re.compile(r"[^,]+")
_NOTE = re.compile(r"\s*\(([a-z. ]+)\)$")
_NARROW = frozenset({"type", "types", "subtype", "subtypes"})


def entries(text: str) -> Iterator[tuple[Span, str, str]]:
    """Place, name and scope of every entry, in order."""
    for start, end in _cut(text):
        yield _entry(text, start, end)


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Where the entries of a list of names stand: between semicolons and line ends.

    A list without semicolons is cut at its commas, if every piece is a name on its own: "grey
    palsy, Mercer disease" are two, "grey palsy, juvenile type" is one.
    """
    label = axes("synonyms")["label"].match(text)
    found = [entry.span() for entry in _ENTRY.finditer(text, label.end() if label else 0)]
    if len(found) == 1:
        pieces = [piece.span() for piece in _PIECE.finditer(text, *found[0])]
        if all(_whole(text[start:end].strip(" .")) for start, end in pieces):
            found = pieces
    yield from found


def _whole(name: str) -> bool:
    """Whether a piece between commas is a disease's name or a short form by itself.

    What is joined by "and" is one name of several signs ("grey palsy, pale ataxia and deafness").
    """
    heads = [head.end() for head in axes("synonyms")["head"].finditer(name)]
    joined = re.search(r"\band\b", name)
    return is_short_form(name) or (heads[-1:] == [len(name)] and " " in name and not joined)


def _entry(text: str, start: int, end: int) -> tuple[Span, str, str]:
    """Place, name and scope of one entry; a note behind it ("(type)") may set the scope."""
    more = axes("synonyms")["more"].search(text, start, end)
    end = more.start() if more else end
    while start < end and text[start] in " \t•·-–*,":
        start += 1
    while end > start and text[end - 1] in " \t,.":
        end -= 1
    note = _NOTE.search(text[start:end])
    name = collapse(text[start:start + note.start() if note else end])
    narrow = note is not None and note.group(1) in _NARROW
    return Span(start, end), name, "narrow" if narrow else scope_of(name)


def scope_of(name: str) -> str:
    """"abbreviation" for one short word in capitals, else "exact"."""
    return "abbreviation" if " " not in name and is_short_form(name) else "exact"
