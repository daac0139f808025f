"""Risk factors, causes and prognostic factors: frames read with their negation, doubt and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from msgspec.structs import replace

from ..model import Claim, Span
from ..text import blanked, normalise
from .abbreviations import abbreviations
from .asked import asked, condition
from .axes import axes as tables
from .claims import Source, claim
from .examples import exampled
from .frames import Frame, Match, fired, seen
from .influences import influences
from .outcomes import CONDITIONS, FATES, judged, judged_by
from .page import Page
from .scope import reading
from .segment import FOCUS, Sentence, focus_pattern, followed, mask
from .slots import Named, is_sentence, items_outside, named

TABLES = ("risk", "causes", "prognosis")
OUTLOOK = "prognostic_factor"
# The rules whose patterns read a negation themselves.
OWN_NEGATION = (FATES, "outlook-bare-untreated")

# What a kind's value becomes under an axis of the trigger: the first that is there decides,
# and "" drops the claim.
CHANGES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("risk_factor", "increases"): (("hope", ""), ("unclear", "uncertain"), ("negation", "none")),
    ("risk_factor", "decreases"): (("hope", ""), ("unclear", "uncertain"), ("negation", "none")),
    ("cause", "stated"): (("hope", ""), ("unclear", "suspected"), ("negation", "ruled_out"),
                          ("hedge", "suspected"), ("maybe", "suspected")),
    ("cause", "suspected"): (("negation", "ruled_out"),),
    ("prognostic_factor", "favourable"): (("hope", ""), ("unclear", ""), ("negation", "uncertain")),
    ("prognostic_factor", "unfavourable"): (("hope", ""), ("unclear", "uncertain"),
                                            ("negation", "uncertain")),
}
NEGATED = frozenset({"none", "ruled_out"})
DOUBTFUL = frozenset({"uncertain", "suspected"})
_SUBJECT = re.compile(
    rf"^(?:however|although|though|while|because|since|in [^,]{{3,30}},|[^\w{FOCUS}])*"
    rf"(?:{FOCUS}|it\b)",
    re.IGNORECASE,
)
_DISEASE = re.compile(r"\bdisease\b")
_FOCUS = re.compile(f"{FOCUS}+")
_LEAD = re.compile(r"^(?:the|an?) ", re.IGNORECASE)
_SHORT = re.compile(r"\b[A-Z]{2,}\b(?! gene mutation)")
_SMALL = frozenset(("a", "an", "the", "of", "in", "with", "by", "for", "to", "and", "or"))
_RISKS = ("risk of", "risk for", "risk factor", "chance", "likely to")  # of falling ill
_IT = re.compile(r"^(?P<it>It|They)\b")
# "Although it is common in women, the disease …"
_FRONTED_IT = re.compile(
    rf"^(?:although|though|while|even though) (?P<it>it|they)\b(?=[^,;]{{3,120}}, {FOCUS})",
    re.IGNORECASE)
_INNER_IT = re.compile(
    r"(?:, |; |\b(?:but|although|that|and|while|because|though) )(?P<it>it|they)\b"
    r"(?= (?:is|are|was|may|can|has|usually|often|mostly|most|occurs?|affects?|results|develops?"
    r"|appears)\b)"
)


def factors(page: Page) -> Iterator[Claim]:
    """What the page says raises, lowers or brings about its disease, or decides its outlook."""
    noun = _class_of(page.document.title)
    sentences = [one for one in resolved(rejoined(page), noun) if one.form != "row"]
    found = list(_exampled(page, sentences))
    places = {one.evidence.exact for one in found}
    found.extend(one for sentence in sentences for one in _of(page, sentence)
                 if one.evidence.exact not in places)
    found.extend(_new(influences(page, sentences), found))
    yield from _consistent(found, page.document.text)


def _new(more: Iterable[Claim], found: list[Claim]) -> Iterator[Claim]:
    """The claims that no claim of the same kind has by name or by place."""
    seen = list(found)
    for one in more:
        exact, key = one.evidence.exact, _key(one.name, {})
        if not any(old.kind == one.kind and (_key(old.name, {}) == key or (
                old.evidence.rule != one.evidence.rule and exact.start < old.evidence.exact.end
                and old.evidence.exact.start < exact.end)) for old in seen):
            seen.append(one)
            yield one


def _consistent(claims: list[Claim], text: str) -> Iterator[Claim]:
    """The claims, with one spelling for names that differ in number, order or abbreviation."""
    shortened = any(_SHORT.search(one.name) for one in claims)
    short = {normalise(text[pair.long.start:pair.long.end]):
             normalise(text[pair.short.start:pair.short.end])
             for pair in (abbreviations(text) if shortened else ())}
    names: dict[tuple[str, frozenset[str]], str] = {}
    for one in claims:
        name = names.setdefault((one.kind, _key(one.name, short)), one.name)
        yield one if name == one.name else claim(
            one.kind, name, one.value, one.evidence, negated=one.negated, doubtful=one.doubtful)


def _key(name: str, short: dict[str, str]) -> frozenset[str]:
    """Equal for names that are the same but for plurals, word order and abbreviations."""
    plain = f" {normalise(name)} ".replace(" history of ", " ")
    for long, abbreviation in short.items():
        plain = plain.replace(f" {long} ", f" {abbreviation} ")
    words = {re.sub(r"(?<=[a-z]{3})(?<![su])s$", "", word) for word in plain.split()}
    return frozenset(words - _SMALL)


def rejoined(page: Page) -> Iterator[Sentence]:
    """The sentences, one that ends in a colon without a list joined to the one that follows."""
    lead: Sentence | None = None
    for sentence in page.sentences:
        if lead is None and _open(sentence):
            lead = sentence
            continue
        if lead is not None and is_sentence(sentence.masked):
            yield from (lead, sentence)
        elif lead is not None:
            yield followed(lead, sentence)
        else:
            yield sentence
        lead = None
    if lead is not None:
        yield lead


def _open(sentence: Sentence) -> bool:
    return not sentence.items and sentence.masked.rstrip().endswith(":")


def _class_of(title: str) -> str:
    """The noun that says what kind of disease the page is on ("cancer"); "" where none does."""
    words = re.findall(r"[A-Za-z]{5,}", title.split("(", maxsplit=1)[0])
    return words[-1].removesuffix("s").lower() if words else ""


@lru_cache(maxsize=64)
def _at_risk(noun: str) -> re.Pattern[str]:
    """Matches "cancer" in "risk of cancer", where the disease is a cancer."""
    return re.compile(
        rf"(?:risk (?:of|for)|risk factors? (?:of|for)|chances? of|likely to)"
        rf"(?: (?:get|getting|develop|developing|have|having))?"
        rf" (?P<it>(?:most |many |all |the |this |these |a |an )?{noun}s?)\b"
        rf"(?! (?:of|in|cell|recur)|-)",
        re.IGNORECASE)


def _without_class(masked: str, noun: str) -> str:
    """The text with a noun that stands for the disease of which people are at risk masked."""
    low = seen(masked).low
    if not noun or noun not in low or not any(words in low for words in _RISKS):
        return masked
    return _at_risk(noun).sub(_hidden, masked)


def resolved(sentences: Iterable[Sentence], noun: str = "") -> Iterator[Sentence]:
    """The sentences, with "it" masked where the sentence before it is about the disease.

    In "risk of cancer" the `noun` of the disease's class is masked too.
    """
    about, block = False, -1
    for sentence in sentences:
        text = _without_class(sentence.masked, noun)
        if about and sentence.block == block:
            text = _IT.sub(_hidden, text)
        about, block = _SUBJECT.match(text) is not None, sentence.block
        if about:
            text = _INNER_IT.sub(_hidden, text)
        yield sentence if text == sentence.masked else replace(sentence, masked=text)


def _hidden(found: re.Match[str]) -> str:
    it = found.group("it")
    return found.group()[:-len(it)] + FOCUS * len(it)


def _of(page: Page, sentence: Sentence) -> Iterator[Claim]:
    for table in TABLES:
        taken: list[Span] = []
        # The general reading of an outcome comes last: it yields to any frame of its clause.
        framed = ((match, _in_slots) for match in fired(sentence, table))
        general = ((match, judged_by)
                   for match in (judged(sentence) if table == "prognosis" else ()))
        for match, read in chain(framed, general):
            if any(match.whole.start < span.end and span.start < match.whole.end for span in taken):
                continue
            found = list(_claims(page, sentence, match, list(read(sentence, match))))
            if found:
                taken.append(match.whole)
            yield from found


def _exampled(page: Page, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """The claims of sentences that list examples, with the value that the class before them has."""
    for said, before, match, sentence in exampled(sentences):
        if value := changed(said.frame, reading(before, said, ())):
            frame = replace(match.frame, value=value)
            listing = replace(match, frame=frame)
            yield from _claims(page, sentence, listing, list(named(sentence, listing)))


def _claims(
    page: Page, sentence: Sentence, match: Match, items: list[Named]
) -> Iterator[Claim]:
    axes = reading(sentence, match, (item.span for item in items))
    own = {"negation"} if match.frame.rule.startswith(OWN_NEGATION) else set()
    value = changed(match.frame, axes - own)
    if not value:
        return
    source = Source(page.document, sentence)
    places = [(item.name, source.page_span(item.span)) for item in items
              if not _elsewhere(sentence, item) and not _is_site(page, item.name)
              and not (match.frame.rule.startswith("outcome-") and _is_care(page, item.name))]
    if match.outside:
        places.extend(_outside(page, match))
    if match.frame.kind == OUTLOOK:
        places = [(_with_disease(page, name, span), span) for name, span in places]
    for name, span in places:
        yield claim(match.frame.kind, name, value, source.evidence(span, match.frame.rule),
                    negated=value in NEGATED, doubtful=value in DOUBTFUL)


def _with_disease(page: Page, name: str, span: Span) -> str:
    """The name with the page's own words for its disease ("type 2 testosis")."""
    if not _DISEASE.search(name):
        return name
    words = page.document.text[span.start:span.end]
    masked = mask(words, focus_pattern((page.document.title, *page.names)))
    runs = list(_FOCUS.finditer(masked))
    literal = len(_DISEASE.findall(masked))
    if len(runs) != 1 or literal or len(_DISEASE.findall(name)) != 1:
        return name
    own = _LEAD.sub("", words[runs[0].start():runs[0].end()])
    return _DISEASE.sub(lambda _: own, name)


