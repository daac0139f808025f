"""Every format is recognised by its content and read with its bad lines reported."""

from __future__ import annotations

import bz2
import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from vocab_files import OBO, TABLE, index_of, write

from kg.errors import DataError, UsageError
from kg.vocab.readers import READERS, head, reader_of
from kg.vocab.term import Term, minted

SHARED = Path(__file__).parents[2] / "shared"


def read(path: Path) -> tuple[dict[str, Term], list[tuple[int, str]]]:
    """The terms by id, and the reported lines."""
    problems: list[tuple[int, str]] = []
    reader = reader_of(path)
    terms = list(reader.read(path, lambda line, problem: problems.append((line, problem))))
    return {term.id: term for term in terms}, problems


def test_an_obo_file_gives_names_with_scopes_xrefs_and_replacements(tmp_path: Path) -> None:
    """OBO: labels, scopes, cross-references, parents, obsolete terms and merged ids."""
    terms, problems = read(write(tmp_path, "x.obo", OBO))
    glimmer = terms["MONDO:0000010"]
    assert glimmer.label == "glimmer syndrome"
    assert ("shimmer disorder", "related") in glimmer.synonyms
    assert glimmer.xrefs == ("GARD:0000123", "ORPHA:77")
    assert glimmer.parents == ("MONDO:0000001",)
    assert terms["MONDO:0000099"].replaced_by == "MONDO:0000098"
    assert terms["MONDO:0000099"].label == "old glimmer"
    assert terms["HP:0001416"].replaced_by == "HP:0000007"
    assert terms["HP:0000007"].category == "inheritance"
    assert terms["HP:0001250"].category == "phenotype"
    assert not problems


def test_a_bad_obo_line_is_reported_and_skipped_not_the_file(tmp_path: Path) -> None:
    """The line's number is told, the term's other lines stay."""
    bad = "xref: EC:No 216\nxref: CCPR:\nsynonym: no quotes\nrubbish"
    text = OBO.replace("xref: ORPHA:77", bad)
    terms, problems = read(write(tmp_path, "x.obo", text))
    lines = text.splitlines()
    assert [lines[number - 1] for number, _ in problems] == [
        "xref: EC:No 216", "xref: CCPR:", "synonym: no quotes", "rubbish"]
    assert terms["MONDO:0000010"].xrefs == ("GARD:0000123",)


def test_a_gzipped_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    """Compression is seen in the bytes, not in the name."""
    path = tmp_path / "strange.name"
    path.write_bytes(gzip.compress(OBO.encode()))
    assert reader_of(path).format == "OBO"
    assert read(path)[0].keys() == read(write(tmp_path, "x.obo", OBO))[0].keys()


def test_obo_graphs_json(tmp_path: Path) -> None:
    """Nodes become terms with CURIEs, is_a edges parents."""
    base = "http://purl.obolibrary.org/obo/"
    graph = {"graphs": [{"nodes": [
        {"id": base + "MONDO_0000010", "lbl": "glimmer syndrome", "meta": {
            "synonyms": [{"pred": "hasExactSynonym", "val": "gleam"}],
            "xrefs": [{"val": "OMIM:1"}]}},
        {"id": base + "MONDO_0000011", "lbl": "obsolete gleam", "meta": {
            "deprecated": True, "basicPropertyValues": [
                {"pred": base + "IAO_0100001", "val": base + "MONDO_0000010"}]}},
    ], "edges": [{"sub": base + "MONDO_0000010", "pred": "is_a", "obj": base + "MONDO_0000001"}]}]}
    terms, _ = read(write(tmp_path, "g.json", json.dumps(graph)))
    assert terms["MONDO:0000010"] == Term(
        "MONDO:0000010", "glimmer syndrome", "disease", (("gleam", "exact"),), ("OMIM:1",),
        parents=("MONDO:0000001",))
    assert terms["MONDO:0000011"].replaced_by == "MONDO:0000010"


def test_sssom_keeps_only_mappings_that_say_the_same(tmp_path: Path) -> None:
    """A narrow match is no cross-reference; the other label is a name of scope "mapped"."""
    text = ("#mapping_set_version: \"2026-08-04\"\n"
            "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\n"
            "MONDO:0000010\tglimmer syndrome\tskos:exactMatch\tDOID:1\tgleam disease\n"
            "MONDO:0000010\tglimmer syndrome\tskos:narrowMatch\tDOID:2\tgleam type 2\n"
            "nonsense\tx\tskos:exactMatch\tDOID:3\ty\n")
    path = write(tmp_path, "m.sssom.tsv", text)
    terms, problems = read(path)
    assert terms["MONDO:0000010"].synonyms == (("gleam disease", "mapped"),)
    assert terms["MONDO:0000010"].xrefs == ("DOID:1",)
    assert [number for number, _ in problems] == [5]
    assert reader_of(path).version(path, head(path)) == "2026-08-04"


