"""The open door: what a proposer says counts only as far as the page bears it out."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from small_pages import document

from kg.cli import main
from kg.errors import ProposerError, UsageError
from kg.extract.chat import Chat, Limits
from kg.extract.proposer import Answer, Proposal, proposed
from kg.model import Document, Quantity
from kg.ontology import kinds

PAGE = document(
    "Testosis", "Testosis is rare. Doctors tried\n  zinc   baths [2] in less than 30% of people.",
    ("references", "Zinc baths cure Testosis."))
GOOD = Proposal("therapy", "zinc baths", "investigational", "Doctors tried zinc baths [2]")


class Says:
    """A proposer that always says the same."""

    name = "stub"

    def __init__(self, *proposals: Proposal) -> None:
        self.proposals = proposals

    def propose(self, document: Document) -> tuple[Proposal, ...]:
        return self.proposals


def said(*proposals: Proposal) -> Answer:
    """What is accepted of the proposals for the page."""
    return proposed(Says(*proposals), PAGE, kinds())


def test_a_proposal_with_a_verbatim_quote_becomes_a_claim() -> None:
    """White space may differ; the evidence is the page's own text at that place."""
    (claim,) = said(GOOD).claims
    evidence = claim.evidence
    assert (claim.name, claim.value, evidence.rule) == (
        "zinc baths", "investigational", "proposer/stub")
    assert evidence.quote == PAGE.text[evidence.span.start:evidence.span.end]
    assert evidence.quote.split() == GOOD.quote.split()
    assert evidence.cites == (2,)
    assert PAGE.text[evidence.exact.start:evidence.exact.end].split() == ["zinc", "baths"]


@pytest.mark.parametrize(("change", "reason"), [
    ({"quote": "Doctors recommend zinc baths"}, "quote is not in the page"),
    ({"quote": "Zinc baths cure Testosis."}, "quote is not in the page"),
    ({"quote": ""}, "quote is not in the page"),
    ({"quote": "x" * 2000}, "quote is not in the page"),
    ({"name": "copper baths"}, "name is not in its quote"),
    ({"name": "in"}, "name is not in its quote"),
    ({"name": ""}, "name is not in its quote"),
    ({"name": "bath"}, "name is not in its quote"),
    ({"kind": "miracle"}, "no kind 'miracle'"),
    ({"value": "wonderful"}, "value 'wonderful'"),
    ({"kind": "figure", "value": "proportion"}, "no number"),
])
def test_what_the_page_does_not_bear_out_is_refused(change: dict[str, str], reason: str) -> None:
    """Each refusal is listed with its reason and costs nothing else."""
    bad = Proposal(**{**{key: getattr(GOOD, key) for key in GOOD.__struct_fields__}, **change})
    answer = said(bad, GOOD)
    assert len(answer.claims) == 1
    assert len(answer.warnings) == 1
    assert reason in answer.warnings[0]


def test_numbers_are_read_by_ourselves() -> None:
    """A figure's quantity comes from the page's words, not from the proposer."""
    (claim,) = said(Proposal("figure", "less than 30%", "proportion",
                             "in less than 30% of people.")).claims
    assert claim.quantity is not None
    assert claim.quantity == Quantity(None, Decimal(30), "%", "<")


# ---------------------------------------------------------------- the client, over a stub server

Reply = Callable[[BaseHTTPRequestHandler], None]


def message(content: object) -> Reply:
    """Answers with a message in the usual protocol."""
    text = content if isinstance(content, str) else json.dumps(content)
    return raw(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}))


def raw(body: str, code: int = 200, **headers: str) -> Reply:
    """Answers with these bytes."""
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return reply


def slow(handler: BaseHTTPRequestHandler) -> None:
    """Sends a byte now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def dead(handler: BaseHTTPRequestHandler) -> None:
    """Hangs up without a word."""
    handler.close_connection = True


class Stub:
    """A server that gives its replies in turn, the last one again and again."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stub.asked.append((self.path, dict(self.headers), body))
                replies = stub.replies
                try:
                    (replies.pop(0) if len(replies) > 1 else replies[0])(self)
                except OSError:  # the client has gone, as it should
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def close(self) -> None:
        """The port is free again."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A stub server on this machine, reached without any proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Stub()
    yield server
    server.close()


def facts(*proposals: Proposal) -> dict[str, object]:
    """The JSON that the model is asked for."""
    return {"facts": [{key: getattr(one, key) for key in one.__struct_fields__}
                      for one in proposals]}


def chat(stub: Stub, **limits: Any) -> Chat:
    """A client for the stub that does not wait long."""
    return Chat(stub.url, "org/small:1", kinds(), limits=Limits(**{"seconds": 0.3, **limits}))


def test_a_good_answer(stub: Stub) -> None:
    """The page's readable text goes out, the facts come back, also out of a fenced block."""
    false = Proposal("therapy", "gold", "standard", "Gold is standard.")
    stub.replies = [message(f"Here you are:\n```json\n{json.dumps(facts(GOOD, false))}\n```")]
    answer = proposed(chat(stub), PAGE, kinds())
    assert [claim.evidence.rule for claim in answer.claims] == ["proposer/org-small-1"]
    assert answer.warnings == ("refused 'therapy gold': its quote is not in the page",)
    path, _, body = stub.asked[0]
    assert path == "/v1/chat/completions"
    assert body["model"] == "org/small:1"
    assert body["temperature"] == 0
    assert "zinc baths" in body["messages"][1]["content"]
    assert "cure" not in body["messages"][1]["content"]


