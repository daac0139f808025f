"""The readers that are fuzzed: each a function of a folder and bytes, with seeds to begin from."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox
import sample_release
import vocab_files
from msgspec import Struct

from kg import (
    difference_patch,
    evaluate,
    explain,
    explaining,
    files,
    jsonl,
    opening,
    patterns,
    pipeline,
    prefixes,
    queries,
    query,
    sources,
    stack,
    stored,
    terminal,
)
from kg import show as showing
from kg.cli.naming import _names
from kg.curation import applying
from kg.curation.decisions import HEADER
from kg.exports import read_manifest
from kg.exports.kgx_cells import rows as kgx_rows
from kg.exports.release import Release
from kg.exports.tables import TABLES
from kg.model import Claim, Document, Entity, Grounding, Statement
from kg.ontology import kinds
from kg.prefixes import Prefixes
from kg.rdf import graph_lines, quads
from kg.sources import containers, gardtext, html, jats, markdown, medquad, orphadata, pubmed
from kg.vocab import build, downloads
from kg.vocab.index import Index
from kg.vocab.readers import head, reader_of
from kg.vocab.term import Term
from kg.web.negotiation import RESOURCE, by_suffix, chosen
from kg.web.paths import iri_of, path_of

PAGES = Path(__file__).resolve().parents[1] / "kg" / "data" / "pages"
BAD = Path(__file__).resolve().parent / "bad_inputs"
LITERATURE = Path(__file__).resolve().parent / "literature"
MANY = 50  # items of an endless answer that are looked at
Execution = Callable[[Path, bytes], None]


class Target(Struct, frozen=True):
    """A reader: what is run, what it begins from, the longest input that is tried."""

    name: str
    run: Execution
    seeds: Callable[[], Sequence[bytes]]
    longest: int = 8_000
    space: int = 0  # bytes of address space that it may take besides


@cache
def table() -> Prefixes:
    """The prefixes."""
    return prefixes.load()


@cache
def folder() -> Path:
    """The sample release, written once a process."""
    return sample_release.write(Path(mkdtemp(prefix="rarekg-fuzz-release-")))


@cache
def index() -> Index:
    """An index of the small vocabularies of the tests."""
    return vocab_files.small(Path(mkdtemp(prefix="rarekg-fuzz-index-")))


def _put(place: Path, name: str, data: bytes) -> Path:
    path = place / name
    path.write_bytes(data)
    return path


# ---------------------------------------------------------------- pages


def _page(read: Callable[[str, bytes], Document]) -> Execution:
    def run(_place: Path, data: bytes) -> None:
        found = read("folder/page", data)
        again = jsonl.line(found)
        assert again.count(b"\n") == 1
        spans = [found.title_span, *(block.span for block in found.blocks),
                 *(one.span for one in found.references)]
        assert all(0 <= one.start <= one.end <= len(found.text) for one in spans)
    return run


def _whole(_place: Path, data: bytes) -> None:
    """A page through every stage but validation; its graph is RDF and its record is JSON."""
    kit = pipeline.Tools(index(), kinds(), table(), "auto")
    document = sources.read("folder/page", data)
    claims, _ = pipeline.claimed(kit, document)
    for claim in claims:
        span = claim.evidence.span
        assert claim.evidence.quote == document.text[span.start:span.end]
    statements = pipeline.stated(kit, document, claims)
    lines = pipeline.graph(kit, document, statements)
    assert sum(1 for _ in ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == lines.count(b"\n")
    json.loads(jsonl.line(pipeline.record(document, statements)))


def _pages(*suffixes: str) -> Callable[[], Sequence[bytes]]:
    def seeds() -> Sequence[bytes]:
        found = [path.read_bytes()[:6_000] for path in sorted((*PAGES.iterdir(), *BAD.iterdir()))
                 if path.suffix in suffixes]
        return [*found, *(one[:1_500] for one in found)]
    return seeds


def _xml() -> Sequence[bytes]:
    made = ('<?xml version="1.0"?><Document id="1" source="GARD" '
            'url="https://rarediseases.info.nih.gov/gard/6603"><Focus>Foo disease</Focus>'
            '<FocusAnnotations><UMLS><CUIs><CUI>C0000001</CUI></CUIs></UMLS>'
            '<Synonyms><Synonym>FD</Synonym></Synonyms></FocusAnnotations><QAPairs>'
            '<QAPair pid="1"><Question qid="1" qtype="treatment">What are the treatments for Foo '
            'disease ?</Question><Answer>How is foo disease treated? Surgery is the main treatment.'
            '   - Item one   - Item two The Human Phenotype Ontology provides the following list '
            'Signs and Symptoms Approximate number of patients (when available) Seizure 90% '
            '</Answer></QAPair></QAPairs></Document>')
    return [*_pages(".xml")(), made.encode(), made.encode("utf-16")]


def _markup() -> Sequence[bytes]:
    made = ("<!doctype html><html><head><title>Foo disease | Site</title><link rel=canonical "
            "href='https://example.org/foo'><meta charset=utf-8></head><body><main><h1>Foo disease"
            "</h1><h2>Treatment</h2><p>Foo disease is treated with surgery.<sup><a href='#r1'>1</a>"
            "</sup><ul><li>One<ul><li>Two</ul><li>Three</ul><table><tr><td>80%-99% of people have "
            "these symptoms<tr><td>Seizure<td>HP:0001250</table><h2>References</h2><ol class=refs>"
            "<li value=1>Doe J. 2001. PMID 123</ol></main></body></html>")
    return [*_pages(".html")(), made.encode()]


def _literature(*names: str) -> Callable[[], Sequence[bytes]]:
    """The documents of these files, each alone."""
    def seeds() -> Sequence[bytes]:
        files = [LITERATURE / name for name in names]
        return [data for path in files for _, data in (
            containers.members(path.name, path) or [(path.name, path.read_bytes())])]
    return seeds


def _sets() -> Sequence[bytes]:
    plain = [path.read_bytes() for path in sorted(LITERATURE.iterdir())]
    return [*plain, *map(gzip.compress, plain)]


def _cut(_place: Path, data: bytes) -> None:
    """A container's documents have names of their own; what cannot be cut is told last."""
    names = [name for name, _ in containers.split("set.xml", io.BytesIO(data))]
    assert len(set(names)) == len(names) > 0
    assert all(name.startswith("set.xml#") for name in names[:-1])


