"""What our KGX can hold against the Biolink model itself: classes, predicates, ends and columns."""

from __future__ import annotations

import biolink_model as biolink
import pytest

from kg.exports.kgx_cells import EDGES, NODES
from kg.exports.kgx_outcomes import ASSOCIATION, outcomes
from kg.ontology import categories, kinds

pytestmark = pytest.mark.skipif(not biolink.MODEL.is_file(), reason="no ../shared/vocab here")

# Every class with every predicate that we write of it, and the categories of its two ends.
EDGE_TYPES = sorted({
    (value.association, value.predicate, *(
        (other, "biolink:Disease") if kind.subject == "object" else ("biolink:Disease", other)))
    for kind in kinds().values() for value in kind.values.values()
    for other in {categories()[name] for name in (kind.category, *kind.vocabularies) if name}
    if value.association and value.predicate.startswith("biolink:")
})
PROJECTIONS = [(ASSOCIATION, predicate, "biolink:NamedThing", "biolink:PhenotypicFeature")
               for one in outcomes().values() if one.label
               for predicate in (one.better, one.worse)]


def test_every_category_is_a_class() -> None:
    """Of named things, and none is a mixin."""
    for curie in {*categories().values(), "biolink:Publication"}:
        name = biolink.words(curie)
        assert "named thing" in biolink.ancestors(name), curie
        assert "mixin" not in biolink.model()[name].fields, curie


@pytest.mark.parametrize("found", [*EDGE_TYPES, *PROJECTIONS], ids=" ".join)
def test_every_edge_type_is_legal(found: tuple[str, str, str, str]) -> None:
    """The class is an association, the predicate below what it asks for, both ends within range."""
    association, predicate, *ends = map(biolink.words, found)
    assert "association" in biolink.ancestors(association)
    assert "related to" in biolink.ancestors(predicate) or "treats" in predicate
    below = biolink.used(association, "predicate", "subproperty_of")
    assert not below or below in biolink.ancestors(predicate)
    slot = biolink.model()[predicate].fields
    for end, category, own in zip(("subject", "object"), ends, ("domain", "range"), strict=True):
        for wanted in (biolink.used(association, end, "range"), slot.get(own, "")):
            assert not wanted or wanted in biolink.ancestors(category), (end, wanted)


def test_every_predicate_is_canonical() -> None:
    """Biolink names one of each pair of inverses, and we write that one."""
    text = biolink.MODEL.read_text(encoding="utf-8")
    for _, predicate, *_ in EDGE_TYPES:
        if predicate != "biolink:disease_has_location":  # the model marks neither of its pair
            part = text.split(f"\n  {biolink.words(predicate)}:\n")[1].split("\n\n")[0]
            assert "canonical_predicate: true" in part, predicate


@pytest.mark.parametrize(("columns", "root"), [(NODES, "named thing"), (EDGES, "association")])
def test_every_column_is_a_slot(columns: tuple[str, ...], root: str) -> None:
    """Koza's strict schema rejects a file with any other column."""
    assert set(columns) <= biolink.slots_below(root)
