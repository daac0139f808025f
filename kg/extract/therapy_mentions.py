"""Therapies named in running text: noun phrases with a therapeutic head, and drugs by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from ..model import Span
from .claims import phrase
from .lists import shielded
from .page import Lexicon
from .therapy_phrases import Therapy, bracketed, cut_of, nameable
from .therapy_words import HEADS, core, head_role, heads, is_a, patterns

MAX_MODIFIERS = 5
MAX_OBJECT = 4
_WORD = re.compile(r"[A-Za-z0-9][\w/'+-]*")
_BRACKET = re.compile(r"\s*\([^()]*\)\s*")
_BRACKET_AFTER = re.compile(r" ?\ue00f+")
_PURPOSE = re.compile(
    r" (?:to|for|against) (?:help |better |the )?(?!people|patients|those|some|\ue000)\w+"
    r"(?: (?!and\b|or\b|may\b|is\b|are\b|can\b|in\b)[\w'-]+){0,4}", re.IGNORECASE)
# What a purpose still needs: "stop the release of the hormone", "keep the gland from swelling".
_MORE = (r"(?: of(?: the| an?)?(?: (?!(?:and|or|may|can|is|are|with|that|which|who|to|in|for|by)\b)"
         r"[\w-]+){1,2}| from [a-z]+ing(?: (?!(?:and|or|may|can|is|are|with|that|which|who|to|in"
         r"|for|by)\b)[\w-]+){0,2})?")
_OF = re.compile(r" of (?:the |a |an |any |all |their |one's )?", re.IGNORECASE)
_WILL = re.compile(r" (that|which) (?:can |may |will |also )+")
# Inside a noun phrase: a space, or an abbreviation or synonym in brackets.
_GAP = re.compile(r" (?:\ue00f+ )?")




class Word(Struct, frozen=True):
    """A word of the sentence, in lower case, with its place."""

    low: str
    start: int
    end: int


@lru_cache(maxsize=2048)
def mentions(text: str, lexicon: Lexicon) -> tuple[Therapy, ...]:
    """The therapies that `text` (a masked sentence) names, in order, without overlaps.

    What stands in brackets counts only as an example of what stands before it.
    """
    opaque = shielded(text)
    words = list(_words(opaque, lexicon))
    drugs = _drugs(opaque, lexicon)
    found = [therapy for index in _heads(words, drugs)
             for therapy in _grown(text, opaque, words, index, lexicon)]
    return tuple(sorted(_apart(found), key=lambda therapy: therapy.span))


def _words(text: str, lexicon: Lexicon) -> Iterator[Word]:
    """The words of the sentence; where two ran together, both."""
    for found in _WORD.finditer(text):
        cut = cut_of(text, Span(*found.span()), lexicon) if len(found.group()) >= 12 else 0
        for start, end in ((found.start(), cut), (cut, found.end())) if cut else (found.span(),):
            yield Word(text[start:end].lower(), start, end)


def _drugs(text: str, lexicon: Lexicon) -> tuple[Span, ...]:
    """What the lexicon knows by name, substances of the body only where they are said to help."""
    return tuple(
        span for category in ("drug", "therapy") for span, _ in lexicon.tag(text, category)
        if not is_a(text[span.start:span.end].lower(), "substance")
        or patterns()["helps"].match(text, span.end))


def _heads(words: list[Word], drugs: tuple[Span, ...]) -> Iterator[int]:
    ends = {span.end for span in drugs}
    before = ""
    for index, word in enumerate(words):
        if _heads_phrase(before, word.low) or word.end in ends or _cut_here(words, index):
            yield index
        before = word.low


def _is_head(words: list[Word], index: int) -> bool:
    return _heads_phrase(words[index - 1].low if index else "", words[index].low)


@lru_cache(maxsize=1 << 16)
def _heads_phrase(before: str, low: str) -> bool:
    """Whether a word, alone or with the one before it, is a therapeutic head."""
    if _heads_alone(low):
        return True
    if not before:
        return heads(of_two_words=False).fullmatch(low) is not None
    return not is_a(before, "bound") and heads(of_two_words=True).fullmatch(
        f"{before} {low}") is not None


@lru_cache(maxsize=1 << 14)
def _heads_alone(low: str) -> bool:
    last = low.rsplit("-", 1)[1] if "-" in low else low
    return heads(of_two_words=False).fullmatch(last) is not None or (
        is_a(low, "stem") and not is_a(low, "substance"))


def _cut_here(words: list[Word], index: int) -> bool:
    """Whether a lost separator follows the word, so that it is a drug's name."""
    return index + 1 < len(words) and words[index].end == words[index + 1].start


