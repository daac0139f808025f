"""The shapes in which pages write figures: percentages, rates, ages, counts and ratios."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ..files import rows, shipped
from .caseless import Caseless, caseless
from .numbers import any_of, number_pattern, words

# A figure never begins inside a word, a code ("type-2", "9p21") or a sum of money.
_LEFT = r"(?<![\w.,/$£€#+-])"
_TO = r"(?:\s*-{1,2}\s*|\s+(?:up\s+)?to\s+|\s+through\s+|\s+versus\s+(?=\d))"
_APPROXIMATE = r"(?:(?:about|approximately|around|roughly|nearly|almost)\s+)?"
_EVERY = r"(?:(?:every|each)\s+)?"
_PEOPLE = (
    r"(?:people|persons?|patients?|individuals?|adults?|children|child|infants?|newborns?|babies"
    r"|women|woman|men|man|males?|females?|girls?|boys?|cases?|births?|families|tumou?rs?|baby)"
)
SEXES = (
    re.compile(r"\b(?:wom[ae]n|females?|girls?|F)\b", re.IGNORECASE),
    re.compile(r"\b(?:m[ae]n|males?|boys?|M)\b", re.IGNORECASE),
)


@cache
def units() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The words of data/units.tsv with the unit that each stands for."""
    return tuple((re.compile(cells["pattern"], re.IGNORECASE), cells["unit"])
                 for _, cells in rows(shipped("data/units.tsv")))


def unit_of(word: str) -> str:
    """The unit of a word; "" where data/units.tsv lacks it."""
    return next((unit for pattern, unit in units() if pattern.fullmatch(word)), "")


def _words_of(*wanted: str) -> str:
    found = [pattern.pattern for pattern, unit in units() if unit in wanted]
    return "(?:" + "|".join(found) + ")"


def _range(unit: str = "", before: str = "") -> str:
    """One number or two: groups a1 b1 (between … and), a2 b2 (… to …), a3 (a single number)."""
    number = number_pattern()
    first, second = (rf"(?:[\s-]?(?P<u{i}>{unit}))?" if unit else "" for i in (1, 2))
    return (
        rf"(?:\bbetween\s+{_APPROXIMATE}{before}(?P<a1>{number}){first}\s+(?:and|to)\s+"
        rf"{_APPROXIMATE}{before}(?P<b1>{number})"
        rf"|(?:\bfrom\s+)?(?P<a2>{number})(?:{second}{_TO}|\s+or\s+){_APPROXIMATE}{before}(?P<b2>{number})"
        rf"|(?P<a3>{number}))"
    )


