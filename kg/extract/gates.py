"""Gates: sets of literals, numbered as bits, and of which of them a text holds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, reduce
from operator import itemgetter, or_
from typing import Generic, TypeVar

T = TypeVar("T")

SOME = 200  # times that gates find something before they are made sharper: some 20 pages
MOST_WORDS = 50_000  # words whose gates are remembered
_RARER = 4.0  # how much less often a text holds a literal that is longer by a letter
_START = 3  # characters by which the literals in a word are looked up


class _Known:
    """The sets with their bits, and by the first characters of a word what opens them.

    A literal of several words waits behind its longest word: where that stands, a text is worth
    a search for all of it.
    """

    def __init__(self) -> None:
        self.bits: dict[frozenset[str], int] = {}
        self.often: dict[int, float] = {}
        self.starts: dict[str, dict[str, int]] = {}
        self.phrases: dict[str, dict[str, int]] = {}

    def added(self, literals: frozenset[str]) -> int:
        bit = self.bits[literals] = 1 << len(self.bits)
        self.often[bit] = often(literals)
        for literal in literals:
            word = max(literal.split(), key=len, default=literal)
            opens = self.starts.setdefault(word[:_START], {})
            opens[word] = opens.get(word, 0) | (bit if word == literal else 0)
            if word != literal:
                behind = self.phrases.setdefault(word, {})
                behind[literal] = behind.get(literal, 0) | bit
        _word.cache_clear()
        opened.cache_clear()
        return bit


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
    """Things behind gates, found without asking each: by the gate that is opened least often.

    `sharper` gives the same things behind more gates; as these take time to read it is only asked
    when the things were asked for so often that it pays.
    """

    def __init__(
        self, things: Iterable[tuple[int, T]],
        sharper: Callable[[], Iterable[tuple[int, T]]] | None = None,
    ) -> None:
        self._sharper = sharper
        self._left = SOME
        self._set(things)

    def _set(self, things: Iterable[tuple[int, T]]) -> None:
        self._behind: dict[int, list[tuple[int, int, T]]] = {}
        self._keys = 0
        for order, (bits, thing) in enumerate(things):
            key = min(_single(bits), key=lambda bit: (_known().often.get(bit, 1), bit), default=0)
            self._behind.setdefault(key, []).append((order, bits, thing))
            self._keys |= key
        self._free = self._behind.pop(0, [])
        self._always = [thing for _, _, thing in self._free]

    def open(self, gates: int) -> Sequence[T]:
        """The things of which all gates are open, in their order."""
        keys = gates & self._keys
        if not keys:
            return self._always
        found = self._free.copy()
        while keys:
            rest = keys & (keys - 1)
            for one in self._behind[keys ^ rest]:
                if one[1] & gates == one[1]:
                    found.append(one)
            keys = rest
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        self._left -= 1
        if not self._left and self._sharper:  # last of all, as `gates` lacks the bits that it adds
            self._set(self._sharper())
        return [thing for _, _, thing in found]


def _single(bits: int) -> Iterator[int]:
    while bits:
        yield bits & -bits
        bits &= bits - 1


@lru_cache(maxsize=4096)
def opened(low: str) -> int:
    """The gates of which `low`, a text in lower case, holds a literal, as bits."""
    bits = 0
    for opens, phrases in map(_word, low.split()):
        if opens:
            bits |= opens
        for phrase, behind in phrases:
            if phrase in low:
                bits |= behind
    return bits


@lru_cache(maxsize=MOST_WORDS)
def _word(word: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The bits of the literals that a word holds, and the phrases that it makes likely."""
    known, bits, phrases = _known(), 0, dict[str, int]()
    for at in range(len(word)):
        for size in range(1, _START + 1):
            for piece, opens in known.starts.get(word[at:at + size], {}).items():
                if word.startswith(piece, at):
                    bits |= opens
                    phrases.update(known.phrases.get(piece, {}))
    return bits, tuple(phrases.items())


def literals(needs: str) -> tuple[str, ...]:
    """The literals of a cell "needs"; none where any text will do."""
    return tuple(word for word in needs.removesuffix("&FOCUS").lower().split("|") if word)