# ---------------------------------------------------------------- vocabularies


def _vocabulary(*names: str) -> Execution:
    """A vocabulary file of one of these names, read into the rows of an index."""
    def run(place: Path, data: bytes) -> None:
        path = _put(place, names[len(data) % len(names)], data)
        reader, gathered = reader_of(path), build.Rows()
        for term in reader.read(path, lambda _line, _problem: None):
            assert isinstance(term, Term)
            gathered.add(term, 0)
        version = reader.version(path, head(path))
        json.dumps([*gathered.terms, version])
    return run


def _obo() -> Sequence[bytes]:
    return [vocab_files.OBO.encode(), vocab_files.OBO.encode()[:700]]


def _obographs() -> Sequence[bytes]:
    base = "http://purl.obolibrary.org/obo/"
    made = {"graphs": [{"id": base + "mondo.owl", "meta": {"version": base + "2026-01-02/m.owl"},
            "nodes": [{"id": base + "MONDO_0000010", "lbl": "glimmer syndrome", "type": "CLASS",
                       "meta": {"synonyms": [{"pred": "hasExactSynonym", "val": "gleam"}],
                                "xrefs": [{"val": "OMIM:1"}], "deprecated": False}}],
            "edges": [{"sub": base + "MONDO_0000010", "pred": "is_a",
                       "obj": base + "MONDO_0000001"}]}]}
    return [json.dumps(made).encode(), gzip.compress(json.dumps(made).encode(), mtime=0)]


