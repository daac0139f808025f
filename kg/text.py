"""Text without moving offsets: normal forms, sentences and citation markers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from .files import shipped
from .model import Span

_TYPED = {"’": "'", "‘": "'", "ʼ": "'", "′": "'", **dict.fromkeys("‐‑‒–—―−", "-")}
_TYPES = str.maketrans(_TYPED)
# One space for every kind of white space, and for the private characters that masks are made of.
_PLAIN = str.maketrans(_TYPED | dict.fromkeys(
    "\n\r\t\f\x85\xa0\u2002\u2003\u2007\u2009\u200a\u2028\u2029\u202f"
    + "".join(map(chr, range(0xE000, 0xE010))), " "))
_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?!\w)")
_WORD = re.compile(r"[a-z0-9]+")
_BREAK = re.compile(
    r"""[.!?]+ (?:["”’)\]]*)              # the stop and closing marks
        (?:[\s,;]*\[\^?\d+(?:\s*[,;–-]\s*\d+)*\])*  # citation markers stay with their sentence
        (?:(?<=[a-z]\.)\d{1,2}(?=\s[A-Z][a-z]))?  # a raised number set on the line
        (?= \s | $ | [A-Z][a-z] | \[\s )  # "factors.Certain": a lost space; ".[ ": a lost number
      | https?://\S+ (?= \s+[A-Z] )       # an address ends what it stands in""",
    re.VERBOSE,
)
_CITATION = re.compile(r"\[\^?(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_EMPHASIS = re.compile(r"(?<![\w*])[*_]{1,3}(?=\w)|(?<=[\w.,;:)%!?])[*_]{1,3}(?![\w*])|`")
_LINK = re.compile(r"(\[)([^\[\]\n]{1,200})(\]\([^()\s]{1,500}\))")
_LAST_WORD = re.compile(r"[\w.]*\w$")
# After these a single letter is the end of a name ("vitamin C."), not somebody's initial.
_LETTERED = re.compile(
    r"\b(?:vitamins?|hepatitis|types?|groups?|class|factors?|stages?|grades?|complex|protein|form"
    r"|ha?emophilia|influenza|strain|phase|table|chromosome)\s+$", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\s*[\"“‘(\[]*([A-Z][a-z]*)\b")
# What is quoted in a regular expression: an escape, a set of characters.
_QUOTED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
MAX_CITATION_RANGE = 50


@lru_cache(maxsize=4096)  # a page's names are asked for by one step after another
def normalise(name: str) -> str:
    """The form in which two names are the same: no case, accents, possessives or punctuation.

    >>> normalise("Gaucher’s Disease, type-1")
    'gaucher disease type 1'
    """
    if name.isascii():  # as most are; the same in fewer steps
        plain = name.lower()
        return " ".join(_WORD.findall(_POSSESSIVE.sub("", plain) if "'" in plain else plain))
    plain = unicodedata.normalize("NFKD", name.translate(_TYPES)).casefold()
    return " ".join(_WORD.findall(_POSSESSIVE.sub("", plain.replace("ß", "ss"))
                                  .encode("ascii", "ignore").decode()))


def collapse(text: str) -> str:
    """`text` with every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def digest(*parts: object, length: int = 16) -> str:
    """The first `length` hexadecimal digits of the SHA-256 of the parts, kept apart."""
    text = "\x1f".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def slug(name: str) -> str:
    """A readable, stable piece of an IRI: ASCII words and a hash of the normal form.

    >>> slug("wide local excision")
    'wide-local-excision-1cebe506'
    """
    normal = normalise(name) or collapse(name)
    words = "-".join(_WORD.findall(normal))[:60].strip("-")
    return f"{words}-{digest(normal, length=8)}" if words else digest(normal)


@cache
def _words(name: str) -> frozenset[str]:
    """The words of data/<name>.txt, one a line."""
    lines = shipped(f"data/{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _ends_sentence(text: str, start: int, stop: int, end: int) -> bool:
    """Whether the full stop at `stop` ends the sentence that began at `start`."""
    if text[stop] != ".":
        return True
    word = _LAST_WORD.search(text, max(start, text.rfind(" ", start, stop)), stop)
    last = word.group().lower() if word else ""
    if last in _words("abbreviations"):
        return not text[end:end + 40].strip() or _starts(text, end)
    if len(last) == 1 and last.isalpha() and stop - 2 >= start and text[stop - 2] in " .(":
        return not _initial(text, start, stop, end)
    return _new_sentence(text, end)


def _initial(text: str, start: int, stop: int, end: int) -> bool:
    """A single capital before the stop is an initial ("J. Smith", "E. coli"), not a last word."""
    if not text[stop - 1].isupper() or not text[end:end + 40].lstrip()[:1].isalpha():
        return False
    return not (_starts(text, end) or (
        _LETTERED.search(text, start, stop - 1) is not None and _new_sentence(text, end)))


def _starts(text: str, end: int) -> bool:
    """Whether what follows is a word that begins sentences ("U.S. About half …")."""
    found = _FIRST_WORD.match(text, end)
    return found is not None and found.group(1) in _words("starters")


def _new_sentence(text: str, end: int) -> bool:
    follow = text[end:end + 40].lstrip()
    return not follow or not follow[0].islower()


def sentences(text: str, span: Span) -> Iterator[Span]:
    """The sentences of one paragraph, in order, without surrounding white space.

    A stop followed by citation markers ends after the markers ("outlook.[1][2]").
    """
    start = span.start
    for found in _BREAK.finditer(text, span.start, span.end):
        if found.start() < start or not _ends_sentence(text, start, found.start(), found.end()):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(character.isalnum() for character in text[start:end]):
        yield Span(start, end)


def citations(text: str) -> tuple[int, ...]:
    """The numbers of the markers in `text`, in order, ranges opened, each once.

    >>> citations("a.[1][2], b [4-6]")
    (1, 2, 4, 5, 6)
    """
    if "[" not in text:
        return ()
    numbers: dict[int, None] = {}
    for found in _CITATION.finditer(text):
        for part in re.split(r"\s*[,;]\s*", found.group(1)):
            ends = [int(number) for number in re.split(r"\s*[–-]\s*", part)]
            if ends[-1] - ends[0] <= MAX_CITATION_RANGE:
                numbers.update(dict.fromkeys(range(ends[0], ends[-1] + 1)))
    return tuple(numbers)


def blanked(text: str) -> str:
    """`text` at its length: marks of citations and Markdown as spaces, dashes, quotes plain."""
    if "[" in text:
        text = _CITATION.sub(_spaces, text)
        text = _LINK.sub(lambda found: f" {found.group(2)}{' ' * len(found.group(3))}", text)
    if "*" in text or "_" in text or "`" in text:
        text = _EMPHASIS.sub(_spaces, text)
    return text if text.isascii() and text.isprintable() else text.translate(_PLAIN)


def is_anchored(pattern: str) -> bool:
    """Whether a regular expression can match at the start of a text alone.

    Python's search tries one at every place of the text all the same.
    """
    depth = 0
    for character in _QUOTED.sub("", pattern) if pattern.startswith("^") else "|":
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            return False
    return True


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found.group())
