"""Real consumers of our KGX, in venvs of their own: kgx and bmt, and Koza, counts and messages.

    python benchmarks/kgx.py out/exports/kgx --kgx VENV --koza VENV

The first holds kgx==2.6.0 (Python below 3.12), the second koza==2.7.0 and duckdb<2 (with 2.0 its
check fails on its own SQL), both biolink-model==4.4.6.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

TABLES = ("nodes", "edges", "qualified_edges")
PREFIXES = "kgx_prefixes.json"


def main() -> int:
    """Run what was asked for; 0 if every consumer took every row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kgx", type=Path, help="a venv with kgx")
    parser.add_argument("--koza", type=Path, help="a venv with koza")
    parser.add_argument("--inside", choices=sorted(INSIDE), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        return INSIDE[asked.inside](asked.folder)
    broken = 0
    for part, run in INSIDE.items():
        if venv := asked.koza if run is koza else asked.kgx:
            # -P: this file's folder would make it the package of its name
            command = [venv / "bin/python", "-P", __file__, asked.folder, "--inside", part]
            broken += subprocess.run(list(map(str, command)), check=False).returncode
    return 1 if broken else 0


def counts(folder: Path, suffix: str) -> dict[str, int]:
    """The rows of our files."""
    return {name: size(folder / f"kgx_{name}.{suffix}") for name in TABLES}


def size(path: Path) -> int:
    """The rows of a file."""
    return path.read_bytes().count(b"\n") - (path.suffix == ".tsv")


def told(what: str, fine: bool, detail: object = "") -> int:
    """One line of the report; 1 for what is not fine."""
    print(f"{'ok  ' if fine else 'FAIL'} {what} {detail}".rstrip(), flush=True)
    return int(not fine)


# ---------------------------------------------------------------- kgx and bmt


def _model() -> Path:
    """The Biolink model that its package ships."""
    found = import_module("importlib.util").find_spec("biolink_model")
    return Path(found.submodule_search_locations[0])


def offline(folder: Path) -> None:
    """kgx without a network: the model and its prefixes from the package, and our own prefixes."""
    toolkit = import_module("bmt.toolkit")
    empty = Path(tempfile.gettempdir()) / "no_predicate_mappings.yaml"
    empty.write_text("predicate mappings: []\n", encoding="utf-8")
    toolkit.Toolkit.__init__.__defaults__ = (
        str(_model() / "schema/biolink_model.yaml"), str(empty))
    known = json.loads((_model() / "prefixmaps/biolink_model_prefix_map.json").read_text())
    ours = json.loads((folder / PREFIXES).read_text())

    class Answer:
        status_code, ok = 200, True

        def json(self) -> dict[str, Any]:
            return {"@context": {**ours, **known}}

        def raise_for_status(self) -> None:
            pass

    requests: Any = import_module("requests")
    requests.get = lambda *_, **__: Answer()


def inherited() -> None:
    """Slots take `multivalued` from the slot they are a kind of, as LinkML has it.

    kgx 2.6 reads it off the slot alone, and so takes Biolink's exact_synonym (a kind of synonym)
    and in_taxon (a kind of related_to) for single values.
    """
    toolkit = import_module("bmt.toolkit").Toolkit
    made = toolkit.__init__

    def init(self: Any, *args: Any, **options: Any) -> None:
        made(self, *args, **options)
        view = self.view
        for name in view.all_slots():
            if any(view.get_slot(one).multivalued for one in view.slot_ancestors(name)):
                view.get_slot(name).multivalued = True

    init.__defaults__ = made.__defaults__
    toolkit.__init__ = init


def shipped(folder: Path) -> int:
    """kgx's validator with the slots as it reads them: nothing but what `inherited` is about."""
    offline(folder)
    return sum(told(f"kgx validate {what}, as shipped", found.keys() <= {FALSE_ALARM}, dict(found))
               for what, found in validated(folder))


def validate(folder: Path) -> int:
    """kgx's validator with the slots as LinkML has them: no error."""
    offline(folder)
    inherited()
    return sum(told(f"kgx validate {what}", not found, dict(found) or "no error")
               for what, found in validated(folder))


def validated(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    """kgx's errors on both syntaxes and both files of edges."""
    cli = import_module("kgx.cli.cli_utils")
    for suffix in ("tsv", "jsonl"):
        for edges in TABLES[1:]:
            files = [str(folder / f"kgx_{name}.{suffix}") for name in ("nodes", edges)]
            with tempfile.NamedTemporaryFile() as report:
                yield f"{suffix} {edges}", messages(cli.validate(
                    files, suffix, None, report.name))


FALSE_ALARM = "INVALID_NODE_PROPERTY_VALUE_TYPE"


def messages(report: Any) -> Counter[str]:
    """How many nodes and edges each sort of error is about."""
    found = report if isinstance(report, dict) else report[0]
    return Counter({sort: sum(map(len, about.values()))
                    for sort, about in (found or {}).get("ERROR", {}).items()})


def transform(folder: Path) -> int:
    """kgx reads every file and writes as many rows, in either syntax, when it streams.

    Held in memory, its graph has one edge for each subject, predicate and object: as many rows.
    """
    offline(folder)
    broken = 0
    for given, wanted, stream in (("tsv", "jsonl", True), ("jsonl", "tsv", True),
                                  ("jsonl", "jsonl", False)):
        for edges in TABLES[1:]:
            ours = size(folder / f"kgx_{edges}.{given}") if stream else len({
                (row["subject"], row["predicate"], row["object"])
                for row in lines(folder / f"kgx_{edges}.jsonl")})
            made = transformed(folder, edges, given, wanted, stream)
            broken += told(f"kgx transform {given} {edges} to {wanted}" + " --stream" * stream,
                           made == [size(folder / f"kgx_nodes.{given}"), ours], made)
    return broken


def transformed(folder: Path, edges: str, given: str, wanted: str, stream: bool) -> list[int]:
    """The nodes and edges that kgx writes."""
    with tempfile.TemporaryDirectory() as place:
        files = [str(folder / f"kgx_{name}.{given}") for name in ("nodes", edges)]
        import_module("kgx.cli.cli_utils").transform(
            inputs=files, input_format=given, output=f"{place}/made", output_format=wanted,
            stream=stream)
        return [size(Path(place, f"made_{end}.{wanted}")) for end in ("nodes", "edges")]


def bmt(folder: Path) -> int:
    """Every category, class and predicate is Biolink's, and every edge's ends are in range."""
    offline(folder)
    kit = import_module("bmt").Toolkit()
    ends = {row["id"]: row["category"] for row in lines(folder / "kgx_nodes.jsonl")}
    found = Counter((*row["category"], *ends[row["subject"]][:1], row["predicate"],
                     *ends[row["object"]][:1])
                    for edges in TABLES[1:] for row in lines(folder / f"kgx_{edges}.jsonl"))
    wrong = [edge for edge in found if not legal(kit, *edge)]
    strange = [one for one in {one for several in ends.values() for one in several}
               if not kit.is_category(one)]
    return told(f"bmt: {len(found)} sorts of edge in {sum(found.values())} edges",
                not wrong and not strange, [*wrong, *strange] or "all legal")


def lines(path: Path) -> Any:
    """The rows of a file of JSON Lines."""
    with path.open(encoding="utf-8") as found:
        yield from map(json.loads, found)


def legal(kit: Any, association: str, subject: str, predicate: str, target: str) -> bool:
    """Whether a predicate is canonical and its class and both ends allow it."""
    view = kit.view
    slots = view.class_induced_slots(kit.get_element(association).name)
    if not kit.is_association(association) or not kit.is_predicate(predicate):
        return False
    used = {slot.name: slot for slot in slots}
    own = kit.get_element(predicate)
    wanted = [(subject, used["subject"].range), (subject, own.domain),
              (target, used["object"].range), (target, own.range)]
    below = used["predicate"].subproperty_of
    return all(one in ("", None, "named thing", "entity") or one in kit.get_ancestors(
        category, reflexive=True, mixin=True) for category, one in wanted) and (
        not below or below in kit.get_ancestors(predicate, reflexive=True, mixin=True))


# ---------------------------------------------------------------- koza


def koza(folder: Path) -> int:
    """Koza's strict schema takes every column, its loader every row, its check every edge."""
    schema = import_module("koza.graph_operations.graph_schema")
    view, broken = schema.load_biolink_schemaview(), 0
    for edges in TABLES[1:]:
        headers = [(folder / f"kgx_{name}.tsv").open(encoding="utf-8").readline().rstrip("\n")
                   .split("\t") for name in ("nodes", edges)]
        try:
            schema.derive_schema(*headers, biolink_schemaview=view)
            broken += told(f"koza strict schema, {edges}", True, f"Biolink {view.schema.version}")
        except schema.UnknownSlotsError as error:
            broken += told(f"koza strict schema, {edges}", False, error)
    with tempfile.TemporaryDirectory() as place:
        for suffix in ("tsv", "jsonl"):
            for edges in TABLES[1:]:
                broken += loaded(folder, edges, suffix, Path(place))
    return broken


def loaded(folder: Path, edges: str, suffix: str, place: Path) -> int:
    """Koza's own load and biolink-check on one pair of files."""
    tool, database = Path(sys.executable).with_name("koza"), place / f"{edges}_{suffix}.duckdb"
    subprocess.run([tool, "load", "-n", folder / f"kgx_nodes.{suffix}", "-e",
                    folder / f"kgx_{edges}.{suffix}", "-o", database, "--quiet"],
                   check=True, capture_output=True)
    with import_module("duckdb").connect(str(database)) as connection:
        made = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in ("nodes", "edges")]
    ours = counts(folder, suffix)
    broken = told(f"koza load {suffix} {edges}", made == [ours["nodes"], ours[edges]], made)
    checks = place / f"checks_{edges}_{suffix}"
    subprocess.run([tool, "biolink-check", database, "-o", checks, "-f", "tsv", "--quiet"],
                   check=True, capture_output=True)
    for report in sorted(checks.iterdir()):
        rows = report.read_text(encoding="utf-8").splitlines()[1:]
        # its own words for NOT_IN_LEGAL_TYPES: advisory, the union of legal types has holes;
        # and no category of Biolink's lists a publisher's own prefixes
        bad = [row for row in rows if "\tBAD_" in row] if "subobj" in report.stem else [
            row for row in rows if not row.startswith("rarekg.")]
        broken += told(f"koza biolink-check {suffix} {edges}: {report.stem}", not bad,
                       bad or f"none but {len(rows)} sorts of advice")
    return broken


INSIDE = {"shipped": shipped, "validate": validate, "transform": transform, "bmt": bmt,
          "koza": koza}

if __name__ == "__main__":
    sys.exit(main())
