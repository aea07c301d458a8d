"""Questions to the record in SQL, read-only, through DuckDB.

Each table of the record is a view of the same name, and so is each hand-coded table. A query is
one statement that reads; it sees no other file, loads no extension and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.errors import MissingExtraError, QuestionError
from counterpoise.record.manifest import manifest
from counterpoise.record.store import CODED, coded, folder, path

if TYPE_CHECKING:
    from collections.abc import Iterable

MEMORY = "1GB"
"""What a query may use before it is stopped."""

MOST_ROWS = 5_000_000
"""The largest table of the record has under a million rows."""


def sql(query: str) -> pl.DataFrame:
    """Answer one query.

    Parameters
    ----------
    query : one SELECT (or WITH, SHOW TABLES, DESCRIBE) in DuckDB's dialect.

    Raises
    ------
    QuestionError : it is not one reading statement, DuckDB finds a fault in it, or its answer is
        too large.
    MissingExtraError : DuckDB or PyArrow is not installed.
    """
    duckdb = _duckdb()
    with duckdb.connect(":memory:") as connection:
        _open(connection)
        _lock(connection)
        try:
            _refuse_writing(connection, query)
            found = connection.sql(query).limit(MOST_ROWS + 1).to_arrow_table()
        except duckdb.Error as error:
            raise QuestionError(f"The query cannot be answered: {error}") from None
    if found.num_rows > MOST_ROWS:
        raise QuestionError(f"The answer has more than {MOST_ROWS:,} rows. Narrow it, or add LIMIT")
    return pl.DataFrame(found)


def tables() -> tuple[str, ...]:
    """Names that a query may read, sorted."""
    return tuple(sorted({*manifest().tables, *_coded_names()}))


def _duckdb() -> Any:
    try:
        import duckdb
        import pyarrow  # noqa: F401
    except ImportError:
        raise MissingExtraError("duckdb with pyarrow", "frames", "SQL over the record") from None
    return duckdb


def _coded_names() -> Iterable[str]:
    return (path.stem for path in CODED.glob("*.csv"))


def _open(connection: Any) -> None:
    """Make a view of each table in the record and of each coded one."""
    for name in manifest().tables:
        connection.read_parquet(str(path(name))).create_view(name)
    for name in _coded_names():
        connection.register(f"coded_{name}", coded(name).to_arrow())
        connection.table(f"coded_{name}").create(name)
        connection.unregister(f"coded_{name}")


def _lock(connection: Any) -> None:
    """Allow the files of the tables and nothing else, and let no query change that."""
    paths = [str(folder() / f"{name}.parquet") for name in manifest().tables]
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    for setting in (
        "temp_directory = ''",
        f"allowed_paths = [{quoted}]",
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",
        f"memory_limit = '{MEMORY}'",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")


def _refuse_writing(connection: Any, query: str) -> None:
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise QuestionError(f"Ask one statement at a time; this text has {len(statements)}.")
    kind = _kind(statements[0])
    if kind != "SELECT":
        raise QuestionError(f"The record is read-only: {kind} is not answered, SELECT is.")


def _kind(statement: Any) -> str:
    """Name of a statement's kind; some that the parser knows, its Python enumeration does not."""
    try:
        return str(statement.type.name)
    except ValueError:
        return "this statement"
