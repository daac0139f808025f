"""Standings that go on: "These include …" after a sentence, items that a colon in prose opens."""

from __future__ import annotations

from msgspec import Struct

from ..model import Span
from .segment import Sentence
from .status import STANDARD, status
from .therapy_words import patterns


class Before(Struct, frozen=True):
    """The sentence before, the value of the last therapy in it, and what its colon announces."""

    sentence: Sentence
    value: str = ""
    opened: str = ""


def opens(sentence: Sentence) -> bool:
    """Whether prose breaks off at a colon, so that what it says holds for what follows."""
    return sentence.form == "prose" and sentence.text.endswith(":")


def going_on(sentence: Sentence, before: Before | None) -> str:
    """The standing that a sentence takes over from the one before it, "" for none.

    It does where it only goes on ("These include …", "Examples are …"), or where it is a phrase
    without a verb below a colon.
    """
    if before is None or sentence.block - before.sentence.block > 1:
        return ""
    if patterns()["goes_on"].match(sentence.masked):
        return before.opened or before.value or _of_group(before.sentence)
    if before.opened and sentence.form == "prose" and not patterns()["finite"].search(
            sentence.masked):
        return before.opened
    return ""


def _of_group(sentence: Sentence) -> str:
    """How a sentence says that the treatments stand of which it names none."""
    places = list(patterns()["group"].finditer(sentence.masked))
    if not places:
        return ""
    cue = status(sentence.masked, Span(*places[0].span()))
    return cue.value if cue else STANDARD
