"""rarekg against morph-kgc, maplib and KGX: the same pages, the same machine, one run.

    python benchmarks/peers.py out --morph VENV --maplib VENV --kgx VENV --offline kgx_offline.py

`out` is a folder of `kg run`.  What is compared is all of its graph that one row with one value a
column can say: each kind of node (statement, evidence, quote, span, grounding …) becomes a CSV
table with finished IRIs and literals, from which morph-kgc (RML) and maplib make triples that must
be the same set as ours.  Ours is the process `kg build`, which starts from documents and
statements, makes the whole graph and more files beside it; KGX turns our KGX into N-Triples,
against the process `kg export --format ntriples`.  CPU seconds are those of the process and its
children.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
from msgspec import Struct

BASE = "https://w3id.org/rarekg/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Pair = tuple[str, str]  # a kind of node and a predicate


class Column(Struct, frozen=True):
    """A predicate of a table: what its values are (an IRI, or a literal's datatype)."""

    name: str
    predicate: str
    iri: bool
    datatype: str = ""


class Taken(Struct, frozen=True):
    """What a process took and made."""

    name: str
    triples: int
    wall: float
    cpu: float

    def told(self, ours: Taken | None) -> str:
        """A row of the table; the ratio is in triples for each second of CPU."""
        rate = self.triples / self.cpu
        ratio = f"{(ours.triples / ours.cpu) / rate:8.1f} x" if ours else ""
        return (f"{self.name:34} {self.triples:10,} {self.wall:8.1f} {self.cpu:8.1f} "
                f"{rate:10,.0f} {ratio}")


# ---------------------------------------------------------------- the triples that are compared


def kind_of(subject: ox.NamedNode) -> str:
    """The first folder of our IRIs: statement, evidence, span …; empty for other nodes."""
    head = subject.value.removeprefix(BASE).partition("/")
    return head[0] if subject.value.startswith(BASE) and head[1] else ""


def term_kind(term: object) -> tuple[bool, str, str]:
    """Whether a term is an IRI, else its datatype or language."""
    if isinstance(term, ox.Literal):
        plain = term.datatype.value in {f"{XSD}string"} or term.language
        return False, "" if plain else term.datatype.value, term.language or ""
    return True, "", ""


def triples(path: Path) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """Of the graph each triple once that is about a node of ours."""
    seen = set()
    for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS):
        subject, value = quad.subject, quad.object
        if (isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal)
                and kind_of(subject)):
            row = (subject, quad.predicate, value)
            if row not in seen:
                seen.add(row)
                yield row


def tables(path: Path, folder: Path) -> tuple[dict[str, list[Column]], frozenset[str]]:
    """Write one CSV a kind of node; returns their columns, and the triples that they say."""
    values: dict[Pair, dict[str, ox.NamedNode | ox.Literal]] = defaultdict(dict)
    several: set[Pair] = set()
    for subject, predicate, value in triples(path):
        pair = kind_of(subject), predicate.value
        if values[pair].setdefault(subject.value, value) is not value:
            several.add(pair)
    columns: dict[str, list[Column]] = defaultdict(list)
    wanted = set()
    rows: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for pair in sorted(set(values) - several):
        kinds = {term_kind(value) for value in values[pair].values()}
        if len(kinds) > 1 or any(language for _, _, language in kinds):
            continue  # maplib has another kind of column for languages
        name = f"c{len(columns[pair[0]])}"
        columns[pair[0]].append(Column(name, pair[1], *kinds.pop()[:2]))
        for node, term in values[pair].items():
            if not term.value:  # an empty cell is no value
                continue
            rows[pair[0]][node][name] = term.value
            wanted.add(f"<{node}> <{pair[1]}> {valued(term)}")
    for kind, found in rows.items():
        with (folder / f"{kind}.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, ["s", *(one.name for one in columns[kind])])
            writer.writeheader()
            writer.writerows({"s": subject, **cells} for subject, cells in sorted(found.items()))
    return columns, frozenset(wanted)


def made(path: Path) -> frozenset[str]:
    """The triples of an N-Triples file."""
    return frozenset(f"{one.subject} {one.predicate} {valued(one.object)}"
                     for one in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES))


def valued(term: object) -> object:
    """The term; of a decimal number the shortest that is equal, for tools write 0.50 for 0.5."""
    if isinstance(term, ox.Literal) and term.datatype.value == f"{XSD}decimal":
        return ox.Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
    return term


# ---------------------------------------------------------------- the peers


def rml(columns: dict[str, list[Column]], folder: Path) -> Path:
    """The mapping of all tables, and morph-kgc's configuration beside it."""
    lines = ["@prefix rr: <http://www.w3.org/ns/r2rml#> .",
             "@prefix rml: <http://semweb.mmlab.be/ns/rml#> .",
             "@prefix ql: <http://semweb.mmlab.be/ns/ql#> ."]
    for kind, found in sorted(columns.items()):
        lines.append(f'<urn:map:{kind}> rml:logicalSource [ rml:source "{folder / kind}.csv" ; '
                     "rml:referenceFormulation ql:CSV ] ; "
                     'rr:subjectMap [ rml:reference "s" ; rr:termType rr:IRI ] ')
        for one in found:
            how = ("rr:termType rr:IRI" if one.iri else
                   f"rr:datatype <{one.datatype}>" if one.datatype else "rr:termType rr:Literal")
            lines.append(f"; rr:predicateObjectMap [ rr:predicate <{one.predicate}> ; "
                         f'rr:objectMap [ rml:reference "{one.name}" ; {how} ] ] ')
        lines.append(".")
    (folder / "map.rml.ttl").write_text("\n".join(lines), encoding="utf-8")
    config = folder / "config.ini"
    config.write_text(f"[CONFIGURATION]\noutput_file: {folder / 'morph.nt'}\n"
                      f"[rarekg]\nmappings: {folder / 'map.rml.ttl'}\n", encoding="utf-8")
    return config


