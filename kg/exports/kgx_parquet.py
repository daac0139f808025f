"""KGX as Parquet, with lists as lists and numbers as numbers: on request, and with DuckDB."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import IO

from ..errors import UsageError
from .kgx import COLUMNS, FOLDER, built
from .kgx_cells import COUNTS, FLAGS, LISTS, NESTED, SHARES
from .release import Release

EXTRA = "parquet"
MEDIA_TYPE = "application/vnd.apache.parquet"


def _copy(release: Release, out: IO[bytes], name: str) -> int:
    """Write a table; returns how many rows it has.

    Raises UsageError where DuckDB is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError('Parquet needs DuckDB: pip install "rarekg[parquet]"') from None
    lines, target = built(release) / f"kgx_{name}.jsonl", release.scratch / f"{name}.parquet"
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:  # the same bytes
        count = connection.execute(_statement(lines, target, COLUMNS[name])).fetchone()
    with target.open("rb") as made:
        shutil.copyfileobj(made, out, 1 << 20)
    target.unlink()
    return int(count[0]) if count else 0


def _statement(lines: Path, target: Path, columns: tuple[str, ...]) -> str:
    """The SQL that copies JSON Lines into Parquet, in the order of the rows."""
    typed = ", ".join(f"{column}: '{_type(column)}'" for column in columns)
    return (f"COPY (SELECT * FROM read_json({_quoted(lines)}, format = 'newline_delimited', "
            f"maximum_object_size = 100000000, columns = {{{typed}}})) "
            f"TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)")


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _type(column: str) -> str:
    """DuckDB's type of a column; nested studies stay JSON."""
    types = ((LISTS, "VARCHAR[]"), (NESTED, "JSON"), (FLAGS, "BOOLEAN"), (COUNTS, "BIGINT"),
             (SHARES, "DOUBLE"))
    return next((name for known, name in types if column in known), "VARCHAR")


FILES = {f"{FOLDER}/kgx_{name}.parquet": partial(_copy, name=name) for name in COLUMNS}
