"""kg verify reads every syntax, however large the file, and shows how it differs from the graph."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from graphs import graph

from kg.verifying import syntaxes
from kg.verifying.syntaxes import SYNTAXES, findings

CONTEXT = {"ex": "https://example.org/", "label": "http://www.w3.org/2000/01/rdf-schema#label"}
NODES = [{"@id": f"ex:{number}", "label": f"node {number}"} for number in range(9)]


def canonical(path: Path) -> Path:
    """The triples of the sample page's graph as sorted lines."""
    triples = {quad.triple for quad in graph()}
    lines = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    path.write_bytes(b"".join(sorted(lines)))
    return path


def laid_out(nodes: list[dict[str, str]], end: str = "]}\n") -> str:
    """JSON-LD with a node a line, as exports write it."""
    head = f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": [\n'
    return head + ",\n".join(map(json.dumps, nodes)) + "\n" + end


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of some bytes counts as too large to be parsed in one go, and is read by a few."""
    monkeypatch.setattr(syntaxes, "WHOLE", 10)
    monkeypatch.setattr(syntaxes, "READ", 60)


def wanted(place: Path) -> Path:
    """The triples of the nodes as sorted lines."""
    path = place / "triples"
    label = f"<{CONTEXT['label']}>"
    path.write_text("".join(sorted(
        f'<https://example.org/{number}> {label} "node {number}" .\n' for number in range(9))),
        encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["graph.nt", "graph.rdf", "graph.trig", "graph.ttl"])
def test_every_syntax_holds_the_same(tmp_path: Path, name: str) -> None:
    """The same triples in another order and another syntax have no finding."""
    lines = canonical(tmp_path / "triples")
    triples = list(ox.parse(path=lines, format=ox.RdfFormat.N_TRIPLES))
    ox.serialize(reversed(triples), str(tmp_path / name), format=SYNTAXES[name])
    assert findings(tmp_path / name, name, lines) == (len(triples), [])


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize("read", [1, 60, 90, 150, 10_000])
def test_a_large_file_is_read_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    """Wherever the parts end, they hold what the whole holds."""
    monkeypatch.setattr(syntaxes, "READ", read)
    path = tmp_path / "graph.jsonld"
    path.write_text(laid_out(NODES), encoding="utf-8")
    assert findings(path, "graph.jsonld", wanted(tmp_path)) == (9, [])


@pytest.mark.usefixtures("sheets")
def test_a_change_in_a_large_file_is_shown(tmp_path: Path) -> None:
    """The triple that is there and the one that should be."""
    nodes = [*NODES[:4], {"@id": "ex:4", "label": "node four"}, *NODES[5:]]
    path = tmp_path / "graph.jsonld"
    path.write_text(laid_out(nodes), encoding="utf-8")
    count, (more, less) = findings(path, "graph.jsonld", wanted(tmp_path))
    assert count == 9
    assert (more.message, '"node four"' in more.found) == ("a triple that the graph has not", True)
    assert (less.message, '"node 4"' in less.expected) == ("a triple is missing", True)


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(("text", "told"), [
    (laid_out(NODES, ""), "a node does not end in a comma"),
    (laid_out(NODES, "]}"), "a node does not end in a comma"),
    (laid_out(NODES[:1]).replace('"@graph": [', '"@graph":['), "the file does not end in ]}"),
    (laid_out(NODES).replace('"@id": "ex:3"', '"@id": ex:3'), ""),
])
def test_a_large_file_of_another_layout_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """It is a finding that it cannot be parsed, not a verdict on half of it."""
    path = tmp_path / "graph.jsonld"
    path.write_text(text, encoding="utf-8")
    count, (one,) = findings(path, "graph.jsonld", wanted(tmp_path))
    assert count == 0
    assert one.message.startswith("cannot be parsed: ")
    assert told in one.message


def test_a_triple_that_comes_twice_is_told(tmp_path: Path) -> None:
    """It is no other graph, but no file that we wrote either."""
    lines = wanted(tmp_path)
    twice = lines.read_bytes() + lines.read_bytes().splitlines(keepends=True)[0]
    (tmp_path / "graph.nt").write_bytes(twice)
    count, (one,) = findings(tmp_path / "graph.nt", "graph.nt", lines)
    assert (count, one.message) == (10, "a triple comes twice")
    assert findings(tmp_path / "graph.nt", "graph.nt", lines, same=True) == (10, [])
