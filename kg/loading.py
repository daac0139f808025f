"""A published folder or RDF file in the type that a program wants to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, overload

import pyoxigraph as ox

from . import opening
from .errors import UnknownName, UsageError
from .exports.release import Release
from .exports.tables import TABLES
from .neighbourhood import network
from .prefixes import load as load_prefixes

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import rdflib

Path_ = str | Path


@overload
def load(path: Path_, into: Literal["graph"] = "graph") -> rdflib.Graph: ...
@overload
def load(path: Path_, into: Literal["dataset"]) -> rdflib.Dataset: ...
@overload
def load(path: Path_, into: Literal["store"]) -> ox.Store: ...
@overload
def load(path: Path_, into: Literal["network"]) -> nx.MultiDiGraph[str]: ...
@overload
def load(path: Path_, into: Literal["pandas"]) -> dict[str, pd.DataFrame]: ...
@overload
def load(path: Path_, into: Literal["polars"]) -> dict[str, pl.DataFrame]: ...
def load(path: Path_, into: str = "graph") -> Any:
    """What `path` (a folder that kg run wrote, or an RDF file) states, as the type named.

    "graph": an rdflib.Graph, the pages merged; "dataset": an rdflib.Dataset, a graph for each
    page; "store": a pyoxigraph.Store with the pages' graphs; "network": a networkx.MultiDiGraph
    of entities (kg.neighbourhood); "pandas" and "polars": the CSV tables by name, all columns
    text.  Raises UsageError where the path is no RDF or a package is missing, UnknownName.
    """
    if into not in INTO:
        raise UnknownName("type to load into", into, INTO)
    return INTO[into](Path(path))


def _dataset(path: Path) -> rdflib.Dataset:
    import rdflib  # noqa: PLC0415 - slow to import

    made = rdflib.Dataset()
    opening.bind(made, load_prefixes(opening.base(path)))
    for quad in opening.quads(path):
        name = opening.term(quad.graph_name)
        made.graph(name).add(opening.triple(quad)) if name else made.add(opening.triple(quad))
    return made


def _store(path: Path) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(opening.quads(path))
    return store


def _network(path: Path) -> nx.MultiDiGraph[str]:
    with TemporaryDirectory() as place:
        release = _release(path, Path(place))
        return network(release.facts, release.prefixes)


def _release(path: Path, scratch: Path) -> Release:
    """The graph prepared for reading; one that is not sorted N-Quads is written as such first."""
    file, form = opening.source(path)
    prefixes = load_prefixes(opening.base(path))
    if form != ox.RdfFormat.N_QUADS:
        file = scratch / "graph.nq"
        with file.open("wb") as out:
            ox.serialize(opening.quads(path), out, format=ox.RdfFormat.N_QUADS)
    return Release(file, scratch, prefixes)


def _tables(path: Path) -> dict[str, tuple[list[str], list[tuple[str, ...]]]]:
    """The columns and rows of every table of exports/tables."""
    with TemporaryDirectory() as place:
        release = _release(path, Path(place))
        return {name: (list(table.header), list(table.rows(release)))
                for name, table in TABLES.items()}


def _pandas(path: Path) -> dict[str, pd.DataFrame]:
    try:
        import pandas as pd  # noqa: PLC0415
    except ImportError:
        raise UsageError("pandas is not installed: pip install pandas") from None
    return {name: pd.DataFrame(rows, columns=columns, dtype="string")
            for name, (columns, rows) in _tables(path).items()}


def _polars(path: Path) -> dict[str, pl.DataFrame]:
    try:
        import polars as pl  # noqa: PLC0415
    except ImportError:
        raise UsageError("polars is not installed: pip install polars") from None
    return {name: pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")
            for name, (columns, rows) in _tables(path).items()}


# One line for each type; a new one is a line here and an overload above.
INTO: Mapping[str, Callable[[Path], Any]] = {
    "graph": opening.graph, "dataset": _dataset, "store": _store, "network": _network,
    "pandas": _pandas, "polars": _polars,
}