def _grown(
    text: str, opaque: str, words: list[Word], index: int, lexicon: Lexicon,
) -> Iterator[Therapy]:
    """The phrase around a head, its coordinated modifiers, and the examples in its bracket."""
    if index + 1 < len(words) and _continues(opaque, words, index):
        return
    start, end = words[_start(opaque, words, index)].start, words[index].end
    bracket = _BRACKET_AFTER.match(opaque, end)
    if bracket:
        yield from bracketed(text, Span(start, bracket.end()), lexicon)
    longer = _extended(opaque, words, index)
    name = phrase(_WILL.sub(r" \1 ", _BRACKET.sub(" ", text[start:longer])))
    role = head_role(text[start:end])
    if not nameable(name) or role in {"person", "test"}:
        return
    if _again(text, start, longer, words[index]):
        return
    if role == "listed" and longer > end and is_a(words[index].low, "generic"):
        role = "soft"
    elif role == "listed" and patterns()["eponym"].search(text, start, end):
        role = "strong"
    elif role == "listed" and is_a(words[index].low, "substance") and patterns()["helps"].match(
            text, end):
        role = "drug"
    yield Therapy(name, Span(start, longer), role or "drug")
    yield from _coordinated(text, start, Span(start, end))


def _again(text: str, start: int, end: int, head: Word) -> bool:
    """Whether the phrase only points back ("the surgery", "this drug") or stands in apposition."""
    before, cue = text[max(0, start - 30):start], patterns()
    one, generic = " " not in text[start:end], is_a(head.low, "generic")
    if cue["apposition"].search(before) and (generic or one):
        return True
    if generic and cue["predicate"].search(before) and not cue["eponym"].search(text, start, end):
        return True
    if is_a(head.low, "verb") and (cue["object"].match(text, head.end) or (
            start == head.start and cue["verb_before"].search(before))):
        return True
    return generic and one and bool(cue["named_again"].search(before))


def _start(text: str, words: list[Word], index: int) -> int:
    """The first word of the noun phrase that ends in word `index`."""
    at = index
    while at > 0 and index - at < MAX_MODIFIERS and _modifies(text, words, at):
        if at == index and _is_class(words, at - 1) and _is_name(words[at]) and not is_a(
                f"{words[at - 1].low} {words[at].low}", "strong"):
            break
        at -= 1
    return at


def _modifies(text: str, words: list[Word], at: int) -> bool:
    """Whether the word before word `at` belongs to the same noun phrase."""
    before = words[at - 1]
    adverb = before.low.endswith("ly") and not is_a(before.low, "no_adverb")
    lower = before.low == text[before.start:before.end]
    return not (
        adverb or is_a(before.low, "bound") or (lower and _begins(text, words[at]))
        or not _GAP.fullmatch(text, before.end, words[at].start))


def _is_class(words: list[Word], index: int) -> bool:
    return _is_head(words, index) and not _is_name(words[index])


def _is_name(word: Word) -> bool:
    """Whether the word is a drug's own name, which stands after its class ("antibiotic X")."""
    return is_a(word.low, "stem") or not any(is_a(word.low, role) for role in HEADS)


