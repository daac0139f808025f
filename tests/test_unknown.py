"""What a page calls unknown."""

from __future__ import annotations

import pytest
from sentences import page_of

from kg.extract.frames import caseless_row
from kg.extract.unknown import unknowns
from kg.files import rows, shipped


def test_topics_are_told_once_each() -> None:
    """Each topic is claimed at its first sentence, in the page's words."""
    page = page_of(
        "The exact cause of testosis is unknown. The cause of testosis is not known.",
        "There are no established guidelines for treating testosis.",
        "The long-term outlook for testosis is unknown.",
    )
    found = [(claim.value, claim.name) for claim in unknowns(page)]
    assert found == [("cause", "exact cause"), ("treatment", "established guidelines"),
                     ("prognosis", "long-term outlook")]


def test_the_quote_is_the_sentence() -> None:
    """The evidence quotes the sentence and points at its words in the page."""
    page = page_of("Testosis is rare. The cause of testosis is not well understood.")
    (claim,) = unknowns(page)
    text = page.document.text
    assert claim.evidence.quote == "The cause of testosis is not well understood."
    assert text[claim.evidence.exact.start:claim.evidence.exact.end] == "cause"


def test_known_things_are_left() -> None:
    """A stated cause and an established treatment are not unknown."""
    page = page_of("The cause of testosis is a virus. Standard treatment is surgery.")
    assert not list(unknowns(page))


@pytest.mark.parametrize(("text", "topic"), [
    ("No risk factors for autosomal recessive juvenile testosis of the elbow have been identified.",
     "risk_factors"),
    ("As yet there are no known risk factors for testosis.", "risk_factors"),
    ("The factors that affect risk are not known.", "risk_factors"),
    ("The genetic cause of Smith-Jones testosis syndrome has not been identified.", "cause"),
    ("What causes testosis isn't known.", "cause"),
    ("So far no successful treatment for testosis exists.", "treatment"),
    ("Testosis has no cure, nor is there any standard therapy.", "treatment"),
    ("With so few patients, not much is known about its treatment.", "treatment"),
    ("Not much is known about its long-term outlook.", "prognosis"),
    ("The outcome of testosis differs and is hard to predict.", "prognosis"),
])
def test_long_names_and_other_forms(text: str, topic: str) -> None:
    """A topic is found whatever the length of the disease's name and the order of the words."""
    assert [claim.value for claim in unknowns(page_of(text))] == [topic]


@pytest.mark.parametrize("text", [
    "The cause of testosis has been identified.",
    "It is unclear why the change causes deafness.",
    "Athletes have no known risk factors for testosis.",
    "There is no cure for testosis, but treatments are available.",
    "No treatment is needed.",
    "How age alters the outlook is not clear.",
])
def test_what_is_not_unknown(text: str) -> None:
    """Questions of mechanism, a missing cure and a single open factor are no unknown topic."""
    assert not list(unknowns(page_of(text)))


@pytest.mark.parametrize("text", [
    "Some people with testosis have no known mutation. In these individuals, the cause of testosis "
    "is unknown.",
    "Sometimes the cause of testosis is not known.",
    "The cause of testosis is unknown when no mutations in these genes are found."])
def test_what_is_unknown_in_some_people_only(text: str) -> None:
    """It is not said of the disease."""
    assert not list(unknowns(page_of(text)))


def test_most_cases_are_the_disease() -> None:
    """What is unknown in most cases is said of it."""
    assert list(unknowns(page_of("In most cases, the cause of testosis is unknown.")))


def test_rows_of_partial_hold_their_examples() -> None:
    """Each row of data/partial.tsv finds its example and leaves its counterexample alone."""
    path = shipped("data/partial.tsv")
    for line, cells in rows(path):
        pattern = caseless_row(cells["pattern"], path, line)
        assert pattern.search(cells["example"]), line
        assert not pattern.search(cells["counterexample"]), line


def test_what_one_treatment_is_not() -> None:
    """"X is not an established treatment" is about X; that there is none is about the disease."""
    assert not list(unknowns(page_of("Radiation is not an established treatment.")))
    assert list(unknowns(page_of("There is not an established treatment for testosis.")))
