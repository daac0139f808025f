"""Gene tables: HGNC's complete set, and the symbols in HPO's genes_to_phenotype.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..term import Report, Term
from .lines import cells, columns, parts


def accepts_hgnc(_name: str, start: bytes) -> bool:
    """Whether the table has an id (or hgnc_id), a symbol and previous symbols."""
    header = columns(start)
    return "symbol" in header and bool({"previous", "prev_symbol"} & set(header))


def accepts_hpo(_name: str, start: bytes) -> bool:
    """Whether the table has the columns of HPO's gene file."""
    return {"ncbi_gene_id", "gene_symbol"} <= set(columns(start))


def version(_path: Path, _start: bytes) -> str:
    """Nothing: neither table says its release."""
    return ""


def read_hgnc(path: Path, report: Report) -> Iterator[Term]:
    """Every gene: symbol as label, name and previous symbols as exact, aliases as related names."""
    for number, row in cells(path, report):
        curie = row.get("hgnc_id") or row.get("id", "")
        if not (curie.startswith("HGNC:") and row["symbol"]):
            report(number, f"no HGNC id or symbol: {curie!r}")
            continue
        exact = (row.get("name", ""), *parts(row.get("previous") or row.get("prev_symbol", "")))
        related = parts(row.get("aliases") or row.get("alias_symbol", ""))
        entrez = row.get("entrez") or row.get("entrez_id", "")
        yield Term(
            curie, row["symbol"], "gene",
            (*((name, "exact") for name in exact if name),
             *((name, "related") for name in related)),
            (f"NCBIGene:{entrez}",) if entrez else (),
        )


def read_hpo(path: Path, report: Report) -> Iterator[Term]:
    """Every gene once: NCBI Gene id and symbol."""
    seen: dict[str, str] = {}
    for _, row in cells(path, report):
        seen.setdefault(row["ncbi_gene_id"], row["gene_symbol"])
    for identifier, symbol in seen.items():
        yield Term(f"NCBIGene:{identifier}", symbol, "gene")
