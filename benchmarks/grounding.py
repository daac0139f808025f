"""Measures grounding as a table: focus, stress test, genes, HPO rows, therapies, candidates, speed.

usage: python benchmarks/grounding.py ../shared/corpus/medquad/gard ../shared/vocab OUT [--build]

OUT is the folder of `kg run` over the corpus (claims, documents and ungrounded.tsv are read).  The
index is what `kg` itself would use: set RAREKG_HOME and RAREKG_CACHE to choose one; with --build it
is compiled once more into a temporary file and timed.  Times are of one core (CPU time).
The gold table of cross-references is read from the second folder and is no part of the answer
where names alone are measured.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from kg import jsonl
from kg.candidates import candidates
from kg.conflicts import relation
from kg.files import rows
from kg.ground import Ungrounded, disease
from kg.model import Claim, Document
from kg.ontology import kinds
from kg.text import collapse, normalise
from kg.vocab import build
from kg.vocab.broader import place
from kg.vocab.forms import bag
from kg.vocab.index import Hit, Index, open_index
from kg.vocab.names import canonical
from kg.vocab.resolve import resolve
from kg.vocab.sourcing import all_sources

TABLE_ROW = "hpo_table.row"


class WithoutEqualNames(Index):
    """The stress test: every name equal to the query is gone, only other wordings are left."""

    asked = ""

    def hits(self, name: str, category: str) -> tuple[Hit, ...]:
        """What has the name, if it is another wording of what was asked."""
        return () if normalise(name) == self.asked else super().hits(name, category)

    def bag(self, key: str, category: str) -> tuple[Hit, ...]:
        """What has the bag by another name than the one that was asked."""
        return tuple(hit for hit in super().bag(key, category)
                     if any(bag(name) == key for name in self.names_of(hit.id)
                            if name != self.asked))


def gold(folder: Path) -> dict[str, set[str]]:
    """The MONDO classes of each GARD number."""
    found: dict[str, set[str]] = {}
    path = folder / "sssom" / "mondo_hasdbxref_gard.sssom.tsv"
    with path.open(encoding="utf-8") as handle:
        for row in csv.DictReader((line for line in handle if line[0] != "#"), delimiter="\t"):
            found.setdefault(canonical(row["object_id"]), set()).add(row["subject_id"])
    return found


def share(part: int, whole: int) -> str:
    """ "3 of 4 (75.0 %)". """
    return f"{part:,} of {whole:,} ({part / max(whole, 1):.1%})"


def focus(documents: Iterable[Document], names: dict[str, list[str]], index: Index,
          truth: dict[str, set[str]]) -> dict[str, str]:
    """Coverage and agreement by name alone and by all tiers; the disagreements by relation."""
    count, odd, tiers = Counter[str](), Counter[str](), Counter[str]()
    stress = WithoutEqualNames(index.path)
    for document in documents:
        count["pages"] += 1
        whole, how = disease(document, index, names.get(document.id, ()))
        count["all tiers"] += whole.id.startswith("MONDO:")
        tiers[how.tier] += 1
        expected = {index.trail(curie)[-1] for xref in document.xrefs
                    for curie in truth.get(canonical(xref), ()) if index.trail(curie)}
        if not expected:
            continue
        count["known"] += 1
        nameless = Document(**{name: getattr(document, name) for name in
                               Document.__struct_fields__} | {"xrefs": ()})
        found = disease(nameless, index, names.get(document.id, ()))[0].id
        if found.startswith("MONDO:"):
            count["covered"] += 1
            count["agree"] += found in expected
            if found not in expected:
                odd[_class(found, min(expected), document.title, index)] += 1
        stress.asked = normalise(document.title)
        left = resolve(collapse(document.title), ("disease",), stress).id
        count["stress"] += bool(left)
        count["stress right"] += left in expected
    return {
        "pages with a MONDO id, all tiers": share(count["all tiers"], count["pages"]),
        "by tier": json.dumps(dict(tiers.most_common())),
        "coverage by name": share(count["covered"], count["known"]),
        "agreement by name": share(count["agree"], count["covered"]),
        "disagreements": json.dumps(dict(odd.most_common())),
        "stress test, still answered": share(count["stress"], count["known"]),
        "stress test, of these right": share(count["stress right"], count["stress"]),
    }


def _class(found: str, expected: str, title: str, index: Index) -> str:
    """Why an answer is not the expected class."""
    term = index.term(found)
    if term and normalise(term.label) == normalise(title):
        return "title is the label"
    return relation(found, expected, index)


def named(claims: Iterable[Claim], kind: str, index: Index) -> tuple[str, list[str]]:
    """How many distinct names of a kind have an identifier, and the most frequent without one.

    Of therapies also how many have one or are a kind of a class that has one.
    """
    vocabulary = kinds()[kind]
    own = () if vocabulary.category in vocabulary.vocabularies else (vocabulary.category,)
    categories = own + tuple(vocabulary.vocabularies)
    seen, written, pairs = Counter[str](), dict[str, str](), set[tuple[str, str]]()
    for claim in claims:
        if claim.kind == kind:
            seen[normalise(claim.name)] += 1
            written.setdefault(normalise(claim.name), claim.name)
            pairs.add((claim.evidence.document, normalise(claim.name)))
    find = place if kind == "therapy" else resolve
    found = {name: find(written[name], categories, index) for name in seen}
    has = {name for name, answer in found.items()
           if answer.id and not answer.id.startswith("rarekg:")}
    below = has | {name for name, answer in found.items() if answer.grounding.broader}
    told = [f"{share(len(names), len(seen))} distinct; "
            f"{share(sum(name in names for _, name in pairs), len(pairs))} by page; "
            f"{share(sum(seen[name] for name in names), seen.total())} mentions"
            for names in ((has, below) if kind == "therapy" else (has,))]
    missing = sorted((name for name in seen if name not in below), key=lambda n: (-seen[n], n))
    return (" -- or a kind of a class that has one: ".join(told),
            [f"{name} ({seen[name]})" for name in missing[:100]])


def speed(path: Path, names: list[str]) -> float:
    """Names looked up a second of one core, in an index that was not open yet."""
    index = Index(path)
    started = time.process_time()
    for name in names:
        index.find(name, "disease")
    return len(names) / (time.process_time() - started)


def at_once(path: Path, names: list[str], processes: int = 4) -> str:
    """The slowest and the fastest of several processes that look up at the same time."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        found = sorted(pool.map(partial(speed, path), [names] * processes))
    return f"{found[0]:,.0f} to {found[-1]:,.0f} names/s of one core in {processes} processes"


