"""From the words of a list to the therapies in it, each with a short name and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from ..model import Span
from .claims import phrase
from .lists import SHIELD, run_together, shielded, split, with_shared_head
from .page import Lexicon
from .segment import FOCUS
from .therapy_words import core, head_role, is_a, is_empty, patterns, tails

MAX_WORDS = 9
KNOWN = frozenset({"drug", "strong", "soft", "listed"})
SURE = KNOWN - {"listed"}
_BRACKET = re.compile(r"\([^()]*\)")
_WITH = re.compile(r"\s+(?:with|using)\s+", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{2}")
_CANDIDATE = re.compile(r"[A-Za-z]{12,}")
_LOOSE = re.compile(r"\s+(?:and|or|and/or)$", re.IGNORECASE)


class Therapy(Struct, frozen=True):
    """A therapy's name with its place (offsets into the text that was read).

    `strength` is "drug", "strong", "soft", "listed" or "" for a phrase whose head is not known.
    """

    name: str
    span: Span
    strength: str


def strength(name: str, lexicon: Lexicon) -> str:
    """How surely `name` is a therapy: by its head, else by the lexicon."""
    role = head_role(name)
    if role in {"person", "test", "strong"}:
        return role
    return "drug" if is_drug(name, lexicon) else role


def is_drug(name: str, lexicon: Lexicon) -> bool:
    """Whether the last one to three words of the name's core are a drug or therapy by name."""
    words = core(name).split()[-3:]
    return any(
        _is_known(lexicon, " ".join(words[at:]), category)
        for at in range(len(words)) for category in ("drug", "therapy")
    )


@lru_cache(maxsize=1 << 14)
def _is_known(lexicon: Lexicon, name: str, category: str) -> bool:
    """Kept, as the same few heads ("therapy", "surgery") end most phrases."""
    return bool(lexicon.find(name, category))


def listed(text: str, slot: Span, lexicon: Lexicon, *, any_head: bool) -> tuple[Therapy, ...]:
    """The therapies of a coordinated list, in its order, classes and their examples both.

    `any_head` accepts phrases whose head is unknown, as after "is treated with"; from a purpose
    ("drugs to relieve pain, fever and cough") on, only known heads are accepted.
    """
    spans = list(_conjuncts(text, _first_clause(text, slot), lexicon))
    found: list[Therapy] = []
    known = KNOWN
    for span, name in zip(spans, _shared(text, spans, lexicon), strict=True):
        if found and _explains(text, span):
            continue
        purpose = _purpose(found[-1].name, text, span) if found else None
        therapy = purpose or _read(text, span, name, lexicon)
        if therapy and (purpose or any_head or therapy.strength in known):
            found.append(therapy)
        found.extend(bracketed(text, span, lexicon))
        if patterns()["purpose"].search(text[span.start:span.end]):
            any_head, known = False, SURE
    return tuple(found)


def _purpose(before: str, text: str, span: Span) -> Therapy | None:
    """Another purpose of what stands before: "medicines to treat pain or lower blood pressure"."""
    head = patterns()["with_purpose"].match(before)
    if head is None or not patterns()["purpose_verb"].match(text, span.start, span.end):
        return None
    words, start = trimmed(text[span.start:span.end])
    name = phrase(f"{head.group()}{words}")
    inner = Span(span.start + start, span.start + start + len(words))
    return Therapy(name, inner, "soft") if nameable(name) else None


def _explains(text: str, span: Span) -> bool:
    """Whether a conjunct says what the one before is: "nifedipine, a blood pressure medication"."""
    head = core(trimmed(text[span.start:span.end])[0]).lower().split()
    if not text[:span.start].endswith(", ") or not head:
        return False
    if patterns()["a_substance"].match(text, span.start):
        return True
    return bool(patterns()["what_it_is"].match(text, span.start)) and (
        is_a(head[-1], "generic") or is_a(head[-1], "listed"))


def _first_clause(text: str, slot: Span) -> Span:
    found = patterns()["clause_end"].search(shielded(text), slot.start, slot.end)
    return Span(slot.start, found.start()) if found else slot


def _conjuncts(text: str, slot: Span, lexicon: Lexicon) -> Iterator[Span]:
    for span in split(text, slot.start, slot.end):
        for part in run_together(text, span.start, span.end) or (span,):
            cut = cut_of(text, part, lexicon)
            if cut:
                yield from (Span(part.start, cut), Span(cut, part.end))
            else:
                yield from _with_drug(text, part, lexicon)


def _with_drug(text: str, span: Span, lexicon: Lexicon) -> tuple[Span, ...]:
    """A therapy and the drug that "with" adds to it ("targeted therapy with ruxolitinib")."""
    for found in _WITH.finditer(text, span.start, span.end):
        if head_role(text[span.start:found.start()]) == "strong" and is_drug(
                text[found.end():span.end], lexicon):
            return Span(span.start, found.start()), Span(found.end(), span.end)
    return (span,)


def cut_of(text: str, span: Span, lexicon: Lexicon) -> int:
    """Where a drug's name ran into the next word ("trastuzumabepidermal"), else 0."""
    for word in _CANDIDATE.finditer(text, span.start, span.end):
        length = _drug_prefix(lexicon, word.group())
        if length:
            return word.start() + length
    return 0


@lru_cache(maxsize=1 << 14)
def _drug_prefix(lexicon: Lexicon, word: str) -> int:
    """The length of the drug's name that `word` begins with, 0 where `word` is one word.

    The rest must be a drug too, or at least a word of five letters after a drug's usual ending.
    """
    if lexicon.find(word, "drug"):
        return 0
    for cut in range(len(word) - 5, 5, -1):
        if lexicon.find(word[:cut], "drug") and (
                is_a(word[:cut].lower(), "stem") or lexicon.find(word[cut:], "drug")):
            return cut
    return 0


