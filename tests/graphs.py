"""One page with a statement of every kind, as values, and the graph it becomes."""

from __future__ import annotations

from decimal import Decimal

from pyoxigraph import Quad

from kg import prefixes
from kg.model import (
    Document,
    Entity,
    Evidence,
    Grounding,
    Quantity,
    Reference,
    Span,
    Statement,
)
from kg.ontology import kinds
from kg.rdf import quads
from kg.text import digest

TEXT = (
    "Sample disease, also called SD, is usually treated with surgery. [1] Trastuzumab has been "
    "tried. Smoking does not raise the risk. Fewer than 30% live for five years. The cause is "
    "not known. Changes in the ABC1 gene cause it; it is autosomal dominant. Younger age helps. "
    "Fever was seen in 5 of 12 people. It affects the skin."
)
DISEASE = Entity("MONDO:0006245", "hidradenocarcinoma", "disease")
REFERENCES = (
    Reference(1, "A. Author. A title. 2015.", Span(0, 4), "A title", 2015, "123", "PMC456",
              "10.1/x(1)<2>", "https://example.org/a b", "article"),
    Reference(2, "A page on the web", Span(5, 9), url="not a url"),
)


def document(text: str = TEXT, **changes: object) -> Document:
    """A page; `changes` replace its fields."""
    fields: dict[str, object] = {
        "id": "0123456789abcdef", "page": "folder/sample page.txt", "format": "gard-text",
        "title": "Sample disease", "title_span": Span(0, 14), "text": text, "sha256": "a" * 64,
        "url": "https://example.org/sample", "license": "https://example.org/licence",
        "xrefs": ("GARD:0006600", "NEW:1"), "blocks": (), "references": REFERENCES,
    }
    return Document(**(fields | changes))  # type: ignore[arg-type]


def evidence(page: Document, words: str, mention: str, cites: tuple[int, ...] = ()) -> Evidence:
    """Evidence that quotes `words` for `mention`."""
    start = page.text.index(words)
    exact = page.text.index(mention, start)
    return Evidence(page.id, Span(start, start + len(words)), words,
                    Span(exact, exact + len(mention)), "treatment", cites, "test.rule",
                    (Span(0, 6),))


def statement(
    kind: str, value: str, support: Evidence, target: Entity | None = None, *,
    negated: bool = False, doubtful: bool = False, quantity: Quantity | None = None,
    names: tuple[str, ...] = ("words",),
) -> Statement:
    """A statement about the sample disease."""
    grounding = Grounding("exact", 1.0, "test", ("MAXO:0000001",)) if target else None
    identity = digest(kind, value, target, negated, doubtful, quantity, names)
    return Statement(f"rarekg:statement/{identity}", kind, DISEASE, target, value, negated,
                     doubtful, names, grounding, (support,), quantity)


def statements(page: Document) -> list[Statement]:
    """At least one statement of each kind; one negated, one doubtful."""
    surgery = evidence(page, "is usually treated with surgery. [1]", "surgery", (1,))
    drug = evidence(page, "Trastuzumab has been tried.", "Trastuzumab")
    smoking = evidence(page, "Smoking does not raise the risk.", "Smoking")
    rate = evidence(page, "Fewer than 30% live for five years.", "30%")
    gene = evidence(page, "Changes in the ABC1 gene cause it; it is autosomal dominant.", "ABC1")
    young = evidence(page, "Younger age helps.", "Younger age")
    unknown = evidence(page, "The cause is not known.", "cause")
    fever = evidence(page, "Fever was seen in 5 of 12 people.", "Fever")
    skin = evidence(page, "It affects the skin.", "skin")
    return [
        statement("synonym", "abbreviation", surgery, names=("SD",)),
        statement("therapy", "standard", surgery,
                  Entity("MAXO:0000004", "surgical procedure", "therapy")),
        statement("therapy", "unproven_or_ineffective", drug,
                  Entity("DRUGBANK:DB00072", "Trastuzumab", "drug"), doubtful=True),
        statement("risk_factor", "none", smoking,
                  Entity("rarekg:term/factor/smoking-12345678", "smoking", "factor"), negated=True),
        statement("cause", "suspected", gene,
                  Entity("rarekg:term/factor/abc1-12345678", "ABC1", "factor"), doubtful=True),
        statement("prognostic_factor", "favourable", young,
                  Entity("rarekg:term/factor/younger-age-12345678", "younger age", "factor")),
        statement("figure", "survival", rate, names=(), quantity=Quantity(
            None, Decimal("30.0"), "%", "<", "people alive", "P60M")),
        statement("gene", "causal", gene, Entity("HGNC:29", "ABC1", "gene")),
        statement("inheritance", "", gene,
                  Entity("HP:0000006", "Autosomal dominant inheritance", "inheritance")),
        statement("phenotype", "present", fever, Entity("HP:0001945", "Fever", "phenotype"),
                  quantity=Quantity(Decimal("41.7"), Decimal("41.7"), "%", "=", "5 of 12")),
        statement("site", "", skin, Entity("UBERON:0000014", "zone of skin", "site")),
        statement("unknown", "cause", unknown, names=()),
    ]


def graph(page: Document | None = None) -> list[Quad]:
    """The quads of the sample page."""
    page = page or document()
    return list(quads(page, DISEASE, statements(page), prefixes.load(), kinds()))
