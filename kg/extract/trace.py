"""What became of every sentence: the rows of data files that made, turned or blocked a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct

from ..files import rows, shipped
from ..model import Block, Claim, Document, Span
from ..text import normalise, sentences
from . import page_of
from .factors import TABLES, changed, rejoined, resolved
from .figure_governors import clause, refused
from .figure_scan import figures_in
from .frames import Match, load, matches
from .page import Lexicon
from .rows import rule_rows, table
from .scope import reading
from .segment import SILENT_KINDS, Sentence
from .slots import named

MADE, TURNED, BLOCKED = "made", "turned", "blocked"


class Note(Struct, frozen=True):
    """One thing that happened: `rows` are places in data files ("frames/risk.tsv:12")."""

    verdict: str
    what: str
    rule: str
    rows: tuple[str, ...] = ()


class Traced(Struct, frozen=True):
    """A sentence, or a whole block that is never read, with what happened there."""

    page: str
    span: Span
    section: str
    text: str
    notes: tuple[Note, ...]


def trace(document: Document, lexicon: Lexicon, claims: Iterable[Claim]) -> Iterator[Traced]:
    """Every sentence of the page in order; `claims` are those that were made from it."""
    page = page_of(document, lexicon)
    kept = {sentence.span: sentence for sentence in page.sentences}
    joined = {sentence.span.start: sentence for sentence in resolved(rejoined(page))}
    made = tuple(claims)
    for block in document.blocks:
        if block.form == "heading":
            continue
        if block.kind in SILENT_KINDS:
            yield _silent(document, block, _of(made, block.span))
            continue
        for span in sentences(document.text, block.span):
            found, text = _of(made, span), document.text[span.start:span.end]
            notes = list(map(_made, found))
            if span in kept:
                sentence = kept[span]
                notes += _dropped(sentence, joined.get(span.start, sentence), found)
            else:
                notes += _lessons(text)
            yield Traced(document.page, span, block.kind, text, tuple(notes))


def _of(claims: Iterable[Claim], span: Span) -> tuple[Claim, ...]:
    return tuple(one for one in claims if span.start <= one.evidence.exact.start < span.end)


def _made(one: Claim) -> Note:
    value = f" {one.value}" if one.value else ""
    flags = " (denied)" * one.negated + " (in doubt)" * one.doubtful
    rule = one.evidence.rule
    return Note(MADE, f"{one.kind}{value}: {one.name}{flags}", rule,
                tuple(f"{row.file}:{row.line}" for row in rule_rows(rule)))


def _silent(document: Document, block: Block, made: tuple[Claim, ...]) -> Traced:
    """A block of a kind that holds no facts, with the row that gave it its kind."""
    text = document.text[block.span.start:block.span.end]
    places = [row.place for row in table("boilerplate.tsv") if row.pattern.search(text.strip())]
    places += [row.place for row in table("sections.tsv") if row.cells["where"] == "heading"
               and row.pattern.search(block.heading.strip(" *_#:.?")) and block.heading]
    why = Note(BLOCKED, "nothing is read here", f"section {block.kind}", tuple(places[:1]))
    return Traced(document.page, block.span, block.kind, text, (*map(_made, made), why))


# ---------------------------------------------------------------- what blocks


def _lessons(text: str) -> Iterator[Note]:
    found = tuple(row.place for row in table("lessons.tsv") if row.pattern.search(text))
    yield Note(BLOCKED, "teaches, asks or links", "lesson", found)


def _dropped(
    sentence: Sentence, joined: Sentence, made: tuple[Claim, ...]
) -> Iterator[Note]:
    rules = {part.name for one in made for part in rule_rows(one.evidence.rule)}
    for name in TABLES:
        yield from _factors(joined, name, rules)
    for name in _other_tables():
        for match in matches(sentence, load(name)):
            if match.frame.rule not in rules:
                yield Note(BLOCKED, f"{match.frame.kind}: {_words(sentence, match.whole)}",
                           match.frame.rule, _row(match.frame.rule))
    yield from _figures(sentence, made)
    yield from _stopped(sentence.text)


@cache
def _other_tables() -> tuple[str, ...]:
    """The tables of frames whose rows make claims by themselves, but for the factors."""
    found = sorted(path.stem for path in shipped("data/frames").glob("*.tsv"))
    return tuple(name for name in found if name not in TABLES)


def _factors(sentence: Sentence, name: str, rules: set[str]) -> Iterator[Note]:
    """Frames of risk, cause and outlook: turned by the words around, or without any name."""
    for match in matches(sentence, load(name)):
        items = list(named(sentence, match))
        axes = reading(sentence, match, (item.span for item in items))
        value = changed(match.frame, axes)
        words = f"{match.frame.kind}: {_words(sentence, match.whole)}"
        place = _row(match.frame.rule)
        if value != match.frame.value:
            turning = tuple(_axis_rows(sentence.masked, axes))
            verdict = TURNED if value else BLOCKED
            yield Note(verdict, f"{words} ({match.frame.value} → {value or 'nothing'})",
                       "+".join((match.frame.rule, *sorted(axes))), place + turning)
        elif not items and not match.outside:
            yield Note(BLOCKED, f"{words} (no name)", match.frame.rule,
                       place + tuple(_junk(sentence, match)))
        elif match.frame.rule not in rules:
            yield Note(BLOCKED, f"{words} (an earlier row has its place)", match.frame.rule, place)


def _words(sentence: Sentence, span: Span) -> str:
    return sentence.text[span.start:span.end]


def _row(rule: str) -> tuple[str, ...]:
    return tuple(f"{row.file}:{row.line}" for row in rule_rows(rule))


def _axis_rows(masked: str, axes: frozenset[str]) -> Iterator[str]:
    for row in table("modifiers.tsv"):
        if row.cells["axis"] in axes and row.pattern.search(masked):
            yield row.place


def _junk(sentence: Sentence, match: Match) -> Iterator[str]:
    """The rows that refuse the words of a slot as a name."""
    for row in table("naming.tsv"):
        if row.cells["step"] in ("junk", "vague") and any(
                row.pattern.search(sentence.masked[span.start:span.end]) for span in match.spans):
            yield row.place


def _figures(sentence: Sentence, made: tuple[Claim, ...]) -> Iterator[Note]:
    """Numbers that became no figure: refused by a row, or with nothing that says what they are."""
    taken = [one.evidence.exact.start for one in made if one.kind == "figure"]
    for figure in figures_in(sentence.masked):
        rule = refused(sentence.masked, figure, clause(sentence.masked, figure))
        words, place = f"figure: {_words(sentence, figure.span)}", sentence.on_page(figure.span)
        if rule:
            yield Note(BLOCKED, words, f"figure/{rule}", _row(rule))
        elif not any(place.start <= at < place.end for at in taken):
            yield Note(BLOCKED, words, "figure: no governor or not the first time")


@cache
def _stop_terms() -> Mapping[str, tuple[str, ...]]:
    """The rows of data/stop.tsv by the term in its normal form."""
    found: dict[str, tuple[str, ...]] = {}
    for line, cells in rows(shipped("data/stop.tsv")):
        key = normalise(cells["term"])
        found[key] = (*found.get(key, ()), f"stop.tsv:{line}")
    return found


def _stopped(text: str) -> Iterator[Note]:
    """Words that are also names, and are not looked up."""
    words = normalise(text).split()
    seen = dict.fromkeys(" ".join(words[start:start + length])
                         for start in range(len(words)) for length in (1, 2, 3))
    found = {term: places for term in seen if (places := _stop_terms().get(term))}
    if found:
        yield Note(BLOCKED, f"not looked up: {', '.join(found)}", "stop",
                   tuple(place for places in found.values() for place in places))
