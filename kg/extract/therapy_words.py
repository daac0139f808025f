"""What a word says about a phrase: that it is a therapy, that it never is one, or where it ends."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..files import rows, shipped
from .frames import compiled

_CORE = re.compile(r"\s+(?:of|to|for|with|in|by|from|on|against|using|such|that)\s", re.IGNORECASE)
_LAST = re.compile(r"(?:([\w/'+-]+)\s+)?([\w/'+-]+)$")


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """For each role of data/therapy_words.tsv, one pattern for all its rows."""
    path = shipped("data/therapy_words.tsv")
    table: dict[str, list[str]] = {}
    for line, cells in rows(path):
        compiled(cells["pattern"], path, line)
        table.setdefault(cells["role"], []).append(cells["pattern"])
    return {role: re.compile(f"(?:{'|'.join(found)})", re.IGNORECASE)
            for role, found in table.items()}


@cache
def tails() -> re.Pattern[str]:
    """Where the tail of a list item begins."""
    return re.compile(rf"\s+{patterns()['tail'].pattern}(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def is_a(words: str, role: str) -> bool:
    """Whether `words`, whole and in lower case, have this role."""
    return patterns()[role].fullmatch(words) is not None


def core(phrase: str) -> str:
    """`phrase` up to its first preposition: "removal of the tumor" is a removal."""
    found = _CORE.search(phrase)
    return phrase[:found.start()] if found else phrase


def head_role(phrase: str) -> str:
    """The role of the head of a noun phrase: person, test, strong, soft, listed or none ("").

    >>> head_role("wide local excision of the tumor"), head_role("a pediatric neurologist")
    ('strong', 'person')
    """
    last = _LAST.search(core(phrase).lower())
    if last is None:
        return ""
    one, two = last.group(2), f"{last.group(1)} {last.group(2)}" if last.group(1) else ""
    for role in ("strong", "person", "test", "soft", "listed"):
        if two and role in {"strong", "soft"} and is_a(two, role):
            return role
        if is_a(one, role) or ("-" in one and is_a(one.rsplit("-", 1)[1], role)):
            return role
    return ""


def is_empty(phrase: str) -> bool:
    """Whether the phrase names no therapy by itself ("other treatments", "symptoms")."""
    return is_a(phrase.lower(), "empty")
