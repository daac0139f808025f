"""The sentences behind an edge as Biolink nests them: a page is a study, a sentence a result."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ..spilling import Shelf
from .kgx_terms import Properties, Terms


class Sentence(Struct, frozen=True):
    """One piece of evidence; `quote`, `mention` and `page` are CURIEs."""

    id: str
    page: str
    section: str
    quote: str
    mention: str


class Studies:
    """What the evidence of a graph says, kept until the statements that rest on it come."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._sentences = Shelf[Sentence](Sentence)
        self._quotes = Shelf[str](str)

    def evidence(self, subject: str, properties: Properties) -> None:
        """Keep a piece of evidence."""
        terms = self._terms
        quotes = [one for one in terms.ids(properties, "oa:hasSelector")
                  if one.startswith("rarekg:quote/")]
        self._sentences[subject] = Sentence(
            terms.curie(subject), terms.id(properties, "oa:hasSource"),
            terms.text(properties, "rkg:section"), "".join(quotes[:1]),
            terms.id(properties, "rkg:mention"))

    def quote(self, subject: str, properties: Properties) -> None:
        """Keep the words of a quote."""
        self._quotes[self._terms.curie(subject)] = self._terms.text(properties, "oa:exact")

    def of(self, properties: Properties) -> list[dict[str, Any]]:
        """The studies of a statement: its pages in order, each with its sentences."""
        terms = self._terms
        side = ("subject" if terms.names["biolink:original_subject"] in properties else "object")
        pages: dict[str, list[dict[str, Any]]] = {}
        for term in properties.get(terms.names["biolink:has_evidence"], ()):
            if one := self._sentences.get(term):
                pages.setdefault(one.page, []).append(self._result(one, side))
        return [{"id": page, "category": ["biolink:Study"], "has_study_results": pages[page]}
                for page in sorted(pages)]

    def _result(self, one: Sentence, side: str) -> dict[str, Any]:
        """A sentence, where in it the mention stands, and in which section of which page."""
        row: dict[str, Any] = {
            "id": one.id, "category": ["biolink:TextMiningStudyResult"], "xref": [one.quote],
            "supporting_text": [self._quotes.get(one.quote, "")]}
        place = _within(one.mention, one.quote)
        if place:
            row[f"{side}_location_in_text"] = place
        return {**row, "supporting_text_section_type": one.section}


def _within(mention: str, quote: str) -> list[int]:
    """Where a mention stands, counted from the beginning of its quote; empty where outside."""
    start, end = ends(mention)
    first, last = ends(quote)
    return [start - first, end - first] if first <= start <= end <= last else []


def ends(selector: str) -> tuple[int, int]:
    """The offsets in the name of a selector; (-1, -1) where it has none."""
    _, start, end = ("", *selector.rsplit("-", 2)[1:]) if selector.count("-") > 1 else ("", "", "")
    return (int(start), int(end)) if start.isdigit() and end.isdigit() else (-1, -1)