def _sssom() -> Sequence[bytes]:
    return [(b"#mapping_set_version: \"2026-08-04\"\nsubject_id\tsubject_label\tpredicate_id\t"
             b"object_id\tobject_label\nMONDO:0000010\tglimmer syndrome\tskos:exactMatch\tDOID:1\t"
             b"gleam disease\nMONDO:0000011\tobsolete x\toboInOwl:hasDbXref\tOMIM:2\t\n")]


def _tables() -> Sequence[bytes]:
    return [
        vocab_files.TABLE.encode(),
        b"hgnc_id\tsymbol\tname\talias_symbol\tprev_symbol\tentrez_id\nHGNC:1\tNEW1\tnew\tA\tB|C\t"
        b"17\n",
        b"ncbi_gene_id\tgene_symbol\thpo_id\n10\tNAT2\tHP:1\n10\tNAT2\tHP:2\n",
        b"DrugBank ID,Accession Numbers,Common name,CAS,UNII,Synonyms\nDB00001,B,Lepirudin,1,2,"
        b"\"Hirudin | Lepi, r\"\n",
        b"drugbank_id\tname\tsynonyms\nDB00001\tLepirudin\tHirudin|Lepi\n",
        b"id\tlabel\tparents\nCHEBI:33232\tapplication\t\nCHEBI:2\tdrug\tCHEBI:33232|CHEBI:1\n",
        b"id\tlabel\tsynonyms\ttree_numbers\nMESH:D1\tSurgery\tOperation\tE04.1|E02\n",
        b"id\tlabel\texact_synonyms\tother_synonyms\tparents\nNCIT:C1\tX\tY|Z\tW\tNCIT:C2\n",
        b"#date: 2026-01-01\ndatabase_id\tdisease_name\tqualifier\thpo_id\nOMIM:1\tFoo\t\tHP:1\n",
        b"id\tcategory\tname\tsynonym\txref\tdeprecated\nMONDO:1\tbiolink:Disease\tFoo\tA|B\tX:1\t"
        b"true\n",
        b'{"id":"MONDO:1","category":["biolink:Disease"],"name":"Foo","synonym":["A"],"xref":"B"}\n'
        b'{"id":"X:2","category":"biolink:Drug","name":"Bar"}\n',
    ]


def _packed() -> Sequence[bytes]:
    drugs = sample_drugs()
    entries = b'{"MONDO:1":{"ancestors":{"MONDO:2":1},"label":"foo","deprecated":false,' \
              b'"synonyms":["bar"]},"CHEBI:3":{"ancestors":{},"label":"salt","deprecated":true}}'
    made = [gzip.compress(vocab_files.OBO.encode(), mtime=0), bz2.compress(drugs)]
    try:
        import zstandard  # noqa: PLC0415 - comes with the extra vocab
    except ImportError:
        return made
    return [*made, zstandard.compress(entries)]


def sample_drugs() -> bytes:
    """A drug dictionary as the package pickles its own."""
    import pickle  # noqa: PLC0415 - only written here

    return pickle.dumps({
        "drug_variant_to_canonical": {"brandol": ["realol"], "xyz": ["realol"]},
        "drug_canonical_to_data": {"realol": {"name": "Realol", "drugbank_id": "DB00001"},
                                   "plant": {"name": "Plant", "mesh_id": None, "n": 1.5}},
        "drug_variant_to_variant_data": {}})


def _drugs(place: Path, data: bytes) -> None:
    """The dictionary of drugs before it is compressed: the bytes of a pickle."""
    _vocabulary("drug_ner_dictionary.pkl.bz2")(place, bz2.compress(data, 1))


# ---------------------------------------------------------------- files of our own


