"""Forms of a name besides its normal form: the bag of stems, the guard words, the singular."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from ..files import rows, shipped
from ..text import normalise

# Numerals that are read as numbers; a lone "x" or "c" is a letter, a lone "i" or "v" is not.
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16",
    "xvii": "17", "xviii": "18", "xix": "19",
}
# Words that names of one disease differ in without being different ("a" is mostly a type).
_EMPTY = frozenset({"and", "by", "due", "in", "of", "the", "to"})
_SPELLING = re.compile(r"(?<=\w)our(?=s?$)|[ao]e")
# Soft hyphen, zero-width space, byte order mark: they only say where a line may break.
_BREAKABLE = "\xad\u200b\ufeff"
_GREEK = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER (\w+?)(?: WITH TONOS)?")
_DIGITS = re.compile(r"\d+|[a-z]+")


@cache
def guard_words() -> frozenset[str]:
    """The words of data/guard.tsv, stemmed."""
    return frozenset(stem(cells["word"]) for _, cells in rows(shipped("data/guard.tsv")))


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A normalised word in American spelling and the singular.

    >>> stem("tumours"), stem("haemangiomas"), stem("iv"), stem("syphilis")
    ('tumor', 'hemangioma', '4', 'syphilis')
    """
    if word in _ROMAN:
        return _ROMAN[word]
    if len(word) > 4:
        word = _SPELLING.sub(lambda found: "or" if found.group() == "our" else "e", word)
    return singular(word)


@lru_cache(maxsize=1 << 14)
def singular(word: str) -> str:
    """The singular of a regular English plural; other words as they are."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ous")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def singular_phrase(normal: str) -> str:
    """A normalised phrase with its last word in the singular."""
    head, space, last = normal.rpartition(" ")
    return head + space + singular(last)


@lru_cache(maxsize=256)  # one name is looked up in several categories
def bag(normal: str) -> str:
    """The stems of a normalised name without order; names with one bag differ in wording only.

    >>> bag("ataxia spinocerebellar type ii") == bag("spinocerebellar ataxia 2")
    True
    """
    return " ".join(sorted(_stems(normal.split())))


def _stems(words: list[str]) -> list[str]:
    """The stems that count: no empty words, no "type" before a number or a letter."""
    following = [*(stem(word) for word in words[1:]), ""][:len(words)]
    return [stem(word) for word, after in zip(words, following, strict=True)
            if word not in _EMPTY and not (word == "type" and _is_ordinal(after))]


def _is_ordinal(stemmed: str) -> bool:
    return len(stemmed) == 1 or stemmed[:1].isdigit()


def guard(name: str) -> frozenset[str]:
    """What must agree before two names can be of one disease: numbers, letters, guard words.

    >>> sorted(guard("Charcot-Marie-Tooth disease, dominant intermediate type 2B"))
    ['2', 'b', 'dominant', 'intermediate']
    """
    words = _stems(normalise(name).split())
    found = {word for word in words if len(word) == 1 or word in guard_words()}
    for word in words:
        if any(character.isdigit() for character in word):
            found.update(_DIGITS.findall(word))
    return frozenset(found)


def contradicts(name: str, label: str) -> bool:
    """Whether the two differ in nothing but a number or letter: "type 1" is never "type 2".

    >>> contradicts("sialidosis type I", "sialidosis type 2")
    True
    """
    ours, theirs = (set(_stems(normalise(text).split())) for text in (name, label))
    odd = ours ^ theirs
    return bool(ours - theirs and theirs - ours) and all(map(_is_ordinal, odd))


def telling(name: str) -> str:
    """What the normal form drops of a name although it tells it from another.

    Letters and digits of other scripts than the Latin one, and characters that hide or turn
    text, but for those of _BREAKABLE.

    >>> telling("β-thalassemia"), telling("Sjögren syndrome"), telling("Gaucher disease")
    ('β', '', '')
    """
    if name.isascii():
        return ""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(one for one in plain if not one.isascii() and _tells(one))


def _tells(one: str) -> bool:
    kind = unicodedata.category(one)
    if kind[0] in "LN":
        return not unicodedata.name(one, "").startswith(("LATIN", "MODIFIER"))
    return kind in {"Cf", "Co", "Cn"} and one not in _BREAKABLE


def spelt_out(name: str) -> str:
    """The name with its Greek letters as words: "beta-thalassemia" for "β-thalassemia"."""
    return "".join(_greek(one) for one in name)


def _greek(one: str) -> str:
    found = _GREEK.fullmatch(unicodedata.name(one, "")) if not one.isascii() else None
    return found.group(1).lower() if found else one


def without_foreign_letters(name: str) -> str:
    """The name as pages print it that lost every letter outside ASCII: "Imerslund-Grsbeck"."""
    return unicodedata.normalize("NFC", name).encode("ascii", "ignore").decode()
