"""Prognostic factors by grammar: a clause that judges an outcome, and its other argument."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from ..files import rows, shipped
from ..model import Span
from .caseless import caseless
from .coordination import listed
from .frames import Frame, Match, macros, seen
from .gates import Gated, gate, gates, literals
from .naming import final, rewritten, steps, trimmed
from .required import required
from .segment import FOCUS, Sentence
from .slots import Named

SECTIONS = frozenset({"prognosis", "treatment", "summary"})
STATED = frozenset({"prognosis", "summary"})  # elsewhere "most recover with rest" is advice
TOLD = STATED | {"symptoms"}
VALUES = {"good": "favourable", "bad": "unfavourable", "open": "uncertain"}
_NAME = re.compile(r"\{([A-Z_]+)\}")
# Where the clause of a predicate may begin: what stands before belongs to another.
_BREAK = re.compile(
    r"[;:]\s|\.\s+(?=[A-Z])|(?:,\s|\s-\s|^)(?:but|yet|while|whereas|although|though|because|since|so|however"
    r"|by contrast|conversely|in contrast|on the other hand|in general|overall|in addition)\b,?\s"
    r"|\b(?:shown?|shows|found|finds?|suggests?|suggested|indicates?|reports?|reported) that\s"
    rf"|\s(?:and|or)\s(?=(?:they|it|he|she)\s|{FOCUS})",
    re.IGNORECASE)
_AND = re.compile(r",?\s(?:and|or)\s", re.IGNORECASE)
_FINITE = re.compile(
    r"(?<!that)(?<!who)(?<!which)\s(?:is|are|was|were|has|have|had|can|may|will|do|does|did|dies?"
    r"|recovers?|survives?|lives?|needs?|occurs?|becomes?|bodes?|makes?|causes?"
    r"|helps?|allows?|enables?|tends?|cannot|[a-z]{3,}[a-rt-z]s(?=\s(?:the|its|their|an?)\s))\s",
    re.IGNORECASE)
_AUX = re.compile(
    r"(?:\s(?:also|all|both|each|may|might|can|could|will|would|do|does|did|to|has|have|had|often"
    r"|usually|sometimes|generally|clearly|probably|likely|tends?|seems?|appears?|found|shown|said"
    r"|known|is|are|was|were|be|been|then|thus|therefore|always|typically|on average))+$",
    re.IGNORECASE)
_RELATIVE = re.compile(r",\s(?:which|who|whose|alarming|however)\b[^,]*,?\s*$|,[^,]{1,40},\s*$",
                       re.IGNORECASE)
_WHETHER = re.compile(r"(?:whether|how)\s", re.IGNORECASE)
_DASHED = re.compile(r"\s-\s[^-]{2,60}\s-\s*$")
_AS_DO = re.compile(
    r"[^.;:,]{0,40}?,?\s(?:as|and so|so)\s(?:do|does|is|are|did|has|have|was|were)\s")
_STOP = re.compile(r"[;:]|\.(?!\d)|,\s(?:but|although|though|while|whereas|because|since|so)\s")
_HARM = re.compile(r"\b(?:death|died?|dies|mortality|relapse|recur|risk)", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:\s[\w-]+){0,4}?\s(?:if|when|once|where|as long as|provided(?: that)?)\s"
    r"(?:it (?:takes place|is (?:done|performed|carried out|given|started|begun))\s)?"
    r"(?P<clause>[^.;:,]{3,120})", re.IGNORECASE)
_FOR = re.compile(
    r"(?:\s(?:also|only|still|usually|generally))?\s(?:for|in|among|with)\s"
    r"(?P<clause>[^.;:,]{3,100})", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:[\w-]+ )?(?:people|patients|those|children|adults|infants|babies|tumou?rs|women|men)"
    r" (?:with|who|whose|still|confined|that|under|over|older|younger)\b", re.IGNORECASE)
_FRONTED = re.compile(
    r"(?:^|[;:]\s|,\s(?:and|but|yet)\s)(?:[A-Z][a-z]+ly,\s)?(?P<item>(?P<link>provided(?: that)?"
    r"|if|when|once|where|as long as|with|without|given|after|as to|as for)\s"
    r"(?P<clause>[^.;:,]{3,100}?)),?\s"
    r"(?:(?:the|a|an|their|its|nearly|most|almost|all|every|many|some|then)\s){0,3}$",
    re.IGNORECASE)
_KEPT = frozenset({"without", "after"})  # the link is part of the factor's name
_CLAUSES = frozenset({"provided", "provided that", "if", "when", "once", "where", "as long as"})
_CARE = re.compile(
    r"treat|therap|surg|transplant|medic|drug|vaccin|chemo|radiation|operation|excision|resection"
    r"|management|antibiotic|steroid|procedure|trial|regimen|dose|infusion|injection|dialysis"
    r"|ventilat|inhibitor|transfusion|supplement|agent|donat|donor|implant|device|lifestyle|diet\b"
    r"|exercis|plasty|ectomy|stent|care\b", re.IGNORECASE)
_TIMELY = re.compile(
    r"\b(?:early|earlier|prompt|immediate|timely|(?:in)?complete|completeness|lack|without|within"
    r"|delay\w*|late|response|extent|timing|experienced|soon|rapid|intensive)\b", re.IGNORECASE)
_HEAD_END = re.compile(r"\s(?:at|after|before|during|of|in|with|that|who|from|to|on|for)\s")
_FRONT = re.compile(
    r"^(?:(?:on|by|with|of|upon|and|or|neither|nor|both|either|even|also|whether|above all|mainly"
    r"|chiefly|mostly|partly|the presence of|generally|usually|often|typically"
    r"|(?:those|people|patients|children)(?=\s(?:diagnosed|born|infected|operated|untreated)\s)"
    r")\s)+", re.IGNORECASE)
_KIND = re.compile(r"\b(?:types?|stages?|grades?) (?:\d|[IVX]+\b|[A-E]\b)")
_SUBTYPE = re.compile(
    r"(?:(?:people|patients|individuals|those|children|infants|adults|cases|women|men) with )?(?:the )?"
    r"(?!(?:most|any|all|some|this|such|no|their|his|her|severe|having|true|untreated|treated|other"
    r"|many|few|more|rare|known|suspected|diagnosed|symptoms)\b)"
    rf"[A-Za-z][a-z-]{{3,}}(?:al|ic|ar|ous|ed|ive|ary|oid|ant|ent|onset|acute|mild|benign) {FOCUS}++",
    re.IGNORECASE)
_NUMBERS = re.compile(r"\d+(?:\.\d+)?\s*(?:%|percent|months?|weeks?|days?|years?)?")
_VAGUE = re.compile(
    r"(?:(?:the|a|an|this|that|these|those|some|many|most|all|such|other|its|their|several|every)\s"
    r")*(?:it|this|that|they|these|those|he|she|we|you|which|who|there|one|some|many|most|few"
    r"|others?|patients?|people|persons?|children|individuals|cases?|studies|study|research(?:ers)?"
    r"|doctors?|factors?|things?|what|diseases?|disorders?|conditions?|prognosis|outlook|outcomes?"
    r"|survival|half|none|all|both|each|everyone|everybody|anyone|rest|majority|results?|babies"
    r"|infants|adults|person|rule|general|presence|causes?|time|example|also"
    r"|(?:small|larg|young|old|long|short|great)er|better|worse|more|less)?", re.IGNORECASE)
_NO_NOUN = re.compile(
    r"^(?:there|it|this|they|these|he|she|we|you|which|who|no|not|most|many|some|few|about|nearly"
    r"|almost|over|more than|less than|fewer|approximately|in general|studies|research\w*|does|do"
    r"|did|is|are|was|were|will|can|may|must|should|taking|receiving|having to|aside|besides|apart"
    r"|compared|unlike|but|and|factors|advances)\b|\b(?:whether|and|or|of|the|that|with)$|\bhop(?:e|es|ed|ing)\b"
    r"|\b(?:receiv\w+(?! (?:treatment|therapy) (?:\w+ ){0,3}(?:after|late|early|within|before)\b)|undergo\w*|treated with|helps|helped)\b",
    re.IGNORECASE)
# Whole age groups and sexes that are compared with another ("children do better than adults").
_AGES = {"children": "childhood", "infants": "infancy", "adults": "adulthood",
         "women": "female sex", "men": "male sex", "girls": "female sex", "boys": "male sex"}
# The condition of an end: behind it, or before it with the subject of the end between them.
_THEN = re.compile(
    r"(?:\s[\w-]+){0,5}?,?\s(?P<link>if|when|once|unless|as long as|provided(?: that)?)\s"
    r"(?P<clause>[^.;:]{3,140})", re.IGNORECASE)
_IF = re.compile(
    r"(?:^|;\s)(?:however,\s|but\s|for example,\s)?(?P<link>if|when|once|unless|as long as"
    r"|provided(?: that)?)\s(?P<clause>[^.;:]{3,140}?),\s(?:then\s)?(?!or\b|and\b)[^.;:]{0,70}$",
    re.IGNORECASE)
_OR_IF = re.compile(r",?\s(?:or|and)\s(?:if|when)\s", re.IGNORECASE)
_ADVISED = re.compile(
    r"\b(?:should|recommend\w*|advis\w+|need to|ask|talk|tell|call|prescribe|suggest|may need"
    r"|might need|stud(?:y|ies)|trial|research\w*|hop(?:e|ed|es|ing))\b", re.IGNORECASE)
_NO_CONDITION = re.compile(
    r"^(?:(?:the |a )?\w+ )?(?:you|he or she|doctors?|possible|necessary|needed|there is no cure)\b"
    r"|\b(?:not|un|never|isn't|aren't)(?: \w+)? ?(?:treated|diagnosed)\b|\buntreated\b"
    r"|^(?:first |initially )?(?:treated|diagnosed)\b|\bsymptoms (?:begin|start|appear|first)"
    r"|\b(?:years?|months?|weeks?) (?:old|of age)\b|\bnot stillborn|^(?:they|it) (?:do|does)\b"
    r"|^(?:the )?(?:child|patient|person|they|infant)s? (?:is|are|was|were|reach\w*|become)"
    r" (?:\w+ )?(?:born|adults?|older|young|an? infant|adulthood)\b", re.IGNORECASE)
# What denies a fate ("usually do not"); a group of people or a form of the disease.
_DENIED = re.compile(
    r"\s(?:(?:also|usually|often|generally|typically|always|may|might|can|could|will|would|do|does"
    r"|did|are|is|seldom|rarely|hardly(?: ever)?|never)\s){0,3}?"
    r"(?:(?:do|does|did|will|would|can|could|may|might|is|are)(?:n't|\snot)|cannot|can't|won't"
    r"|seldom|rarely|hardly(?:\sever)?|never|fails?\sto|failed\sto|(?:is|are)\s(?:unable|unlikely"
    r"|not\slikely|less\slikely|not\sable)\sto)"
    r"(?:\s(?:usually|often|generally|typically|always|normally|likely|ever|to))*\s?$", re.IGNORECASE)
_A_GROUP = re.compile(
    r"\W*(?:(?:in general|overall|typically|usually|generally|however|now|today|for example),?\s)*"
    r"(?:(?:most|many|some|the|other|all|several|a few|few|about half of|half of|only|almost|nearly"
    r"|an?|of|affected|untreated|treated|young|older|those)\s)*"
    r"(?:(?:people|patients|individuals|children|infants|babies|adults|persons?|males|females|boys"
    r"|girls|men|women|cases|those|newborns|fetuses|survivors|child|infant|patient|individual)\s"
    r"(?:with|who|whose|under|over|older|younger|born|in whom)\s(?!this\b|these\b|such\b|live\b"
    r"|survive\b|recover\b)\S"
    r"|(?:(?!(?:this|these|such|a|an|rare|common|severe|serious|other)\s)[\w'-]+\s){1,4}"
    r"(?:forms?|types?|variants?|subtypes?|FOCUS)\b"
    r"|(?:types?|grades?|stages?) (?:[IVX]+|\d|[A-D])\b)"
    .replace("FOCUS", f"{FOCUS}++(?=\\s|$)"), re.IGNORECASE)
OPPOSITE = {"favourable": "unfavourable", "unfavourable": "favourable"}
MAX_WORDS = 16
FATES = "outcome-fate-"  # begins the rules that read their own negation
CONDITIONS = "outcome-conditions-"  # begins the rules of leads whose items are clauses


class Judgement(Struct, frozen=True):
    """One row: `pattern` judges an outcome; `role` says where in the clause its factor stands."""

    role: str
    frame: Frame


@cache
def judgements() -> tuple[Judgement, ...]:
    """The rows of data/outcomes.tsv that are no words, in their order.

    Raises DataError naming the row whose cells are malformed.
    """
    words = dict(macros())
    found: list[Judgement] = []
    for line, cells in rows(shipped("data/outcomes.tsv")):
        pattern = _NAME.sub(lambda name: words[name.group(1)], cells["pattern"])
        if cells["role"] == "word":
            words[cells["sign"]] = pattern
            continue
        rule = f"outcome-{cells['role']}-{cells['sign']}-{line}"
        frame = Frame(rule, "prognostic_factor", VALUES[cells["sign"]],
                      caseless(pattern),
                      gate(literals(cells["needs"])) | gates(required(cells["pattern"], words)),
                      SECTIONS)
        found.append(Judgement(cells["role"], frame))
    return tuple(found)


def judged(sentence: Sentence) -> Iterator[Match]:
    """Each judgement of an outcome in the sentence, its slot holding what the outcome hangs on."""
    if sentence.kind not in SECTIONS:
        return
    gated = _gated()
    view = seen(sentence.masked)
    for judgement in gated.open(view.gates):
        for found in judgement.frame.pattern.found(sentence.masked, view.low):
            yield from _READERS[judgement.role](sentence, judgement.frame, found)


@cache
def _gated() -> Gated[Judgement]:
    return Gated((judgement.frame.gate, judgement) for judgement in judgements())


def judged_by(sentence: Sentence, match: Match) -> Iterator[Named]:
    """The names of the factors in the slots of a judgement; what names none is left out."""
    text = sentence.masked
    for slot, splits in match.slots:
        than = text.startswith(" than ", match.whole.end)
        for span in _listed(text, slot, splits):
            words = _FRONT.sub("", text[span.start:span.end].strip(" ,"))
            name = _AGES.get(words.lower(), "") if than else ""
            name = name or rewritten(trimmed(words, clause=True))
            if name in _AGES.values() or (_fit(words) and _fit(name)):
                yield Named(final(name, proper=False), span)


def _listed(text: str, slot: Span, splits: bool) -> Iterator[Span]:
    """The items of a slot, those that "nor" parts among them."""
    for span in listed(text, slot, splits, subject=False):
        start = span.start
        for nor in re.finditer(r"\snor\s", text[span.start:span.end]):
            yield Span(start, span.start + nor.start())
            start = span.start + nor.end()
        yield Span(start, span.end)


def _fit(words: str) -> bool:
    """Whether a phrase may name a factor: not the disease, people or care as such."""
    bare = words.replace(FOCUS, "").strip(" ,;:-")
    if len(bare) < 3 or _VAGUE.fullmatch(bare) or _NO_NOUN.match(bare):
        return False
    if len(bare.split()) > MAX_WORDS or (
            FOCUS in words and len(bare.split()) < 3 and not _KIND.search(bare)
            and not _SUBTYPE.fullmatch(words)):
        return False
    # A number or a measure is no name by itself, but "after 90 days" sets a group apart.
    plain = _NUMBERS.sub("nine", re.sub(r"^(?:after|without|within|how) ", "", bare))
    if any(step.pattern.search(plain) for step in steps("junk")):
        return False
    return not _CARE.search(_HEAD_END.split(bare)[0]) or _TIMELY.search(bare) is not None


def _subject(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What stands before the predicate, and what "as do …" adds after it."""
    text = sentence.masked
    slot = _before(text, found.start())
    if slot is not None and (_WHETHER.match(text, slot.start)
                             or not _FINITE.search(text, slot.start, slot.end)):
        yield _match(frame, slot, Span(slot.start, found.end()))
    more = _AS_DO.match(text, found.end())
    if more:
        end = _end(text, more.end())
        yield _match(frame, Span(more.end(), end), Span(found.end(), end))


