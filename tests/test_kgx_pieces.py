"""KGX that is made of pages' parts, range by range and patched, has the bytes of the reader's."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import prefixes
from kg.exports import kgx, kgx_build, kgx_pieces
from kg.exports.kgx_parts import UNREAD, Taker, pages, verbs
from kg.exports.kgx_pieces import Kept, Pages
from kg.exports.kgx_rows import Reader
from kg.exports.release import Release
from kg.files import shipped
from kg.ntriples import nodes
from kg.pipeline import Input, Settings, publish

TABLE = prefixes.load()
TITLES = ("Zorro syndrome", "ZORRO Syndrome", "Brown fever", "zorro syndrome")
DEADLY = "Older age is associated with a higher risk of death."
SENTENCES = (
    "People with this condition have fever.", "Patients may have seizures.",
    "Short stature 30%.", "Hearing loss is not seen.", "Fever has been seen in 7 of 12 people.",
    "Treatment may include surgery.", "Aspirin should be avoided.", "Aspirin is used.",
    "Smoking increases the risk of it.", "Smoking makes death more likely.",
    DEADLY,
    "An early stage is linked with a better prognosis.",
    "The five-year survival rate is 40%.", "Mutations in the BRCA1 gene cause it.",
    "It is inherited in an autosomal dominant pattern.", "The cause is not known.",
    "It is also called zorro disease.", "It affects about 3 in 100,000 people.",
)
SECTIONS = ("Outlook", "Symptoms", "Treatment", "Prognosis", "Causes", "Inheritance")
PAGE = """{title}

Summary
{title} is a rare condition. It affects about 3 in 100,000 people.

Signs and symptoms
People with this condition may have muscle cramps.

{rest}
"""


@cache
def graph(text: str) -> bytes:
    """The sorted quads of a page."""
    found = publish(Settings(), Input("page.txt", text.encode()))
    return found.files.get("graph.nq", b"")


@cache
def examples() -> tuple[bytes, ...]:
    """The graphs of the example pages."""
    found = (publish(Settings(), Input(path.name, path.read_bytes()))
             for path in sorted(shipped("data/pages").iterdir()))
    return tuple(one.files["graph.nq"] for one in found if one.files.get("graph.nq"))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A page about one of a few diseases, whose names differ in capitals."""
    said = st.lists(st.sampled_from(SENTENCES), max_size=4).map(" ".join)
    body = [f"{section}\n{draw(said)}" for section in draw(st.permutations(SECTIONS))[:3]]
    return PAGE.format(title=draw(st.sampled_from(TITLES)), rest="\n\n".join(body))


@st.composite
def graphs(draw: st.DrawFn) -> bytes:
    """A page's graph, some with a contradiction, some with other names of nodes or none."""
    made = draw(st.one_of(texts().map(graph), st.sampled_from(examples())))
    lines = made.splitlines(keepends=True)
    said = [line for line in lines if b"ontology#Statement>" in line]
    for other in said[:draw(st.integers(0, 1))]:
        lines.append(re.sub(rb"(<\S+) <\S+ <\S+ ", rb"\1 <https://w3id.org/rarekg/ontology#"
                            rb"contradicts> <https://w3id.org/rarekg/statement/0> ", other))
    name = draw(st.sampled_from([b"\\g<0>", b"", b"\\g<0>A "]))
    lines = [renamed(line, name) for line in lines]
    return b"".join(sorted(set(lines)))


def renamed(line: bytes, name: bytes) -> bytes:
    """A quad that gives a disease of ours another name, or nothing."""
    label = rb'(?<=/term/disease/).*rdf-schema#label> "'
    if name:
        return re.sub(label, name, line)
    return b"" if re.search(label, line) else line


def laid(folder: Path, made: list[bytes]) -> Path:
    """A graph of pages, each once, in order."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    named = {page[page.rindex(b" <"):]: page for page in made if page}
    (folder / "graph.nq").write_bytes(b"".join(named.values()))
    return folder / "graph.nq"


def lines(path: Path) -> tuple[bytes, ...]:
    """The quads of a graph."""
    return tuple(path.read_bytes().splitlines(keepends=True))


def expected(path: Path) -> dict[str, bytes]:
    """The files that the reader writes of the whole graph."""
    scratch = path.parent / "whole"
    scratch.mkdir()
    return contents(kgx.built(Release(path, scratch, TABLE)))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def made(path: Path, folder: Path, kept: Kept, jobs: int = 1) -> dict[str, bytes]:
    """The files that are made of parts, which take the place of those in `folder`."""
    scratch = path.parent / "pieces"
    scratch.mkdir()
    kgx_build.make(Release(path, scratch, TABLE), path, folder, kept, jobs)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(scratch / kgx.FOLDER, folder)
    return contents(folder)


@given(before=st.lists(graphs(), min_size=1, max_size=5), gone=st.sets(st.integers(0, 4)),
       after=st.lists(graphs(), max_size=3), size=st.sampled_from([1, 3000, 60_000]))
@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_rows_are_those_of_the_reader(
    tmp_path: Path, before: list[bytes], gone: set[int], after: list[bytes], size: int
) -> None:
    """Whatever pages there are, whichever come and go, and however long a piece is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kgx_build, "TARGET", size)
        old = laid(tmp_path / "old", before)
        kept = Kept(tmp_path / "kgx.parts")
        assert made(old, tmp_path / "kgx", kept) == expected(old)
        left = [page for number, page in enumerate(before) if number not in gone]
        new = laid(tmp_path / "new", [*left, *after])
        there, now = lines(old), lines(new)
        kept.changed = Pages(there, now)
        patch.setattr(kgx_build, "_Fresh", None)  # everything anew would not be the patch
        assert made(new, tmp_path / "kgx", kept) == expected(new)


