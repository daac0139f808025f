"""Pages from tables: the same pages as from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny

from kg import collected
from kg.errors import DataError, UsageError


def table(path: Path, count: int) -> Path:
    """A JSON Lines file of pages."""
    rows = ({"page": f"t/{number}.txt", "content": tiny.page(number), "more": 1}
            for number in range(count))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_table_gives_the_pages_that_files_give(tmp_path: Path) -> None:
    """Name and content decide, not where they came from."""
    path, folder = table(tmp_path / "pages.jsonl", 3), tmp_path / "t"
    folder.mkdir()
    for name, content in collected.pages(str(path)):
        (tmp_path / name).write_bytes(content)
    few = ("--format", "turtle", "--jobs", "1")
    tiny.run(folder, tmp_path / "one", *few).check_returncode()
    done = tiny.run(table(tmp_path / "none.jsonl", 0), tmp_path / "two", *few, "--table", str(path))
    assert done.returncode == 0, done.stderr.decode()
    one, two = tiny.contents(tmp_path / "one"), tiny.contents(tmp_path / "two")
    assert two.pop("skipped.tsv").count(b"\n") == 2  # the empty file that was named as a page
    assert one.pop("skipped.tsv").count(b"\n") == 1
    assert one == two


@pytest.mark.parametrize("line", ['{"page": "a"}', '{"page": "", "content": "x"}', "[]", "{"])
def test_a_row_that_is_no_page_is_named(tmp_path: Path, line: str) -> None:
    """The message gives the file and the line."""
    path = table(tmp_path / "pages.jsonl", 1)
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"pages\.jsonl:2: "):
        list(collected.pages(str(path)))


@pytest.mark.parametrize(("name", "told"), [
    ("none.jsonl", "No such file"), ("pages.csv", "must end in"), ("memory://x.jsonl", "memory://x")])
def test_a_table_that_cannot_be_read_is_told(tmp_path: Path, name: str, told: str) -> None:
    """One line says what is wrong."""
    location = name if "://" in name else str(tmp_path / name)
    with pytest.raises(UsageError, match=told):
        list(collected.pages(location))


def test_parquet_gives_the_same_pages(tmp_path: Path) -> None:
    """Text and bytes in a column are the same."""
    pa = pytest.importorskip("pyarrow")
    rows = list(collected.pages(str(table(tmp_path / "pages.jsonl", 5))))
    made = pa.table({"page": [name for name, _ in rows], "content": [one for _, one in rows]})
    pytest.importorskip("pyarrow.parquet").write_table(made, tmp_path / "pages.parquet")
    assert list(collected.pages(str(tmp_path / "pages.parquet"))) == rows
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    with pytest.raises(UsageError, match="no Parquet file"):
        list(collected.pages(str(tmp_path / "bad.parquet")))
