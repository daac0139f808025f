"""Gates: sets of literals, numbered as bits, and of which of them a text holds one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache, reduce
from operator import itemgetter, or_
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_WORDS = 50_000  # words whose gates are remembered
_RARER = 4.0  # how much less often a text holds a literal that is longer by a letter
_START = 3  # characters by which the literals in a word are looked up


class _Known:
    """The sets with their bits, and by the first characters of a word what opens them.

    A literal of several words, of `phrases`, has a bit of its own, which its longest word opens
    and which says that a text is worth a search for all of it.
    """

    def __init__(self) -> None:
        self.bits: dict[frozenset[str], int] = {}
        self.often: dict[int, float] = {}
        self.phrases: dict[int, tuple[str, int]] = {}
        self.maybe = 0
        self.size = 0
        self.starts: dict[str, dict[str, int]] = {}

    def added(self, literals: frozenset[str]) -> int:
        bit = self.bits[literals] = self._next()
        self.often[bit] = often(literals)
        for literal in literals:
            if " " in literal:
                worth = self._next()
                self.maybe |= worth
                self.phrases[worth] = literal, bit
                self._opens(max(literal.split(), key=len), worth)
            else:
                self._opens(literal, bit)
        _word.cache_clear()
        opened.cache_clear()
        return bit

    def _next(self) -> int:
        self.size += 1
        return 1 << self.size - 1

    def _opens(self, word: str, bit: int) -> None:
        words = self.starts.setdefault(word[:_START], {})
        words[word] = words.get(word, 0) | bit


@cache
def _known() -> _Known:
    return _Known()


def gate(literals: Iterable[str]) -> int:
    """The bit of `opened` that says whether a text holds one of the literals; 0 for none."""
    known, words = _known(), frozenset(literals)
    return (known.bits.get(words) or known.added(words)) if words else 0


def gates(sets: Iterable[Iterable[str]]) -> int:
    """The bits of several sets."""
    return reduce(or_, map(gate, sets), 0)


def often(literals: Iterable[str]) -> float:
    """How often a text holds one of the literals, as far as their lengths tell."""
    return sum(_RARER ** -len(literal) for literal in literals)


class Gated(Generic[T]):
    """Things behind gates, found without asking each: by the gate that is opened least often."""

    def __init__(self, things: Iterable[tuple[int, T]]) -> None:
        self._behind: dict[int, list[tuple[int, int, T]]] = {}
        self._keys = 0
        for order, (bits, thing) in enumerate(things):
            key = min(_single(bits), key=lambda bit: (_known().often.get(bit, 1), bit), default=0)
            self._behind.setdefault(key.bit_length(), []).append((order, bits, thing))
            self._keys |= key

    def open(self, gates: int) -> list[T]:
        """The things of which all gates are open, in their order."""
        found = [one for one in self._behind.get(0, ()) if one[1] & gates == one[1]]
        keys = gates & self._keys
        while keys:
            key = keys & -keys
            keys ^= key
            behind = self._behind[key.bit_length()]
            found.extend(one for one in behind if one[1] & gates == one[1])
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        return [thing for _, _, thing in found]


def _single(bits: int) -> Iterator[int]:
    while bits:
        yield bits & -bits
        bits &= bits - 1


def count() -> int:
    """How many bits there are; what was opened before there were so many lacks the later ones."""
    return _known().size


@lru_cache(maxsize=4096)
def opened(low: str) -> int:
    """The gates of which `low`, a text in lower case, holds a literal, as bits."""
    known = _known()
    bits = reduce(or_, map(_word, low.split()), 0)
    maybe = bits & known.maybe
    while maybe:
        worth = maybe & -maybe
        maybe ^= worth
        literal, bit = known.phrases[worth]
        if not bits & bit and literal in low:
            bits |= bit
    return bits


@lru_cache(maxsize=MOST_WORDS)
def _word(word: str) -> int:
    """The bits of the literals that a word holds."""
    starts, bits = _known().starts, 0
    for at in range(len(word)):
        for start in {word[at:at + 1], word[at:at + 2], word[at:at + _START]}:
            for piece, opens in starts.get(start, {}).items():
                if word.startswith(piece, at):
                    bits |= opens
    return bits


def literals(needs: str) -> tuple[str, ...]:
    """The literals of a cell "needs"; none where any text will do."""
    return tuple(word for word in needs.removesuffix("&FOCUS").lower().split("|") if word)
