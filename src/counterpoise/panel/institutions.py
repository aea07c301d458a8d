"""Pacts of ATOP, and shared memberships in organisations."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.panel.reading import of_pairs, of_states
from counterpoise.panel.rows import CODES, ORIGIN, YEARS
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.panel.rows import Rows

OBLIGATIONS = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")
FULL, ASSOCIATE, OBSERVER, UNCODED = 1, 2, 3, -9
"""Standings of a state in an organisation, as the Correlates of War code them."""


def atop(rows: Rows) -> pl.DataFrame:
    """What the first state owes the second; in undirected pairs, what either owes the other."""
    frame = record.table("atop_dyads").with_columns(pl.col(OBLIGATIONS).cast(pl.Int8))
    owed = of_pairs("atop", "atop_dyads", frame, rows)
    if rows.directed:
        return owed
    owing = of_pairs("atop", "atop_dyads", frame, rows.swapped())
    return owed.select(pl.max_horizontal(pl.col(name), owing[name]) for name in OBLIGATIONS)


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
    """In how many informal organisations both states are members."""
    return pl.DataFrame([shared("informal_memberships", (FULL,), rows).alias("dyadinformal")])


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


@dataclass(frozen=True, eq=False)
class _Standing:
    """Shared memberships of all pairs of all years, laid flat one year after the other.

    ``rank`` is a state's place among the states known in a year (-1 for unknown), flat over
    CODES × YEARS; the cell of a pair is ``offset[year] + rank × size[year] + rank``.
    """

    rank: NDArray[np.int32]
    offset: NDArray[np.int64]
    size: NDArray[np.int32]
    cells: NDArray[np.int32]


def shared(table: str, standing: tuple[int, ...], rows: Rows) -> pl.Series:
    """Organisations in which both states of a row have one of the standings; null for unknown.

    A state is known in a year when the table has any row of it, if only to say that it belongs to
    nothing.
    """
    found = _all_pairs(table, standing)
    numbered = rows.numbered("cow")
    one, two = (found.rank[place] for place in numbered.places)
    year = numbered.year - ORIGIN
    known = (one >= 0) & (two >= 0)
    cell = np.where(known, found.offset[year] + one * found.size[year] + two, 0)
    counts = pl.DataFrame({"known": known, "count": found.cells[cell]})
    return counts.select(pl.when("known").then("count")).to_series()


def _all_pairs(table: str, standing: tuple[int, ...]) -> _Standing:
    runs = record.table(table)
    known = _count(runs) > 0
    size = known.sum(axis=0).astype(np.int32)
    rank = np.where(known, known.cumsum(axis=0) - 1, -1).astype(np.int32)
    offset = np.concatenate([[0], np.cumsum(size.astype(np.int64) ** 2)])
    cells = np.zeros(max(int(offset[-1]), 1), dtype=np.int32)
    members = _by_year(runs.filter(pl.col("status").is_in(standing)), rank)
    for year, (place, body) in members.items():
        matrix = np.zeros((size[year], body.max() + 1), dtype=np.float32)
        matrix[place, body] = 1
        cells[offset[year] : offset[year + 1]] = (matrix @ matrix.T).ravel()
    return _Standing(rank.ravel(), offset[:-1], size, cells)


def _by_year(
    runs: pl.DataFrame, rank: NDArray[np.int32]
) -> dict[int, tuple[NDArray[np.int32], NDArray[np.int64]]]:
    """For each year: the places of members among its states, and the numbers of the bodies."""
    bodies = runs.select("igo").unique().sort("igo").with_row_index("body")
    numbered = runs.select("ccode", "igo", "start_year", "end_year").join(bodies, on="igo")
    yearly = by_year(numbered, ORIGIN + YEARS).sort("year")
    code, year, body = (yearly[name].to_numpy() for name in ("ccode", "year", "body"))
    place = rank[code, year - ORIGIN]
    edges = np.searchsorted(year, np.arange(ORIGIN, ORIGIN + YEARS + 1))
    return {
        y: (place[a:b], np.unique(body[a:b], return_inverse=True)[1])
        for y, (a, b) in enumerate(itertools.pairwise(edges))
        if b > a
    }
