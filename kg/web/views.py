"""What pages for people show, as values: no HTML, no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from msgspec import Struct

from ..facts import Fact, Facts, Sentence
from ..model import Document, Span
from ..ontology import kinds
from ..show import FIRM, ORDER

AROUND = 160  # characters of the page before and after a sentence


class Link(Struct, frozen=True):
    """A node to go to: its label, CURIE, and the path of its page (empty where it has none)."""

    label: str
    curie: str
    path: str
    iri: str


class Passage(Struct, frozen=True):
    """A sentence in its place: `parts` are its pieces, true for the mention.

    `before` and `after` are what stands around it on the page.
    """

    before: str
    parts: tuple[tuple[str, bool], ...]
    after: str
    page: Link
    url: str
    license: str
    section: str
    rule: str
    citations: tuple[tuple[str, Link], ...]


class Figure(Struct, frozen=True):
    """A number to be drawn: bounds on a scale from 0 to `top`, in words as well."""

    words: str
    comparator: str
    unit: str
    low: float | None
    high: float | None
    top: float
    about: str


class Said(Struct, frozen=True):
    """One statement as a reader sees it; `subject` is the disease it is about."""

    id: str
    link: Link
    kind: str
    value: str
    subject: Link
    target: Link | None
    words: str
    flags: tuple[str, ...]
    often: str
    figure: Figure | None
    passages: tuple[Passage, ...]


class Group(Struct, frozen=True):
    """Statements of one kind and value."""

    kind: str
    value: str
    items: tuple[Said, ...]

    @property
    def size(self) -> int:
        """How many statements there are."""
        return len(self.items)

    @property
    def title(self) -> str:
        """The value in words, for a heading."""
        return self.value.replace("_", " ")


class Source(Struct, frozen=True):
    """What views are made from: the facts of a description, and how to find the rest.

    `link` makes a Link of an IRI, `document` finds a page by its id.
    """

    facts: Facts
    link: Callable[[str], Link]
    document: Callable[[str], Document | None]


def groups(source: Source, facts: Iterable[Fact]) -> dict[str, tuple[Group, ...]]:
    """The statements by kind in a reader's order, each kind by its values, the firmest first."""
    found: dict[str, dict[str, list[Said]]] = {}
    for fact in facts:
        found.setdefault(fact.kind, {}).setdefault(fact.value, []).append(said(source, fact))
    order = [name for name in (*ORDER, *sorted(set(kinds()) - set(ORDER))) if name in found]
    return {kind: tuple(
        Group(kind, value, tuple(sorted(found[kind][value], key=_by_words)))
        for value in sorted(found[kind], key=lambda name: (FIRM.get(name, len(FIRM)), name)))
        for kind in order}


def _by_words(one: Said) -> tuple[int, str, str]:
    return len(one.flags), one.words.casefold(), one.id


def said(source: Source, fact: Fact) -> Said:
    """A statement with its sentences, those of the first page first."""
    target = source.link(fact.other) if fact.other in source.facts.classes else None
    measure = _figure(source.facts, fact)
    words = target.label if target else measure.words if measure else _words(fact)
    sentences = [source.facts.sentences[one] for one in fact.evidence
                 if one in source.facts.sentences]
    return Said(fact.id.rpartition("/")[2], source.link(fact.id), fact.kind, fact.value,
                source.link(fact.disease), target, words, _flags(fact), _often(fact), measure,
                tuple(_passages(source, sentences)))


def _words(fact: Fact) -> str:
    """What a statement without a node at its end says: a name, or that something is unknown."""
    return "" if fact.kind == "unknown" else fact.other


def _flags(fact: Fact) -> tuple[str, ...]:
    marks = (("denied", fact.negated), ("uncertain", fact.doubtful),
             ("contradicted", fact.contradicted))
    return tuple(word for word, on in marks if on)


def _often(fact: Fact) -> str:
    """How often a feature is seen, in the page's numbers where it has them."""
    band, with_it, of_all, percentage = fact.often
    if with_it and of_all:
        return f"{with_it} of {of_all}"
    known = {"HP_0040280": "always", "HP_0040281": "very often", "HP_0040282": "often",
             "HP_0040283": "sometimes", "HP_0040284": "very rarely", "HP_0040285": "never"}
    return f"{percentage} %" if percentage else known.get(band.rpartition("/")[2], "")


def _figure(facts: Facts, fact: Fact) -> Figure | None:
    found = facts.measures.get(fact.other)
    if found is None:
        return None
    low, high = (float(Decimal(end)) if end else None for end in (found.low, found.high))
    ends = [end for end in (found.low, found.high) if end]
    number = ends[0] if len(set(ends)) == 1 else "–".join(ends)
    sign = "" if found.comparator in {"=", "range"} else f"{found.comparator} "
    unit = {"%": " %", "per_person": " in each person"}.get(found.unit, f" {found.unit}")
    span = f" after {_duration(found.horizon)}" if found.horizon else ""
    top = 100.0 if found.unit == "%" else max(low or 0.0, high or 0.0) * 1.25
    about = ", ".join(part for part in (found.about, found.subject) if part)
    return Figure(f"{sign}{number}{unit}{span}", found.comparator, found.unit, low, high, top,
                  about)


def _duration(horizon: str) -> str:
    """An ISO 8601 duration in words: P5Y is 5 years."""
    names = {"Y": "year", "M": "month", "W": "week", "D": "day"}
    parts = [(horizon[1:-1], names[horizon[-1]])] if horizon[-1:] in names else []
    return " ".join(f"{number} {name}{'' if number == '1' else 's'}" for number, name in parts) \
        or horizon


def _passages(source: Source, sentences: Iterable[Sentence]) -> Iterator[Passage]:
    for one in sorted(sentences, key=lambda one: (one.page, _ends(one.span), one.id)):
        document = source.document(one.page.rpartition("/")[2])
        quote = source.facts.quotes.get(one.quote, "")
        start, end = _ends(one.span)
        text = document.text if document else ""
        citations = tuple(zip(one.numbers, map(source.link, one.publications), strict=False))
        page = source.link(one.page)
        if document:
            page = Link(document.title, page.curie, page.path, page.iri)
        yield Passage(_before(text, start), _parts(quote, start, _ends(one.place)),
                      _after(text, end), page, document.url if document else "",
                      document.license if document else "", one.section, one.rule, citations)


def _ends(span: str) -> tuple[int, int]:
    """The ends of a span, from its IRI."""
    parts = span.rsplit("-", 2)[1:]
    return (int(parts[0]), int(parts[1])) if len(parts) == 2 else (0, 0)


def _parts(quote: str, start: int, mention: tuple[int, int]) -> tuple[tuple[str, bool], ...]:
    """The quote cut at its mention."""
    inner = Span(max(0, mention[0] - start), min(len(quote), mention[1] - start))
    if inner.start >= inner.end:
        return ((quote, False),)
    cut = ((quote[:inner.start], False), (quote[inner.start:inner.end], True),
           (quote[inner.end:], False))
    return tuple(part for part in cut if part[0])


def _before(text: str, end: int) -> str:
    """What stands before a place on its page, from the beginning of a word."""
    start = max(0, end - AROUND)
    found = text[start:end]
    return found if start == 0 else "…" + found.partition(" ")[2]


def _after(text: str, start: int) -> str:
    """What stands behind a place, to the end of a word."""
    found = text[start:start + AROUND]
    return found if start + AROUND >= len(text) else found.rpartition(" ")[0] + " …"