def compiled() -> str:
    """Seconds of one core for compiling all vocabularies that are found now."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        build.build(Path(folder) / "index.sqlite", all_sources(), lambda _name: None)
        seconds = time.process_time() - started
        size = (Path(folder) / "index.sqlite").stat().st_size
    return f"{seconds:.0f} s, {size / 1e6:,.0f} MB"


def offered(out: Path, index: Index) -> str:
    """For how many names without an identifier there are candidates, and how long it takes."""
    names = [(Ungrounded(cells["name"], cells["category"], cells["id"],
                         tuple(filter(None, cells["candidates"].split("|"))), ""),
              int(cells["statements"])) for _, cells in rows(out / "ungrounded.tsv")]
    started = time.process_time()
    found = candidates(names, index)
    seconds = time.process_time() - started
    told = Counter(row.predicate_id for row in found)
    return (f"{share(len({row.subject_id for row in found}), len({name.id for name, _ in names}))} "
            f"identifiers of ours; {len(found):,} rows {json.dumps(dict(told.most_common()))}; "
            f"{seconds:.1f} s")


def measured(gard: Path, vocab: Path, out: Path) -> Iterator[tuple[str, str]]:
    """Each figure with its name."""
    open_index()  # compiled, if it was not yet
    started = time.process_time()
    index = open_index()
    index.find("disease", "disease")
    yield "opening and the first look-up", f"{(time.process_time() - started) * 1000:.0f} ms"
    yield "names", f"{index.size():,}"
    claims = list(jsonl.read(out / "claims.jsonl", Claim))
    names: dict[str, list[str]] = {}
    for claim in claims:
        if claim.kind == "synonym":
            names.setdefault(claim.evidence.document, []).append(claim.name)
    pages = {path.name for path in gard.glob("*.xml")}
    documents = [document for document in jsonl.read(out / "documents.jsonl", Document)
                 if Path(document.page).name in pages and "gard/" in document.page]
    titles = [document.title for document in documents] * 5
    yield "look-ups", f"{speed(index.path, titles):,.0f} names/s"
    yield "look-ups, several processes", at_once(index.path, titles)
    yield from focus(documents, names, index, gold(vocab)).items()
    for kind in ("gene", "phenotype", "therapy"):
        if kind in kinds():
            told, missing = named(claims, kind, index)
            yield kind, told
            yield f"{kind} without an identifier", "; ".join(missing)
    listed = (claim for claim in claims if claim.evidence.rule == TABLE_ROW)
    yield "rows of HPO tables", named(listed, "phenotype", index)[0]
    yield "candidates", offered(out, index)


def main() -> None:
    """Print every figure as a row of a Markdown table."""
    folders = [Path(argument) for argument in sys.argv[1:] if argument != "--build"]
    if len(folders) != 3:
        sys.exit(__doc__)
    print("| what | measured |\n|---|---|")
    if "--build" in sys.argv:
        print(f"| compiling | {compiled()} |", flush=True)
    for name, value in measured(*folders):
        print(f"| {name} | {value} |", flush=True)


if __name__ == "__main__":
    main()