MAPLIB = """
import sys, polars as pl
from maplib import IRI, Model, RDFType, SolutionMappings
model, folder = Model(), sys.argv[1]
kinds = {}
for line in open(folder + "/columns.tsv"):
    kind, *column = line.rstrip("\\n").split("\\t")
    kinds.setdefault(kind, []).append(column)
for kind, columns in kinds.items():
    table = pl.read_csv(f"{folder}/{kind}.csv", infer_schema=False)
    for name, predicate, iri, datatype in columns:
        frame = table.select(pl.col("s").alias("subject"), pl.col(name).alias("object"))
        if datatype.endswith("integer"):
            frame = frame.with_columns(pl.col("object").cast(pl.Int64))
        if datatype.endswith("decimal"):
            frame = frame.with_columns(pl.col("object").cast(pl.Decimal(38, 12)))
        if datatype.endswith("boolean"):
            frame = frame.with_columns(pl.col("object") == "true")
        value = RDFType.IRI if iri == "1" else RDFType.Literal(IRI(datatype))
        model.map_triples(SolutionMappings(
            frame.drop_nulls(), {"subject": RDFType.IRI, "object": value}), predicate=predicate)
model.write(folder + "/maplib.nt", format="ntriples")
"""


def timed(name: str, command: list[str | Path], triples_made: int = 0) -> Taken:
    """Run a process; raises CalledProcessError with what it said where it fails."""
    started = time.monotonic()
    before = os.times()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    after = os.times()
    if done.returncode:
        sys.stderr.write(done.stdout[-2000:] + done.stderr[-4000:])
        done.check_returncode()
    cpu = (after.children_user - before.children_user
           + after.children_system - before.children_system)
    return Taken(name, triples_made, time.monotonic() - started, cpu)


def lines(path: Path) -> int:
    """How many lines a file has."""
    with path.open("rb") as handle:
        return sum(1 for _ in handle)


def same(peer: str, found: frozenset[str], wanted: frozenset[str]) -> None:
    """Say whether a peer made the very triples; exit with 1 where it did not."""
    if found == wanted:
        print(f"{peer}: the same {len(wanted):,} triples")
        return
    print(f"{peer}: {len(found - wanted):,} triples too many, {len(wanted - found):,} missing; "
          f"first: {sorted(found ^ wanted)[:2]}")
    raise SystemExit(1)


def build(out: Path, folder: Path) -> Taken:
    """Ours: from documents and statements to the graph."""
    target = folder / "ours"
    target.mkdir()
    taken = timed("rarekg: kg build, whole graph", [
        sys.executable, "-m", "kg", "build", out, "-o", target])
    return Taken(taken.name, lines(target / "graph.nq"), taken.wall, taken.cpu)


def kgx(out: Path, folder: Path, venv: Path, offline: Path) -> list[Taken]:
    """Our export against KGX's transformation of our KGX."""
    release = folder / "release"
    shutil.copytree(out, release, ignore=shutil.ignore_patterns("exports", ".rarekg"))
    ours = timed("rarekg: kg export ntriples", [
        sys.executable, "-m", "kg", "export", release, "--format", "ntriples"])
    tables = [out / f"exports/kgx/kgx_{name}.jsonl" for name in ("nodes", "edges")]
    target = folder / "kgx.nt"
    theirs = timed("kgx transform", [
        venv / "bin/python", offline, "transform", "-i", "jsonl", "-o", target, "-f", "nt",
        *tables])
    said = sum("22-rdf-syntax-ns#subject>" in line for line in target.open(encoding="utf-8"))
    print(f"kgx: {said:,} of {lines(tables[1]):,} edges")
    return [Taken(ours.name, lines(release / "exports/graph.nt"), ours.wall, ours.cpu),
            Taken(theirs.name, lines(target), theirs.wall, theirs.cpu)]


def main() -> None:
    """Run every peer whose venv is named, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("out", type=Path)
    for name in ("morph", "maplib", "kgx", "offline"):
        parser.add_argument(f"--{name}", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        columns, wanted = tables(asked.out / "graph.nq", folder)
        rows: list[tuple[Taken, Taken | None]] = [(ours := build(asked.out, folder), None)]
        if asked.morph:
            taken = timed("morph-kgc", [asked.morph / "bin/python", "-m", "morph_kgc",
                                        rml(columns, folder)], len(wanted))
            same("morph-kgc", made(folder / "morph.nt"), wanted)
            rows.append((taken, ours))
        if asked.maplib:
            (folder / "columns.tsv").write_text("".join(
                "\t".join((kind, one.name, one.predicate, str(int(one.iri)),
                           one.datatype or f"{XSD}string")) + "\n"
                for kind, found in sorted(columns.items()) for one in found), encoding="utf-8")
            taken = timed("maplib", [asked.maplib / "bin/python", "-c", MAPLIB, folder],
                          len(wanted))
            same("maplib", made(folder / "maplib.nt"), wanted)
            rows.append((taken, ours))
        if asked.kgx:
            first, second = kgx(asked.out, folder, asked.kgx, asked.offline)
            rows += [(first, None), (second, first)]
    print(f"{'':34} {'triples':>10} {'wall s':>8} {'CPU s':>8} {'a CPU s':>10} rarekg is faster by")
    for taken, against in rows:
        print(taken.told(against))


if __name__ == "__main__":
    main()
