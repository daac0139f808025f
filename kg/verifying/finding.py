"""What is wrong in a published folder, where it stands and what should stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

# One line for each check: its name in reports, and what it proves.
CHECKS: dict[str, str] = {
    "page-hash": "The bytes of a page are those whose SHA-256 its document names.",
    "page-text": "A page, read again, gives its document character by character.",
    "document": "A document's id begins its SHA-256; its title and references lie in it.",
    "unreadable": "Every line of a stage file can be read and is written as rarekg writes it.",
    "order": "Lines follow the order of documents.jsonl, none is missing and none comes twice.",
    "quote": "A quote is what the page's text has at its offsets.",
    "span": "A mention lies in its quote, the context on the page.",
    "citation": "Every citation number is in the page's reference list, or in the text it cites.",
    "claim": "A claim's id is the hash of what it says; a statement rests on it.",
    "statement": "A statement's id is the hash of what it says.",
    "record": "records.jsonl says what the statements say.",
    "graph": "graph.nq has exactly the triples that the statements give, asserted or not.",
    "contradiction": "contradictions.tsv lists the pairs that cannot both hold.",
    "vocabulary": "Every identifier is alive in the vocabulary that is named, with this label.",
    "again": "The rules that are installed read the same claims and statements.",
    "manifest": "The manifest names the files that are there, their sizes, sums and counts.",
    "export": "An export is what the graph gives, line by line.",
    "syntax": "Turtle, JSON-LD, N-Triples, N-Quads, TriG and RDF/XML state the same triples.",
    "kgx": "The KGX files state what the graph states.",
    "checksum": "Every file of a release has the SHA-256 that SHA256SUMS names.",
}
SHOWN = 120  # characters of a long text that a finding quotes


class Finding(Struct, frozen=True, order=True):
    """One thing that is wrong; `line` and `start` count from 1, 0 where the file itself is meant.

    `start` and `end` are characters of the line (half-open), `id` the node, statement or page it
    is about, `sentence` the page's words behind it.
    """

    file: str
    line: int
    start: int
    end: int
    check: str
    message: str
    id: str = ""
    expected: str = ""
    found: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        place += f":{self.start}" if self.start else ""
        return f"{place}: {self.check}: {self.message}" + self._told()

    def _told(self) -> str:
        if not self.expected and not self.found:
            return ""
        return f"\n    expected {shown(self.expected)}\n    found    {shown(self.found)}"


def shown(text: str) -> str:
    """A text as a report has it: on one line and not too long, nothing a terminal acts on."""
    plain = "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)
    cut = f"{plain[:SHOWN]}…" if len(plain) > SHOWN else plain
    return f"“{cut}”" if cut else "nothing"


def between(found: str, expected: str) -> tuple[int, int, int]:
    """The characters of two texts that differ: first, and the ends in `found` and `expected`.

    >>> between("MONDO:0006245", "MONDO:0007245")
    (9, 10, 10)
    """
    limit = min(len(found), len(expected))
    start = next((at for at in range(limit) if found[at] != expected[at]), limit)
    tail = 0
    while tail < limit - start and found[-1 - tail] == expected[-1 - tail]:
        tail += 1
    return start, len(found) - tail, len(expected) - tail


AROUND = 24  # characters shown on either side of a difference


def differing(
    check: str, file: str, line: int, message: str, texts: tuple[str, str],
    about: tuple[str, str] = ("", ""),
) -> Finding:
    """The finding that a line is `texts[0]` where it should be `texts[1]`, located in it.

    `about` is the id of what it is about, and the sentence behind it.
    """
    found, expected = texts
    start, end, other = between(found, expected)
    first = max(0, start - AROUND)
    return Finding(file, line, start + 1, end + 1, check, message, about[0],
                   expected[first:other + AROUND], found[first:end + AROUND], about[1])


def first(findings: Iterable[Finding], most: int) -> Iterator[Finding]:
    """At most so many findings, then one that says there are more."""
    for number, one in enumerate(findings):
        if number == most:
            yield Finding(one.file, 0, 0, 0, one.check, f"and more: only {most} are listed")
            return
        yield one
