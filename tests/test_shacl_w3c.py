"""Both SHACL engines on the W3C's tests of every feature that our shapes use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import engines
from kg.engines import ENGINES, Raw, available, shapes_text

SUITE = (Path(__file__).parents[2] / "shared/conformance/shacl/data-shapes-test-suite/tests")
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
FOLDERS = ("core/misc", "core/node", "core/path", "core/property", "core/targets", "sparql/node",
           "sparql/pre-binding")
# A test is named after its feature: a word of SHACL, or one of these that our shapes use as well.
OTHERS = {"path-sequence", "path-unused", "pre-binding"}
# What a test needs besides its feature, and our shapes have not.
LEFT_OUT = {"prefixes-001": "prefixes by owl:imports, which pyshacl 0.40 does not follow",
            "pre-binding-006": "a query that engines must refuse: ours are all accepted"}
BLANK = re.compile(r"_:.*|[nN]?[0-9a-f]{20,}(?:b\d+)?")


def store(text: str) -> ox.Store:
    """A Turtle document as a store."""
    made = ox.Store()
    made.load(text.encode(), format=ox.RdfFormat.TURTLE)
    return made


def features() -> set[str]:
    """The words of SHACL that our shapes use, and what a sequence path is called in the suite."""
    used = {quad.predicate.value.removeprefix(SH) for quad in store(shapes_text())
            if quad.predicate.value.startswith(SH)}
    return used | OTHERS


def cases() -> Iterator[Path]:
    """The tests of our features, each a file."""
    known = features()
    for folder in FOLDERS:
        for path in sorted((SUITE / folder).glob("*.ttl")):
            parts = path.stem.split("-")
            names = {parts[0], "-".join(parts[:2])}
            part = path.stem.endswith(("-data", "-shapes"))
            if names & known and not part and path.stem not in LEFT_OUT:
                yield path


FOUND = list(cases())


class Case:
    """One test: its data, its shapes, and the results that must be found."""

    def __init__(self, path: Path) -> None:
        self.base = path.as_uri()
        self.whole = self.read(self.base)
        self.data, self.shapes = (self.lines(self.one(f"{SHT}{name}Graph"))
                                  for name in ("data", "shapes"))

    @staticmethod
    def read(uri: str) -> ox.Store:
        """A document of the suite, its relative names those of its file."""
        made = ox.Store()
        made.load(path=uri.removeprefix("file://"), format=ox.RdfFormat.TURTLE, base_iri=uri)
        return made

    def one(self, predicate: str) -> str:
        """The one object of a property."""
        (found,) = self.whole.quads_for_pattern(None, ox.NamedNode(predicate), None)
        assert isinstance(found.object, ox.NamedNode | ox.BlankNode)
        return found.object.value

    def lines(self, uri: str) -> bytes:
        """A document of the suite as N-Triples."""
        rows = (quad.triple for quad in self.read(uri))
        return ox.serialize(rows, format=ox.RdfFormat.N_TRIPLES) or b""

    @property
    def expected(self) -> set[tuple[str, ...]]:
        """What must be found."""
        rows = self.whole.query(f"""PREFIX sh: <{SH}>
            SELECT ?focus ?shape ?component ?severity ?value WHERE {{
              ?report sh:result ?one . ?one sh:focusNode ?focus ;
                sh:sourceConstraintComponent ?component ; sh:resultSeverity ?severity .
              OPTIONAL {{ ?one sh:sourceShape ?shape }} OPTIONAL {{ ?one sh:value ?value }} }}""")
        assert isinstance(rows, ox.QuerySolutions)
        return {tuple(self.plain(row[name]) for name in (
            "focus", "shape", "component", "severity", "value")) for row in rows}

    @staticmethod
    def plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
        """A term as `Raw` has it, a blank node without its name."""
        if isinstance(term, ox.BlankNode):
            return "_:"
        return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def said(found: list[Raw]) -> set[tuple[str, ...]]:
    """An engine's results without the names of blank nodes."""
    return {tuple("_:" if BLANK.fullmatch(cell) else cell for cell in (
        raw.focus, raw.shape, raw.component, raw.severity, raw.value)) for raw in found}


def test_shapes_use_sequences_and_no_other_paths() -> None:
    """So that of the suite's paths the sequences are enough; and no prefixes by import."""
    text = shapes_text()
    paths = set(re.findall(r"sh:path ([^;]+?) [;.]", text))
    assert all(re.fullmatch(r"[\w:-]+|\( [\w:-]+ [\w:-]+ \)", path) for path in paths)
    assert any(path.startswith("(") for path in paths)
    assert "owl:imports" not in text


@pytest.mark.skipif(not SUITE.exists(), reason="../shared has the W3C's tests, and is not here")
@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("path", FOUND, ids=[f"{path.parent.name}/{path.stem}" for path in FOUND])
def test_engine_gives_the_w3cs_results(path: Path, engine: str) -> None:
    """Focus nodes, shapes, components, severities and values as the test has them."""
    if engine not in available():
        pytest.skip(f"{engine} is not installed")
    case, run = Case(path), getattr(engines, engine)
    assert said(run(case.data, case.shapes.decode())) == case.expected