def _stage(place: Path, data: bytes) -> None:
    """Lines of every stage file, and what kg show and kg explain make of them."""
    for name in ("documents.jsonl", "claims.jsonl", "statements.jsonl", "records.jsonl"):
        _put(place, name, data)
    reasons: list[Exception] = []
    for kind in (Document, Claim, Statement, dict):
        _refused(lambda kind=kind: list(jsonl.read(place / "documents.jsonl", kind)),  # type: ignore[misc]
                 reasons)
    _refused(lambda: stored.heads(place, "MONDO:0006245", table()), reasons)
    _refused(lambda: stored.records(place, ["a"]), reasons)
    real = folder()
    for name in ("documents.jsonl", "records.jsonl"):
        _put(place, name, (real / name).read_bytes())
    _refused(lambda: _shown(place), reasons)
    for name in ("documents.jsonl", "statements.jsonl"):
        _put(place, name, (real / name).read_bytes() if name == "statements.jsonl" else data)
    _refused(lambda: _shown(place), reasons)


def _refused(work: Callable[[], object], reasons: list[Exception]) -> None:
    """`work` is done or refused with an error of ours."""
    from kg.errors import KgError  # noqa: PLC0415

    try:
        work()
    except KgError as error:
        reasons.append(error)


def _shown(place: Path) -> None:
    for one in islice(stored.read(place / "statements.jsonl", Statement), 3):
        if one.id.strip("/>"):
            for width in (20, 80):
                _seen(explaining.text(explain.explain(place, one.id), width))
    for overview in showing.overviews(place, "MONDO:0006245", table()):
        _seen(showing.text(overview, 80))


def _seen(text: str) -> None:
    """Nothing in a text for a terminal moves its cursor, turns its lines or is hidden."""
    assert terminal.plain(text.replace("\n", "")) == text.replace("\n", "")


def _stages() -> Sequence[bytes]:
    found = [(folder() / name).read_bytes().splitlines(keepends=True)
             for name in ("documents.jsonl", "statements.jsonl", "records.jsonl")]
    claim = (b'{"id":"c1","kind":"therapy","name":"surgery","value":"standard","negated":false,'
             b'"doubtful":false,"evidence":{"document":"0123456789abcdef","span":{"start":0,"end":7'
             b'},"quote":"surgery","exact":{"start":0,"end":7},"section":"treatment","cites":[1],'
             b'"rule":"therapy.main","context":[]},"quantity":null}\n')
    return [claim, *(line for lines in found for line in lines[:12])]


def _table_file(place: Path, data: bytes) -> None:
    """A TSV of ours, a batch of names, the list of downloads, the manifest of exports."""
    reasons: list[Exception] = []
    path = _put(place, "names.tsv", data)
    _refused(lambda: list(files.rows(path)), reasons)
    _refused(lambda: _names(path, None), reasons)
    _refused(lambda: _names(path, "name"), reasons)
    _refused(lambda: _names(_put(place, "names.csv", data), "name"), reasons)
    _refused(lambda: downloads.records(_put(place, downloads.RECORDS, data).parent), reasons)
    _refused(lambda: read_manifest(_put(place, "manifest.json", data).parent), reasons)


def _table_files() -> Sequence[bytes]:
    return [b"id\tname\tx\nA\tGaucher disease\t1\n\"q\t=1\t\n", b"name,x\n\"a \"\"b\"\",c\",1\n",
            b'{"mondo.obo":{"url":"https://x","validator":"e","sha256":"a","bytes":1,"version":"",'
            b'"licence":""}}', b'{"graph":"a","files":[{"path":"graph.ttl","format":"turtle",'
            b'"media_type":"text/turtle","bytes":1,"sha256":"a","unit":"triples","count":1}]}']


