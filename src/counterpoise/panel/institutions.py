"""Pacts of ATOP, and shared memberships in organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.panel.reading import of_pairs, of_states
from counterpoise.panel.rows import CODES, ORIGIN, YEARS, membership
from counterpoise.panel.unrolling import by_year, unroll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from counterpoise.panel.rows import Rows

OBLIGATIONS = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")
FULL, ASSOCIATE, OBSERVER, UNCODED = 1, 2, 3, -9
"""Standings of a state in an organisation, as the Correlates of War code them."""

AT_ONCE = 1 << 16
"""Rows whose memberships are compared at once, few enough to stay in the processor's cache."""


def atop(rows: Rows) -> pl.DataFrame:
    """What the first state owes the second; in undirected pairs, what either owes the other."""
    frame = record.table("atop_dyads").with_columns(
        pl.col(OBLIGATIONS).cast(pl.Int8),
        atop_alliance=pl.any_horizontal(OBLIGATIONS).cast(pl.Int8),
    )
    owed = of_pairs("atop", "atop_dyads", frame, rows)
    if rows.directed:
        return owed
    owing = of_pairs("atop", "atop_dyads", frame, rows.swapped())
    return owed.select(pl.max_horizontal(pl.col(name), owing[name]) for name in owed.columns)


def partners(rows: Rows) -> pl.DataFrame:
    """To how many states a state owes each obligation."""
    yearly = by_year(record.table("atop_dyads"), record.coverage("atop_dyads")[1])
    frame = yearly.group_by(pl.col("ccode1").alias("ccode"), "year").agg(
        pl.col(name).sum().cast(pl.Int32).alias(f"{name}_partners") for name in OBLIGATIONS
    )
    return of_states("atop", "atop_dyads", frame, rows)


def igos(rows: Rows) -> pl.DataFrame:
    """In how many organisations both states are full or associate members."""
    found = shared("igo_memberships", (FULL, ASSOCIATE), rows).alias("dyadigos")
    return pl.DataFrame([found, _uncoded_in(rows)])


def memberships(rows: Rows) -> pl.DataFrame:
    """In how many organisations a state has each standing."""
    table = record.table("igo_memberships")
    standing = {"full": FULL, "associate": ASSOCIATE, "observer": OBSERVER}
    counts = {
        name: _count(table.filter(pl.col("status") == code)) for name, code in standing.items()
    }
    known = _count(table)
    code, year = np.nonzero(known)
    sums = {f"sum_igo_{name}": count[code, year] for name, count in counts.items()}
    frame = pl.DataFrame(
        {"ccode": code.astype(np.int32), "year": (year + ORIGIN).astype(np.int32), **sums}
    ).with_columns(sum_igo_anytype=pl.sum_horizontal(*sums))
    listed = frame.with_columns(_uncoded_in_years(frame["year"].to_numpy()).alias("igos_uncoded"))
    return of_states("igos", "igo_memberships", listed, rows)


def informal(rows: Rows) -> pl.DataFrame:
    """In how many informal organisations both states are recorded as members."""
    found = shared("informal_memberships", (FULL,), rows, listed=membership("cow"))
    return pl.DataFrame([found.alias("dyadinformal")])


def _uncoded_in(rows: Rows) -> pl.Series:
    first, last = record.coverage("igo_memberships")
    inside = pl.Series((rows.year >= first) & (rows.year <= last))
    counts = pl.DataFrame({"inside": inside, "igos_uncoded": _uncoded_in_years(rows.year)})
    return counts.select(pl.when("inside").then("igos_uncoded").alias("igos_uncoded")).to_series()


def _uncoded_in_years(year: NDArray[np.int32]) -> pl.Series:
    """How many organisations are in being and not coded for a year, which lowers the counts."""
    gaps = record.table("igo_memberships").filter(pl.col("status") == UNCODED)
    yearly = by_year(gaps.select("igo", "start_year", "end_year").unique(), ORIGIN + YEARS)
    counts = yearly.unique().group_by("year").len()
    by_place = np.zeros(YEARS, dtype=np.int32)
    by_place[counts["year"].to_numpy() - ORIGIN] = counts["len"].to_numpy()
    return pl.Series(by_place[year - ORIGIN])


def _count(runs: pl.DataFrame) -> NDArray[np.int32]:
    """Runs in force by state and year, on a grid of CODES × YEARS."""
    line = runs["ccode"].to_numpy().astype(np.int64) * (YEARS + 1) - ORIGIN
    start, after = line + runs["start_year"].to_numpy(), line + runs["end_year"].to_numpy() + 1
    size = CODES * (YEARS + 1)
    steps = np.bincount(start, minlength=size) - np.bincount(after, minlength=size)
    counts: NDArray[np.int32] = steps.reshape(CODES, YEARS + 1).cumsum(axis=1, dtype=np.int32)
    return counts[:, :YEARS]


def shared(
    table: str,
    standing: tuple[int, ...],
    rows: Rows,
    listed: NDArray[np.bool_] | None = None,
) -> pl.Series:
    """Organisations in which both states of a row have one of the standings; null for unknown.

    Parameters
    ----------
    listed : the states that the table speaks of, flat over CODES × YEARS; without it, those of
        which it has any row in the year, if only to say that they belong to nothing.
    """
    runs = record.table(table)
    known = _count(runs) > 0 if listed is None else _covered(table, listed)
    line = np.full(CODES * YEARS, known.sum(), dtype=np.int32)
    line[np.flatnonzero(known)] = np.arange(known.sum(), dtype=np.int32)
    one, two = (line[place] for place in rows.numbered("cow").places)
    words = list(_words(runs.filter(pl.col("status").is_in(standing)), line, int(known.sum())))
    count = np.zeros(rows.height, dtype=np.int32)
    for begin in range(0, rows.height, AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        for word in words:
            count[part] += np.bitwise_count(word[one[part]] & word[two[part]])
    is_known = pl.Series((one < known.sum()) & (two < known.sum()))
    return pl.select(pl.when(is_known).then(pl.Series("count", count))).to_series()


def _covered(table: str, listed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    first, last = record.coverage(table)
    years = np.arange(ORIGIN, ORIGIN + YEARS)
    covered: NDArray[np.bool_] = listed.reshape(CODES, YEARS) & (years >= first) & (years <= last)
    return covered


def _words(
    runs: pl.DataFrame, line: NDArray[np.int32], height: int
) -> Iterator[NDArray[np.uint64]]:
    """Memberships as bits, 64 bodies to a word: one word per known state-year, and 0 after them.

    Parameters
    ----------
    line : which of the ``height`` known state-years a place of the grid is, or ``height``.
    """
    bodies = runs["igo"].unique().sort()
    body = runs["igo"].replace_strict(bodies, np.arange(len(bodies)), return_dtype=pl.Int64)
    run, year = unroll(runs["start_year"].to_numpy(), runs["end_year"].to_numpy())
    place = line[runs["ccode"].to_numpy()[run] * YEARS + year - ORIGIN]
    is_member = np.zeros((height + 1, -(-len(bodies) // 64) * 64), dtype=bool)
    is_member[place, body.to_numpy()[run]] = True
    is_member[height] = False
    packed = np.packbits(is_member, axis=1).view(np.uint64)
    yield from np.ascontiguousarray(packed.T)
