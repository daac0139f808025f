"""From the words of a list to the therapies in it, each with a short name and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from ..model import Span
from .claims import phrase
from .lists import SHIELD, run_together, shielded, split, with_shared_head
from .page import Lexicon
from .segment import FOCUS
from .therapy_words import core, head_role, is_a, is_empty, patterns

MAX_WORDS = 9
_EXAMPLES = re.compile(r"\(\s*(?:such as|e\.?g\.?,?|for example,?|including|like|i\.?e\.?,?|or else|or)?\s*", re.I)
_SPLIT_EXAMPLES = re.compile(r"\(\s*(?:such as|e\.?g\.?,?|for example,?|including|like|or else|or)\s", re.I)
_PURPOSE = re.compile(r"\s+(?:to (?!the\b)\w+|for (?!(?:people|patients|those|some|example)\b)\w+)", re.I)
_OBJECT = re.compile(r"\s+of\s+(?:the |a |an )?(?:[\w'-]+(?: |$)){1,4}", re.I)
_FINITE = re.compile(
    r"\b(?:it|they|them|he|she|we|you|this|that|these|those|who|which|there|is|are|was|were|may|might|can|could"
    r"|should|will|would|has|have|had|does|do|did|not|cannot)\b", re.I)
_LETTERS = re.compile(r"[A-Za-z]{2}")


class Therapy(Struct, frozen=True):
    """A therapy's name with its place (offsets into the text that was read).

    `strength` is "drug", "strong", "soft" or "" for a phrase whose head is not known.
    """

    name: str
    span: Span
    strength: str


def strength(name: str, lexicon: Lexicon) -> str:
    """How surely `name` is a therapy: by its head, else by the lexicon."""
    role = head_role(name)
    if role in {"person", "test"}:
        return role
    return role if role == "strong" else "drug" if is_drug(name, lexicon) else role


def is_drug(name: str, lexicon: Lexicon) -> bool:
    """Whether the last one to three words of the name's core are a drug or therapy by name."""
    words = core(name).split()[-3:]
    return any(
        lexicon.find(" ".join(words[at:]), category)
        for at in range(len(words)) for category in ("drug", "therapy")
    )


def listed(text: str, region: Span, lexicon: Lexicon, *, any_head: bool) -> tuple[Therapy, ...]:
    """The therapies of a coordinated list, in its order, classes and their examples both.

    `any_head` accepts phrases whose head is unknown, as after "is treated with"; from a purpose
    ("drugs to relieve pain, fever and cough") on, only known heads are accepted.
    """
    spans = list(_conjuncts(text, region, lexicon))
    found: list[Therapy] = []
    open_end = any_head
    for span, name in zip(spans, _shared(text, spans, lexicon), strict=True):
        therapy = _read(text, span, name, lexicon)
        if therapy and (therapy.strength or open_end):
            found.append(therapy)
        found.extend(bracketed(text, span, lexicon))
        if _PURPOSE.search(text[span.start:span.end]) or _ends_list(text, span):
            open_end = False
    return tuple(found)


def _conjuncts(text: str, region: Span, lexicon: Lexicon) -> Iterator[Span]:
    for span in split(text, region.start, region.end):
        for part in run_together(text, span.start, span.end) or (span,):
            yield from _repaired(text, part, lexicon)


def _repaired(text: str, span: Span, lexicon: Lexicon) -> Iterator[Span]:
    """The span, or two where a drug's name ran into the next word ("trastuzumabepidermal")."""
    for word in re.finditer(r"[A-Za-z]{12,}", text[span.start:span.end]):
        cut = _drug_prefix(word.group(), lexicon)
        if cut:
            at = span.start + word.start() + cut
            yield Span(span.start, at)
            yield Span(at, span.end)
            return
    yield span


def _drug_prefix(word: str, lexicon: Lexicon) -> int:
    """The length of the drug's name that `word` begins with, 0 where `word` is one word."""
    if not word.islower() or is_a(word, "strong") or lexicon.find(word, "drug"):
        return 0
    for cut in range(len(word) - 5, 5, -1):
        if is_a(word[:cut], "stem") and lexicon.find(word[:cut], "drug"):
            return cut
    return 0


