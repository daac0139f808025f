"""Gates: sets of literals, numbered as bits, and of which of them a text holds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import itemgetter, or_
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

SOME = 200  # times that gates find something before they are made sharper: some 20 pages
MOST_WORDS = 50_000  # words whose gates are remembered
_RARER = 4.0  # how much less often a text holds a literal that is longer by a letter
_LIKELY = 1  # the bit that is no gate: a phrase may stand where the word does
_START = 3  # characters by which the literals in a word are looked up


class _Known:
    """The sets with their bits, and by the first characters of a word what opens them.

    Words too short for that are in `short`.
    A literal of several words waits behind its longest word: where that stands, a text is worth
    a search for all of it.
    """

    def __init__(self) -> None:
        self.bits: dict[frozenset[str], int] = {}
        self.often: dict[int, float] = {}
        self.starts: dict[str, dict[str, int]] = {}
        self.short: dict[str, int] = {}
        self.phrases: dict[str, dict[str, int]] = {}
        self.words = _Words(self)
        self._lock = Lock()

    def added(self, literals: frozenset[str]) -> int:
        """The bit of a set; other threads see it last, and no dictionary while it changes."""
        with self._lock:
            if literals in self.bits:
                return self.bits[literals]
            bit = _LIKELY << (len(self.bits) + 1)
            for literal in literals:
                word = max(literal.split(), key=len, default=literal)
                opens = bit if word == literal else 0
                if len(word) < _START:
                    self.short = self.short | {word: self.short.get(word, 0) | opens}
                else:
                    _put(self.starts, word[:_START], word, opens)
                if word != literal:
                    _put(self.phrases, word, literal, bit)
            self.often[bit] = often(literals)
            self.words = _Words(self)  # what others still put into the old one is lost
            self.bits[literals] = bit
        return bit


class _Words(dict[str, int]):
    """The bits of the literals that a word holds, found when the word is first met.

    With `_LIKELY` it makes phrases likely: `phrases` has them with their bits.
    """

    def __init__(self, known: _Known) -> None:
        super().__init__()
        self._known = known
        self.phrases: dict[str, tuple[tuple[str, int], ...]] = {}

    def __missing__(self, word: str) -> int:
        bits, phrases = 0, dict[str, int]()
        for piece, opens in _pieces(word, self._known):
            bits |= opens
            for phrase, behind in self._known.phrases.get(piece, {}).items():
                if _may_stand(phrase, piece, word):
                    phrases[phrase] = behind
        if len(self) >= MOST_WORDS:  # another begins; who is reading this one keeps it
            self._known.words = _Words(self._known)
        if phrases:
            self.phrases[word] = tuple(phrases.items())
            bits |= _LIKELY
        self[word] = bits
        return bits


def _pieces(word: str, known: _Known) -> Iterator[tuple[str, int]]:
    """The literals in a word, with their bits."""
    for piece, opens in known.short.items():
        if piece in word:
            yield piece, opens
    starts = known.starts
    for at in range(len(word) - _START + 1):
        if begun := starts.get(word[at:at + _START]):
            for piece, opens in begun.items():
                if word.startswith(piece, at):
                    yield piece, opens


def _may_stand(phrase: str, piece: str, word: str) -> bool:
    """Whether a phrase may stand where its word `piece` is found in `word` of a text.

    What is beside a space in the phrase is at the end of a word.
    """
    before, _, after = phrase.partition(piece)
    return (not before or word.startswith(piece)) and (not after or word.endswith(piece))


def _put(table: dict[str, dict[str, int]], key: str, name: str, bit: int) -> None:
    """The entry has the bit too; it is a new dictionary, as others may be reading the old one."""
    old = table.get(key, {})
    table[key] = old | {name: old.get(name, 0) | bit}


_KNOWN = _Known()  # one for all threads, also for two that come first at once


def gate(literals: Iterable[str]) -> int:
    """The bit of `opened` that says whether a text holds one of the literals; 0 for none."""
    words = frozenset(literals)
    return (_KNOWN.bits.get(words) or _KNOWN.added(words)) if words else 0


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
        behind: dict[int, list[tuple[int, int, T]]] = {}
        keys = 0
        for order, (bits, thing) in enumerate(things):
            key = min(_single(bits), key=lambda bit: (_KNOWN.often.get(bit, 1), bit), default=0)
            behind.setdefault(key, []).append((order, bits, thing))
            keys |= key
        free = behind.pop(0, [])
        self._tables = behind, keys, free, [thing for _, _, thing in free]

    def open(self, low: str, also: int = 0) -> Sequence[T]:
        """The things of which `low`, in lower case, opens all gates but those `also` open.

        They come in their order.
        """
        # first the tables, then the bits: what another thread sharpens meanwhile only adds bits
        behind, known, free, always = self._tables
        gates = opened(low) | also
        keys = gates & known
        if not keys:
            return always
        found = free.copy()
        while keys:
            rest = keys & (keys - 1)
            for one in behind[keys ^ rest]:
                if one[1] & gates == one[1]:
                    found.append(one)
            keys = rest
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        self._left -= 1
        if not self._left and self._sharper:
            self._set(self._sharper())
        return [thing for _, _, thing in found]


def _single(bits: int) -> Iterator[int]:
    while bits:
        yield bits & -bits
        bits &= bits - 1


def opened(low: str) -> int:
    """The gates of which `low`, a text in lower case, holds a literal, as bits."""
    return _opened(low, len(_KNOWN.bits))


@lru_cache(maxsize=4096)
def _opened(low: str, _known: int) -> int:
    """The same, remembered for so many known sets: with another it has to be asked again."""
    words, parts = _KNOWN.words, low.split()
    bits = reduce(or_, map(words.__getitem__, parts), 0)
    if bits & _LIKELY:
        bits ^= _LIKELY
        for word in words.phrases.keys() & parts:
            for phrase, behind in words.phrases[word]:
                if phrase in low:
                    bits |= behind
    return bits


def literals(needs: str) -> tuple[str, ...]:
    """The literals of a cell "needs"; none where any text will do."""
    return tuple(word for word in needs.removesuffix("&FOCUS").lower().split("|") if word)
