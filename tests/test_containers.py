"""Files that hold many documents: cut as they stand, in any chunks, whatever else is in them."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources import containers, read
from kg.sources.containers import members, split
from kg.sources.walk import named, one_file, pages

FOLDER = Path(__file__).parent / "literature"
HEAD = b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet SYSTEM "http://127.0.0.1:9/x.dtd">\n'


def article(number: int, text: str = "Fabry disease is treated with migalastat.") -> bytes:
    """A record of PubMed about Fabry disease."""
    return (f'<PubmedArticle><MedlineCitation><PMID Version="1">{number}</PMID><Article>'
            f"<ArticleTitle>Fabry disease {number}</ArticleTitle><Abstract><AbstractText>{text}"
            "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>").encode()


def whole(*articles: bytes, between: bytes = b"\n") -> bytes:
    """A set of articles."""
    return b"".join((HEAD, b"<PubmedArticleSet>", between, between.join(articles),
                     b"</PubmedArticleSet>"))


def cut(data: bytes) -> list[tuple[str, bytes]]:
    """The pages of a container."""
    return list(split("set.xml", io.BytesIO(data)))


def reason(data: bytes) -> str:
    """Why the last page of a container cannot be read."""
    with pytest.raises(SourceError) as caught:
        read(*cut(data)[-1])
    return caught.value.reason


@pytest.mark.parametrize("packed", [False, True])
def test_each_article_is_a_page_with_its_own_bytes(packed: bool) -> None:
    """Page names end in the PMID; the bytes are the record's, with nothing around them."""
    articles = [article(number) for number in (31, 32, 33)]
    data = whole(*articles)
    assert cut(gzip.compress(data) if packed else data) == [
        (f"set.xml#{number}", one) for number, one in zip((31, 32, 33), articles, strict=True)]