def _evaluated(place: Path, data: bytes) -> None:
    """Gold and records, each against the other and against good ones."""
    good = _put(place, "good.jsonl", _golds()[0])
    bad = _put(place, "bad.jsonl", data)
    reasons: list[Exception] = []
    for gold, records in ((bad, good), (good, bad), (bad, bad)):
        def measured(gold: Path = gold, records: Path = records) -> None:
            made = evaluate.evaluate(evaluate.read(gold), evaluate.read(records))
            json.dumps([evaluate.intervals(made, 5), len(made.faults), len(made.sources())])
            made.scores()
        _refused(measured, reasons)


@cache
def _golds() -> Sequence[bytes]:
    path = Path(__file__).resolve().parent / "gold" / "own.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    small = {"page": "a.txt", "disease": "Foo", "synonyms": [{"name": "FD", "quote": "FD"}, "F"],
             "therapies": [{"name": "surgery", "aliases": ["operation"], "status": "standard",
                            "alt_status": ["option"], "quote": "surgery", "cites": [1]}],
             "figures": [{"kind": "survival", "low": 30, "high": None, "unit": "%",
                          "comparator": "<", "quote": "30%", "cites": []}],
             "publications": [{"number": 1, "title": "A", "year": 2001, "pmid": "1"}],
             "sites_optional": ["liver"], "unknown": [{"name": "cause", "quote": "unknown"}]}
    return [json.dumps(small).encode() + b"\n", *(line for line in lines if len(line) < 6_000)]


def _decided(_place: Path, data: bytes) -> None:
    """A file of people's decisions, applied to every page of the sample."""
    kit = applying.Kit(applying.curation(data), index(), kinds())
    reasons: list[Exception] = []
    for document, disease, statements in sample_release.pages():
        def apply(document: Document = document, disease: Entity = disease,
                  statements: list[Statement] = statements) -> None:
            applying.added(document, kit)
            applying.subject(document, (disease, Grounding("exact", 1.0, "test")), kit)
            made = applying.curated(document, statements, kit)
            for one in made.statements:
                assert jsonl.line(one).count(b"\n") == 1
            lines = graph_lines(quads(document, disease, list(made.statements), table(), kinds()))
            assert sum(1 for _ in ox.parse(lines, format=ox.RdfFormat.N_QUADS)) \
                == lines.count(b"\n")
        _refused(apply, reasons)


def _decisions() -> Sequence[bytes]:
    """Decisions of every sort on statements of the sample."""
    found = [one for _, _, several in sample_release.pages() for one in several]
    page, who = sample_release.pages()[0][0].page, "0000-0002-1825-0097\t2026-11-22\twhy\tsays"
    surgery = next(one for one in found if one.kind == "therapy")
    rows = ["\t".join(HEADER), *(f"{one.id[-16:]}\taccept\t\t\t\t\t\t{who}" for one in found[:3]),
            f"{found[3].id[-16:]}\treject\t\t{page}\t\t\t\t{who}",
            f"{surgery.id[-16:]}\tid\tMAXO:0000447\t\t\t\t\t{who}",
            f"{surgery.id[-16:]}\tvalue\toption\t\t\t\t\t{who}",
            f"\tadd\tstandard\t{page}\ttherapy\tsurgery\tWide surgery is the main\t{who}"]
    return ["\n".join(rows).encode(), *("\n".join((rows[0], one)).encode() for one in rows[1:])]


def _patched(place: Path, data: bytes) -> None:
    """A patch of kg diff, applied; and a graph that is not one, compared with one that is."""
    old, reasons = folder() / "graph.nq", list[Exception]()
    _refused(lambda: difference_patch.apply(_put(place, "x.rdfp", data), old, place / "o"), reasons)
    with (place / "out").open("wb") as out:
        _refused(lambda: difference_patch.write(old, _put(place, "g.nq", data), out), reasons)


