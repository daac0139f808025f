"""kg extract --trace: every claim with its row, and every way in which one is blocked."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pages import Nothing, document

from kg.cli import main
from kg.extract import claims
from kg.extract.trace import BLOCKED, MADE, TURNED, Note, trace
from kg.model import Block, Document


def notes(page: Document) -> list[Note]:
    """All that happened on a page."""
    return [note for one in trace(page, Nothing(), claims(page, Nothing())) for note in one.notes]


def only(page: Document, rule: str, verdict: str) -> Note:
    """The first note with this verdict whose rule begins so."""
    return next(n for n in notes(page) if n.verdict == verdict and n.rule.startswith(rule))


def test_a_claim_is_shown_with_its_row() -> None:
    """File and line of the frame that made it."""
    note = only(document("Testosis", "Smoking increases the risk of Testosis."), "risk", MADE)
    assert note.what.startswith("risk_factor increases: smoking")
    assert note.rows[0].startswith("frames/risk.tsv:")


def test_a_negation_is_shown_with_the_word_that_turned_it() -> None:
    """The row of modifiers.tsv stands beside the frame's."""
    note = only(document("Testosis", "Smoking does not increase the risk of Testosis."),
                "risk", TURNED)
    assert "increases → none" in note.what
    assert any(row.startswith("modifiers.tsv:") for row in note.rows)


def test_a_lesson_is_blocked_by_its_row() -> None:
    """The sentence is not read further."""
    page = document("Testosis", "You can find more information on our site.")
    note = only(page, "lesson", BLOCKED)
    assert note.rows
    assert note.rows[0].startswith("lessons.tsv:")


def test_a_refused_figure_is_shown() -> None:
    """A share of something else than people is no figure of the disease."""
    page = document("Testosis", "In Testosis 30% of the meal is left on the plate.")
    assert "30%" in only(page, "figure/", BLOCKED).what


def test_a_silent_block_says_why() -> None:
    """Nothing is read in references, and the trace says so."""
    page = document("Testosis", ("references", "Smoking increases the risk of Testosis."))
    assert only(page, "section references", BLOCKED)
    assert isinstance(page.blocks[0], Block)


def test_a_stopped_word_is_shown() -> None:
    """A word of data/stop.tsv is not looked up in running text."""
    assert "therapy" in only(document("Testosis", "Some therapy helps."), "stop", BLOCKED).what


def test_the_command_writes_text_or_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without FILE on standard output, with it as TSV; the claims are the same either way."""
    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
        return capsys.readouterr().out

    out = str(tmp_path)
    run("parse", "-o", out)
    run("extract", out)
    plain = (tmp_path / "claims.jsonl").read_bytes()
    shown = run("extract", out, "--trace")
    assert "+ therapy standard: wide local excision" in shown
    run("extract", out, f"--trace={tmp_path / 'trace.tsv'}")
    table = (tmp_path / "trace.tsv").read_text(encoding="utf-8").splitlines()
    assert {len(line.split("\t")) for line in table} == {9}
    assert (tmp_path / "claims.jsonl").read_bytes() == plain
    made = sum(line.split("\t")[4] == MADE for line in table)
    assert made == plain.count(b"\n")
