"""Descriptions say what is there, in the words that each vocabulary asks for."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import sample_release

from kg import descriptions, exports, opening, prefixes, query
from kg.cli import main
from kg.descriptions import about, croissant, rocrate
from kg.descriptions.counting import Statistics, targets
from kg.errors import UsageError
from kg.provenance import Vocabulary

SHAPES = Path(__file__).parent / "descriptions.shapes.ttl"
ABOUT = about.About(
    publisher=about.agent("https://example.org/people Example Registry"),
    creators=(about.agent("0000-0002-1825-0097 Josiah Carberry"),),
    url="https://data.example.org/", endpoint="https://data.example.org/sparql", date="2026-11-22",
    license="https://creativecommons.org/licenses/by/4.0/")
VOCABULARIES = [
    Vocabulary("MONDO", "1", "https://example.org/mondo.obo", "CC-BY-4.0", "ab" * 32, "OBO", 3, 0),
    Vocabulary("our words", "", "a file", "ask the owner", "cd" * 32, "table", 1, 0)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with its exports, described."""
    made = sample_release.write(tmp_path_factory.mktemp("described"))
    (made / "vocabularies.json").write_bytes(msgspec.json.encode(VOCABULARIES))
    exports.write(made / "graph.nq", made / "exports")
    list(descriptions.write(descriptions.read(made, ABOUT), made / "exports", made / "exports"))
    return made


@pytest.fixture(scope="module")
def dataset(folder: Path) -> descriptions.Dataset:
    """What the descriptions are made from."""
    return descriptions.read(folder, ABOUT)


def graph(folder: Path) -> rdflib.Graph:
    """Every description in Turtle, together."""
    found = rdflib.Graph()
    for path in sorted((folder / "exports/descriptions").glob("*.ttl")):
        found.parse(path)
    return found


def loaded(folder: Path, name: str) -> Any:
    """A description in JSON."""
    return json.loads((folder / "exports" / name).read_text(encoding="utf-8"))


def test_descriptions_have_what_their_vocabularies_ask_for(folder: Path) -> None:
    """HCLS at its three levels, DCAT, VoID, PROV and the examples pass shapes of the specs."""
    conforms, _, text = pyshacl.validate(graph(folder), shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, text


@pytest.mark.parametrize(("subject", "predicate"), [
    ("void#version-", "http://purl.org/pav/version"),
    ("void#dataset", "http://purl.org/dc/terms/license"),
    ("void#catalogue", "http://purl.org/dc/terms/publisher"),
    ("void#graph", "http://rdfs.org/ns/void#triples"),
    ("void#query-", "http://www.w3.org/ns/shacl#select"),
    ("void#links-", "http://rdfs.org/ns/void#linkPredicate"),
])
def test_the_shapes_see_what_is_missing(folder: Path, subject: str, predicate: str) -> None:
    """A description without one of the required properties does not pass."""
    cut = graph(folder)
    nodes = {one for one in cut.subjects() if f"rarekg/{subject}" in str(one)}
    for node in nodes:
        cut.remove((node, rdflib.URIRef(predicate), None))
    assert not pyshacl.validate(cut, shacl_graph=rdflib.Graph().parse(SHAPES))[0]


def test_the_numbers_are_those_of_the_graph(folder: Path, dataset: descriptions.Dataset) -> None:
    """Counted in SPARQL, the graph has as many triples, nodes, objects, classes and properties."""
    counts = dataset.statistics
    found = query.open_store(folder, "")
    row = next(iter(rows(found, """SELECT (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?ss)
        (COUNT(DISTINCT ?o) AS ?oo) (COUNT(DISTINCT ?p) AS ?pp) { ?s ?p ?o }""")))
    assert row == [counts.triples, counts.subjects, counts.objects, len(counts.properties)]
    classes = rows(found, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }")
    assert classes == [[len(counts.classes)]]
    graphs = rows(found, "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert graphs == [[counts.graphs]]


def rows(store: ox.Store, text: str) -> list[list[int]]:
    """The rows of a query that counts."""
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [[int(row[name].value) for name in found.variables] for row in found]


def test_partitions_are_those_of_the_graph(folder: Path, dataset: descriptions.Dataset) -> None:
    """Each class, property within a class, and what is at its end is counted as SPARQL counts."""
    found = query.open_store(folder, "")
    for kind in dataset.statistics.classes:
        assert rows(found, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{kind.iri}> }}") == [
            [kind.entities]]
        for one in kind.properties:
            where = f"?s a <{kind.iri}> ; <{one.iri}> ?o"
            assert rows(found, f"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) "
                               f"{{ {where} }}") == [[one.triples, one.subjects]]
            for share in one.classes:
                assert rows(found, f"SELECT (COUNT(*) AS ?n) {{ {where} . ?o a <{share.iri}> }}") \
                    == [[share.triples]]
    for one in dataset.statistics.properties:
        assert rows(found, f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ ?s <{one.iri}> ?o }}") == [
            [one.objects]]


