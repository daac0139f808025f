"""Licences: recognised, compared, and told for every statement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphs import document, statements

from kg.errors import UsageError
from kg.files import rows, shipped
from kg.licences import TABLE, TARGETS, Licence, Licensing, allows, licence, refused, target
from kg.vocab.index import open_index

ROWS = [(line, cells) for line, cells in rows(shipped(TABLE))]


@pytest.mark.parametrize(("line", "cells"), ROWS, ids=[cells["id"] for _, cells in ROWS])
def test_each_row_knows_its_example_and_not_its_counterexample(
    line: int, cells: dict[str, str]
) -> None:
    """The example is this licence, the counterexample is another or none."""
    shape = re.escape(cells["id"]).replace(r"\{v\}", r"\d\.\d")
    found = licence(cells["example"])
    assert found is not None, line
    assert re.fullmatch(shape, found.id), found.id
    other = licence(cells["counter"])
    assert other is None or not re.fullmatch(shape, other.id)


def test_several_licences_must_all_be_kept_to() -> None:
    """One that is not known spoils all; none at all is not known either."""
    found = licence("MIT; open vocabulary CC0-1.0")
    assert found == Licence("CC0-1.0 AND MIT", frozenset({"attribution"}))
    assert licence("MIT; ask the author") is None
    assert licence("") is None
    assert licence("All rights reserved") is None


@pytest.mark.parametrize(("of", "under", "may"), [
    ("CC0-1.0", "CC0-1.0", True), ("CC0-1.0", "CC-BY-4.0", True),
    ("CC-BY-4.0", "CC0-1.0", False), ("CC-BY-3.0", "CC-BY-4.0", True),
    ("CC-BY-4.0", "CC-BY-SA-4.0", True), ("CC-BY-SA-4.0", "CC-BY-4.0", False),
    ("CC-BY-SA-3.0", "CC-BY-SA-4.0", True), ("CC-BY-SA-4.0", "CC-BY-SA-3.0", False),
    ("CC-BY-NC-4.0", "CC-BY-4.0", False), ("CC-BY-NC-4.0", "CC-BY-NC-4.0", True),
    ("CC-BY-ND-4.0", "CC-BY-ND-4.0", False), ("ODbL-1.0", "CC-BY-SA-4.0", False),
    ("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0", True), ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", False),
])
def test_what_may_go_out_under_what(of: str, under: str, may: bool) -> None:
    """Attribution, share-alike, non-commercial and no-derivatives bind as they say."""
    assert allows(licence(of), target(under)) is may


def test_an_unknown_target_is_refused() -> None:
    """The error says what would do."""
    with pytest.raises(UsageError, match=r"SPDX id such as CC0-1\.0"):
        target("mine")


def test_a_page_that_may_not_go_out_says_why() -> None:
    """No licence, an unknown one, and one that forbids it are told apart."""
    by = target("CC-BY-4.0")
    assert refused(document(license="https://creativecommons.org/licenses/by/4.0/"), by) == ""
    assert "states none" in refused(document(license=""), by)
    assert "not known" in refused(document(license="https://example.org/licence"), by)
    assert refused(document(license="CC-BY-SA-4.0"), by) == (
        "licence: CC-BY-SA-4.0 does not allow publication under CC-BY-4.0")


def test_the_ledger_has_a_line_for_each_statement() -> None:
    """With the page's and the vocabulary's licence, and what both allow."""
    page = document(license="CC0-1.0")
    made = statements(page)
    found = list(Licensing(open_index()).entries(page, made))
    assert [entry.statement for entry in found] == [one.id for one in made]
    by_node = dict(zip((one.object.id if one.object else one.kind for one in made), found,
                       strict=True))
    assert by_node["synonym"].under == TARGETS
    assert by_node["MAXO:0000004"].vocabulary_licence == "CC0-1.0"
    fever = by_node["HP:0001945"]
    assert fever.vocabulary_licence in {"LicenseRef-HPO", "CC0-1.0"}
    if fever.vocabulary_licence == "LicenseRef-HPO":
        assert "CC0-1.0" not in fever.under
        assert "CC-BY-4.0" in fever.under


def test_statements_of_a_vocabulary_that_forbids_it_stay_behind() -> None:
    """They are told with the reason, the others are kept."""
    page = document(license="CC0-1.0")
    made = statements(page)
    kept, left = Licensing(open_index()).kept(made, target("CC0-1.0"))
    assert len(kept) + len(left) == len(made)
    assert all("is under" in reason for _, reason in left)


def test_the_table_is_where_it_is_said_to_be() -> None:
    """Its licences are only those with a name that SPDX or we gave."""
    assert Path(shipped(TABLE)).is_file()
    assert len({cells["id"] for _, cells in ROWS}) == len(ROWS)