def _is_site(page: Page, name: str) -> bool:
    """Whether a name is a part of the body, which brings about nothing by itself."""
    return any(page.lexicon.find(form, "site") for form in (name, name.removesuffix("s")))


def _is_care(page: Page, name: str) -> bool:
    """Whether a name is a therapy's, of which a better outlook is its effect."""
    return any(page.lexicon.find(name, category) for category in ("therapy", "drug"))


def _elsewhere(sentence: Sentence, item: Named) -> bool:
    """Whether the words before a gene say that it is another disease's."""
    before = sentence.masked[:item.span.start]
    other = tables("genetics")["elsewhere"]
    return item.name.endswith("gene mutation") and other.search(before) is not None


def changed(frame: Frame, axes: frozenset[str]) -> str:
    """The frame's value after what the trigger's words do to it."""
    rules = CHANGES.get((frame.kind, frame.value), ())
    return next((value for axis, value in rules if axis in axes), frame.value)


def _is_focus(page: Page, text: str) -> bool:
    """Whether a list item begins with a name of the disease, as one of its forms does."""
    return mask(text, focus_pattern((page.document.title, *page.names))).startswith(FOCUS)


def _outside(page: Page, match: Match) -> Iterator[tuple[str, Span]]:
    """The names in the items below a match, but those that are forms of the disease itself."""
    for span in match.outside:
        text = page.document.text[span.start:span.end]
        for item in () if _is_focus(page, text) else _below(text, match.frame):
            yield item.name, Span(span.start + item.span.start, span.start + item.span.end)


def _below(text: str, frame: Frame) -> Iterable[Named]:
    """The names in a list item, spans as offsets into it; an outlook's may be a question."""
    whole, plain = Span(0, len(text)), blanked(text)
    if frame.rule.startswith(CONDITIONS):
        return (Named(condition(plain), whole),)
    questions = asked(plain, whole) if frame.kind == OUTLOOK else ()
    return questions or items_outside(text, frame.kind)


def _in_slots(sentence: Sentence, match: Match) -> Iterator[Named]:
    """The names in the slots of a match; what an outlook depends on may be told as questions."""
    if match.frame.kind == OUTLOOK and match.frame.value == "uncertain":
        for slot, splits in match.slots:
            questions = asked(sentence.masked, slot) if splits else ()
            if questions:
                yield from questions
                return
    yield from named(sentence, match)