def test_a_name_that_another_page_gives_reaches_measurements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page with the figure is as it was; what its disease is called is not."""
    monkeypatch.setattr(kgx_build, "TARGET", 1)
    figure = graph(PAGE.format(title="Zorro syndrome", rest="Treatment\nSurgery may help."))
    other = graph(PAGE.format(title="Zorro syndrome", rest="").replace("about 3", "about 5"))
    other = b"".join(renamed(line, b"\\g<0>A ") for line in other.splitlines(keepends=True))
    old = laid(tmp_path / "old", [figure, *examples()])
    new = laid(tmp_path / "new", [figure, *examples(), other])
    kept = Kept(tmp_path / "kgx.parts")
    assert b"\tzorro syndrome\t" in made(old, tmp_path / "kgx", kept)["measurements.tsv"]
    kept.changed = Pages((), tuple(other.splitlines(keepends=True)))
    found = made(new, tmp_path / "kgx", kept)
    assert b"\tA zorro syndrome\t" in found["measurements.tsv"]
    assert found == expected(new)


def test_an_outcome_comes_and_goes_with_the_edges_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its node stands in a piece that no page with such an edge has a row in."""
    monkeypatch.setattr(kgx_build, "TARGET", 1)
    deadly = graph(PAGE.format(title="Zorro syndrome", rest=f"Prognosis\n{DEADLY}"))
    few = laid(tmp_path / "few", list(examples()))
    both = laid(tmp_path / "both", [*examples(), deadly])
    kept = Kept(tmp_path / "kgx.parts")
    assert b"HP:0040006" not in made(few, tmp_path / "kgx", kept)["kgx_nodes.tsv"]
    kept.changed = Pages((), tuple(deadly.splitlines(keepends=True)))
    found = made(both, tmp_path / "kgx", kept)
    assert b"HP:0040006" in found["kgx_nodes.tsv"]
    assert found == expected(both)
    kept.changed = Pages(kept.changed.after, ())
    again = laid(tmp_path / "again", list(examples()))
    assert made(again, tmp_path / "kgx", kept) == expected(again)


def test_pieces_of_several_processes_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example pages, read and written by two processes in small pieces."""
    for name, value in (("PARALLEL_FROM", 0), ("TARGET", 500), ("BLOCK", 1000), ("EACH", 100_000)):
        monkeypatch.setattr(kgx_build, name, value)
    path = laid(tmp_path / "pages", [*examples(), graph(PAGE.format(title="Brown fever", rest=""))])
    kept = Kept(tmp_path / "kgx.parts")
    assert made(path, tmp_path / "kgx", kept, jobs=2) == expected(path)
    assert len(kept.pieces) > 20
    assert sum(piece.sizes[kgx_pieces.PARTS] for piece in kept.pieces) == kept.path.stat().st_size


def test_all_that_the_reader_reads_is_taken() -> None:
    """What it asks for is a predicate of the parts, or the name of a class."""
    reader = Reader(TABLE)
    text = b"".join(examples()).decode()
    triples = sorted({re.sub(r" <\S+> \.$", " .", line) + "\n" for line in text.splitlines()})
    assert len(list(reader.rows(nodes(triples)))) > 100
    asked = {name for name in reader.terms.names if not name.split(":")[1][0].isupper()}
    assert {reader.terms.names[name] for name in asked} <= set(verbs(TABLE))


def test_files_that_somebody_changed_are_no_source(tmp_path: Path) -> None:
    """All rows are made again where a file is not as long as its pieces."""
    path = laid(tmp_path / "pages", list(examples()))
    kept = Kept(tmp_path / "kgx.parts")
    made(path, tmp_path / "kgx", kept)
    with (tmp_path / "kgx/kgx_edges.tsv").open("ab") as out:
        out.write(b"a\tb\n")
    kept.changed = Pages((), ())
    assert not kgx_pieces.fits(kept.pieces, tmp_path / "kgx", kept.path)
    again = laid(tmp_path / "again", list(examples()))
    assert made(again, tmp_path / "kgx", kept) == expected(again)


def test_a_page_gives_its_parts_alone() -> None:
    """Pages that stand together are told apart, and no part is of two of them."""
    found = list(pages(b"".join(examples())))
    assert found == list(examples())
    graphs_of = {line.split(b" ")[1] for page in found for line in Taker(TABLE).lines(page)}
    assert len(graphs_of) == len(found)


def test_folders_that_no_row_is_read_from_are_left_out() -> None:
    """Whether they come first, between others, last or alone; a text that looks so stays."""
    base, tail = TABLE.table["rarekg"], "<http://x.example/g> ."
    def page(*names: str) -> bytes:
        return "".join(f'<{base}{name}> <{base}p> "<{base}span/1>" {tail}\n'
                       for name in names).encode()

    taker = Taker(TABLE)
    for names in (("citation/1", "page/1", "span/1", "span/2", "term/1"), ("span/1",),
                  ("page/1", "span/1"), ("spans/1",), ("graph/1", "grounding/1", "quote/1")):
        kept = [name for name in names if name.split("/")[0] not in UNREAD]
        assert taker._wanted(page(*names)) == page(*kept).decode().split("\n")[:-1]