def test_links_lead_from_one_vocabulary_to_another(dataset: descriptions.Dataset) -> None:
    """The therapies of MAxO and DrugBank treat diseases of MONDO; nothing links to itself."""
    links = {(one.source, one.property.rpartition("/")[2], one.target): one.triples
             for one in dataset.statistics.links}
    assert links["MAXO", "treats", "MONDO"] == 1
    assert ("DRUGBANK", "studied_to_treat", "MONDO") in links
    assert all(source != target for source, _, target in links)


def test_the_same_folder_gives_the_same_bytes(
    folder: Path, dataset: descriptions.Dataset, tmp_path: Path
) -> None:
    """Descriptions hold no clock and no chance, and no blank node."""
    for path in descriptions.write(dataset, folder / "exports", tmp_path):
        name = path.relative_to(tmp_path)
        assert path.read_bytes() == (folder / "exports" / name).read_bytes(), name
        if path.suffix == ".ttl":
            assert not any(isinstance(one, ox.BlankNode) for quad in ox.parse(path=path)
                           for one in (quad.subject, quad.object))


def test_files_are_described_as_they_are(folder: Path) -> None:
    """Size and checksum of every file stand in DCAT, schema.org, the crate and Croissant alike."""
    found = graph(folder)
    sizes = {str(one).rpartition("download/")[2]: int(str(size))
             for node, one in found.subject_objects(rdflib.DCAT.downloadURL)
             for size in found.objects(node, rdflib.DCAT.byteSize)}
    crate = {one["@id"]: one for one in loaded(folder, "ro-crate-metadata.json")["@graph"]}
    page = {one["name"]: one for one in loaded(
        folder, "descriptions/dataset.jsonld")["distribution"]}
    for path, size in sizes.items():
        content = (folder / "exports" / path).read_bytes()
        assert len(content) == size == int(crate[path]["contentSize"])
        assert page[path]["sha256"] == crate[path]["sha256"] == hashlib.sha256(content).hexdigest()
    assert len(sizes) == len(exports.DEFAULT)


def test_example_queries_run_anywhere(folder: Path) -> None:
    """Each example parses and runs with no prefix but its own."""
    store, found = query.open_store(folder, ""), graph(folder)
    texts = list(found.objects(None, rdflib.SH.select))
    assert len(texts) >= 15
    for text in texts:
        assert isinstance(store.query(str(text)), ox.QuerySolutions)


def test_what_went_in_is_named_with_its_licence(folder: Path) -> None:
    """Sources and vocabularies are behind the version, each with its licence or its words."""
    found, terms = graph(folder), rdflib.DCTERMS
    (run,) = found.subjects(rdflib.RDF.type, rdflib.PROV.Activity)
    used = set(found.objects(run, rdflib.PROV.used))
    licensed = {str(one) for node in used for one in found.objects(node, terms.license)}
    assert licensed == {"https://example.org/licence", "https://spdx.org/licenses/CC-BY-4.0"}
    assert [str(one) for node in used for one in found.objects(node, terms.rights)] == [
        "ask the owner"]


def test_json_ld_parses_without_a_network(folder: Path) -> None:
    """schema.org and Croissant have their context inside; the crate's is the specification's."""
    for name in ("descriptions/dataset.jsonld", "croissant.json"):
        found = ox.parse(path=folder / "exports" / name, format=ox.RdfFormat.JSON_LD)
        assert "https://schema.org/license" in {one.predicate.value for one in found}, name
    crate = loaded(folder, "ro-crate-metadata.json")
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    names = {one["@id"] for one in crate["@graph"]}
    assert all(one["@id"] in names for one in references(crate["@graph"]))


