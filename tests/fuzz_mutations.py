"""Bytes changed at random, but as people with bad intentions would: tokens, nesting, odd text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

TEXTS: tuple[str, ...] = (
    "", "\0", "\x1b[31m", "\x1b]0;x\x07", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud7ff",
    "\U0010ffff", "\ufffe", "a\u0301" * 40, "\u0130", "ſ", "ﬃ", "𝟗𝟗", "٣", "²", "½", "１", "汗腺癌",
    "é", "<", ">", "&", "&amp;", "&#0;", "&#x110000;", "&lol;", "]]>", "<![CDATA[", "<!--", "-->",
    "<?x", "?>", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "<sup>1</sup>", "<li>", "</ul>", "<table>",
    "<td>", "</", "'", '"', '"""', "\\", "\\u0000", "\\uD800", "\\U00110000", "\\", "\t", "\n",
    "\r", "\r\n", "\x85", "\u2028", "\x0b", "\x0c", " ", "\xa0", "|", "||", ";", ",", ".", ":", "#",
    "{", "}", "[", "]", "(", ")", "[1]", "[1-99]", "[1][2]", "(1)", "1.", "- ", "* ", "## ", "---",
    "===", "=1+1", "+", "-", "@", "%", "$", "0", "-0", "-1", "1e999", "-1e999", "1e-999", "NaN",
    "Infinity", "null", "true", "[]", "{}", "9" * 30, "9" * 400, "9" * 5000, "1/0", "1 in 0",
    "0 of 0", "100%", "10^999", "5-year", "P5Y", "../", "..", "/", "file:///etc/passwd", "http://",
    "javascript:alert(1)", "_:b", "<x:y>", "@en", "^^", "VALUES", "SERVICE", "MONDO:0000010",
    "HP:0001250", "EXACT", "synonym: \"x\" EXACT []", "is_a: ", "[Term]", "id: ", "format-version:",
)
_TOKENS = tuple(text.encode("utf-8", "surrogatepass") for text in TEXTS)
_OPEN = (b"(", b"[", b"{", b"<ul><li>", b"<div>", b"<b>", b"<x>", b"<<( <x:a> <x:b> ", b'{"a":',
         b"<sup>", b"<table><tr><td>", b"- ", b"> ", b"\"")
INTERESTING = (0, 1, 9, 10, 13, 27, 32, 34, 38, 39, 60, 62, 92, 127, 128, 192, 0xED, 0xF4, 254, 255)
Step = Callable[[bytearray, Random, Sequence[bytes]], None]


def _where(data: bytearray, random: Random) -> int:
    return random.randrange(len(data) + 1)


def _flip(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    for _ in range(random.choice((1, 1, 2, 8)) if data else 0):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _byte(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] = random.choice(INTERESTING)


def _cut(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    start = _where(data, random)
    del data[start:start + random.choice((1, 2, 4, 16, 64, 256, 4096))]


def _token(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    start = _where(data, random)
    data[start:start + random.choice((0, 0, 1, 4))] = random.choice(_TOKENS)


def _repeat(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    start = _where(data, random)
    piece = data[start:start + random.choice((1, 2, 8, 32, 128))]
    data[start:start] = piece * random.choice((2, 3, 10, 100))


def _nest(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    start = _where(data, random)
    data[start:start] = random.choice(_OPEN) * random.choice((3, 30, 300))


def _move(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    start, length = _where(data, random), random.choice((1, 8, 40, 200))
    piece = data[start:start + length]
    del data[start:start + length]
    place = _where(data, random)
    data[place:place] = piece


def _splice(data: bytearray, random: Random, others: Sequence[bytes]) -> None:
    other = random.choice(others)
    start, place = random.randrange(len(other) + 1), _where(data, random)
    length = random.choice((4, 16, 64, 256, 2048))
    data[place:place + random.choice((0, length))] = other[start:start + length]


def _number(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    """A number that is there becomes an odd one."""
    digits = [place for place, one in enumerate(data) if 48 <= one <= 57]
    if digits:
        start = end = random.choice(digits)
        while end < len(data) and 48 <= data[end] <= 57:
            end += 1
        data[start:end] = random.choice(
            (b"0", b"-1", b"1e400", b"9" * 25, b"0.0000001", b"1" + b"0" * 4400, b"null", b"x"))


def _line(data: bytearray, random: Random, _others: Sequence[bytes]) -> None:
    """Two lines change places, one is doubled or is gone."""
    lines = bytes(data).splitlines(keepends=True)
    if len(lines) > 1:
        one, other = random.randrange(len(lines)), random.randrange(len(lines))
        match random.randrange(3):
            case 0:
                lines[one], lines[other] = lines[other], lines[one]
            case 1:
                lines.insert(other, lines[one])
            case _:
                del lines[one]
        data[:] = b"".join(lines)


STEPS: tuple[Step, ...] = (_flip, _byte, _cut, _token, _token, _token, _repeat, _nest, _move,
                           _splice, _splice, _number, _number, _line)


def mutated(data: bytes, random: Random, others: Sequence[bytes], longest: int) -> bytes:
    """`data` after a few steps; at most `longest` bytes."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 2, 3, 5, 8))):
        random.choice(STEPS)(made, random, others)
    return bytes(made[:longest])
