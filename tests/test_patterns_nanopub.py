"""Nanopublications are whole, say what backs what, and their trusty URIs are those of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import patterned
import pyoxigraph as ox
import pytest
from patterned import TABLE, returned, write

from kg.errors import DataError
from kg.patterns import trusty
from kg.patterns.nanopub import PARTS
from kg.patterns.source import Graph
from kg.version import VERSION

NAME = re.compile(r"(https://w3id\.org/rarekg/nanopub/(RA[\w-]{43}))#(\w+)")
NP = "PREFIX np: <http://www.nanopub.org/nschema#> PREFIX npx: <http://purl.org/nanopub/x/> "


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as nanopublications."""
    folder = tmp_path_factory.mktemp("nanopubs")
    return write(patterned.sample(folder), folder, "nanopub")


@pytest.fixture(scope="module")
def store(file: Path) -> ox.Store:
    """The same in memory."""
    return patterned.store(file)


def single(path: Path) -> Iterator[tuple[str, str]]:
    """Each nanopublication's IRI and lines."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for name, several in groupby(lines, lambda line: line[line.rindex(" <") + 2:].split("#")[0]):
        yield name, "".join(several)


# ---------------------------------------------------------------- what one holds


def test_each_has_four_graphs(file: Path) -> None:
    """The four graphs of each stand together, under one name, and none is empty."""
    found = [sorted({quad.graph_name.value for quad in ox.parse(
        text, format=ox.RdfFormat.N_QUADS) if isinstance(quad.graph_name, ox.NamedNode)})
        for _, text in single(file)]
    assert len(found) == 19 + 3
    for names in found:
        parts = [NAME.fullmatch(name) for name in names]
        assert [part.group(3) for part in parts if part] == list(PARTS)
        assert len({part.group(1) for part in parts if part}) == 1


def test_the_head_says_what_the_others_are(store: ox.Store) -> None:
    """As the nanopublication guidelines ask; provenance and publication info have a subject."""
    rows = patterned.rows(store, NP + """
        SELECT ?np WHERE {
          GRAPH ?head { ?np a np:Nanopublication ; np:hasAssertion ?assertion ;
                        np:hasProvenance ?provenance ; np:hasPublicationInfo ?pubinfo }
          GRAPH ?provenance { ?assertion prov:wasDerivedFrom ?page ; prov:wasGeneratedBy ?run .
                              ?run prov:used ?page ; prov:wasAssociatedWith ?agent .
                              ?page rkg:sha256 ?hash }
          GRAPH ?pubinfo { ?np dcterms:creator ?agent ; dcterms:isPartOf ?graph ;
                           dcterms:license ?licence . ?agent rdfs:label ?version } }""")
    # the page's own nanopublication asserts the hash, the others have it in their provenance
    assert len(rows) == 19


def test_a_plain_triple_stands_in_the_assertion(store: ox.Store) -> None:
    """Assertion graphs hold the plain triple of what is asserted, never of what is not."""
    rows = patterned.rows(store, NP + """
        SELECT ?statement ?asserted ?flagged WHERE {
          GRAPH ?assertion { ?statement a rkg:Statement ; rdf:subject ?s ; rdf:predicate ?p ;
                                        rdf:object ?o }
          BIND(EXISTS { GRAPH ?assertion { ?s ?p ?o } } AS ?asserted)
          BIND(EXISTS { ?statement biolink:negated|rkg:doubtful|rkg:contradicts ?flag }
               AS ?flagged) }""")
    assert len(rows) == 19
    assert {row[1:] for row in rows} == {tuple(map(str, pair)) for pair in (
        (ox.Literal(True), ox.Literal(False)), (ox.Literal(False), ox.Literal(True)))}


def test_a_nanopublication_travels_alone(file: Path) -> None:
    """Whatever evidence, selector, work or end a statement's names is described in it."""
    for _, text in single(file):
        found = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
        described = {quad.subject for quad in found}
        for quad in found:
            if re.search("/(evidence|span|quote|citation|grounding|measurement|term)/",
                         str(quad.object)) and isinstance(quad.object, ox.NamedNode):
                assert quad.object in described, quad


