"""The parts of Biolink's YAML that the tests ask about, read without a YAML library."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

MODEL = Path(__file__).parents[2] / "shared/vocab/biolink-model.yaml"
_NAME = re.compile(r"  ([A-Za-z][^:#]*):\s*$")
_FIELD = re.compile(r"    (is_a|domain|range|mixin): *(.+?)\s*$")
_LIST = re.compile(r"    (mixins|slots):\s*(\[.*\])?\s*$")
_ITEM = re.compile(r"      - ([^#]+?)\s*(?:#.*)?$")
_USAGE = re.compile(r"      ([a-z][^:]*):\s*$")
_USED = re.compile(r"        (range|subproperty_of): *(.+?)\s*$")


class Element:
    """A class or slot: its parents, and what is said of it and, for a class, of its slots."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.mixins: list[str] = []
        self.slots: list[str] = []
        self.usage: dict[str, dict[str, str]] = {}

    @property
    def parents(self) -> list[str]:
        """What it is a kind of."""
        return [*([self.fields["is_a"]] if "is_a" in self.fields else []), *self.mixins]


@cache
def model() -> dict[str, Element]:
    """Every class, slot and type by name."""
    found: dict[str, Element] = {}
    current, into, used = Element(), list[str](), dict[str, str]()
    for line in MODEL.read_text(encoding="utf-8").splitlines():
        if name := _NAME.match(line):
            current, into, used = found.setdefault(name.group(1), Element()), [], {}
        elif field := _FIELD.match(line):
            current.fields[field.group(1)] = field.group(2)
        elif several := _LIST.match(line):
            into = current.mixins if several.group(1) == "mixins" else current.slots
        elif item := _ITEM.match(line):
            into.append(item.group(1))
        elif usage := _USAGE.match(line):
            used = current.usage.setdefault(usage.group(1), {})
        elif value := _USED.match(line):
            used[value.group(1)] = value.group(2)
        elif re.match(r"    \S", line):
            into = []
    return found


def ancestors(name: str) -> set[str]:
    """`name` and all that it is a kind of."""
    found, todo = set[str](), [name]
    while todo:
        one = todo.pop()
        if one not in found and one in model():
            found.add(one)
            todo.extend(model()[one].parents)
    return found


def slots_below(root: str) -> set[str]:
    """The slots of a class and of all that are kinds of it, as columns are called."""
    classes = {one for name in model() if root in ancestors(name) for one in ancestors(name)}
    return {slot.replace(" ", "_") for name in classes for slot in model()[name].slots}


def used(association: str, slot: str, what: str) -> str:
    """What the nearest of a class and its ancestors says of a slot, empty if none does."""
    todo = [association]
    while todo:
        one = todo.pop(0)
        if what in model()[one].usage.get(slot, {}):
            return model()[one].usage[slot][what]
        todo.extend(parent for parent in model()[one].parents if parent in model())
    return ""


def words(curie: str) -> str:
    """The model's name of a class or slot: biolink:GeneToDiseaseAssociation, biolink:treats."""
    local = curie.removeprefix("biolink:")
    if local[0].islower():
        return local.replace("_", " ")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()