def _age(time: str) -> tuple[str, ...]:
    """Ages, from the most to the least explicit; a group `time` names the unit if it is said."""
    decade, ordinal = any_of(words().decade), any_of(words().ordinal)
    stage = r"(?:(?P<s{0}>early|mid|middle|late)[\s-]+)?(?:to\s+late\s+|to\s+mid\s+)?"
    tens = rf"(?:[1-9]0'?s|{decade})"
    person = rf"{_PEOPLE}|those|anyone|everyone"
    bound = r"(?:over|under|above|below|older\s+than|younger\s+than)"
    number, aged = number_pattern(), _range(time, r"(?:ages?\s+)?")
    return (
        rf"\b(?:in|into|during|until|by|through)\s+(?:(?:their|the|his|her|one's)\s+)?{stage.format(1)}"
        rf"(?P<d1>{tens})(?:(?:{_TO}|,?\s+(?:and|or)\s+|,\s+)(?:(?:their|the)\s+)?"
        rf"{stage.format(2)}(?P<d2>{tens}))*\b",
        rf"\b(?P<o1>{ordinal})(?:(?:{_TO}|\s+(?:and|or)\s+)(?:the\s+)?(?P<o2>{ordinal}))?\s+decades?"
        r"(?:\s+of\s+life)?\b",
        rf"\bfirst\s+(?:(?P<first>{number})\s+)?(?P<time>{time})\s+(?:of\s+life|after\s+birth|of\s+age)",
        rf"\bbetween\s+(?:the\s+)?ages?\s+(?:of\s+)?{_APPROXIMATE}(?P<a1>{number})(?:[\s-]?(?P<u1>{time}))?"
        rf"(?:{_TO}|\s+and\s+)(?:ages?\s+)?{_APPROXIMATE}(?P<b1>{number})(?:[\s-]*(?P<time>{time}))?"
        r"(?:[\s-]+(?:old|of\s+age))?",
        rf"\b(?:the\s+)?age[sd]?\s+(?:of\s+)?(?:group\s+)?{_APPROXIMATE}"
        rf"{aged}(?:[\s-]+(?P<time>{time}))?(?:[\s-]+(?:old|of\s+age))?",
        rf"{_LEFT}(?:between\s+)?(?P<a1>{number})\s+and\s+(?P<b1>{number})[\s-](?P<time>{time})\s+(?:old|of\s+age)\b",
        rf"{_LEFT}{_range(time)}[\s-]*(?P<time>{time})[\s-]+(?:olds?|of\s+age|of\s+life"
        r"|(?:after|following)\s+birth)\b",
        rf"\b(?:{person})\s+(?:who\s+are\s+|who\s+were\s+|aged\s+)?"
        rf"(?=(?:{bound}|between)\s)(?:(?P<bound>{bound})\s+)?(?:the\s+age\s+of\s+)?"
        rf"{_range(time)}(?:[\s-]+(?P<time>{time}))?(?![\w%]|\s+(?:percent|of\b|cases))",
        rf"\b(?P<bound>older\s+than|younger\s+than)\s+{_range(time)}[\s-]+(?P<time>{time})\b",
    )


def _fraction() -> str:
    part, number = any_of(words().part), number_pattern()
    return (
        rf"(?<![\w-])(?:(?P<n1>{number}|an?)(?:(?:{_TO}|\s+or\s+)(?P<n2>{number}))?[\s-])?"
        rf"(?P<p1>{part})(?:(?:{_TO}|\s+(?:and|or)\s+)(?:(?P<n3>{number}|an?)[\s-])?(?P<p2>{part}))?\b"
        r"(?![-])"
    )


def _whole() -> str:
    return rf"(?:{number_pattern()}|{any_of(words().scale)}\b)"


def _rate() -> tuple[str, str]:
    scale, whole = any_of(words().scale), _whole()
    return (
        rf"{_LEFT}{_range()}(?:\s+(?:new\s+)?{_PEOPLE})?"
        rf"(?:-in-|\s+(?:(?:in|out\s+of|for|among)\s+{_EVERY}|of\s+(?:every|each)\s+))"
        rf"(?P<w1>{whole})(?:(?:(?:{_TO}|\s+(?:and|or)\s+)(?:(?:1|one)\s+in\s+)?"
        rf"|\s+{_PEOPLE}\s+to\s+{_APPROXIMATE}(?:1|one)\s+in\s+){_APPROXIMATE}{_EVERY}"
        rf"(?P<w2>{whole}))?"
        r"(?![\w%]|\s*(?:percent|years?|months?|weeks?|days?)\b)",
        rf"{_LEFT}{_range()}(?:\s+(?:(?!per\b)[a-z-]+\s+){{0,4}}?|\s*)"
        rf"(?:(?:per|for\s+every|out\s+of\s+every)\b\s*|/\s*(?=\d{{1,3}}[, ]?000|{scale}))"
        rf"{_EVERY}(?P<w1>{whole})\b(?!\s*/|[\s-]*(?:years?|months?|weeks?|days?|hours?)\b)",
    )


