"""Parts of a run hold what its whole files hold, each part once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.cutting import cuts
from kg.folder import STAGE_FILES
from kg.partitioning import FOLDER, LINED, WRITTEN, name_of

RDF = {".ttl": ox.RdfFormat.TURTLE, ".jsonld": ox.RdfFormat.JSON_LD, ".rdf": ox.RdfFormat.RDF_XML}
NUMBER = 3


def run(pages: Path, out: Path, number: int) -> None:
    """A run that is cut."""
    with pytest.raises(SystemExit) as ended:
        main(["run", str(pages), "-o", str(out), "--jobs", "1", "--partitions", str(number)])
    assert ended.value.code == 0


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen pages, cut into three parts."""
    place = tmp_path_factory.mktemp("cut")
    run(tiny.pages(place / "pages", 14), place / "out", NUMBER)
    return place / "out"


def parts(out: Path, file: str) -> list[Path]:
    """The parts of a file, in order."""
    return [path for path in (out / FOLDER / name_of(file, number) for number in range(NUMBER))
            if path.is_file()]


def test_the_parts_of_stage_files_follow_one_another(cut: Path) -> None:
    """One after the other they are the file; parts of one number are of the same pages."""
    for file in STAGE_FILES:
        assert len(parts(cut, file)) == NUMBER
        assert b"".join(map(Path.read_bytes, parts(cut, file))) == (cut / file).read_bytes()
    for number in range(NUMBER):
        documents, records = (
            path.read_bytes().count(b"\n") for path in (
                parts(cut, "documents.jsonl")[number], parts(cut, "records.jsonl")[number]))
        assert documents == records > 2


@pytest.mark.parametrize("file", LINED)
def test_the_parts_of_lines_follow_one_another(cut: Path, file: str) -> None:
    """A table's header stands before each part; no subject is in two parts."""
    whole = (cut / "exports" / file).read_bytes().splitlines(keepends=True)
    skip = file.endswith(".tsv")
    found = [path.read_bytes().splitlines(keepends=True)
             for path in parts(cut, f"exports/{file}")]
    assert all(lines[:skip] == whole[:skip] for lines in found)
    assert [line for lines in found for line in lines[skip:]] == whole[skip:]
    if file.startswith("graph"):
        subjects = [{line.split(b" ")[0] for line in lines} for lines in found]
        assert len(subjects) == NUMBER
        assert sum(map(len, subjects)) == len(set.union(*subjects))


@pytest.mark.parametrize("file", WRITTEN)
def test_each_part_of_other_syntaxes_is_a_document(cut: Path, file: str) -> None:
    """Together they have the triples of the whole file, each once."""
    form = RDF[Path(file).suffix]
    found = [str(quad) for path in parts(cut, f"exports/{file}")
             for quad in ox.parse(path=path, format=form)]
    whole = [str(quad) for quad in ox.parse(path=cut / "exports" / file, format=form)]
    assert sorted(found) == sorted(whole)
    assert len(set(found)) == len(found)


def test_parts_are_made_again_only_where_needed(cut: Path) -> None:
    """They stay, come back where one is lost, and go where none are asked for."""
    pages, folder = cut.parent / "pages", cut / FOLDER
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns)
              for path in folder.rglob("part-*")}
    run(pages, cut, NUMBER)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    next(iter(before)).unlink()
    run(pages, cut, NUMBER)
    assert {path: path.read_bytes() for path in folder.rglob("part-*")} == {
        path: content for path, (content, _) in before.items()}
    run(pages, cut, 0)
    assert not folder.exists()
    run(pages, cut, NUMBER)


@given(st.lists(st.integers(0, 5)), st.integers(1, 7), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cuts_cover_a_file_and_never_split_a_subject(
    tmp_path: Path, subjects: list[int], number: int, headed: bool
) -> None:
    """Whatever its lines."""
    head = b"id\tname\n" if headed else b""
    mark = b"\t" if headed else b" "
    lines = [b"%d%s%s\n" % (one, mark, b"x" * place) for place, one in enumerate(sorted(subjects))]
    path = tmp_path / "lines"
    path.write_bytes(head + b"".join(lines))
    found = list(cuts(path, number, head))
    content = path.read_bytes()
    assert len(found) <= number
    assert head + b"".join(content[one.start:one.end] for one in found) == content
    for one, other in pairwise(found):
        last = content[one.start:one.end].splitlines()[-1].split(mark)[0]
        assert last != content[other.start:].split(mark)[0]
