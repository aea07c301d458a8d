"""Whose forces stand where: penetration of a bloc by its target, and blocs imposed by a leader.

Sources: US troops by host (Allen, Flynn & Machain), and our own coded list of forces abroad,
which overrides the counts where both speak (the counts miss Karshi-Khanabad and Manas).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from counterpoise import record

UNITED_STATES = 2


@functools.cache
def _us_troops() -> dict[int, dict[int, float | None]]:
    """Troops by year and host; None where a host is listed without a figure."""
    years: dict[int, dict[int, float | None]] = {}
    for host, year, troops in (
        record.table("us_troops").select("ccode", "year", "troops").iter_rows()
    ):
        years.setdefault(year, {})[host] = troops
    return years


@dataclass(frozen=True)
class Hosts:
    """States in which an owner's forces stood on a day, and what the list leaves open.

    ``unknown`` holds states for which the count is missing; where not ``is_complete``, every
    state that is not a host is unknown.
    """

    codes: frozenset[int]
    is_complete: bool
    unknown: frozenset[int] = frozenset()

    def share(self, members: Sequence[int], power: Sequence[float]) -> float | None:
        """Power share of members that are hosts; None where some may be that are not listed."""
        held = sum(w for m, w in zip(members, power, strict=True) if m in self.codes)
        if self.is_complete and not self.unknown.intersection(members):
            return held / sum(power)
        return None


def hosts(owner: int, day: dt.date, fewest: int) -> Hosts:
    """Where a state's forces stood.

    For the United States: hosts of at least ``fewest`` of its troops in the year, with the coded
    bases. For every other owner only our coded list speaks, which names hosts but not non-hosts.
    """
    coded = _coded_hosts(owner, day)
    first, last = record.coverage("us_troops")
    if owner != UNITED_STATES or not first <= day.year <= last:
        return Hosts(frozenset(coded), is_complete=False)
    troops = _us_troops().get(day.year, {})
    counted = {host for host, number in troops.items() if number is not None and number >= fewest}
    unknown = {host for host, number in troops.items() if number is None}
    found = counted | coded
    return Hosts(frozenset(found), is_complete=True, unknown=frozenset(unknown - found))


def _coded_hosts(owner: int, day: dt.date) -> set[int]:
    ended = pl.col("end").is_not_null() & (pl.col("end") < day)
    frame = record.coded("foreign_forces").filter(
        (pl.col("owner") == owner) & (pl.col("start") <= day) & ~ended
    )
    return set(frame["host"].to_list())