@pytest.mark.parametrize(("told", "value", "url"), [
    ("10.5281/zenodo.1", "doi:10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
    ("https://doi.org/10.5281/zenodo.1", "doi:10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
    ("", "https://w3id.org/rarekg/void#dataset", "https://w3id.org/rarekg/void#dataset"),
    ("our number 7", "our number 7", None)])
def test_identifiers_have_their_scheme(
    dataset: descriptions.Dataset, told: str, value: str, url: str | None
) -> None:
    """A DOI is known however it is written; without one the dataset's IRI identifies it."""
    options = msgspec.structs.replace(dataset.about, identifier=told)
    made = rocrate.document(msgspec.structs.replace(dataset, about=options))["@graph"]
    (found,) = [one for one in made if one["@type"] == "PropertyValue"]
    assert (found["value"], found.get("url")) == (value, url)


def references(value: Any) -> list[dict[str, str]]:
    """Every reference within a crate; an address outside it stands as plain text."""
    if isinstance(value, list):
        return [one for item in value for one in references(item)]
    if isinstance(value, dict):
        if set(value) == {"@id"} and not value["@id"].startswith("https://w3id.org/ro/"):
            return [value]
        return [one for item in value.values() for one in references(item)]
    return []


def test_croissant_has_the_columns_of_every_table(folder: Path) -> None:
    """Its record sets are the tables, field by field, with whole numbers as such."""
    made = loaded(folder, "croissant.json")
    assert {one["contentUrl"] for one in made["distribution"]} == {
        one["field"][0]["source"]["fileObject"]["@id"] for one in made["recordSet"]}
    for one in made["recordSet"]:
        path = folder / "exports" / one["field"][0]["source"]["fileObject"]["@id"]
        with path.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines, delimiter="," if path.suffix == ".csv" else "\t"))
        assert [field["name"] for field in one["field"]] == header
    whole = {field["@id"] for one in made["recordSet"] for field in one["field"]
             if field["dataType"] == "sc:Integer"}
    assert {"evidence/start", "evidence/end", "diseases/statements"} <= whole
    assert "evidence/quote" not in whole


def test_a_table_without_a_header_is_no_record_set(tmp_path: Path) -> None:
    """A file that begins with a comment, or with nothing, is left to the other descriptions."""
    one = exports.Written("x.tsv", "x", "text/tab-separated-values", 1, "", "rows", 1)
    for text, found in (("#a\tb\n", []), ("", []), ("a\tb\n1\tx\n", [True, False])):
        (tmp_path / "x.tsv").write_text(text)
        assert [column.whole for column in croissant.columns(tmp_path / "x.tsv", one)] == found


def test_nothing_is_said_that_was_not_told(folder: Path) -> None:
    """Without options there is no date; the publisher is the base, the licence that of pages."""
    bare = descriptions.read(folder, about.About())
    base = opening.base(folder)
    assert (bare.publisher.iri, bare.url, bare.licenses) == (
        base, base, ("https://example.org/licence",))
    said = [line for line in descriptions.everything(bare)
            if line.split(" ", 2)[1] in {"<http://purl.org/dc/terms/issued>",
                                         "<http://rdfs.org/ns/void#sparqlEndpoint>"}]
    assert not said
    assert bare.version.startswith("26.") or "+" in bare.version


def test_options_are_kept_for_the_server(folder: Path) -> None:
    """What was told is known again, but a date only for the graph that it was told of."""
    assert descriptions.told(folder) == ABOUT
    manifest = folder / "exports" / exports.MANIFEST
    text = manifest.read_text()
    graph = json.loads(text)["graph"]
    try:
        manifest.write_text(text.replace(graph, "0" * 64, 1))
        assert descriptions.told(folder) == msgspec.structs.replace(ABOUT, date="")
    finally:
        manifest.write_text(text)
    assert descriptions.told(folder / "nowhere") == about.About()


@pytest.mark.parametrize("text", ["0000-0002-1825-0098", "https://orcid.org/0000-0002-1825-009X",
                                  "", "http:// x", "1234", "0000-0002-1825 Jo Doe"])
def test_bad_agents_are_refused(text: str) -> None:
    """An ORCID has a check digit; an agent has a name."""
    with pytest.raises(UsageError):
        about.agent(text)


@pytest.mark.parametrize(("function", "text"), [
    ("site", "ftp"), ("day", "2026-13-01"), ("licence", "two words"), ("licence", "http://a b"),
    ("licence", "foo")])
def test_bad_options_are_refused(function: str, text: str) -> None:
    """An address, a date and a licence are what they say."""
    with pytest.raises(UsageError):
        getattr(about, function)(text)


def test_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """kg describe writes all of them and says what is missing."""
    with pytest.raises(SystemExit) as ended:
        main(["describe", str(folder), "-o", str(tmp_path), "--publisher", "Example"])
    assert ended.value.code == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == len(descriptions.DESCRIPTIONS)
    assert "datePublished" in err
    with pytest.raises(SystemExit) as ended:
        main(["describe", str(tmp_path)])
    assert ended.value.code == 2


def test_linked_vocabularies_have_prefixes(dataset: descriptions.Dataset) -> None:
    """Each row of data/linked.tsv has a prefix of the table; an empty graph has no partition."""
    assert targets().keys() <= prefixes.load().table.keys()
    empty = msgspec.structs.replace(dataset, statistics=Statistics(0, 0, 0, 0, (), (), ()))
    assert not [line for line in descriptions.everything(empty) if "Partition" in line]
