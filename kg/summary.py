"""What came out of a run, counted, and the short table a person reads at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from .model import Statement

IDENTITY = "disease"  # the kind of the statement that says which disease a page is about


class Summary(Struct, frozen=True):
    """Counts that add up over pages; `kinds` counts statements by kind, `with_id` those grounded.

    `named` counts the statements whose object has a name to ground, `diseases` the pages whose
    disease has an identifier of a public vocabulary.
    """

    pages: int = 0
    diseases: int = 0
    kinds: dict[str, int] = {}
    named: int = 0
    with_id: int = 0
    qualified: int = 0

    def __add__(self, other: Summary) -> Summary:
        kinds = dict(self.kinds)
        for kind, number in other.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + number
        return Summary(self.pages + other.pages, self.diseases + other.diseases, kinds,
                       self.named + other.named, self.with_id + other.with_id,
                       self.qualified + other.qualified)


def count(statements: Iterable[Statement]) -> Summary:
    """The counts of one page."""
    kinds: dict[str, int] = {}
    named = with_id = qualified = diseases = 0
    for statement in statements:
        how = statement.grounding
        grounded = how is not None and how.tier != "minted" and how.broader is None
        if statement.kind == IDENTITY:
            diseases += grounded
            continue
        kinds[statement.kind] = kinds.get(statement.kind, 0) + 1
        named += statement.object is not None
        with_id += statement.object is not None and grounded
        qualified += statement.negated or statement.doubtful
    return Summary(1, diseases, kinds, named, with_id, qualified)


def share(part: int, whole: int) -> str:
    """`part` of `whole` as a percentage with one decimal, "-" of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def table(summary: Summary, extra: Mapping[str, object]) -> str:
    """Two aligned columns: the counts, then the caller's rows."""
    lines: list[tuple[str, str]] = [("pages published", f"{summary.pages:,}")]
    lines += [(f"  {kind.replace('_', ' ')}", f"{number:,}")
              for kind, number in sorted(summary.kinds.items())]
    lines += [
        ("negated or doubtful", f"{summary.qualified:,}"),
        ("diseases with an identifier", f"{summary.diseases:,}  "
                                        f"({share(summary.diseases, summary.pages)})"),
        ("other names with an identifier", f"{summary.with_id:,}  "
                                           f"({share(summary.with_id, summary.named)})"),
    ]
    lines += [(name, f"{value:,}" if isinstance(value, int) else str(value))
              for name, value in extra.items()]
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in lines)
