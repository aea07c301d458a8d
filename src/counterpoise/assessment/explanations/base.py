"""How surprising silence is without any theory: pacts counted, and spans without one."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.explanations import outcome
from counterpoise.assessment.explanations.outcome import FIRST_YEAR, LAST_YEAR
from counterpoise.assessment.scores import Interval, mean_interval
from counterpoise.measures import power

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.outcome import AimedPact
    from counterpoise.assessment.explanations.specification import Specification
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]

SEED = 28


@dataclass(frozen=True)
class Counted:
    """New pacts aimed at some powers. ``unknown`` counts pacts whose direction is not known."""

    pacts: int
    pairs: int
    joined: int
    unknown: int
    before_1900: int
    by_decade: dict[int, int]
    since_1990: int


@dataclass(frozen=True)
class Silent:
    """Spans of some length without a new pact aimed at a power, before the years asked about.

    ``share`` is None where no span fits. Spans overlap; its interval resamples whole tenures.
    """

    years: int
    spans: int
    silent: int
    share: Interval | None


@dataclass(frozen=True)
class Reign:
    """Years in which one state led under one metric."""

    metric: str
    ccode: int
    first: int
    last: int


def count(found: Sequence[AimedPact], units: Units, specification: Specification) -> Counted:
    """New pacts that count as events."""
    aimed = [pact for pact in found if _counts(pact, specification)]
    known = {pact.pact for pact in aimed}
    years = {pact.pact: pact.signed for pact in aimed}
    decades: dict[int, int] = {}
    for year in sorted(years.values()):
        decades[year // 10 * 10] = decades.get(year // 10 * 10, 0) + 1
    unsure = {p.pact for p in found if _counts(p, specification) is None} - known
    return Counted(
        pacts=len(years),
        pairs=len(aimed),
        joined=int(np.nansum(units.event)),
        unknown=len(unsure),
        before_1900=sum(year < 1900 for year in years.values()),
        by_decade=decades,
        since_1990=sum(year >= 1990 for year in years.values()),
    )


def against_powers(
    found: Sequence[AimedPact], specification: Specification, length: int, end: int
) -> Silent:
    """Spans of ``length`` years, over by ``end``, that a power went through without a new pact."""
    hits = {(p.target, p.signed) for p in found if _counts(p, specification)}
    flags, tenures = [], []
    for number, (target, first, last) in enumerate(_tenures(specification.targets, end)):
        for start in range(first, last - length + 2):
            years = range(start, start + length)
            flags.append(not any((target, year) in hits for year in years))
            tenures.append(number)
    return _silent(length, flags, tenures)


def against_leader(metric: str, specification: Specification, length: int, end: int) -> Silent:
    """Spans of ``length`` years, over by ``end``, without a new pact aimed at who led then.

    Spans that begin in one decade are resampled together.
    """
    hits = {year for _, year in aimed_at_leaders(metric, specification)}
    flags, decades = [], []
    for start in range(min(_leaders(metric)), end - length + 2):
        flags.append(not any(year in hits for year in range(start, start + length)))
        decades.append(start // 10)
    return _silent(length, flags, decades)


def aimed_at_leaders(metric: str, specification: Specification) -> set[tuple[str, int]]:
    """New pacts aimed at the state that led under a metric in that year, each with its year."""
    leaders = _leaders(metric)
    found = outcome.events(replace(specification, targets="leaders"))
    return {
        (p.pact, p.signed)
        for p in found
        if _counts(p, specification) and leaders.get(p.signed) == p.target
    }


def _counts(pact: AimedPact, specification: Specification) -> bool | None:
    return pact.counts(specification.outcome, specification.wartime)


def _silent(length: int, flags: list[bool], clusters: list[int]) -> Silent:
    share = None
    if flags:
        share = mean_interval(flags, np.random.default_rng(SEED), clusters)
    return Silent(length, len(flags), sum(flags), share)


def _tenures(kind: str, end: int) -> list[tuple[int, int, int]]:
    """Runs of years in which a state was a power: state, first and last year up to ``end``."""
    found: list[tuple[int, int, int]] = []
    open_: dict[int, int] = {}
    for year in range(FIRST_YEAR, end + 2):
        now = outcome.targets(year, kind) if year <= end else frozenset()
        ended = sorted(set(open_) - now)
        found += [(state, open_.pop(state), year - 1) for state in ended]
        for state in now - set(open_):
            open_[state] = year
    return sorted(found)


@functools.cache
def _leaders(metric: str) -> dict[int, int]:
    """Who led in each year that a metric covers."""
    found = {year: outcome.leader(metric, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    return {year: ccode for year, ccode in found.items() if ccode is not None}


def reigns() -> list[Reign]:
    """Who led, from when to when, under every metric."""
    found: list[Reign] = []
    for metric in power.METRICS:
        for year, ccode in sorted(_leaders(metric).items()):
            last = found[-1] if found else None
            if last and (last.metric, last.ccode, last.last) == (metric, ccode, year - 1):
                found[-1] = Reign(metric, ccode, last.first, year)
            else:
                found.append(Reign(metric, ccode, year, year))
    return found