def _ratio() -> tuple[str, ...]:
    number, unit = number_pattern(), _words_of("%", "years", "months", "weeks", "days")
    return (
        rf"{_LEFT}(?P<r1>{number})(?:\s?:\s?|\s+to\s+|-to-)(?P<r2>{number})(?![\w%:]|\s*{unit})",
        rf"{_LEFT}{_range()}[\s-]?(?:times|fold)\b",
        r"\b(?P<twice>twice|double)\b",
        r"\b(?P<equal>equally|(?:an?\s+)?(?:equal|similar|same)\s+"
        r"(?:numbers?|frequency|rates?|proportions?))\b",
        rf"\bratio\s+(?:\([^)]*\)\s+)?(?:is|was|of|being|approximately|about)\s+{_APPROXIMATE}"
        rf"{_range()}(?!\s?:|\s+to\b|[\w%])",
    )


# The words of which a text must hold one, for each pattern of _ratio.
_RATIO_NEEDS = ((":", "to"), ("times", "fold"), ("twice", "double"), ("equal", "similar", "same"),
                ("ratio",))


@cache
def shapes() -> tuple[tuple[str, Callable[[str], bool], Caseless], ...]:
    """Shape, whether a text may hold it (a fast gate) and pattern, in order of trust.

    The gate is for texts in lower case.  Earlier ones win where two overlap.
    """
    time, count = _words_of("years", "months", "weeks", "days"), _words_of("cases", "families")
    percent, whole = _words_of("%"), _whole()
    counted = rf"{_LEFT}{_range()}\s+(?:(?!(?:of|in|per|and|or|to|with)\b)[a-z-]+\s+){{0,3}}?"
    written: list[tuple[str, Callable[[str], bool], str]] = [
        *(("rate", gate, pattern) for gate, pattern in zip(_rate_gates(whole), _rate(),
                                                           strict=True)),
        ("percent", _holds("%", "percent", "per cent"),
         rf"{_LEFT}{_range(percent)}\s?-?{percent}(?!\w)"),
        ("fraction", _holds(*words().part), _fraction()),
        *(("age", _holds(*needs), pattern)
          for needs, pattern in zip(_age_needs(), _age(time), strict=True)),
        *(("ratio", _holds(*needs), pattern)
          for needs, pattern in zip(_RATIO_NEEDS, _ratio(), strict=True)),
        ("duration", _holds("year", "yr", "month", "mos", "week", "wk", "day"),
         rf"{_LEFT}{_range(time)}[\s-]*(?P<time>{time})\b"),
        ("count", _matches(r"\d|hundred|thousand|million|dozen|report|descri|publish|case|famil"
                           "|known|ident"),
         rf"{counted}(?P<noun>{count})\b"),
    ]
    return tuple((name, gate, caseless(pattern)) for name, gate, pattern in written)


def _holds(*words_: str) -> Callable[[str], bool]:
    """Whether a text holds one of the words, be it within another."""
    return lambda low: any(map(low.__contains__, words_))


def _matches(pattern: str) -> Callable[[str], bool]:
    found = re.compile(pattern)
    return lambda low: found.search(low) is not None


def _rate_gates(whole: str) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Whether what a rate is of stands in a text, for each pattern of _rate."""
    known = _holds(" in ", "-in-", "-in ", " in-", " out of ", "per ", " every", "/")
    people = _matches(rf"(?:-in-|(?:in|of|for|among)\s+{_EVERY}){whole}")
    share = _matches(rf"(?:per|every|/)\s*{_EVERY}{whole}")
    return lambda low: known(low) and people(low), lambda low: known(low) and share(low)


def _age_needs() -> tuple[tuple[str, ...], ...]:
    """The words of which a text must hold one, for each pattern of _age."""
    bound = ("over", "under", "above", "below", "older", "younger", "between")
    return (("0s", "0's", *words().decade), ("decade",), ("first",), ("between",), ("age",),
            ("old", "age"), ("old", "age", "life", "birth"), bound, ("older", "younger"))
