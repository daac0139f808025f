"""How fast a PubMed file is cut and read, and how much memory that takes.

    python benchmarks/literature.py -n 30000
    python benchmarks/literature.py -n 500 --run

The articles are made up: of ten, one (--others) is about no single disease.  Each line is a process
of its own: `cut` gives the bytes of each article, `read` makes a Document of each, `run` is
`kg run -j 2`.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.errors import SourceError
from kg.sources import read
from kg.sources.containers import members

DISEASES = ("Fabry disease", "Gaucher disease", "Marfan syndrome", "hidradenocarcinoma",
            "Rett syndrome", "Alexander disease", "Wilson disease", "Huntington disease")
SENTENCES = (
    "{d} is treated with {drug}.", "The five-year survival rate of {d} is {n}%.",
    "Symptoms of {d} include {sign} and fatigue.", "{d} affects 1 in {n},000 people.",
    "Patients with {d} were followed for {n} months at two centres.",
    "A total of {n} cases of {d} have been reported.", "The cause of {d} is unknown.",
    "{sign} is associated with a poor prognosis in {d}.",
    "In {n} patients with {d} no further events were seen during follow-up.",
)
DRUGS = ("migalastat", "prednisone", "radiotherapy", "tamoxifen", "wide local excision")
SIGNS = ("proteinuria", "ataxia", "hearing impairment", "seizures", "lymph node metastasis")
LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">{pmid}</PMID><Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print">
<Volume>{n}</Volume><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>Made Up</Title>
<ISOAbbreviation>Made Up</ISOAbbreviation></Journal><ArticleTitle>{title}</ArticleTitle>
<Abstract>{abstract}</Abstract><AuthorList CompleteYN="Y"><Author ValidYN="Y">
<LastName>Ito</LastName><Initials>R</Initials><AffiliationInfo><Affiliation>{words}</Affiliation></AffiliationInfo></Author>
</AuthorList></Article><MeshHeadingList><MeshHeading><DescriptorName UI="D006801" MajorTopicYN="N">
Humans</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation><PubmedData><ReferenceList>
{references}</ReferenceList></PubmedData></PubmedArticle>
"""
REFERENCE = ("<Reference><Citation>Ito R. Made up {n}. Made Up. 2010;{n}:1-9.</Citation>"
             '<ArticleIdList><ArticleId IdType="pubmed">{n}</ArticleId></ArticleIdList>'
             "</Reference>")


def articles(count: int, others: int) -> Iterator[str]:
    """So many records, the same every time."""
    chance = random.Random(20261122)
    for number in range(count):
        disease, other = chance.sample(DISEASES, 2)
        named = f"{disease} and {other}" if number % 10 < others else disease
        parts = [" ".join(chance.choice(SENTENCES).format(
            d=disease, n=chance.randrange(2, 99), drug=chance.choice(DRUGS),
            sign=chance.choice(SIGNS)) for _ in range(4)) for _ in LABELS]
        abstract = "".join(f'<AbstractText Label="{label}" NlmCategory="{label}">{part}'
                           "</AbstractText>" for label, part in zip(LABELS, parts, strict=True))
        yield ARTICLE.format(
            pmid=10_000_000 + number, n=chance.randrange(1, 99), abstract=abstract,
            title=f"Course of {named} {number}",
            words="".join(chance.choices("abcdefghij klmnop", k=900)),
            references="".join(REFERENCE.format(n=chance.randrange(1, 10_000_000))
                               for _ in range(20)))


def make(path: Path, count: int, others: int) -> None:
    """A gzipped set of articles."""
    with gzip.open(path, "wb", compresslevel=6) as handle:
        handle.write(b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet SYSTEM "x.dtd">\n'
                     b"<PubmedArticleSet>\n")
        for article in articles(count, others):
            handle.write(article.encode())
        handle.write(b"</PubmedArticleSet>\n")


def measure(stage: str, path: Path) -> str:
    """One line of the table, of this process."""
    reasons: Counter[str] = Counter()
    started, count = time.process_time(), 0
    for name, data in members(path.name, path) or ():
        count += 1
        if stage == "read":
            try:
                read(name, data)
            except SourceError as error:
                reasons[error.reason.partition(":")[0]] += 1
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (f"{stage:6} {count:8,} articles {seconds:8.1f} s CPU {count / seconds:10,.0f} a second "
            f"{peak:6,.0f} MB peak, skipped {dict(reasons) or 0}")


def run(path: Path) -> None:
    """`kg run` over the file, with its own summary, its wall time and its largest process."""
    with tempfile.TemporaryDirectory() as out:
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "kg", "run", str(path), "-o", out, "-j", "2"],
                       check=True, stderr=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"run: {time.monotonic() - started:.1f} s, {used.ru_utime + used.ru_stime:.1f} s CPU of "
          f"all processes with those above, the largest {used.ru_maxrss / 1024:,.0f} MB")


def main() -> None:
    """Make the file, then measure each stage in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=30_000)
    parser.add_argument("--others", type=int, default=1, metavar="OF_TEN")
    parser.add_argument("--run", action="store_true")
    parser.add_argument("--stage", choices=("cut", "read"))
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.stage:
        print(measure(asked.stage, asked.file))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pubmed.xml.gz"
        make(path, asked.n, asked.others)
        print(f"{asked.n:,} articles, {path.stat().st_size / 1e6:.1f} MB gzipped")
        for stage in ("cut", "read"):
            subprocess.run([sys.executable, __file__, "--stage", stage, "--file", str(path)],
                           check=True)
        if asked.run:
            run(path)


if __name__ == "__main__":
    main()
