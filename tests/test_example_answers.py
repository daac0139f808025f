"""The named queries on the example pages answer what a person reads there."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import answers, prefixes, queries, query
from kg.files import shipped
from kg.pipeline import Input, Settings, publish
from kg.vocab.index import open_index

FOLDER = Path(__file__).parent / "queries" / "examples"
PAGES = ("hidradenocarcinoma.txt", "gitelman-syndrome.xml")
# In a patient's question, a list of resources and a lesson on mutations of the first page.
NOT_FACTS = ("interferon", "basal cell", "imatinib", "medscape", "cures", "somatic", "80")
TABLE = prefixes.load()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The two pages that the expected answers were read from, published."""
    if not open_index().has_packages:
        pytest.skip("needs the vocabularies of the vocab extra")
    outcomes = [publish(Settings(), Input(f"pages/{name}", str(shipped("data/pages") / name)))
                for name in PAGES]
    path = tmp_path_factory.mktemp("examples") / "graph.nq"
    path.write_bytes(b"".join(outcome.files["graph.nq"] for outcome in outcomes))
    return query.open_store(path)


def asked(store: ox.Store, name: str) -> list[dict[str, str]]:
    """The rows of a named query, its parameters left open."""
    text = queries.text(queries.find(name), {}, TABLE)
    found = answers.rendered(query.ask(store, text, TABLE), "csv", TABLE)
    return rows(found.decode())


def rows(text: str) -> list[dict[str, str]]:
    """CSV as rows whose case does not matter: some labels are made from names in lower case."""
    return [{column: cell.casefold() for column, cell in row.items()}
            for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_what_the_pages_say_is_answered(store: ox.Store, name: str) -> None:
    """Every row that a person read in the pages is among the answers."""
    found = asked(store, name)
    for row in rows((FOLDER / f"{name}.csv").read_text(encoding="utf-8")):
        assert any(row.items() <= answer.items() for answer in found), (row, found)


@pytest.mark.parametrize("name", ["therapies", "figures", "prognostic-factors", "genes", "causes"])
def test_the_noise_of_the_pages_is_no_answer(store: ox.Store, name: str) -> None:
    """Nothing comes from the patient's question, the list of resources or the lesson."""
    for answer in asked(store, name):
        words = " ".join(cell for column, cell in answer.items()
                         if column not in {"statement", "disease"} and "://" not in cell)
        assert not [word for word in NOT_FACTS if word in words.split() or f" {word}" in words]
