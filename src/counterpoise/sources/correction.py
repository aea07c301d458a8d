"""Known errors of a source, kept as data, with a guard that fails once upstream has mended them.

``corrections/KEY.toml`` lists, per source, the cell (table, key, column), the value that the
provider prints, the value that is right, why, by what source, and whether the provider was told.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from counterpoise import schema
from counterpoise.errors import MANY, DataError, excerpt, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = bool | int | float | dt.date | str | None


class Correction(BaseModel):
    """One cell of one table, as the provider has it and as it should be.

    ``status`` says whether the provider knows: ``reported``, ``confirmed`` or ``unreported``. A
    value that the file leaves out is null.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    key: dict[str, int | dt.date | str]
    column: str
    found: Value = Field(default=None, alias="from")
    right: Value = Field(default=None, alias="to")
    reason: str
    source: str
    status: Literal["unreported", "reported", "confirmed"]

    def __str__(self) -> str:
        where = ", ".join(f"{name} {value}" for name, value in self.key.items())
        change = f"{_shown(self.found)} → {_shown(self.right)}"
        return f"{self.column} of {where}: {change} ({self.reason})"


def _shown(value: Value) -> str:
    return "unknown" if value is None else str(value)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    correction: tuple[Correction, ...]


def load(source: str) -> tuple[Correction, ...]:
    """Corrections of one source; none where it has no file.

    Raises
    ------
    DataError : the file is not a list of corrections; the message lists each fault.
    """
    folder = resources.files("counterpoise.sources").joinpath("corrections")
    path = folder.joinpath(f"{source}.toml")
    return parse(path.read_text(encoding="utf-8"), source) if path.is_file() else ()


def parse(text: str, source: str) -> tuple[Correction, ...]:
    """Corrections from the text of a file.

    Raises
    ------
    DataError : the text is not a list of corrections; the message lists each fault.
    """
    try:
        return _File.model_validate(tomllib.loads(text)).correction
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"Corrections {source}.toml: not TOML: {excerpt(error, 80)}") from None
    except ValidationError as error:
        faults = (
            f"{'.'.join(excerpt(part, 30) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise DataError(f"Corrections {source}.toml: {spelled(faults, MANY)}") from None


def apply(table: str, frame: pl.DataFrame, corrections: Iterable[Correction]) -> pl.DataFrame:
    """Put the right values into a conformed table.

    Raises
    ------
    DataError : a cell is not there, or no longer holds the wrong value that it is mended from.
    """
    for item in corrections:
        if item.table == table:
            frame = _mend(frame, item)
    return frame


def _mend(frame: pl.DataFrame, item: Correction) -> pl.DataFrame:
    row = pl.all_horizontal(*[pl.col(name) == value for name, value in item.key.items()])
    cells = frame.filter(row)[item.column].to_list() if _knows(frame, item) else []
    if len(cells) != 1:
        raise DataError(f"Correction of {item.table}, {item}: {len(cells)} such rows, expected 1")
    if cells[0] != item.found:
        raise DataError(
            f"Correction of {item.table}, {item}: expected {_shown(item.found)}, "
            f"found {_shown(cells[0])}. "
            "If upstream has mended it, remove the correction"
        )
    dtype = frame.schema[item.column]
    value = pl.when(row).then(pl.lit(item.right, dtype)).otherwise(pl.col(item.column))
    return schema.conform(item.table, frame.with_columns(value.alias(item.column)))


def _knows(frame: pl.DataFrame, item: Correction) -> bool:
    return {item.column, *item.key} <= set(frame.columns)
