"""Power and hostility of many states over many years, as arrays.

The same rules as in :mod:`counterpoise.measures.hostility` and the power metrics. Power is held
in multiples of 2⁻⁵²: sums of such shares are exact in double precision whatever the order, so
that a figure does not depend on how the work was divided, and a tie is a tie.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.measures import power
from counterpoise.measures.hostility import SERIOUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.hostility import HostilityRule
    from counterpoise.measures.reach import Reach

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FIRST_YEAR = 1816
"""The state system is coded from here; earlier years are read with the states of this one."""

STEP = 2.0**52


@functools.cache
def every_state() -> tuple[int, ...]:
    """COW numbers of all states that ever were, sorted."""
    return states.names().ccodes()


@functools.cache
def _place() -> dict[int, int]:
    return {code: i for i, code in enumerate(every_state())}


def places(codes: Sequence[int]) -> NDArray[np.int64]:
    """Places of some states among all that ever were."""
    return np.array([_place()[c] for c in codes], dtype=np.int64)


@functools.lru_cache(maxsize=2048)
def shares(metric: str, year: int) -> Array:
    """Share of power of every state that ever was in one year; NaN without a figure."""
    found = np.full(len(every_state()), np.nan)
    for code, share in power.shares(metric, year).items():
        found[_place()[code]] = share
    return found


@functools.lru_cache(maxsize=2048)
def weights(metric: str, year: int) -> Array:
    """The same shares in multiples of 2⁻⁵²."""
    return in_steps(shares(metric, year))


@functools.lru_cache(maxsize=512)
def stood(year: int) -> Flags:
    """Was each state that ever was in the state system in a year?"""
    flags = np.zeros(len(every_state()), dtype=bool)
    flags[places(states.system(max(year, FIRST_YEAR)))] = True
    return flags


def power_of(codes: Sequence[int], metric: str, year: int, reach: Reach) -> Array:
    """Share of power of some states in one year, (n + 1,).

    NaN without a figure, 0 in the last place.
    """
    found = np.zeros(len(codes) + 1)
    answering = reach.year(power.metric(metric).table, year)
    found[:-1] = np.nan if answering is None else shares(metric, answering)[places(codes)]
    return found


def in_steps(share: Array) -> Array:
    """Shares in multiples of 2⁻⁵²."""
    return np.rint(share * STEP) / STEP


def power_over(
    codes: Sequence[int], metric: str, years: Sequence[int], reach: Reach
) -> tuple[Array, Flags, Flags]:
    """Power by state and year; whether the state existed; whether it did but has no figure.

    Returns
    -------
    Three arrays of shape (n + 1, years). Power is 0 where there is no state or no figure.
    """
    where = places(codes)
    weight = np.full((len(codes) + 1, len(years)), np.nan)
    exists = np.zeros(weight.shape, dtype=bool)
    table = power.metric(metric).table
    for k, year in enumerate(years):
        answering = reach.year(table, year)
        exists[:-1, k] = stood(year)[where]
        if answering is not None:
            weight[:-1, k] = weights(metric, answering)[where]
    lacking = exists & np.isnan(weight)
    return np.where(exists & ~lacking, weight, 0.0), exists, lacking


def hostile_over(
    codes: Sequence[int], target: int, years: Sequence[int], rule: HostilityRule
) -> tuple[Flags, Flags]:
    """Hostility to a target by state and year: surely, and possibly (unknown counts as yes).

    ``years`` run without a gap. Both arrays have shape (n + 1, years).
    """
    first, count = years[0], len(years)
    surely = np.zeros((len(codes) + 1, count), dtype=bool)
    place = {code: i for i, code in enumerate(codes)}
    for code, start, end in _quarrels(target, rule.window, rivalries=rule.rivalries):
        if code in place:
            surely[place[code], max(start - first, 0) : max(end - first + 1, 0)] = True
    unknown = _unknown(np.asarray(years), rule)
    possibly = surely | unknown
    possibly[-1] = False
    return surely, possibly


def _unknown(years: NDArray[np.int64], rule: HostilityRule) -> Flags:
    """Years in which no hostility coded is not the same as none."""
    first, last = record.coverage("dispute_dyads")
    unknown: Flags = (years - rule.window + 1 < first) | (years > last)
    if rule.rivalries:
        unknown = unknown | (years > record.coverage("rivalries")[1])
    return unknown


@functools.lru_cache(maxsize=256)
def _quarrels(target: int, window: int, *, rivalries: bool) -> tuple[tuple[int, int, int], ...]:
    """Spells of hostility: opponent, first and last year in which it counts."""
    serious = pl.max_horizontal("hostlev1", "hostlev2") >= SERIOUS
    disputes = (
        record.table("dispute_dyads")
        .filter(serious & (pl.col("ccode2") == target))
        .select("ccode1", "year", last=pl.col("year") + window - 1)
        .unique()
        .sort("ccode1", "year")
        .rows()
    )
    if not rivalries:
        return tuple(disputes)
    one, two = pl.col("ccode1") == target, pl.col("ccode2") == target
    other = pl.when(one).then("ccode2").otherwise("ccode1")
    rivalries_ = record.table("rivalries").filter(one | two)
    return (*disputes, *rivalries_.select(other.alias("ccode"), "start_year", "end_year").rows())
