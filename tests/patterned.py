"""The sample in every pattern of evidence, with what pages assert both ways: what the tests ask."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import sample_release

from kg import patterns, prefixes
from kg.patterns.nanopub import Imprint

TABLE = prefixes.load()
OTHERS = ("rdf12", "graphs", "nanopub")
Terms = tuple[str, ...]


def sample(folder: Path) -> Path:
    """The sample's graph, in which two statements of one page contradict each other."""
    path = sample_release.write(folder) / "graph.nq"
    store = list(ox.parse(path=path, format=ox.RdfFormat.N_QUADS))
    node = {quad.object.value: quad for quad in store
            if quad.predicate.value.endswith("#object") and isinstance(quad.object, ox.NamedNode)}
    one, other = (node[TABLE.expand(name)] for name in ("HP:0002027", "UBERON:0002107"))
    contradicts = ox.NamedNode(TABLE.expand("rkg:contradicts"))
    gone = [f"{quad.object} <" for quad in (one, other)]
    lines = [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
             if not ("#object>" not in line and any(mark in line for mark in gone)
                     and "MONDO_0019142>" in line.split(" ")[0])]
    lines += [f"{ox.Quad(a.subject, contradicts, b.subject, a.graph_name)} .\n"
              for a, b in ((one, other), (other, one))]
    path.write_bytes(paged(lines))
    return path


def paged(lines: list[str]) -> bytes:
    """Lines as kg run writes them: pages in the order in which they begin, each sorted."""
    pages: dict[str, set[str]] = {}
    for line in lines:
        pages.setdefault(line.rsplit(" ", 2)[1], set()).add(line)
    return "".join(line for page in pages.values() for line in sorted(page)).encode()


def write(graph: Path, folder: Path, name: str, *forms: str, **imprint: str) -> Path:
    """The file of `graph` in one pattern; the first form's."""
    wanted = patterns.Wanted((patterns.find(name),), forms or ("nquads",),
                             Imprint(**imprint))
    return folder / patterns.write(graph, folder, wanted, TABLE)[0].path


def returned(path: Path, folder: Path) -> bytes:
    """A file of any pattern in the default one again."""
    return write(path, folder, "reified").read_bytes()


def quads(path: Path) -> set[ox.Quad]:
    """Every quad of a file of N-Quads or TriG."""
    form = ox.RdfFormat.TRIG if path.suffix == ".trig" else ox.RdfFormat.N_QUADS
    return set(ox.parse(path=path, format=form))


def store(path: Path, view: str = "") -> ox.Store:
    """A file with its graphs, and their merge, and what `view` constructs, as default graph."""
    made = ox.Store()
    made.bulk_extend(quads(path))
    made.bulk_extend(ox.Quad(*quad.triple) for quad in quads(path))
    if view:
        found = made.query(view, prefixes=TABLE.table)
        assert isinstance(found, ox.QueryTriples)
        made.extend([ox.Quad(*triple) for triple in found])
    return made


def rows(made: ox.Store, query: str) -> list[Terms]:
    """The rows of a query's answer, in order."""
    found = made.query(query, prefixes=TABLE.table)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(str(row[name]) for name in found.variables) for row in found]


def page_graphs(path: Path) -> list[str]:
    """The pages' graphs in their order."""
    return list(dict.fromkeys(re.findall(r"<[^>]*graph/[^>]*>", path.read_text(encoding="utf-8"))))
