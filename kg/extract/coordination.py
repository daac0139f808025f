"""From a slot of a frame to its items: what is listed apart, and what looks like two and is one."""

from __future__ import annotations

import re

from ..model import Span
from .lists import SHIELD, run_together, split
from .segment import FOCUS

CLAUSE_ITEM = re.compile(
    r"\W*(?:whether|if|when|how|where|you|they|it|people|a person)\b", re.IGNORECASE
)
_CONJUNCTION = re.compile(
    r"\b(?:and|or|plus|as well as|such as|including|like|especially|particularly)\b",
    re.IGNORECASE)
_PROPER_LIST = re.compile(r", (?:and )?(?:[A-Z][\w-]+ )*[A-Z][\w-]+(?=,| and | or )")
_EXAMPLED = re.compile(r" such as |, |/| (?:or|and) ")
# What looks like two items and is one: "to the head or neck", "between 40 and 70", "60 or older".
_ONE_ITEM = re.compile(
    r".*\b(?:to|of|in|on|between|within) (?:the|both(?! \w+s and )|a person's) (?:\w+ )?\w+"
    r" (?:or|and) (?!by |from |because )\w+(?:(?: \w+)? (?:before|after|during|in|of|that) .*)?"
    r"|.*\bbetween [^,]* and [^,]*"
    r"|.* (?:or|and) (?:in|on|at|during|within|into) .*"
    r"|[\w-]+(?: \w+)? (?:from|found in|in contact with)(?: \w+){1,2} or \w+"
    r"|.*\b\w+ or (?:more|fewer|less)\b.*|(?:.*\b)?head and neck\b.*"
    r"|.*\b\w+ing and \w+ing of .*"
    r"|.*\b(?:between|from) (?:\w+ ){0,4}\d+ and \d+.*"
    r"|.*\d+(?: years)?(?: of age)? (?:or|and) (?:older|younger|over|above|under|up|more|less)",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"(?:having |who have |have )?(?:an? )?(?:[\w-]+ )?"
    r"(?:parent|mother|father|brother|sister|sibling|child)\b"
    r".*\b(?:parent|mother|father|brother|sister|sibling|child)(?: with.*)?", re.IGNORECASE)
_APPOSED = re.compile(r"(?:an?|the|one of) ")
_NEXT_GROUP = re.compile(
    r",? (?:and|or) (?=(?:those|people|individuals|patients|anyone|with|who|whose) )")
# A clause within an item holds its conjunctions: in a list up to its comma, in an item that
# stands for itself up to its examples.
_OPENERS = ("that ", "which ", "ed by", "used ", "made by", "needed ", "ing from", "due to")
_INNER = re.compile(
    r"(?<!of )(?<!on )(?<!in )(?<!to )(?<!with )(?<!and )\b(?:that|which"
    r"|(?:caused|produced|triggered|brought on|made|affected) by|used (?:to|for|in)|needed to"
    r"|due to|resulting from)\b[^,;:()]*", re.IGNORECASE)
_INNER_OF_ITEM = re.compile(
    rf"{_INNER.pattern}(?:,(?! (?:such as|including|like)\b)[^,;:()]*)*", re.IGNORECASE)
# What explains an item that has no article itself: "Vibrio, a germ found in fish and shellfish".
_EXPLAINED = re.compile(
    r"(?!an? |the |\w+ing |[^,]*\b(?:such as|including)\b)(?:[^,;:()]|\([^()]*\))+"
    r"(, (?:(?:an?|one of|the) \w"
    r"|(?:found|seen|spread|used|made|called|known|caused|especially|which|who)\b).*)",
    re.IGNORECASE)
# "People who already have A or B" has two items; a clause with a verb of its own has one.
_WHOLE = re.compile(rf"\b(?:who|that|which|when|if|whose|their|to)\b|{FOCUS}", re.IGNORECASE)
_HAVING = re.compile(
    r"\W*(?:people|those|patients|individuals|children|adults) (?:with|who (?:already )?have) ",
    re.IGNORECASE)


def listed(text: str, whole: Span, splits: bool, subject: bool) -> list[Span]:
    """The items of a slot: of a list, of a list that lost its separators, or the slot itself."""
    words = text[whole.start:whole.end]
    if not splits:
        return [whole]
    if CLAUSE_ITEM.match(words) and " such as " not in words:
        return _groups(text, whole)
    if not subject and words.lstrip()[:1].isupper():
        lost = run_together(text, whole.start, whole.end)
        if lost and not _PROPER_LIST.search(words):
            return _examples(text, lost)
    text = _closed(text, whole)
    words = text[whole.start:whole.end]
    spans = list(split(text, whole.start, whole.end))
    if subject and len(spans) > 1 and not _CONJUNCTION.search(words):
        return spans[:1]
    if len(spans) > 1 and _APPOSED.match(words, spans[1].start - whole.start) and (
            not _CONJUNCTION.search(words)):
        return spans[:1]
    return _rejoined(text, spans)


def _closed(text: str, whole: Span) -> str:
    """The text with the clauses within the items of a slot made opaque."""
    alone = whole.start == 0 and whole.end >= len(text.rstrip(" ."))
    inner, words = _INNER_OF_ITEM if alone else _INNER, text[whole.start:whole.end]
    if not alone and not any(map(words.count, _OPENERS)):
        return text
    explained = _EXPLAINED.fullmatch(words) if alone else None
    if explained:
        words = words[:explained.start(1)] + "." * (len(words) - explained.start(1))
    words = inner.sub(lambda found: SHIELD * len(found.group()), words)
    return text[:whole.start] + words + text[whole.end:]


def _groups(text: str, whole: Span) -> list[Span]:
    """A clause as one item, but "people who smoke and those with gout" as two."""
    cuts = [found.span() for found in _NEXT_GROUP.finditer(text, whole.start, whole.end)]
    starts = [whole.start, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), whole.end]
    return [one for start, end in zip(starts, ends, strict=True)
            for one in _had(text, Span(start, end))]


def _had(text: str, group: Span) -> list[Span]:
    """What the people of a group have, one by one; a group of another kind is one item."""
    found = _HAVING.match(text, group.start, group.end)
    if found is None or _WHOLE.search(text, found.end(), group.end):
        return [group]
    return _rejoined(text, list(split(text, found.end(), group.end))) or [group]


def _examples(text: str, items: tuple[Span, ...]) -> list[Span]:
    """Items of a list without separators, those with examples split further."""
    return [inner for item in items
            for inner in (split(text, item.start, item.end)
                          if _EXAMPLED.search(text[item.start:item.end]) else (item,))]


def _rejoined(text: str, spans: list[Span]) -> list[Span]:
    """The items, with those put together again that are one ("to the head or neck")."""
    done: list[Span] = []
    for span in spans:
        joint = text[done[-1].end:span.start] if done else ""
        both = text[done[-1].start:span.end] if done else ""
        pair = joint in {" or ", " and "} and _ONE_ITEM.fullmatch(both)
        if pair or (joint.startswith((",", " or ", " and ")) and _KIN.fullmatch(both)):
            done[-1] = Span(done[-1].start, span.end)
        else:
            done.append(span)
    return done