def _patches() -> Sequence[bytes]:
    place = Path(mkdtemp(prefix="rarekg-fuzz-patch-"))
    old = folder() / "graph.nq"
    new = _put(place, "new.nq", b"".join(old.read_bytes().splitlines(keepends=True)[:200]))
    with (place / "x.rdfp").open("wb") as out:
        difference_patch.write(old, new, out)
    patch = (place / "x.rdfp").read_bytes()
    return [patch[:3_000], patch[:800] + b"TC .\n", new.read_bytes()[:3_000]]


# ---------------------------------------------------------------- RDF, KGX, queries


def _rdf(suffix: str) -> Execution:
    def run(place: Path, data: bytes) -> None:
        path = _put(place, f"graph.{suffix}", data)
        opening.base(path)
        for quad in islice(opening.quads(path), 2_000):
            str(quad)
    return run


def _rdf_seeds(form: ox.RdfFormat) -> Callable[[], Sequence[bytes]]:
    def seeds() -> Sequence[bytes]:
        lines = b"".join((folder() / "graph.nq").read_bytes().splitlines(keepends=True)[:40])
        quads = list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
        wanted = quads if form.supports_datasets else [quad.triple for quad in quads]
        made = ox.serialize(wanted, format=form,
                            prefixes=table().table if form == ox.RdfFormat.TURTLE else None)
        assert made is not None
        return [made[:6_000], made[:1_000]]
    return seeds


def _graph(place: Path, data: bytes) -> None:
    """N-Quads of a run: read for the exports, and from every pattern of evidence."""
    path, reasons = _put(place, "graph.nq", data), list[Exception]()
    scratch = place / "scratch"
    scratch.mkdir(exist_ok=True)
    for one in scratch.iterdir():
        one.unlink()

    def tables() -> None:
        release = Release(path, scratch, table())
        for one in TABLES.values():
            one.rows(release)
        for _, nodes in release.graphs():
            list(nodes)
    _refused(tables, reasons)
    for pattern in patterns.PATTERNS:
        _refused(lambda pattern=pattern: patterns.restore(  # type: ignore[misc]
            path, place / "back.nq", pattern, table()), reasons)


@cache
def _graphs() -> Sequence[bytes]:
    place = Path(mkdtemp(prefix="rarekg-fuzz-patterns-"))
    wanted = patterns.Wanted(patterns.PATTERNS)
    patterns.write(folder() / "graph.nq", place, wanted, table())
    found = [path.read_bytes() for path in sorted((place / patterns.FOLDER).glob("*.nq"))]
    return [data[:data.index(b"\n", 7_000) + 1] for data in found]


def _kgx(place: Path, data: bytes) -> None:
    """Rows of KGX files, as TSV and as JSON lines."""
    reasons: list[Exception] = []
    for name in ("nodes.tsv", "nodes.jsonl"):
        _refused(lambda name=name: list(kgx_rows(_put(place, name, data))), reasons)  # type: ignore[misc]


def _kgx_seeds() -> Sequence[bytes]:
    return [b"id\tcategory\tname\tnegated\thas_count\thas_quotient\thas_supporting_studies\n"
            b"A:1\tbiolink:Disease|b\tx\\ty\\u007c\ttrue\t3\t0.5\t{\"a\":[1]}\n",
            b'{"id":"A:1","category":["biolink:Disease"],"has_count":3}\n']


@cache
def _store() -> ox.Store:
    return query.open_store(folder())


def _parameters(_place: Path, data: bytes) -> None:
    """A named query with a value put in: it stays that query, whatever the value."""
    number, text = data[0] if data else 0, data[1:].decode("utf-8", "surrogateescape")
    names = sorted(queries.named())
    one = queries.named()[names[number % len(names)]]
    given = {parameter.name: text for parameter in one.parameters}
    made = queries.text(one, given, table())
    assert made.count("VALUES") - text.count("VALUES") * len(given) <= \
        one.text.count("VALUES") + len(given)
    found = query.ask(_store(), made, table())
    assert isinstance(found, ox.QuerySolutions)
    list(islice(found, MANY))


