"""The compiled index: what it finds, how it is shared, and when it is built again."""

from __future__ import annotations

import os
import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import pytest
from vocab_files import OBO, TABLE, index_of, small, write

from kg.errors import UsageError
from kg.vocab import packages, sourcing
from kg.vocab.index import Index, open_index
from kg.vocab.lexicon import Names
from kg.vocab.resolve import resolve
from kg.vocab.term import minted


@pytest.fixture
def only_overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No packages, no user's files, an empty cache."""
    monkeypatch.setenv("RAREKG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RAREKG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(packages, "PACKAGES", ())
    return tmp_path


def test_names_are_found_after_normalisation_and_within_their_category(tmp_path: Path) -> None:
    """Case, accents, punctuation and possessives do not matter; the category does."""
    index = small(tmp_path)
    assert index.find("Grunwald Glimmer-Disease", "disease") == ("MONDO:0000010",)
    assert index.find("Surgery", "therapy") == ("MAXO:0000004",)
    assert index.find("surgery", "disease") == ()
    assert index.find("", "disease") == ()


def test_a_page_that_lost_its_foreign_letters_is_still_understood(tmp_path: Path) -> None:
    """"Grnwald" is how such pages print "Grünwald"."""
    hits = small(tmp_path).hits("Grnwald glimmer disease", "disease")
    assert [(hit.id, hit.scope) for hit in hits] == [("MONDO:0000010", "dropped")]


def test_obsolete_ids_are_followed_with_their_trail(tmp_path: Path) -> None:
    """Two steps; a live class is its own trail; a dead end is empty."""
    index = small(tmp_path)
    assert index.trail("MONDO:0000099") == ("MONDO:0000099", "MONDO:0000098", "MONDO:0000010")
    assert index.trail("MONDO:0000010") == ("MONDO:0000010",)
    text = OBO.replace("replaced_by: MONDO:0000010", "replaced_by: MONDO:0000099")
    looped = index_of(tmp_path, write(tmp_path, "loop.obo", text))
    assert looped.trail("MONDO:0000099") == ()


def test_cross_references_are_spelled_one_way(tmp_path: Path) -> None:
    """GARD numbers are padded, prefixes have one case."""
    index = small(tmp_path)
    assert index.xref("gard:123") == ("MONDO:0000010",)
    assert index.xref("Orphanet:77") == index.xref("ORPHA:77") == ("MONDO:0000010",)
    assert index.xrefs_of("MONDO:0000010") == ("GARD:0000123", "Orphanet:77")


def test_classes_below_are_counted_up_to_a_bound(tmp_path: Path) -> None:
    """Two types of the glimmer syndrome."""
    index = small(tmp_path)
    assert [index.below("MONDO:0000010", most) for most in (1, 2, 9)] == [1, 2, 2]
    assert index.below("MONDO:0000011", 9) == 0


def test_ancestors(tmp_path: Path) -> None:
    """All classes above, not the class itself."""
    assert small(tmp_path).ancestors("MONDO:0000011") == {"MONDO:0000010", "MONDO:0000001"}


def test_tagging_is_leftmost_longest_and_stays_within_a_phrase(tmp_path: Path) -> None:
    """Longest name, plural and possessive; never across a bracket, a stop or the focus mask."""
    index = small(tmp_path)
    text = "After surgeries: Glimmer syndrome type 1, not glimmer (syndrome) nor duct carcinomas."
    assert [text[span.start:span.end] for span, _ in index.tag(text, "disease")] == [
        "Glimmer syndrome type 1", "duct carcinomas"]
    assert [curie for _, curie in index.tag("the glimmer syndrome's wide excisions", "therapy")] \
        == [minted("therapy", "Wide local excision")]
    assert index.tag("\ue000\ue000 wide local. excision", "therapy") == ()


def test_acronyms_and_gene_symbols_are_tagged_only_as_written(tmp_path: Path) -> None:
    """"wle" and "Shox" are no mentions, "WLE" and "SHOX" are."""
    index = small(tmp_path)
    assert len(index.tag("WLE or wle", "therapy")) == 1
    assert [span.start for span, _ in index.tag("Shox SHOX", "gene")] == [5]


def test_offsets_survive_letters_outside_ascii(tmp_path: Path) -> None:
    """The span points into the text as it is."""
    text = "“Grünwald’s”: Grünwald glimmer disease"
    (span, curie), = small(tmp_path).tag(text, "disease")
    assert text[span.start:span.end] == "Grünwald glimmer disease"
    assert curie == "MONDO:0000010"


def test_the_first_source_of_a_class_gives_its_label(tmp_path: Path) -> None:
    """A user's table outranks the package's vocabulary."""
    own = write(tmp_path, "own.tsv", "id\tlabel\tcategory\nMONDO:0000010\tour label\tdisease\n")
    index = index_of(tmp_path, own, write(tmp_path, "some.obo", OBO))
    term = index.term("MONDO:0000010")
    assert term is not None
    assert term.label == "our label"
    assert index.find("glimmer syndrome", "disease") == ("MONDO:0000010",)


def test_an_index_pickles_and_is_used_by_several_processes(tmp_path: Path) -> None:
    """Workers open the file for themselves."""
    index = small(tmp_path)
    assert index.find("surgery", "therapy")
    assert pickle.loads(pickle.dumps(index)).find("surgery", "therapy") == ("MAXO:0000004",)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(index.find, ["surgery", "SHOX"], ["therapy", "gene"]))
    assert found == [("MAXO:0000004",), ("NCBIGene:6473",)]


