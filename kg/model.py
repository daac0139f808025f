"""The nouns: frozen values without behaviour, in the order in which the stages make them."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """Half-open character offsets into `Document.text`."""

    start: int
    end: int


class Block(Struct, frozen=True):
    """One paragraph, list item, heading or table row of a page.

    `kind` is a section kind of data/sections.tsv ("treatment", "prognosis", …) or one of those
    that never hold facts ("references", "resources", "question", "lesson").  `form` is one of
    "prose", "item", "heading", "row".  `guessed` is true where no heading decided the kind.
    """

    kind: str
    form: str
    heading: str
    span: Span
    guessed: bool = False


class Reference(Struct, frozen=True):
    """One entry of a page's numbered reference list; identifiers are bare (no prefix) or None.

    `kind` is "article" or "web".  `pmcid` keeps its letters ("PMC4370612").
    """

    number: int
    text: str
    span: Span
    title: str | None = None
    year: int | None = None
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    url: str | None = None
    kind: str = "web"


class Document(Struct, frozen=True):
    """A page as read: its own text, in blocks; every offset of every later stage points into it.

    `id` is the first 16 hexadecimal digits of the SHA-256 of the page's bytes, `page` its path
    below what the user named, `xrefs` the CURIEs by which the page names itself.
    """

    id: str
    page: str
    format: str
    title: str
    title_span: Span
    text: str
    sha256: str
    url: str
    license: str
    xrefs: tuple[str, ...]
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]


class Evidence(Struct, frozen=True):
    """Where a page says something: `quote == text[span.start:span.end]`, always.

    `exact` is the mention inside the quote, `context` other spans that decided the value (a
    status carried from the next sentence, a list's lead-in), `cites` the citation numbers.
    """

    document: str
    span: Span
    quote: str
    exact: Span
    section: str
    cites: tuple[int, ...]
    rule: str
    context: tuple[Span, ...] = ()


class Quantity(Struct, frozen=True):
    """A figure; an open end is None.

    `comparator` is one of = < <= > >= ~ range; `unit` one of % per_person years months weeks
    days cases ratio; `horizon` an ISO 8601 duration ("P5Y") or empty; `about` what is counted,
    in whom; `subject` the page's words when the figure is not about its disease.
    """

    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    about: str = ""
    horizon: str = ""
    subject: str = ""


class Claim(Struct, frozen=True):
    """What a page states, in the page's words: no identifier yet.

    `kind` and `value` are names of ontology/kinds.ttl ("therapy" and "standard"); `name` is a
    short noun phrase; a figure has a `quantity` and its kind of figure as `value`.
    """

    id: str
    kind: str
    name: str
    value: str
    negated: bool
    doubtful: bool
    evidence: Evidence
    quantity: Quantity | None = None


class Entity(Struct, frozen=True):
    """A node: `id` is a CURIE, `category` a vocabulary kind ("disease", "therapy", "gene", …)."""

    id: str
    label: str
    category: str


class Grounding(Struct, frozen=True):
    """How a name became an identifier: `tier` "minted" means that nothing fitted exactly.

    `candidates` are the CURIEs that were considered and lost, best first.  `broader` is the class
    that the name is a kind of (tier "broader"): the node itself is then still one of our own.
    """

    tier: str
    score: float
    source: str
    candidates: tuple[str, ...] = ()
    broader: Entity | None = None


class Review(Struct, frozen=True):
    """A person's decision on a statement: `by` is an IRI (an ORCID), `on` an ISO 8601 date.

    `decision` is "accept", "id" or "value"; `was` is the id that the statement had before it was
    corrected, else empty.
    """

    decision: str
    by: str
    on: str
    note: str = ""
    was: str = ""


class Statement(Struct, frozen=True):
    """What we assert of a page's disease, with every sentence of that page that supports it.

    `id` hashes the content without the evidence, so the same fact has the same id on every page.
    `review` is set where a person checked it on this page.
    """

    id: str
    kind: str
    disease: Entity
    object: Entity | None
    value: str
    negated: bool
    doubtful: bool
    names: tuple[str, ...]
    grounding: Grounding | None
    evidence: tuple[Evidence, ...]
    quantity: Quantity | None = None
    review: Review | None = None


class Skipped(Struct, frozen=True):
    """An input that did not become a page, and why."""

    page: str
    reason: str
