"""Other names of the disease in running text: "X, also known as Y", "X (SF)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct, structs

from ..model import Span
from ..text import collapse, normalise
from .abbreviations import abbreviations, fits, is_short_form
from .axes import axes
from .frames import fired
from .segment import FOCUS, Sentence

_COMMA = re.compile(
    r",\s*(?:and/or|and|or)\s+(?:also\s+)?|,\s+(?!types?\b)|\s(?:and/or|or)\s(?:also\s+)?")
_AND = re.compile(r"\sand\s")
_BRACKETED = re.compile(r"(?<=[\w.'’])\s\(([^\s(),;][^(),;]{1,11}?)(?=[),;]|\sor\s|\sand\s)")
_BRACKET = re.compile(r"\([^()]*\)")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_PLURAL = re.compile(r"(?<=[a-z]{4})(?<!s)s$")
_IT = re.compile(r"^(?:It|They)(?= (?:is|are|was|has)\b)")
_THESE = re.compile(r"^these\b", re.IGNORECASE)
_WORD = re.compile(r"[\w'-]+$")


MAX_SENTENCE = 4000  # what is longer is no sentence
WINDOW = 200  # characters before a mention that can bear on it


class Alias(Struct, frozen=True):
    """A name that a sentence gives to the disease; `span` is relative to the sentence."""

    sentence: Sentence
    span: Span
    scope: str
    rule: str

    @property
    def name(self) -> str:
        """The name without article, quotation marks or the bracket it broke ("slow) palsy")."""
        text = self.sentence.text[self.span.start:self.span.end]
        return collapse(_ARTICLE.sub("", text.replace(")", " "))).strip(" ,;:.\"“”")


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """Equal for names that differ in case, punctuation or a plural.

    >>> key("Mercer's Palsies, type-1") == key("Mercer palsies type 1")
    True
    """
    return " ".join(word[:-1] if word.endswith("s") and _PLURAL.search(word) else word
                    for word in normalise(name).split())


def aliases(sentences: Iterable[Sentence], names: tuple[str, ...]) -> Iterator[Alias]:
    """The names that sentences give to the disease, by frames and by abbreviations of `names`."""
    keys = frozenset(key(name) for name in names)
    before: Sentence | None = None
    for sentence in sentences:
        subject = _with_it(sentence, before)
        before = sentence
        if FOCUS in subject.masked:
            yield from framed(subject)
            for span in abbreviated(sentence.text, keys):
                yield Alias(sentence, span, "abbreviation", "synonym.abbreviation")


def _with_it(sentence: Sentence, before: Sentence | None) -> Sentence:
    """The sentence with a first "It" masked where the sentence before begins with the disease."""
    if not before or before.block != sentence.block or not before.masked.startswith(FOCUS):
        return sentence
    masked = _IT.sub(lambda found: FOCUS * len(found.group()), sentence.masked)
    return structs.replace(sentence, masked=masked)


def framed(sentence: Sentence) -> Iterator[Alias]:
    """The names that a frame of data/frames/synonyms.tsv finds in the sentence."""
    if len(sentence.text) > MAX_SENTENCE:
        return
    for match in fired(sentence, "synonyms"):
        start = match.whole.start
        if is_part(sentence.masked, start) or _THESE.match(sentence.text[start:]):
            continue
        listed, words = match.spans[-1], axes("synonyms")
        if words["conditional"].match(sentence.masked[listed.end:]) or (
            words["supposed"].match(sentence.masked[:start])
        ):
            continue
        for span in _names_in(sentence.text, listed):
            name = sentence.text[span.start:span.end]
            if not words["generic"].match(name):
                scope = "abbreviation" if is_short_form(name) else match.frame.value
                yield Alias(sentence, span, scope, match.frame.rule)


def is_part(masked: str, start: int) -> bool:
    """Whether the disease at `start` is only part of the subject ("type II …", "a form of …")."""
    if masked[start:start + 1] != FOCUS:
        return False
    left = masked[max(0, start - WINDOW):start].rstrip()
    word = _WORD.search(left)
    words = axes("synonyms")
    return bool(
        (word and not words["free"].match(word.group())) or words["part"].search(left))


def _names_in(text: str, span: Span) -> Iterator[Span]:
    """The single names of a coordinated list, up to the first piece that is no name."""
    shielded = text[:span.start] + re.sub(
        r"\([^()]*\)", lambda found: "\ue00f" * len(found.group()), text[span.start:span.end])
    for piece in _pieces(shielded, span):
        if axes("synonyms")["not_name"].match(text[piece.start:piece.end]):
            return
        if not axes("synonyms")["adjective"].match(text[piece.start:piece.end]):
            yield from _without_bracket(text, piece)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """The list cut at commas and "or", and at an "and" behind what is a name by itself."""
    start = span.start
    for comma in (*_COMMA.finditer(text, span.start, span.end), None):
        end = comma.start() if comma else span.end
        middle = _AND.search(text, start, end)
        if middle and _is_whole(text[start:middle.start()]):
            yield Span(start, middle.start())
            start = middle.end()
        yield Span(start, end)
        start = comma.end() if comma else end


def _is_whole(name: str) -> bool:
    return is_short_form(name) or bool(axes("synonyms")["head"].search(name))


def _without_bracket(text: str, span: Span) -> Iterator[Span]:
    """"hereditary X (HX)" as the name and, where it abbreviates it, the bracket."""
    opened = text.find("(", span.start, span.end)
    if opened < 0:
        yield _tight(text, span.start, span.end)
        return
    yield _tight(text, span.start, opened)
    for found in abbreviations(text[span.start:span.end]):
        yield Span(span.start + found.short.start, span.start + found.short.end)


def _tight(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " ,;:.\"“”'‘(":
        start += 1
    while end > start and text[end - 1] in " ,;:.\"“”‘)":
        end -= 1
    return Span(start, end)


def abbreviated(text: str, keys: frozenset[str]) -> Iterator[Span]:
    """The short forms of the names in `keys`, in a bracket behind one or before one in brackets."""
    if "(" not in text:
        return
    for found in _BRACKETED.finditer(text):
        if not is_short_form(found.group(1)):
            continue
        fitting = frozenset(name for name in keys if _abbreviates(found.group(1), name))
        if fitting and _ends_with(text[max(0, found.start() - WINDOW):found.start()], fitting):
            yield Span(*found.span(1))
    for defined in abbreviations(text):
        long = text[defined.long.start:defined.long.end]
        if defined.short.start < defined.long.start and key(long) in keys:
            yield defined.short


def _abbreviates(short: str, name: str) -> bool:
    """Whether `short` stands for the name, perhaps without a first word like "acquired"."""
    first, _, rest = name.partition(" ")
    return fits(short, name) or (
        bool(axes("synonyms")["modifier"].match(first)) and fits(short, rest))


def _ends_with(text: str, keys: frozenset[str]) -> bool:
    """Whether the text ends with one of the names, which is not part of a longer one there."""
    words = key(_BRACKET.sub(" ", text)).split()
    for size in range(1, min(len(words), 14) + 1):
        name = " ".join(words[-size:])
        if name in keys:
            at = text.lower().rfind(words[-size])
            masked = text[:at] + FOCUS
            if at <= 0 or not is_part(masked, at):
                return True
    return False
