"""Asking what a run published: `kg query`, `kg explain` and `kg show`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from ..prefixes import Prefixes
from ..prefixes import load as load_prefixes

if TYPE_CHECKING:
    from pyoxigraph import Store

    from ..answers import Most
    from ..queries import Parameter

_ROW, _BYTES = 1_000, 10_000_000  # bytes for each row that --rows allows, and for a few of them
_MORE = "use LIMIT, or more --rows"
_LATE = ("the query took longer than {:g} s and was ended: ask for less, or give it more time with "
         "--timeout")
FOLDER = click.Path(path_type=Path, file_okay=False)
ANY = click.Path(path_type=Path)
base_option = click.option("--base", default=None, metavar="IRI",
                           help="IRI under which the run minted its own nodes.  "
                                "[default: read off the graph]")


def terminal_width() -> int | None:
    """The width of the terminal; None where the output goes elsewhere and is not cut."""
    from .. import terminal  # noqa: PLC0415

    return terminal.columns() if sys.stdout.isatty() else None


@click.command()
@click.argument("source", type=ANY, required=False)
@click.argument("sparql", required=False)
@click.option("--name", "-n", default=None, help="Ask a named query (see --list).")
@click.option("--param", "-p", "parameters", multiple=True, metavar="NAME=VALUE",
              help="Fix a parameter of a named query; may be repeated.")
@click.option("--list", "-l", "listing", is_flag=True, help="List the named queries, or describe "
              "the one that --name gives, with its SPARQL.")
@click.option("--format", "-f", "form", default="", metavar="FORMAT",
              help="table, csv, tsv, json or xml for SELECT and ASK; ttl, nt or jsonld for "
                   "CONSTRUCT and DESCRIBE.  "
                   "[default: table on a terminal, else csv; ttl for graphs]")
@click.option("--timeout", default=60.0, show_default=True, type=click.FloatRange(min=0),
              help="Seconds for the answer, without those in which SOURCE is read; 0: any time.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(min=0),
              help="Most rows or triples of an answer, and 1,000 bytes for each; 0: any number.")
@base_option
def query(
    *, source: Path | None, sparql: str | None, name: str | None, parameters: tuple[str, ...],
    listing: bool, form: str, timeout: float, rows: int, base: str | None,
) -> None:
    """Ask SOURCE (a folder of kg run, or any RDF file) in SPARQL, or by a query's name.

    All prefixes of data/prefixes.tsv are known.  The default graph is the merge of all pages;
    GRAPH ?g asks for single pages.  SPARQL - is read from standard input, @FILE from a file.
    An answer that takes too long or is too large is an error, and nothing of it is printed.

    \b
    Examples:
      kg query out "SELECT ?name { MONDO:0006245 biolink:exact_synonym ?name }"
      kg query --list
      kg query out --name therapies --param disease=MONDO:0006245
      kg query out "DESCRIBE MONDO:0006245" --format jsonld
    """
    from .. import answers  # noqa: PLC0415 - the engine is slow to import
    from .. import query as engine  # noqa: PLC0415
    from ..deadline import at_once, within  # noqa: PLC0415

    if form and form not in answers.FORMATS:
        raise UsageError(f"unknown format {form!r}; accepted: {', '.join(answers.FORMATS)}")
    if listing:
        click.echo(_listed(name))
        return
    if source is None:
        raise click.UsageError("give a folder of kg run or an RDF file, or --list")
    prefixes = prefixes_of(source, base)
    text = _text(sparql, name, parameters, prefixes)
    limit = terminal_width()
    wanted = form or ("" if limit else "auto")
    most = answers.Most(rows, max(rows * _ROW, _BYTES), _MORE) if rows else answers.ANY
    opened = partial(engine.open_store, source, text)
    answer = partial(_answer, text=text, form=wanted, prefixes=prefixes, limit=limit, most=most)
    click.echo(within(timeout, opened, answer, late=_LATE.format(timeout)) if timeout
               else at_once(opened, answer), nl=False)


def _answer(
    store: Store, text: str, form: str, prefixes: Prefixes, limit: int | None, most: Most
) -> bytes:
    """The answer as it is printed; a process of its own calls this."""
    from .. import answers  # noqa: PLC0415
    from .. import query as engine  # noqa: PLC0415

    return answers.rendered(engine.ask(store, text, prefixes), form, prefixes, limit, most)


def prefixes_of(source: Path, base: str | None) -> Prefixes:
    from .. import opening  # noqa: PLC0415

    return load_prefixes(base or opening.base(source))


def _text(
    sparql: str | None, name: str | None, parameters: tuple[str, ...], prefixes: Prefixes
) -> str:
    """The query to ask, from the argument, a file, standard input or the named queries."""
    from .. import queries  # noqa: PLC0415

    if (sparql is None) == (name is None):
        raise click.UsageError("give one query: SPARQL text or --name (kg query --list)")
    if name is not None:
        given = dict(_pair(one) for one in parameters)
        return queries.text(queries.find(name), given, prefixes)
    if parameters:
        raise click.UsageError("--param belongs to --name; write values into SPARQL text yourself")
    assert sparql is not None
    if sparql == "-":
        return sys.stdin.read()
    return _file(Path(sparql[1:])) if sparql.startswith("@") else sparql


def _file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as a query: {error}") from None


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not (name and mark and value):
        raise click.UsageError(f"--param {text}: write NAME=VALUE")
    return name.strip(), value.strip()


def _listed(name: str | None) -> str:
    """One line for each named query, or all about one."""
    from .. import queries, terminal  # noqa: PLC0415

    if name is None:
        rows = [(one.name, one.title, " ".join(map(_usage, one.parameters)))
                for one in queries.named().values()]
        return terminal.table(("name", "asks", "parameters"), rows, terminal_width())
    one = queries.find(name)
    lines = [f"{one.name}: {one.title}", one.description, *(
        f"  --param {_usage(parameter)}  {parameter.description}" for parameter in one.parameters)]
    return "\n".join([*lines, "", one.text.rstrip()])


def _usage(parameter: Parameter) -> str:
    """How a parameter is written; in brackets where it may be left out."""
    from ..queries import choices  # noqa: PLC0415

    usage = f"{parameter.name}={'|'.join(choices(parameter.type)) or parameter.example}"
    return usage if parameter.required else f"[{usage}]"


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("statement")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def explain(folder: Path, statement: str, as_json: bool) -> None:
    """Show why STATEMENT (its id, the beginning of it, its CURIE or IRI) is in FOLDER's graph.

    The page and sentence with the mention underlined, other sentences that decided, the rule
    that fired and its row, how the name was grounded, and the works that the page cites there.

    \b
    Example:
      kg explain out 65c04585
    """
    import msgspec  # noqa: PLC0415

    from .. import explaining, jsonl, terminal  # noqa: PLC0415
    from ..explain import explain as explained  # noqa: PLC0415

    found = explained(folder, statement)
    if as_json:
        click.echo(msgspec.json.format(jsonl.line(found)))
    else:
        click.echo(explaining.text(found, terminal.columns()), nl=False)


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("disease")
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
@click.option("--format", "form", type=click.Choice(["text", "ttl", "nt", "jsonld"]),
              default="text", show_default=True, help="The overview, or the graph of its pages.")
@base_option
def show(folder: Path, disease: str, as_json: bool, form: str, base: str | None) -> None:
    """Show what FOLDER has of DISEASE: a CURIE, an IRI, a name, or the path of a page.

    \b
    Examples:
      kg show out hidradenocarcinoma
      kg show out MONDO:0006245 --format ttl
    """
    import msgspec  # noqa: PLC0415

    from .. import answers, stored, terminal  # noqa: PLC0415
    from .. import show as showing  # noqa: PLC0415

    prefixes = prefixes_of(folder, base)
    if as_json:
        pages = [head.page for head in stored.heads(folder, disease, prefixes)]
        click.echo(msgspec.json.format(msgspec.json.encode(stored.records(folder, pages))))
        return
    found = showing.overviews(folder, disease, prefixes)
    if form == "text":
        click.echo("\n".join(showing.text(one, terminal.columns()) for one in found), nl=False)
    else:
        click.echo(answers.serialised(showing.graph(folder, found, prefixes), form), nl=False)
