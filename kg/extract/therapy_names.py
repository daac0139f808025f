"""What a therapy's name keeps: no ragged ends, no clause, nothing that only stands beside one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from .outcome_words import words
from .therapy_advice import doing
from .therapy_words import head_role, is_empty

_LETTERS = re.compile(r"[A-Za-z]{3}")


@lru_cache(maxsize=1 << 16)
def tidied(name: str, *, avoided: bool = False) -> str:
    """The name as a vocabulary would have it, "" where it names no therapy.

    What is to be avoided need be no therapy itself: a disease or a sign may stand there.

    >>> tidied("more medications to control their blood pressure")
    'medications to control blood pressure'
    >>> tidied("surgery to remove a diseased"), tidied("than treatment"), tidied("knees")
    ('surgery', '', '')
    """
    found = words("therapy_names.tsv")
    short = _trimmed(name, found)
    if short != name and (is_empty(short) or not _LETTERS.search(short)):
        return ""
    if found["junk"].fullmatch(short) or found["start"].match(short):
        return ""
    if found["doing"].match(short):
        return short if short == name or " " in short else ""
    role = head_role(short)
    if role != "strong" and _is_beside(short, found, avoided):
        return ""
    return "" if short != name and role in {"person", "test"} else short


def _is_beside(name: str, found: Mapping[str, re.Pattern[str]], avoided: bool) -> bool:
    """Whether the head is a part of the body, a person, or what is treated and not avoided."""
    cut = found["after_head"].search(name)
    head = name[:cut.start()] if cut else name
    return bool(found["thing"].search(head) or (not avoided and found["ill"].search(head)))


def _trimmed(name: str, found: Mapping[str, re.Pattern[str]]) -> str:
    """The name without what another sentence part left at its ends."""
    glued = found["glue"].search(name)
    short = name[:glued.end()] if glued else name
    while True:
        before = short
        if lead := found["drop"].match(short):
            short = short[lead.end():]
        if clause := found["verb"].match(short):
            short = next(filter(None, clause.groups()))
        short = _without_end(short, found)
        if short == before:
            break
    if plain := found["base"].match(short):
        short = f"{doing(plain.group().rstrip().lower())} {short[plain.end():]}"
    return found["owner"].sub("", short)


def _without_end(name: str, found: Mapping[str, re.Pattern[str]]) -> str:
    roles = ("ragged",) if found["doing"].match(name) else ("ragged", "broken")
    for role in roles:
        if (end := found[role].search(name)) and end.start() > 0:
            return name[:end.start()].rstrip(" ,;")
    return name
