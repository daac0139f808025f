"""Counts on how many pages each row of every data table fires, by source: rows that rarely do.

usage: python benchmarks/firing.py ../shared/corpus/medquad [--pages 1000] [--rows rows.tsv]

A row with a rule fires where a claim names it as what made it; a row with a pattern where the
pattern finds something in a sentence, heading or paragraph of the kind that it is written for; a
row with names where a page has one of them as words.  Pieces of patterns (macros.tsv), tables of
prefixes and of vocabularies are left out.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from kg import sources
from kg.errors import SourceError
from kg.extract import claims, page_of
from kg.extract.frames import compiled
from kg.extract.lists import split
from kg.extract.page import Page
from kg.extract.rows import rule_rows
from kg.files import rows, shipped
from kg.model import Document
from kg.sources.walk import pages
from kg.text import blanked, collapse, normalise, sentences
from kg.vocab.index import open_index

FEW = 3
LEFT_OUT = frozenset({"macros.tsv", "prefixes.tsv", "vocab_sources.tsv"})
NAMES = frozenset({"term", "word", "name", "label", "synonyms"})
LONGEST = 8  # words of a name
BY_WORD = frozenset({"therapy_words.tsv", "units.tsv", "numbers.tsv", "figure_comparators.tsv",
                     "figure_populations.tsv", "therapy_same.tsv"})


class Row(Struct, frozen=True):
    """A row of a data file, and a short form of what it says."""

    file: str
    line: int
    words: str


class Fired:
    """Pages on which each row fired, by source."""

    def __init__(self) -> None:
        self.pages: dict[Row, Counter[str]] = defaultdict(Counter)
        self.read: Counter[str] = Counter()

    def add(self, source: str, found: Iterable[Row]) -> None:
        """One page's rows."""
        self.read[source] += 1
        for row in set(found):
            self.pages[row][source] += 1


@cache
def tables() -> dict[str, tuple[tuple[Row, dict[str, str]], ...]]:
    """Every data table but those left out, with its rows."""
    root = shipped("data")
    found = {}
    for path in sorted(root.rglob("*.tsv")):
        name = path.relative_to(root).as_posix()
        if name not in LEFT_OUT:
            found[name] = tuple((Row(name, line, _short(cells)), cells)
                                for line, cells in rows(path) if cells.get("role") != "word")
    return found


def _short(cells: dict[str, str]) -> str:
    columns = ("rule", "pattern", *sorted(NAMES), "id")
    key = next((name for name in columns if name in cells), next(iter(cells)))
    return collapse(f"{cells.get('axis') or cells.get('role') or ''} {cells[key]}")[:60]


# ---------------------------------------------------------------- what a page gives


def fired(document: Document) -> Iterator[Row]:
    """Every row that fires on the page."""
    page = page_of(document, open_index())
    by_place = {(row.file, row.line): row for table in tables().values() for row, _ in table}
    for claim in claims(document, open_index()):
        for rule in rule_rows(claim.evidence.rule.removeprefix("advice-")):
            yield by_place[rule.file, rule.line]
        if claim.evidence.rule.startswith("outcome-"):
            yield by_place["outcomes.tsv", int(claim.evidence.rule.rsplit("-", 1)[1])]
    texts = {domain: "\n".join(words) for domain, words in _domains(page)}
    for row, domain, pattern in patterns():
        if pattern.search(texts[domain]):
            yield row
    words = normalise(document.text).split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST) + 1):
            yield from names().get(" ".join(words[start:end]), ())


def _domains(page: Page) -> Iterator[tuple[str, Iterable[str]]]:
    """The lines in which patterns are sought, by what they are written for."""
    document = page.document
    plain = [collapse(blanked(document.text[span.start:span.end]))
             for block in document.blocks if block.form != "heading"
             for span in sentences(document.text, block.span)]
    masked = [sentence.masked for sentence in page.sentences]
    yield "raw", plain
    yield "masked", masked
    yield "items", [text[span.start:span.end] for text in masked for span in split(text)]
    yield "questions", [part for text in masked for part in _QUESTIONS.split(text)]
    yield "blocks", [collapse(document.text[block.span.start:block.span.end])
                     for block in document.blocks]
    yield "headings", [block.heading.strip(" *_#:.-–—?") for block in document.blocks]


