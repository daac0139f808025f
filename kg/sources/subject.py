"""Which one disease an article is about, read off its title and subject headings, or why none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from msgspec import Struct

from ..errors import SourceError
from ..files import rows, shipped
from ..model import Span
from ..vocab.index import Index, open_index
from ..vocab.resolve import resolve

_AND = re.compile(r"([\w'’-]+)(?:,| and| or| &|/) ?$")
_NOT_HUMAN = "non-human animal"  # at the end of the labels of MONDO's diseases of animals
GROUP = 120  # classes below: fewer than those of lymphoma or infection, more than any one disease's
RARE = ("Orphanet", "GARD")  # whoever numbers a disease there holds it to be rare
_SHORT = re.compile(r"[A-Z][A-Z\d]{1,7}")  # "GLA" is more often a gene than a disease


class Heading(Struct, frozen=True):
    """A subject heading: its words, its MeSH number, and whether it is a disease for certain.

    MeSH's supplementary records are of one disease each; a descriptor may be broader.
    """

    name: str
    id: str = ""
    exact: bool = False


class Subject(Struct, frozen=True):
    """A disease that is named: its class, in which words, and where: in the title or a heading."""

    id: str
    words: str
    span: Span | None = None
    heading: int = -1


@cache
def _words(where: str) -> re.Pattern[str]:
    """The rows of data/titles.tsv for one place, as one pattern."""
    found = (cells["pattern"] for _, cells in rows(shipped("data/titles.tsv"))
             if cells["where"] == where)
    return re.compile("|".join(found), re.IGNORECASE)


def _of_animals(title: str, index: Index) -> bool:
    """Whether a title speaks of animals, outside the names of diseases, and not of people."""
    for span, _ in reversed(index.tag(title, "disease")):  # "cat eye syndrome"
        title = f"{title[:span.start]} {title[span.end:]}"
    return bool(_words("anywhere").search(title)) and not re.search(
        r"\b(?:humans?|patients?|people|famil(?:y|ies))\b", title, re.IGNORECASE)


@cache
def _index() -> Index:
    return open_index()


def subject(
    page: str, title: str, headings: Sequence[Heading], index: Index | None = None
) -> Subject:
    """The one disease that the title or a supplementary heading names.

    What is also a sign of disease does not count beside one, and alone only where a heading names
    it too; nor does what is broader than another, unless the title puts "and" between them.  Where
    the vocabulary has GARD's numbers, only a disease with one of them or of Orphanet's counts.
    Raises SourceError where no disease is left, or several, where a heading names another that is
    no sign, for a group of diseases, and where the title speaks of animals.
    """
    index = index or _index()
    if _of_animals(title, index):
        raise SourceError(page, "refused: a study of animals, not of people")
    filed = _filed(headings, index)
    exact = {curie: one for curie, one in filed.items() if headings[one.heading].exact}
    named = exact | _named(page, title, index)
    joined = _joined(title, named.values())
    signs = {curie for curie, one in {**filed, **named}.items() if _is_sign(one, index)}
    found = _counted(named, signs, index) or _counted(set(named) & set(filed), set(), index)
    stray = _unrelated(_counted(filed, signs, index), found, index) | joined.difference(signs)
    if len(found) != 1 or stray - found:
        raise SourceError(page, _refusal(found | stray if found else found, index))
    return _disease(page, named[next(iter(found))], index)


def _refusal(found: Iterable[str], index: Index) -> str:
    labels = sorted(term.label for curie in found if (term := index.term(curie)))
    told = " and ".join(labels[:3]) + (" and more" if len(labels) > 3 else "")
    return f"no single disease: the article is about {told}" if told else (
        "no single disease: the title names none that the vocabulary knows")


def _named(page: str, title: str, index: Index) -> dict[str, Subject]:
    """The diseases that the title names, the first mention of each.

    Raises SourceError where it names one in passing: a protein called after it, what mimics it.
    """
    found: dict[str, Subject] = {}
    for span, _ in index.tag(title, "disease"):
        words = title[span.start:span.end]
        if _SHORT.fullmatch(words):
            continue
        if _is_else(title, span):
            raise SourceError(page, f"no single disease: the title names {words} in passing")
        for name in (words, *_elliptic(title[:span.start], words)):
            curie = resolve(name, ("disease",), index).id
            if curie:
                found.setdefault(curie, Subject(curie, name, span))
    return found


def _elliptic(before: str, words: str) -> Iterator[str]:
    """What a coordination leaves out: "Fabry and Gaucher diseases" names Fabry diseases, too."""
    first = _AND.search(before)
    shared = words.partition(" ")[2]
    if first and shared:
        yield f"{first.group(1)} {shared}"


def _is_else(title: str, span: Span) -> bool:
    """Whether the title names something else with a disease's name, or says that it is not it."""
    before, after = title[:span.start], title[span.end:]
    return before.endswith("-") or after.startswith("-") or bool(
        _words("before").search(before) or _words("after").match(after))


def _joined(title: str, named: Iterable[Subject]) -> set[str]:
    """The diseases that the title puts beside each other: "X and Y", "X/Y"."""
    spans = sorted((one.span, one.id) for one in named if one.span)
    return {curie for (first, one), (second, other) in pairwise(spans)
            if _words("between").match(title[first.end:second.start]) for curie in (one, other)}


def _filed(headings: Sequence[Heading], index: Index) -> dict[str, Subject]:
    """The diseases among the headings, the first heading of each."""
    found: dict[str, Subject] = {}
    for number, heading in enumerate(headings):
        if curie := _of_heading(heading, index):
            found.setdefault(curie, Subject(curie, heading.name, None, number))
    return found


def _of_heading(heading: Heading, index: Index) -> str:
    """The class of a heading, by its number where the vocabulary has it, else by its name."""
    numbered = [curie for curie in index.xref(heading.id) if _is_disease(curie, index)]
    return numbered[0] if len(numbered) == 1 else resolve(heading.name, ("disease",), index).id


def _is_disease(curie: str, index: Index) -> bool:
    term = index.term(curie)
    return term is not None and term.category == "disease"


def _disease(page: str, found: Subject, index: Index) -> Subject:
    """What was found, if it is a disease of people and no group; raises SourceError."""
    term = index.term(found.id)
    if term is None or term.label.endswith(_NOT_HUMAN):
        raise SourceError(page, "refused: a disease of animals, not of people")
    if index.below(found.id, GROUP) == GROUP:
        raise SourceError(page, f"no single disease: {term.label} is a group of diseases")
    return found


def _is_sign(named: Subject, index: Index) -> bool:
    """Whether the disease is, by this name or its label, a sign of others: stroke."""
    term = index.term(named.id)
    return any(index.find(name, "phenotype")
               for name in (named.words, term.label if term else "") if name)


def _counted(found: Iterable[str], signs: Iterable[str], index: Index) -> set[str]:
    """The diseases without signs, those that are not rare and those broader than another."""
    left = set(found) - set(signs)
    if index.has_xrefs("GARD"):
        left = {curie for curie in left if any(
            xref.partition(":")[0] in RARE for xref in index.xrefs_of(curie))}
    return left - {broader for curie in left for broader in index.ancestors(curie)}


def _unrelated(others: Iterable[str], found: Iterable[str], index: Index) -> set[str]:
    """Of the diseases that headings name, those that are neither above nor below one of `found`."""
    known = set(found)
    above = {curie for one in known for curie in index.ancestors(one)}
    return {curie for curie in others if curie not in known | above
            and known.isdisjoint(index.ancestors(curie))}