def _begins(text: str, word: Word) -> bool:
    """Whether a capital begins the word but not an abbreviation: where list items ran together."""
    return text[word.start].isupper() and text[word.start + 1:word.start + 2].islower()


def _continues(text: str, words: list[Word], index: int) -> bool:
    """Whether the noun phrase goes on after this word to another head ("steroid injections")."""
    this, following = words[index], words[index + 1]
    if not _GAP.fullmatch(text, this.end, following.start):
        return False
    low = following.low
    roles = ("strong", "soft", "listed", "person", "test", "attribute")
    return any(is_a(low, role) for role in roles) or is_a(f"{this.low} {low}", "strong") or (
        low.endswith(("-related", "-induced", "-resistant", "-based", "based")))


def _extended(text: str, words: list[Word], index: int) -> int:
    """The end of the phrase with the object or purpose that the head needs."""
    head = words[index]
    if is_a(head.low, "of"):
        found = _OF.match(text, head.end)
        return _object_end(text, words, index, found.end()) if found else head.end
    if (clause := _that_clause(text, words, index)) is not None:
        return clause
    if is_a(head.low, "generic") and _start(text, words, index) == index:
        found = _PURPOSE.match(text, head.end)
        ends = [word.end for word in words[index + 1:] if found and word.end <= found.end()
                and not is_a(word.low, "bound")]
        return max(ends, default=head.end)
    return head.end


@cache
def _that() -> re.Pattern[str]:
    """A relative clause that says what the drugs do, up to its object."""
    stop = (r"(?:have|has|had|was|were|could|should|also|may|can|are|is|and|or|to|in|for|by|will"
            r"|with|so|from|of|against|as|such|associated|that|which)\b")
    return re.compile(
        rf" (?:that|which) (?:can |may |will |help |also )*{patterns()['acts'].pattern}"
        rf"(?: (?!{stop})[\w'-]+){{1,4}}{_MORE}", re.IGNORECASE)


def _that_clause(text: str, words: list[Word], index: int) -> int | None:
    """The end of what says which drugs are meant: "drugs that widen the vessels may help"."""
    found = _that().match(text, words[index].end)
    if not found or not is_a(words[index].low, "purposeful") or _start(text, words, index) != index:
        return None
    before = text[max(0, words[index].start - 30):words[index].start]
    return None if patterns()["defines"].search(before) else found.end()


def _object_end(text: str, words: list[Word], index: int, start: int) -> int:
    """The end of the noun phrase that begins at `start`, or of the head where there is none."""
    end = words[index].end
    for word in words[index + 2:index + 3 + MAX_OBJECT]:
        if word.start < start:
            continue
        gap = text[end:word.start] if end > words[index].end else ""
        if gap.strip() or is_a(word.low, "bound"):
            break
        end = word.end
    return end


def _coordinated(text: str, start: int, whole: Span) -> Iterator[Therapy]:
    """The modifiers before "and": "physical and occupational therapy" is also physical therapy."""
    words = _BRACKET.sub(" ", text[whole.start:whole.end]).split(" ")
    if len(words) < 2:
        return
    adjective = patterns()["adjective"].pattern
    found = re.search(rf"\b(?:{adjective},? )+(?:and/or|and|or) $", text[:start], re.IGNORECASE)
    for part in re.finditer(rf"\b{adjective}\b", found.group(), re.IGNORECASE) if found else ():
        at = len(text[:start]) - len(found.group() if found else "") + part.start()
        name = phrase(f"{part.group()} {' '.join(words[1:])}")
        yield Therapy(name, Span(at, at + len(part.group())), head_role(core(name)) or "strong")


def _apart(found: Iterable[Therapy]) -> Iterator[Therapy]:
    """The longest first where two overlap."""
    taken: list[Span] = []
    for one in sorted(found, key=lambda t: (t.span.start - t.span.end, t.span, t.name)):
        if not any(one.span.start < span.end and span.start < one.span.end for span in taken):
            taken.append(one.span)
            yield one
