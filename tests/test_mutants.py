"""Both SHACL engines say the same of graphs that are broken at random."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphs import graph
from mutants import LITERALS, agreed, mutants, parted

from kg.engines import ENGINES, available
from kg.rdf import graph_lines
from kg.validate import settled

EXAMPLES = Path(__file__).parents[1] / "exports/graph.nq"
COUNT = 45
OFFSETS = "http://www.w3.org/ns/oa#"

pytestmark = pytest.mark.skipif(len(available()) < 2, reason="only one SHACL engine is installed")


def pages() -> list[bytes]:
    """The sample page and our own example pages, the smaller ones, as N-Triples."""
    made = [graph_lines(graph()), *parted(EXAMPLES.read_bytes())]
    return [page for page in (*parted(made[0]), *made[1:]) if page.count(b"\n") < 600]


def test_engines_agree_on_mutants() -> None:
    """The same nodes, shapes, components, values and severities; most mutants break something."""
    broken = 0
    for done, page in mutants(pages(), COUNT, seed=11):
        reference, fast = (agreed(settled(ENGINES[name](page))) for name in ("pyshacl", "shacl"))
        assert reference == fast, done
        broken += bool(reference)
    assert broken > COUNT // 2


def test_mutants_are_the_same_each_time() -> None:
    """What is tested is what a seed says, and it is not the page itself."""
    made = list(mutants(pages(), 15, seed=3))
    assert made == list(mutants(pages(), 15, seed=3)) != list(mutants(pages(), 15, seed=4))
    assert sum(page in pages() for _, page in made) < 5


@pytest.mark.parametrize("literal", LITERALS, ids=lambda literal: literal[:30])
def test_engines_agree_on_offsets_that_are_none(literal: str) -> None:
    """An end that is words, a flag or no number breaks its type's shape, and that is all."""
    page = parted(graph_lines(graph()))[0].decode()
    lines = [line for line in page.splitlines(keepends=True)
             if not line.startswith("<https://w3id.org/rarekg/span/0123456789abcdef-130-165> "
                                    f"<{OFFSETS}end>")]
    assert len(lines) == page.count("\n") - 1
    lines.append("<https://w3id.org/rarekg/span/0123456789abcdef-130-165> "
                 f"<{OFFSETS}end> {literal} .\n")
    made = "".join(lines).encode()
    reference, fast = (agreed(settled(ENGINES[name](made))) for name in ("pyshacl", "shacl"))
    assert reference == fast
    assert reference
