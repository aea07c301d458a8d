"""What many groups do beside signing: exercises, spending, quarrels, others' forces on their soil.

The same rules as in ``measures.exercises``, ``arming``, ``tension`` and ``presence``, for groups
given as rows of 0 and 1 over states, the last column of which stands for nobody.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.measures import year_arrays
from counterpoise.measures.tension import WINDOW as TENSION_WINDOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.presence import Hosts

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

WINDOW = 5
"""Years over which exercises are counted."""


@functools.cache
def _exercises() -> pl.DataFrame:
    """Participants of every exercise: exercise_id, start_year, ccode."""
    exercises = record.table("exercises").select("exercise_id", "start_year")
    joined = record.table("exercise_participants").select("exercise_id", "ccode")
    return joined.join(exercises, on="exercise_id", how="inner", validate="m:1").unique()


def took_part(codes: Sequence[int], year: int) -> tuple[Flags, dict[int, Flags]] | None:
    """Who took part in the exercises of the five years to ``year``; None outside coverage.

    Returns
    -------
    (n + 1, exercises) booleans over ``codes``, and by state whether it took part in each.
    """
    first, last = record.coverage("exercises")
    if year - WINDOW + 1 < first or year > last:
        return None
    rows = _exercises().filter(pl.col("start_year").is_between(year - WINDOW + 1, year))
    numbers = {e: k for k, e in enumerate(rows["exercise_id"].unique().sort())}
    by_state = {c: np.zeros(len(numbers), dtype=bool) for c in rows["ccode"].unique()}
    for exercise, code in rows.select("exercise_id", "ccode").iter_rows():
        by_state[code][numbers[exercise]] = True
    matrix = np.zeros((len(codes) + 1, len(numbers)), dtype=bool)
    for i, code in enumerate(codes):
        if code in by_state:
            matrix[i] = by_state[code]
    return matrix, by_state


def exercises(
    mask: Array, codes: Sequence[int], target: int, year: int
) -> tuple[Array, Array] | None:
    """Exercises in which two members took part: without the target, and with it; (groups,) each."""
    found = took_part(codes, year)
    if found is None:
        return None
    matrix, by_state = found
    joint = mask.astype(np.float32) @ matrix.astype(np.float32) >= 2
    with_target = by_state.get(target, np.zeros(joint.shape[1], dtype=bool))
    total, shared = joint.sum(axis=1), joint[:, with_target].sum(axis=1)
    return (total - shared).astype(float), shared.astype(float)


def quarrels(codes: Sequence[int], year: int) -> Flags | None:
    """Which pairs of states quarrel: a dispute within five years, or a rivalry.

    Returns
    -------
    (n + 1, n + 1) symmetric booleans; None where disputes do not cover the years.
    """
    first, last = record.coverage("dispute_dyads")
    if year - TENSION_WINDOW + 1 < first or year > last:
        return None
    years = pl.col("year").is_between(year - TENSION_WINDOW + 1, year)
    disputes = record.table("dispute_dyads").filter(years).select("ccode1", "ccode2")
    spells = (pl.col("start_year") <= year) & (pl.col("end_year") >= year)
    rivals = record.table("rivalries").filter(spells).select("ccode1", "ccode2")
    place = {code: i for i, code in enumerate(codes)}
    found = np.zeros((len(codes) + 1, len(codes) + 1), dtype=bool)
    for one, two in (*disputes.iter_rows(), *rivals.iter_rows()):
        if one in place and two in place:
            found[place[one], place[two]] = found[place[two], place[one]] = True
    return found


def penetration(mask: Array, codes: Sequence[int], power: Array, hosts: Hosts) -> Array:
    """Power share of members that host the target's forces; NaN where the list may miss some."""
    held = mask @ (np.nan_to_num(power) * _among(hosts.codes, codes))
    lacking = (mask @ np.isnan(power) > 0) | (mask @ _among(hosts.unknown, codes) > 0)
    total = np.where(lacking | (not hosts.is_complete), np.nan, mask @ np.nan_to_num(power))
    return np.divide(held, total, out=np.full_like(held, np.nan), where=total > 0)


def _among(chosen: frozenset[int], codes: Sequence[int]) -> Array:
    """1 for the states of ``codes`` that are chosen, 0 for others and in the last place."""
    flags = np.zeros(len(codes) + 1)
    flags[:-1] = np.isin(codes, list(chosen))
    return flags


@functools.cache
def _real() -> dict[int, Array]:
    """Military spending in constant dollars and GDP by year: (states, 2), NaN unless both known."""
    spent = pl.col("gdp_usd2015") * pl.col("milex_gdp_pct") / 100
    frame = record.table("wdi").select("ccode", "year", spent.alias("spent"), "gdp_usd2015")
    return _by_year(frame.drop_nulls(), 2)


@functools.cache
def _world_shares() -> dict[int, Array]:
    frame = record.table("nmc").select("ccode", "year", "milex_kusd").drop_nulls()
    share = pl.col("milex_kusd") / pl.col("milex_kusd").sum().over("year")
    return _by_year(frame.select("ccode", "year", share), 1)


def _by_year(frame: pl.DataFrame, width: int) -> dict[int, Array]:
    years: dict[int, Array] = {}
    for code, year, *values in frame.iter_rows():
        blank = np.full((len(year_arrays.every_state()), width), np.nan)
        years.setdefault(year, blank)[year_arrays.places([code])[0]] = values
    return years


@functools.cache
def _breaks() -> tuple[tuple[int, int], ...]:
    return tuple(record.coded("series_breaks").select("ccode", "year").iter_rows())


def military_growth(
    mask: Array, codes: Sequence[int], target: int, year: int, window: int
) -> Array:
    """Log growth per year of the members' joint military effort over a window; NaN if unknown.

    Real spending where every member has it in both years, else the share of world spending; the
    latter is unknown where a series was measured anew within the window.
    """
    real = _growth(mask, codes, _real(), year, window)
    share = _growth(mask, codes, _world_shares(), year, window)
    broken = frozenset(c for c, y in _breaks() if year - window < y <= year)
    share[(mask @ _among(broken, codes) > 0) | (target in broken)] = np.nan
    has_real = ~np.isnan(_sums(mask, codes, _real(), year)) & ~np.isnan(
        _sums(mask, codes, _real(), year - window)
    )
    return np.where(has_real, real, share)


def _growth(
    mask: Array, codes: Sequence[int], table: dict[int, Array], year: int, window: int
) -> Array:
    now, then = (_sums(mask, codes, table, y) for y in (year, year - window))
    known = (now > 0) & (then > 0)
    ratio = np.divide(now, then, out=np.full_like(now, np.nan), where=known)
    return np.asarray(np.log(ratio) / window)


def _sums(mask: Array, codes: Sequence[int], table: dict[int, Array], year: int) -> Array:
    """Sum of the first quantity over the members, NaN where any lacks it."""
    if year not in table:
        return np.full(len(mask), np.nan)
    values = np.zeros(mask.shape[1])
    values[: len(codes)] = table[year][year_arrays.places(codes), 0]
    missing = mask @ np.isnan(values) > 0
    return np.where(missing, np.nan, mask @ np.nan_to_num(values))
