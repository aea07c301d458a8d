"""Power under several metrics side by side, and who leads.

Metrics (science and sources in ``METRICS``): ``cinc``, ``gdp``, ``net``, ``milex``. A share is a
state's part of the sum over all states of the system that the source covers in that year; CINC is
published as a share and is used as printed (its yearly sum is close to 1, not exactly 1). GDP is
simulated GDP per head of the Maddison type times population.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.errors import CoverageError, UnknownNameError
from counterpoise.models.voting_power import essential

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Shares = dict[int, float]


@dataclass(frozen=True)
class Metric:
    """One way to measure power: its table, the quantity, whether it is already a share."""

    name: str
    table: str
    title: str
    quantity: pl.Expr
    is_share: bool
    reference: str


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "cinc",
            "nmc",
            "Composite Index of National Capability",
            pl.col("cinc"),
            True,
            "Singer, Bremer & Stuckey 1972",
        ),
        Metric(
            "milex",
            "nmc",
            "share of world military spending",
            pl.col("milex_kusd"),
            False,
            "Singer, Bremer & Stuckey 1972",
        ),
        Metric(
            "gdp",
            "gdp_population",
            "share of world gross domestic product",
            pl.col("mrgdppc") * pl.col("pwtpop"),
            False,
            "Fariss et al. 2022",
        ),
        Metric(
            "net",
            "gdp_population",
            "share of GDP × GDP per head",
            pl.col("mrgdppc") * pl.col("mrgdppc") * pl.col("pwtpop"),
            False,
            "Beckley 2018",
        ),
    )
}


def metric(name: str) -> Metric:
    """One metric by name.

    Raises
    ------
    UnknownNameError : no such metric.
    """
    if name not in METRICS:
        raise UnknownNameError(f'Unknown power metric "{name}". There are: {", ".join(METRICS)}')
    return METRICS[name]


def shares(name: str, year: int) -> Shares:
    """Share of power of every state with a figure in ``year``; empty outside coverage."""
    return _shares(metric(name).name).get(year, {})


@functools.cache
def _shares(name: str) -> dict[int, Shares]:
    chosen = METRICS[name]
    frame = record.table(chosen.table).select("ccode", "year", power=chosen.quantity).drop_nulls()
    years: dict[int, Shares] = {}
    for ccode, year, power in frame.iter_rows():
        years.setdefault(year, {})[ccode] = power
    return years if chosen.is_share else {y: _of_world(found, y) for y, found in years.items()}


def _of_world(found: Shares, year: int) -> Shares:
    """Shares of the sum over the states that stood at the end of the year.

    In 1990 both Germanies and both Yemens have figures beside the states that united them.
    """
    stood = states.standing(dt.date(year, 12, 31))
    world = sum(power for ccode, power in found.items() if ccode in stood)
    return {ccode: power / world for ccode, power in found.items()}


def concentration(share: NDArray[np.float64]) -> float:
    """CON of Ray & Singer (1973): sqrt((Σ s² − 1/N) / (1 − 1/N)); in [0, 1].

    Parameters
    ----------
    share : (N,) shares among the major powers, N ≥ 2; rescaled to sum to 1.
    """
    s = share / share.sum()
    n = s.size
    return math.sqrt(max(0.0, (float(s @ s) - 1 / n) / (1 - 1 / n)))


def effective_number(share: NDArray[np.float64]) -> float:
    """Effective number of powers, 1 / Σ s², in [1, N] (Laakso & Taagepera 1979)."""
    s = share / share.sum()
    return 1 / float(s @ s)


def polarity(share: NDArray[np.float64]) -> str:
    """Polarity by the rule of Thompson (1988) on shares among the major powers.

    Unipolar: one power holds at least .50. Near-unipolar: one holds at least .45 and no other
    .25. Bipolar: two hold at least .25 each and .50 together. Multipolar otherwise.
    """
    first, second = np.sort(share / share.sum())[::-1][:2]
    if first >= 0.5:
        return "unipolar"
    if first >= 0.45 and second < 0.25:
        return "near-unipolar"
    return "bipolar" if second >= 0.25 else "multipolar"


def majors(year: int) -> list[int] | None:
    """Major powers of the COW project in a year; None where none is coded (after 2016)."""
    first, last = record.coverage("majors")
    if not first <= year <= last:
        return None
    day = pl.date(year, 12, 31)
    open_ended = pl.col("end").is_null() | (pl.col("end") >= day)
    frame = record.table("majors").filter((pl.col("start") <= day) & open_ended)
    return sorted(frame["ccode"].to_list())


@dataclass(frozen=True)
class Leadership:
    """Who leads under one metric in one year, and how power is spread among the major powers.

    ``share``, ``second_share`` and ``gap`` are shares of the whole system in [0, 1]; ``con``,
    ``effective_powers`` and ``polarity`` are computed among the major powers and are None where
    those are not coded; ``reason`` then says why.
    """

    metric: str
    ccode: int
    share: float
    second_ccode: int
    second_share: float
    gap: float
    con: float | None = None
    effective_powers: float | None = None
    polarity: str | None = None
    essential: tuple[int, ...] | None = None
    inessential: tuple[int, ...] | None = None
    reason: str | None = None


def leadership(name: str, year: int) -> Leadership | None:
    """The leading state under a metric; None where the metric does not cover the year."""
    share = shares(name, year)
    if len(share) < 2:
        return None
    (first, top), (second, next_) = sorted(share.items(), key=lambda kv: (-kv[1], kv[0]))[:2]
    return _with_spread(Leadership(name, first, top, second, next_, top - next_), share, year)


def _with_spread(lead: Leadership, share: Mapping[int, float], year: int) -> Leadership:
    """Add how power is spread among the major powers, or why that is not known."""
    powers = majors(year)
    if powers is None:
        return replace(lead, reason=record.coverage_reason("majors", year))
    known = [p for p in powers if p in share]
    if len(known) < 2:
        return replace(lead, reason="fewer than two major powers have a figure under this metric")
    s = np.array([share[p] for p in known])
    needed = essential(s.tolist())
    return replace(
        lead,
        con=concentration(s),
        effective_powers=effective_number(s),
        polarity=polarity(s),
        essential=tuple(p for p, e in zip(known, needed, strict=True) if e),
        inessential=tuple(p for p, e in zip(known, needed, strict=True) if not e),
        reason=None if known == powers else _lacking(set(powers) - set(known)),
    )


def _lacking(codes: set[int]) -> str:
    listed = ", ".join(str(code) for code in sorted(codes))
    return f"no figure for COW {listed} under this metric"


def require_any(year: int) -> None:
    """Refuse a year that no power metric covers.

    Raises
    ------
    CoverageError : names the years that are covered.
    """
    if not any(shares(name, year) for name in METRICS):
        spans = "; ".join(
            f"{m.name} {record.coverage(m.table)[0]}–{record.coverage(m.table)[1]}"
            for m in METRICS.values()
        )
        raise CoverageError(f"No table covers {year}. Power is measured for: {spans}")