def _shared(text: str, spans: list[Span], lexicon: Lexicon) -> list[str]:
    names = [_trimmed(text[span.start:span.end])[0] for span in spans]
    return with_shared_head(names, _headless, lambda name: _shared_head(name, lexicon))


def _headless(name: str) -> bool:
    words = name.lower().split()
    return bool(words) and (is_a(name.lower(), "adjective") or is_a(words[-1], "adjective"))


def _shared_head(name: str, lexicon: Lexicon) -> str:
    """The words after the modifiers that a shared list has in common, "" where there are none."""
    words = core(name).split()
    for at in range(1, len(words)):
        if is_a(" ".join(words[:at]).lower(), "adjective") and not is_a(words[at].lower(), "adjective"):
            return " ".join(words[at:])
    if len(words) > 1 and is_a(words[-1].lower(), "generic") and not is_drug(name, lexicon):
        return words[-1]
    return ""


def _trimmed(raw: str) -> tuple[str, int]:
    """`raw` without what leads into it and what follows it, and how much was cut in front."""
    name = raw
    start = 0
    lead = patterns()["lead"]
    while found := lead.match(name):
        if not re.match(r"[\s,]+", name[found.end():]):
            break
        cut = found.end() + len(name[found.end():]) - len(name[found.end():].lstrip(" ,"))
        name, start = name[cut:], start + cut
    return _without_tail(name), start


def _without_tail(name: str) -> str:
    opaque = shielded(name)
    for found in re.finditer(rf"\s+{patterns()['tail'].pattern}(?![\w-])", opaque, re.I):
        if not _keeps(opaque[:found.start()], found.group()):
            return name[:found.start()].rstrip(" ,;")
    return name.rstrip(" ,;")


def _keeps(head: str, tail: str) -> bool:
    """A head that says nothing without its purpose keeps it: "devices to help with talking"."""
    last = head.replace(SHIELD, "").split()[-1:]
    return bool(last) and tail.strip().lower().startswith(("to ", "for ")) and (
        is_a(last[0].lower(), "generic") and " to " not in head)


def _read(text: str, span: Span, name: str, lexicon: Lexicon) -> Therapy | None:
    raw = text[span.start:span.end]
    trimmed, start = _trimmed(raw)
    plain = phrase(re.sub(r"\s*\([^()]*\)?", "", name))
    if not _nameable(plain):
        return None
    force = strength(plain, lexicon)
    if force in {"person", "test"}:
        return None
    return Therapy(plain, Span(span.start + start, span.start + start + len(trimmed)), force)


def _nameable(name: str) -> bool:
    """Whether a phrase can be a name: no clause, no empty word, not the disease itself."""
    return (
        bool(_LETTERS.search(name)) and FOCUS not in name and len(name.split()) <= MAX_WORDS
        and not is_empty(name) and not _FINITE.search(name)
    )


def bracketed(text: str, span: Span, lexicon: Lexicon) -> Iterator[Therapy]:
    """Examples in brackets: drugs by name, or anything known after "such as"."""
    for bracket in re.finditer(r"\([^()]*\)", text[span.start:span.end]):
        led = _SPLIT_EXAMPLES.match(bracket.group())
        start = span.start + bracket.start() + len((_EXAMPLES.match(bracket.group()) or bracket).group())
        for part in split(text, start, span.start + bracket.end() - 1):
            therapy = _read(text, part, _trimmed(text[part.start:part.end])[0], lexicon)
            if therapy and (therapy.strength in {"drug", "strong"} if led else
                            is_specific(therapy.name, lexicon)):
                yield therapy


def is_specific(name: str, lexicon: Lexicon) -> bool:
    """Whether a bracket that is no introduced example still names a drug: one word, by lexicon."""
    return len(name.split()) == 1 and not name.isupper() and bool(
        lexicon.find(name, "drug") or is_a(name.lower(), "stem"))


def _ends_list(text: str, span: Span) -> bool:
    return bool(re.match(r"\W*(?:which|that|who|because|although|but|however)\b", text[span.end:span.end + 12]))
