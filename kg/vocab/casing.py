"""Capitals for labels that are made of normal forms: gene symbols, acronyms, roman numerals."""

from __future__ import annotations

import re
from functools import cache

from ..files import rows, shipped
from ..text import normalise
from .index import Index

# A single letter after these is a name ("vitamin D"), a symbol without a digit is one before those.
_LETTERED = frozenset({"vitamin", "hepatitis", "haemophilia", "hemophilia", "influenza"})
_OF_GENES = frozenset({"gene", "genes", "mutation", "mutations", "variant", "variants", "protein",
                       "deletion", "inhibitor", "inhibitors"})
_SHORTEST = 3  # letters; shorter symbols are words


def cased(normal: str, index: Index) -> str:
    """`normal` with the capitals that its words always have, whatever a page wrote.

    It depends on the words alone, so that one node has one label on all pages.
    """
    words = normal.split()
    around = zip(["", *words], words, [*words[1:], ""], strict=False)
    return " ".join(_word(before, word, after, index) for before, word, after in around)


def _word(before: str, word: str, after: str, index: Index) -> str:
    if len(word) == 1 and before in _LETTERED:
        return word.upper()
    for pattern, written in _capitals():
        if pattern.fullmatch(word):
            return word.upper() if written == "upper" else written + word[len(written):].upper()
    if len(word) >= _SHORTEST and (after in _OF_GENES or not word.isalpha()):
        return _symbol(word, index) or word
    return word


def _symbol(word: str, index: Index) -> str:
    """The current symbol of the gene with this name, empty where it is no symbol."""
    if word.isdigit():
        return ""
    terms = (index.term(curie) for curie in index.find(word, "gene"))
    labels = sorted({term.label for term in terms if term and normalise(term.label) == word})
    return labels[0] if labels else ""


@cache
def _capitals() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(cells["pattern"]), cells["written"])
                 for _, cells in rows(shipped("data/capitals.tsv")))
