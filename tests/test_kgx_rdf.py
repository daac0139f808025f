"""KGX and RDF say the same: from the graph to KGX and back, and from KGX to RDF and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyoxigraph as ox
import pytest
import sample_release
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from kg import exports, prefixes
from kg.errors import DataError, UnknownName, UsageError
from kg.exports import kgx, kgx_cells, kgx_rdf
from kg.exports.kgx_outcomes import outcomes
from kg.exports.kgx_rows import Reader
from kg.exports.kgx_terms import Curies
from kg.exports.release import Lines
from kg.ontology import kinds
from kg.rdf import graph_lines, quads
from kg.terms import writable

TABLE = prefixes.load()
SHOWN = Path(__file__).parents[1] / "exports"  # of the example pages
XREF = "<http://www.geneontology.org/formats/oboInOwl#hasDbXref>"


@pytest.fixture(scope="module", params=["sample", "outcome", "examples"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of the sample and of the committed example pages."""
    where = tmp_path_factory.mktemp(str(request.param))
    if request.param == "sample":
        graph = sample_release.write(where) / "graph.nq"
    elif request.param == "outcome":
        graph = with_outcome(where / "graph.nq")
    elif (SHOWN / "graph.nq").is_file():
        graph = SHOWN / "graph.nq"
    else:
        pytest.skip("the committed exports are only in a checkout")
    exports.write(graph, where / "exports", exports.chosen(
        ["kgx", "turtle", "jsonld", "ntriples"]))
    return where / "exports"


def with_outcome(graph: Path) -> Path:
    """The sample's first page, where the prognostic factors have sentences about survival."""
    page, disease, found = sample_release.pages()[0]
    quote = "It changes how long people survive."
    said = [structs.replace(one, evidence=tuple(
        structs.replace(sentence, quote=quote) for sentence in one.evidence))
        if one.kind == "prognostic_factor" else one for one in found]
    graph.write_bytes(graph_lines(quads(page, disease, said, TABLE, kinds())))
    return graph


def canonical(lines: Iterable[str]) -> str:
    """The RDFC-1.0 hash of lines of N-Triples."""
    dataset = ox.Dataset(ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode()).hexdigest()


def from_kgx(folder: Path, suffix: str) -> Iterator[str]:
    """What the files say that stands in the graph as such.

    A page's numbers for its disease are cross-references of the node in KGX; projected edges
    and the outcomes that they end in follow from statements that are no edges.
    """
    added = tuple(f"<{TABLE.expand(one.id)}> " for one in outcomes().values() if one.label)
    return (line for line in kgx_rdf.triples(folder / "kgx", TABLE, suffix, projected=False)
            if XREF not in line and not line.startswith(added))


def parsed(path: Path, form: ox.RdfFormat) -> Lines:
    """A file of RDF as the writers of triples take it."""
    triples = (quad.triple for quad in ox.parse(path=path, format=form))
    return Lines([f"{triple} .\n" for triple in triples], TABLE)


@pytest.mark.parametrize("suffix", ["tsv", "jsonl"])
@pytest.mark.parametrize(("name", "form"), [
    ("graph.ttl", ox.RdfFormat.TURTLE), ("graph.jsonld", ox.RdfFormat.JSON_LD),
    ("graph.nt", ox.RdfFormat.N_TRIPLES)])
def test_kgx_gives_back_the_graph(
    folder: Path, name: str, form: ox.RdfFormat, suffix: str
) -> None:
    """The triples read from KGX are those of the graph that KGX carries, by RDFC-1.0 hash."""
    part = list(kgx_rdf.subset(parsed(folder / name, form).nodes(), TABLE))
    assert len(part) > 100
    assert canonical(from_kgx(folder, suffix)) == canonical(part)


@pytest.mark.parametrize("suffix", ["tsv", "jsonl"])
def test_rdf_gives_back_kgx(folder: Path, suffix: str) -> None:
    """The rows made of the triples that were read from KGX are its rows, one for one."""
    release = Lines(kgx_rdf.triples(folder / "kgx", TABLE, suffix), TABLE)
    again: dict[str, list[kgx_cells.Row]] = {name: [] for name in kgx.COLUMNS}
    for found in Reader(TABLE).rows(release.nodes()):
        again[found.table].append(found.row)
    for name, rows in again.items():
        assert rows == list(kgx_cells.rows(folder / "kgx" / f"kgx_{name}.{suffix}")), name


def test_projected_edges_are_sorted_with_their_statements(folder: Path) -> None:
    """So that RDF made of KGX gives them where they were, after the sentences they rest on."""
    ids = [row["id"] for row in kgx_cells.rows(folder / "kgx/kgx_edges.tsv")]
    assert ids == sorted(ids)
    report = msgspec.json.decode((folder / "kgx" / kgx.REPORT).read_bytes(), type=kgx.Report)
    assert sum(one.endswith("-outcome") for one in ids) == report.projected
    assert report.projected == (2 if folder.parent.name.startswith("outcome") else 0)


