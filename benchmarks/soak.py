"""Soaks kg serve with mixed requests, good and bad; prints memory, statuses and what failed."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

from serve import memory, ready, serving, status, written

FORMS = ("html", "ttl", "jsonld", "nt", "rdf", "json", "kgx.jsonl")


def main() -> None:
    """Exit code 1 where there was a 5xx, or memory went on growing in the second half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of kg run")
    parser.add_argument("--python", default=sys.executable, help="one with the extra web")
    parser.add_argument("--requests", type=int, default=100_000)
    given = parser.parse_args()
    prepared = ready(given.folder)
    with tempfile.TemporaryDirectory() as scratch:
        names = written(prepared, Path(scratch))["iris"].read_text(encoding="utf-8").split()
    with serving(given.python, given.folder) as ours:
        sys.exit(0 if soak(names, given.requests, ours.pid) else 1)


def soak(names: Sequence[str], count: int, process: int) -> bool:
    """`count` requests of every sort by eight clients; whether there was no 5xx and no growth."""
    found, sizes = Counter[str](), list[int]()
    left = iter(range(count))
    lock = threading.Lock()
    odd: Counter[str] = Counter()

    def client() -> None:
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            if number % (count // 10 or 1) == 0:
                sizes.append(memory(process))
                print(f"{number:>8} requests, {sizes[-1]} MB", flush=True)
            kind, path, headers = mixed(random.Random(number), names)
            done = status("kg serve", path, headers)
            with lock:
                found[f"{kind} {done}"] += 1
                if done >= 500:
                    odd[path[:100]] += 1

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sizes.append(memory(process))
    print(f"{count:>8} requests, {sizes[-1]} MB")
    for key, number in sorted(found.items()):
        print(f"{number:>8} {key}")
    print(f"5xx: {sum(odd.values())} {dict(odd.most_common(3))}")
    return not odd and sizes[-1] <= 1.1 * sizes[len(sizes) // 2]


def mixed(chance: random.Random, names: Sequence[str]) -> tuple[str, str, dict[str, str]]:
    """A kind of request with its path and headers."""
    iri = chance.choice(names)
    tail = iri.rpartition("/")[2].replace("_", ":")
    disease = f"/disease/{tail}" if "MONDO" in iri else "/" + "/".join(iri.split("/")[4:])
    kind = chance.choice(("page", "thing", "query", "point", "search", "bad", "list"))
    if kind == "page":
        return kind, f"{disease}.{chance.choice(FORMS)}", {"Accept-Encoding": "gzip"}
    if kind == "thing":
        return kind, disease, {"Accept": chance.choice(("text/turtle", "image/png", "*/*"))}
    if kind == "search":
        return kind, f"/search.html?{urlencode({'q': tail[-chance.randint(1, 12):]})}", {}
    if kind == "bad":
        return kind, chance.choice(("/sparql?query=SELEC", "/nothing/x", "/disease/%00", "/%ff",
                                    "/sparql?query=ASK%7B%7D&format=image/png")), {}
    if kind == "list":
        return kind, chance.choice(("/", "/browse.html", "/data.html", "/healthz", "/sparql")), {}
    text = f"SELECT ?p ?o {{ <{iri}> ?p ?o }} LIMIT {chance.randint(1, 500)}" if kind == "point" \
        else f"SELECT ?s ?l {{ ?s rdf:subject <{iri}> ; rdf:object/rdfs:label ?l }} LIMIT 50"
    return kind, f"/sparql?query={quote(text)}", {}


if __name__ == "__main__":
    main()
