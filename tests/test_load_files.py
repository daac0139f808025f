"""The files that kg load writes for the loaders of other databases are what those read."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import load_samples
import pyoxigraph as ox
import pytest

from kg import loads
from kg.errors import LoadError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with its exports."""
    return load_samples.released(tmp_path_factory.mktemp("release"))


def test_headers_of_neo4j_have_types(folder: Path, tmp_path: Path) -> None:
    """What neo4j-admin reads off the first line: ids, labels, ends, types, lists."""
    loads.load(loads.find("neo4j"), folder, tmp_path / "db")
    first = {name: (tmp_path / f"db/{name}.csv").read_text("utf-8").partition("\n")[0].split(",")
             for name in ("nodes", "edges")}
    assert {"id:ID", ":LABEL", "name:string", "synonym:string[]"} <= set(first["nodes"])
    assert {":START_ID", ":END_ID", ":TYPE", "publications:string[]", "negated:boolean",
            "has_count:long", "has_percentage:double"} <= set(first["edges"])
    script = (tmp_path / "db/import.sh").read_text("utf-8")
    assert all(f"={path.name}" in script for path in (tmp_path / "db").glob("*.csv"))


def test_statements_of_memgraph_name_every_file(folder: Path, tmp_path: Path) -> None:
    """No file is written that nothing reads, and none is read that is not there."""
    loads.load(loads.find("memgraph"), folder, tmp_path / "db")
    text = (tmp_path / "db/load.cypherl").read_text("utf-8")
    assert set(re.findall(r'"/import/(\S+)"', text)) == {
        path.name for path in (tmp_path / "db").glob("*.csv")}


def test_lists_of_neptune_are_json_and_its_folders_apart(folder: Path, tmp_path: Path) -> None:
    """Its loader reads all below a prefix, and takes no list on an edge."""
    loads.load(loads.find("neptune"), folder, tmp_path / "db")
    assert sorted(path.name for path in (tmp_path / "db").iterdir()) == [
        "csv", loads.RECEIPT, "rdf"]
    header = (tmp_path / "db/csv/edges.csv").read_text("utf-8").partition("\n")[0].split(",")
    assert {"~id", "~from", "~to", "~label", "negated:Bool", "publications:String"} <= set(header)


@pytest.mark.parametrize("name", ["rdf4j", "graphdb"])
def test_settings_of_repositories_are_turtle(folder: Path, tmp_path: Path, name: str) -> None:
    """One repository, without inference."""
    loads.load(loads.find(name), folder, tmp_path / "db")
    triples = list(ox.parse(path=tmp_path / "db/repository.ttl", format=ox.RdfFormat.TURTLE))
    assert sum(one.object.value.endswith("Repository") for one in triples
               if one.predicate.value.endswith("#type") and not isinstance(
                   one.object, ox.Triple)) == 1
    assert '"rdfsplus' not in (tmp_path / "db/repository.ttl").read_text("utf-8")


def test_the_qleverfile_names_the_graph(folder: Path, tmp_path: Path) -> None:
    """It is the format that QLever's control script reads."""
    loads.load(loads.find("qlever"), folder, tmp_path / "db")
    settings = configparser.ConfigParser(
        interpolation=configparser.ExtendedInterpolation())
    settings.read(tmp_path / "db/Qleverfile")
    assert settings["data"]["FORMAT"] == "nq"
    assert (tmp_path / "db" / settings["index"]["INPUT_FILES"]).is_file()


@pytest.mark.parametrize("name", ["neo4j", "memgraph", "neptune", "virtuoso"])
def test_damage_in_files_is_found(folder: Path, tmp_path: Path, name: str) -> None:
    """A line that is gone from a file set is missed."""
    loads.load(loads.find(name), folder, tmp_path / "db")
    path = min(path for path in (tmp_path / "db").rglob("*.[cn][sq]*")
               if path.name.startswith(("edges", "graph")))
    lines = path.read_bytes().splitlines(keepends=True)
    path.unlink()  # it may be the same file as the export's
    path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LoadError, match=r"edges|quads|line"):
        loads.check(loads.find(name), folder, tmp_path / "db")
