"""docs/reference, from the code: commands, Python names, shapes and named queries."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import click
import pyoxigraph as ox

import kg

from .cli import COMMANDS, cli
from .engines import messages, shapes_text
from .queries import named

_SH = "http://www.w3.org/ns/shacl#"
_MADE = "Made from the code by `python -m kg.reference docs/reference`; a test compares."


def command_line() -> str:
    """Every command with its help, as `kg COMMAND --help` prints it."""
    parts = ["# The command line", _MADE]
    context = click.Context(cli, info_name="kg", **cli.context_settings)
    for name, (_, line) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        parts += [f"## kg {name}", line, *_help(command, click.Context(
            command, info_name=name, parent=context, terminal_width=100, max_content_width=100))]
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    command = copy(command)
    vars(command)["_help_option"] = None  # click keeps that of whoever asked first, perhaps no -h
    yield f"```text\n{command.get_help(context).rstrip()}\n```"
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield f"### {context.command_path} {name}"
        yield from _help(below, click.Context(
            below, info_name=name, parent=context, terminal_width=100, max_content_width=100))


def python_names() -> str:
    """Every public name of the package, with its signature and docstring."""
    parts = ["# Python", _MADE, "`import kg` has these names; see also [examples](../python.md)."]
    parts += ["\n\n".join(_documented(name, getattr(kg, name))) for name in kg.__all__]
    return "\n\n".join(parts) + "\n"


def _documented(name: str, thing: object) -> Iterator[str]:
    yield f"## kg.{name}"
    if inspect.isfunction(thing):
        yield f"```python\n{name}{_signature(thing)}\n```"
    elif inspect.isclass(thing) and hasattr(thing, "__struct_fields__"):
        yield f"Fields: {', '.join(f'`{field}`' for field in thing.__struct_fields__)}."
    yield inspect.cleandoc(thing.__doc__ or "")


def _signature(thing: Callable[..., object]) -> str:
    return str(inspect.signature(thing)).replace("'", "")


def shapes() -> str:
    """Every shape with a message: what must hold, and what to do where it does not."""
    store = ox.Store()
    store.load(shapes_text().encode(), format=ox.RdfFormat.TURTLE)
    rows = (f"| `{iri.rpartition('#')[2]}` | {_severity(store, iri)} | {_cell(shape.message)} | "
            f"{_cell(shape.advice)} |" for iri, shape in sorted(messages().items()))
    head = "| shape | severity | must hold | otherwise |\n|---|---|---|---|"
    intro = ("Prefix `rks:` <https://w3id.org/rarekg/shapes#>. A page that breaks one is withheld; "
             "a warning is only told.")
    return "\n\n".join(("# Shapes", _MADE, intro, "\n".join((head, *rows)))) + "\n"


def _severity(store: ox.Store, iri: str) -> str:
    found = [row.object for row in store.quads_for_pattern(
        ox.NamedNode(iri), ox.NamedNode(f"{_SH}severity"), None, None)]
    return str(found[0]).rpartition("#")[2].rstrip(">") if found else "Violation"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def queries() -> str:
    """Every named query with its parameters and its text."""
    parts = ["# Named queries", _MADE, "`kg query DIR --name NAME --param KEY=VALUE`; the same are "
             "on the query page of `kg serve`."]
    for one in named().values():
        given = "\n".join(f"- `{each.name}` ({each.type}, "
                          f"{'required' if each.required else 'optional'}): {each.description}, "
                          f"for example `{each.example}`" for each in one.parameters)
        parts += [f"## {one.name}", one.title + ".", one.description, given,
                  f"```sparql\n{one.text.rstrip()}\n```"]
    return "\n\n".join(part for part in parts if part) + "\n"


# One line for each page of the reference.
PAGES: dict[str, Callable[[], str]] = {
    "cli.md": command_line,
    "python.md": python_names,
    "shapes.md": shapes,
    "queries.md": queries,
}


def main(folder: Path) -> None:
    """Write every page into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in PAGES.items():
        (folder / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
