"""One line a therapy: which of a page's statements about one therapy a summary shows."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Claim
from ..wordings import same


def preferred(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """For each therapy of a page the claim that a summary shows, in the order of the page.

    A statement in a treatment section outranks one elsewhere, a frame outranks a mention, doubt
    comes last; among equals the first one on the page counts.
    """
    best: list[Claim] = []
    for one in sorted(claims, key=_rank):
        if not any(same(one.name, other.name) for other in best):
            best.append(one)
    return tuple(sorted(best, key=lambda c: (c.evidence.exact, c.name)))


def _rank(one: Claim) -> tuple[object, ...]:
    evidence = one.evidence
    aside = evidence.rule.startswith("title")
    return (one.doubtful, aside, evidence.section != "treatment", evidence.exact, one.id)
