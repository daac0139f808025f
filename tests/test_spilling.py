"""What goes to disk when it grows is what it would have been in memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from kg.spilling import Groups, Shelf, Spool, in_rows

TEXT = st.text(alphabet="ab\x00\ud800é", max_size=3)


class Thing(Struct, frozen=True):
    """Some value."""

    name: str
    many: tuple[str, ...]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9))),
       st.integers(min_value=0, max_value=4))
def test_a_shelf_is_a_dictionary(items: list[tuple[str, int]], kept: int) -> None:
    """Before and after it spills."""
    shelf, plain = Shelf[int](int, kept), dict(items)
    for key, number in items:
        shelf[key] = number
    assert dict(shelf) == plain
    assert len(shelf) == len(plain)
    assert ("a" in shelf, shelf.get("b")) == ("a" in plain, plain.get("b"))
    for key in plain:
        del shelf[key]
    assert not len(shelf)


def test_structs_come_back_from_disk() -> None:
    """As what they were."""
    things = [Thing(str(number), ("x", str(number))) for number in range(10)]
    spool, shelf = Spool[Thing](Thing, 3), Shelf[Thing](Thing, 3)
    for thing in things:
        spool.append(thing)
        shelf[thing.name] = thing
    assert list(spool) == list(spool) == things
    assert len(spool) == 10
    assert [shelf[one.name] for one in things] == things


@given(st.lists(st.tuples(TEXT, TEXT)), st.integers(min_value=0, max_value=5))
def test_rows_are_sorted_as_tuples(rows: list[tuple[str, str]], kept: int) -> None:
    """Cell by cell, also where one cell begins as another does."""
    assert list(in_rows(rows, kept)) == sorted(set(rows))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9))), st.integers(0, 4))
def test_groups_keep_the_order_within_a_key(items: list[tuple[str, int]], kept: int) -> None:
    """However often they went to disk."""
    groups = Groups[int](int, kept)
    for key, number in items:
        groups.add(key, number)
    for key in "abc":
        assert groups.of(key) == [number for one, number in items if one == key]


@given(st.dictionaries(TEXT, st.integers(0, 9)), st.integers(0, 4))
def test_a_shelf_is_read_in_the_order_of_its_keys(items: dict[str, int], kept: int) -> None:
    """As Python sorts them."""
    shelf = Shelf[int](int, kept)
    shelf.update(items)
    assert list(shelf.in_order()) == sorted(items.items())
