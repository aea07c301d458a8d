"""The columns of each set that a panel can get, as ``columns.csv`` has them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Literal

import polars as pl

from counterpoise import schema

if TYPE_CHECKING:
    from counterpoise.schema import Field

Level = Literal["state", "pair"]
Over = Literal["sum", "mean", "share", "min", "max", "none"]


@dataclass(frozen=True)
class Column:
    """One column of a set.

    Parameters
    ----------
    level : is it known of a state and year, or of a pair of states and year?
    source : field of the record that it is taken or computed from.
    is_copy : are its values the field's own, or computed from them?
    absent : what a row that the table lacks means inside its years.
    over : how it is drawn together over the members of a bloc, or over their pairs.
    """

    add: str
    level: Level
    name: str
    source: Field
    is_copy: bool
    absent: Literal["zero", "null"]
    over: Over
    unit: str
    description: str

    @property
    def missing(self) -> str:
        """What a null means."""
        outside = f"outside the years of {self.source.table}"
        if self.absent == "zero":
            return outside
        inside = self.source.missing
        return f"{inside}; {outside}" if inside not in ("", "never") else f"no row; {outside}"

    @property
    def codes(self) -> dict[int, str]:
        """Meaning of each code, where the description lists them as "1 land; 2 water"."""
        found = re.findall(r"(?:^|[:;,] )(\d+) ([^;:]+)(?=;|$)", self.description)
        return {int(code): text.strip() for code, text in found} if len(found) > 1 else {}


@functools.cache
def _all() -> dict[tuple[str, str], tuple[Column, ...]]:
    path = resources.files("counterpoise.panel").joinpath("columns.csv")
    frame = pl.read_csv(path.read_bytes(), infer_schema_length=0, empty_string_is_null=False)
    found: dict[tuple[str, str], list[Column]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault((row["add"], row["level"]), []).append(_column(row))
    return {key: tuple(columns) for key, columns in found.items()}


def _column(row: dict[str, str]) -> Column:
    table, _, name = row["field"].partition(".")
    source = next(field for field in schema.fields(table) if field.name == name)
    is_copy = not row["description"]
    text = {k: row[k] or getattr(source, k) for k in ("unit", "description")}
    kept = {k: row[k] for k in ("add", "level", "name", "absent", "over")}
    return Column(**kept, **text, source=source, is_copy=is_copy)  # type: ignore[arg-type]


def columns(add: str, level: Level) -> tuple[Column, ...]:
    """Columns that a set gives of a state, or of a pair of states."""
    return _all().get((add, level), ())


def zeros(add: str, level: Level) -> frozenset[str]:
    """Names of the columns in which an absent row means zero."""
    return frozenset(c.name for c in columns(add, level) if c.absent == "zero")
