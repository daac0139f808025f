"""What a graph states, read back as flat rows: statements, evidence, measurements, publications."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from .ntriples import LABEL, TYPE, Node, value
from .ontology import Kind, comparators, kinds, units
from .prefixes import Prefixes
from .spilling import Shelf, Spool


class Fact(Struct, frozen=True):
    """One statement; `subject` and `object` are IRIs, or text where the object is a literal.

    `often` is how often a feature is seen: its band, with, of all, and per cent, as in the graph.
    """

    id: str
    kind: str
    value: str
    disease: str
    other: str
    predicate: str
    forward: bool
    negated: bool
    doubtful: bool
    names: tuple[str, ...]
    evidence: tuple[str, ...]
    publications: tuple[str, ...]
    often: tuple[str, ...] = ("", "", "", "")
    contradicted: bool = False

    @property
    def asserted(self) -> bool:
        """Whether its plain triple is in the graph: not denied, not doubted, not contradicted."""
        return not (self.negated or self.doubtful or self.contradicted)


class Sentence(Struct, frozen=True):
    """One piece of evidence; `span` and `quote` are the IRIs of its selectors, `place` that of the
    mention's span."""

    id: str
    page: str
    section: str
    rule: str
    mention: str
    span: str
    quote: str
    numbers: tuple[str, ...]
    publications: tuple[str, ...]
    place: str = ""


class Measure(Struct, frozen=True):
    """A figure's numbers as the graph writes them; `unit` and `comparator` are notations."""

    low: str
    high: str
    unit: str
    comparator: str
    about: str
    horizon: str
    subject: str


class Publication(Struct, frozen=True):
    """A work that pages cite."""

    title: str
    year: str
    kind: str
    identifiers: tuple[str, ...]
    url: str


class Page(Struct, frozen=True):
    """A page; `disease` is the IRI of what it is about."""

    path: str
    title: str
    disease: str
    url: str


class Facts:
    """Everything a graph states, as much of it in memory as fits (kg.spilling).

    Dictionaries are keyed by IRI and in the graph's order.
    """

    def __init__(self) -> None:
        self.facts = Spool[Fact](Fact)
        self.labels = Shelf[str](str)
        self.classes = Shelf[tuple[str, ...]](tuple[str, ...])
        self.sentences = Shelf[Sentence](Sentence)
        self.quotes = Shelf[str](str)
        self.measures = Shelf[Measure](Measure)
        self.publications = Shelf[Publication](Publication)
        self.pages = Shelf[Page](Page)

    def label(self, iri: str) -> str:
        """The label of a node, empty where it has none."""
        return self.labels.get(iri, "")


def collect(nodes: Iterable[Node], prefixes: Prefixes) -> Facts:
    """The rows of a graph whose nodes come each once, as kg.rdf wrote them."""
    reader = _Reader(prefixes)
    readers: dict[str, Callable[[Facts, str, _Properties], None]] = {
        reader.name(curie): read for curie, read in {
            "rkg:Statement": reader.statement, "rkg:Evidence": reader.sentence,
            "oa:TextQuoteSelector": reader.quote, "rkg:Measurement": reader.measure,
            "biolink:Publication": reader.publication, "rkg:Page": reader.page}.items()}
    found = Facts()
    for subject, properties in nodes:
        iri = value(subject)
        if LABEL in properties:
            found.labels[iri] = value(min(properties[LABEL]))
        for kind in properties.get(TYPE, ()):
            if kind in readers:
                readers[kind](found, iri, properties)
                break
        else:
            if LABEL in properties:
                found.classes[iri] = tuple(map(value, properties.get(TYPE, ())))
    return found


_Properties = dict[str, list[str]]


