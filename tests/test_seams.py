"""Where two files say the same thing, they agree; and modules import in one direction only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from graphs import DISEASE, REFERENCES, document, graph, statements
from msgspec import Struct, structs

from kg import context, prefixes
from kg.engines import shapes_text
from kg.model import (
    Document,
    Entity,
    Evidence,
    Grounding,
    Quantity,
    Reference,
    Review,
    Span,
    Statement,
)
from kg.ontology import categories, kinds
from kg.rdf import graph_lines, quads

PACKAGE = Path(__file__).parents[1] / "kg"
SH = "http://www.w3.org/ns/shacl#"
RKS = "https://w3id.org/rarekg/shapes#"
TABLE = prefixes.load()

# A module imports from its own layer or from those above it; a new module is entered here.
LAYERS = (
    "errors memory model stack version",
    "bounds deadline files plural pool jsonl prefixes text ntriples terms written sorting "
    "spilling splicing cutting",
    "ids ontology frequency publications summary identity context glossary matching wordings",
    "sources vocab licences conflicts mappings crosswalk extract ground records pages rdf oracle "
    "engines validate report",
    "candidates provenance contradictions facts neighbourhood exports opening queries query "
    "stored evaluate "
    "loading projection picture descriptions patterns",
    "collected curation pipeline fingerprint shares ledger folder staging assembling "
    "offering executing partitioning running verifying difference difference_words "
    "difference_patch bill citing "
    "release_gates releasing explain explaining terminal answers show load loads",
    "web site",
    "cli __init__ __main__",
    "reference",
)
STAGES = frozenset({"sources", "extract", "ground", "records", "rdf", "validate", "exports"})


def imports() -> dict[str, set[str]]:
    """What each module or folder of the package imports from the others."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).with_suffix("").parts
        names = found.setdefault(place[0], set())
        names.update(name for name in _imported(path, place) if name != place[0])
    return found


