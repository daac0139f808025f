"""The vocabulary is complete, describes itself, and uses Biolink as Biolink is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import context, glossary, prefixes
from kg.ontology import FILES, categories, comparators, graph, kinds, units
from kg.version import VERSION

ROOT = Path(__file__).parents[1]
BIOLINK = ROOT.parent / "shared" / "vocab" / "biolink-model.yaml"
RKG = "https://w3id.org/rarekg/ontology#"
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VALUES = {
    "synonym": ("synonyms", "scope", "exact related broad narrow abbreviation"),
    "risk_factor": ("risk_factors", "effect", "increases decreases none uncertain"),
    "cause": ("causes", "certainty", "stated suspected ruled_out"),
    "therapy": ("therapies", "status",
                "standard option investigational unproven_or_ineffective to_avoid"),
    "prognostic_factor": ("prognostic_factors", "direction", "favourable unfavourable uncertain"),
    "figure": ("figures", "kind", "survival mortality recurrence prevalence incidence case_count "
                                  "onset_age life_expectancy sex_ratio proportion"),
    "gene": ("genes", "relation", "causal associated"),
    "phenotype": ("phenotypes", "presence", "present sometimes absent"),
    "unknown": ("unknown", "topic", "cause risk_factors treatment prognosis"),
}


def terms(sort: str) -> list[ox.NamedNode]:
    """Our own terms of an OWL sort."""
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    rows = graph().quads_for_pattern(None, kind, ox.NamedNode(OWL + sort), None)
    return [row.subject for row in rows
            if isinstance(row.subject, ox.NamedNode) and row.subject.value.startswith(RKG)]


def objects(node: ox.NamedNode, iri: str) -> list[str]:
    """The objects of a property of a term."""
    rows = graph().quads_for_pattern(node, ox.NamedNode(iri), None, None)
    return [str(row.object) for row in rows]


@pytest.mark.parametrize("name", sorted(VALUES))
def test_kind_has_the_names_of_the_records(name: str) -> None:
    """Field, attribute and values are those that records.jsonl has."""
    field, attribute, values = VALUES[name]
    kind = kinds()[name]
    assert (kind.field, kind.attribute, set(kind.values)) == (field, attribute, set(values.split()))


@pytest.mark.parametrize("name", ["inheritance", "site"])
def test_some_kinds_need_no_attribute(name: str) -> None:
    """The mode or the site is the object, so the one value has no name."""
    kind = kinds()[name]
    assert (list(kind.values), kind.property, kind.subject) == ([""], "", "disease")
    assert set(kinds()) == {*VALUES, "inheritance", "site"}


def test_denials_and_doubts() -> None:
    """Exactly these values deny or doubt their predicate."""
    found = {(value.iri, value.negated, value.doubtful) for kind in kinds().values()
             for value in kind.values.values() if value.negated or value.doubtful}
    assert found == {
        ("rkg:effect-none", True, False), ("rkg:effect-uncertain", False, True),
        ("rkg:presence-absent", True, False), ("rkg:certainty-ruled_out", True, False),
        ("rkg:certainty-suspected", False, True),
        ("rkg:status-unproven_or_ineffective", False, True),
    }


def test_values_have_their_propertys_name() -> None:
    """A value's IRI is its property, a hyphen and its name."""
    for kind in kinds().values():
        for value in kind.values.values():
            assert value.iri == (f"{kind.property}-{value.name}" if value.name else "")


def test_kinds_know_the_categories() -> None:
    """What is minted and where names are looked up are categories with a class."""
    for kind in kinds().values():
        assert {kind.category, *kind.vocabularies} - {""} <= set(categories())
        assert bool(kind.category) == bool(kind.vocabularies)


def test_units_and_comparators() -> None:
    """The names of the model have their nodes."""
    assert " ".join(sorted(units())) == "% cases days families months per_person ratio weeks years"
    assert " ".join(sorted(comparators())) == "< <= = > >= range ~"


@pytest.mark.parametrize("sort", ["Class", "ObjectProperty", "DatatypeProperty",
                                  "AnnotationProperty"])
def test_terms_are_described(sort: str) -> None:
    """Every term of ours has one label and one definition that ends in a full stop."""
    assert terms(sort)
    for node in terms(sort):
        assert len(objects(node, f"{RDFS}label")) == 1, node
        (definition,) = objects(node, f"{SKOS}definition")
        assert definition.endswith('."@en'), node


def test_properties_have_domain_and_range() -> None:
    """A domain, or the classes that a property is used with, and a range."""
    for sort in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"):
        for node in terms(sort):
            domain = objects(node, f"{RDFS}domain")
            assert domain or objects(node, "https://schema.org/domainIncludes"), node
            assert len(objects(node, f"{RDFS}range")) == 1, node


def test_predicates_are_declared() -> None:
    """What kinds use as predicates, properties and classes of our own is in the ontology."""
    ours = {node.value.replace(RKG, "rkg:") for sort in ("ObjectProperty", "Class")
            for node in terms(sort)}
    for kind in kinds().values():
        used = {kind.property, kind.iri, *(v.predicate for v in kind.values.values()),
                *(v.association for v in kind.values.values())}
        assert {name for name in used if name.startswith("rkg:")} <= ours