class _Reader:
    """One method for each class of node, all with the same prefixes."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._names: dict[str, str] = {}
        self._expand = prefixes.expand
        self._kinds = {self.name(kind.iri): kind for kind in kinds().values()}
        self._notations = {
            prefixes.expand(curie): notation
            for table in (units(), comparators()) for notation, curie in table.items()}
        self._values = {
            prefixes.expand(one.iri): one.name
            for kind in kinds().values() for one in kind.values.values() if one.iri}

    def name(self, curie: str) -> str:
        """The term of a property or class."""
        term = self._names.get(curie)
        if term is None:
            term = self._names[curie] = f"<{self._expand(curie)}>"
        return term

    def all(self, properties: _Properties, curie: str) -> tuple[str, ...]:
        """The values of a property, in order."""
        return tuple([value(term) for term in properties.get(self.name(curie), ())])

    def one(self, properties: _Properties, curie: str) -> str:
        """The first value of a property, or nothing."""
        terms = properties.get(self.name(curie))
        return value(terms[0]) if terms else ""

    def _kind(self, properties: _Properties) -> Kind | None:
        for term in properties[TYPE]:
            if term in self._kinds:
                return self._kinds[term]
        return None

    def statement(self, found: Facts, iri: str, properties: _Properties) -> None:
        """Read a statement; one of a kind that the ontology lacks is left out."""
        kind = self._kind(properties)
        if kind is None:
            return
        forward = kind.subject == "disease"
        ends = self.one(properties, "rdf:subject"), self.one(properties, "rdf:object")
        chosen = self.one(properties, kind.property) if kind.property else ""
        found.facts.append(Fact(
            iri, kind.name, self._values.get(chosen, ""),
            ends[0] if forward else ends[1], ends[1] if forward else ends[0],
            self.one(properties, "rdf:predicate"), forward,
            self.one(properties, "biolink:negated") == "true",
            self.one(properties, "rkg:doubtful") == "true",
            self.all(properties, "biolink:original_" + ("object" if forward else "subject")),
            self.all(properties, "biolink:has_evidence"),
            self.all(properties, "biolink:publications"),
            self._often(properties),
            bool(self.all(properties, "rkg:contradicts")),
        ))

    def _often(self, properties: _Properties) -> tuple[str, ...]:
        band = self.one(properties, "biolink:frequency_qualifier")
        if not band:
            return "", "", "", ""
        return (band, *(self.one(properties, name) for name in (
            "biolink:has_count", "biolink:has_total", "biolink:has_percentage")))

    def sentence(self, found: Facts, iri: str, properties: _Properties) -> None:
        """Read a piece of evidence."""
        selectors = self.all(properties, "oa:hasSelector")
        quotes = [one for one in selectors if "/quote/" in one]
        spans = [one for one in selectors if "/span/" in one]
        found.sentences[iri] = Sentence(
            iri, self.one(properties, "oa:hasSource"), self.one(properties, "rkg:section"),
            self.one(properties, "rkg:rule"), self.one(properties, "rkg:mentionText"),
            "".join(spans[:1]), "".join(quotes[:1]),
            self.all(properties, "rkg:citationNumber"),
            self.all(properties, "biolink:publications"),
            self.one(properties, "rkg:mention"))

    def quote(self, found: Facts, iri: str, properties: _Properties) -> None:
        """Read a quote."""
        found.quotes[iri] = self.one(properties, "oa:exact")

    def measure(self, found: Facts, iri: str, properties: _Properties) -> None:
        """Read a measurement."""
        names = ("rkg:low", "rkg:high", "rkg:unit", "rkg:comparator", "rkg:about", "rkg:horizon",
                 "rkg:subjectText")
        low, high, unit, comparator, *rest = (self.one(properties, name) for name in names)
        found.measures[iri] = Measure(low, high, self._notations.get(unit, unit),
                                      self._notations.get(comparator, comparator), *rest)

    def publication(self, found: Facts, iri: str, properties: _Properties) -> None:
        """Read a publication."""
        found.publications[iri] = Publication(
            found.labels.get(iri, ""), self.one(properties, "dcterms:issued"),
            self.one(properties, "dcterms:type"), self.all(properties, "dcterms:identifier"),
            self.one(properties, "schema:url"))

    def page(self, found: Facts, iri: str, properties: _Properties) -> None:
        """Read a page."""
        found.pages[iri] = Page(
            self.one(properties, "rkg:path"), self.one(properties, "dcterms:title"),
            self.one(properties, "dcterms:subject"), self.one(properties, "schema:url"))
