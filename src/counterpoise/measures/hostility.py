"""Hostility between a state and a target: strategic rivalry and serious disputes.

Sources: strategic rivalries (Thompson, Sakuwa & Suhas 2021), militarised disputes 5.0 (Palmer et
al. 2022). Both are coded in hindsight; rivalry codings can be left out to see what rests on them.
"""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass

import polars as pl

from counterpoise import record

SERIOUS = 3
"""Hostility level from which a dispute counts: 3 display of force, 4 use of force, 5 war."""


@functools.cache
def _rivalries() -> dict[tuple[int, int], list[tuple[int, int]]]:
    spells: dict[tuple[int, int], list[tuple[int, int]]] = {}
    frame = record.table("rivalries").select("ccode1", "ccode2", "start_year", "end_year")
    for one, two, start, end in frame.iter_rows():
        spells.setdefault((min(one, two), max(one, two)), []).append((start, end))
    return spells


@functools.cache
def _dispute_years() -> dict[tuple[int, int], list[int]]:
    frame = (
        record.table("dispute_dyads")
        .filter(pl.max_horizontal("hostlev1", "hostlev2") >= SERIOUS)
        .select("ccode1", "ccode2", "year")
        .unique()
        .sort("ccode1", "ccode2", "year")
    )
    years: dict[tuple[int, int], list[int]] = {}
    for one, two, year in frame.iter_rows():
        years.setdefault((one, two), []).append(year)
    return years


def rival(one: int, two: int, year: int) -> bool | None:
    """Are two states strategic rivals in a year? None outside coverage."""
    spells = _rivalries().get((min(one, two), max(one, two)), ())
    if any(start <= year <= end for start, end in spells):
        return True
    return False if year <= record.coverage("rivalries")[1] else None


def disputed(one: int, two: int, year: int, window: int) -> bool | None:
    """Had two states a serious dispute in the ``window`` years that end with ``year``?

    None where no such dispute is coded and part of the window lies outside coverage.
    """
    years = _dispute_years().get((one, two), [])
    place = bisect.bisect_right(years, year)
    if place and years[place - 1] > year - window:
        return True
    first, last = record.coverage("dispute_dyads")
    return False if first <= year - window + 1 and year <= last else None


@dataclass(frozen=True)
class HostilityRule:
    """What counts as hostility: the dispute window in years, and whether rivalries count."""

    window: int = 10
    rivalries: bool = True

    def hostile(self, state: int, target: int, year: int) -> bool | None:
        """Rivalry or a recent serious dispute; None where neither is known."""
        signs = [disputed(state, target, year, self.window)]
        if self.rivalries:
            signs.append(rival(state, target, year))
        return either(*signs)


def either(*signs: bool | None) -> bool | None:
    """Three-valued or: true if any is, unknown if none is true and any unknown."""
    if any(signs):
        return True
    return None if any(s is None for s in signs) else False


def every(*signs: bool | None) -> bool | None:
    """Three-valued and: false if any is, unknown if none is false and any unknown."""
    if any(s is False for s in signs):
        return False
    return None if any(s is None for s in signs) else True
