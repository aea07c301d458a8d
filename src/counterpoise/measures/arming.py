"""Internal balancing: do members arm faster than they did, and faster than the target?

Real spending is the World Bank's military share of GDP times GDP in constant 2015 US dollars
(1960–). Before that, and where it is missing, growth of the share of world spending (National
Material Capabilities) stands in: a share needs no deflator. A window that crosses a flagged break
of the series is unknown.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import polars as pl

from counterpoise import record

WINDOWS = (5, 10)


@dataclass(frozen=True)
class Growth:
    """Yearly growth of military effort over one window that ends in the year asked for.

    ``bloc`` and ``target`` are log growth per year; ``before`` is the bloc's over the preceding
    window of the same length; ``burden_change`` is the change in spending over GDP, in points of
    GDP share; ``series`` names the figures used. None is unknown; ``reason`` says why.
    """

    window: int
    series: str | None
    bloc: float | None
    target: float | None
    before: float | None
    burden_change: float | None
    reason: str | None

    @property
    def against_target(self) -> float | None:
        """Growth beyond the target's, per year."""
        return None if self.bloc is None or self.target is None else self.bloc - self.target

    @property
    def against_trend(self) -> float | None:
        """Growth beyond the bloc's own earlier growth, per year."""
        return None if self.bloc is None or self.before is None else self.bloc - self.before


@functools.cache
def _real() -> dict[tuple[int, int], tuple[float, float]]:
    """Spending in constant 2015 US dollars and GDP, by state and year, where both are known."""
    frame = (
        record.table("wdi")
        .select("ccode", "year", "gdp_usd2015", spent=pl.col("milex_gdp_pct") / 100)
        .drop_nulls()
    )
    return {(c, y): (gdp * spent, gdp) for c, y, gdp, spent in frame.iter_rows()}


@functools.cache
def _world_shares() -> dict[tuple[int, int], float]:
    frame = record.table("nmc").select("ccode", "year", "milex_kusd").drop_nulls()
    total = pl.col("milex_kusd").sum().over("year")
    return {
        (c, y): s
        for c, y, s in frame.select("ccode", "year", pl.col("milex_kusd") / total).iter_rows()
    }


@functools.cache
def _breaks() -> dict[int, list[int]]:
    """Years in which a state's spending series was measured anew, by state."""
    found: dict[int, list[int]] = {}
    for ccode, year in record.coded("series_breaks").select("ccode", "year").iter_rows():
        found.setdefault(ccode, []).append(year)
    return found


def _crosses(members: tuple[int, ...], start: int, end: int) -> list[int]:
    return [m for m in members if any(start < y <= end for y in _breaks().get(m, ()))]


def growth(members: tuple[int, ...], target: int, year: int, window: int) -> Growth:
    """Growth of a bloc's military effort over a window, beside the target's and its own past."""
    real = _sum_real(members, year), _sum_real(members, year - window)
    if None not in real:
        return _real_growth(members, target, year, window)
    broken = _crosses((*members, target), year - window, year)
    if broken:
        codes = ", ".join(str(b) for b in broken)
        return _nothing(window, f"spending of COW {codes} was re-measured within the window")
    return _share_growth(members, target, year, window)


def _real_growth(members: tuple[int, ...], target: int, year: int, window: int) -> Growth:
    now, then = _sum_real(members, year), _sum_real(members, year - window)
    earlier = _sum_real(members, year - 2 * window)
    return Growth(
        window,
        "wdi",
        _rate(now, then, window),
        _rate(_sum_real((target,), year), _sum_real((target,), year - window), window),
        _rate(then, earlier, window),
        now[0] / now[1] - then[0] / then[1] if now and then else None,
        None,
    )


def _share_growth(members: tuple[int, ...], target: int, year: int, window: int) -> Growth:
    now, then = _sum_share(members, year), _sum_share(members, year - window)
    if now is None or then is None:
        return _nothing(window, "military spending of some member is not known in both years")
    earlier = _sum_share(members, year - 2 * window)
    if _crosses(members, year - 2 * window, year - window):
        earlier = None
    return Growth(
        window,
        "nmc",
        _rate((now,), (then,), window),
        _rate(
            _one(_sum_share((target,), year)), _one(_sum_share((target,), year - window)), window
        ),
        _rate((then,), _one(earlier), window),
        None,
        None,
    )


def _nothing(window: int, reason: str) -> Growth:
    return Growth(window, None, None, None, None, None, reason)


def _one(value: float | None) -> tuple[float] | None:
    return None if value is None else (value,)


def _sum_real(members: tuple[int, ...], year: int) -> tuple[float, float] | None:
    rows = [_real().get((m, year)) for m in members]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return sum(r[0] for r in known), sum(r[1] for r in known)


def _sum_share(members: tuple[int, ...], year: int) -> float | None:
    rows = [_world_shares().get((m, year)) for m in members]
    known = [row for row in rows if row is not None]
    return sum(known) if len(known) == len(rows) else None


def _rate(
    now: tuple[float, ...] | None, then: tuple[float, ...] | None, years: int
) -> float | None:
    if not now or not then or now[0] <= 0 or then[0] <= 0:
        return None
    return math.log(now[0] / then[0]) / years
