"""OBO Graphs, HPO annotations and schema.org: only what is asserted, readable by others."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import sample_release

from kg import exports, prefixes
from kg.vocab.readers import hpoa, obographs
from kg.vocab.term import Report

TABLE = prefixes.load()
DISEASE, OTHER = "MONDO:0006245", "MONDO:0019142"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release in the three formats."""
    made = sample_release.write(tmp_path_factory.mktemp("release"))
    exports.write(made / "graph.nq", made / "exports",
                  exports.chosen(["obographs", "hpoa", "schemaorg"]))
    return made / "exports"


def heard() -> tuple[list[str], Report]:
    """Where a reader's complaints go, and the function that it calls."""
    said: list[str] = []
    return said, lambda number, words: said.append(f"{number}: {words}")


def graph(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The one graph of the OBO Graphs file."""
    (found,) = json.loads((folder / "obographs.json").read_bytes())["graphs"]
    assert isinstance(found, dict)
    return found


def test_obographs_is_what_our_own_reader_reads(folder: Path) -> None:
    """Every disease comes back with its label and the names that pages give it."""
    said, report = heard()
    terms = {term.id: term for term in obographs.read(folder / "obographs.json", report)}
    assert not said
    assert terms[DISEASE].label == "hidradenocarcinoma"
    assert "malignant acrospiroma" in str(terms[DISEASE])


def test_obographs_edges_are_the_plain_triples(folder: Path) -> None:
    """Each edge between two nodes is a triple of the graph; what is denied or doubtful is none."""
    store = ox.Store()
    store.load(path=folder.parent / "graph.nq", format=ox.RdfFormat.N_QUADS)
    plain = {(quad.subject.value, quad.predicate.value, quad.object.value)
             for quad in store if isinstance(quad.subject, ox.NamedNode)}
    found = {(edge["sub"], edge["pred"], edge["obj"]) for edge in graph(folder)["edges"]}
    assert found
    assert found <= plain
    ends = {node["id"] for node in graph(folder)["nodes"]}
    assert all({sub, predicate, obj} <= ends for sub, predicate, obj in found)
    sunlight = TABLE.expand(sample_release.SUNLIGHT.id)
    assert not [edge for edge in found if sunlight in edge]


def lines(folder: Path) -> list[dict[str, str]]:
    """The rows of the annotation file."""
    text = (folder / "phenotype.hpoa").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in text if not line.startswith("#")]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_annotations(folder: Path) -> None:
    """Phenotype with the counted patients, mode of inheritance, aspect and reference."""
    pain, = [row for row in lines(folder) if row["aspect"] == "P"]
    assert (pain["database_id"], pain["hpo_id"], pain["frequency"]) == (
        OTHER, "HP:0002027", "18/20")
    assert pain["reference"].startswith("https://example.org/")
    mode, = [row for row in lines(folder) if row["aspect"] == "I"]
    assert mode["hpo_id"] == "HP:0000006"


def test_annotations_are_what_our_own_reader_reads(folder: Path) -> None:
    """The file is recognised as HPO annotations and gives the disease's name."""
    start = (folder / "phenotype.hpoa").read_bytes()
    assert hpoa.accepts("phenotype.hpoa", start)
    said, report = heard()
    (disease,) = hpoa.read(folder / "phenotype.hpoa", report)
    assert (disease.id, disease.label, said) == (OTHER, "porphyria", [])


def conditions(folder: Path) -> dict[str, dict[str, object]]:
    """The documents of schemaorg.jsonl by disease."""
    made = [json.loads(line) for line in (folder / "schemaorg.jsonl").read_bytes().splitlines()]
    return {one["@id"]: one for one in made}


def test_conditions(folder: Path) -> None:
    """Names, treatments and the sentence of the survival figure, one document a disease."""
    made = conditions(folder)
    assert len(made) == 2
    one = made[TABLE.expand(DISEASE)]
    assert one["code"] == {"@type": "MedicalCode", "codingSystem": "MONDO",
                           "codeValue": "0006245"}
    assert one["alternateName"] == ["MAS", "malignant acrospiroma"]
    text = json.dumps(one)
    assert "fewer than 30% of people live for five years" in text
    assert "sunlight" not in text  # doubtful
    assert "family history" not in text  # denied


def test_a_therapy_to_avoid_is_no_possible_treatment(folder: Path) -> None:
    """What schema.org cannot say must not turn into its opposite."""
    assert "possibleTreatment" not in conditions(folder)[TABLE.expand(OTHER)]


def test_conditions_are_linked_data(folder: Path) -> None:
    """Each line parses as JSON-LD without a network; its subject is the disease."""
    for line in (folder / "schemaorg.jsonl").read_bytes().splitlines():
        quads = list(ox.parse(line, format=ox.RdfFormat.JSON_LD))
        subjects = {str(quad.subject) for quad in quads}
        assert any("/MONDO_" in subject for subject in subjects)
        assert len(quads) > 5
