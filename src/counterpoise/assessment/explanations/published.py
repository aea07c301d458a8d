"""Published claims about balancing, put to this record as far as its years reach.

Each is restated in our words. Rates are of target-windows; differences have intervals from
resampled target spells. ``agrees`` is None where the interval holds 0: the record does not decide.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.assessment.explanations import outcome
from counterpoise.assessment.explanations.predictors import leads_at_sea, personnel
from counterpoise.assessment.explanations.units import window
from counterpoise.measures import arming, pacts, power

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.outcome import AimedPact
    from counterpoise.assessment.explanations.specification import Specification
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

SEED, DRAWS, LEVEL = 2005, 2000, 0.95
THIRD = 1 / 3
EUROPE = (200, 399)
LAST_EUROPEAN = 1945
"""The claim about land powers is about the European system."""

UNITED_STATES = 2
BUILD_UP = (1991, 2003)


@dataclass(frozen=True)
class Rates:
    """One claim under one reading: a rate where the condition holds, and where not.

    ``interval`` is of the difference of both. ``agrees`` with the claim, whose sign is
    ``expected``; None where the record does not decide.
    """

    claim: str
    source: str
    reading: str
    years: tuple[int, int]
    expected: int
    with_condition: int
    rate_with: float
    without_condition: int
    rate_without: float
    difference: float
    interval: tuple[float, float]
    agrees: bool | None


@dataclass(frozen=True)
class Effort:
    """A state's yearly real growth of military spending beside the target's, over some years."""

    ccode: int
    name: str
    growth: float | None
    target_growth: float | None
    before: float | None
    burden_change: float | None
    series: str | None
    reason: str | None


@dataclass(frozen=True)
class BuildUp:
    """Did powers arm or ally against the United States, 1991–2003?

    ``efforts`` are of the other major powers; growth in log points a year, burden in points of
    GDP. ``new_pacts`` counts pacts aimed at it. ``agrees`` is True where there is none and no
    power raised its burden.
    """

    claim: str
    source: str
    years: tuple[int, int]
    new_pacts: int
    efforts: tuple[Effort, ...]
    raised_burden: int
    outgrew_target: int
    agrees: bool | None


@dataclass(frozen=True, eq=False)
class _Targets:
    """One row per target and window, all arrays (m,)."""

    target: Ints
    start: Ints
    spell: Ints
    aimed: Flags
    by_powers: Flags
    alongside: Array


def claims(units: Units, specification: Specification) -> tuple[Rates, ...]:
    """The claims that are differences of rates, each under its readings."""
    table = _targets(units, outcome.events(specification), specification)
    return (*_land(table), *_sea(table))


def _targets(units: Units, found: Iterable[AimedPact], specification: Specification) -> _Targets:
    facing, first = np.unique(units.facing, return_index=True)
    target, start = units.target[first], units.start[first]
    place = {(int(t), int(s)): k for k, (t, s) in enumerate(zip(target, start, strict=True))}
    aimed, by_powers = (np.zeros(len(facing), dtype=bool) for _ in range(2))
    for pact in found:
        here = place.get((pact.target, window(pact.signed, units.years)))
        if here is not None and pact.counts(specification.outcome, specification.wartime):
            aimed[here] = True
            powers = outcome.targets(pact.signed, "majors").intersection(pact.founders)
            by_powers[here] |= len(powers) >= 2
    alongside = np.array([_alongside(int(t), int(s), units.years) for t, s in place])
    return _Targets(target, start, units.spell[first], aimed, by_powers, alongside)


def _alongside(target: int, start: int, years: int) -> float:
    """New pacts with a duty to fight that the target joined in the window of their signature."""
    end = start + years
    return float(
        sum(
            start <= signed < end and any(c == target and y < end for c, y in joined)
            for signed, joined in _binding()
        )
    )


@functools.cache
def _binding() -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    """Pacts that oblige someone to fight: year of signature, and each state's year of entry."""
    by_name: dict[str, list[pacts.Duty]] = {}
    for duty in pacts.coded_duties():
        by_name.setdefault(duty.pact, []).append(duty)
    return tuple(
        (min(d.start.year for d in duties), tuple((d.ccode, d.start.year) for d in duties))
        for duties in by_name.values()
        if any(d.defense or d.offense for d in duties)
    )


def _land(table: _Targets) -> list[Rates]:
    """Great powers balance a land power from a third of their capabilities on."""
    inside = (table.target >= EUROPE[0]) & (table.target <= EUROPE[1])
    inside &= table.start + 4 <= LAST_EUROPEAN
    readings: dict[str, Callable[[int], dict[int, float]]] = {
        "military personnel": personnel,
        **{name: functools.partial(power.shares, name) for name in ("cinc", "milex", "net")},
    }
    found = []
    for what, shares in readings.items():
        share = _shares(table, shares)
        known = inside & ~np.isnan(share)
        for event, flags in (
            ("any new pact", table.aimed),
            ("two great powers in it", table.by_powers),
        ):
            claim = _Claim(
                "a state with a third of the great powers' capabilities is balanced more",
                "Levy & Thompson 2005",
                f"share of {what} among European great powers; {event}",
                1,
                (int(table.start[known].min()), LAST_EUROPEAN),
            )
            found.append(_rates(claim, table, flags, share >= THIRD, known))
    return found


