"""The options that name who may say something besides the rules: a proposer, or people."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from ..curation.decisions import parse
from ..errors import UsageError
from ..pipeline import Asked, Settings

curation_option = click.option(
    "--curation", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None,
    metavar="FILE", help="Apply people's decisions: a TSV file as kg review writes it.")


def decided_by(file: Path | None, settings: Settings) -> Settings:
    """The settings with the decisions of a file; raises DataError where it is malformed."""
    if file is None:
        return settings
    content = file.read_bytes()
    parse(content, str(file))
    return structs.replace(settings, curation=content, curation_file=str(file))


def proposer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command --proposer, --model and --proposer-seconds, as one argument `proposer`."""

    @click.option("--proposer", "url", metavar="URL", default=None,
                  help="Also ask the model at this chat-completions address; what it says counts "
                       "only where its quote stands in the page. Key: RAREKG_PROPOSER_KEY.")
    @click.option("--model", metavar="NAME", default=None, help="The model that --proposer asks.")
    @click.option("--proposer-seconds", "seconds", type=click.FloatRange(min=0.1),
                  default=Asked("", "").seconds, show_default=True, help="Time for one page.")
    @functools.wraps(command)
    def asked(*, url: str | None, model: str | None, seconds: float, **options: Any) -> Any:
        if bool(url) != bool(model):
            raise UsageError("--proposer URL and --model NAME go together")
        proposer = _proposer(url, model, seconds) if url and model else None
        return command(**options, proposer=proposer)

    return asked


def _proposer(url: str, model: str, seconds: float) -> Asked:
    from ..extract.chat import endpoint  # noqa: PLC0415 - few runs ask, all would import HTTP

    return Asked(endpoint(url), model, seconds)
