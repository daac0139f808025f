"""What schemathesis lacks for our OpenAPI document: how a bare SPARQL query is sent."""

from __future__ import annotations

from typing import Any

import schemathesis  # type: ignore[import-not-found, unused-ignore]


@schemathesis.serializer("application/sparql-query")  # type: ignore[untyped-decorator, unused-ignore]
def sparql_query(_context: Any, value: Any) -> bytes:
    """The query as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
