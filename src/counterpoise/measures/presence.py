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
def _us_troops() -> dict[tuple[int, int], float]:
    frame = record.table("us_troops").select("ccode", "year", "troops").drop_nulls()
    return {(host, year): troops for host, year, troops in frame.iter_rows()}


@dataclass(frozen=True)
class Hosts:
    """States in which an owner's forces stood on a day, and whether the list is complete."""

    codes: frozenset[int]
    is_complete: bool

    def share(self, members: Sequence[int], power: Sequence[float]) -> float | None:
        """Power share of members that are hosts; None where the list may miss some of them."""
        held = sum(w for m, w in zip(members, power, strict=True) if m in self.codes)
        return held / sum(power) if held or self.is_complete else None


def hosts(owner: int, day: dt.date, fewest: int) -> Hosts:
    """Where a state's forces stood.

    For the United States: hosts of at least ``fewest`` of its troops in the year, with the coded
    bases. For every other owner only our coded list speaks, which names hosts but not non-hosts.
    """
    coded = _coded_hosts(owner, day)
    first, last = record.coverage("us_troops")
    if owner != UNITED_STATES or not first <= day.year <= last:
        return Hosts(frozenset(coded), is_complete=False)
    counted = {h for (h, y), n in _us_troops().items() if y == day.year and n >= fewest}
    return Hosts(frozenset(counted | coded), is_complete=True)


def _coded_hosts(owner: int, day: dt.date) -> set[int]:
    ended = pl.col("end").is_not_null() & (pl.col("end") < day)
    frame = record.coded("foreign_forces").filter(
        (pl.col("owner") == owner) & (pl.col("start") <= day) & ~ended
    )
    return set(frame["host"].to_list())