def _shares(table: _Targets, value: Callable[[int], dict[int, float]]) -> Array:
    """Each target's share in the year before its window, (m,)."""
    known = {int(s): value(int(s) - 1) for s in np.unique(table.start)}
    pairs = zip(table.target, table.start, strict=True)
    return np.array([_share(known[int(s)], int(t), int(s) - 1) for t, s in pairs])


def _share(value: dict[int, float], target: int, year: int) -> float:
    """Share among the European great powers of a year."""
    powers = {p for p in outcome.targets(year, "majors") if EUROPE[0] <= p <= EUROPE[1]} | {target}
    total = sum(value.get(p, 0.0) for p in powers)
    return value[target] / total if target in value and total > 0 else float("nan")


def _sea(table: _Targets) -> list[Rates]:
    """The leading sea power is balanced less, and allied with more."""
    leads = leads_at_sea(table.target, table.start - 1) == 1
    less = "the leading sea power is balanced less"
    more = "the leading sea power is allied with more"
    readings = (
        (less, "any new pact aimed at it", -1, table.aimed),
        (less, "a new pact of two great powers aimed at it", -1, table.by_powers),
        (more, "new pacts of its own with a duty to fight", 1, table.alongside),
    )
    found = []
    for years in ((1821, 2018), (1821, 1945), (1946, 2018)):
        known = (table.start >= years[0]) & (table.start <= years[1])
        for text, reading, expected, value in readings:
            claim = _Claim(text, "Levy & Thompson 2010", reading, expected, years)
            found.append(_rates(claim, table, value, leads, known))
    return found


@dataclass(frozen=True)
class _Claim:
    text: str
    source: str
    reading: str
    expected: int
    years: tuple[int, int]


def _rates(
    claim: _Claim, table: _Targets, value: Array | Flags, condition: Flags, known: Flags
) -> Rates:
    """Both rates, and their difference over resampled spells."""
    each, holds = value[known].astype(np.float64), condition[known]
    low, high = _bounds(each, holds, table.spell[known])
    one, two = _mean(each, holds), _mean(each, ~holds)
    sign = 1 if low > 0 else -1 if high < 0 else 0
    return Rates(
        claim.text,
        claim.source,
        claim.reading,
        claim.years,
        claim.expected,
        int(holds.sum()),
        one,
        int((~holds).sum()),
        two,
        one - two,
        (low, high),
        sign == claim.expected if sign else None,
    )


def _mean(value: Array, chosen: Flags) -> float:
    return float(value[chosen].mean()) if chosen.any() else float("nan")


def _bounds(value: Array, condition: Flags, spell: Ints) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    _, label = np.unique(spell, return_inverse=True)
    spells = int(label.max()) + 1
    weight = rng.multinomial(spells, np.full(spells, 1 / spells), size=DRAWS)[:, label]
    sums = [(weight @ (value * c), weight @ c.astype(np.float64)) for c in (condition, ~condition)]
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = sums[0][0] / sums[0][1] - sums[1][0] / sums[1][1]
    usable = drawn[np.isfinite(drawn)]
    if not len(usable):
        return float("nan"), float("nan")
    low, high = np.quantile(usable, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return float(low), float(high)


def build_up(specification: Specification) -> BuildUp:
    """No power armed or allied against the United States, 1991–2003."""
    first, last = BUILD_UP
    others = sorted(outcome.targets(last, "majors") - {UNITED_STATES})
    efforts = tuple(_effort(code, last, last - first) for code in others)
    aimed = {
        p.pact
        for p in outcome.events(specification)
        if p.target == UNITED_STATES
        and first <= p.signed <= last
        and p.counts(specification.outcome, specification.wartime)
    }
    raised = sum(e.burden_change is not None and e.burden_change > 0 for e in efforts)
    outgrew = sum(
        e.growth is not None and e.target_growth is not None and e.growth > e.target_growth
        for e in efforts
    )
    return BuildUp(
        "no power built up or allied against the United States",
        "Lieber & Alexander 2005",
        BUILD_UP,
        len(aimed),
        efforts,
        raised,
        outgrew,
        not aimed and raised == 0,
    )


def _effort(code: int, last: int, window: int) -> Effort:
    found = arming.growth((code,), UNITED_STATES, last, window)
    return Effort(
        code,
        states.names().name(code, last),
        found.bloc,
        found.target,
        found.before,
        found.burden_change,
        found.series,
        found.reason,
    )
