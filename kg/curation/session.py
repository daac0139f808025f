"""One person's walk through statements: each question is shown, each answer kept at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct, structs

from .. import explaining, terminal
from ..errors import DataError, UsageError
from ..explain import Explanation, explain
from ..files import replacing
from ..ids import local
from ..ontology import Kind
from ..summary import IDENTITY
from ..vocab.index import Index
from .applying import Curation, Kit, decided, disease
from .decisions import HEADER, Decision
from .waiting import Waiting

CHOICES = {"a": "accept", "r": "reject", "i": "id", "v": "value", "s": "skip", "q": "quit"}


class Terminal(Protocol):
    """Where a person is asked: a line that is shown, and a line that is answered."""

    def show(self, text: str) -> None:
        """The text is on the screen."""

    def ask(self, question: str) -> str | None:
        """The answer without blanks around it; None where there will be none any more."""


class Reviewer(Struct, frozen=True):
    """Who decides on what day, and the file that keeps the decisions."""

    by: str
    on: str
    file: Path


class Desk(Struct, frozen=True):
    """What lies before the reviewer: a run's folder, and what its names can be looked up in."""

    folder: Path
    index: Index
    kinds: Mapping[str, Kind]


class Walk:
    """Statements shown one after the other; `made` are the decisions so far."""

    def __init__(self, desk: Desk, reviewer: Reviewer, place: Terminal) -> None:
        self.made: list[Decision] = []
        self._desk, self._reviewer, self._place = desk, reviewer, place

    def through(self, queue: Iterable[Waiting], total: int) -> None:
        """Each statement was decided on, left out, or the person stopped."""
        for number, one in enumerate(queue, 1):
            self._place.show(f"\n{number} of {total} · {one.why}\n")
            told = explain(self._desk.folder, one.statement.id)
            self._place.show(explaining.text(_without_rows(told), terminal.columns()))
            if not self._decided(one, told):
                return

    def _decided(self, one: Waiting, told: Explanation) -> bool:
        """Whether to go on after this statement."""
        possible = _possible(one, self._desk.kinds)
        while True:
            answer = self._place.ask(_question(possible))
            if answer is None or answer[:1].lower() == "q":
                return False
            choice = CHOICES.get(answer[:1].lower(), "")
            if choice == "skip":
                return True
            if choice in possible and self._kept(one, told, choice):
                return True

    def _kept(self, one: Waiting, told: Explanation, choice: str) -> bool:
        """Whether the decision was made whole, and is in the file."""
        to = ""
        if choice in {"id", "value"}:
            offered = self._ids(one) if choice == "id" else self._values(one)
            to = self._chosen(offered)
            if not to:
                return False
        says = explaining.headline(
            told.kind, told.value, told.disease, explaining.other(told), negated=told.negated,
            doubtful=told.doubtful)
        note = self._place.ask("Note (Enter for none):") or ""
        decision = Decision(
            0, local(one.statement.id), choice, to, self._page(one, told), "", "", "",
            self._reviewer.by, self._reviewer.on, note, says)
        if problem := self._problem(one, decision):
            self._place.show(f"  {problem}\n")
            return False
        append(self._reviewer.file, decision)
        self.made.append(decision)
        return True

    def _page(self, one: Waiting, told: Explanation) -> str:
        """The only page that the decision is about, empty for all that say the same."""
        pages = sorted({passage.page for passage in told.passages})
        if len(pages) < 2:
            return ""
        listed = "".join(f"  {number}. {page}\n" for number, page in enumerate(pages, 1))
        self._place.show(f"  {one.pages} pages say this:\n{listed}")
        answer = self._place.ask("Enter for all of them, or the number of one:") or ""
        return _numbered(answer, pages)

    def _ids(self, one: Waiting) -> list[tuple[str, str]]:
        """The classes that were considered for the statement's name."""
        how = one.statement.grounding
        above = (how.broader.id,) if how and how.broader else ()
        candidates = (*(how.candidates if how else ()), *above)
        found = ((curie, self._desk.index.term(curie)) for curie in candidates)
        return [(curie, term.label if term else "") for curie, term in found]

    def _values(self, one: Waiting) -> list[tuple[str, str]]:
        values = self._desk.kinds[one.statement.kind].values
        return [(name, "now" if name == one.statement.value else "") for name in values if name]

    def _chosen(self, offered: list[tuple[str, str]]) -> str:
        """What the person typed, or the offered one whose number that is; empty for nothing."""
        for number, (name, what) in enumerate(offered, 1):
            self._place.show(f"  {number}. {name}  {what}".rstrip() + "\n")
        answer = self._place.ask("Its number, or what it is (Enter to go back):") or ""
        return _numbered(answer, [name for name, _ in offered]) or answer

    def _problem(self, one: Waiting, decision: Decision) -> str:
        """Why the decision cannot be applied, empty where it can."""
        made = Curation("", (decision,), {decision.statement: (decision,)})
        kit = Kit(made, self._desk.index, self._desk.kinds)
        try:
            _tried(one, decision, kit)
        except DataError as error:
            return str(error).split(": ", 1)[-1]
        return ""


def _without_rows(told: Explanation) -> Explanation:
    """What a reader of sentences needs: not the patterns that found them."""
    return structs.replace(told, passages=tuple(
        structs.replace(passage, rows=()) for passage in told.passages))


def _tried(one: Waiting, decision: Decision, kit: Kit) -> None:
    """Raises DataError where the decision does not fit its statement."""
    if decision.decision == "reject":
        return
    if one.statement.kind != IDENTITY:
        decided(one.statement, decision, kit)
    elif decision.decision == "id":
        disease(decision, kit)


def _possible(one: Waiting, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """The decisions that make sense for a statement."""
    if one.statement.kind == IDENTITY:
        return "accept", "id"
    has_id = one.statement.object is not None
    has_values = len(kinds[one.statement.kind].values) > 1
    return ("accept", "reject", *(("id",) if has_id else ()), *(("value",) if has_values else ()))


def _question(possible: tuple[str, ...]) -> str:
    return "  ".join(f"[{key}]{word[1:]}" for key, word in CHOICES.items()
                     if word in {*possible, "skip", "quit"}) + " ?"


def _numbered(answer: str, offered: list[str]) -> str:
    place = int(answer) if answer.isdecimal() else 0
    return offered[place - 1] if 0 < place <= len(offered) else ""


def append(path: Path, decision: Decision) -> None:
    """The decision is the last line of the file, which has a header if it is new.

    Raises UsageError where the file's own header has no place for what the decision says.
    """
    before = path.read_bytes() if path.is_file() else ("\t".join(HEADER) + "\n").encode()
    ended = before if before.endswith(b"\n") else before + b"\n"
    header = next(line.split("\t") for line in ended.decode("utf-8-sig").splitlines()
                  if line.strip() and not line.startswith("#"))
    said = dict(zip(HEADER, decision.cells(), strict=True))
    lost = [name for name, cell in said.items() if cell and name not in map(str.strip, header)]
    if lost:
        raise UsageError(f"{path}: its header has no column {', '.join(lost)}")
    cells = (" ".join(said[name.strip()].split()) for name in header)
    with replacing(path) as out:
        out.write(ended + ("\t".join(cells) + "\n").encode("utf-8", "replace"))
