"""Two diseases on three pages, as the stage files of a run: what the tests of asking ask."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from kg import jsonl, prefixes
from kg.model import (
    Block,
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
from kg.rdf import graph_lines, quads
from kg.text import digest

HIDRADENOCARCINOMA = Entity("MONDO:0006245", "hidradenocarcinoma", "disease")
PORPHYRIA = Entity("MONDO:0019142", "porphyria", "disease")
SURGERY = Entity("MAXO:0000004", "surgical procedure", "therapy")
RADIATION = Entity("MAXO:0000014", "radiation therapy", "therapy")
TRASTUZUMAB = Entity("DRUGBANK:DB00072", "Trastuzumab", "drug")
HIDRADENOMA = Entity("rarekg:term/factor/benign-hidradenoma-0f35a5b1", "benign hidradenoma",
                     "factor")
SUNLIGHT = Entity("rarekg:term/factor/sunlight-1f35a5b1", "sunlight", "factor")
FAMILY = Entity("rarekg:term/factor/family-history-2f35a5b1", "family history", "factor")
STAGE = Entity("rarekg:term/factor/early-stage-3f35a5b1", "early stage", "factor")
RELAPSE = Entity("rarekg:term/factor/relapse-4f35a5b1", "=relapse", "factor")
HMBS = Entity("HGNC:4982", "HMBS", "gene")
PAIN = Entity("HP:0002027", "Abdominal pain", "phenotype")
LIVER = Entity("UBERON:0002107", "liver", "site")
DOMINANT = Entity("HP:0000006", "Autosomal dominant inheritance", "inheritance")

FIRST = """Hidradenocarcinoma

Doctors also call the tumour malignant acrospiroma (MAS). An older benign hidradenoma \
makes it more likely. Nobody has shown that it runs in families. Why it begins is not known.

Wide surgery is the main treatment, and some people have radiation therapy as well.[1][2] \
Trastuzumab has helped in single reports.[2]

With surgery alone, fewer than 30% of people live for five years.[1] The outlook is better \
at an early stage, while =relapse makes it worse."""
SECOND = """Hidradenocarcinoma in short

Wide surgery is the main treatment.[1] Sunlight may play a part.	Tabs and “wide” letters: \
汗腺癌 begins in sweat glands, and 30 to 60 years is the usual age."""
THIRD = """Porphyria

