"""A graph written in pieces, and patched, has the bytes of one that was written as a whole."""

from __future__ import annotations

import gc
from itertools import groupby
from pathlib import Path

import pytest
import sample_release
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import exports, prefixes
from kg.cutting import Stretch
from kg.exports import pieces, piecewise
from kg.exports.pieces import QUADS, Change, Changed, Writer
from kg.exports.piecewise import NAMES, TRIPLES, Kept
from kg.exports.shapes import node
from kg.ntriples import nodes, told
from kg.sorting import Part, blocks

TABLE = prefixes.load()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The sorted quads of the sample release."""
    where = sample_release.write(tmp_path_factory.mktemp("release"))
    return sorted(set((where / "graph.nq").read_bytes().splitlines(keepends=True)))


def whole(quads: list[bytes], folder: Path) -> dict[str, bytes]:
    """The files of a graph by the writers themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "in.nq").write_bytes(b"".join(quads))
    forms = [form for form in exports.FORMATS if form.file in NAMES]
    exports.write(folder / "in.nq", folder / "exports", forms)
    return {name: (folder / "exports" / name).read_bytes() for name in NAMES}


@given(chosen=st.data(), size=st.sampled_from([1, 700, 20_000]))
@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_joined_and_patched_are_the_whole(
    lines: list[bytes], tmp_path: Path, chosen: st.DataObject, size: int
) -> None:
    """Whatever comes and goes, and however long a piece is."""
    every = st.sets(st.integers(0, len(lines) - 1), max_size=40)
    numbers = set(range(len(lines)))
    before = numbers - chosen.draw(every)
    if chosen.draw(st.booleans()):  # a whole piece may go
        before = {number for number in before if number > 60}
    after = before ^ chosen.draw(every)
    old, new = ([lines[number] for number in sorted(some)] for some in (before, after))
    writer = Writer(TABLE, NAMES)
    made = pieces.written(blocks(b"".join(old)), writer, tmp_path, size)
    expected = whole(old, tmp_path / "old")
    for name in NAMES:
        out = tmp_path / "joined"
        with out.open("wb") as handle:
            pieces.joined(name, writer, handle, [(made, tmp_path)])
        assert out.read_bytes() == expected[name], name
    patched = Changed(made, Change(frozenset(old) - set(new), frozenset(new) - set(old)),
                      tmp_path / "old/exports" / QUADS, writer)
    wanted = whole(new, tmp_path / "new")
    for name in NAMES:
        out = tmp_path / "patched"
        with out.open("wb") as handle, (tmp_path / "old/exports" / name).open("rb") as parts:
            pieces.spliced(name, writer, handle, patched, parts)
        assert out.read_bytes() == wanted[name], name
    assert sum(piece.triples for piece in patched.pieces) == wanted[TRIPLES].count(b"\n")


@pytest.mark.parametrize("names", [(), ("graph.ttl",), NAMES, ("graph.ttl", "tables/genes.csv")])
def test_kept_quads_are_patched_whatever_is_exported(
    lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    """With the sorted quads among the exports or beside them, the files are those of a new run."""
    forms = [form for form in exports.FORMATS if form.file in names]
    folder = tmp_path / "exports"
    kept = Kept(folder / QUADS if QUADS in names else tmp_path / "hidden.nq")
    monkeypatch.setattr(piecewise, "RUN", 20_000)  # several runs and ranges
    (tmp_path / "in.nq").write_bytes(b"".join(reversed(lines)))
    exports.write(tmp_path / "in.nq", folder, forms, kept=kept)
    assert kept.store.read_bytes() == b"".join(lines)
    new = lines[:900] + lines[950:]
    (tmp_path / "in.nq").write_bytes(b"".join(new))
    kept.change = Change(frozenset(lines[900:950]), frozenset())
    if "tables/genes.csv" not in names:  # that needs graph.nt, which is not there
        monkeypatch.setattr(piecewise, "_fresh", None)
    manifest = exports.write(tmp_path / "in.nq", folder, forms, kept=kept)
    assert kept.store.read_bytes() == b"".join(new)
    assert manifest == exports.write(tmp_path / "in.nq", tmp_path / "whole", forms)
    for form in forms:
        assert (folder / form.file).read_bytes() == (tmp_path / "whole" / form.file).read_bytes()


def test_two_processes_write_the_pieces_of_one(
    lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sorts its ranges, and they follow one another."""
    monkeypatch.setattr(piecewise, "PARALLEL_FROM", 0)
    forms = [form for form in exports.FORMATS if form.file in NAMES]
    (tmp_path / "in.nq").write_bytes(b"".join(lines))
    kept = Kept(tmp_path / "one" / QUADS), Kept(tmp_path / "two" / QUADS)
    manifests = [exports.write(tmp_path / "in.nq", one.store.parent, forms, jobs=jobs, kept=one)
                 for jobs, one in enumerate(kept, 1)]
    assert manifests[0] == manifests[1]
    assert sum(piece.quads for piece in kept[1].pieces) == len(lines)
    assert len(kept[1].pieces) > len(kept[0].pieces)


@given(st.sets(st.tuples(*(st.integers(0, 3) for _ in range(4)))))
def test_triples_of_several_graphs_are_there_once(rows: set[tuple[int, int, int, int]]) -> None:
    """The nodes of quads are those of the triples without repetition."""
    quads = [f"<s{s}> <p{p}> \"{o} <x> .\" <g{g}> ." for s, p, o, g in sorted(rows)]
    triples = sorted({f"<s{s}> <p{p}> \"{o} <x> .\" .\n" for s, p, o, _ in rows})
    found = [node(told("".join(f"{line}\n" for line in same)))
             for _, same in groupby(quads, lambda line: line.split(" ", 1)[0])]
    assert found == list(nodes(triples))


def test_a_process_has_one_writer_for_all_its_ranges(tmp_path: Path) -> None:
    """A writer is a cycle with all terms that it met, and garbage is looked for seldom."""
    source, table = tmp_path / "graph.nq", tuple(prefixes.load().table.items())
    source.write_text("".join(
        f'<http://x.example/{number}> <http://x.example/p> "{number}" <http://x.example/g> .\n'
        for number in range(10)), encoding="utf-8")
    part = Part(source, Stretch(0, source.stat().st_size))
    gc.collect()
    gc.disable()
    try:
        for number in range(4):
            piecewise._Group((part,), tmp_path / str(number), table, NAMES[1:], 100).pieces()
        alive = [one for one in gc.get_objects() if isinstance(one, Writer)]
    finally:
        gc.enable()
    assert len(alive) == 1
    assert (tmp_path / "0" / QUADS).read_bytes() == (tmp_path / "3" / QUADS).read_bytes()
