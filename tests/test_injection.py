"""Words that are markup elsewhere, in the exports that are no RDF: GraphML, JSON and tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
import sample_release
from lxml import etree

from kg import prefixes
from kg.exports import DEFAULT, write
from kg.exports.kgx_check import problems
from kg.terms import writable

TABLE = prefixes.load()
MARKUP = ("=x]]></data></node><node id=\"evil\"/><!--&amp;&#65;<!ENTITY ' \"},{\"id\":\"evil\"}] "
          "</script>\u2028\u202e\ud7ff,;|\r\n\t\x00\x01\x0b\x1b[31m\x7f\ufffe\uffff\\n-->")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of the sample graph in which labels, words and quotes hold markup of all formats."""
    made = tmp_path_factory.mktemp("marked")
    folder = sample_release.write(tmp_path_factory.mktemp("release"))
    escaped = "".join(f"\\u{ord(one):04X}" if one < " " or one in '"\\\x7f\ufffe\uffff' else one
                      for one in MARKUP).encode()
    data = (folder / "graph.nq").read_bytes()
    for name in (b'rdf-schema#label> "', b'oa#exact> "', b'supporting_text> "', b'about> "',
                 b'synonym> "'):
        data = data.replace(name, name + escaped)
    (made / "graph.nq").write_bytes(data)
    write(made / "graph.nq", made / "out", DEFAULT, TABLE)
    return made / "out"


def test_markup_in_graphml(marked: Path) -> None:
    """Two parsers read it; there is no node more, and what XML cannot hold is U+FFFD."""
    tree = etree.parse(marked / "graph.graphml", etree.XMLParser(resolve_entities=False))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {one.get("id") for one in tree.iter(f"{space}node")}
    assert "MONDO:0006245" in nodes
    assert "evil" not in nodes
    network = nx.read_graphml(marked / "graph.graphml", force_multigraph=True)
    assert set(network) == nodes
    wanted = writable(MARKUP)
    assert wanted != MARKUP
    labels = [data["label"] for _, data in network.nodes(data=True) if "label" in data]
    assert labels
    # XML itself makes one line end of the two characters
    assert all(one.startswith((wanted, wanted.replace("\r\n", "\n"))) for one in labels)


def texts(value: object) -> Iterator[str]:
    """Every text of a JSON document, names of members as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for one in pair for text in texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts(one))


def test_markup_in_json(marked: Path) -> None:
    """OBO Graphs and schema.org: texts are texts, a document is a line where lines are documents,
    and nothing is called what the words want to be called."""
    graph = json.loads((marked / "obographs.json").read_bytes())
    lines = (marked / "schemaorg.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    for value in (graph, *map(json.loads, lines)):
        found = list(texts(value))
        assert any(MARKUP in one or writable(MARKUP) in one for one in found)
        assert "evil" not in found
    assert {json.loads(line)["@type"] for line in lines} == {"MedicalCondition"}


def test_markup_in_tables(marked: Path) -> None:
    """Rows of CSV, KGX and HPO annotations keep their columns, their number and their words."""
    manifest = json.loads((marked / "manifest.json").read_bytes())
    counts = {one["path"]: one["count"] for one in manifest["files"]}
    for path in sorted((marked / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as cells:
            header, *rows = csv.reader(cells)
        assert len(rows) == counts[f"tables/{path.name}"]
        assert {len(row) for row in rows} <= {len(header)}
        assert not any(cell.startswith("=") for row in rows for cell in row)
    with (marked / "tables" / "diseases.csv").open(encoding="utf-8", newline="") as cells:
        assert all(row["disease"].startswith(f"'{MARKUP}") for row in csv.DictReader(cells))
    for path in (marked / "kgx").glob("*.tsv"):
        lines = path.read_bytes().decode().split("\n")
        assert lines.pop() == ""
        assert len(lines) - 1 == counts[f"kgx/{path.name}"]
        assert len({line.count("\t") for line in lines}) == 1
    assert not list(problems(marked / "kgx", TABLE))
    annotations = (marked / "phenotype.hpoa").read_bytes().decode().split("\n")
    found = [line for line in annotations if line and not line.startswith("#")]
    assert len({line.count("\t") for line in found}) == 1
    assert len(found) - 1 == counts["phenotype.hpoa"]
