"""Where the record lies and how a table is opened."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from pathlib import Path

import polars as pl

from counterpoise import schema
from counterpoise.errors import DataError

PACKAGED = Path(__file__).parent / "tables"
CODED = Path(__file__).parent / "coded"
REMEDY = "Rebuild it: counterpoise data build --sources DIR"


def folder() -> Path:
    """Folder of the tables: the one named by COUNTERPOISE_RECORD, else the packaged one."""
    chosen = os.environ.get("COUNTERPOISE_RECORD")
    return Path(chosen) if chosen else PACKAGED


def path(name: str) -> Path:
    """File of a table, whose bytes are those that the manifest declares.

    Raises
    ------
    UnknownNameError : no such table.
    DataError : the table is absent or damaged.
    """
    schema.fields(name)
    place = folder() / f"{name}.parquet"
    if not place.is_file():
        raise DataError(f'Table "{name}" is not in the record at {folder()}. {REMEDY}')
    seen = place.stat()
    if not _is_whole(place, seen.st_size, seen.st_mtime_ns):
        raise DataError(
            f'Table "{name}" at {folder()} cannot be read (its bytes are not those that the '
            f"manifest declares). {REMEDY}"
        )
    return place


@functools.cache
def _is_whole(place: Path, size: int, changed: int) -> bool:
    """Does a file hash as declared? Libraries may crash on a damaged one, so it is asked first."""
    with place.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return found == _declared(place.parent).get(place.stem)


def _declared(place: Path) -> dict[str, str]:
    """Hash of each table, from the manifest; its whole form is checked where it is read."""
    try:
        tables = json.loads((place / "manifest.json").read_bytes())["tables"]
        return {name: entry["sha256"] for name, entry in tables.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataError(
            f"The record's manifest at {place} cannot be read ({error}). {REMEDY}"
        ) from None


def scan(name: str) -> pl.LazyFrame:
    """One table, lazily; only the columns and rows that the query needs are read.

    Raises
    ------
    UnknownNameError, DataError : as :func:`path`.
    """
    return pl.scan_parquet(path(name))


@functools.cache
def table(name: str) -> pl.DataFrame:
    """One table in full, read once per process.

    Raises
    ------
    UnknownNameError, DataError : as :func:`path`.
    """
    place = path(name)
    try:
        return pl.read_parquet(place)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(
            f'Table "{name}" at {folder()} cannot be read ({error}). {REMEDY}'
        ) from None


@functools.cache
def coded(name: str) -> pl.DataFrame:
    """One hand-coded table of ours, each row with its source, checked like any other table."""
    path = CODED / f"{name}.csv"
    types = {field.name: field.dtype for field in schema.fields(name)}
    return schema.conform(name, pl.read_csv(path, schema=types))
