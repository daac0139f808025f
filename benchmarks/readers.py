"""Every RDF file of a release read by rdflib, Oxigraph and JavaScript parsers: equal counts.

    python benchmarks/readers.py OUT/exports [--node FOLDER]

FOLDER is where `npm install n3 jsonld rdfxml-streaming-parser` was called; without it only the
Python parsers read.  Exit code 1 where a count differs from the manifest's.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg.exports import read_manifest

FORMATS = {"graph.ttl": "turtle", "graph.jsonld": "json-ld", "graph.nt": "nt",
           "graph.nq": "nquads", "graph.trig": "trig", "graph.rdf": "xml"}
SCRIPT = """
const fs = require("fs");
const path = process.argv[2];
const say = (name, count) => console.log(name + "\\t" + count);
async function main() {
  if (path.endsWith(".jsonld")) {
    const jsonld = require("jsonld");
    const rows = await jsonld.toRDF(JSON.parse(fs.readFileSync(path, "utf8")));
    return say("jsonld.js", rows.length);
  }
  let parser;
  let name;
  if (path.endsWith(".rdf")) {
    name = "rdfxml-streaming-parser";
    parser = new (require("rdfxml-streaming-parser").RdfXmlParser)();
  } else {
    name = "N3.js";
    const { StreamParser } = require("n3");
    parser = new StreamParser({ format: { ttl: "text/turtle", nt: "application/n-triples",
      nq: "application/n-quads", trig: "application/trig" }[path.split(".").pop()] });
  }
  let count = 0;
  fs.createReadStream(path).pipe(parser).on("data", () => { count += 1; })
    .on("error", (error) => { console.error(error.message); process.exit(1); })
    .on("end", () => say(name, count));
}
main();
"""


def counts(path: Path, node: Path | None) -> Iterator[tuple[str, int]]:
    """What each parser counts in a file."""
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    assert form
    yield "Oxigraph", sum(1 for _ in ox.parse(path=path, format=form))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield "rdflib", len(list(rdflib.Dataset().parse(
            path, format=FORMATS[path.name]).quads()))
    if node:
        script = node / "readers-benchmark.cjs"
        script.write_text(SCRIPT, encoding="utf-8")
        done = subprocess.run(["node", script, path.resolve()], cwd=node, check=True,
                              capture_output=True, text=True)
        name, count = done.stdout.split("\t")
        yield name, int(count)


def main() -> int:
    """Print a line for each file and parser; 1 where one counts differently."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exports", type=Path)
    parser.add_argument("--node", type=Path)
    given = parser.parse_args()
    manifest = read_manifest(given.exports)
    assert manifest, "no manifest"
    wrong = 0
    for file in manifest.files:
        if file.path in FORMATS:
            for name, count in counts(given.exports / file.path, given.node):
                wrong += count != file.count
                sign = "" if count == file.count else f"  (the manifest says {file.count:,})"
                print(f"{file.path:<14}{name:<26}{count:>12,}{sign}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
