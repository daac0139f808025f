"""Therapies named in running text: noun phrases with a therapeutic head, and drugs by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Span
from .claims import phrase
from .lists import shielded
from .page import Lexicon
from .segment import FOCUS
from .therapy_phrases import Therapy, bracketed
from .therapy_words import head_role, is_a, is_empty, patterns

MAX_MODIFIERS = 4
_WORD = re.compile(r"[A-Za-z0-9][\w/'+-]*")
_OBJECT = re.compile(r" of (?:the |a |an |any |all |one's )?(?:[\w'-]+ ){0,2}?[\w'-]+(?=$|[^\w'-])")
_PURPOSE = re.compile(r" to (?:help |better )?\w+(?: (?!and\b|or\b|may\b|is\b|are\b|can\b)[\w'-]+){0,5}")


def mentions(text: str, lexicon: Lexicon) -> tuple[Therapy, ...]:
    """The therapies that `text` (a masked sentence) names, in order, without overlaps.

    What stands in brackets counts only as an example of what stands before it.
    """
    opaque = shielded(text)
    words = list(_WORD.finditer(opaque))
    found: dict[Span, Therapy] = {}
    for index in _heads(words, opaque, lexicon):
        for therapy in _grown(text, opaque, words, index, lexicon):
            found.setdefault(therapy.span, therapy)
    return tuple(sorted(_apart(found.values()), key=lambda therapy: therapy.span))


def _heads(words: list[re.Match[str]], text: str, lexicon: Lexicon) -> Iterator[int]:
    drugs = {span.end for span, _ in (*lexicon.tag(text, "drug"), *lexicon.tag(text, "therapy"))}
    for index, word in enumerate(words):
        low = word.group().lower()
        two = f"{words[index - 1].group().lower()} {low}" if index else low
        if is_a(low, "strong") or is_a(low, "soft") or is_a(two, "strong"):
            yield index
        elif "-" in low and is_a(low.rsplit("-", 1)[1], "strong"):
            yield index
        elif (word.end() in drugs or is_a(low, "stem")) and not is_a(low, "substance"):
            yield index


def _grown(
    text: str, opaque: str, words: list[re.Match[str]], index: int, lexicon: Lexicon,
) -> Iterator[Therapy]:
    """The phrase around a head, its coordinated modifiers, and the examples in its bracket."""
    start, end = _start(opaque, words, index), words[index].end()
    if index + 1 < len(words) and _continues(opaque, words, index):
        return
    name = text[start:end]
    bracket = re.match(r" ?\ue00f+", opaque[end:])
    end = _extended(opaque, words[index], end)
    full = phrase(text[start:end])
    if is_empty(full) or is_empty(full.split(" of ")[0]) and " of " not in full or FOCUS in full:
        return
    role = head_role(name)
    if role in {"person", "test"}:
        return
    yield Therapy(full, Span(start, end), role or "drug")
    yield from _coordinated(text, start, Span(start, words[index].end()))
    if bracket:
        yield from bracketed(text, Span(start, words[index].end() + bracket.end()), lexicon)


def _start(text: str, words: list[re.Match[str]], index: int) -> int:
    """Where the noun phrase that ends in word `index` begins."""
    at = index
    while at > 0 and index - at < MAX_MODIFIERS:
        between = text[words[at - 1].end():words[at].start()]
        before = words[at - 1].group().lower()
        if between.strip(" -'") or is_a(before, "bound") or before.endswith("ly"):
            break
        at -= 1
    return words[at].start()


def _continues(text: str, words: list[re.Match[str]], index: int) -> bool:
    """Whether the noun phrase goes on after this word to another head ("steroid injections")."""
    this, following = words[index], words[index + 1]
    if text[this.end():following.start()] != " ":
        return False
    low = following.group().lower()
    two = f"{this.group().lower()} {low}"
    if any(is_a(low, role) for role in ("strong", "soft", "person", "test")) or is_a(two, "strong"):
        return True
    return low.endswith(("-related", "-induced", "-resistant")) or is_a(low, "attribute")


def _extended(text: str, head: re.Match[str], end: int) -> int:
    """The end of the phrase with the object or purpose that the head needs."""
    low = head.group().lower()
    pattern = _OBJECT if is_a(low, "of") else _PURPOSE if is_a(low, "generic") else None
    found = pattern.match(text, end) if pattern else None
    return found.end() if found and FOCUS not in found.group() else end


def _coordinated(text: str, start: int, core: Span) -> Iterator[Therapy]:
    """The modifiers before "and": "physical and occupational therapy" is also physical therapy."""
    words = text[core.start:core.end].split(" ")
    if len(words) < 2 or not is_a(words[0].lower(), "adjective"):
        return
    adjective = patterns()["adjective"].pattern
    found = re.search(rf"\b((?:{adjective},? )+)(?:and/or|and|or) $", text[:start], re.I)
    for part in re.finditer(rf"\b{adjective}\b", found.group(1), re.I) if found else ():
        assert found is not None  # noqa: S101 - for the type checker
        at = found.start(1) + part.start()
        name = f"{part.group()} {' '.join(words[1:])}"
        yield Therapy(phrase(name), Span(at, at + len(part.group())), "strong")


def _apart(found: object) -> Iterator[Therapy]:
    """Longest first where two overlap."""
    taken: list[Span] = []
    for therapy in sorted(found, key=lambda t: (t.span.start - t.span.end, t.span)):  # type: ignore[call-overload]
        if not any(therapy.span.start < span.end and span.start < therapy.span.end for span in taken):
            taken.append(therapy.span)
            yield therapy