def _sparql(_place: Path, data: bytes) -> None:
    """Text sent to the engine over an empty store, as kg query sends it."""
    def answer() -> None:
        found = query.ask(ox.Store(), data.decode("utf-8", "surrogateescape"), table())
        if not isinstance(found, ox.QueryBoolean):
            list(islice(found, MANY))
    stack.with_room(answer)


def _queries() -> Sequence[bytes]:
    found = [one.text.encode()[:2_000] for one in queries.named().values()]
    return [*found, b"ASK { ?s ?p ?o }", b"SELECT * { SERVICE <x:> { ?s ?p ?o } }",
            b"DESCRIBE MONDO:0006245", b"CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"]


def _web(_place: Path, data: bytes) -> None:
    """A path and an Accept header."""
    text = data.decode("latin-1")
    path, form = by_suffix(text)
    iri = iri_of(path, table())
    if iri:
        path_of(iri, "Disease", table())
    assert form is None or form in RESOURCE
    chosen(text, RESOURCE)


def _paths() -> Sequence[bytes]:
    return [b"disease/MONDO:0006245.ttl", b"term/factor/x-1%2f..%00", b"statement/a.kgx.jsonl",
            b"text/turtle;q=0.5, */*;q=0.1, application/ld+json; profile=\"x\""]


TARGETS: dict[str, Target] = {target.name: target for target in (
    Target("html", _page(html.read), _markup),
    Target("medquad", _page(medquad.read), _xml),
    Target("pubmed", _page(pubmed.read), _literature("pubmed.xml")),
    Target("jats", _page(jats.read), _literature("PMC9900002.xml")),
    Target("orphadata", _page(orphadata.read), _literature("en_product4.xml", "en_product6.xml")),
    Target("container", _cut, _sets, 20_000),
    Target("markdown", _page(markdown.read), _pages(".md")),
    Target("text", _page(gardtext.read), _pages(".txt")),
    Target("any page", _page(sources.read), _pages(".md", ".txt", ".html", ".xml", ".bin")),
    Target("all stages", _whole, _pages(".md", ".txt", ".html"), 4_000),
    Target("obo", _vocabulary("some.obo"), _obo),
    Target("obographs", _vocabulary("some.json"), _obographs),
    Target("sssom", _vocabulary("some.sssom.tsv"), _sssom),
    Target("vocabulary tables", _vocabulary("some.tsv", "some.csv"), _tables),
    Target("packed vocabularies", _vocabulary(
        "MONDO-ontology-v2026-01-02.json.zst", "drug_ner_dictionary.pkl.bz2", "some.obo.gz"),
        _packed),
    Target("drug dictionary", _drugs, lambda: [sample_drugs()]),
    Target("stage files", _stage, _stages),
    Target("own tables", _table_file, _table_files),
    Target("evaluate", _evaluated, _golds),
    Target("review files", _decided, _decisions),
    Target("patch", _patched, _patches),
    Target("turtle", _rdf("ttl"), _rdf_seeds(ox.RdfFormat.TURTLE)),
    Target("nquads", _rdf("nq"), _rdf_seeds(ox.RdfFormat.N_QUADS)),
    Target("trig", _rdf("trig"), _rdf_seeds(ox.RdfFormat.TRIG)),
    Target("rdfxml", _rdf("rdf"), _rdf_seeds(ox.RdfFormat.RDF_XML)),
    Target("jsonld", _rdf("jsonld"), _rdf_seeds(ox.RdfFormat.JSON_LD)),
    Target("graph and patterns", _graph, _graphs),
    Target("kgx", _kgx, _kgx_seeds),
    Target("parameters", _parameters, lambda: [
        bytes([number]) + value for number in range(16)
        for value in (b"MONDO:0006245", b"x\" } SERVICE <x:> {", b"<x:> } #", b"therapy")]),
    Target("sparql", _sparql, _queries, 3_000, 2 * stack.ROOM),
    Target("web", _web, _paths),
)}


