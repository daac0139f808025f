"""The sorted quads beside the ledger are those of the graph, however often it changed."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import sample_release
import tiny
from test_resume import FEW, check, run

from kg import exports, running
from kg.cli import main
from kg.exports import pieces, piecewise, store
from kg.exports.pieces import QUADS, Change
from kg.exports.piecewise import Kept
from kg.exports.store import Store, digest, end
from kg.ledger import FOLDER

TURTLE = [form for form in exports.FORMATS if form.name == "turtle"]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The sorted quads of the sample release."""
    where = sample_release.write(tmp_path_factory.mktemp("release"))
    return sorted(set((where / "graph.nq").read_bytes().splitlines(keepends=True)))


def ordered(kept: Kept) -> bytes:
    """The quads of the store in the order of its pieces."""
    content = kept.store.read_bytes()
    assert len(content) == end(kept.pieces)
    return b"".join(content[one.at:one.at + one.sizes[QUADS]] for one in kept.pieces)


def test_many_changes_one_after_the_other(
    lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces are appended, and the file is in order again before much of it is dead."""
    monkeypatch.setattr(piecewise, "TARGET", 500)
    dice, sizes = random.Random(3), []
    graph, folder, there = tmp_path / "in.nq", tmp_path / "exports", set(lines[::2])
    graph.write_bytes(b"".join(sorted(there)))
    kept = Kept(tmp_path / "hidden.nq")
    exports.write(graph, folder, TURTLE, kept=kept)
    monkeypatch.setattr(piecewise, "_fresh", None)  # from here on all is patched
    for _ in range(40):
        turned = set(dice.sample(lines, 12))
        kept.change = Change(frozenset(there & turned), frozenset(turned - there))
        there ^= turned
        graph.write_bytes(b"".join(sorted(there)))
        manifest = exports.write(graph, folder, TURTLE, kept=kept)
        assert ordered(kept) == graph.read_bytes()
        assert manifest == exports.write(graph, tmp_path / "whole", TURTLE)
        sizes.append(kept.store.stat().st_size / graph.stat().st_size)
    assert max(sizes) <= 1 + store.DEAD
    assert sizes.count(1.0) > 1  # it was put in order
    assert len({round(size, 6) for size in sizes}) > 20  # and appended to between


def test_a_checksum_reads_pieces_in_their_order(tmp_path: Path) -> None:
    """Whatever the file has between them, and however long they are."""
    content = bytes(range(256)) * 3000
    (tmp_path / "file").write_bytes(content)
    cuts = [(700_000, 68_000), (0, 300_000), (300_000, 7), (5, 0), (600_000, 1)]
    told = [pieces.Piece(b"", 0, 0, {QUADS: size}, at) for at, size in cuts]
    wanted = b"".join(content[at:at + size] for at, size in cuts)
    assert digest(tmp_path / "file", told) == hashlib.sha256(wanted).hexdigest()
    assert digest(tmp_path / "file", []) == hashlib.sha256(b"").hexdigest()


# ---------------------------------------------------------------- in a run


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Fifteen pages, the folder that they were published into in small pieces, and one that is
    another page now."""
    monkeypatch.setattr(piecewise, "TARGET", 400)
    pages, out = tiny.pages(tmp_path / "pages", 15), tmp_path / "out"
    assert run(pages, "-o", out) == 0
    (pages / "page-0003.txt").write_text(tiny.page(3, "may be"), encoding="utf-8")
    return pages, out


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """What has an entry for each call of a function of kg.exports.piecewise from now on."""
    calls: list[object] = []
    whole: Callable[..., object] = getattr(piecewise, name)

    def called(*arguments: object) -> object:
        calls.append(name)
        return whole(*arguments)

    monkeypatch.setattr(piecewise, name, called)
    return calls


def test_a_run_appends_to_the_store(
    published: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file stays the same file and grows by little; what is published is that of a new run."""
    pages, out = published
    path = out / FOLDER / running.SORTED
    before, fresh = path.stat(), counted(monkeypatch, "_fresh")
    monkeypatch.setattr(store, "DEAD", 2)  # these few pages share most of their subjects
    sizes = [before.st_size]
    for number in range(4, 6):
        assert run(pages, "-o", out) == 0
        sizes.append(path.stat().st_size)
        (pages / f"page-{number:04}.txt").write_text(tiny.page(number, "may be"), encoding="utf-8")
    assert not fresh
    assert path.stat().st_ino == before.st_ino
    assert sizes[0] < sizes[1] < sizes[2] < 2 * sizes[0]
    assert run(pages, "-o", out) == 0
    check(pages, out, tmp_path / "whole")


@pytest.mark.parametrize("harm", ["truncated", "appended", "gone", "edited"])
def test_a_store_that_somebody_touched_is_not_used(
    published: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    """Everything is written anew from the graph."""
    pages, out = published
    path = out / FOLDER / running.SORTED
    content = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes({"truncated": content[:-1], "appended": content + b"\n",
                          "edited": content[:-40] + b"x" * 40}[harm])
    fresh = counted(monkeypatch, "_fresh")
    assert run(pages, "-o", out) == 0
    assert fresh
    check(pages, out, tmp_path / "whole")


@pytest.mark.parametrize("cut", [0, 30, None])
def test_a_run_that_ends_after_it_appended_is_gone_on_with(
    published: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int | None
) -> None:
    """Before the new pieces are noted the store is of no known ones, whole or torn."""
    pages, out = published
    path = out / FOLDER / running.SORTED
    size, write = path.stat().st_size, Store.write

    def ends(self: Store) -> str:
        write(self)
        if cut is not None:
            os.truncate(path, size + cut)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", ends)
        with pytest.raises(SystemExit) as ended:
            main(["run", str(pages), "-o", str(out), *FEW])
        assert ended.value.code == 130
    assert path.stat().st_size == size + cut if cut is not None else path.stat().st_size > size
    assert run(pages, "-o", out) == 0
    check(pages, out, tmp_path / "whole")


def test_nquads_may_come_and_go(published: tuple[Path, Path], tmp_path: Path) -> None:
    """The file of N-Quads has nothing but the quads; beside the ledger is none then."""
    pages, out = published
    assert run(pages, "-o", out) == 0
    for number, more in enumerate((("--format", "nquads"), ("--format", "nquads"), ()), 8):
        (pages / f"page-{number:04}.txt").write_text(tiny.page(number, "may be"), encoding="utf-8")
        assert run(pages, "-o", out, *more) == 0
        assert (out / FOLDER / running.SORTED).exists() != bool(more)
        assert run(pages, "-o", tmp_path / "whole", "--fresh", *more) == 0
        assert tiny.contents(out) == tiny.contents(tmp_path / "whole")
