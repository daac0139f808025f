"""What kind of section a heading or paragraph belongs to (data/sections.tsv, boilerplate.tsv)."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from msgspec import Struct

from ..errors import DataError
from ..files import rows, shipped
from ..text import collapse, is_anchored

FACTUAL = frozenset({
    "symptoms", "cause", "risk", "inheritance", "diagnosis", "treatment", "prognosis", "statistics",
    "prevention",
})
MOST_VOTES_OF_A_CUE = 3
OPENING = re.compile(r".{0,400}?[.!?](?=\s|$|\[)|.{0,400}", re.DOTALL)
WEIGHT_OF_OPENING = 1
ENOUGH_TEXT = 5000
REPEATED = 1000  # characters of a paragraph whose kind is remembered


class Cue(Struct, frozen=True):
    """One row: `pattern` speaks for `kind` with `weight` votes each time it is found.

    It is found at the start of a text alone where it is `anchored`, and only in one that holds, in
    lower case, a word of `needs` if there are any.
    """

    kind: str
    weight: int
    pattern: re.Pattern[str]
    anchored: bool = False
    needs: tuple[str, ...] = ()

    def fits(self, text: str, low: str) -> bool:
        """Whether it is found in a text of which `low` is the lower case."""
        if self.needs and not any(map(low.__contains__, self.needs)):
            return False
        seek = self.pattern.match if self.anchored else self.pattern.search
        return seek(text) is not None


@cache
def _cues(where: str) -> tuple[Cue, ...]:
    path = shipped("data/sections.tsv")
    return tuple(
        Cue(cells["kind"], int(cells["weight"]), _compiled(cells["pattern"], path, line))
        for line, cells in rows(path) if cells["where"] == where
    )


@cache
def _boilerplate(where: str) -> tuple[Cue, ...]:
    path = shipped("data/boilerplate.tsv")
    return tuple(Cue(cells["kind"], 1, _compiled(cells["pattern"], path, line),
                     is_anchored(cells["pattern"]), tuple(filter(None, cells["needs"].split("|"))))
                 for line, cells in rows(path) if cells["where"] == where)


def _compiled(pattern: str, path: object, line: int) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise DataError(path, line, f"pattern: {error}") from None


@lru_cache(maxsize=1024)  # pages of one publisher have the same headings
def heading_kind(heading: str) -> str | None:
    """The section kind that a heading names; the first fitting row decides."""
    plain = " ".join(heading.strip(" \t*_#:.-–—?").split())
    return next((cue.kind for cue in _cues("heading") if cue.pattern.search(plain)), None)


def boilerplate_kind(paragraph: str) -> str | None:
    """The silent kind of a paragraph that belongs to the site, not the disease, or None."""
    plain = collapse(paragraph)
    return _repeated(plain) if len(plain) < REPEATED else _silent(plain)


@lru_cache(maxsize=2048)
def _repeated(plain: str) -> str | None:
    """The same for a paragraph that may stand on every page of a site."""
    return _silent(plain)


def _silent(plain: str) -> str | None:
    opening = _opening(plain)
    return next((cue.kind for where, text in (("opening", opening), ("anywhere", plain))
                 for low in (text.lower(),)
                 for cue in _boilerplate(where) if cue.fits(text, low)), None)


def _opening(paragraph: str) -> str:
    found = OPENING.match(paragraph)
    return found.group() if found else ""


def votes(paragraph: str) -> Counter[str]:
    """How strongly the first words of a paragraph speak for each section kind."""
    paragraph = collapse(paragraph[:ENOUGH_TEXT])
    count: Counter[str] = Counter()
    for cue in _cues("cue"):
        found = sum(1 for _ in cue.pattern.finditer(paragraph))
        if found:
            count[cue.kind] += cue.weight * min(found, MOST_VOTES_OF_A_CUE)
    return count


def guess(paragraph: str) -> str | None:
    """The section kind with most votes, its first sentence counting more; None without any cue.

    Ties go to the kind that comes first in the file.
    """
    count = votes(paragraph)
    for kind, number in votes(_opening(paragraph)).items():
        count[kind] += WEIGHT_OF_OPENING * number
    order = {cue.kind: -index for index, cue in reversed(tuple(enumerate(_cues("cue"))))}
    return max(count, key=lambda kind: (count[kind], order[kind])) if count else None