def test_a_page_lists_its_nanopublications(store: ox.Store) -> None:
    """Those of the statements on a page, each listed once."""
    rows = patterned.rows(store, NP + """
        SELECT ?page (COUNT(?part) AS ?parts) WHERE {
          GRAPH ?assertion { ?np npx:includesElement ?part . ?graph prov:wasDerivedFrom ?page } }
        GROUP BY ?page ORDER BY DESC(?parts)""")
    assert [int(row[1].split('"')[1]) for row in rows] == [11, 5, 3]


def test_imprint(file: Path, tmp_path: Path) -> None:
    """A date and a creator are said if given; by default the program signs, without a date."""
    graph = file.parent.parent / "graph.nq"
    mine = write(graph, tmp_path, "nanopub", creator="https://orcid.org/0000-0000-0000-0000",
                 date="2026-11-30")
    dated = '/created> "2026-11-30"^^<http://www.w3.org/2001/XMLSchema#date>'
    for path, creator, dates in ((file, f"https://w3id.org/rarekg/software/rarekg-{VERSION}", 0),
                                 (mine, "https://orcid.org/0000-0000-0000-0000", 22)):
        text = path.read_text(encoding="utf-8")
        assert text.count(f"/creator> <{creator}>") == 22
        assert text.count(dated) == dates
    assert returned(mine, tmp_path) == graph.read_bytes()
    timed = write(graph, tmp_path, "nanopub", date="2026-11-30T12:00:00Z")
    assert "12:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>" in timed.read_text("utf-8")


def test_trig_names_the_graphs_shortly(file: Path, tmp_path: Path) -> None:
    """TriG writes sub:assertion, as people do."""
    graph = file.parent.parent / "graph.nq"
    text = write(graph, tmp_path, "nanopub", "trig").read_text(encoding="utf-8")
    assert text.count("\nGRAPH sub:assertion {\n") == text.count("@prefix sub: ") == 22
    assert "a np:Nanopublication" in text


# ---------------------------------------------------------------- trusty URIs


def test_what_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines as the specification has them: sorted, IRIs first, escaped, a blank for the code."""
    hashed: list[bytes] = []

    class Spy:
        def update(self, data: bytes) -> None:
            hashed.append(data)

        def digest(self) -> bytes:
            return bytes(32)

    monkeypatch.setattr(trusty, "sha256", Spy)
    subject, string = "<http://x/ >", "http://www.w3.org/2001/XMLSchema#string"
    graphs = [Graph("<http://x/ #b>", [(subject, "<http://x/p>", '"z"')]),
              Graph("<http://x/ #a>", [
                  (subject, "<http://x/p>", '"b"^^<http://x/t>'),
                  (subject, "<http://x/p>", '"b"@EN'),
                  (subject, "<http://x/p>", r'"a\\\n\"\tz"'),
                  (subject, "<http://x/p>", "<http://x/o/1>"),
                  (subject, "<http://x/p>", "<http://x/o>")])]
    assert trusty.code(graphs) == "RA" + "A" * 43
    lines = b"".join(hashed).decode().split("\n")
    objects = [lines[place] for place in range(3, len(lines), 4)]
    assert lines[:3] == ["http://x/ #a", "http://x/ ", "http://x/p"]
    assert objects == ["http://x/o", "http://x/o/1", f'^{string} a\\\\\\n"\tz', "@en b",
                       "^http://x/t b", f"^{string} z"]


def test_every_change_is_noticed(file: Path, tmp_path: Path) -> None:
    """One character more in any line of a nanopublication and it is refused, with its line."""
    text = next(lines for _, lines in single(file))
    for line in text.splitlines(keepends=True):
        _, predicate, value = line.split(" ", 2)
        other = re.sub(r'^(["<])', r"\1x", value, count=1)
        path = tmp_path / "nanopub.nq"
        path.write_text(text.replace(line, line.replace(f"{predicate} {value}",
                                                        f"{predicate} {other}")), "utf-8")
        with pytest.raises(DataError, match=r"nanopub\.nq:1: .* (damaged|has no graph|not part)"):
            returned(path, tmp_path)


def test_a_moved_line_is_noticed(file: Path, tmp_path: Path) -> None:
    """The hash covers which graph a quad is in."""
    text = file.read_text(encoding="utf-8")
    path = tmp_path / "nanopub.nq"
    path.write_text(re.sub(r"(negated> \S+ \S+)#assertion", r"\1#provenance", text), "utf-8")
    with pytest.raises(DataError, match="is damaged: its content has the hash RA"):
        returned(path, tmp_path)


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_graph(file: Path, tmp_path: Path, part: str) -> None:
    """A nanopublication without one of its graphs is refused."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "nanopub.nq"
    path.write_text("".join(line for line in lines if f"#{part}> ." not in line), "utf-8")
    with pytest.raises(DataError, match=rf"nanopub\.nq:\d+: .* has no graph {part}"):
        returned(path, tmp_path)


