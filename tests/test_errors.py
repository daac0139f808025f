"""What errors tell: near names, or how many there are."""

from __future__ import annotations

from kg.errors import UnknownName


def told(name: str, *known: str) -> str:
    """What is accepted instead of a name."""
    return str(UnknownName("thing", name, known)).partition("accepted: ")[2]


def test_near_names_are_told() -> None:
    """Those spelt nearly so in any case, else those that hold the name, else all."""
    assert told("MARFAN", "marfan", "Gaucher") == "marfan"
    assert told("castleman", "idiopathic multicentric Castleman disease", "Gaucher disease") == (
        "idiopathic multicentric Castleman disease")
    assert told("ab", "cabin", "x") == "cabin, x"


def test_a_long_list_is_cut() -> None:
    """Forty names at most, and how many more there are."""
    names = told("?", *(f"name{number:05}" for number in range(5000)))
    assert names.count(",") == 40
    assert names.endswith(" and 4,960 more")
