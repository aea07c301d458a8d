"""Events read by machines from the news, reduced from files of any size to dyads by month.

GDELT and ICEWS list one event per line: who did what to whom, by the CAMEO scheme. Polars reads
the files in a stream, from a disk or an object store, so memory holds dyads and months, not events.
Sums are taken in whole tenths of the Goldstein scale: they do not depend on the order of the rows.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from counterpoise import states
from counterpoise.errors import DataError, QuestionError, excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterpoise.states import By

Kind = Literal["gdelt", "icews"]

QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
"""The four classes of CAMEO, numbered from 1 as GDELT does."""

GDELT_PLACES = {"date": 1, "actor1": 7, "actor2": 17, "quad": 29, "goldstein": 30}
"""Columns of a GDELT event file, which has no header, counted from 0; the same in 1.0 and 2.0."""

ICEWS_NAMES = {
    "date": "Event Date",
    "actor1": "Source Country",
    "actor2": "Target Country",
    "code": "CAMEO Code",
    "goldstein": "Intensity",
}

LAST_ROOTS = (5, 8, 13, 20)
"""Last root of CAMEO in each class: 01 to 05 are cooperation by word, 06 to 08 by deed, …"""

OLD_CODES = {"ROM": "ROU"}
"""CAMEO's codes of states that are not ISO's (GDELT event codebook 2.0, 2015; not checked)."""

CELL = ("actor1", "actor2", "when")
BATCH = 500_000
"""Events summed at once."""

SCHEMA: dict[str, type[pl.DataType]] = {
    "ccode1": pl.Int16,
    "ccode2": pl.Int16,
    "year": pl.Int16,
    "month": pl.Int8,
    "events": pl.Int64,
    **dict.fromkeys(QUADS, pl.Int64),
    "goldstein": pl.Float64,
    **dict.fromkeys((f"{name}_share" for name in QUADS), pl.Float64),
}
"""Columns of the answer; ``goldstein`` is a mean, from −10 (conflict) to 10 (cooperation)."""


@dataclass(frozen=True, eq=False)
class EventMonths:
    """Events between states by directed dyad and month.

    Attributes
    ----------
    frame : columns as in ``SCHEMA``; dyads without an event in a month have no row. Means and
        shares are null where no event of the cell has a score or a class.
    unmatched : one row per actor that is no state of the time: code, first and last year, events.
    read : events by what became of them: ``kept``, ``undated``, ``without an actor``, ``inside one
        state``, ``unmatched``. They sum to the rows of the files.
    """

    frame: pl.DataFrame
    unmatched: pl.DataFrame
    read: Mapping[str, int]


def event_months(
    paths: str | Path | Sequence[str | Path],
    kind: Kind = "gdelt",
    storage_options: Mapping[str, str] | None = None,
) -> EventMonths:
    """Reduce event files to counts, mean Goldstein score and classes by directed dyad and month.

    Parameters
    ----------
    paths : tab-separated files, plain or compressed by gzip or zstandard; patterns such as
        ``events/*.csv`` and addresses of object stores such as ``s3://bucket/events/*`` are read.
    kind : ``gdelt`` (event tables 1.0 and 2.0, states by CAMEO code) or ``icews`` (by name).
    storage_options : keys and addresses of the object store, as Polars takes them.

    Raises
    ------
    DataError : no such file, or it is not of that form.
    QuestionError : no file is named, or no such kind.
    """
    listed = [str(p) for p in ([paths] if isinstance(paths, str | Path) else paths)]
    if not listed or kind not in ("gdelt", "icews"):
        raise QuestionError("Name at least one file, and gdelt or icews as its kind.")
    try:
        cells = _cells(_scan(listed, kind, storage_options), kind)
    except (pl.exceptions.PolarsError, OSError) as error:
        # What an object store or a disk says is needed whole; what Polars says repeats the file.
        why = excerpt(error, 300 if isinstance(error, OSError) else 80)
        raise DataError(f"{', '.join(listed[:3])} cannot be read as {kind}: {why}") from None
    return _matched(cells, "iso3" if kind == "gdelt" else "any")


def _scan(paths: list[str], kind: Kind, options: Mapping[str, str] | None) -> pl.LazyFrame:
    """The columns that count, as text; nothing is read yet."""
    rows = pl.scan_csv(
        paths,
        separator="\t",
        has_header=kind == "icews",
        quote_char=None,
        infer_schema=False,
        encoding="utf8-lossy",
        truncate_ragged_lines=True,
        storage_options=dict(options) if options else None,
    )
    there = rows.collect_schema().names()
    chosen = ICEWS_NAMES
    if kind == "gdelt":
        if len(there) <= max(GDELT_PLACES.values()):
            raise DataError(f"{paths[0]} has {len(there)} columns; an event table of GDELT has 58.")
        chosen = {name: there[place] for name, place in GDELT_PLACES.items()}
    return rows.select(**{name: pl.col(column) for name, column in chosen.items()})


def _cells(rows: pl.LazyFrame, kind: Kind) -> pl.DataFrame:
    """Events, tenths of Goldstein points and classes by actors' codes and month, in a stream."""
    day = pl.col("date").str.strip_chars().str.replace_all("-", "", literal=True)
    tenths = (pl.col("goldstein").cast(pl.Float64, strict=False) * 10).round()
    quad = pl.col("quad").cast(pl.Int8, strict=False) if kind == "gdelt" else _quad()
    typed = rows.select(
        actor1=pl.col("actor1").str.strip_chars(),
        actor2=pl.col("actor2").str.strip_chars(),
        when=pl.when(day.str.len_bytes() == 8)
        .then(day.str.to_date("%Y%m%d", strict=False))
        .dt.truncate("1mo"),
        quad=quad,
        tenths=pl.when(tenths.abs() <= 100).then(tenths).cast(pl.Int64),
    )
    return _summed(typed)


def _summed(typed: pl.LazyFrame) -> pl.DataFrame:
    """Sums by cell, batch by batch.

    Polars' own grouping of a stream sets aside what its small table does not hold, and with many
    cells that grows with the rows. Batches are summed one by one and their sums joined instead.
    """
    found, waiting, rows = _counted(typed.head(0).collect()), [], 0
    for batch in typed.collect_batches(chunk_size=BATCH, engine="streaming"):
        waiting.append(_counted(batch))
        rows += waiting[-1].height
        if rows > max(BATCH, found.height):
            found, waiting, rows = _joined([found, *waiting]), [], 0
    return _joined([found, *waiting])


def _counted(events: pl.DataFrame) -> pl.DataFrame:
    quads = ((pl.col("quad") == k).sum().cast(pl.Int64).alias(n) for k, n in enumerate(QUADS, 1))
    return events.group_by(CELL).agg(
        pl.len().cast(pl.Int64).alias("events"),
        pl.col("tenths").sum(),
        pl.col("tenths").count().cast(pl.Int64).alias("scored"),
        *quads,
    )


def _joined(sums: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(sums).group_by(CELL).agg(pl.col("events", "tenths", "scored", *QUADS).sum())


def _quad() -> pl.Expr:
    """Class of a CAMEO code from its root, the first two digits."""
    root = pl.col("code").str.strip_chars().str.slice(0, 2).cast(pl.Int8, strict=False)
    found: Any = pl.when(root < 1).then(None)
    for number, last in enumerate(LAST_ROOTS, 1):
        found = found.when(root <= last).then(number)
    classed: pl.Expr = found.otherwise(None).cast(pl.Int8)
    return classed


def _matched(cells: pl.DataFrame, by: By) -> EventMonths:
    """Codes to COW numbers as of each month; what finds no state is reported."""
    total = int(cells["events"].sum())
    dated = cells.drop_nulls("when").with_columns(
        pl.col(side).replace("", None).alias(side) for side in ("actor1", "actor2")
    )
    acted = dated.drop_nulls(["actor1", "actor2"])
    numbers = _numbers(acted, by)
    coded = acted
    for side in (1, 2):
        one = numbers.rename({"actor": f"actor{side}", "ccode": f"ccode{side}"})
        coded = coded.join(one, on=[f"actor{side}", "when"], how="left", validate="m:1")
    known = coded.drop_nulls(["ccode1", "ccode2"])
    between = known.filter(pl.col("ccode1") != pl.col("ccode2"))
    counts = [int(part["events"].sum()) for part in (dated, acted, known, between)]
    read = {
        "kept": counts[3],
        "undated": total - counts[0],
        "without an actor": counts[0] - counts[1],
        "unmatched": counts[1] - counts[2],
        "inside one state": counts[2] - counts[3],
    }
    return EventMonths(_frame(between), _unmatched(coded), read)


def _numbers(acted: pl.DataFrame, by: By) -> pl.DataFrame:
    """COW number of each actor in each month; null for one that was no state at its end."""
    sides = [acted.select("when", actor=side) for side in ("actor1", "actor2")]
    pairs = pl.concat(sides).unique().sort("actor", "when")
    names = pairs["actor"].replace(OLD_CODES) if by == "iso3" else pairs["actor"]
    found = states.names().find_all(names, pairs["when"].dt.year(), by)
    alive = [
        code if code is not None and code in states.standing(_last_day(when)) else None
        for code, when in zip(found, pairs["when"], strict=True)
    ]
    return pairs.with_columns(ccode=pl.Series(alive, dtype=pl.Int16))


def _last_day(when: dt.date) -> dt.date:
    return when.replace(day=calendar.monthrange(when.year, when.month)[1])


def _frame(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of the same states and month joined, with means and shares."""
    sums = cells.group_by(
        "ccode1", "ccode2", year=pl.col("when").dt.year(), month=pl.col("when").dt.month()
    ).agg(pl.col("events", "tenths", "scored", *QUADS).sum())
    classed = pl.sum_horizontal(QUADS)
    means = pl.when(pl.col("scored") > 0).then(pl.col("tenths") / (10 * pl.col("scored")))
    shares = {f"{name}_share": pl.when(classed > 0).then(pl.col(name) / classed) for name in QUADS}
    found = sums.with_columns(goldstein=means, **shares).select(
        pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()
    )
    return found.sort("year", "month", "ccode1", "ccode2")


def _unmatched(coded: pl.DataFrame) -> pl.DataFrame:
    """Actors that were no state, with their years and events, the most frequent first."""
    sides = [
        coded.filter(pl.col(f"ccode{k}").is_null()).select("when", "events", actor=f"actor{k}")
        for k in (1, 2)
    ]
    return (
        pl.concat(sides)
        .group_by("actor")
        .agg(
            first_year=pl.col("when").dt.year().min(),
            last_year=pl.col("when").dt.year().max(),
            events=pl.col("events").sum(),
        )
        .sort("events", "actor", descending=[True, False])
    )