def test_gene_tables(tmp_path: Path) -> None:
    """HGNC: previous symbols are exact, aliases related; HPO's file gives each symbol once."""
    hgnc = ("id\tsymbol\tname\taliases\tprevious\tentrez\n"
            "HGNC:1\tNEW1\tnew gene one\tALI1\tOLD1|OLDER1\t17\nbad\tX\t\t\t\t\n")
    terms, problems = read(write(tmp_path, "h.tsv", hgnc))
    assert dict(terms["HGNC:1"].synonyms) == {
        "new gene one": "exact", "OLD1": "exact", "OLDER1": "exact", "ALI1": "related"}
    assert terms["HGNC:1"].xrefs == ("NCBIGene:17",)
    assert [number for number, _ in problems] == [3]
    hpo = "ncbi_gene_id\tgene_symbol\thpo_id\n10\tNAT2\tHP:1\n10\tNAT2\tHP:2\n"
    assert list(read(write(tmp_path, "g.txt", hpo))[0]) == ["NCBIGene:10"]


def test_a_table_row_without_an_id_gets_the_minted_one(tmp_path: Path) -> None:
    """Its synonyms lead to the node that grounding would mint for the label."""
    terms, _ = read(write(tmp_path, "t.tsv", TABLE))
    row = next(term for term in terms.values() if term.label == "wide local excision")
    assert row.id == minted("therapy", "Wide local excision")


@pytest.mark.parametrize(("header", "row", "told"), [
    ("id\tlabel\tcategory", "EX:1\tgrey ache\tdrug", "unknown prefix of 'EX:1'"),
    ("id\tlabel\tcategory", "MONDO:1\tgrey ache\tillness", "unknown category 'illness'; accepted"),
    ("id\tlabel\tsynonyms", "EX:1\tgrey ache\tx", "no category or label"),
    ("id\tcategory\tname", "MGI:1\tbiolink:Gene\tGrey", "unknown prefix of 'MGI:1'"),
])
def test_a_row_that_no_graph_could_name_is_reported(
    tmp_path: Path, header: str, row: str, told: str
) -> None:
    """An identifier without an IRI, or a kind that there is not, costs the row, never a page."""
    terms, problems = read(write(tmp_path, "t.tsv", f"{header}\n{row}\n"))
    assert not terms
    assert told in problems[0][1]


def drug_file(folder: Path, data: Any) -> Path:
    """A bzip2 pickle named as the package names its own."""
    path = folder / "drug_ner_dictionary.pkl.bz2"
    path.write_bytes(bz2.compress(pickle.dumps(data)))
    return path


def test_drug_names_come_without_mesh_ids_and_without_systematic_names(tmp_path: Path) -> None:
    """Entries without a DrugBank id, chemists' names and three-letter names are left out."""
    path = drug_file(tmp_path, {
        "drug_variant_to_canonical": {"brandol": ["realol"], "xyz": ["realol"],
                                      "2,3-di(oxo)-4": ["realol"], "herbal": ["plant"]},
        "drug_canonical_to_data": {"realol": {"name": "Realol", "drugbank_id": "DB00001",
                                              "mesh_id": "D000001"}, "plant": {"name": "Plant"}},
        "drug_variant_to_variant_data": {}})
    terms, _ = read(path)
    assert list(terms) == ["DRUGBANK:DB00001"]
    assert terms["DRUGBANK:DB00001"].synonyms == (("brandol", "exact"),)
    assert terms["DRUGBANK:DB00001"].xrefs == ()


class _Evil:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return print, ("this must never run",)


