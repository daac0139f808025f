"""What mutation testing changes: one place of a function of a core, by operators of mutmut."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from msgspec import Struct
from mutmut.mutation.mutators import mutation_operators

# The cores that issue 8 names, and the files that do their work.
CORES = {
    "extraction": ("kg/extract/*.py",),
    "grounding": ("kg/ground.py", "kg/vocab/resolve.py", "kg/vocab/broader.py"),
    "rdf": ("kg/rdf.py", "kg/pages.py", "kg/terms.py", "kg/written.py"),
    "validation": ("kg/validate.py", "kg/engines.py", "kg/oracle.py"),
}
LEFT = frozenset({"len", "isinstance"})  # calls that mutmut leaves alone too


class Mutant(Struct, frozen=True):
    """One change: where it is, what it is, and the whole file with it."""

    core: str
    path: str
    function: str
    lines: tuple[int, int]  # of the statement, or of its first line where others stand in it
    operator: str
    change: str
    code: str

    @property
    def key(self) -> str:
        """What finds the change again after lines have moved."""
        return f"{self.path} {self.function} {self.change}"


class _Place(Struct, frozen=True):
    node: Any
    made: Any
    operator: str
    function: str
    lines: tuple[int, int]


class _File:
    """A source file, parsed, and every place of its functions that can be changed."""

    def __init__(self, root: Path, path: str) -> None:
        self.path = path
        wrapper = MetadataWrapper(cst.parse_module((root / path).read_text(encoding="utf-8")))
        self._positions = wrapper.resolve(PositionProvider)
        self._module = wrapper.module
        self._program = ast.dump(ast.parse(self._module.code))
        self.places = list(self._within(self._module, "", (0, 0)))

    def _within(
        self, node: Any, function: str, lines: tuple[int, int], inside: bool = False
    ) -> Iterator[_Place]:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Parameters) or _left(node):
            return  # parameters: their defaults are made at import, once
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            function = f"{function}.{node.name.value}".strip(".")
        lines = self._lines(node) or lines
        if inside:
            for kind, operator in mutation_operators:
                if isinstance(node, kind):
                    for made in operator(node):
                        name = operator.__name__.removeprefix("operator_")
                        yield _Place(node, made, name, function, lines)
        for child in node.children:
            # what stands in a class and in no method runs at import
            yield from self._within(child, function, lines,
                                    inside or isinstance(node, cst.FunctionDef))

    def _lines(self, node: Any) -> tuple[int, int] | None:
        """Of a statement, all its lines; of one that has others in it, those before these."""
        if isinstance(node, cst.SimpleStatementLine):
            here = self._positions[node]
            return here.start.line, here.end.line
        if isinstance(getattr(node, "body", None), cst.IndentedBlock):
            start, body = self._positions[node].start.line, node.body.body[0]
            return start, max(start, self._positions[body].start.line - 1)
        return None

    def mutant(self, core: str, place: _Place) -> Mutant | None:
        """The changed file, or nothing where that is no Python or the same program."""
        made = self._module.deep_replace(place.node, place.made)
        try:
            if ast.dump(ast.parse(made.code)) == self._program:
                return None
        except SyntaxError:
            return None
        change = f"{self._said(place.node)} => {self._said(place.made)}"
        return Mutant(core, self.path, place.function, place.lines, place.operator, change,
                      made.code)

    def _said(self, node: Any) -> str:
        return " ".join(self._module.code_for_node(node).split())


def _left(node: Any) -> bool:
    return (isinstance(node, cst.Call) and isinstance(node.func, cst.Name)
            and node.func.value in LEFT)


def files_of(root: Path, core: str) -> list[str]:
    """The files of a core."""
    return sorted(path.relative_to(root).as_posix()
                  for pattern in CORES[core] for path in root.glob(pattern))


def sample(root: Path, core: str, count: int, seed: int) -> tuple[list[Mutant], int]:
    """So many mutants of a core, the same for a seed, and how many it has in all."""
    places = [(file, place) for file in (_File(root, path) for path in files_of(root, core))
              for place in file.places]
    random.Random(f"{seed} {core}").shuffle(places)
    found: dict[str, Mutant] = {}
    for file, place in places:
        if len(found) == count:
            break
        made = file.mutant(core, place)
        if made is not None:
            found.setdefault(made.key, made)
    return list(found.values()), len(places)



def listed(path: Path | None) -> frozenset[str]:
    """The changes that nothing can tell from the program, of a table of these with reasons."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path else []
    return frozenset(line.partition("\t")[0] for line in lines)


def interval(killed: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson)."""
    share, z = killed / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return middle - half, middle + half


def table(core: str, said: Sequence[tuple[str, str]], known: frozenset[str], places: int) -> str:
    """A core's row of the table in docs/reliability.md."""
    killed = sum(one in {"killed", "timeout"} for _, one in said)
    same = sum(key in known for key, one in said if one not in {"killed", "timeout"})
    count = len(said) - same
    low, high = interval(killed, count)
    return (f"| {core} | {places} | {len(said)} | {killed} | {same} | {killed / count:.1%} | "
            f"{low:.0%} to {high:.0%} |")
