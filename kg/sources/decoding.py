"""Bytes of a page as text, or a clear reason why they are none."""

from __future__ import annotations

import codecs
import re

from ..errors import SourceError

# XML 1.0, section 2.2: characters that no RDF/XML file could carry; text has no use for them.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# In Windows-1252: typographic quotes and dashes, no-break space, signs, and letters beside letters.
_LEGACY = re.compile(
    r"[\x00-\x7f\xa0\xa9\xab\xae\xb0-\xb3\xb5\xb7\xbb-\xbe‘’“”–—…•™]"
    r"|(?<![a-z])[ÀÁÂÄÅÆÇÈÉÊËÍÎÑÓÔÖØÚÜ](?=[A-Za-z])"
    r"|[ßàáâãäåæçèéêëìíîïñòóôõöøùúûü](?![\xa0-\xbf])"
)


def decoded(page: str, data: bytes) -> str:
    """The text of `data`: UTF-8, else Windows-1252 where that gives plain prose.

    Raises SourceError for empty and binary data and for bytes that are neither encoding.
    """
    if not data.strip():
        raise SourceError(page, "the file is empty")
    return _checked(page, _text(page, data))


def declared(page: str, data: bytes) -> str:
    """As `decoded`, but the charset that an HTML page declares is tried after UTF-8."""
    found = _META.search(data, 0, 4096)
    name = found.group(1).decode("ascii") if found else ""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if name and _known(name):
            return _checked(page, data.decode(name, errors="replace"))
    return decoded(page, data)


def _known(name: str) -> bool:
    """Whether a charset is a text encoding of one byte per ASCII character."""
    try:
        info = codecs.lookup(name)
        return info.name != "utf-8" and "<p>".encode(info.name) == b"<p>"
    except (LookupError, TypeError, UnicodeError):
        return False


def _text(page: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise SourceError(page, "binary data, not text") from None
        text = data.decode("cp1252", errors="replace")
        if _LEGACY.sub("", text):
            line = data.count(b"\n", 0, error.start) + 1
            raise SourceError(
                page, f"invalid UTF-8: byte 0x{data[error.start]:02x} in line {line}") from None
        return text


def _checked(page: str, text: str) -> str:
    found = _UNWANTED.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise SourceError(
            page, f"binary data, not text: character U+{ord(found.group()):04X} in line {line}")
    return text


def printable(text: str) -> str:
    """`text` with one space for every run of white space and of characters that no XML may hold."""
    return " ".join(_UNWANTED.sub(" ", text).split())
