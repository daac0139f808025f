"""Our own tables: every id has the label that its vocabulary gives it, no name is there twice."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from pathlib import Path

import pytest

from kg import prefixes
from kg.files import rows, shipped
from kg.text import normalise
from kg.vocab import packages
from kg.vocab.forms import guard_words
from kg.vocab.readers.lines import parts
from kg.vocab.resolve import variants

SHARED = Path(__file__).parents[2] / "shared" / "vocab"
TABLES = sorted(shipped("data/overlay").glob("*.tsv"))


def table(path: Path) -> list[dict[str, str]]:
    """The rows of an overlay table."""
    return [cells for _, cells in rows(path)]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_name_stands_in_two_rows(path: Path) -> None:
    """Two rows with one name would be a tie that grounding refuses."""
    names = Counter(
        normalise(name) for cells in table(path)
        for name in {normalise(name) for name in (cells["label"], *parts(cells["synonyms"]))})
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_id_expands_and_stands_once(path: Path) -> None:
    """CURIEs have a prefix of the table; a class has one row."""
    known = prefixes.load()
    ids = [cells["id"] for cells in table(path) if cells["id"]]
    assert all(known.expand(curie) for curie in ids)
    assert len(ids) == len(set(ids))


def labels_of_obo(text: str) -> dict[str, str]:
    """Label by id of the live terms of an OBO file."""
    stanzas = re.split(r"\n\n+", text)
    found = {}
    for stanza in stanzas:
        match = re.search(r"^id: (\S+)\nname: (.*)$", stanza, re.MULTILINE)
        if match and "is_obsolete: true" not in stanza:
            found[match[1]] = match[2]
    return found


def wrong(prefix: str, labels: dict[str, str]) -> list[str]:
    """The overlay rows of one vocabulary whose label is not the published one."""
    return [f"{cells['id']} {cells['label']} is {labels.get(cells['id'])}"
            for path in TABLES for cells in table(path)
            if cells["id"].startswith(prefix) and labels.get(cells["id"]) != cells["label"]]


def test_maxo_rows_have_maxo_labels() -> None:
    """Against MAxO as published."""
    path = SHARED / "maxo.obo.gz"
    if not path.exists():
        pytest.skip("shared/vocab/maxo.obo.gz is not here")
    assert wrong("MAXO:", labels_of_obo(gzip.decompress(path.read_bytes()).decode())) == []


def test_drugbank_rows_have_drugbank_labels() -> None:
    """Against the DrugBank vocabulary of shared/vocab."""
    path = SHARED / "drug_terms.tsv.gz"
    if not path.exists():
        pytest.skip("shared/vocab/drug_terms.tsv.gz is not here")
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        labels = {f"DRUGBANK:{row['drugbank_id']}": row["name"]
                  for row in reversed(list(csv.DictReader(handle, delimiter="\t")))}
    assert wrong("DRUGBANK:", labels) == []


@pytest.mark.parametrize(("prefix", "name"), [("HP:", "HP"), ("CHEBI:", "CHEBI")])
def test_rows_have_the_labels_of_the_packages(prefix: str, name: str) -> None:
    """Against the vocabularies of the extra."""
    found = [source for source in packages.packaged() if source.name == name]
    if not found:
        pytest.skip("the vocab extra is not installed")
    path = Path(found[0].path)
    if name == "HP":
        assert wrong(prefix, labels_of_obo(path.read_text(encoding="utf-8"))) == []
        return
    import msgspec  # noqa: PLC0415
    import zstandard  # noqa: PLC0415
    with path.open("rb") as handle:
        entries = msgspec.json.decode(zstandard.ZstdDecompressor().stream_reader(handle).read())
    assert wrong(prefix, {curie: entry["label"] for curie, entry in entries.items()
                          if not entry["deprecated"]}) == []


def test_the_stop_list_says_why_and_where() -> None:
    """Each row has a reason, a known scope, and stands once."""
    found = [cells for _, cells in rows(shipped("data/stop.tsv"))]
    assert {cells["scope"] for cells in found} == {"all", "tag"}
    assert all(cells["why"] for cells in found)
    names = Counter((normalise(cells["term"]), cells["category"]) for cells in found)
    assert [name for name, count in names.items() if count > 1] == []


def test_each_variant_row_fires_on_its_example_and_not_on_its_counterexample() -> None:
    """The rows of data/variants.tsv are what grounding tries besides the name itself."""
    for line, cells in rows(shipped("data/variants.tsv")):
        pattern = re.compile(cells["pattern"], re.IGNORECASE)
        assert pattern.match(cells["example"]), line
        assert not pattern.match(cells["counterexample"]), line


def test_a_variant_never_drops_a_modifier() -> None:
    """"high-dose antihistamines" are not antihistamines."""
    assert list(variants("high-dose antihistamines", "drug")) == []
    assert list(variants("trastuzumab therapy", "drug")) == ["trastuzumab"]


def test_guard_words_are_stems() -> None:
    """They are compared with stems."""
    assert {"dominant", "juvenile", "without"} <= guard_words()


def test_former_gene_symbols_are_those_of_hgnc() -> None:
    """Against the HGNC table: the current symbol, and each former one known for that gene only."""
    path = SHARED / "hgnc.tsv.gz"
    if not path.exists():
        pytest.skip("shared/vocab/hgnc.tsv.gz is not here")
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        genes = list(csv.DictReader(handle, delimiter="\t"))
    symbols = {row["entrez"]: row["symbol"] for row in genes}
    current = set(symbols.values())
    for cells in table(shipped("data/overlay/genes.tsv")):
        assert symbols[cells["id"].removeprefix("NCBIGene:")] == cells["label"]
        assert not current & set(parts(cells["synonyms"]))


def test_mesh_rows_have_mesh_labels() -> None:
    """Against the MeSH descriptors of shared/vocab."""
    path = SHARED / "mesh_descriptors.tsv.gz"
    if not path.exists():
        pytest.skip("shared/vocab/mesh_descriptors.tsv.gz is not here")
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        labels = {row["id"]: row["label"] for row in
                  csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert wrong("MESH:", labels) == []


def test_rows_without_an_id_stand_below_classes_that_have_one() -> None:
    """A class above is one of our rows, so that it has a label, and only minted rows need one."""
    found = [cells for path in TABLES for cells in table(path)]
    labels = {cells["id"]: cells["label"] for cells in found if cells["id"]}
    for cells in found:
        above = cells.get("parents", "")
        assert not above or (above in labels or above == "CHEBI:35222"), cells["label"]
        assert not (above and cells["id"]), cells["label"]


def test_heads_of_longer_names_lead_to_known_classes() -> None:
    """The classes of data/broader.tsv are rows of ours, or of ChEBI by their labels."""
    known = {cells["id"] for path in TABLES for cells in table(path)}
    chebi = {"CHEBI:35222", "CHEBI:48705", "CHEBI:48706",  # inhibitor, agonist, antagonist
             "CHEBI:38637", "CHEBI:33290", "CHEBI:16236"}  # kinase inhibitor, food, ethanol
    classes = {cells["of"] for _, cells in rows(shipped("data/broader.tsv"))
               if cells["role"] in {"class", "phrase", "whole"}}
    assert classes - known <= chebi


def test_every_id_is_of_a_vocabulary_that_is_checked_here() -> None:
    """No id comes in that nobody can compare with a published label; two NCIT ids are older."""
    checked = {"MAXO", "MESH", "CHEBI", "DRUGBANK", "HP", "NCBIGene", "UBERON"}
    odd = {cells["id"] for path in TABLES for cells in table(path)
           if cells["id"] and cells["id"].partition(":")[0] not in checked}
    assert {curie for curie in odd if curie.startswith("NCIT:")} == {"NCIT:C15445", "NCIT:C93352"}
    assert odd == {"NCIT:C15445", "NCIT:C93352"}
