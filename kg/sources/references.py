"""Entries of a numbered reference list: identifiers, title, year."""

from __future__ import annotations

import re

from ..model import Reference, Span

_URL = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_DOI = re.compile(r"(?:doi\.org/|doi:?\s*)?\b(10\.\d{4,9}/[^\s\"<>;,]+)", re.IGNORECASE)
_PMID = re.compile(
    r"\bPMID:?\s*(\d{1,9})\b|(?:ncbi\.nlm\.nih\.gov/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)"
    r"(?:\?term=)?(\d{1,9})\b", re.IGNORECASE)
_PMCID = re.compile(r"\b(PMC\d{3,10})\b", re.IGNORECASE)
_MONTH = (r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
          r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
          r"|Spring|Summer|Autumn|Fall|Winter)\.?")
_DAY = r"\d{1,2}(?:st|nd|rd|th)?,?"
_DATE = re.compile(
    rf"(?:^|(?<=[\s(;]))(?:(?:{_DAY}\s+)?(?:{_MONTH}(?:[-–/]{_MONTH})?,?\s+)?(?:{_DAY}\s+)?)"
    rf"((?:19|20)\d\d)[a-z]?(?:\s+{_MONTH}(?:\s+{_DAY})?)?(?=\s*[;:.,)\]]|\s*$|\s+\d+\()",
)
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/((?:19|20)\d\d)\b")
_ACCESSED = re.compile(r"[\s(\[]*\b(?:accessed|retrieved|viewed|cited|last checked)\b[^.]*\.?\s*$",
                       re.IGNORECASE)
_STATED = re.compile(r"\b(?:last\s+)?(?:reviewed|updated|revised|published|modified|posted)\b"
                     r"(?:\s+on)?:?\s*", re.IGNORECASE)
_TAIL = re.compile(
    r"[\s.;,:(\[]*(?:\b(?:PMID|PMCID|doi|Available (?:at|from)|URL)\b:?)?[\s.;,:)\]]*$",
    re.IGNORECASE)
_NAME = r"(?:(?:de|del|della|den|der|di|da|dos|du|el|la|le|van|von|ten|ter|al|bin|ibn|st)\s+)*" \
        r"[^\W\d_][\w’'`-]*(?:\s+[^\W\d_][\w’'`-]*){0,2}"
_INITIALS = r"[^\W\d_](?:[^\W\d_a-z]|[-.]){0,4}\d{0,2}(?:\s+(?:Jr|Sr|2nd|3rd|I{2,3}))?"
_AUTHOR = re.compile(rf"(?:and\s+|&\s*)?(?:{_NAME}\s+{_INITIALS}|et al)\.?$")
_VOLUME = re.compile(r"\b\d{1,4}\s*(?:\([^)]{0,20}\)?|\(\d*)?\s*:\s*[A-Za-z]?\d+")
_CHAPTER = re.compile(r"\bIn:\s|\bp{1,2}\.\s*\d+|\beditors?\b", re.IGNORECASE)
_PART = re.compile(r"(?<=[.?!])[\s\u200b]+(?=\S)")
LONGEST = 3000
_BOOKISH = re.compile(r"\bIn:\s")


def reference(number: int, text: str, span: Span, links: tuple[str, ...] = ()) -> Reference:
    """One entry; `text` is without its number, `links` the targets of its hyperlinks."""
    whole, text = text, text[:LONGEST]
    url = _url(text, links)
    ids = " ".join((text, *links))
    pmid, pmcid, doi = _PMID.search(ids), _PMCID.search(ids), _DOI.search(ids)
    body, year = _dated(text)
    article = bool(pmid or pmcid or doi or _VOLUME.search(body) or _CHAPTER.search(body))
    return Reference(
        number=number, text=whole, span=span, title=_title(body, article), year=year,
        pmid=(pmid.group(1) or pmid.group(2)).lstrip("0") or None if pmid else None,
        pmcid=pmcid.group(1).upper() if pmcid else None,
        doi=_trimmed(doi.group(1)) if doi else None, url=url, kind="article" if article else "web",
    )


def _trimmed(target: str) -> str:
    """A URL or DOI without the punctuation of the sentence around it."""
    target = target.rstrip(".,;:'’”\"")
    while target.endswith((")", "]")) and target.count("(") + target.count("[") < (
            target.count(")") + target.count("]")):
        target = target[:-1].rstrip(".,;:")
    return target


def _url(text: str, links: tuple[str, ...]) -> str | None:
    found = _URL.search(text)
    if found:
        return _trimmed(found.group())
    web = (link for link in links if link.startswith(("http://", "https://")))
    return next(map(_trimmed, web), None)


def _dated(text: str) -> tuple[str, int | None]:
    """The entry without links, identifiers and access dates, and its year."""
    body = _ACCESSED.sub("", text)
    for pattern in (_URL, _DOI, re.compile(r"\bPMC(?:ID)?:?\s*(?:PMC)?\d+|\bPMID:?\s*\d+", re.I)):
        body = pattern.sub(" ", body)
    body = _ACCESSED.sub("", body.rstrip(" .;,"))
    while (shorter := _TAIL.sub("", body)) != body:
        body = shorter
    years = [int(found.group(1)) for found in _DATE.finditer(body)]
    iso = [int(found.group(1) or found.group(2)) for found in _ISO_DATE.finditer(body)]
    return body, years[-1] if years else iso[-1] if iso else None


def _title(body: str, article: bool) -> str | None:
    """The title: what follows the authors and precedes the journal or publisher."""
    parts = [part.strip() for part in _PART.split(_STATED.sub("", body)) if part.strip(" .;,")]
    if len(parts) > 1 and _are_authors(parts[0]):
        parts = parts[1:]
    if not parts:
        return None
    stop = _journal(parts)
    taken = 1
    while taken < stop and (article or parts[taken - 1][-1] in "?!"):
        taken += 1
    title = " ".join(parts[:taken])
    if stop == 0:
        title = _DATE.split(title, maxsplit=1)[0]
    return title.strip(" .;,") or None


def _journal(parts: list[str]) -> int:
    """Where the journal or publisher begins: the part before the date, or that with the date."""
    chapter = next((i for i, part in enumerate(parts) if _BOOKISH.match(part)), None)
    if chapter:
        return chapter
    dated = [index for index, part in enumerate(parts) if _DATE.search(part)]
    if not dated:
        return 1
    last = dated[-1]
    found = _DATE.search(parts[last])
    alone = found is not None and not any(c.isalpha() for c in parts[last][:found.start()])
    return max(last - 1 if alone else last, 1 if len(parts) > 1 else 0)


def _are_authors(part: str) -> bool:
    """Whether a piece is a list of "Surname INITIALS", as reference styles write authors."""
    pieces = re.split(r",|;|\s&\s|\sand\s", part.rstrip(". "))
    names = [piece.strip() for piece in pieces if piece.strip()]
    fitting = sum(1 for name in names if _AUTHOR.match(name))
    return bool(names) and fitting >= max(1, (len(names) + 1) * 2 // 3)
