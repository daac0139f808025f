"""The software that a release was made with: a CycloneDX bill of materials, and its licences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import msgspec
from msgspec import Struct

from .errors import UsageError
from .version import VERSION

FILE = "bom.cdx.json"
NAME = "rarekg"
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)[^;]*(?:;(.*))?", re.DOTALL)
_DEVELOPING = re.compile(r"extra\s*==\s*[\"']dev[\"']")
_EXTRA = re.compile(r"\bextra\s*==")
_LONGEST = 80  # characters of a licence's name; more is the text of one
# What PyPI's classifiers are called in SPDX; "BSD License" and its like name no one licence.
_SPDX = {
    "MIT License": "MIT", "MIT No Attribution License (MIT-0)": "MIT-0",
    "ISC License (ISCL)": "ISC", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


class Part(Struct, frozen=True, order=True):
    """An installed distribution, with what it needs of the others; `license` as it says it.

    `spdx` is whether that is an SPDX expression (PEP 639).
    """

    name: str
    version: str
    license: str
    needs: tuple[str, ...]
    spdx: bool = False

    @property
    def purl(self) -> str:
        """Its package URL (purl-spec, type pypi), by which the bill refers to it."""
        return f"pkg:pypi/{self.name}@{self.version}"


def parts() -> tuple[Part, ...]:
    """rarekg and every installed distribution that it needs, by name; its extras as installed.

    Without what only its tests need.  Raises UsageError where rarekg is not installed itself.
    """
    found: dict[str, Part] = {}
    waiting = [NAME]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        installed = _installed(name)
        if installed is None and name == NAME:
            raise UsageError("rarekg is not installed as a package, so that nobody knows what it "
                             "was installed with: pip install it")
        if installed is not None:
            needs = tuple(one for one in _needs(installed, name) if _installed(one) is not None)
            version = VERSION if name == NAME else installed.version
            found[name] = Part(name, version, _license(installed), needs,
                               bool(_field(installed, "License-Expression")))
            waiting.extend(needs)
    return tuple(found[name] for name in sorted(found))


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _needs(installed: Distribution, name: str) -> list[str]:
    """The names that a distribution requires: of rarekg all but its tests', of others no extras."""
    unwanted = _DEVELOPING if name == NAME else _EXTRA
    found = (_REQUIREMENT.match(one) for one in installed.requires or ())
    return sorted({_normal(one.group(1)) for one in found
                   if one and not unwanted.search(one.group(2) or "")})


def _normal(name: str) -> str:
    """A name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _license(installed: Distribution) -> str:
    """The SPDX expression, the classifiers, or the licence's name; empty where none is said."""
    if expression := _field(installed, "License-Expression"):
        return expression
    classes = [line.rpartition(" :: ")[2] for line in installed.metadata.get_all("Classifier") or ()
               if line.startswith("License :: ") and line.count(" :: ") > 1]
    if classes:
        return " OR ".join(sorted({_SPDX.get(one, one) for one in classes}))
    name = _field(installed, "License")
    return name if len(name) <= _LONGEST else ""


def _field(installed: Distribution, name: str) -> str:
    return " ".join(next(iter(installed.metadata.get_all(name) or ()), "").split())


def document(found: Iterable[Part]) -> bytes:
    """The bill as CycloneDX 1.6 JSON: the same parts give the same bytes, no clock and no UUID."""
    every = {part.name: part for part in found}
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX",
        "specVersion": "1.6", "version": 1,
        "metadata": {"component": _component(every[NAME], "application")},
        "components": [_component(part, "library") for part in every.values() if part.name != NAME],
        "dependencies": [{"ref": part.purl, "dependsOn": [every[one].purl for one in part.needs]}
                         for part in every.values()]}
    return msgspec.json.format(msgspec.json.encode(bill), indent=1) + b"\n"


def _component(part: Part, kind: str) -> dict[str, object]:
    made: dict[str, object] = {"type": kind, "bom-ref": part.purl, "name": part.name,
                               "version": part.version, "purl": part.purl}
    if part.spdx:
        made["licenses"] = [{"expression": part.license}]
    elif part.license in _SPDX.values():
        made["licenses"] = [{"license": {"id": part.license}}]
    elif part.license:
        made["licenses"] = [{"license": {"name": part.license}}]
    return made


def table(found: Iterable[Part]) -> Iterator[str]:
    """The lines of a Markdown table: every part with its licence."""
    yield "| Package | Version | Licence |\n|---|---|---|\n"
    for part in found:
        cells = (part.name, part.version, part.license or "not stated")
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"