def test_measurement_vocabulary_is_small() -> None:
    """At most 25 terms, values apart, say what a figure is."""
    used = [node for sort in ("ObjectProperty", "DatatypeProperty") for node in terms(sort)
            if any("Measurement>" in name for iri in (f"{RDFS}domain", f"{RDFS}range",
                                                      "https://schema.org/domainIncludes")
                   for name in objects(node, iri))]
    assert 10 <= len(used) <= 25


def test_no_blank_nodes() -> None:
    """The ontology names everything."""
    assert not any(isinstance(term, ox.BlankNode) for quad in graph() for term in quad.triple)


def test_version_is_that_of_the_package() -> None:
    """Code and vocabulary are released together."""
    node = ox.NamedNode("https://w3id.org/rarekg/ontology")
    assert objects(node, f"{OWL}versionInfo") == [f'"{VERSION}"']
    assert objects(node, "http://purl.org/dc/terms/license")


def test_prefixes_of_the_turtle_are_those_of_the_table() -> None:
    """One prefix means one thing in every file of ontology/ and shapes/."""
    table = prefixes.load().table
    for path in (*(ROOT / "ontology" / name for name in FILES), *(ROOT / "shapes").glob("*.ttl")):
        for name, iri in re.findall(r"^@prefix (\w+): <(.*)> \.$", path.read_text(), re.MULTILINE):
            assert table.get(name, iri) == iri, (path.name, name)


def test_documentation_is_generated() -> None:
    """docs/ontology.md is what `python -m kg.glossary` prints."""
    assert (ROOT / "docs" / "ontology.md").read_text(encoding="utf-8") == glossary.as_markdown()


def test_context_is_generated() -> None:
    """ontology/context.jsonld is what `python -m kg.context` prints."""
    path = ROOT / "ontology" / "context.jsonld"
    assert path.read_text(encoding="utf-8") == context.as_text()


def test_context_marks_prefixes() -> None:
    """An IRI that ends in _ is a prefix only where the context says so (JSON-LD 1.1, 4.1.5)."""
    made = context.context()
    assert made["MONDO"] == {"@id": "http://purl.obolibrary.org/obo/MONDO_", "@prefix": True}
    assert made["has_evidence"] == {"@id": "biolink:has_evidence", "@type": "@id"}
    assert made["low"] == {"@id": "rkg:low", "@type": "xsd:decimal"}
    assert made["negated"] == {"@id": "biolink:negated"}
    assert made["dcterms_subject"] == {"@id": "dcterms:subject", "@type": "@id"}


# ---------------------------------------------------------------- Biolink


@cache
def model() -> dict[str, dict[str, str]]:
    """The blocks of Biolink's classes and slots by section and name."""
    sections: dict[str, dict[str, str]] = {}
    for section in re.split(r"^(?=\w)", BIOLINK.read_text(encoding="utf-8"), flags=re.MULTILINE):
        name, _, body = section.partition(":\n")
        blocks = re.split(r"^  (?=[^\s#])", body, flags=re.MULTILINE)
        sections[name] = {block.partition(":")[0].strip('"'): block for block in blocks}
    return sections


def spoken(curie: str) -> str:
    """biolink:GeneToDiseaseAssociation or biolink:applied_to_treat as the model writes them."""
    local = curie.removeprefix("biolink:").replace("_", " ")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() if local[0].isupper() else local


def above(slot: str) -> set[str]:
    """A slot and all it is a kind of, mixins included."""
    block = model()["slots"][slot]
    parents = re.findall(r"^    is_a: (.*)$", block, re.MULTILINE)
    mixins = re.search(r"^    mixins:\n((?:      - .*\n)+)", block, re.MULTILINE)
    parents += re.findall(r"- (.*)", mixins.group(1)) if mixins else []
    return {slot}.union(*(above(parent) for parent in parents))


needs_biolink = pytest.mark.skipif(not BIOLINK.exists(), reason="no ../shared: no Biolink model")


@needs_biolink
def test_biolink_names_exist() -> None:
    """Every class and slot of Biolink that the ontology or the shapes mention is in the model."""
    text = "".join((ROOT / "ontology" / name).read_text() for name in FILES)
    text += "".join(path.read_text() for path in (ROOT / "shapes").glob("*.ttl"))
    names = set(re.findall(r"\bbiolink:(\w+)", text)) - {"InformationResource"}
    classes, slots = model()["classes"], model()["slots"]
    unknown = {name for name in names
               if spoken(name) not in (classes if name[0].isupper() else slots)}
    assert unknown == set()


@needs_biolink
def test_predicates_fit_their_association() -> None:
    """Where a class restricts its predicates, ours are below what it asks for."""
    for kind in kinds().values():
        for value in kind.values.values():
            if not value.association.startswith("biolink:"):
                continue
            block = model()["classes"][spoken(value.association)]
            asked = re.search(r"predicate:\n +subproperty_of: (.*)", block)
            if asked:
                assert asked.group(1) in above(spoken(value.predicate)), value


@needs_biolink
def test_gene_predicate_is_in_biolinks_enumeration() -> None:
    """GeneToDiseaseAssociation lists its predicates one by one."""
    listed = model()["enums"]["GeneToDiseasePredicateEnum"]
    assert f'"{kinds()["gene"].values["associated"].predicate}"' in listed


@needs_biolink
def test_levels_are_biolinks() -> None:
    """Knowledge levels and the agent type are values of Biolink's enumerations."""
    for kind in kinds().values():
        assert f"{kind.level}:" in model()["enums"]["KnowledgeLevelEnum"]
    assert "text_mining_agent:" in model()["enums"]["AgentTypeEnum"]
