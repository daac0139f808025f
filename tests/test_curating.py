"""An edited file of decisions redoes the pages that it touches, and gives what a full run would."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from click.testing import CliRunner, Result

from kg import jsonl
from kg.cli import cli
from kg.curation.decisions import HEADER
from kg.errors import DataError
from kg.ledger import FILE, FOLDER
from kg.model import Statement
from kg.summary import IDENTITY

ME = "https://orcid.org/0000-0002-1825-0097"
FEW = ("--format", "turtle", "--format", "kgx", "--jobs", "1")
QUOTE = "People with this condition may have fever, seizures and muscle weakness."
# What a class or value may be corrected to; a page is moved to any disease that is alive.
OTHERS = {"therapy": "MAXO:0000004", "phenotype": "HP:0001250", IDENTITY: "MONDO:0018150"}


def row(**cells: str) -> str:
    """One line of a file of decisions."""
    return "\t".join(({"by": ME, "on": "2026-11-22"} | cells).get(name, "") for name in HEADER)


class Table:
    """A file of decisions that people edit: comments and decisions, one a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []

    def write(self, *lines: str) -> None:
        """These are the lines now."""
        self.lines = list(lines)
        self.path.write_text("\n".join(("\t".join(HEADER), *lines, "")), encoding="utf-8")


def run(pages: Path, out: Path, table: Table | None) -> Result:
    """A run into a folder, with the decisions of the table if there is one."""
    more = ("--curation", str(table.path)) if table else ()
    return CliRunner().invoke(cli, ["run", str(pages), "-o", str(out), "--json", *FEW, *more])


def done(pages: Path, out: Path, table: Table | None) -> int:
    """How many pages a run did that is to succeed."""
    result = run(pages, out, table)
    assert result.exit_code == 0, result.output
    return int(json.loads(result.stdout)["pages_done"])