def test_a_pickle_with_a_class_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is executed."""
    with pytest.raises(DataError, match="refused"):
        read(drug_file(tmp_path, _Evil()))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [b"", b"\x00\x01binary", b"just words\n", b"\x1f\x8bnot gzip"])
def test_an_unknown_file_is_named_with_the_known_formats(tmp_path: Path, content: bytes) -> None:
    """The message says which file, and no traceback of another library leaks."""
    path = tmp_path / "what.bin"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"what\.bin"):
        reader_of(path)


def test_a_damaged_file_of_a_known_format_names_the_file(tmp_path: Path) -> None:
    """A truncated JSON file is a DataError."""
    path = write(tmp_path, "cut.json", '{"graphs": [{"nodes": [')
    with pytest.raises(DataError, match=r"cut\.json"):
        read(path)


def test_every_reader_module_is_in_the_table() -> None:
    """A new file in kg/vocab/readers must be used."""
    folder = Path(__file__).parents[1] / "kg" / "vocab" / "readers"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "lines"}
    used = {reader.read.__module__.rpartition(".")[2] for reader in READERS}
    assert used == modules


def test_the_published_maxo_file_is_read_in_spite_of_its_errors() -> None:
    """The real file has cross-references that strict parsers refuse."""
    path = SHARED / "vocab" / "maxo.obo.gz"
    if not path.exists():
        pytest.skip("shared/vocab/maxo.obo.gz is not here")
    terms, problems = read(path)
    assert len([term for term in terms.values() if term.id.startswith("MAXO:")]) > 1800
    assert len(problems) == 2


@pytest.mark.parametrize(("name", "text", "expected", "skipped"), [
    ("MeSH table",
     "id\tlabel\tsynonyms\ttree_numbers\nMESH:D1\tDiet, Grey\tGrey Diet\tE02.642\n"
     "MESH:D2\tGrey Disease\t\tC23.1\nMESH:D3\tGreying Agents\t\tD27.505.954.1\nD4\tx\t\tE02\n",
     {"MESH:D1": "therapy", "MESH:D2": "concept", "MESH:D3": "drug"}, 1),
    ("NCIT table",
     "id\tlabel\texact_synonyms\tother_synonyms\tparents\nNCIT:C1\tGrey Tumor\tGT\tX1|Y1\tNCIT:C2\n"
     "NCIT:C3\t\t\t\t\n", {"NCIT:C1": "concept"}, 1),
    ("ChEBI table",
     "id\tlabel\tparents\nCHEBI:33232\tapplication\tCHEBI:50906\n"
     "CHEBI:1\tgreying drug\tCHEBI:33232\n"
     "CHEBI:2\tgreyol\tCHEBI:9\nCHEBI:3\t(2R)-1,2-greyol\tCHEBI:2\n",
     {"CHEBI:33232": "drug", "CHEBI:1": "drug", "CHEBI:2": "chemical"}, 0),
    ("DrugBank vocabulary",
     "drugbank_id\tname\tsynonyms\tcas\nDB00001\tGreyumab\tGreyex|[1,2]-grey|gr\t1\nDBX\tNo\t\t\n",
     {"DRUGBANK:DB00001": "drug"}, 1),
    ("DrugBank vocabulary",
     "DrugBank ID,Accession Numbers,Common name,CAS,UNII,Synonyms,Standard InChI Key\n"
     'DB00001,,"Greyumab",1,,"Greyex | Greyin",\nDB00002,x\n', {"DRUGBANK:DB00001": "drug"}, 1),
    ("HPO annotations",
     "#version: 2026-01-02\ndatabase_id\tdisease_name\tqualifier\thpo_id\nORPHA:5\tGrey\t\tHP:1\n"
     "ORPHA:5\tGrey\t\tHP:2\nOMIM:6\t\t\tHP:1\n", {"Orphanet:5": "concept"}, 1),
    ("KGX nodes",
     "id\tcategory\tname\txref\tsynonym\nMONDO:1\tbiolink:Disease\tgrey\tGARD:1|UMLS:2\tgreyness\n"
     "DRUGBANK:1\tbiolink:Drug\tgreyol\t\t\nX:2\tbiolink:Cell\tc\t\t\nX:3\tbiolink:Drug\t\t\t\n",
     {"MONDO:1": "disease", "DRUGBANK:1": "drug"}, 1),
    ("KGX nodes",
     '{"id": "MONDO:1", "category": ["biolink:Disease"], "name": "grey", "xref": ["GARD:1"]}\n'
     '{"id": 5}\n', {"MONDO:1": "disease"}, 1),
])
def test_published_tables_are_recognised_and_read(
    tmp_path: Path, name: str, text: str, expected: dict[str, str], skipped: int
) -> None:
    """Each class in its category; bad lines are reported, systematic names left out."""
    path = write(tmp_path, "some.tsv", text)
    assert reader_of(path).format == name
    terms, problems = read(path)
    assert {curie: term.category for curie, term in terms.items()} == expected
    assert len(problems) == skipped
    assert not any("[" in synonym or len(synonym) < 2 for term in terms.values()
                   for synonym, _ in term.synonyms)


def test_two_ways_of_writing_nodes_say_the_same(tmp_path: Path) -> None:
    """Cross-references and synonyms of a KGX file as TSV and as JSON lines."""
    table = "id\tcategory\tname\txref\nMONDO:1\tbiolink:Disease\tgrey\tGARD:1|UMLS:2\n"
    lines = ('{"id": "MONDO:1", "category": ["biolink:Disease"], "name": "grey", '
             '"xref": ["GARD:1", "UMLS:2"]}\n')
    assert read(write(tmp_path, "a.tsv", table))[0] == read(write(tmp_path, "b.jsonl", lines))[0]


def test_a_fallback_vocabulary_never_outranks_another(tmp_path: Path) -> None:
    """MeSH's name of a therapy gives way to MAxO's, wherever the files stand."""
    mesh = write(tmp_path, "a.tsv", "id\tlabel\tsynonyms\ttree_numbers\n"
                 "MESH:D1\tSurgical Excision\t\tE04\nMESH:D2\tGreying\t\tE04\n")
    index = index_of(tmp_path, mesh, write(tmp_path, "b.obo", OBO))
    assert index.find("surgical excision", "therapy")[0] == "MAXO:0000447"
    assert index.hits("surgical excision", "therapy")[0].rank < 1000
    assert index.find("greying", "therapy") == ("MESH:D2",)