def _imported(path: Path, place: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = place[:len(place) - node.level]
        names = [node.module] if node.module else [alias.name for alias in node.names]
        for name in names:
            yield (*base, *name.split("."))[0]


def test_modules_import_upwards_only() -> None:
    """No layer knows those below it."""
    rank = {name: number for number, names in enumerate(LAYERS) for name in names.split()}
    for module, others in imports().items():
        assert module in rank, f"say in LAYERS where kg/{module} stands"
        wrong = sorted(other for other in others if rank.get(other, 0) > rank[module])
        assert not wrong, f"kg/{module} imports {wrong}"


def test_imports_have_no_cycle() -> None:
    """Within a layer too, there is an order."""
    assert list(TopologicalSorter(imports()).static_order())


def test_stages_meet_only_in_files() -> None:
    """No stage imports another: the pipeline joins them."""
    for stage in STAGES:
        assert not imports()[stage] & (STAGES - {stage}), stage


# ---------------------------------------------------------------- kinds, shapes, context


def shape_values(parameter: str) -> dict[str, set[str]]:
    """The CURIEs of a list or value parameter, by the shape's name."""
    store = ox.Store()
    store.load(shapes_text().encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query(f"""PREFIX sh: <{SH}>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?shape ?item WHERE {{ ?shape sh:{parameter}/rdf:rest*/rdf:first ?item }}""")
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, set[str]] = {}
    for row in rows:
        name = row["shape"].value.removeprefix(RKS)
        found.setdefault(name, set()).add(TABLE.contract(row["item"].value) or "")
    return found


@pytest.mark.parametrize("name", sorted(kinds()))
def test_shapes_know_the_values_of_kinds(name: str) -> None:
    """The values and predicates that a kind's shapes allow are those of kinds.ttl."""
    kind, allowed = kinds()[name], shape_values("in")
    shape = kind.iri.removeprefix("rkg:").removesuffix("Statement")
    values = list(kind.values.values())
    if kind.property:
        listed = allowed[f"{shape}-{kind.property.removeprefix('rkg:')}"]
        assert listed == {value.iri for value in values}
    extra = {"rkg:relatedMeasurement"} if name == "figure" else set()
    assert allowed[f"{shape}-predicate"] == {value.predicate for value in values} | extra
    listed_kinds = shapes_text().split("Page-statement-kind-query a ")[1].split("IN (")[1]
    assert kind.iri in listed_kinds.split(")")[0].replace(",", " ").split()


def test_shapes_know_what_denies_and_doubts() -> None:
    """The two rules on values name exactly the values with these flags."""
    text = shapes_text()
    for flag in ("negated", "doubtful"):
        query = text.split(f"rks:Page-value-{flag}-query a ")[1].split('"""')[1]
        flagged = {value.iri for kind in kinds().values() for value in kind.values.values()
                   if getattr(value, flag)}
        assert set(re.findall(r"\?value rkg:\w+ (rkg:\w+-\w+) ", query)) == flagged


def test_shapes_check_every_class_of_node() -> None:
    """Each category's class is a target of the shape that asks for a label."""
    head = shapes_text().split("rks:Entity a sh:NodeShape")[1].split("sh:property")[0]
    assert all(f"sh:targetClass {name} " in head for name in categories().values())


def test_graphs_use_only_declared_terms() -> None:
    """Every property in a graph has a term in the context."""
    made = context.context()
    terms = {value["@id"] for value in made.values() if isinstance(value, dict)}
    used = {TABLE.contract(quad.predicate.value) for quad in graph()}
    assert used - terms == {"rdf:type"}


def test_sample_page_has_every_kind() -> None:
    """What is tested on the sample page is tested for every kind."""
    assert {made.kind for made in statements(document())} == set(kinds())


# ---------------------------------------------------------------- every field reaches RDF

NOT_IN_RDF = {
    "Document.blocks": "each piece of evidence carries its section; the rest is in documents.jsonl",
    "Document.title_span": "the statement that names the disease has it as its evidence",
}
WHERE = {Entity: "object", Grounding: "grounding", Evidence: "evidence", Quantity: "quantity"}
OTHER: dict[str, Any] = {
    "Document.xrefs": ("GARD:0000001",), "Document.blocks": (), "Document.references": (),
    "Document.license": "https://example.org/other", "Document.url": "https://example.org/other",
    "Document.title_span": Span(3, 9), "Evidence.exact": Span(3, 9), "Evidence.span": Span(3, 9),
    "Evidence.cites": (2,), "Evidence.context": (Span(1, 2),),
    "Quantity.low": Decimal(1), "Quantity.high": None, "Quantity.unit": "years",
    "Quantity.comparator": ">", "Quantity.horizon": "P9Y",
    "Statement.id": "f" * 16, "Statement.kind": "risk_factor", "Statement.value": "favourable",
    "Statement.disease": Entity("MONDO:0000001", "disease", "disease"),
    "Statement.object": Entity("MAXO:0000001", "medical action", "therapy"),
    "Statement.names": ("another",), "Statement.evidence": (), "Statement.quantity": None,
    "Statement.negated": True, "Statement.doubtful": True,
    "Statement.review": Review("id", "https://example.org/me", "2026-11-22", "why", "e" * 16),
    "Statement.grounding": Grounding("label", 0.9, "MAXO"),
    "Entity.id": "MAXO:0000009", "Entity.category": "drug",
    "Grounding.candidates": ("MAXO:0000009",), "Grounding.score": 0.5,
    "Grounding.broader": Entity("MAXO:0000009", "a class above", "therapy"),
    "Reference.number": 7, "Reference.span": Span(3, 9), "Reference.year": 1999,
    "Reference.pmid": None, "Reference.pmcid": "PMC7", "Reference.doi": None,
    "Reference.url": None,
}


def sample(of: type[Struct] = Statement) -> Statement:
    """A statement with everything a statement can have; a figure to show a quantity's fields."""
    wanted, value = ("figure", "survival") if of is Quantity else ("prognostic_factor", "uncertain")
    (base,) = [made for made in statements(document()) if made.kind == wanted]
    quantity = Quantity(Decimal(2), Decimal(5), "%", "range", "people", "P5Y")
    return structs.replace(base, value=value, quantity=quantity)


def part(kind: type[Struct]) -> Any:
    """The value of a type in the sample page."""
    if kind in WHERE:
        found = getattr(sample(kind), WHERE[kind])
        return found[0] if kind is Evidence else found
    return {Document: document(), Reference: REFERENCES[0], Statement: sample()}[kind]


def graph_with(kind: type[Struct], value: Any) -> bytes:
    """The sample page's graph with another value of a type in the place of its own."""
    page, made = document(), sample(kind)
    if kind is Document:
        page = value
    elif kind is Reference:
        page = structs.replace(page, references=(value, REFERENCES[1]))
    elif kind is Statement:
        made = value
    else:
        made = structs.replace(made, **{WHERE[kind]: (value,) if kind is Evidence else value})
    return graph_lines(quads(page, DISEASE, (made,), TABLE, kinds()))


FIELDS = [(kind, field.name)
          for kind in (Document, Reference, Statement, Entity, Grounding, Evidence, Quantity)
          for field in structs.fields(kind)]


@pytest.mark.parametrize(("kind", "field"), FIELDS,
                         ids=[f"{kind.__name__}.{field}" for kind, field in FIELDS])
def test_every_field_reaches_rdf(kind: type[Struct], field: str) -> None:
    """A change in any field is a change in the graph, but for those listed with a reason."""
    name, before = f"{kind.__name__}.{field}", part(kind)
    after = structs.replace(before, **{field: OTHER.get(name, "other words")})
    assert before != after or name == "Document.blocks"
    changed = graph_with(kind, before) != graph_with(kind, after)
    assert changed == (name not in NOT_IN_RDF)