def test_plain_triples_are_the_plain_edges(folder: Path) -> None:
    """A fact of the graph is an edge, and a plain edge is a fact of the graph."""
    asserted = {line for line in from_kgx(folder, "tsv") if "/statement/" not in line}
    for row in kgx_cells.rows(folder / "kgx/kgx_qualified_edges.tsv"):
        plain = [Curies(TABLE).iri(row[end]) for end in ("subject", "predicate", "object")]
        assert "<{}> <{}> <{}> .\n".format(*plain) not in asserted


def test_what_pages_contradict(tmp_path: Path) -> None:
    """Two statements that contradict each other are beside the edges, and come back as such."""
    graph = sample_release.write(tmp_path) / "graph.nq"
    lines = graph.read_text(encoding="utf-8").splitlines(keepends=True)
    one, other = sorted({line.split()[0] for line in lines if "/ontology#effect> " in line})[:2]
    name = one.rpartition("/")[2][:-1]
    page = lines[0].split()[-2]
    said = f"<{TABLE.expand('rkg:contradicts')}>"
    graph.write_text("".join([*lines, f"{one} {said} {other} {page} .\n",
                              f"{other} {said} {one} {page} .\n"]), encoding="utf-8")
    exports.write(graph, tmp_path / "exports", exports.chosen(["kgx", "ntriples"]))
    rows = {row["id"]: row for row in kgx_cells.rows(
        tmp_path / "exports/kgx/kgx_qualified_edges.tsv")}
    row = rows[f"rarekg:statement/{name}"]
    assert row["has_attribute"] == ["rkg:contradicts"]
    assert row["description"] == f"contradicts rarekg:statement/{other.rpartition('/')[2][:-1]}"
    back = set(kgx_rdf.triples(tmp_path / "exports/kgx", TABLE))
    assert {f"{one} {said} {other} .\n", f"{other} {said} {one} .\n"} <= back


WORDS = st.text(st.characters(codec="utf-8"), min_size=1).map(writable)


@settings(max_examples=40, deadline=None)
@given(names=st.lists(WORDS, min_size=1, max_size=3, unique=True), quote=WORDS,
       doi=st.from_regex(r"10\.\d{4}/[!-~]{1,12}", fullmatch=True),
       base=st.sampled_from(["https://w3id.org/rarekg/", "http://a.example/x/"]))
def test_any_words_come_back(names: list[str], quote: str, doi: str, base: str) -> None:
    """Pipes, tabs, line ends, quotes, semicolons, strange DOIs: nothing is lost either way."""
    page, disease, found = sample_release.pages()[0]
    (said,) = [one for one in found if one.object == sample_release.SURGERY]
    evidence = tuple(structs.replace(one, quote=quote) for one in said.evidence)
    said = structs.replace(said, names=tuple(names), evidence=evidence)
    page = structs.replace(page, references=tuple(
        structs.replace(one, pmid=None, pmcid=None, doi=doi) for one in page.references))
    table = prefixes.load(base)
    with TemporaryDirectory() as place:
        graph, out = Path(place) / "graph.nq", Path(place) / "exports"
        graph.write_bytes(graph_lines(quads(page, disease, [said], table, kinds())))
        exports.write(graph, out, exports.chosen(["kgx", "ntriples"]), table)
        triples = ox.parse(path=out / "graph.nt", format=ox.RdfFormat.N_TRIPLES)
        release = Lines([f"{quad.triple} .\n" for quad in triples], table)
        part = sorted(set(kgx_rdf.subset(release.nodes(), table)))
        for suffix in ("tsv", "jsonl"):
            back = set(kgx_rdf.triples(out / "kgx", table, suffix))
            assert sorted(line for line in back if XREF not in line) == part


@pytest.mark.parametrize(("line", "error"), [
    ("XYZ:1\tbiolink:Disease" + "\t" * 10, UnknownName), ("MONDO:1\tbiolink:Disease", DataError)])
def test_what_is_no_kgx_of_ours(tmp_path: Path, line: str, error: type[Exception]) -> None:
    """A strange prefix and a broken line are told, and so is a missing file."""
    for name in ("edges", "qualified_edges"):
        (tmp_path / f"kgx_{name}.tsv").write_text("\t".join(kgx_cells.EDGES) + "\n")
    header = "\t".join(kgx_cells.NODES)
    (tmp_path / "kgx_nodes.tsv").write_text(f"{header}\n{line}\n")
    with pytest.raises(error):
        list(kgx_rdf.triples(tmp_path, TABLE))
    with pytest.raises(UsageError, match="no such file"):
        list(kgx_rdf.triples(tmp_path, TABLE, "jsonl"))
