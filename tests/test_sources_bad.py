"""Inputs that are no pages: each is refused with its name and a reason a person understands."""

from __future__ import annotations

import pickle
from contextlib import suppress
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.sources import read

FOLDER = Path(__file__).parent / "bad_inputs"
REASONS = {
    "empty.txt": "the file is empty",
    "blank.txt": "the file is empty",
    "binary.bin": "binary data",
    "invalid-utf8.txt": "invalid UTF-8: byte 0xff in line 3",
    "truncated.xml": "malformed XML in line 8",
    "entity-bomb.xml": "document type or entities",
    "no-focus.xml": "no disease",
    "no-disease.txt": "not a disease page",
    "no-disease.md": "not a disease page",
    "no-title.txt": "no disease: no title",
    "data.json": "no known kind of page",
}


@pytest.mark.parametrize("name", REASONS)
def test_reason(name: str) -> None:
    """The message names the page and says what is wrong with it."""
    with pytest.raises(SourceError) as caught:
        read(name, (FOLDER / name).read_bytes())
    assert caught.value.page == name
    assert REASONS[name] in caught.value.reason
    assert "\n" not in str(caught.value)


def test_every_bad_input_is_tested() -> None:
    """No file of the folder is forgotten."""
    assert {path.name for path in FOLDER.iterdir()} == {*REASONS, "scripts.html"}


def test_scripts_are_no_text() -> None:
    """Of a page with scripts only what a reader sees is read."""
    document = read("scripts.html", (FOLDER / "scripts.html").read_bytes())
    assert document.text == "Foo disease\n\nTreatment\n\nFoo disease is treated with surgery.\n\n"


@pytest.mark.parametrize("character", ["x", " ", "\n", "Foo disease is treated with drugs. "])
def test_fifty_megabytes(character: str) -> None:
    """A page that is too large is refused before anything else is done with it."""
    data = (character * (50_000_000 // len(character))).encode()
    with pytest.raises(SourceError, match="too large"):
        read("big.txt", data)


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "a b ",
        " ",
        "[1",
        "1. ",
        ".",
        "*_",
        "- ",
        "<b>",
        "<ul><li>",
        "a|",
        "Last updated: 1/1/2001 ",
        "(a",
        "PMID ",
        "; ",
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    """Monotonous text of a hundred thousand characters is read or refused at once."""
    data = (
        "# Foo disease\n\nFoo disease.\n\nReferences\n1. " + piece * (100_000 // len(piece))
    ).encode()
    with suppress(SourceError):
        read("x", data)


def test_a_cut_multibyte_character() -> None:
    """A page cut in the middle of a character is invalid UTF-8."""
    with pytest.raises(SourceError, match="invalid UTF-8"):
        read("x", "Foo disease\n\nTreatment\n\nDrugs – ".encode()[:-2])


def test_utf16_is_binary() -> None:
    """UTF-16 is refused as binary data."""
    with pytest.raises(SourceError, match="binary"):
        read("x", "Foo disease\n".encode("utf-16"))


def test_error_survives_a_process() -> None:
    """A worker's error arrives whole."""
    error = pickle.loads(pickle.dumps(SourceError("a", "b")))
    assert (error.page, error.reason) == ("a", "b")