def test_a_key_is_sent_only_where_there_is_one(stub: Stub) -> None:
    """As a bearer token."""
    stub.replies = [message(facts())]
    list(Chat(stub.url, "m", kinds(), key="secret").propose(PAGE))
    list(chat(stub).propose(PAGE))
    assert [asked[1].get("Authorization") for asked in stub.asked] == ["Bearer secret", None]


@pytest.mark.parametrize(("reply", "reason"), [
    (raw("<html>"), "not of the chat-completions protocol"),
    (raw("[]"), "not of the chat-completions protocol"),
    (raw('{"choices": []}'), "not of the chat-completions protocol"),
    (raw('{"choices": [{"message": {"content": null}}]}'), "message is empty"),
    (message("I would rather not."), "not JSON"),
    (message("[" * 100_000), "not JSON"),
    (message({"facts": "none"}), "list of facts"),
    (message("x" * 5000), "more than 4,000 bytes"),
    (raw("no", 401), "answered 401"),
    (raw("", 302, Location="http://127.0.0.1:1/"), "answered 302"),
    (slow, "timed out"),
    (dead, "no answer"),
])
def test_a_bad_answer_costs_a_warning(stub: Stub, reply: Reply, reason: str) -> None:
    """One line says what was wrong; there is no claim and no error."""
    stub.replies = [reply]
    limit = 4000 if "4,000" in reason else 1_000_000
    answer = proposed(chat(stub, bytes=limit), PAGE, kinds())
    assert answer.claims == ()
    assert len(answer.warnings) == 1
    assert reason in answer.warnings[0]


def test_items_that_are_no_facts_are_refused_one_by_one(stub: Stub) -> None:
    """The others count."""
    good = facts(GOOD)["facts"]
    assert isinstance(good, list)
    stub.replies = [message([None, {"kind": 3}, "x", *good])]
    answer = proposed(chat(stub), PAGE, kinds())
    assert len(answer.claims) == 1
    assert len(answer.warnings) == 3


def test_an_overloaded_server_is_asked_again_but_not_for_ever(stub: Stub) -> None:
    """Twice at most for a page; after three pages without an answer not at all."""
    stub.replies = [raw("later", 503), message(facts(GOOD))]
    assert len(proposed(chat(stub), PAGE, kinds()).claims) == 1
    stub.replies, stub.asked = [raw("later", 503)], []
    client = chat(stub)
    answers = [proposed(client, PAGE, kinds()) for _ in range(5)]
    assert len(stub.asked) == 3 * 2
    assert "not asked" in answers[-1].warnings[0]


def test_nobody_there(stub: Stub) -> None:
    """A refused connection is a warning like the others."""
    url = stub.url.rsplit(":", 1)[0] + ":1"
    answer = proposed(Chat(url, "m", kinds(), limits=Limits(seconds=0.3)), PAGE, kinds())
    assert "no answer" in answer.warnings[0]
    with pytest.raises(ProposerError):
        Chat(url, "m", kinds(), limits=Limits(seconds=0.3)).propose(PAGE)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "127.0.0.1:80", "ftp://a/b", ""])
def test_only_web_addresses_are_asked(url: str) -> None:
    """The message says which."""
    with pytest.raises(UsageError, match="http or https"):
        Chat(url, "m", kinds())


def test_the_commands_take_a_proposer(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """kg run and kg extract publish what it found, as a model's, and list what it did not."""
    def run(*arguments: str) -> object:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return ended.value.code

    page = tmp_path / "testosis.md"
    page.write_text("# Testosis\n\n## Treatment\n\nTestosis is dull. Some folk swear by humming"
                    " in the dark.\n", encoding="utf-8")
    quote = "Some folk swear by humming in the dark."
    stub.replies = [message(facts(
        Proposal("therapy", "humming in the dark", "option", quote),
        Proposal("therapy", "gold", "standard", "Gold is standard.")))]
    options = ("--proposer", stub.url, "--model", "m", "--proposer-seconds", "5")
    out = str(tmp_path / "out")
    assert run("run", str(page), "-o", out, *options) == 0
    graph = (tmp_path / "out" / "graph.nq").read_text(encoding="utf-8")
    assert '"computational_model"' in graph
    assert "gold" in (tmp_path / "out" / "proposer.tsv").read_text(encoding="utf-8")
    claims = (tmp_path / "out" / "claims.jsonl").read_bytes()
    assert b'"rule":"proposer/m"' in claims
    assert run("extract", out, *options) == 0
    assert (tmp_path / "out" / "claims.jsonl").read_bytes() == claims
    assert "proposer.tsv" in capsys.readouterr().err
    assert run("extract", out) == 0
    assert b"proposer/" not in (tmp_path / "out" / "claims.jsonl").read_bytes()
    assert not (tmp_path / "out" / "proposer.tsv").exists()
    assert run("extract", out, "--proposer", stub.url) == 2
    assert "--model NAME" in capsys.readouterr().err