@given(st.lists(st.integers(1, 99_999), min_size=1, max_size=6, unique=True),
       st.sampled_from([b"", b"\n", b"<DeleteCitation><PMID>5</PMID></DeleteCitation>",
                        b"<PubmedArticles/>", b"</PubmedArticle>", b"< PubmedArticle>"]),
       st.integers(1, 300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_chunks_decide_nothing(
    monkeypatch: pytest.MonkeyPatch, numbers: list[int], between: bytes, chunk: int
) -> None:
    """However the file comes in, and whatever stands between, the same articles are cut."""
    articles = [article(number) for number in numbers]
    monkeypatch.setattr(containers, "CHUNK", chunk)
    assert [piece for _, piece in cut(whole(*articles, between=between))] == articles


@given(st.binary(max_size=400), st.booleans())
@settings(deadline=None)
def test_any_bytes_end_in_pages_or_reasons(noise: bytes, packed: bool) -> None:
    """No content of a set raises anything but a reason, page by page."""
    data = whole(article(1), noise, article(2))
    for name, piece in cut(gzip.compress(data) if packed else data):
        with suppress(SourceError):
            assert read(name, piece).title == "Fabry disease"


def test_a_broken_article_costs_only_itself() -> None:
    """One without an end is cut where the next begins; one with a tag left open is refused."""
    found = cut(whole(article(1)[:-30], article(2), article(3, "<b>Fabry disease."), article(4)))
    assert [name for name, _ in found] == [f"set.xml#{number}" for number in (1, 2, 3, 4)]
    readable = []
    for name, piece in found:
        with suppress(SourceError):
            readable.append(read(name, piece).page)
    assert readable == ["set.xml#2", "set.xml#4"]


def test_names_are_told_apart() -> None:
    """A record without a number has its place, the second of a number a suffix."""
    names = [name for name, _ in cut(whole(article(7), b"<PubmedArticle/>", b"<PubmedArticle >x",
                                           article(7)))]
    assert names == ["set.xml#7", "set.xml#n2", "set.xml#7.2"]


def test_a_set_without_articles_says_so() -> None:
    """Nothing is lost silently."""
    assert reason(whole()) == "no document in it"


def test_damaged_gzip_gives_what_it_has() -> None:
    """The articles before the damage are pages; the file itself says what is wrong with it."""
    bulk = [article(number, f"{number * 7919 % 10007} patients. " * 40) for number in range(400)]
    packed = gzip.compress(whole(*bulk))
    found = cut(packed[: len(packed) // 2])
    assert len(found) > 100
    assert [name for name, _ in found][:2] == ["set.xml#0", "set.xml#1"]
    assert "damaged gzip data after" in reason(packed[: len(packed) // 2])


def test_a_gzip_bomb_is_left() -> None:
    """What grows a thousandfold is read no further than ten million bytes and a bit."""
    bomb = gzip.compress(whole(article(1), b"<PubmedArticle>" + b" " * 60_000_000, article(2)))
    assert len(bomb) < 100_000
    assert "grows more than 200-fold" in reason(bomb)


def test_a_desert_is_left() -> None:
    """Ten million bytes without an article end the file."""
    assert "no document in 10,000,000 bytes" in reason(whole(b" " * 12_000_000, article(1)))


def test_an_endless_article_is_too_large() -> None:
    """A record without an end is given up at ten million bytes, not gathered for ever."""
    data = whole(article(1), b"<PubmedArticle>" + b"x " * 6_000_000)
    found = cut(data)
    assert [name for name, _ in found] == ["set.xml#1", "set.xml#n2"]
    assert "too large" in reason(data)


@pytest.mark.parametrize("subset", [
    '<!DOCTYPE PubmedArticleSet [<!ENTITY a "Fabry disease is treated with poison.">]>',
    '<!DOCTYPE PubmedArticleSet [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE PubmedArticleSet [<!ENTITY b "xx"><!ENTITY a "&b;&b;&b;&b;&b;&b;">]>',
])
def test_entities_of_a_set_reach_no_article(subset: str) -> None:
    """An article is parsed alone: what the file declares above it is not known there."""
    data = f"{subset}<PubmedArticleSet>".encode() + article(1, "&a;") + b"</PubmedArticleSet>"
    assert "malformed XML" in reason(data)


def test_deep_nesting_is_refused() -> None:
    """Ten thousand open elements are no recursion of ours."""
    text = "<b>" * 10_000 + "x" + "</b>" * 10_000
    assert "malformed XML" in reason(whole(article(1, text)))


class Made(io.RawIOBase):
    """A set of articles that is made as it is read."""

    def __init__(self, count: int) -> None:
        self._left = (article(number, "Fabry disease is rare. " * 50) for number in range(count))
        self._first = [b"<?xml", HEAD + b"<PubmedArticleSet>"]

    def read(self, _size: int = -1) -> bytes:
        """Another two hundred articles."""
        return self._first.pop(0) if self._first else b"".join(islice(self._left, 200))

    def seek(self, _offset: int, _whence: int = 0) -> int:
        """Never needed: what was looked at is not given again."""
        return 0


def peak(count: int) -> int:
    """The most memory that cutting so many articles takes, in bytes."""
    tracemalloc.start()
    assert sum(1 for _ in split("set.xml", cast("BinaryIO", Made(count)))) == count
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return used


def test_memory_holds_one_article() -> None:
    """The peak does not grow with the articles, but for the numbers that were seen."""
    few, many = peak(1_000), peak(10_000)
    assert many - few < 150 * 9_000


def test_only_containers_are_cut() -> None:
    """A page of another kind, a lone article and a file that is not there stay what they are."""
    assert members("a.xml", b"<Document><Focus>Foo</Focus></Document>") is None
    assert members("a.xml", FOLDER / "PMC9900002.xml") is None
    assert members("a.xml", FOLDER / "missing.xml") is None
    assert members("a.gz", gzip.compress(b"plain text")) is None
    assert members("a.gz", b"\x1f\x8bdamaged") is None


def test_a_packed_full_text_is_a_page(tmp_path: Path) -> None:
    """One article in JATS under gzip is unpacked."""
    path = tmp_path / "PMC9900002.xml.gz"
    path.write_bytes(gzip.compress((FOLDER / "PMC9900002.xml").read_bytes()))
    found = list(members("PMC9900002.xml.gz", path) or ())
    assert [name for name, _ in found] == ["PMC9900002.xml.gz#9900002"]
    assert read(*found[0]).title == "Fabry disease"


def test_a_set_of_full_texts_is_cut() -> None:
    """PMC's own set of articles."""
    one = (FOLDER / "PMC9900002.xml").read_bytes().partition(b"<article ")[2]
    data = b"<pmc-articleset>" + 2 * (b"<article " + one) + b"</pmc-articleset>"
    assert [name for name, _ in cut(data)] == ["set.xml#9900002", "set.xml#9900002.2"]


def test_walk_gives_each_article_its_name(tmp_path: Path) -> None:
    """Of a folder with a set every article is a page, and once, though the set is named twice."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("text")
    (corpus / "set.xml.gz").write_bytes(gzip.compress(whole(article(5), article(6))))
    wanted: list[tuple[str, Path | bytes]] = [
        ("corpus/a.txt", corpus / "a.txt"), ("corpus/set.xml.gz#5", article(5)),
        ("corpus/set.xml.gz#6", article(6))]
    assert list(pages([corpus])) == wanted == list(pages([corpus, corpus / "set.xml.gz"]))
    twice = list(named([corpus, corpus / "set.xml.gz"]))
    assert len(twice) == 5
    for name, content in twice:
        one_file(name, content, dict(wanted)[name])


def test_a_set_on_standard_input() -> None:
    """A set can be piped in."""
    assert [name for name, _ in pages(["-"], io.BytesIO(whole(article(5))))] == ["stdin#5"]
