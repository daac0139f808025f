"""From the words for a population ("young men of Finnish descent") to the traits that define it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .caseless import expanded
from .naming import likely
from .segment import FOCUS

_PEOPLE = re.compile(
    r"^(?:(?!(?:between|of|in|by|to|with|for|from|than|who)\b)[\w-]+ ){0,4}?"
    r"(?:people|persons?|individuals?|men|women|males?|females?|boys?|girls?"
    r"|child(?:ren)?(?:'s)?|childhood|pediatric|infants?|infancy|newborns?|bab(?:y|ies)|adults?"
    r"|adulthood|adolescen\w+|teenagers?|teens?|elderly|those|populations?|families|man|woman)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(r"( (?:who (?!are |is )|whose |with )).*")
_BOTH = re.compile(r"\b(?:both|all|any|either|every|no)\b|\bonly\b.*\bknown\b", re.IGNORECASE)


def traits(words: str) -> tuple[str, ...]:
    """The sex, age, ancestry and history in the words for a population; empty where none is.

    >>> traits("young men")
    ('male sex', 'young age')
    """
    words = words.strip(" ,;:.")
    if not _PEOPLE.match(words) or _BOTH.search(words) or FOCUS in words:
        return ()
    found = tuple(_found("part", _HISTORY.sub(r"\1", words)))
    return tuple(dict.fromkeys((*found, *_found("whom", words)))) if found else ()


def _found(kind: str, words: str) -> Iterator[str]:
    for step in likely(words, kind):
        found = step.pattern.match(words)
        if found:
            yield expanded(step.replacement, found, words).strip()
