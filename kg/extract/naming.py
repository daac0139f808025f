"""From a slot of a sentence to the short noun phrases in it, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from ..text import blanked
from .claims import phrase
from .frames import Match, compiled
from .lists import run_together, split, with_shared_head
from .segment import FOCUS, Sentence

MAX_WORDS = 14
_SYMBOL = r"(?:C\d{1,2}orf\d{1,3}|[A-Z][A-Z0-9]{1,}(?:-?[A-Z0-9]+)*[a-z]?)"
_GLOSS = r"(?:[ ]?\([^()]*\))?"
_GENES = re.compile(
    rf"""\b(?i:mutations?|changes?|variants?|variations?|alterations?|defects?|errors?)
         (?:[ ]\([^()]*\))?[ ](?i:in|of|to|within|affecting|involving)[ ]
         (?:[a-z][\w'-]*[,:]?\ |\d+\ |\()*?
         (?P<symbols>{_SYMBOL}\)?{_GLOSS}(?:(?:,\ |/|\ |,)?(?:(?:and|or|and/or)\ )?(?:the\ )?{_SYMBOL}{_GLOSS})*)
         (?:\ genes?\b)?""",
    re.VERBOSE,
)
_ONE_SYMBOL = re.compile(rf"\b{_SYMBOL}\b")
_NO_GENE = frozenset("DNA RNA mRNA HIV HPV HLA CAG GAA CGG CTG GCG AND OR MHC II III IV".split())
_BRACKETS = re.compile(r"\([^()]*\)")
_CUT = re.compile(
    r", which\b|(?:, | )(?:because|although|whereas|while|but|however|since|so that|even though|unless)\b"
    r"|,? and (?:is|are|was|were|has|have|can|may|will|does|do|it|they|usually|often|most|some|results?|leads?)\b"
    r"|, (?:sometimes|often|usually|typically|generally)\b"
    r"|, (?:who|where|resulting|leading|causing|making|affecting|meaning|suggesting|depending|though|it|they"
    r"|the (?:condition|disease|disorder|cause))\b| - ",
    re.IGNORECASE,
)

# A verb of the main clause, unless a relative or subordinate clause began before it.
_FINITE = re.compile(
    r"(?<!that)(?<!who)(?<!which)(?<!what)(?<!where)(?<!there)(?<!how)(?<!it)(?<!they)(?<!you)"
    r",? (?:(?:also|usually|often|typically|generally|sometimes) )?(?:is|are|was|were|has been|have been|can|may|"
    r"usually shows?|shows?|(?:usually|often|typically|generally) (?:\w+s|have|cause))(?= )",
    re.IGNORECASE,
)
# A subject that holds the verb of another clause is no noun phrase.
_VERB = re.compile(
    r"(?<!that)(?<!who)(?<!which)(?<!whose) (?:is|are|was|were|has been|have been|leads? to|results? in|shows?|showed"
    r"|suggests?|means|conducts?|focus(?:es)?|there|supports)(?= )",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(r"\(((?:such as|e\.g\.|including|for example|like) [^()]*)\)", re.IGNORECASE)
_CLAUSE_ITEM = re.compile(r"\W*(?:whether|if|when|how|where|you|they|it|people|a person)\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\b(?:and|or|plus|as well as|such as|including|like)\b", re.IGNORECASE)
_PAIR = re.compile(r".*\b(?:to|of|in|on|between|within) (?:the|both|a person's) (?:\w+ )?\w+ (?:or|and) \w+(?: of [^,]*)?"
                   r"|.*\bbetween (?:\w+ ){0,4}\d+ and \d+.*", re.IGNORECASE)
_SENTENCE_ITEM = re.compile(
    r"^(?!\W*(?:whether|if|when|how|where|having|being)\b)[^,(]*\b(?:is|are|was|were|decreases?|increases?)\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"[a-z]{3,}(?:al|ar|ic|ous|ive|ary|oid|genic)(?<!alcohol)(?<!arsenic)(?<!antibiotic)")


class Named(Struct, frozen=True):
    """A name with its place in the sentence."""

    name: str
    span: Span


class Slot(Struct, frozen=True):
    """A sentence's text, masked and as it stands, with what its slot is to hold."""

    masked: str
    text: str
    kind: str
    splits: bool
    lost: bool = False


class _Step(Struct, frozen=True):
    step: str
    pattern: re.Pattern[str]
    replacement: str


@cache
def _steps() -> dict[str, tuple[_Step, ...]]:
    path = shipped("data/naming.tsv")
    table: dict[str, list[_Step]] = {}
    for line, cells in rows(path):
        pattern = compiled(cells["pattern"].replace("FOCUS", "{FOCUS}"), path, line)
        table.setdefault(cells["step"], []).append(_Step(cells["step"], pattern, cells["replacement"]))
    return {step: tuple(found) for step, found in table.items()}


def named(sentence: Sentence, match: Match) -> Iterator[Named]:
    """The names in the slots of a match, junk left out, in the order of the sentence."""
    for slot, splits in match.slots:
        subject = slot.start == match.whole.start
        text = opened(sentence.masked)
        span = _subject(text, slot) if subject else _object(text, slot, splits)
        if subject and _VERB.search(_BRACKETS.sub(" ", text[span.start:span.end])):
            continue
        yield from _in_slot(Slot(text, sentence.text, match.frame.kind, splits), span)


def _subject(text: str, slot: Span) -> Span:
    """The slot without what introduces its clause."""
    start = slot.start
    for step in _steps()["intro"]:
        found = step.pattern.match(text[start:slot.end])
        start += found.end() if found else 0
    return Span(start, slot.end)


def _object(text: str, slot: Span, splits: bool) -> Span:
    """The slot up to the end of its clause; a list also ends before a verb of the main clause."""
    shielded = _BRACKETS.sub(lambda found: "_" * len(found.group()), text[slot.start:slot.end])
    ends = [found.start() for found in (_CUT.search(shielded),) if found]
    if splits:
        ends.extend(found.start() for found in (_FINITE.search(shielded),) if found)
    return Span(slot.start, slot.start + min(ends, default=slot.end - slot.start))


def _in_slot(slot: Slot, span: Span) -> Iterator[Named]:
    position = span.start
    for found in _GENES.finditer(slot.masked, span.start, span.end):
        genes = list(_genes(slot.masked, found))
        if genes:
            yield from _phrases(slot, Span(position, found.start()))
            yield from genes
            position = found.end()
    yield from _phrases(slot, Span(position, span.end))


def _genes(masked: str, found: re.Match[str]) -> Iterator[Named]:
    start, end = found.span("symbols")
    shielded = masked[start:end]
    if "(" in shielded and not shielded.startswith("("):
        shielded = _BRACKETS.sub(lambda gloss: "_" * len(gloss.group()), shielded)
    for symbol in _ONE_SYMBOL.finditer(shielded):
        if symbol.group() not in _NO_GENE:
            span = Span(start + symbol.start(), start + symbol.end())
            yield Named(f"{symbol.group()} gene mutation", span)


def _phrases(slot: Slot, whole: Span) -> Iterator[Named]:
    spans = _spans(slot, whole) if slot.splits else [whole]
    found = [cleaned(slot, span) for span in spans]
    names = with_shared_head([one.name for one in found], _headless, _head)
    for name, one in zip(names, found, strict=True):
        if name and not _ADJECTIVE.fullmatch(name):
            yield Named(name, one.span)


def _spans(slot: Slot, whole: Span) -> list[Span]:
    """The items of a list; "to the head or neck" and an apposition are not lists."""
    text = slot.masked
    if text[whole.start:whole.end].lstrip()[:1].isupper() and whole.start:
        lost = run_together(text, whole.start, whole.end)
        if lost and "," not in text[lost[0].start:lost[0].end]:
            return list(lost)
    spans = list(split(text, whole.start, whole.end))
    if not whole.start and len(spans) > 1 and not _CONJUNCTION.search(text, whole.start, whole.end):
        return spans[:1]
    return _joined(text, spans)


def _joined(text: str, spans: list[Span]) -> list[Span]:
    done: list[Span] = []
    for span in spans:
        if done and _PAIR.fullmatch(text[done[-1].start:span.end]) and (
            text[done[-1].end:span.start] in (" or ", " and ")
        ):
            done[-1] = Span(done[-1].start, span.end)
        else:
            done.append(span)
    return done


def _headless(name: str) -> bool:
    return _ADJECTIVE.fullmatch(name) is not None


def _head(name: str) -> str:
    words = name.split()
    return words[-1] if len(words) > 1 and words[-1].isalpha() else ""


def cleaned(slot: Slot, span: Span) -> Named:
    """The noun phrase in an item and its place; "" where it holds none that can be of this kind."""
    masked = slot.masked[span.start:span.end]
    name = masked
    for _ in range(2):
        for step in (*_steps()["head"], *_steps()["tail"]):
            name = step.pattern.sub(step.replacement, name.strip(" ,;:.")).strip(" ,;:.")
    at = masked.find(name) if name else -1
    if at >= 0:
        span = Span(span.start + at, span.start + at + len(name))
    for step in _steps()["name"]:
        name = step.pattern.sub(step.replacement, name)
    junk = _is_junk(name, slot.kind)
    return Named("" if junk else _cased(phrase(_spoken(name, slot, span)), slot, span), span)


def _cased(name: str, slot: Slot, span: Span) -> str:
    """`name` with the capital that it has inside the sentence ("Huntington disease")."""
    before = slot.masked[:span.start].rstrip()
    inner = before and before[-1] not in ":.;-" and slot.masked[span.start].isupper()
    return name[:1].upper() + name[1:] if inner and not slot.lost else name


def _is_junk(name: str, kind: str) -> bool:
    """Whether the words name nothing; an outlook may depend on bare "severity", a cause may not."""
    outlook = kind == "prognostic_factor"
    bare = name.replace(FOCUS, "").strip(" ()'")
    if len(bare) < 3 or len(name.split()) > MAX_WORDS or FOCUS in name and not outlook:
        return True
    tables = ("junk",) if outlook else ("junk", "vague")
    return any(step.pattern.search(name) for table in tables for step in _steps()[table])


def _spoken(name: str, slot: Slot, span: Span) -> str:
    """`name` with the page's own characters where it stands unchanged in the item, no glosses."""
    if name == slot.masked[span.start:span.end]:
        name = slot.text[span.start:span.end]
    return _BRACKETS.sub(" ", re.sub(f"{FOCUS}+", "disease", name))


def items_outside(text: str, kind: str) -> Iterator[Named]:
    """The names in a list item that follows its lead-in; spans are offsets into `text`."""
    masked = opened(blanked(text))
    whole = Span(0, len(text))
    clause = _CLAUSE_ITEM.match(masked) is not None and " such as " not in masked
    if not _SENTENCE_ITEM.search(masked):
        yield from _in_slot(Slot(masked, text, kind, not clause), _object(masked, whole, False))


def opened(masked: str) -> str:
    """The text with "(such as A and B)" as ", such as A and B," so that its items are seen."""
    return _EXAMPLES.sub(lambda found: f",{found.group(1)},", masked)
