"""A graph written in pieces, and patched, has the bytes of one that was written as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import sample_release
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import exports, prefixes
from kg.exports import pieces
from kg.exports.pieces import QUADS, Change, Changed, Writer
from kg.exports.piecewise import NAMES, TRIPLES
from kg.sorting import blocks

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
