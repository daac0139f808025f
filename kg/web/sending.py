"""Sending a finished body: its tag and date, 304 for who has it, compressed for who takes it."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from ..text import digest
from .cache import Body

_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*"
                   r"(?:;\s*q\s*=\s*(?P<quality>\d+\.?\d*)\s*)?(?:,|$)", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@lru_cache(maxsize=4_096)
def tag(*parts: str) -> str:
    """The entity tag of what depends on `parts` alone; weak, for compressed bytes are others."""
    return f'W/"{digest(*parts)}"'


def tag_of(content: bytes) -> str:
    """The entity tag of what is not known by what it was made of; weak as well."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'


@lru_cache(maxsize=16)
def date(seconds: int) -> str:
    """A time as HTTP writes it (RFC 9110, 5.6.7)."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header takes gzip."""
    found = _GZIP.search(accepted)
    return found is not None and (found["quality"] is None or float(f"0{found['quality']}") > 0)


def has(request: Request, current: str, changed: int | None) -> bool:
    """Whether the client has this very version (RFC 9110, 13.1.2 and 13.1.3).

    What has no known time of change is compared by its tag alone.
    """
    if request.method not in {"GET", "HEAD"}:
        return False
    known = request.headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or current.removeprefix("W/") in _TAG.findall(known)
    since = request.headers.get("if-modified-since", "")
    try:
        return bool(since) and changed is not None \
            and changed <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False


def unchanged(headers: dict[str, str]) -> Response:
    """304 with the headers that a 200 would have."""
    return Response(status_code=304, headers=headers)


def sent(request: Request, body: Body, media_type: str, headers: dict[str, str]) -> Response:
    """200 with the body, compressed where the client takes it and it is worth it."""
    if not body.small and takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(body.kept, headers=headers | {"Content-Encoding": "gzip"},
                        media_type=media_type)
    return Response(body.plain(), headers=headers, media_type=media_type)
