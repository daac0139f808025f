"""From the words of one item to a short noun phrase, by the steps of data/naming.tsv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain

from msgspec import Struct

from ..files import rows, shipped
from .caseless import Caseless, lower
from .claims import phrase
from .frames import caseless_row, gate_of
from .gates import Gated
from .segment import FOCUS

MAX_WORDS = 16
_BRACKETS = re.compile(r"\([^()]*\)")
_EDGES = " ,;:."
_ADJECTIVE = re.compile(
    r"(?:.* (?:of|in|with|from|to) )?[a-z-]{3,}(?:al|ar|ic|ous|ive|ary|oid|genic)"
    r"(?<!alcohol)(?<!arsenic)(?<!antibiotic)"
)
_DOING = re.compile(r"(?:[a-z]+ly )?[a-z]{3,}ing")
_DONE = re.compile(
    r"(?:[a-z]+ly )?[a-z]{3,}ing ((?!up|out|off|on|in|to|by|with|at|from|of)[a-z][\w -]+)")
_GROUP_END = re.compile(
    r" (?:of|in|to|with|for|on|from|by|at|that|who|which|such|during|within) "
)


class Step(Struct, frozen=True):
    """One row: what `pattern` finds becomes `replacement`; a junk row refuses the name.

    `gate` are the gates without which it finds nothing.
    """

    pattern: Caseless
    replacement: str
    gate: int


@cache
def steps(kind: str) -> tuple[Step, ...]:
    """The rows of one step (intro, head, gloss, tail, name, part, junk, …) in order."""
    path = shipped("data/naming.tsv")
    found = ((line, written(cells["pattern"]), cells["replacement"])
             for line, cells in rows(path) if cells["step"] == kind)
    return tuple(Step(caseless_row(pattern, path, line), replacement, gate_of(pattern, ""))
                 for line, pattern, replacement in found)


def written(pattern: str) -> str:
    """A pattern of data/naming.tsv as those of other tables are written, FOCUS in braces."""
    return pattern.replace("FOCUS", "{FOCUS}")


@cache
def _behind(*kinds: str) -> Gated[tuple[int, Step]]:
    """The rows of these steps behind their gates, with their places in the order."""
    numbered = enumerate(chain.from_iterable(map(steps, kinds)))
    return Gated((step.gate, (number, step)) for number, step in numbered)


def likely(name: str, *kinds: str) -> Iterator[Step]:
    """The rows of these steps, in their order, that may find something in the name."""
    return (step for _, step in _behind(*kinds).open(lower(name)))


def is_any(name: str, *kinds: str) -> bool:
    """Whether a row of these steps finds something in the name."""
    return any(step.pattern.search(name) for step in likely(name, *kinds))


@lru_cache(maxsize=4096)
def _applied(name: str, kinds: tuple[str, ...], edges: str = "") -> str:
    """The name after each row of these steps in turn, what is at its edges cut off."""
    gated, done = _behind(*kinds), -1
    name = name.strip(edges)
    while True:
        for number, step in gated.open(lower(name)):
            if number > done:
                done, before = number, name
                name = step.pattern.sub(step.replacement, name).strip(edges)
                if name != before:  # it may let other rows through now
                    break
        else:
            return name


def trimmed(masked: str, clause: bool = False) -> str:
    """The item without what stands around its noun phrase (determiners, populations, clauses).

    A `clause` ("the valve fails to close") keeps its verb.
    """
    kinds = ("head", "gloss") if clause else ("head", "gloss", "tail")
    return _applied(_applied(masked, kinds, _EDGES), kinds, _EDGES)


def rewritten(name: str) -> str:
    """The name as the "name" rows put it ("runs in families" is "family history")."""
    return _applied(name, ("name",))


def is_name(name: str, kind: str, clause: bool = False) -> bool:
    """Whether the words name something; an outlook may depend on "severity", a cause may not.

    Only a `clause` ("the valve is closed") has a verb.
    """
    outlook = kind == "prognostic_factor"
    bare = name.replace(FOCUS, "").strip(" ()'")
    if len(bare) < 3 or len(name.split()) > MAX_WORDS or (FOCUS in name and not outlook):
        return False
    tables = ("junk",) if outlook else ("junk", "vague") if clause else ("junk", "vague", "finite")
    return not is_any(name, *tables)


def final(name: str, proper: bool) -> str:
    """The name for a claim: no brackets, the disease as "disease", a proper name's capital."""
    plain = phrase(_BRACKETS.sub(" ", re.sub(f"{FOCUS}+", "disease", name)))
    return plain[:1].upper() + plain[1:] if proper else plain


def is_adjective(name: str) -> bool:
    """Whether a name ends in an adjective ("viral"), which needs the head of a later item."""
    return _ADJECTIVE.fullmatch(name) is not None


def is_headless(name: str) -> bool:
    """Whether a name needs the head of a later item, as "viral" and "storing" do."""
    return is_adjective(name) or (
        _DOING.fullmatch(name) is not None and not is_any(name, "alone"))


def head_of(name: str) -> str:
    """The last word of the noun group before any "of", "in" or "that"; "" for a single word.

    Of "handling foods" it is what is done to: "foods".
    """
    done = _DONE.fullmatch(name)
    if done:
        return done.group(1)
    words = _GROUP_END.split(name, maxsplit=1)[0].split()
    return words[-1] if len(words) > 1 and words[-1].isalpha() else ""
