"""What a regular expression cannot match without: the words of which a text must hold one each."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from msgspec import Struct

from .gates import often

Words = frozenset[str]

MOST = 96  # words in a set
LEAST = 2  # characters of a word that is worth a look
OFTEN = 0.3  # what is opened more often is not worth it
_DISEASE = frozenset({"\ue000"})
_MACRO = re.compile(r"\{([A-Z_]+)\}")
_NAMED = 0x100000  # the first of the private characters that stand for macros while they are read


class Needs(Struct, frozen=True):
    """What a piece of a pattern asks for.

    `texts` are all the texts that it can match, None where they are too many to list; `sets` are
    words without one of which, for each set, it cannot match.
    """

    texts: frozenset[str] | None
    sets: tuple[Words, ...] = ()

    def all(self) -> tuple[Words, ...]:
        """The sets, and the words of the texts."""
        return (*self.sets, *_words(self.texts)) if self.texts is not None else self.sets


_ANY = Needs(None)
_NOTHING = Needs(frozenset({""}))


def required(pattern: str, macros: Mapping[str, str]) -> tuple[Words, ...]:
    """Sets of words in lower case: where `pattern` matches, a word of the text holds one of each.

    `macros` are the patterns of the names in braces.  Empty where nothing is required, and where
    Python keeps its parser of regular expressions out of reach.
    """
    names = list(dict.fromkeys(name for name in _MACRO.findall(pattern) if name in macros))
    short = _MACRO.sub(
        lambda found: chr(_NAMED + names.index(found[1])) if found[1] in macros else found[0],
        pattern)
    pieces = tuple(_macro(macros[name]) for name in names)
    sets = dict.fromkeys(_read(short, pieces).all())
    return tuple(words for words in sets if words == _DISEASE or often(words) < OFTEN)


@lru_cache(maxsize=512)
def _macro(pattern: str) -> Needs:
    return _read(pattern, ())


def _read(pattern: str, pieces: tuple[Needs, ...]) -> Needs:
    """What a pattern asks for, in which private characters stand for `pieces`."""
    try:
        parser: Any = importlib.import_module("re._parser")
    except ImportError:
        return _ANY
    return _sequence(parser.parse(pattern, re.IGNORECASE), pieces)


def _sequence(nodes: Iterable[Any], pieces: tuple[Needs, ...]) -> Needs:
    """One node after another: texts run together until one cannot be listed."""
    texts, sets, whole = frozenset({""}), list[Words](), True
    for kind, value in nodes:
        reader = _READERS.get(kind.name)
        needs = reader(value, pieces) if reader else _ANY
        sets.extend(needs.sets)
        if needs.texts is not None and len(texts) * len(needs.texts) <= MOST:
            texts = frozenset(map("".join, product(texts, needs.texts)))
            continue
        sets.extend(_words(texts))
        texts, whole = needs.texts or frozenset({""}), False
    return Needs(texts, tuple(sets)) if whole else Needs(None, (*sets, *_words(texts)))


def _words(texts: frozenset[str]) -> tuple[Words, ...]:
    """The longest word of each text as a set, without those that hold another; none where idle."""
    words = frozenset(max(text.lower().split(), key=len, default="") for text in texts)
    if len(words) > MOST or min(map(len, words), default=0) < LEAST:
        return (words,) if words == _DISEASE else ()
    return (frozenset(word for word in words
                      if not any(other in word for other in words - {word})),)


def _literal(value: int, pieces: tuple[Needs, ...]) -> Needs:
    return pieces[value - _NAMED] if value >= _NAMED else Needs(frozenset({chr(value)}))


def _class(value: Any, _: tuple[Needs, ...]) -> Needs:
    if all(kind.name == "LITERAL" for kind, _ in value):
        return Needs(frozenset(chr(code) for _, code in value))
    return _ANY


def _repeat(value: Any, pieces: tuple[Needs, ...]) -> Needs:
    least, most, nodes = value
    if least == 0 and most != 1:
        return _ANY
    needs = _sequence(nodes, pieces)
    if most == 1:
        return needs if least else Needs(needs.texts | {""} if needs.texts is not None else None)
    return Needs(None, needs.all())


def _branch(value: Any, pieces: tuple[Needs, ...]) -> Needs:
    """One of several: their texts, else for each of them its longest words."""
    ways = [_sequence(nodes, pieces) for nodes in value[1]]
    texts = frozenset[str]().union(*(way.texts for way in ways if way.texts is not None))
    if all(way.texts is not None for way in ways) and len(texts) <= MOST:
        return Needs(texts)
    best = [max(way.all(), key=_worth, default=frozenset({""})) for way in ways]
    return Needs(None, _words(frozenset().union(*best)))


def _worth(words: Words) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


_READERS: dict[str, Callable[[Any, tuple[Needs, ...]], Needs]] = {
    "LITERAL": _literal,
    "IN": _class,
    "AT": lambda _value, _pieces: _NOTHING,
    "ASSERT": lambda value, pieces: Needs(_NOTHING.texts, _sequence(value[1], pieces).all()),
    "ASSERT_NOT": lambda _value, _pieces: _NOTHING,
    "SUBPATTERN": lambda value, pieces: _sequence(value[3], pieces),
    "ATOMIC_GROUP": _sequence,
    "BRANCH": _branch,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "POSSESSIVE_REPEAT": _repeat,
}
