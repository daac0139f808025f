"""What a sentence says of a therapy's standing: the status cues around its mention."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Span
from .caseless import Caseless, lower
from .frames import caseless_row, seen
from .gates import gate, literals

STANDARD = "standard"
THERAPY = "\ue001"
# The last character of a run: one place to begin a match, not one for each letter.
_LAST = f"{THERAPY}(?!{THERAPY})"
_TURN = re.compile(
    r";|\bbut\b(?! (?:of|not|no|is|are|was|were|has|have|had|did|does|do|with|without|showed"
    r"|(?:can|may|might|could|should) be)\b)"
    r"|, because\b|\bhowever\b|\balthough\b|\bwhile\b|\bwhereas\b|\bthough\b"
    r"|, (?:and|so) (?=[^,;]{3,70}? (?:may|might|can|could|is|are|should|has|have|will|must"
    r"|sometimes)\b)",
    re.IGNORECASE)
# "When itching is severe, …": its verb is not that of the clause behind it.
_FRONTED = re.compile(r"\W*(?:when|if|while|although|because|once|as|since|after|before)\b[^,;]*,",
                      re.IGNORECASE)
# Words without one of which there is no turn; to look for them is quicker than for the pattern.
_TURNS = (";", "but", ", because", "however", "although", "while", "whereas", "though", ", and ",
          ", so ")
_FINITE = re.compile(
    r"\b(?:may|might|can|could|is|are|was|were|has|have|should|will|must|includes?|involves?)\b",
    re.IGNORECASE)


class Cue(Struct, frozen=True):
    """One row of data/status.tsv; in `pattern` {T} is the therapy.

    `scope` is "clause", "sentence", or "previous" for a sentence that speaks of the therapies of
    the sentence before it.
    """

    rule: str
    value: str
    scope: str
    gate: int
    pattern: Caseless


@cache
def cues() -> tuple[Cue, ...]:
    """The rows of data/status.tsv; the first that fits decides."""
    path = shipped("data/status.tsv")
    return tuple(
        Cue(cells["rule"], cells["value"], cells["scope"],
            gate(literals(cells["needs"])),
            caseless_row(cells["pattern"].replace("{T}", _LAST), path, line))
        for line, cells in rows(path)
    )


@lru_cache(maxsize=16)
def within(text: str) -> tuple[Cue, ...]:
    """The cues whose literals occur in a sentence; asked again for each of its therapies."""
    known = cues()  # before the gates are asked: loading it adds to them
    gates = seen(text).gates
    return tuple(cue for cue in known if cue.gate & gates == cue.gate)


def status(text: str, therapy: Span) -> Cue | None:
    """The first cue that holds for the therapy at `therapy` in a sentence, or None."""
    possible = within(text)
    if not possible:
        return None
    marked = text[:therapy.start] + THERAPY * (therapy.end - therapy.start) + text[therapy.end:]
    clause = clause_of(marked, therapy)
    for cue in possible:
        where = clause if cue.scope == "clause" else Span(0, len(marked))
        if cue.scope == "previous":
            where = Span(therapy.end, len(marked))
        if cue.pattern.search(marked[where.start:where.end]):
            return cue
    return None


def clause_of(text: str, place: Span) -> Span:
    """The clause around `place`: up to the next "but", semicolon or new subject on each side.

    A comma and "and" begin a clause only where what stands before has its own verb, a semicolon
    only where one follows: else they part the items of a list.
    """
    start, end = 0, len(text)
    turns = any(map(lower(text).__contains__, _TURNS))
    fronted = _FRONTED.match(text) if turns else None
    behind = fronted.end() if fronted else 0
    for found in _TURN.finditer(text) if turns else ():
        if found.group().startswith(",") and not _FINITE.search(
                text, max(start, behind), found.start()):
            continue
        if found.group() == ";" and not _FINITE.search(text, found.end()):
            continue
        if found.end() <= place.start:
            start = found.end()
        elif found.start() >= place.end:
            end = found.start()
            break
    return Span(start, end)


def carried(text: str) -> Cue | None:
    """What a sentence says of the therapies just named ("Most of these therapies …"), or None."""
    return next((cue for cue in within(text)
                 if cue.scope == "previous" and cue.pattern.search(text)), None)
