"""What a run published, checked against its manifest before a database is given any of it."""

from __future__ import annotations

import hashlib
import importlib
from collections import Counter
from functools import cached_property
from pathlib import Path
from types import ModuleType

from ..errors import LoadError, UsageError
from ..exports import MANIFEST, Manifest, read_manifest
from .kgx import QUALIFIED, Table
from .tally import Held

GRAPH = "graph.nq"
FILES = {
    "nodes": "kgx/kgx_nodes.jsonl", "edges": "kgx/kgx_edges.jsonl",
    QUALIFIED: "kgx/kgx_qualified_edges.jsonl", "measurements": "kgx/measurements.tsv"}


class Published:
    """The exports of a run and what their manifest says of them."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._listed = {one.path: one for one in manifest.files}
        self._seen: set[Path] = set()

    @classmethod
    def at(cls, path: Path) -> Published:
        """The exports in a folder of kg run, or in the folder of exports itself.

        Raises UsageError where there is no manifest.
        """
        for folder in (path / "exports", path):
            manifest = read_manifest(folder)
            if manifest is not None:
                return cls(folder, manifest)
        raise UsageError(f"{path}: no exports with a {MANIFEST} in it; kg run or kg export "
                         "writes them")

    def file(self, name: str) -> Path:
        """The path of an export whose bytes are those that the manifest lists.

        Raises UsageError where it was not exported, LoadError where it is another file.
        """
        path = self.folder / name
        listed = self._listed.get(name)
        if listed is None or not path.is_file():
            form = name.partition("/")[0] if "/" in name else name
            raise UsageError(f"{self.folder} has no {name}: kg export writes it (all formats, or "
                             f"the one that kg export --list shows for {form})")
        if path not in self._seen:
            with path.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            if digest != listed.sha256:
                raise LoadError(f"{path} is not the file that {MANIFEST} lists (its SHA-256 "
                                "differs): write the exports again with kg export")
            self._seen.add(path)
        return path

    def count(self, name: str) -> int:
        """How many rows, triples or quads the manifest says a file has."""
        return self._listed[name].count

    def agreed(self, name: str, count: int) -> None:
        """Raises LoadError where the manifest lists a file with another number of rows."""
        if name in self._listed and self.count(name) != count:
            raise LoadError(f"{self.folder / name} has {count:,} rows where {MANIFEST} says "
                            f"{self.count(name):,}")

    def table(self, name: str) -> Table:
        """A table of KGX that has as many rows as the manifest says.

        Raises LoadError where it has not, or where an id comes twice.
        """
        table = Table(name, self.file(FILES[name]))
        ids = Counter(row["id"] for row in table.rows())
        self.agreed(FILES[name], ids.total())
        if len(ids) < ids.total():
            raise LoadError(f"{table.path}: {ids.most_common(1)[0][0]} comes twice")
        return table

    @cached_property
    def nodes(self) -> Table:
        """The nodes."""
        return self.table("nodes")

    @cached_property
    def edges(self) -> tuple[Table, ...]:
        """The plain edges and the qualified ones; raises LoadError where an end is no node."""
        ids = {row["id"] for row in self.nodes.rows()}
        made = tuple(self.table(name) for name in ("edges", QUALIFIED))
        for table in made:
            for row in table.rows():
                if lost := {row["subject"], row["object"]} - ids:
                    raise LoadError(f"{table.path}: the edge {row['id']} ends in "
                                    f"{min(lost)}, which is no node")
        return made

    def property_graph(self) -> Held:
        """What a database of nodes and edges has to hold."""
        return Held({table.name: table.keys for table in (self.nodes, *self.edges)})


def needed(module: str, extra: str) -> ModuleType:
    """The module of an extra; raises UsageError that says what to install."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UsageError(f"this needs the package {module}: "
                         f"pip install 'rarekg[{extra}]'") from None
