"""The tables beside the stage files that follow from the statements, made again and compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from ..candidates import unnamed
from ..contradictions import FILE, publish
from ..errors import KgError
from ..files import write_tsv
from ..folder import UNGROUNDED_HEADER, Names
from ..ground import ungrounded
from ..ontology import kinds
from ..prefixes import Prefixes
from .chain import Chain
from .finding import Finding, differing


def findings(chain: Chain, prefixes: Prefixes) -> Iterator[Finding]:
    """contradictions.tsv and ungrounded.tsv are what the statements give."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "graph.nq").touch()  # settled too: here it holds nothing
        try:
            publish(chain.folder, place, kinds(), prefixes)
        except (KgError, KeyError, IndexError):
            return  # a statement that cannot be read: the chain says which
        _names(chain, place / "ungrounded.tsv")
        yield from _table(chain.folder / FILE, place / FILE, "contradiction")
        yield from _table(chain.folder / "ungrounded.tsv", place / "ungrounded.tsv", "record")


def _names(chain: Chain, path: Path) -> None:
    names = Names()
    for page in chain.pages:
        if not page.withheld:
            names.add(ungrounded(page.said) + unnamed(page.said), page.document.page)
    write_tsv(path, UNGROUNDED_HEADER, names.rows())


def _table(path: Path, made: Path, check: str) -> Iterator[Finding]:
    """The first line of a table that is not as it is made from the statements."""
    if not path.is_file():
        yield Finding(path.name, 0, 0, 0, check, "there is no such file")
        return
    texts = (one.read_bytes().decode("utf-8", "replace").split("\n") for one in (path, made))
    pairs = zip_longest(*texts, fillvalue="")
    for number, (found, wanted) in enumerate(pairs, 1):
        if found != wanted:
            yield differing(check, path.name, number, "not what the statements give",
                            (found, wanted))
            return