def _before(text: str, end: int) -> Span | None:
    """The noun phrase before `end`, without asides and auxiliaries; None where there is none."""
    start = max((one.end() for one in _BREAK.finditer(text, 0, end)), default=0)
    for joint in _AND.finditer(text, start, end):
        if _FINITE.search(text, start, joint.start() + 1):
            start = joint.end()
    stop = end
    for aside in (_AUX, _RELATIVE, _DASHED, _AUX):
        cut = aside.search(text[start:stop].rstrip())
        stop = start + cut.start() if cut else stop
    stop = start + len(text[start:stop].rstrip(" ,-"))
    return Span(start, stop) if stop - start > 2 else None


def _state(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What stands beside the outcome, after "if", "when" or "with" or before it."""
    if sentence.kind in STATED:
        yield from _works(sentence, frame, found)


def _works(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """As for a state, wherever it is told: how well a treatment works."""
    text = sentence.masked
    for link in (_WHEN, _FOR):
        after = link.match(text, found.end())
        if after:
            start, end = after.span("clause")
            than = text.find(" than ", start, end)
            slot = Span(start, than if than > 0 else end)
            yield _match(frame, slot, Span(found.start(), slot.end), splits=link is _FOR)
            return
    ahead = _FRONTED.search(text[:found.start()])
    if ahead:
        link_word = ahead.group("link").lower()
        slot = Span(*ahead.span("item" if link_word in _KEPT else "clause"))
        yield _match(frame, slot, Span(ahead.start("item"), found.end()),
                     splits=link_word not in _CLAUSES)


def _group(_: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What the row itself marks as the factor: "few people with … survive"."""
    part = "item" if found["item"] else "item2"
    yield _match(frame, Span(*found.span(part)), Span(*found.span()), splits=False)


def _rate(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """As for a state; after "for" and "in" only a group that has something."""
    group = _FOR.match(sentence.masked, found.end())
    if group is None or _GROUP.match(group.group("clause")):
        yield from _state(sentence, frame, found)


def _contrast(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The two groups of a comparison of shares that live: the larger share is the better."""
    one, two = int(found["one"]), int(found["two"])
    if sentence.kind not in STATED or _HARM.search(sentence.masked) or one == two:
        return
    for part, good in (("first", one > two), ("second", two > one)):
        slot = Span(*found.span(part))
        changed = replace(frame, value=VALUES["good" if good else "bad"])
        yield _match(changed, slot, slot, splits=False)


def _object(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """What follows, but not where a colon announces that it is told more exactly."""
    text = sentence.masked
    end = _end(text, found.end())
    if end - found.end() > 2 and text[end:end + 1] != ":":
        yield _match(frame, Span(found.end(), end), Span(found.start(), end))


def _lead(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The list items below the sentence."""
    if sentence.items:
        yield Match(frame, Span(*found.span()), (), sentence.items, ())


def _turn(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The condition on which a clause tells of an end, behind it or before it."""
    text = sentence.masked
    whole = Span(found.start(), found.end())
    links = [_THEN.match(text, found.end()), _IF.search(text, 0, found.start())]
    for link in links:
        if link is None or sentence.kind not in TOLD or _ADVISED.search(text):
            continue
        value = OPPOSITE[frame.value] if link["link"].lower() == "unless" else frame.value
        for clause in _alternatives(text, Span(*link.span("clause"))):
            if not _NO_CONDITION.search(text[clause.start:clause.end]):
                yield _match(replace(frame, value=value), clause, whole, splits=False)
        return


def _alternatives(text: str, clause: Span) -> Iterator[Span]:
    """The conditions of "if the cyst is large or if there are many"."""
    start = clause.start
    for joint in _OR_IF.finditer(text, clause.start, clause.end):
        yield Span(start, joint.start())
        start = joint.end()
    yield Span(start, clause.end)


def _fate(sentence: Sentence, frame: Frame, found: re.Match[str]) -> Iterator[Match]:
    """The group whose fate a clause tells; what it does not do has the opposite value."""
    if sentence.kind not in TOLD or _ADVISED.search(sentence.masked):
        return
    text = sentence.masked
    denied = _DENIED.search(text, 0, found.start())
    value = OPPOSITE[frame.value] if denied else frame.value
    slot = _before(text, denied.start() if denied else found.start())
    if slot is None or not _A_GROUP.match(text[slot.start:slot.end]):
        return
    if _FINITE.search(text, slot.start, slot.end):
        return
    yield _match(replace(frame, value=value), slot, Span(slot.start, found.end()))


_READERS = {"subject": _subject, "state": _state, "rate": _rate, "contrast": _contrast,
            "group": _group, "object": _object, "lead": _lead, "conditions": _lead,
            "turn": _turn, "fate": _fate, "works": _works}


def _end(text: str, start: int) -> int:
    """The end of the clause in which `start` stands; a point within a number ends none."""
    found = _STOP.search(text, start)
    return found.start() if found else len(text.rstrip())


def _match(frame: Frame, slot: Span, whole: Span, *, splits: bool = True) -> Match:
    return Match(frame, whole, (slot,), (), ((slot, splits),))