def test_two_builds_of_the_same_sources_are_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on the time or on the order of a set."""
    assert small(tmp_path).path.read_bytes() == small(tmp_path).path.read_bytes()


def test_it_works_without_any_package(only_overlay: Path) -> None:
    """The overlay alone grounds therapies, and `has_packages` says that the rest is missing."""
    index = open_index()
    assert index.find("wide local excision", "therapy")
    assert not index.has_packages
    assert {source.origin for source in index.sources} == {"overlay"}


def test_an_index_is_compiled_once_and_again_when_a_source_changes(
    only_overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second opening reads no vocabulary; a new file of the user's does."""
    seen: list[str] = []
    first = open_index(seen.append)
    assert "overlay therapies" in seen
    seen.clear()
    assert open_index(seen.append).path == first.path
    assert not seen
    home = only_overlay / "home" / "vocab"
    home.mkdir(parents=True)
    write(home, "mine.tsv", TABLE)
    assert open_index(seen.append).path != first.path
    assert "mine.tsv" in seen


def test_a_damaged_index_is_built_again(only_overlay: Path) -> None:
    """Half a file is no index."""
    path = open_index().path
    path.write_bytes(path.read_bytes()[:5000])
    assert open_index().find("surgery", "therapy") == ("MAXO:0000004",)


def test_a_cache_that_cannot_be_written_is_told(
    only_overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the folder and the way out."""
    blocked = write(only_overlay, "blocked", "a file where the folder should be")
    monkeypatch.setenv("RAREKG_CACHE", str(blocked))
    with pytest.raises(UsageError, match="RAREKG_CACHE"):
        open_index()


def test_a_failed_build_leaves_nothing_behind(only_overlay: Path) -> None:
    """No index and no half-written file."""
    bad = write(only_overlay, "bad.json", '{"graphs": [')
    with pytest.raises(Exception, match=r"bad\.json"):
        open_index(extra=[bad])
    assert [path.name for path in (only_overlay / "cache").iterdir()] == [".lock"]


def _open(number: int) -> tuple[str, int]:
    index = open_index()
    return index.path.name, len(index.find("surgery", "therapy"))


def test_builders_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Three processes that find no index all get a whole one."""
    os.environ["RAREKG_CACHE"] = str(tmp_path / "cache")
    os.environ["RAREKG_HOME"] = str(tmp_path / "home")
    try:
        context = get_context("spawn")
        with ProcessPoolExecutor(3, mp_context=context, initializer=_no_packages) as pool:
            found = set(pool.map(_open, range(3)))
    finally:
        del os.environ["RAREKG_CACHE"], os.environ["RAREKG_HOME"]
    assert len(found) == 1
    assert next(iter(found))[1] == 1


def _no_packages() -> None:
    packages.PACKAGES = ()


def test_the_index_cannot_be_changed_through_a_reader(tmp_path: Path) -> None:
    """It is opened read-only."""
    index = small(tmp_path)
    with pytest.raises(sqlite3.OperationalError):
        index._rows("DELETE FROM names")


def test_given_names_are_a_lexicon_too() -> None:
    """What tests and examples use in place of the index."""
    names = Names({"drug": {"Trastuzumab": "DRUGBANK:DB00072"}})
    assert names.find("trastuzumab", "drug") == ("DRUGBANK:DB00072",)
    assert names.tag("with trastuzumab.", "drug")[0][1] == "DRUGBANK:DB00072"
    assert names.find("x", "site") == ()
    assert names.tag("x", "site") == ()


def test_package_vocabularies_are_complete() -> None:
    """With the vocab extra: MONDO, HPO, DrugBank names, ChEBI roles and gene symbols."""
    missing = [package.module for package in packages.PACKAGES
               if not find_spec(package.module)]
    if missing:
        pytest.skip(f"the vocab extra is not installed: {missing[0]}")
    index: Index = open_index()
    assert index.find("hidradenocarcinoma", "disease") == ("MONDO:0006245",)
    assert index.find("trastuzumab", "drug")[0] == "DRUGBANK:DB00072"
    assert index.find("autosomal recessive inheritance", "inheritance")[0] == "HP:0000007"
    assert index.find("EGFR inhibitors", "drug") == ("CHEBI:74440",)
    assert index.size() > 255_000
    assert sourcing.key(sourcing.all_sources()) in index.path.name


def test_only_the_newest_index_files_stay(only_overlay: Path) -> None:
    """Three of them: old ones are removed when a new one has been compiled."""
    folder = only_overlay / "cache"
    folder.mkdir()
    for number in range(5):
        path = folder / f"index-{number}.sqlite"
        path.write_bytes(b"old")
        os.utime(path, (number, number))
    newest = open_index().path
    assert {path.name for path in folder.glob("index-*.sqlite")} == {
        newest.name, "index-4.sqlite", "index-3.sqlite"}


def test_a_changed_file_of_the_user_is_compiled_again(only_overlay: Path) -> None:
    """Its size and time tell, its bytes are not read to find out."""
    path = write(only_overlay, "mine.obo", OBO)
    first = open_index(extra=[path]).path
    assert open_index(extra=[path]).path == first
    write(only_overlay, "mine.obo", OBO + "\n")
    assert open_index(extra=[path]).path != first


def test_a_replacement_of_another_category_is_none(tmp_path: Path) -> None:
    """A sign that became a mode of inheritance names no sign."""
    text = OBO + ("\n[Term]\nid: HP:0000777\nname: obsolete somatic spark\nis_obsolete: true\n"
                  "replaced_by: HP:0000007\n")
    index = index_of(tmp_path, write(tmp_path, "x.obo", text))
    assert resolve("somatic spark", ("phenotype",), index).id == ""
    assert resolve("old glimmer", ("disease",), index).id == "MONDO:0000010"
