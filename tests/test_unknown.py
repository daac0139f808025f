"""What a page calls unknown."""

from __future__ import annotations

from sentences import page_of

from kg.extract.unknown import unknowns


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
