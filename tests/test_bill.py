"""The bill of materials of a release: what made it, the same bytes each time, CycloneDX 1.6."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from kg import bill
from kg.bill import Part
from kg.errors import UsageError
from kg.version import VERSION

PARTS = (Part("a", "1.0", "MIT", ()), Part("b", "2", "Apache-2.0 OR MIT", ("a",), True),
         Part("c", "3", "BSD License", ()), Part("d", "4", "", ()),
         Part("rarekg", "1", "Apache-2.0", ("a", "b"), True))


def test_what_is_installed_is_listed() -> None:
    """rarekg with every dependency that it declares, each in its installed version."""
    found = {part.name: part for part in bill.parts()}
    assert found["rarekg"].version == VERSION
    for name in ("click", "lxml", "msgspec", "networkx", "pyoxigraph", "pyshacl", "rdflib"):
        assert found[name].version == distribution(name).version
        assert name in found["rarekg"].needs
        assert found[name].license, name
    assert "pyparsing" in found["rdflib"].needs
    assert not {"pytest", "mypy", "hypothesis", "ruff"} & set(found)
    assert list(found) == sorted(found)


def test_the_bill_is_cyclonedx() -> None:
    """Components, licences as far as they are known, and who needs whom; nothing of the day."""
    made = bill.document(PARTS)
    assert made == bill.document(PARTS)
    told = json.loads(made)
    assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
    assert told.keys() == {"$schema", "bomFormat", "specVersion", "version", "metadata",
                           "components", "dependencies"}
    assert told["metadata"].keys() == {"component"}
    assert told["metadata"]["component"]["purl"] == "pkg:pypi/rarekg@1"
    licences = {one["name"]: one.get("licenses") for one in told["components"]}
    assert licences == {"a": [{"license": {"id": "MIT"}}], "b": [{"expression": PARTS[1].license}],
                        "c": [{"license": {"name": "BSD License"}}], "d": None}
    needs = {one["ref"]: one["dependsOn"] for one in told["dependencies"]}
    assert needs["pkg:pypi/rarekg@1"] == ["pkg:pypi/a@1.0", "pkg:pypi/b@2"]
    assert set(needs) == {part.purl for part in PARTS}


def test_the_table_of_licences() -> None:
    """One row a part; what is not stated is said to be so, and no cell ends early."""
    lines = "".join(bill.table((*PARTS, Part("e", "5", "A | B", ())))).splitlines()
    assert "| d | 4 | not stated |" in lines
    assert "| e | 5 | A / B |" in lines


def test_a_bill_of_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rarekg is run from a bare checkout, the reason is told."""
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(bill, "distribution", missing)
    with pytest.raises(UsageError, match="not installed as a package"):
        bill.parts()