Changes in HMBS cause it; it is passed on as an autosomal dominant trait. Surgery \
should be avoided in attacks. Abdominal pain 18/20. It affects the liver."""

REFERENCES = (
    Reference(1, "Doe J. A review. 2015. PMC4370612", Span(0, 10), "A review", 2015, None,
              "PMC4370612", None, "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4370612",
              "article"),
    Reference(2, "Roe R. Cases. 2007.", Span(0, 10), "Cases", 2007, "17214855", None, None,
              "https://www.ncbi.nlm.nih.gov/pubmed/17214855", "article"),
)


def _document(page: str, text: str, references: tuple[Reference, ...]) -> Document:
    title = text.partition("\n")[0]
    blocks = (Block("treatment", "prose", "", Span(len(title) + 2, len(text)), True),)
    sha = digest(text, length=64)
    return Document(sha[:16], page, "gard-text", title, Span(0, len(title)), text, sha,
                    f"https://example.org/{page}", "https://example.org/licence", (), blocks,
                    references)


def _evidence(
    page: Document, quote: str, mention: str, rule: str = "therapy.main",
    cites: tuple[int, ...] = (), context: str = "",
) -> Evidence:
    start = page.text.index(quote)
    exact = page.text.index(mention, start)
    lead = page.text.find(context) if context else 0
    spans = (Span(lead, lead + len(context)),) if context else ()
    return Evidence(page.id, Span(start, start + len(quote)), quote,
                    Span(exact, exact + len(mention)), "treatment", cites, rule, spans)


def _statement(
    kind: str, value: str, disease: Entity, target: Entity | None, evidence: Evidence,
    names: tuple[str, ...] = (), negated: bool = False, doubtful: bool = False,
    quantity: Quantity | None = None,
) -> Statement:
    minted = target is not None and target.id.startswith("rarekg:")
    grounding = None
    if target:
        grounding = Grounding("minted" if minted else "exact", 0.0 if minted else 1.0,
                              "none" if minted else "test 1.0", ("MAXO:0000001",) if minted else ())
    names = names or ((target.label,) if target else ())
    shown = [str(quantity.low), str(quantity.high)] if quantity else []
    identity = digest(kind, value, disease.id, target.id if target else names, *shown)
    return Statement(f"rarekg:statement/{identity}", kind, disease, target, value, negated,
                     doubtful, names, grounding, (evidence,), quantity)


def _first(page: Document) -> list[Statement]:
    names = "Doctors also call the tumour malignant acrospiroma (MAS)."
    treated = ("Wide surgery is the main treatment, and some people have radiation therapy as "
               "well.[1][2]")
    outlook = "The outlook is better at an early stage, while =relapse makes it worse."
    disease = HIDRADENOCARCINOMA
    return [
        _statement("synonym", "exact", disease, None,
                   _evidence(page, names, "malignant acrospiroma", "synonym.called"),
                   ("malignant acrospiroma",)),
        _statement("synonym", "abbreviation", disease, None,
                   _evidence(page, names, "MAS", "synonym.bracket"), ("MAS",)),
        _statement("risk_factor", "increases", disease, HIDRADENOMA, _evidence(
            page, "An older benign hidradenoma makes it more likely.", "benign hidradenoma",
            "risk.more_likely")),
        _statement("risk_factor", "none", disease, FAMILY, _evidence(
            page, "Nobody has shown that it runs in families.", "families", "risk.families"),
            negated=True),
        _statement("unknown", "cause", disease, None, _evidence(
            page, "Why it begins is not known.", "not known", "unknown.cause")),
        _statement("therapy", "standard", disease, SURGERY, _evidence(
            page, treated, "Wide surgery", cites=(1, 2)), ("wide surgery",)),
        _statement("therapy", "option", disease, RADIATION, _evidence(
            page, treated, "radiation therapy", "therapy.some", (1, 2))),
        _statement("therapy", "investigational", disease, TRASTUZUMAB, _evidence(
            page, "Trastuzumab has helped in single reports.[2]", "Trastuzumab", "therapy.reports",
            (2,), treated)),
        _statement("figure", "survival", disease, None, _evidence(
            page, "With surgery alone, fewer than 30% of people live for five years.[1]",
            "fewer than 30%", "figure.survival", (1,)),
            quantity=Quantity(None, Decimal(30), "%", "<", "people after surgery alone", "P5Y")),
        _statement("prognostic_factor", "favourable", disease, STAGE, _evidence(
            page, outlook, "early stage", "prognosis.better")),
        _statement("prognostic_factor", "unfavourable", disease, RELAPSE, _evidence(
            page, outlook, "=relapse", "prognosis.worse")),
    ]


def _second(page: Document) -> list[Statement]:
    ages = page.text[page.text.index("Tabs"):]
    return [
        _statement("therapy", "standard", HIDRADENOCARCINOMA, SURGERY, _evidence(
            page, "Wide surgery is the main treatment.[1]", "Wide surgery", cites=(1,)),
            ("wide surgery",)),
        _statement("cause", "suspected", HIDRADENOCARCINOMA, SUNLIGHT, _evidence(
            page, "Sunlight may play a part.", "Sunlight", "cause.may"), doubtful=True),
        _statement("figure", "onset_age", HIDRADENOCARCINOMA, None,
                   _evidence(page, ages, "30 to 60 years", "figure.age"),
                   quantity=Quantity(Decimal(30), Decimal(60), "years", "range", "usual age")),
    ]


def _third(page: Document) -> list[Statement]:
    passed = "Changes in HMBS cause it; it is passed on as an autosomal dominant trait."
    return [
        _statement("gene", "causal", PORPHYRIA, HMBS,
                   _evidence(page, passed, "HMBS", "gene.cause")),
        _statement("inheritance", "", PORPHYRIA, DOMINANT,
                   _evidence(page, passed, "autosomal dominant", "inheritance.mode")),
        _statement("therapy", "to_avoid", PORPHYRIA, SURGERY, _evidence(
            page, "Surgery should be avoided in attacks.", "Surgery", "therapy.avoid"),
            ("surgery",)),
        _statement("phenotype", "present", PORPHYRIA, PAIN, _evidence(
            page, "Abdominal pain 18/20", "Abdominal pain", "hpo_table.row"),
            quantity=Quantity(Decimal(90), Decimal(90), "%", "=", "18/20")),
        _statement("site", "", PORPHYRIA, LIVER, _evidence(
            page, "It affects the liver.", "liver", "site.focus_affects")),
    ]


def pages() -> list[tuple[Document, Entity, list[Statement]]]:
    """Every page with its disease and statements."""
    first = _document("a/first.txt", FIRST, REFERENCES)
    second = _document("b/second.txt", SECOND, REFERENCES[:1])
    third = _document("c/third.txt", THIRD, ())
    return [(first, HIDRADENOCARCINOMA, _first(first)),
            (second, HIDRADENOCARCINOMA, _second(second)), (third, PORPHYRIA, _third(third))]


def write(folder: Path) -> Path:
    """The stage files of the sample in `folder`."""
    found = pages()
    jsonl.write(folder / "documents.jsonl", [page for page, _, _ in found])
    jsonl.write(folder / "statements.jsonl", [one for _, _, several in found for one in several])
    jsonl.write(folder / "records.jsonl", [
        {"page": page.page, "disease": {"name": disease.label, "id": disease.id}, "therapies": []}
        for page, disease, _ in found])
    table = prefixes.load()
    lines = [graph_lines(quads(page, disease, several, table, kinds()))
             for page, disease, several in found]
    (folder / "graph.nq").write_bytes(b"".join(lines))
    return folder
