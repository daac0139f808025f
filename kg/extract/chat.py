"""A proposer that asks a language model over the usual chat-completions protocol."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any
from urllib.parse import urlsplit

from msgspec import Struct

from ..errors import ProposerError, UsageError
from ..model import Document
from ..ontology import Kind
from ..text import collapse
from .proposer import SECONDS, Proposal
from .segment import SILENT_KINDS

PATH = "/chat/completions"
_FENCED = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
_WORDS = re.compile(r"[^\w.-]+")
_READ = 1 << 16
_RETRIED = frozenset({408, 429, 500, 502, 503, 504})
_TASK = """You read one page about the disease {disease} and list the facts that the page itself \
states about that disease. No outside knowledge. Answer with one JSON object and nothing else: \
{{"facts": [{{"kind": …, "value": …, "name": …, "quote": …}}]}}. "quote" is an exact, contiguous \
copy of the words of the page that state the fact; "name" is a short noun phrase copied exactly \
from the quote (for a figure: the number with its bounds). Allowed kinds and values:
{kinds}"""


class Limits(Struct, frozen=True):
    """What one page may cost: seconds an attempt, attempts, characters sent, bytes accepted.

    After `failures` pages in a row without an answer the proposer is not asked again.
    """

    seconds: float = SECONDS
    attempts: int = 2
    characters: int = 60_000
    bytes: int = 1_000_000
    failures: int = 3


def endpoint(url: str) -> str:
    """The address that is asked; raises UsageError where `url` is not http or https."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise UsageError(f"{url}: a proposer has an http or https address")
    return url if parts.path.endswith(PATH) else url.rstrip("/") + PATH


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A page's text goes to the address that the user named and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str,  # noqa: ARG002
        headers: http.client.HTTPMessage, newurl: str,  # noqa: ARG002
    ) -> None:
        return None


class Chat:
    """Asks `model` at `url` ("http://127.0.0.1:8080/v1"); `key` is sent as a bearer token.

    Raises UsageError for an address that is not http or https.
    """

    def __init__(
        self, url: str, model: str, kinds: Mapping[str, Kind], key: str = "",
        limits: Limits | None = None,
    ) -> None:
        self.url = endpoint(url)
        self.model = model
        self.name = _WORDS.sub("-", model).strip("-") or "model"
        self._kinds = kinds
        self._key = key
        self._limits = limits or Limits()
        self._failed = 0
        self._opener = urllib.request.build_opener(_NoRedirect)

    def propose(self, document: Document) -> Iterable[Proposal]:
        """What the model says; raises ProposerError where it gives no usable answer."""
        if self._failed >= self._limits.failures:
            raise ProposerError(f"not asked: {self._failed} pages in a row had no answer")
        self._failed += 1
        answer = self._asked(self._request(document))
        found = tuple(_proposals(answer))
        self._failed = 0
        return found

    def _request(self, document: Document) -> urllib.request.Request:
        text = _readable(document)[:self._limits.characters]
        task = _TASK.format(disease=document.title, kinds=_listed(self._kinds))
        body = {"model": self.model, "temperature": 0, "stream": False, "messages": [
            {"role": "system", "content": task}, {"role": "user", "content": text}]}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return urllib.request.Request(self.url, json.dumps(body).encode(), headers, method="POST")

    def _asked(self, request: urllib.request.Request) -> bytes:
        """The answer's bytes; an attempt that may go better a second time is made again."""
        for left in reversed(range(self._limits.attempts)):
            try:
                return self._answer(request)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in _RETRIED or not left:
                    raise ProposerError(f"the server answered {error.code}") from None
            except (OSError, http.client.HTTPException) as error:
                if not left:
                    raise ProposerError(f"no answer: {_reason(error)}") from None
        raise ProposerError("no attempt was allowed")

    def _answer(self, request: urllib.request.Request) -> bytes:
        """One attempt, within the time and the size that are allowed in all."""
        until = time.monotonic() + self._limits.seconds
        parts: list[bytes] = []
        size = 0
        with self._opener.open(request, timeout=self._limits.seconds) as response:
            while part := response.read1(_READ):
                size += len(part)
                parts.append(part)
                if size > self._limits.bytes:
                    raise ProposerError(f"more than {self._limits.bytes:,} bytes were sent")
                if time.monotonic() > until:
                    raise TimeoutError("timed out")
        return b"".join(parts)


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    return collapse(str(cause)) or type(cause).__name__


def _readable(document: Document) -> str:
    """The paragraphs that may hold facts: nothing is sent that could not be quoted."""
    return "\n\n".join(collapse(document.text[block.span.start:block.span.end])
                       for block in document.blocks if block.kind not in SILENT_KINDS)


def _listed(kinds: Mapping[str, Kind]) -> str:
    return "\n".join(f'{name}: {", ".join(json.dumps(value) for value in sorted(kind.values))}'
                     for name, kind in sorted(kinds.items()))


def _proposals(answer: bytes) -> Iterator[Proposal]:
    """The facts in the model's message; raises ProposerError where it is not the JSON asked for."""
    facts = _decoded(_message(answer))
    if isinstance(facts, dict):
        facts = facts.get("facts")
    if not isinstance(facts, list):
        raise ProposerError("the model did not answer with a list of facts")
    for fact in facts:
        cells = [fact.get(key, "") if isinstance(fact, dict) else ""
                 for key in Proposal.__struct_fields__]
        # what is no string is kept as an empty one, which is then refused and listed
        yield Proposal(*(cell if isinstance(cell, str) else "" for cell in cells))


def _message(answer: bytes) -> str:
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise ProposerError("the answer is not of the chat-completions protocol") from None
    if not isinstance(content, str):
        raise ProposerError("the model's message is empty")
    return content


def _decoded(message: str) -> Any:
    fenced = _FENCED.search(message)
    try:
        return json.loads(fenced.group(1) if fenced else message)
    except (ValueError, RecursionError):
        raise ProposerError("the model's message is not JSON") from None
