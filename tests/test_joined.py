"""Stage files that do not belong together are told with the line that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import jsonl
from kg.errors import DataError
from kg.model import Document, Span
from kg.stored import joined


def page(identifier: str) -> Document:
    """A page that has nothing but an id."""
    return Document(id=identifier, page=f"{identifier}.txt", format="text", title="t",
                    title_span=Span(0, 1), text="t", sha256="0" * 64, url="", license="",
                    xrefs=(), blocks=(), references=())


def test_the_line_of_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Not the first line, but the first of the page that is missing or out of order."""
    jsonl.write(tmp_path / "documents.jsonl", [page("a"), page("b")])
    jsonl.write(tmp_path / "lines.jsonl", [page("a"), page("a"), page("c")])
    with pytest.raises(DataError, match=r"lines\.jsonl:3: document c is not in documents\.jsonl"):
        list(joined(tmp_path, "lines.jsonl", Document, lambda one: one.id))
