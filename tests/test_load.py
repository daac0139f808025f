"""What is loaded is what was published: each target is asked, and every damage is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import load_samples
import pytest
import sample_release
from click.testing import CliRunner

from kg import exports, loads
from kg.cli.loading import load as command
from kg.errors import DataError, KgError, LoadError, UnknownName, UsageError
from kg.loads import tally
from kg.loads.published import FILES, Published, needed

PACKAGE = Path(loads.__file__).parent
# Modules that several targets share; every other file of the package is a target.
SHARED = {"__init__", "bolt", "delimited", "flat", "kgx", "published", "quads", "sparql", "tally"}
ALIASES = {"duck": "duckdb"}
NEEDS = {"ladybug": "ladybug", "duckdb": "duckdb"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample release with its exports."""
    return load_samples.released(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose rows have everything that breaks loaders."""
    return load_samples.hostile(tmp_path_factory.mktemp("hostile"))


def target(name: str) -> loads.Target:
    """A target whose engine is installed."""
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason=f"the extra {name} is not installed")
    return loads.find(name)


# ---------------------------------------------------------------- every target


NAMES = [one.name for one in loads.TARGETS]


@pytest.mark.parametrize("name", NAMES)
def test_every_target_holds_what_the_manifest_lists(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """Counts are those of the manifest, and the database's own rows give the checksum."""
    receipt = loads.load(target(name), folder, tmp_path / name)
    what = Published.at(folder)
    for part, listed in FILES.items():
        if part in receipt.holds:
            assert receipt.holds[part].count == what.count(listed)
    if "quads" in receipt.holds:
        assert receipt.holds["quads"].count == what.count("graph.nq")
    assert (tmp_path / name / loads.RECEIPT).read_bytes() == loads.encoded(receipt)
    assert loads.check(target(name), folder, tmp_path / name) == receipt


@pytest.mark.parametrize("name", NAMES)
def test_hostile_rows_arrive(hostile: Path, tmp_path: Path, name: str) -> None:
    """Quotes, line ends, pipes, empty lists and other letters do not lose a row."""
    receipt = loads.load(target(name), hostile, tmp_path / name)
    if "nodes" in receipt.holds:
        assert receipt.holds["nodes"].count == len(load_samples.TEXTS)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"ladybug", "duckdb"}])
def test_the_same_release_gives_the_same_bytes(folder: Path, tmp_path: Path, name: str) -> None:
    """What we write ourselves has no clock and no order of its own; RocksDB's files have."""
    if name == "oxigraph":
        pytest.skip("the files of RocksDB have clocks in them")
    for run in ("one", "two"):
        loads.load(target(name), folder, tmp_path / run)
    first, second = ({path.relative_to(tmp_path / run): path.read_bytes()
                      for path in (tmp_path / run).rglob("*") if path.is_file()}
                     for run in ("one", "two"))
    assert first == second


def test_every_module_is_in_the_table() -> None:
    """One file a target; a file that no target uses is forgotten work."""
    modules = {path.stem for path in PACKAGE.glob("*.py")} - SHARED
    assert {ALIASES.get(name, name) for name in modules} == set(NAMES) - {"graphdb"}


# ---------------------------------------------------------------- the checksum


def test_checksum_ignores_order_and_sees_every_change() -> None:
    """A repeated, lost, swapped or altered row changes it."""
    rows = [("e1", "a", "treats", "b"), ("e2", "b", "treats", "a"), ("e3", "a", "causes", "c")]
    right = tally.tally(rows)
    assert right == tally.tally(reversed(rows))
    swapped = [("e1", "b", "treats", "a"), *rows[1:]]
    wrong = [rows[:2], [*rows, rows[0]], swapped, [("e1", "a", "causes", "b"), *rows[1:]]]
    assert all(tally.tally(one) != right for one in wrong)


def test_a_difference_names_rows_of_both_sides() -> None:
    """Who reads the message knows what to look for."""
    rows = {"edges": lambda: [("e1", "a", "treats", "b")]}
    swapped = {"edges": lambda: [("e1", "b", "treats", "a")]}
    with pytest.raises(LoadError, match="1 missing: e1 a treats b; 1 not in the release: e1 b tr"):
        tally.compared(tally.Held(rows), tally.Held(swapped), "test")
    with pytest.raises(LoadError, match="4 quads where the manifest has 5"):
        tally.compared(tally.Held({}, {"quads": 5}), tally.Held({}, {"quads": 4}), "test")


