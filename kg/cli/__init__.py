"""The command line: parses options, calls one function a command, alone catches errors."""

from __future__ import annotations

import importlib
import io
import sqlite3
import sys
from collections.abc import Sequence

import click

from ..errors import KgError
from ..memory import steadied
from ..version import VERSION
from .screen import screened, shown

# Commands in the order of the work; each is imported only when it is used, so that help is quick.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("kg.cli.run:run", "Pages in, a validated and published graph out: all stages at once."),
    "parse": ("kg.cli.stages:parse", "Read pages into documents.jsonl."),
    "extract": ("kg.cli.stages:extract", "Read documents.jsonl, write what the pages claim."),
    "ground": ("kg.cli.stages:ground", "Read claims.jsonl, write statements with identifiers."),
    "build": ("kg.cli.stages:build", "Read statements.jsonl, write records and graph.nq."),
    "validate": ("kg.cli.stages:validate", "Check a graph against the SHACL shapes."),
    "export": ("kg.cli.exporting:export", "Write a graph as Turtle, JSON-LD, CSV and the rest."),
    "describe": ("kg.cli.describing:describe", "Describe what is published: VoID, DCAT …"),
    "load": ("kg.cli.loading:load", "Put a graph into a database, and count and compare it."),
    "query": ("kg.cli.ask:query", "Ask a graph in SPARQL, in your words or by name."),
    "explain": ("kg.cli.ask:explain", "Show the sentence, rule and grounding behind a statement."),
    "show": ("kg.cli.ask:show", "Show all that is known about one disease or page."),
    "graph": ("kg.cli.graphing:graph", "Statistics and pictures of the network of diseases."),
    "review": ("kg.cli.reviewing:review", "Decide on what may be wrong; kg run applies it."),
    "serve": ("kg.cli.serving:serve", "SPARQL endpoint, linked data and pages over HTTP."),
    "site": ("kg.cli.serving:site", "The pages as files, for any web host."),
    "verify": ("kg.cli.verifying:verify", "Prove that a release is what its sources give."),
    "release": ("kg.cli.releasing:release", "Make a folder of a run that never changes again."),
    "diff": ("kg.cli.releasing:diff", "What two runs or releases state otherwise."),
    "evaluate": ("kg.cli.evaluating:command", "Score records against pages that you annotated."),
    "xref": ("kg.cli.naming:xref", "Show what a GARD, Orphanet, OMIM … number is elsewhere."),
    "vocab": ("kg.cli.vocab:vocab", "See and build the vocabularies that names are grounded in."),
}


class _Lazy(click.Group):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from ..errors import UnknownName  # noqa: PLC0415 - only when it is needed

            raise UnknownName("command", args[0], COMMANDS)
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kg")
def cli() -> None:
    """Rare-disease pages as linked data: every statement with its sentence.

    \b
    Try it (no page needed, example pages are built in):
      kg run -o out
      kg show out hidradenocarcinoma
      kg query out --name therapies --param disease=MONDO:0006245
      kg explain out STATEMENT
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 violations, 2 usage or input error."""
    steadied()  # importing makes much and drops nothing
    try:
        with screened():
            code = cli.main(args=list(sys.argv[1:] if arguments is None else arguments),
                            prog_name="kg", standalone_mode=False)
    except click.ClickException as error:
        error.show(told := io.StringIO())
        click.echo(shown(told.getvalue()), err=True, nl=False)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("kg: interrupted; nothing was half-written", err=True)
        sys.exit(130)
    except KgError as error:
        click.echo(f"kg: {shown(str(error))}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (OSError, sqlite3.OperationalError) as error:
        click.echo(f"kg: {shown(_refused(error))}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _refused(error: OSError | sqlite3.Error) -> str:
    """What the system said of a file; SQLite and Oxigraph do not say of which."""
    if isinstance(error, sqlite3.Error):
        return (f"a database or a temporary file cannot be written or read: {error}; is there room "
                "in the output folder and in TMPDIR?")
    return f"{error.filename or 'a file'}: {error.strerror or error}"
