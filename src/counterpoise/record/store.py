"""Where the record lies and how a table is opened."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import polars as pl

from counterpoise import schema
from counterpoise.errors import DataError

PACKAGED = Path(__file__).parent / "tables"
CODED = Path(__file__).parent / "coded"


def folder() -> Path:
    """Folder of the tables: the one named by COUNTERPOISE_RECORD, else the packaged one."""
    chosen = os.environ.get("COUNTERPOISE_RECORD")
    return Path(chosen) if chosen else PACKAGED


def _path(name: str) -> Path:
    schema.fields(name)
    path = folder() / f"{name}.parquet"
    if not path.is_file():
        raise DataError(
            f'Table "{name}" is not in the record at {folder()}. '
            "Rebuild it: counterpoise data build --sources DIR"
        )
    return path


def scan(name: str) -> pl.LazyFrame:
    """One table, lazily; only the columns and rows that the query needs are read."""
    return pl.scan_parquet(_path(name))


@functools.cache
def table(name: str) -> pl.DataFrame:
    """One table in full, read once per process.

    Raises
    ------
    UnknownNameError : no such table.
    DataError : the table is absent or damaged.
    """
    try:
        return pl.read_parquet(_path(name))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(
            f'Table "{name}" at {folder()} cannot be read ({error}). '
            "Rebuild it: counterpoise data build --sources DIR"
        ) from None


@functools.cache
def coded(name: str) -> pl.DataFrame:
    """One hand-coded table of ours, each row with its source, checked like any other table."""
    path = CODED / f"{name}.csv"
    types = {field.name: field.dtype for field in schema.fields(name)}
    return schema.conform(name, pl.read_csv(path, schema=types))
