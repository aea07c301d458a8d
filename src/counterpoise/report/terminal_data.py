"""The record's state for a terminal: tables, blocs, rows of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from rich.console import RenderableType

MOST_ROWS = 200
"""Rows of a query shown on a terminal; the rest is counted."""


def status(frame: pl.DataFrame) -> RenderableType:
    """One row per table: source, release, years, rows, gaps, licence."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("Table", "Source", "Release", "Years", "Rows", "Gaps", "Unplaced", "Licence"):
        right = title in ("Rows", "Unplaced")
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    for row in frame.iter_rows(named=True):
        table.add_row(
            row["table"],
            row["source"],
            row["release"],
            _years(row),
            f"{row['rows']:,}",
            _gaps(row["gaps"]),
            str(row["unmatched"] or ""),
            row["licence"],
        )
    total = sum(frame["bytes"].to_list()) / 1e6
    note = f"{frame.height} tables, {total:.1f} MB. Unplaced: names that no state answers to."
    return Group(table, Text(note, "dim"))


def _years(row: Mapping[str, Any]) -> str:
    return f"{row['first_year']}–{row['last_year']}" if row["first_year"] else ""


def _gaps(years: Sequence[int] | None) -> str:
    if not years:
        return ""
    return ", ".join(map(str, years)) if len(years) <= 4 else f"{len(years)} years"


def blocs(listed: Sequence[Mapping[str, Any]]) -> RenderableType:
    """One row per bloc: key, name and years."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in listed[0]:
        table.add_column(str(title), overflow="fold")
    for row in listed:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    return table


def rows(frame: pl.DataFrame) -> RenderableType:
    """The first rows of a result; null is blank."""
    table = Table(box=box.SIMPLE_HEAD)
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in frame.head(MOST_ROWS).iter_rows():
        table.add_row(*("" if value is None else str(value) for value in row))
    hidden = frame.height - MOST_ROWS
    note = f"{frame.height:,} rows" + (f", {hidden:,} not shown: use --out" if hidden > 0 else "")
    return Group(table, Text(note, "dim"))