# ---------------------------------------------------------------- damage


DAMAGE = {
    "a lost edge": "DELETE FROM edges WHERE id = (SELECT min(id) FROM edges)",
    "an edge that comes twice": "CREATE TABLE more AS SELECT * FROM edges; DROP TABLE edges; "
        "CREATE TABLE edges AS SELECT * FROM more UNION ALL SELECT * FROM more LIMIT 1000",
    "ends that changed places": "UPDATE edges SET subject = object, object = subject",
    "another predicate": "UPDATE edges SET predicate = 'biolink:causes' || predicate",
    "a renamed node": "UPDATE nodes SET name = 'another' WHERE id = (SELECT max(id) FROM nodes)",
    "a cut sentence": "UPDATE evidence SET quote = substr(quote, 1, 5)",
    "no table": "DROP TABLE evidence",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_in_a_database_is_found(folder: Path, tmp_path: Path, name: str) -> None:
    """Each of them is told by --check, with the table that it is in."""
    sqlite = loads.find("sqlite")
    loads.load(sqlite, folder, tmp_path / "db")
    with closing(sqlite3.connect(tmp_path / "db/graph.sqlite")) as database:
        database.executescript(DAMAGE[name])
    with pytest.raises(LoadError, match=r"edges|nodes|evidence"):
        loads.check(sqlite, folder, tmp_path / "db")


def copied(folder: Path, tmp_path: Path) -> Path:
    """A release of its own, to be damaged."""
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_a_file_that_the_manifest_does_not_list_is_refused(folder: Path, tmp_path: Path) -> None:
    """Half a file is not loaded, even where every line of it is whole."""
    where = copied(folder, tmp_path)
    path = where / "exports" / FILES["edges"]
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    with pytest.raises(LoadError, match="SHA-256"):
        loads.load(loads.find("neo4j"), where, tmp_path / "db")
    assert not (tmp_path / "db").exists()


@pytest.mark.parametrize(("name", "to"), [
    (FILES["edges"], "neo4j"), ("tables/evidence.csv", "sqlite"), ("graph.nq", "oxigraph")])
def test_another_number_of_rows_than_the_manifest_has(
    folder: Path, tmp_path: Path, name: str, to: str
) -> None:
    """The manifest's counts are compared, not only taken over."""
    where = copied(folder, tmp_path)
    load_samples.listed(where, name, 5)
    with pytest.raises(LoadError, match=r"where (the )?manifest\S* (says|has) 5"):
        loads.load(loads.find(to), where, tmp_path / "db")


def test_an_edge_without_its_node_is_refused(folder: Path, tmp_path: Path) -> None:
    """It would be lost in silence by most loaders."""
    where = copied(folder, tmp_path)
    row = {"id": "e:1", "category": ["biolink:Association"], "subject": "X:1",
           "predicate": "biolink:treats", "object": "X:2"}
    load_samples.replaced(where, "edges", [row])
    with pytest.raises(LoadError, match="the edge e:1 ends in X:1, which is no node"):
        loads.load(loads.find("neo4j"), where, tmp_path / "db")


@pytest.mark.parametrize(("rows", "message"), [
    ([{"id": "X:1", "category": ["biolink:Drug"]}] * 2, "X:1 comes twice"),
    ([{"category": ["biolink:Drug"]}], "no id"), ([{"id": "X:1"}], "no category"),
    ([{"id": "X:1", "category": ["biolink:Drug"], "colour": "red"}], "unknown column 'colour'"),
])
def test_rows_that_are_none_are_refused(
    folder: Path, tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    """The message says which row and why."""
    where = copied(folder, tmp_path)
    load_samples.replaced(where, "nodes", rows)
    with pytest.raises(KgError, match=message):
        loads.load(loads.find("neo4j"), where, tmp_path / "db")


@pytest.mark.parametrize("name", ["neo4j", "memgraph", "ladybug"])
def test_a_separator_inside_a_text_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    """A list that would fall into other pieces is not written."""
    where, row = copied(folder, tmp_path), load_samples.node(0)
    load_samples.replaced(where, "nodes", [row | {"synonym": ["a\x1fb"]}])
    load_samples.replaced(where, "edges", [])
    load_samples.replaced(where, "qualified_edges", [])
    with pytest.raises(DataError, match="control character"):
        loads.load(target(name), where, tmp_path / "db")


# ---------------------------------------------------------------- folders and the command


def test_an_extra_that_is_missing_says_its_name() -> None:
    """What to install stands in the message."""
    with pytest.raises(UsageError, match=r"pip install 'rarekg\[ladybug\]'"):
        needed("no_such_package", "ladybug")


def test_a_folder_of_something_else_is_left_alone(folder: Path, tmp_path: Path) -> None:
    """Only what kg load wrote is replaced by kg load."""
    (tmp_path / "db").mkdir()
    (tmp_path / "db/precious").write_text("mine")
    with pytest.raises(UsageError, match="not from kg load"):
        loads.load(loads.find("sqlite"), folder, tmp_path / "db")
    assert (tmp_path / "db/precious").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(folder: Path, tmp_path: Path) -> None:
    """The path is in the message, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        loads.load(loads.find("sqlite"), folder, tmp_path / "file/db")


def test_an_earlier_load_is_replaced(folder: Path, tmp_path: Path) -> None:
    """The second load stands in the place of the first, with nothing of it left."""
    for name in ("neo4j", "sqlite"):
        loads.load(loads.find(name), folder, tmp_path / "db")
    assert sorted(path.name for path in (tmp_path / "db").iterdir()) == [
        "graph.sqlite", loads.RECEIPT]
    assert [path.name for path in tmp_path.iterdir()] == ["db"]


def test_a_load_that_fails_leaves_the_earlier_one(folder: Path, tmp_path: Path) -> None:
    """Nothing half-written takes the place of what was whole."""
    loads.load(loads.find("sqlite"), folder, tmp_path / "db")
    where = copied(folder, tmp_path)
    (where / "exports" / FILES["edges"]).write_bytes(b"")
    with pytest.raises(LoadError):
        loads.load(loads.find("sqlite"), where, tmp_path / "db")
    assert loads.check(loads.find("sqlite"), folder, tmp_path / "db")


def test_a_folder_without_exports_is_told(tmp_path: Path) -> None:
    """No manifest, no load; no database, no check; no such target, the names."""
    with pytest.raises(UsageError, match="no exports with a manifest"):
        loads.load(loads.find("sqlite"), tmp_path, tmp_path / "db")
    with pytest.raises(UsageError, match="holds no database of kg load"):
        loads.check(loads.find("sqlite"), tmp_path, tmp_path / "db")
    with pytest.raises(UnknownName, match="accepted: sqlite"):
        loads.find("sqlit")


def test_exports_without_kgx_say_what_to_run(tmp_path: Path) -> None:
    """The message names the file and the command that writes it."""
    where = sample_release.write(tmp_path)
    exports.write(where / "graph.nq", where / "exports",
                               exports.chosen(["nquads"]))
    with pytest.raises(UsageError, match=r"has no kgx/kgx_nodes.jsonl: kg export"):
        loads.load(loads.find("neo4j"), where, tmp_path / "db")


def test_the_command_tells_and_checks(folder: Path, tmp_path: Path) -> None:
    """The table has counts and checksums, --json the receipt, --list all targets."""
    run = CliRunner().invoke
    told = run(command, ["sqlite", str(folder), "-o", str(tmp_path / "db")])
    assert told.exit_code == 0
    assert "everything that was published is there" in told.output
    again = run(command, ["sqlite", str(folder), "-o", str(tmp_path / "db"), "--check", "--json"])
    assert json.loads(again.output)["holds"]["edges"]["count"] == Published.at(folder).count(
        FILES["edges"])
    listed = run(command, ["--list"]).output
    assert all(name in listed for name in NAMES)
    assert run(command, ["sqlite"]).exit_code == 2
    assert run(command, ["sqlite", str(folder), "--uri", "bolt://x", "-o", "y"]).exit_code == 2