def _shared(text: str, spans: list[Span], lexicon: Lexicon) -> list[str]:
    names = [trimmed(text[span.start:span.end])[0] for span in spans]
    shared = with_shared_head(names, _headless, lambda name: _shared_head(name, lexicon))
    return [name if is_a(name.lower(), "strong") and not patterns()["of_all"].search(full) else full
            for name, full in zip(names, shared, strict=True)]


def _headless(name: str) -> bool:
    words = name.lower().split()
    return bool(words) and (is_a(name.lower(), "adjective") or is_a(words[-1], "adjective"))


def _shared_head(name: str, lexicon: Lexicon) -> str:
    """The words after the modifiers that a shared list has in common, "" where there are none."""
    words = core(name).split()
    for at in range(1, len(words)):
        lead = " ".join(words[:at]).lower()
        if is_a(lead, "adjective") and not is_a(words[at].lower(), "adjective"):
            return " ".join(words[at:])
    if len(words) > 1 and is_a(words[-1].lower(), "generic") and not is_drug(name, lexicon):
        return words[-1]
    return ""


def trimmed(raw: str) -> tuple[str, int]:
    """`raw` without what leads into it and what follows it, and how much was cut in front."""
    name, start = raw, 0
    while found := patterns()["lead"].match(name):
        rest = name[found.end():].lstrip(" ,")
        if len(rest) == len(name) - found.end() or not rest:
            break
        start += len(name) - len(rest)
        name = rest
    return _without_tail(name), start


def _without_tail(name: str) -> str:
    opaque = shielded(name)
    for found in tails().finditer(opaque):
        if not _keeps(opaque[:found.start()], opaque[found.start():]):
            return name[:found.start()].rstrip(" ,;")
    return _LOOSE.sub("", name.rstrip(" ,;"))


def _keeps(head: str, tail: str) -> bool:
    """A head that says nothing without its purpose keeps it: "devices to help with talking"."""
    words = head.replace(SHIELD, "").lower().split()
    if words and is_a(words[-1], "from_head") and tail.strip().lower().startswith("from "):
        return True
    return bool(words) and tail.strip().lower().startswith(("to ", "for ", "that ")) and (
        len(words) <= 2 and is_a(words[-1], "generic") and not patterns()["pronoun"].search(tail))


def _read(text: str, span: Span, name: str, lexicon: Lexicon) -> Therapy | None:
    words, start = trimmed(text[span.start:span.end])
    words = _BRACKET.sub("", words).rstrip() if words.endswith(")") else words
    plain = patterns()["unfinished"].sub("", phrase(re.sub(r"\s*\([^()]*\)?", "", name)))
    if not nameable(plain) or patterns()["preposition"].match(plain):
        return None
    force = strength(plain, lexicon)
    if force in {"person", "test"} or (force not in SURE and patterns()["no_name"].match(plain)):
        return None
    if not force and patterns()["participle"].fullmatch(plain):
        return None
    return Therapy(plain, Span(span.start + start, span.start + start + len(words)), force)


def nameable(name: str) -> bool:
    """Whether a phrase can be a name: no clause, no empty word, not the disease itself."""
    what = core(name)
    return (
        bool(_LETTERS.search(name)) and FOCUS not in name and len(name.split()) <= MAX_WORDS
        and not is_empty(name) and not patterns()["clause_word"].search(name)
        and not (is_empty(what) and " of " not in name and " that " not in name
                 and not is_a(what.split()[-1].lower(), "generic"))
    )


def bracketed(text: str, span: Span, lexicon: Lexicon) -> Iterator[Therapy]:
    """Examples in brackets: drugs by name, or anything known after "such as".

    Behind a drug's own name a bracket holds its brands, which are no other therapies.
    """
    for bracket in _BRACKET.finditer(text, span.start, span.end):
        led = patterns()["led"].match(bracket.group())
        if not led and _is_one_drug(text[span.start:bracket.start()], lexicon):
            continue
        start = bracket.start() + (led.end() if led else 1)
        for part in split(text, start, bracket.end() - 1):
            therapy = _read(text, part, trimmed(text[part.start:part.end])[0], lexicon)
            plain = core(therapy.name) if therapy and not led else ""
            short = patterns()["by_route"].split(plain)[0]
            if therapy and is_specific(short, lexicon):
                therapy = replace(therapy, name=short)
            if therapy and (therapy.strength in {"drug", "strong"} if led
                            else is_specific(therapy.name, lexicon)):
                yield therapy


def _is_one_drug(before: str, lexicon: Lexicon) -> bool:
    """Whether the words before a bracket end in one drug's name and not in that of a class."""
    words = before.lower().split()[-2:]
    if not words or not any(_by_name(" ".join(words[at:]), lexicon) for at in range(len(words))):
        return False
    return is_a(words[-1], "stem") or not (
        is_a(words[-1], "strong") or words[-1].endswith(("s", "ic", "therapy")))


def _by_name(name: str, lexicon: Lexicon) -> bool:
    return bool(is_a(name, "stem") or lexicon.find(name, "drug"))


def is_specific(name: str, lexicon: Lexicon) -> bool:
    """Whether a bracket that is no introduced example still names a drug: one word, by lexicon."""
    return len(name.split()) <= 2 and not name.isupper() and _by_name(name, lexicon)
