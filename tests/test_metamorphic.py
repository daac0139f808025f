"""What does not change a page's meaning does not change its facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import sources
from kg.extract import claims
from kg.files import shipped
from kg.text import normalise
from kg.vocab.index import open_index

PAGES = sorted(shipped("data/pages").iterdir())
Fact = tuple[str, str, str, str]
Change = Callable[[str], str]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)

# Diseases that nobody has; each keeps the letters that its page's abbreviation is made of.
INVENTED = {
    "Fibrodysplasia ossificans progressiva": "Fabrolistia orcadans pergandia",
    "Gitelman syndrome": "Gorwin syndrome",
    "Guillain-Barré syndrome": "Gallian-Borré syndrome",
    "Hidradenocarcinoma": "Hodrabenocarcinoma",
    "Inclusion body myositis": "Irindle baltic myolosis",
    "Leber hereditary optic neuropathy": "Lober haldic orbal neurolosis",
    "Lymphangioleiomyomatosis": "Lorangibomosis",
}


def found(name: str, text: str) -> Counter[Fact]:
    """The facts of a page: kind, normalised name, value and numbers, each as often as said."""
    document = sources.read(name, text.encode())
    return Counter(
        (one.kind, normalise(one.name), f"{one.value}{' not' * one.negated}{' ?' * one.doubtful}",
         f"{one.quantity.low}-{one.quantity.high} {one.quantity.unit}" if one.quantity else "")
        for one in claims(document, open_index()))


@cache
def original(page: Path) -> Counter[Fact]:
    """The facts of an example page as it is."""
    return found(page.name, page.read_text(encoding="utf-8"))


def changed(page: Path, change: Change) -> tuple[set[Fact], set[Fact]]:
    """The facts that a change loses, and those that it adds."""
    after = found(page.name, change(page.read_text(encoding="utf-8")))
    return set(original(page)) - set(after), set(after) - set(original(page))


def in_text(change: Change) -> Change:
    """The change made outside of tags and addresses only."""
    def done(text: str) -> str:
        parts = re.split(r"(<[^>]*>|https?://\S+|^---\n.*?^---\n)", text,
                         flags=re.DOTALL | re.MULTILINE)
        return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))

    return done


# ---------------------------------------------------------------- changes that must change nothing


def crlf(text: str) -> str:
    """Lines end as on Windows."""
    return text.replace("\n", "\r\n")


def trailing(text: str) -> str:
    """Every line ends in blanks."""
    return re.sub(r"(?<=\S)\n", "  \t\n", text)


def uncited(text: str) -> str:
    """No citation markers."""
    text = re.sub(r"<sup>\[.*?\]</sup>", "", text)
    return re.sub(r"(?<=[\w.:)%]) ?(?:\[\^?\d+\] ?)+(?!:)", "", text)


def hyphens(text: str) -> str:
    """Typographic hyphens that do not break."""
    return in_text(lambda part: re.sub(r"(?<=\w)-(?=\w)", "\u2011", part))(text)


def dashes(text: str) -> str:
    """En dashes between numbers, as ranges are set."""
    return in_text(lambda part: re.sub(r"(?<=\d)-(?=\d)", "–", part))(text)


def quotes(text: str) -> str:
    """Typographic apostrophes."""
    return in_text(lambda part: re.sub(r"(?<=\w)'(?=\w)", "’", part))(text)


def narrow(text: str) -> str:
    """Spaces that do not break, before units and after small words."""
    return in_text(lambda part: re.sub(r"(?<=\d) (?=\w)|(?<=\bof) ", "\xa0", part))(text)


def marked(text: str) -> str:
    """A byte order mark and empty lines at the end."""
    return f"\ufeff{text}\n\n\n" if not text.startswith("<?xml") else f"{text}\n\n"


def joined(text: str) -> str:
    """Paragraphs of one section put together; lists, headings and notes stay lines of their own."""
    text = re.sub(r"(?<=[.\]>])</p>\n<p>(?=[A-Z])(?!<b>)", " ", text)
    return re.sub(r"(?<=[a-z]{2}[.\]])\n\n(?=[A-Z][^\n]{60})(?!Last updated|Other|Please note)",
                  "\n", text)


def spaced(text: str) -> str:
    """Two spaces between words of plain text; in MedQuAD's answers they part list items."""
    if text.startswith("<?xml"):
        return text
    return in_text(lambda part: re.sub(r"(?<=[a-z,]) (?=[a-z])", "  ", part))(text)


SAME = (crlf, trailing, uncited, hyphens, dashes, quotes, narrow, marked, joined, spaced)


@every_page
@pytest.mark.parametrize("change", SAME, ids=lambda change: change.__name__)
def test_the_facts_stay(page: Path, change: Change) -> None:
    """Exactly the same facts, none lost and none added."""
    assert changed(page, change) == (set(), set())


@every_page
def test_the_name_of_the_disease_decides_nothing(page: Path) -> None:
    """Under an invented name, of the disease that no vocabulary has, the page says the same."""
    text = page.read_text(encoding="utf-8")
    title = next(name for name in INVENTED if name in text)

    def rename(words: str) -> str:
        for old, new in ((title, INVENTED[title]), (title.lower(), INVENTED[title].lower())):
            words = words.replace(old, new)
        return words

    old, new = normalise(title), normalise(INVENTED[title])
    expected = {(kind, name.replace(old, new), value, numbers)
                for kind, name, value, numbers in original(page)}
    assert set(found(page.name, rename(text))) == expected


# ---------------------------------------------------------------- changes that may cost something


def unheaded(text: str) -> str:
    """No headings but the title and that of the references, in each of the formats."""
    text = re.sub(r"<h[23]>(?!References|Questions).*?</h[23]>\n?", "", text)
    text = re.sub(r"^##+ (?!References).*\n+", "", text, flags=re.MULTILINE)
    text = re.sub(r'qtype="\w+"', 'qtype="other"', text)
    return re.sub(r"^(?:Summary|Cause|Risk factors|Inheritance|Treatment|Prognosis|Statistics)\n\n",
                  "", text, flags=re.MULTILINE)


@every_page
def test_without_headings_nearly_all_facts_stay(page: Path) -> None:
    """A heading is a hint, never a gate: at least 88 of 100 facts stay, and none is made up.

    What may go is a therapy in a paragraph that by its words belongs to another section (a biopsy
    "should be avoided" sounds like diagnosis).
    """
    lost, added = changed(page, unheaded)
    assert len(lost) <= 0.12 * len(original(page)), lost
    assert not added, added


@every_page
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_any_mixture_of_changes_keeps_the_facts(page: Path, data: st.DataObject) -> None:
    """Changes do not depend on each other."""
    chosen = data.draw(st.lists(st.sampled_from(SAME), min_size=2, max_size=4, unique=True))
    text = page.read_text(encoding="utf-8")
    for change in chosen:
        text = change(text)
    assert set(found(page.name, text)) == set(original(page)), [c.__name__ for c in chosen]
