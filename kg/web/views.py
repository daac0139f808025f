"""What pages for people show, as values: no HTML, no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, structs

from ..facts import Fact, Facts, Sentence
from ..model import Document, Span
from ..ontology import kinds
from ..show import FIRM, ORDER
from .figures import Axis, Figure, Plot, axis, figure, plot

AROUND = 160  # characters of the page before and after a sentence
GLANCE = 12  # statements of a group whose sentences are shown without being opened
SENTENCES = 5  # of a statement that a list of many shows
# HPO's bands of frequency, with their ends in per cent.
BANDS = {"HP_0040280": ("always", 100.0, 100.0), "HP_0040281": ("very often", 80.0, 99.0),
         "HP_0040282": ("often", 30.0, 79.0), "HP_0040283": ("sometimes", 5.0, 29.0),
         "HP_0040284": ("very rarely", 1.0, 4.0), "HP_0040285": ("never", 0.0, 0.0)}

_TITLES = {"none": "does not increase the risk", "increases": "increases the risk",
           "decreases": "decreases the risk", "onset_age": "age of onset"}


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


class Said(Struct, frozen=True):
    """One statement as a reader sees it; `subject` is the disease it is about.

    `often` says how often a feature is seen, `share` in which part of a hundred people.
    """

    id: str
    link: Link
    kind: str
    value: str
    subject: Link
    target: Link | None
    words: str
    flags: tuple[str, ...]
    often: str
    share: tuple[float, float] | None
    figure: Figure | None
    passages: tuple[Passage, ...]
    sentences: int
    plot: Plot | None = None

    @property
    def telling(self) -> bool:
        """Whether its first sentence says more than its name."""
        return bool(self.passages) and any(not marked for _, marked in self.passages[0].parts)


class Group(Struct, frozen=True):
    """Statements of one kind and value."""

    kind: str
    value: str
    items: tuple[Said, ...]
    axis: Axis | None = None

    @property
    def size(self) -> int:
        """How many statements there are."""
        return len(self.items)

    @property
    def brief(self) -> bool:
        """Whether there are so few that a sentence of each can be read at a glance."""
        return self.size <= GLANCE and any(one.telling for one in self.items)

    @property
    def title(self) -> str:
        """The value in words, for a heading."""
        return _TITLES.get(self.value, self.value.replace("_", " "))


class Source(Struct, frozen=True):
    """What views are made from: the facts of a description, and how to find the rest.

    `link` makes a Link of an IRI, `document` finds a page by its id.
    """

    facts: Facts
    link: Callable[[str], Link]
    document: Callable[[str], Document | None]


def groups(
    source: Source, facts: Iterable[Fact], most: int = SENTENCES, by_disease: bool = False
) -> dict[str, tuple[Group, ...]]:
    """The statements by kind in a reader's order, each kind by its values, the firmest first.

    Figures of one value that have no unit in common are groups of their own.  Each has `most`
    sentences at most.  Within a group, the order is that of the diseases or of what is said of
    them.
    """
    found: dict[str, dict[tuple[str, str], list[Said]]] = {}
    for fact in facts:
        one = said(source, fact, most)
        scale = one.figure.scale if one.figure else ""
        found.setdefault(fact.kind, {}).setdefault((fact.value, scale), []).append(one)
    order = [name for name in (*ORDER, *sorted(set(kinds()) - set(ORDER))) if name in found]
    return {kind: tuple(
        _group(kind, key[0], found[kind][key], by_disease)
        for key in sorted(found[kind], key=lambda key: (FIRM.get(key[0], len(FIRM)), key)))
        for kind in order}


def _group(kind: str, value: str, items: Sequence[Said], by_disease: bool) -> Group:
    """A group in order; figures stand on one scale."""
    figures = [one.figure for one in items if one.figure]
    if not figures:
        key = _by_disease if by_disease else _by_words
        return Group(kind, value, tuple(sorted(items, key=key)))
    scale = axis(figures)
    drawn = [structs.replace(one, plot=plot(one.figure, scale)) for one in items if one.figure]
    return Group(kind, value, tuple(sorted(drawn, key=_by_place)), scale)


def _by_words(one: Said) -> tuple[int, float, str, str]:
    """What is asserted first, then the frequent before the rare, then by name."""
    return len(one.flags), -one.share[0] if one.share else 0.0, one.words.casefold(), one.id


def _by_disease(one: Said) -> tuple[int, float, str, str]:
    return len(one.flags), 0.0, one.subject.label.casefold(), one.id


def _by_place(one: Said) -> tuple[int, float, float, str]:
    drawn = one.plot
    return (len(one.flags), drawn.end, drawn.start, one.id) if drawn else (9, 0.0, 0.0, one.id)


def said(source: Source, fact: Fact, most: int | None = None) -> Said:
    """A statement with its sentences, those of the first page first; all, or `most` of them."""
    target = source.link(fact.other) if fact.other in source.facts.classes else None
    found = source.facts.measures.get(fact.other)
    measure = figure(found) if found else None
    words = target.label if target else measure.words if measure else _words(fact)
    sentences = [source.facts.sentences[one] for one in fact.evidence
                 if one in source.facts.sentences]
    often, share = _often(fact)
    return Said(fact.id.rpartition("/")[2], source.link(fact.id), fact.kind, fact.value,
                source.link(fact.disease), target, words, _flags(fact), often, share, measure,
                tuple(_passages(source, sentences, most)), len(sentences))


def _words(fact: Fact) -> str:
    """What a statement without a node at its end says: a name, or that something is unknown."""
    return "" if fact.kind == "unknown" else fact.other


def _flags(fact: Fact) -> tuple[str, ...]:
    marks = (("denied", fact.negated), ("uncertain", fact.doubtful),
             ("contradicted", fact.contradicted))
    return tuple(word for word, on in marks if on)


def _often(fact: Fact) -> tuple[str, tuple[float, float] | None]:
    """How often a feature is seen, in the page's numbers where it has them, and as per cent."""
    band, with_it, of_all, percentage = fact.often
    if with_it and of_all and float(of_all):
        part = 100 * float(with_it) / float(of_all)
        return f"{with_it} of {of_all}", (part, part)
    if percentage:
        return f"{percentage} %", (float(percentage), float(percentage))
    words, low, high = BANDS.get(band.rpartition("/")[2], ("", 0.0, 0.0))
    return words, (low, high) if words else None


def _passages(
    source: Source, sentences: Iterable[Sentence], most: int | None
) -> Iterator[Passage]:
    found = sorted(sentences, key=lambda one: (one.page, ends(one.span), one.id))
    for one in found[:most]:
        document = source.document(one.page.rpartition("/")[2])
        quote = source.facts.quotes.get(one.quote, "")
        start, end = ends(one.span)
        text = document.text if document else ""
        citations = tuple(zip(one.numbers, map(source.link, one.publications), strict=False))
        page = source.link(one.page)
        if document:
            page = Link(document.title, page.curie, page.path, page.iri)
        yield Passage(_before(text, start), _parts(quote, start, ends(one.place)),
                      _after(text, end), page, document.url if document else "",
                      document.license if document else "", one.section, one.rule, citations)


def ends(span: str) -> tuple[int, int]:
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