def report(out: Path) -> list[list[str]]:
    """The cells of what became of each decision."""
    lines = (out / "curation_report.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def stated(out: Path) -> list[Statement]:
    """The statements of a folder."""
    return list(jsonl.read(out / "statements.jsonl", Statement))


def about(out: Path, disease: str, kind: str) -> list[Statement]:
    """The statements of a kind about the disease of this name."""
    return [one for one in stated(out) if one.kind == kind and one.disease.label == disease]


@pytest.fixture
def first(tmp_path: Path) -> tuple[Path, Path, Table]:
    """Six pages, two of them about one disease, published into a folder; a table of decisions."""
    pages = tiny.pages(tmp_path / "pages", 5)
    (pages / "page-0103.txt").write_text(tiny.page(3, "may be"), encoding="utf-8")
    assert done(pages, tmp_path / "out", None) == 6
    return pages, tmp_path / "out", Table(tmp_path / "decisions.tsv")


def same(pages: Path, out: Path, table: Table | None) -> None:
    """`out` holds what a run into an empty folder gives."""
    whole = out.with_name(f"whole-{len(list(out.parent.iterdir()))}")
    run(pages, whole, table)
    assert tiny.contents(out) == tiny.contents(whole)


# ---------------------------------------------------------------- which pages are done


def test_one_decision_redoes_one_page(first: tuple[Path, Path, Table]) -> None:
    """The first decision, a changed one and none at all: each time the page that states it."""
    pages, out, table = first
    one = about(out, "disease 2 of the test", "therapy")[0]
    for lines in ([row(statement=one.id, decision="reject")],
                  [row(statement=one.id, decision="accept", note="read again")], []):
        table.write(*lines)
        assert done(pages, out, table) == 1
        assert [cells[5] for cells in report(out)] == ["applied"] * len(lines)
        same(pages, out, table)
    assert done(pages, out, None) == 0
    same(pages, out, None)


def test_a_decision_redoes_every_page_that_states_it(first: tuple[Path, Path, Table]) -> None:
    """Two pages of one disease state one thing; the column page tells which is meant."""
    pages, out, table = first
    one = about(out, "disease 3 of the test", "phenotype")[0]
    table.write(row(statement=one.id, decision="reject"))
    assert done(pages, out, table) == 2
    assert report(out)[0][6] == "2"
    same(pages, out, table)
    table.write(row(statement=one.id, decision="reject", page="pages/page-0103.txt"))
    assert done(pages, out, table) == 2  # one has it back, the other by another decision
    same(pages, out, table)
    table.write(row(statement=one.id, decision="accept", page="pages/page-0103.txt"))
    assert done(pages, out, table) == 1
    same(pages, out, table)


def test_what_no_page_has_redoes_none_and_is_reported(first: tuple[Path, Path, Table]) -> None:
    """A stale decision, a comment and another order of lines change the report alone."""
    pages, out, table = first
    one = row(statement=about(out, "disease 1 of the test", "therapy")[0].id, decision="accept")
    gone = row(statement="f" * 16, decision="reject")
    away = row(decision="add", page="gone.txt", kind="phenotype", name="fever", quote=QUOTE)
    for lines, wanted in (((one,), 1), ((one, gone), 0), (("# why", away, one, gone), 0),
                          ((gone, one), 0), ((one, one), 0)):
        table.write(*lines)
        assert done(pages, out, table) == wanted
        same(pages, out, table)
    assert [cells[5] for cells in report(out)] == ["overruled", "applied"]
    assert (out / "curation_applied.tsv").read_bytes() == table.path.read_bytes()


def test_what_a_page_is_about_moves_the_ids_of_the_rest(first: tuple[Path, Path, Table]) -> None:
    """A decision on a statement as it stands after another decision counts, and is stale after."""
    pages, out, table = first
    moved = row(statement=about(out, "disease 4 of the test", IDENTITY)[0].id, decision="id",
                to=OTHERS[IDENTITY])
    table.write(moved)
    assert done(pages, out, table) == 1
    one = next(s for s in stated(out) if s.disease.id == OTHERS[IDENTITY] and s.kind == "phenotype")
    table.write(moved, row(statement=one.id, decision="reject"))
    assert done(pages, out, table) == 1
    same(pages, out, table)
    table.write(row(statement=one.id, decision="reject"))
    assert done(pages, out, table) == 1
    assert [cells[5] for cells in report(out)] == ["stale"]
    same(pages, out, table)


def test_what_is_added_redoes_its_page(first: tuple[Path, Path, Table]) -> None:
    """Borne out or not; a refusal names the line, so it moves with it."""
    pages, out, table = first
    good = row(decision="add", page="pages/page-0001.txt", kind="site", name="muscle", quote=QUOTE)
    bad = row(decision="add", page="pages/page-0002.txt", kind="site", name="liver", quote="liver")
    for lines, wanted in (((good,), 1), ((good, bad), 1), (("# why", good, bad), 2), ((bad,), 2)):
        table.write(*lines)
        assert done(pages, out, table) == wanted
        same(pages, out, table)
    assert "decisions.tsv:2: " in (out / "proposer.tsv").read_text(encoding="utf-8")


def test_a_decision_that_cannot_be_applied_leaves_all_as_it_was(
    first: tuple[Path, Path, Table]
) -> None:
    """The run ends as a full one does, and goes on when the line is gone."""
    pages, out, table = first
    before = tiny.contents(out)
    one = next(s for s in stated(out) if s.kind == "therapy")
    table.write(row(statement=one.id, decision="id", to="MAXO:9999999"))
    for _ in range(2):
        assert isinstance(run(pages, out, table).exception, DataError)
        assert tiny.contents(out) == before
    table.write()
    assert done(pages, out, table) == 0
    same(pages, out, table)


def test_a_ledger_of_an_older_shape_is_begun_anew(first: tuple[Path, Path, Table]) -> None:
    """Its pages are all done again, and the files are those of a full run."""
    pages, out, _ = first
    with sqlite3.connect(out / FOLDER / FILE) as book:
        book.execute("ALTER TABLE pages DROP COLUMN asked")
        book.execute("PRAGMA user_version=1")
    book.close()
    assert done(pages, out, None) == 6
    same(pages, out, None)


# ---------------------------------------------------------------- any edits, in any order


class Editor:
    """Somebody who edits decisions and pages at random."""

    def __init__(self, dice: random.Random, pages: Path, out: Path) -> None:
        self.dice = dice
        self.pages = pages
        self.out = out
        self.seen: dict[str, Statement] = {}

    def edited(self, lines: list[str]) -> list[str]:
        """The lines of the table after one or two edits."""
        self.seen |= {one.id: one for one in stated(self.out)}
        for _ in range(self.dice.choice((1, 1, 2))):
            edit: Callable[[list[str]], list[str]] = self.dice.choice(
                (self._more, self._more, self._more, self._fewer, self._other, self._moved))
            lines = edit(lines)
        return lines

    def _more(self, lines: list[str]) -> list[str]:
        place = self.dice.choice((len(lines), self.dice.randint(0, len(lines))))
        return [*lines[:place], self._decision(), *lines[place:]]

    def _fewer(self, lines: list[str]) -> list[str]:
        gone = self.dice.randrange(len(lines)) if lines else 0
        return lines[:gone] + lines[gone + 1:]

    def _other(self, lines: list[str]) -> list[str]:
        """A line says when it was decided on anew, or is made twice."""
        if not lines:
            return lines
        one = self.dice.choice(lines)
        newer = one.replace("2026-11-22", f"2026-11-{self.dice.randint(10, 21)}")
        return [*lines, one] if self.dice.random() < 0.2 else [
            newer if line == one else line for line in lines]

    def _moved(self, lines: list[str]) -> list[str]:
        return ["# sorted", *self.dice.sample(lines, len(lines))]

    def _decision(self) -> str:
        page = f"pages/{self.dice.choice(sorted(self.pages.iterdir())).name}"
        sort = self.dice.choice(("accept", "reject", "id", "id", "add", "value", "stale"))
        if sort == "add":
            return row(decision="add", page=page, kind="site", name="muscle",
                       quote=self.dice.choice((QUOTE, "a muscle that no page has")))
        if sort == "stale":
            return row(statement=f"{self.dice.randrange(16 ** 16):016x}", decision="accept")
        one = self.dice.choice([self.seen[key] for key in sorted(self.seen)])
        cells = {"statement": one.id, "page": self.dice.choice(("", "", page)),
                 "note": self.dice.choice(("", "why"))}
        if sort == "id" and one.kind in OTHERS:
            return row(decision="id", to=OTHERS[one.kind], **cells)
        if sort == "value" and one.kind == "therapy":
            return row(decision="value", to="standard", **cells)
        plain = "accept" if one.kind == IDENTITY else self.dice.choice(("accept", "reject"))
        return row(decision=plain, **cells)

    def turned(self) -> None:
        """A page is other, gone or new."""
        path = self.dice.choice(sorted(self.pages.iterdir()))
        if self.dice.random() < 0.3 and len(list(self.pages.iterdir())) > 4:
            path.unlink()
        else:
            text = tiny.page(self.dice.randint(1, 5), self.dice.choice(("is", "may be", "was")))
            (self.pages / f"page-{self.dice.randint(1, 8):04}.txt").write_text(text, "utf-8")


@pytest.mark.parametrize("seed", [1, 2])
def test_any_edits_give_what_a_full_run_gives(
    first: tuple[Path, Path, Table], seed: int
) -> None:
    """Decisions come, go, change and move, stale ones too, and pages change with them."""
    pages, out, table = first
    editor, count = Editor(random.Random(seed), pages, out), 0
    for number in range(12):
        table.write(*editor.edited(table.lines))
        if number % 3 == 2:
            editor.turned()
        count += done(pages, out, table)
        same(pages, out, table)
    assert {"applied", "stale"} <= {cells[5] for cells in report(out)}
    assert count < 12 * 3  # half of all


def test_a_kill_amid_an_edit_is_gone_on_with(first: tuple[Path, Path, Table]) -> None:
    """What a killed run did with other decisions is done again where it must be."""
    pages, out, table = first
    editor, kills, started = Editor(random.Random(7), pages, out), 0, time.monotonic()
    done(pages, out.with_name("timed"), None)
    longest = time.monotonic() - started + 1.5
    for _ in range(6):
        lines = table.lines
        for _ in range(2):
            lines = editor.edited(lines)
        table.write(*lines)
        command = tiny.command(pages, out, *FEW, "--curation", str(table.path))
        kills += tiny.killed(command, editor.dice.uniform(0.5, longest))
        table.write(*editor.edited(table.lines))
        done(pages, out, table)
        same(pages, out, table)
    assert kills
