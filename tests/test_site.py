"""The static site: whole, with every link and place in it, the same each time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")
import sample_release
from page_links import links

from kg import site
from kg.web.prepared import Prepared, prepare
from kg.web.rendering import file_name

DISEASE = "MONDO:0006245"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The sample release, ready."""
    return prepare(sample_release.write(tmp_path_factory.mktemp("release")))


def test_the_site_is_whole(prepared: Prepared, tmp_path: Path) -> None:
    """Every relative address leads to a file, so it works from file:// too; twins are there."""
    done = site.write(prepared, tmp_path, "https://example.org/rare/")
    assert done.files == sum(1 for path in tmp_path.rglob("*") if path.is_file())
    found = 0
    for page in tmp_path.rglob("*.html"):
        for address in links(page.read_text(encoding="utf-8")):
            target = (page.parent / re.sub(r"[?#].*", "", address)).resolve()
            assert target.is_file(), f"{page}: {address}"
            place = address.partition("#")[2]
            assert not place or f'id="{place}"' in target.read_text(encoding="utf-8"), address
            found += 1
    assert found > 200
    name = tmp_path / file_name(f"disease/{DISEASE}")
    assert name.with_name(f"{name.name}.ttl").is_file()
    assert "https://example.org/rare/disease/MONDO_0006245.html" in (
        tmp_path / "sitemap.xml").read_text(encoding="utf-8")


def test_places_on_a_page_have_one_name(prepared: Prepared, tmp_path: Path) -> None:
    """No two elements of a page have the same id."""
    site.write(prepared, tmp_path)
    for page in tmp_path.rglob("*.html"):
        names = re.findall(r' id="([^"]+)"', page.read_text(encoding="utf-8"))
        assert len(names) == len(set(names)), page


def test_the_site_has_rules_for_redirects(prepared: Prepared, tmp_path: Path) -> None:
    """What stands at the identifiers' base sends each form to its file at the given address."""
    site.write(prepared, tmp_path, "https://example.org/rare/")
    rules = (tmp_path / "w3id.htaccess").read_text(encoding="utf-8")
    assert "^(page|publication|term)/(.+)$ https://example.org/rare/$1/$2.ttl [R=303" in rules
    pattern = re.compile(r"^(page|publication|term)/(.+)$")
    for folder in ("page", "term"):
        for file in (tmp_path / folder).rglob("*.ttl"):
            assert pattern.match(file.relative_to(tmp_path).with_suffix("").as_posix())


def test_the_site_is_the_same_twice(prepared: Prepared, tmp_path: Path) -> None:
    """Same folder, same bytes."""
    contents = []
    for name in ("one", "two"):
        site.write(prepared, tmp_path / name)
        contents.append({str(path.relative_to(tmp_path / name)): path.read_bytes()
                         for path in (tmp_path / name).rglob("*") if path.is_file()})
    assert contents[0] == contents[1]


def test_a_download_is_replaced_in_one_step(tmp_path: Path) -> None:
    """There is a file under its name at any time; twice the same file leaves nothing beside."""
    source, target = tmp_path / "a.ttl", tmp_path / "b.ttl"
    target.write_text("old", encoding="utf-8")
    source.write_text("new", encoding="utf-8")
    for _ in range(2):
        site._same(source, target)
        assert target.read_text(encoding="utf-8") == "new"
        assert len(list(tmp_path.iterdir())) == 2
