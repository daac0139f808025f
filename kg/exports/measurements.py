"""Rows of measurements.tsv: the statements that Biolink has no class for, complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ..ontology import Kind, comparators, kinds, units
from ..spilling import Shelf, Spool
from .kgx_cells import Row, without_gaps
from .kgx_terms import CONTRADICTED, DOUBTFUL, Properties, Terms, source


class Measurements:
    """Figures are kept until their statements come, rows until the names of their nodes do."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._figures = Shelf[Properties](dict[str, list[str]])
        self._rows = Spool[Row](dict[str, Any])
        self._notations, self._values = _names()

    def figure(self, subject: str, properties: Properties) -> None:
        """Keep the numbers of a figure."""
        self._figures[subject] = properties

    def keep(self, row: Row) -> None:
        """A row that `row` made is one of the table's."""
        self._rows.append(row)

    def row(self, subject: str, properties: Properties, kind: Kind | None) -> Row:
        """A statement as a row."""
        terms, target = self._terms, properties[self._terms.names["rdf:object"]][0]
        ends = terms.id(properties, "rdf:subject"), terms.id(properties, "rdf:object")
        backward = kind is not None and kind.subject == "object"
        disease, factor = ends[::-1] if backward else (ends[0], "")
        value = terms.id(properties, kind.property) if kind and kind.property else ""
        words = {*terms.texts(properties, "biolink:original_subject"),
                 *terms.texts(properties, "biolink:original_object")}
        return without_gaps({
            "id": terms.curie(subject), "kind": kind.name if kind else "", "disease": disease,
            "measure": self._values.get(value, value),
            "predicate": terms.id(properties, "rdf:predicate"), "factor": factor,
            **self._numbers(self._figures.get(target, {})),
            "negated": terms.true(properties, "biolink:negated"),
            "doubtful": terms.true(properties, DOUBTFUL),
            "contradicts": terms.ids(properties, CONTRADICTED),
            "original_words": sorted(words), **source(terms, properties)})

    def _numbers(self, figure: Properties) -> Row:
        terms = self._terms
        row: Row = {name: terms.text(figure, f"rkg:{name}")
                    for name in ("low", "high", "horizon", "about")}
        row["subject_text"] = terms.text(figure, "rkg:subjectText")
        for name in ("unit", "comparator"):
            curie = terms.id(figure, f"rkg:{name}")
            row[name] = self._notations.get(curie, curie)
        return row

    def rows(self, label: Callable[[str], str]) -> Iterator[Row]:
        """Every row that was added, with the labels of its nodes."""
        for row in self._rows:
            named = {f"{end}_name": label(row[end]) for end in ("disease", "factor") if end in row}
            yield without_gaps({**row, **named})


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """How units and comparators are written, and what the values of kinds are called."""
    notations = {curie: notation for table in (units(), comparators())
                 for notation, curie in table.items()}
    return notations, {one.iri: one.name for kind in kinds().values()
                       for one in kind.values.values() if one.iri}
