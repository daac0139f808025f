"""Orphadata's XML (products 1, 4, 6 and 9): each disorder as a page of short sentences and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from ..errors import SourceError
from ..model import Document
from ..text import collapse
from .article import Work, listed
from .assembly import Declared, document
from .outline import Outline
from .rendering import Rendering
from .xml import parsed, root_of, words

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_ROOTS = frozenset({b"JDBOR", b"Disorder", b"HPODisorderSetStatus"})
_PMID = re.compile(r"(\d{1,10})\[PMID\]")
# Orphanet's names of frequencies as the bands of a table of signs (data/frequency.tsv).
_BANDS = {"Obligate": "100%-100%", "Very frequent": "80%-99%", "Frequent": "30%-79%",
          "Occasional": "5%-29%", "Very rare": "1%-4%", "Excluded": "0%-0%"}
# How a gene is associated, by the beginning of Orphanet's name for it; "{}" are disorder and gene.
_GENES = (
    ("Disease-causing germline mutation", "Germline mutations in the {gene} gene cause {name}."),
    ("Disease-causing somatic mutation", "Somatic mutations in the {gene} gene cause {name}."),
    ("Major susceptibility factor",
     "Variants of the {gene} gene are a major susceptibility factor for {name}."),
    ("Candidate gene", "The {gene} gene is a candidate gene for {name}."),
)
_SOURCES = {"OMIM": "OMIM", "UMLS": "UMLS", "MeSH": "MESH", "GARD": "GARD", "MONDO": "MONDO"}
_CLASS = re.compile(r"([<>]?)\s*(\d+)(?:-(\d+))?\s*/\s*([\d ]+)")
_BOUND = {"<": "fewer than ", ">": "more than ", "": ""}


def sniff(data: bytes) -> bool:
    """Whether the root is a disorder of Orphadata, or a file of them."""
    return root_of(data)[0] in _ROOTS


def read(page: str, data: bytes) -> Document:
    """One disorder: names, definition, signs with frequencies, genes, prevalence, inheritance.

    What Orphanet has not assessed or validated yet keeps its place and is silent.
    Raises SourceError for malformed XML, a file of several disorders, and one without a name or
    without anything but its name.
    """
    root = parsed(page, data)
    found = list(root.iter("Disorder"))
    if len(found) != 1:
        raise SourceError(page, f"a file of {len(found)} disorders is no page")
    disorder = found[0]
    name, code = collapse(disorder.findtext("Name") or ""), _text(disorder, "OrphaCode")
    if not name or not code.isdigit():
        raise SourceError(page, "no disease: the disorder has no name or no ORPHA code")
    writer = _Writer(name)
    for fill in _SECTIONS:
        fill(writer, disorder)
    if len(writer.outline.blocks) == 1:
        raise SourceError(page, "no text: nothing is said of the disorder but its name")
    writer.references()
    declared = Declared(_text(disorder, "ExpertLink"), LICENSE,
                        (f"Orphanet:{code}", *_same(disorder)))
    return document(page, data, "orphadata", title=writer.title, text=writer.rendering.text,
                    blocks=writer.outline.blocks, references=writer.outline.references,
                    declared=declared)


def _text(element: etree._Element, path: str) -> str:
    return collapse(words(element.find(path)))


def _same(disorder: etree._Element) -> Iterator[str]:
    """The numbers of the same disorder elsewhere: exact mappings alone (Orphanet's "E")."""
    for node in disorder.iterfind("ExternalReferenceList/ExternalReference"):
        prefix, number = _SOURCES.get(_text(node, "Source")), _text(node, "Reference")
        exact = _text(node, "DisorderMappingRelation/Name").split(" ")[0] == "E"
        if prefix and exact and re.fullmatch(r"\w{1,20}", number):
            yield f"{prefix}:{number.zfill(7) if prefix in {'GARD', 'MONDO'} else number}"


class _Writer:
    """The page as it grows; a PMID that is cited gets the next number of the list."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rendering, self.outline = Rendering(), Outline()
        self.title = self.rendering.write("heading", name)
        self.outline.title(self.title)
        self._cited: dict[str, int] = {}

    def heading(self, text: str) -> None:
        """A heading."""
        self.outline.heading(text, self.rendering.write("heading", text))

    def marks(self, source: str) -> str:
        """Citation marks for the PMIDs in one of Orphanet's sources ("123[PMID]_45[PMID]")."""
        numbers = (self._cited.setdefault(pmid, len(self._cited) + 1)
                   for pmid in dict.fromkeys(_PMID.findall(source)))
        return "".join(f"[{number}]" for number in numbers)

    def say(self, text: str, source: str = "", *, known: bool = True) -> None:
        """A sentence with its citation marks; silent where it is not known to be right."""
        cited = f"{text}{self.marks(source)}"
        span = self.rendering.write("prose", cited)
        if known:
            self.outline.paragraph(cited, span)
        else:
            self.outline.silent(span)

    def references(self) -> None:
        """The list of what is cited."""
        for pmid, number in self._cited.items():
            listed(self.outline, self.rendering, number, Work(f"PMID: {pmid}", pmid=pmid))


def _names(writer: _Writer, disorder: etree._Element) -> None:
    found = [collapse(words(node)) for node in disorder.iterfind("SynonymList/Synonym")]
    if any(found):
        span = writer.rendering.write("prose", "; ".join(filter(None, found)), "Other names: ")
        writer.outline.names(writer.rendering.text[span.start:span.end], span)


def _definition(writer: _Writer, disorder: etree._Element) -> None:
    for node in disorder.iter("TextSection"):
        if _text(node, "TextSectionType/Name") == "Definition" and _text(node, "Contents"):
            text = re.sub(r"<[^<>]{1,50}>", "", _text(node, "Contents"))
            writer.outline.paragraph(text, writer.rendering.write("prose", text))


def _signs(writer: _Writer, disorder: etree._Element) -> None:
    """A table in bands of frequency, as GARD's pages have it, each row with its HP class."""
    bands: dict[str, list[str]] = {}
    for node in disorder.iter("HPODisorderAssociation"):
        often = _text(node, "HPOFrequency/Name").partition(" (")[0]
        sign, number = _text(node, "HPO/HPOTerm"), _text(node, "HPO/HPOId")
        if sign and re.fullmatch(r"HP:\d{7}", number):
            bands.setdefault(often, []).append(f"{sign} | {number}")
    if bands:
        writer.heading("Signs and symptoms")
    for often in (*_BANDS, *sorted(set(bands) - set(_BANDS))):
        share = _BANDS.get(often)
        rows = [f"{share or 'Percent'} of people ({often or 'frequency not known'})"]
        for text in (*rows, *bands[often]) if often in bands else ():
            writer.outline.row(text, writer.rendering.write("row", text))


def _genes(writer: _Writer, disorder: etree._Element) -> None:
    found = list(disorder.iter("DisorderGeneAssociation"))
    if found:
        writer.heading("Genes")
    for node in found:
        kind, gene = _text(node, "DisorderGeneAssociationType/Name"), _text(node, "Gene/Symbol")
        known = _text(node, "DisorderGeneAssociationStatus/Name") == "Assessed"
        template = next((text for start, text in _GENES if kind.startswith(start)), "")
        text = template.format(gene=gene, name=writer.name) if template else (
            f"{gene}: {kind} {writer.name}.")
        if gene:
            writer.say(text, _text(node, "SourceOfValidation"), known=known and bool(template))


def _prevalence(writer: _Writer, disorder: etree._Element) -> None:
    found = list(disorder.iter("Prevalence"))
    if found:
        writer.heading("Prevalence")
    for node in found:
        known = _text(node, "PrevalenceValidationStatus/Name") == "Validated"
        if text := _figure(writer.name, node):
            writer.say(text, _text(node, "Source"), known=known)


def _figure(name: str, node: etree._Element) -> str:
    """The sentence of a figure, empty for one that is unknown or not documented."""
    place = _text(node, "PrevalenceGeographic/Name")
    where = f" in {place}" if place and place != "Worldwide" else " worldwide" if place else ""
    kind = _text(node, "PrevalenceType/Name") or "Prevalence"
    if kind == "Cases/families":
        return _cases(name, node, where)
    found = _CLASS.fullmatch(_text(node, "PrevalenceClass/Name"))
    if found is None:
        return ""
    sign, low, high, of = found.groups()
    share = f"{_BOUND[sign]}{low}{f'-{high}' if high else ''} in {int(of.replace(' ', '')):,}"
    counted = "births" if "birth" in kind.lower() else "people"
    return f"The {kind[0].lower()}{kind[1:]} of {name}{where} is {share} {counted}."


def _cases(name: str, node: etree._Element, where: str) -> str:
    number = _text(node, "ValMoy").removesuffix(".0")
    unit = "families" if "Famil" in _text(node, "PrevalenceQualification/Name") else "cases"
    if not number.isdigit() or int(number) < 2:
        return ""
    link = "with" if unit == "families" else "of"
    return f"{int(number):,} {unit} {link} {name} have been reported{where}."


def _course(writer: _Writer, disorder: etree._Element) -> None:
    """Inheritance, and when the disorder begins."""
    modes = [_text(node, "Name") for node in disorder.iter("TypeOfInheritance")]
    ages = [_text(node, "Name") for node in disorder.iter("AverageAgeOfOnset")]
    unknown = {"", "Unknown", "Not applicable", "No data available"}
    modes, ages = ([one for one in found if one not in unknown] for found in (modes, ages))
    if modes:
        writer.heading("Inheritance")
    for mode in modes:
        plain = mode.removesuffix(" inheritance")
        plain = plain if plain[1:2] == "-" else plain[0].lower() + plain[1:]  # "X-linked"
        writer.say(f"The inheritance of {writer.name} is {plain}.")
    if ages:
        writer.heading("Onset")
        writer.say(f"Age of onset of {writer.name}: {', '.join(ages)}.")


_SECTIONS: tuple[Callable[[_Writer, etree._Element], None], ...] = (
    _names, _definition, _signs, _genes, _prevalence, _course,
)
