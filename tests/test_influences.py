"""Words of risk and cause in free prose: every row on its own example, and what stays out."""

from __future__ import annotations

import pytest
from sentences import page_of, sentence_of

from kg.extract.factors import factors
from kg.extract.frames import compiled
from kg.extract.gates import opened
from kg.extract.influences import Cue, argued, cues, influences
from kg.extract.page import Page
from kg.files import rows, shipped

ROWS = [pytest.param(cue, cells, id=cells["rule"])
        for cue, (_, cells) in zip(cues(), rows(shipped("data/risks.tsv")), strict=True)]


def _names(cue: Cue, text: str) -> list[str]:
    sentence = sentence_of(text)
    low = sentence.masked.lower()
    found = (item.name for match in cue.pattern.found(sentence.masked, low)
             for item in argued(sentence, cue, match))
    return list(dict.fromkeys(found))


def _leads(cue: Cue, text: str) -> bool:
    masked = sentence_of(text).masked
    return any(cue.pattern.found(masked, masked.lower()))


def said(page: Page) -> list[tuple[str, str, str]]:
    """Kind, name and value of every claim that a cue of risk or cause gives."""
    return [(claim.kind, claim.name, claim.value) for claim in influences(page, page.sentences)]


@pytest.mark.parametrize(("cue", "cells"), ROWS)
def test_a_row_reads_its_example(cue: Cue, cells: dict[str, str]) -> None:
    """The example of a row yields the names it expects; that of a lead is found."""
    if cue.side == "items":
        assert _leads(cue, cells["example"])
        return
    assert _names(cue, cells["example"]) == cells["expects"].split("; ")


@pytest.mark.parametrize(("cue", "cells"), ROWS)
def test_a_row_leaves_its_counterexample(cue: Cue, cells: dict[str, str]) -> None:
    """The counterexample of a row yields no name, and is no lead."""
    text = cells["counterexample"]
    if cue.side == "items":
        assert not _leads(cue, text)
        return
    assert not _names(cue, text)


@pytest.mark.parametrize(("cue", "cells"), ROWS)
def test_a_row_passes_its_own_gate(cue: Cue, cells: dict[str, str]) -> None:
    """One of the literals that a row needs stands in its example, and no rule has two rows."""
    assert opened(cells["example"].lower()) & cue.gate
    assert sum(other.rule == cue.rule for other in cues()) == 1


@pytest.mark.parametrize(("line", "row"), list(rows(shipped("data/influence_words.tsv"))))
def test_a_row_of_words(line: int, row: dict[str, str]) -> None:
    """Every row of data/influence_words.tsv finds its example and not its counterexample."""
    pattern = compiled(row["pattern"], shipped("data/influence_words.tsv"), line)
    assert pattern.search(row["example"])
    anchored = row["role"] in {"other", "vague label", "speaking"}
    assert not (pattern.match if anchored else pattern.search)(row["counterexample"])


@pytest.mark.parametrize(("text", "expected"), [
    ("Coffee came under suspicion, but later surveys failed to bear this out.",
     [("coffee", "none")]),
    ("Coffee came under suspicion.", [("coffee", "uncertain")]),
    ("One study connected coffee with a higher risk, but nobody has been able to reproduce that.",
     [("coffee", "uncertain")]),
    ("Sunlight doesn't provoke attacks of testosis.", [("sunlight", "none")]),
    ("It is less certain that smoking makes testosis more likely.", [("smoking", "uncertain")]),
    ("Gout was looked at in the same study and made no difference.", [("gout", "none")]),
    ("Boys and girls are equally susceptible.", [("sex", "none")]),
    ("Old age appears to push the risk up.", [("old age", "increases")]),
    ("Working with tar adds to the risk.", [("working with tar", "increases")]),
    ("Regular sleep keeps the risk down.", [("regular sleep", "decreases")]),
    ("Obesity tips the balance towards testosis.", [("obesity", "increases")]),
    ("Gout goes hand in hand with testosis.", [("gout", "increases")]),
    ("Welders are at particular risk.", [("welders", "increases")]),
    ("Tar has long been suspected.", [("tar", "uncertain")]),
    ("Many put their attacks down to stress.", [("stress", "increases")]),
    ("People in their twenties and those over 60 are hit hardest.",
     [("age in the twenties", "increases"), ("age over 60 years", "increases")]),
])
def test_doubt_and_denial(text: str, expected: list[tuple[str, str]]) -> None:
    """What the clause and the words after it deny or doubt is a value of its own."""
    assert said(page_of(text, kind="risk")) == [("risk_factor", *fact) for fact in expected]


@pytest.mark.parametrize(("text", "expected"), [
    ("The culprit is a parasite.", ("parasite", "stated")),
    ("Behind most cases lies a tick-borne germ.", ("tick-borne germ", "stated")),
    ("Coffee has since been ruled out as a cause.", ("coffee", "ruled_out")),
    ("Mumps is suspected of playing a part.", ("mumps", "suspected")),
    ("The root of the trouble is a virus, but its role is unproven.", ("virus", "suspected")),
])
def test_causes_in_free_prose(text: str, expected: tuple[str, str]) -> None:
    """What is behind the disease, with how sure that is."""
    assert said(page_of(text, kind="cause")) == [("cause", *expected)]


@pytest.mark.parametrize("text", [
    "Testosis raises the risk of stroke.",
    "Gout raises the risk of stroke.",
    "Care given after surgery, to lower the risk that the cancer will come back, is common.",
    "Surgery made no difference to survival.",
    "The mechanism behind testosis is still unclear.",
])
def test_what_is_about_something_else(text: str) -> None:
    """The disease as the cause, other risks and the outlook give no factor."""
    assert not said(page_of(text, kind="risk"))


def test_items_under_a_lead() -> None:
    """Items are factors under a lead that asks for them: a label, a name, or class and examples."""
    page = page_of(
        "What sets off an attack?", "- Smoking. Smokers who fall ill do worse.",
        "- crash diets and fasting", "- medicines: sedatives and antibiotics head a long list",
        "- You should ask your doctor.", kind="treatment")
    assert said(page) == [("risk_factor", name, "increases") for name in (
        "smoking", "crash diets", "fasting", "medicines", "sedatives", "antibiotics")]


def test_a_doubted_label() -> None:
    """A label is uncertain where the words after it doubt it."""
    page = page_of("Who is more likely to develop it?",
                   "- Infection. Mumps has preceded some cases, but this is yet to be proven.")
    assert {fact for fact in said(page) if fact[1] == "infection"} == {
        ("risk_factor", "infection", "uncertain")}


def test_no_fact_is_told_twice() -> None:
    """What a frame has found is not found again by a cue."""
    found = list(factors(page_of("Smoking raises the risk of testosis.", kind="risk")))
    assert [claim.name for claim in found] == ["smoking"]