DOMAINS: dict[str, str] = {
    "lessons.tsv": "raw", "anaphora.tsv": "raw", "boilerplate.tsv": "blocks", "naming.tsv": "items",
    "therapy_names.tsv": "items", "asked.tsv": "questions",
}
# Where what an outlook depends on may begin.
_QUESTIONS = re.compile(r"^(?:the )?|(?:\bon|,? and|,)(?: the following:?)? (?:the )?",
                        re.IGNORECASE)


@cache
def patterns() -> tuple[tuple[Row, str, re.Pattern[str]], ...]:
    """The rows that fire by their pattern: those without a rule of their own."""
    found = []
    for name, table in tables().items():
        for row, cells in table:
            by_rule = "rule" in cells or name == "outcomes.tsv"
            if "pattern" in cells and (not by_rule or name == "figure_refusals.tsv"):
                domain = DOMAINS.get(name, "masked")
                if cells.get("where") == "heading":
                    domain = "headings"
                found.append((row, domain, _compiled(name, row, cells["pattern"])))
    return tuple(found)


def _compiled(name: str, row: Row, pattern: str) -> re.Pattern[str]:
    text = re.sub(r"(?<!\{)FOCUS(?!\})", "{FOCUS}", pattern)
    if name in BY_WORD:
        text = rf"(?<![\w-])(?:{text})(?![\w-])"
    found = compiled(text, Path(name), row.line)
    return re.compile(found.pattern, found.flags | re.MULTILINE)


@cache
def names() -> dict[str, tuple[Row, ...]]:
    """The rows that fire by a name, by the name in its normal form."""
    found: dict[str, tuple[Row, ...]] = {}
    for table in tables().values():
        for row, cells in table:
            if "pattern" not in cells:
                for column in NAMES & set(cells):
                    for name in filter(None, map(normalise, cells[column].split("|"))):
                        found[name] = (*found.get(name, ()), row)
    return found


# ---------------------------------------------------------------- the sample and the report


def sample(corpus: Path, size: int) -> list[tuple[str, Path]]:
    """Source and file of about `size` pages: of each folder its share, evenly spread."""
    folders: dict[str, list[Path]] = defaultdict(list)
    for name, file in pages([corpus], BytesIO()):
        if isinstance(file, Path):
            folders[name.rsplit("/", 1)[0]].append(file)
    total = sum(map(len, folders.values()))
    chosen = []
    for source, files in sorted(folders.items()):
        share = min(len(files), max(1, round(size * len(files) / total)))
        chosen += [(source, files[n * len(files) // share]) for n in range(share)]
    return chosen


def report(found: Fired) -> Iterator[str]:
    """One line a table: its rows, those that never fired, those on fewer than FEW pages."""
    yield f"{'table':28}{'rows':>6}{'never':>7}{f'under {FEW}':>9}"
    for name, table in tables().items():
        counts = [sum(found.pages[row].values()) if row in found.pages else 0 for row, _ in table]
        never = sum(count == 0 for count in counts)
        few = sum(0 < count < FEW for count in counts)
        yield f"{name:28}{len(table):>6}{never:>7}{few:>9}"


def listing(found: Fired) -> Iterator[str]:
    """One line a row, the rarest first, with its pages in each source."""
    order = sorted(found.read)
    yield "\t".join(("file", "line", "row", "pages", *order))
    every = [row for table in tables().values() for row, _ in table]
    for row in sorted(every, key=lambda r: (sum(found.pages.get(r, Counter()).values()), r.file,
                                            r.line)):
        count = found.pages.get(row, Counter())
        yield "\t".join(map(str, (row.file, row.line, row.words, sum(count.values()),
                                  *(count[source] for source in order))))


def main() -> None:
    """Read the sample and print the report."""
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--rows", type=Path, help="write every row with its counts to this file")
    chosen = options.parse_args()
    found = Fired()
    for source, file in sample(chosen.corpus, chosen.pages):
        try:
            found.add(source, fired(sources.read(str(file), file.read_bytes())))
        except SourceError:
            continue
    print(f"{sum(found.read.values())} pages: "
          + ", ".join(f"{name} {count}" for name, count in sorted(found.read.items())))
    print("\n".join(report(found)))
    if chosen.rows:
        chosen.rows.write_text("\n".join(listing(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
