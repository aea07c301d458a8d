"""The data dictionary, and the check of a table against it.

``fields.csv`` has one row per column of each table: the table, the column's name, type, unit,
range, the meaning of a missing value, whether it belongs to the table's key, a description and
the key of its source. The build checks every table against it, the reference prints it, and
exports take their labels from it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import polars as pl

from counterpoise.errors import DataError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

DataType = type[pl.DataType] | pl.DataType

TYPES: dict[str, DataType] = {
    "int": pl.Int32,
    "int16": pl.Int16,
    "int8": pl.Int8,
    "float": pl.Float64,
    "str": pl.String,
    "bool": pl.Boolean,
    "date": pl.Date,
}


@dataclass(frozen=True)
class Field:
    """One column of one table, as the data dictionary has it."""

    table: str
    name: str
    type: str
    unit: str
    minimum: float | None
    maximum: float | None
    missing: str
    is_key: bool
    description: str
    source: str

    @property
    def dtype(self) -> DataType:
        """The Polars type that holds this column."""
        return TYPES[self.type]


@functools.cache
def _dictionary() -> dict[str, tuple[Field, ...]]:
    path = resources.files("counterpoise").joinpath("fields.csv")
    frame = pl.read_csv(path.read_bytes(), infer_schema_length=0, empty_string_is_null=False)
    tables: dict[str, list[Field]] = {}
    for row in frame.iter_rows(named=True):
        tables.setdefault(row["table"], []).append(_field(row))
    return {name: tuple(rows) for name, rows in tables.items()}


def _field(row: dict[str, str]) -> Field:
    return Field(
        table=row["table"],
        name=row["name"],
        type=row["type"],
        unit=row["unit"],
        minimum=float(row["minimum"]) if row["minimum"] else None,
        maximum=float(row["maximum"]) if row["maximum"] else None,
        missing=row["missing"],
        is_key=row["key"] == "yes",
        description=row["description"],
        source=row["source"],
    )


def tables() -> tuple[str, ...]:
    """Names of all tables in the dictionary, sorted."""
    return tuple(sorted(_dictionary()))


def fields(table: str) -> tuple[Field, ...]:
    """Columns of one table in their order.

    Raises
    ------
    UnknownNameError : the dictionary has no such table.
    """
    try:
        return _dictionary()[table]
    except KeyError:
        listed = ", ".join(tables())
        raise UnknownNameError(f'Unknown table "{table}". There are: {listed}') from None


def key(table: str) -> list[str]:
    """Columns whose values together name one row of the table."""
    return [field.name for field in fields(table) if field.is_key]


def conform(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Cast a frame to the declared columns, order and types, sort it by its key and check it.

    Raises
    ------
    DataError : lists everything that does not fit, not only the first thing.
    """
    declared = fields(table)
    _check_columns(table, frame, [f.name for f in declared])
    exact = frame.select([pl.col(f.name).cast(f.dtype) for f in declared])
    problems = list(_inexact(frame, exact))
    frame = exact.sort(key(table))
    problems += _problems(table, frame)
    if problems:
        raise DataError(f"Table {table} does not fit the data dictionary: " + "; ".join(problems))
    return frame


def _check_columns(table: str, frame: pl.DataFrame, declared: list[str]) -> None:
    absent = [name for name in declared if name not in frame.columns]
    extra = [name for name in frame.columns if name not in declared]
    if absent or extra:
        raise DataError(f"Table {table}: columns missing {absent}, columns not declared {extra}")


def _inexact(given: pl.DataFrame, cast: pl.DataFrame) -> Iterator[str]:
    """Columns that the declared type cannot hold exactly, such as 2.5 in an integer."""
    for column in cast:
        before = given[column.name]
        if before.dtype == column.dtype or not before.dtype.is_numeric():
            continue
        changed = int((column.cast(before.dtype) != before).sum())
        if changed:
            yield f"{column.name} is {column.dtype} and cannot hold {changed} of its values"


def _problems(table: str, frame: pl.DataFrame) -> Iterator[str]:
    keys = key(table)
    repeated = frame.height - frame.select(pl.struct(keys).n_unique()).item() if frame.height else 0
    if repeated:
        yield f"{repeated} rows repeat the key {keys}"
    for field in fields(table):
        yield from _column_problems(field, frame[field.name])


def _column_problems(field: Field, column: pl.Series) -> Iterator[str]:
    if field.missing == "never" and column.null_count():
        yield f"{field.name} has {column.null_count()} nulls and is never missing"
    if column.dtype.is_float() and column.is_nan().any():
        yield f"{field.name} holds NaN; a missing value is null"
    if field.minimum is not None and (column < field.minimum).any():
        yield f"{field.name} falls to {column.min()!r}, below {field.minimum:g}"
    if field.maximum is not None and (column > field.maximum).any():
        yield f"{field.name} rises to {column.max()!r}, above {field.maximum:g}"
