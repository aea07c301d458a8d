"""What the record holds: every table with its source, release, licence, coverage and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise import schema
from counterpoise.record.manifest import manifest
from counterpoise.record.store import table

if TYPE_CHECKING:
    from counterpoise.record.manifest import TableEntry

BOUNDS = (("year", "year"), ("start_year", "end_year"), ("start", "end"))
"""Columns that date the rows of a table, in the order in which they are looked for."""


def status() -> pl.DataFrame:
    """One row per table of the record.

    Returns
    -------
    Columns table, source, release, licence, embed, first_year, last_year, rows, bytes, gaps
    (years inside the coverage without a row), unmatched (names that the build could not place)
    and corrected (values that it put right). Years are null for tables without years.
    """
    known = manifest()
    lines = []
    for name, entry in known.tables.items():
        held = [known.sources[key] for key in entry.sources]
        lines.append(
            {
                "table": name,
                "source": "; ".join(s.title for s in held),
                "release": "; ".join(s.release for s in held),
                "licence": "; ".join(dict.fromkeys(s.licence for s in held)),
                "embed": max((s.embed for s in held), key=("yes", "ask", "no").index),
                "first_year": entry.first_year,
                "last_year": entry.last_year,
                "rows": entry.rows,
                "bytes": entry.bytes,
                "gaps": gaps(name),
                "unmatched": sum(len(known.unmatched.get(key, ())) for key in entry.sources),
                "corrected": len(known.corrected.get(name, ())),
            }
        )
    return pl.DataFrame(lines, schema_overrides={"gaps": pl.List(pl.Int32)})


def gaps(name: str) -> list[int]:
    """Years inside a table's coverage for which it holds no row, such as 1964 without UN votes.

    None for a table of events, in which a year without a row is a year without an event.
    """
    if not all(_is_unit(column) for column in schema.key(name)):
        return []
    years = coverage_by_year(name)
    return years.filter(pl.col("rows") == 0)["year"].to_list()


def _is_unit(column: str) -> bool:
    """Does a key column name a state or a year, rather than an event?"""
    return column.rstrip("12") in {"ccode", "gwcode", "year", "start_year", "start"}


def coverage_by_year(*names: str) -> pl.DataFrame:
    """Rows in force in each year that each table covers, for a picture of the coverage.

    Parameters
    ----------
    names : tables; by default every table that has years.

    Returns
    -------
    Columns table, year, rows, and share: the rows of the year over those of the table's fullest
    year, in [0, 1].
    """
    entries = manifest().tables
    chosen = {name: entries[name] for name in names or entries}
    frames = [_by_year(n, entry) for n, entry in chosen.items() if entry.last_year is not None]
    if not frames:
        types = {"table": pl.String, "year": pl.Int32, "rows": pl.Int64}
        return pl.DataFrame(schema=types | {"share": pl.Float64})
    most = pl.col("rows").max().over("table")
    return pl.concat(frames).with_columns(share=pl.col("rows") / pl.when(most > 0).then(most))


def _by_year(name: str, entry: TableEntry) -> pl.DataFrame:
    """Rows of one table by year, those of a spell in each year that it touches."""
    assert entry.first_year is not None
    assert entry.last_year is not None
    first, last = pl.lit(entry.first_year), pl.lit(entry.last_year)
    every = pl.DataFrame(
        {"year": pl.int_range(entry.first_year, entry.last_year + 1, dtype=pl.Int32, eager=True)}
    )
    columns = [field.name for field in schema.fields(name)]
    bounds = next((pair for pair in BOUNDS if pair[0] in columns), None)
    if bounds is None:
        return every.select(pl.lit(name).alias("table"), "year", rows=pl.lit(0, pl.Int64)).clear()
    begin = _year(name, bounds[0])
    # Events that only have a beginning are counted in its year.
    end = _year(name, bounds[1]).fill_null(last) if bounds[1] in columns else begin
    spells = (
        table(name)
        .select(begin=pl.max_horizontal(begin, first), end=pl.min_horizontal(end, last))
        .filter(pl.col("begin") <= pl.col("end"))
    )
    entering = spells.group_by(year="begin").agg(change=pl.len().cast(pl.Int64))
    leaving = spells.group_by(year=pl.col("end") + 1).agg(change=-pl.len().cast(pl.Int64))
    changes = (
        pl.concat([entering, leaving])
        .group_by(pl.col("year").cast(pl.Int32))
        .agg(pl.col("change").sum())
    )
    return every.join(changes, on="year", how="left", maintain_order="left").select(
        pl.lit(name).alias("table"),
        "year",
        rows=pl.col("change").fill_null(0).cum_sum(),
    )


def _year(name: str, column: str) -> pl.Expr:
    dates = {field.name for field in schema.fields(name) if field.type == "date"}
    value = pl.col(column).dt.year() if column in dates else pl.col(column)
    return value.cast(pl.Int32)