def test_a_missing_nanopublication(file: Path, tmp_path: Path) -> None:
    """A statement's, which its page lists; and a page's, which would list the statements'."""
    several = [text for _, text in single(file)]
    path = tmp_path / "nanopub.nq"
    path.write_text("".join(several[1:]), encoding="utf-8")
    with pytest.raises(DataError, match="is missing, which its page lists"):
        returned(path, tmp_path)
    path.write_text("".join(several[:-1]), encoding="utf-8")
    with pytest.raises(DataError, match="no page lists"):
        returned(path, tmp_path)


def test_a_graph_of_something_else(file: Path, tmp_path: Path) -> None:
    """A quad of no nanopublication, or of a fifth graph, does not pass."""
    text = file.read_text(encoding="utf-8")
    path = tmp_path / "nanopub.nq"
    path.write_text(text + "<http://x/s> <http://x/p> <http://x/o> <http://x/g> .\n", "utf-8")
    with pytest.raises(DataError, match="is no graph of a nanopublication"):
        returned(path, tmp_path)
    iri = next(single(file))[0]
    path.write_text(f"<http://x/s> <http://x/p> <http://x/o> <{iri}#more> .\n{text}", "utf-8")
    with pytest.raises(DataError, match="has too many graphs"):
        returned(path, tmp_path)


# ---------------------------------------------------------------- other implementations


# rdflib's own classes that the package uses are deprecated
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_python_implementation(file: Path) -> None:
    """The package nanopub finds each valid, and its trusty URI right."""
    other = pytest.importorskip("nanopub", reason="the package nanopub is not installed")
    import rdflib  # noqa: PLC0415

    for _, text in single(file):
        graph = rdflib.ConjunctiveGraph()
        graph.parse(data=text, format="nquads")
        found = other.Nanopub(rdf=graph)
        assert found.is_valid
        assert found.has_valid_trusty


def test_the_rust_implementation(file: Path) -> None:
    """The package nanopub-sign finds each valid; it reads TriG."""
    other = pytest.importorskip("nanopub_sign", reason="nanopub-sign is not installed")
    for _, text in single(file):
        quads = ox.parse(text, format=ox.RdfFormat.N_QUADS)
        trig = ox.serialize(quads, format=ox.RdfFormat.TRIG) or b""
        other.Nanopub(trig.decode()).check()


def test_no_curie_is_left(file: Path) -> None:
    """Every IRI of the file is one: no prefix went unexpanded."""
    assert not re.search(rf"<({'|'.join(TABLE.table)}):(?!//)", file.read_text(encoding="utf-8"))
