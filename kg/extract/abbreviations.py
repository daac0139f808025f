"""Abbreviations where a page defines them, after Schwartz and Hearst (Pac Symp Biocomput 2003)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from ..model import Span

_BRACKET = re.compile(r"\(([^()]{2,80})\)")
_CUT = re.compile(r"[,;]\s|\s+(?:or|and|also|see|formerly|previously)\s")
_WORDS = re.compile(r"\S+")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
          "ix": "9", "x": "10"}
MAX_SHORT = 12
MAX_LONG = 300


class Abbreviation(Struct, frozen=True):
    """A long form and the short form that a bracket gives it, as offsets into the text."""

    long: Span
    short: Span


def is_short_form(text: str) -> bool:
    """Whether `text` has the shape of an abbreviation.

    At most two words, 2 to 12 characters, beginning with a letter or digit, with as many capitals
    and digits as other letters ("AI", "SCA2", "MPS III", "ccTGA"; not "Klumpke" or "type").
    """
    letters = [character for character in text if character.isalnum()]
    marked = sum(character.isupper() or character.isdigit() for character in letters)
    return (
        2 <= len(text) <= MAX_SHORT and len(text.split()) <= 2 and text[0].isalnum()
        and any(character.isupper() for character in letters) and 2 * marked >= len(letters)
        and marked >= 2 and not text.isdigit()
    )


def abbreviations(text: str) -> Iterator[Abbreviation]:
    """Every "long form (SF)" and "SF (long form)" of `text`, in order."""
    for bracket in _BRACKET.finditer(text):
        inside = _inside(text, bracket)
        if is_short_form(text[inside.start:inside.end]):
            long = long_form(text, inside, _before(text, bracket.start(), inside))
        else:
            inside, long = _reversed(text, bracket)
        if long:
            yield Abbreviation(long, inside)


def _inside(text: str, bracket: re.Match[str]) -> Span:
    """What the bracket says before its first comma or "or"."""
    cut = _CUT.search(text, bracket.start(1), bracket.end(1))
    return Span(bracket.start(1), cut.start() if cut else bracket.end(1))


def _before(text: str, end: int, short: Span) -> int:
    """Where a long form may begin: min(|short| + 5, 2 * |short|) words back, in one sentence."""
    size = sum(character.isalnum() for character in text[short.start:short.end])
    first = max(0, end - MAX_LONG)
    start = max(first, *(text.rfind(mark, first, end) + 1 for mark in ".;:(\n"))
    words = [found.start() for found in _WORDS.finditer(text, start, end)]
    return words[-min(size + 5, size * 2):][0] if words else end


def _reversed(text: str, bracket: re.Match[str]) -> tuple[Span, Span | None]:
    """The word before the bracket as the short form of what stands in it."""
    words = [found.span() for found in _WORDS.finditer(text, max(0, bracket.start() - 30),
                                                       bracket.start())]
    if not words or not is_short_form(text[slice(*words[-1])]):
        return Span(0, 0), None
    short = Span(*words[-1])
    long = aligned(text, short, Span(bracket.start(1), bracket.end(1)))
    return short, long if long and long.start == bracket.start(1) else None


def fits(short: str, long: str) -> bool:
    """Whether `short` abbreviates `long`: the same first character, the others in their order.

    A roman numeral may be a figure in the short form.

    >>> fits("AAG", "autoimmune autonomic ganglionopathy")
    True
    >>> fits("SCA2", "spinocerebellar ataxia type II")
    True
    >>> fits("MD", "Duchenne muscular dystrophy")
    False
    """
    wanted = [character for character in short.lower() if character.isalnum()]
    plain = long.lower()
    figures = " ".join(_ROMAN.get(word, word) for word in plain.split())
    return bool(wanted) and plain[:1] == wanted[0] and any(
        _in_order(wanted, form) for form in {plain, figures})


def _in_order(wanted: list[str], text: str) -> bool:
    letters = iter(text)
    return all(character in letters for character in wanted)


def long_form(text: str, short: Span, start: int) -> Span | None:
    """The long form that ends before the bracket of `short` and begins at or after `start`."""
    end = text.rfind("(", 0, short.start + 1)
    while end > start and text[end - 1] in " ,":
        end -= 1
    return aligned(text, short, Span(start, end))


def aligned(text: str, short: Span, within: Span) -> Span | None:
    """The shortest end of `within` in which all characters of `short` occur in their order.

    The first of them begins a word; the published algorithm, matching from the right.
    """
    position = within.end
    for at in range(short.end - 1, short.start - 1, -1):
        wanted = text[at].lower()
        if not wanted.isalnum():
            continue
        position -= 1
        while position >= within.start and not (
            text[position].lower() == wanted
            and (at > short.start or position == within.start or not text[position - 1].isalnum())
        ):
            position -= 1
        if position < within.start:
            return None
    long = Span(position, within.end)
    same = text[long.start:long.end].lower() == text[short.start:short.end].lower()
    return None if same or long.end - long.start <= short.end - short.start else long
