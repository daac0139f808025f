"""Finding pages below what the user named, and how they are called."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from kg.errors import SourceError, UsageError
from kg.pipeline import Input
from kg.sources.walk import pages


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two pages, a hidden file and a hidden folder."""
    for name in (
        "corpus/gard/2.xml",
        "corpus/gard/10.xml",
        "corpus/.hidden",
        "corpus/.git/config",
        "other/gard/2.xml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_names_begin_with_the_named_folder(root: Path) -> None:
    """Pages of a folder are called by the folder's name and the path below it, in order."""
    assert [name for name, _ in pages([root / "corpus"])] == [
        "corpus/.hidden",
        "corpus/gard/10.xml",
        "corpus/gard/2.xml",
    ]


def test_a_file_is_called_with_its_folder(root: Path) -> None:
    """A single file takes its parent folder's name."""
    assert [name for name, _ in pages([root / "corpus/gard/2.xml"])] == ["gard/2.xml"]


def test_order_of_the_paths_does_not_matter(root: Path) -> None:
    """The same pages come in the same order however they were named."""
    paths = [root / "corpus", root / "other"]
    assert list(pages(paths)) == list(pages(reversed(paths)))


def test_relative_names(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "." is called by the folder it stands for."""
    monkeypatch.chdir(root / "other")
    assert [name for name, _ in pages(["."])] == ["other/gard/2.xml"]


def test_one_file_named_twice_is_one_page(root: Path) -> None:
    """A file that two paths lead to under the same name is read once."""
    path = root / "corpus/gard/2.xml"
    assert len(list(pages([path, path]))) == 1


def test_two_files_with_one_name(root: Path) -> None:
    """Two files that would be the same page are refused, and both are named."""
    with pytest.raises(UsageError, match=r"corpus.*other|other.*corpus"):
        list(pages([root / "corpus/gard", root / "other/gard"]))


def test_missing_path(root: Path) -> None:
    """A path that is not there is the user's error."""
    with pytest.raises(UsageError, match="no such file"):
        list(pages([root / "nothing"]))


def test_standard_input() -> None:
    """ "-" is the page on standard input."""
    assert list(pages(["-"], io.BytesIO(b"x"))) == [("stdin", b"x")]


def test_links_that_lead_nowhere_are_files_to_be_reported(root: Path) -> None:
    """A link to itself or to nothing is a page that cannot be read, not a crash."""
    (root / "other/self").symlink_to("self")
    (root / "other/nowhere").symlink_to("nothing")
    (root / "other/up").symlink_to("..")
    assert [name for name, _ in pages([root / "other", root / "other"])] == [
        "other/gard/2.xml", "other/nowhere", "other/self"]


def test_a_pipe_in_a_folder_is_not_waited_for(root: Path) -> None:
    """Only regular files below a folder are read; the rest is listed with a reason."""
    os.mkfifo(root / "other/pipe")
    for name, content in pages([root / "other"]):
        if name == "other/pipe":
            with pytest.raises(SourceError, match="not a regular file"):
                Input(name, str(content)).data()


def test_a_pipe_that_is_named_is_read() -> None:
    """`kg run <(command)` reads what the command prints."""
    out, into = os.pipe()
    os.write(into, b"page")
    os.close(into)
    assert [content for _, content in pages([f"/dev/fd/{out}"])] == [b"page"]
    os.close(out)


def test_names_that_are_no_utf_8_are_escaped(root: Path) -> None:
    """A page's name can always be written as JSON."""
    Path(os.fsdecode(os.fsencode(root / "other") + b"/bad\xff.txt")).write_text("x")
    assert next(name for name, _ in pages([root / "other"])) == r"other/bad\xff.txt"


def test_standard_input_named_twice_is_one_page() -> None:
    """The second "-" finds nothing more to read, and that is no other page."""
    assert list(pages(["-", "-"], io.BytesIO(b"x"))) == [("stdin", b"x")]


def test_the_output_folder_is_no_input(root: Path) -> None:
    """`kg run . -o out` reads the same pages the second time; what is named is always read."""
    (root / "other/out/exports").mkdir(parents=True)
    (root / "other/out/report.txt").write_text("x")
    (root / "other/out/exports/a.md").write_text("x")
    out = root / "other/out"
    assert [name for name, _ in pages([root / "other"], without=out)] == ["other/gard/2.xml"]
    assert [name for name, _ in pages([out / "exports"], without=out)] == ["exports/a.md"]
