"""`kg evaluate`: how good the records of a run are, measured on pages that somebody annotated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click
import msgspec

from ..errors import UsageError
from ..evaluate import (
    RESAMPLES,
    Evaluation,
    Fault,
    Floor,
    Interval,
    Score,
    below,
    evaluate,
    floor,
    intervals,
    read,
)
from ..files import write_tsv
from ..folder import opened

FILE = click.Path(path_type=Path, dir_okay=False)
Spread = Mapping[str, Mapping[str, Interval]]


@click.command(name="evaluate")
@click.argument("gold", type=FILE)
@click.argument("records", type=click.Path(path_type=Path))
@click.option("--errors", type=FILE, help="List every missed and spurious fact in this TSV file.")
@click.option("--floor", "floors", multiple=True, metavar="KIND[.MEASURE]=NUMBER",
              help="Exit with 1 where F1, or the measure (precision, recall, attribute, cites), "
                   "is below.")
@click.option("--resamples", type=click.IntRange(min=0), default=RESAMPLES, show_default=True,
              help="Draws of pages for the 95 % intervals; 0 for none.")
@click.option("--json", "as_json", is_flag=True, help="Print the measures as JSON.")
def command(
    gold: Path, records: Path, errors: Path | None, floors: tuple[str, ...], resamples: int,
    as_json: bool,
) -> int:
    """Score RECORDS (records.jsonl, or the folder of a run) against the annotated pages of GOLD.

    Exit code 0: every floor is reached; 1: one is not.  docs/evaluation.md has the rules.

    \b
    Examples:
      kg evaluate mine.jsonl out
      kg evaluate mine.jsonl out --errors errors.tsv --floor therapies=0.75
    """
    wanted = [_floor(one) for one in floors]
    made = evaluate(read(gold), read(records / "records.jsonl" if records.is_dir() else records))
    spread = intervals(made, resamples) if resamples else {}
    if errors:
        opened(errors.parent)
        write_tsv(errors, Fault.__struct_fields__, map(msgspec.structs.astuple, made.faults))
    click.echo(_json(made, spread) if as_json else _text(made, spread))
    failed = list(below(made.scores(), wanted))
    for one, reached in failed:
        click.echo(f"kg: {one.kind} {one.measure} is {reached:.3f}, below {one.least:g}", err=True)
    return 1 if failed else 0


def _floor(written: str) -> Floor:
    try:
        return floor(written)
    except ValueError:
        raise UsageError(f"--floor {written}: written as therapies=0.75") from None


def _json(made: Evaluation, spread: Spread) -> bytes:
    scores = {
        kind: msgspec.to_builtins(one.rounded()) | {"intervals": {
            measure: [round(end, 3) for end in ends]
            for measure, ends in spread.get(kind, {}).items()}}
        for kind, one in made.scores().items()}
    sources = {name: {kind: msgspec.to_builtins(one.rounded()) for kind, one in kinds.items()}
               for name, kinds in made.sources().items()}
    return msgspec.json.format(msgspec.json.encode(
        {"pages": len(made.pages), "scores": scores, "sources": sources,
         "missing_pages": made.missing}), indent=1)


def _text(made: Evaluation, spread: Spread) -> str:
    lines = [f"{len(made.pages)} annotated pages", *_table(made.scores(), spread)]
    sources = made.sources()
    if len(sources) > 1:
        for name, scores in sources.items():
            number = sum(page.source == name for page in made.pages)
            lines += ["", f"{name or '(no folder)'}: {number} pages", *_table(scores, {})]
    if made.missing:
        lines += ["", f"{len(made.missing)} annotated pages have no record: "
                  + ", ".join(made.missing[:5]) + (" …" if len(made.missing) > 5 else "")]
    return "\n".join(lines)


def _table(scores: Mapping[str, Score], spread: Spread) -> Iterable[str]:
    """One line a kind that was annotated or predicted, with intervals where there are any."""
    head = ("gold", "found", "P", "R", "F1", "attribute", "cites")
    wide = 20 if spread else 7
    yield f"{'kind':20}{head[0]:>6}{head[1]:>7}" + "".join(f"{name:>{wide}}" for name in head[2:])
    for kind, one in scores.items():
        if one.gold or one.predicted:
            cells = [_cell(getattr(one, name), spread.get(kind, {}).get(name)) for name in
                     ("precision", "recall", "f1", "attribute", "cites")]
            yield (f"{kind:20}{one.gold:>6}{one.predicted:>7}"
                   + "".join(f"{cell:>{wide}}" for cell in cells))


def _cell(value: float | None, ends: Interval | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f} {ends[0]:.2f}–{ends[1]:.2f}" if ends else f"{value:.3f}"
