"""What a scan looks at: every bloc in every year against a target, with its own figures."""

from __future__ import annotations

import collections
import datetime as dt
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import record, states
from counterpoise.assessment import candidates, clusters, sweep
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import pact_arrays, pacts, power
from counterpoise.measures.direction_arrays import masks
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.candidates import Candidate
    from counterpoise.assessment.sweep import View

LEADER, MAJORS = "leader", "majors"
VIEWS = 256
"""Views kept by a process; the oldest goes first."""


@dataclass(frozen=True)
class Plan:
    """What to scan, and how to judge it.

    Attributes
    ----------
    targets : each target with the years in which blocs are sought against it.
    metric : power metric; it also names the leader of each year.
    draws : matched groups for each bloc and year.
    most : draws for a bloc that is hard and that hardly any group reaches.
    draw_all : draw also for blocs that are never hard; otherwise their p-value counts as 1.
    """

    targets: tuple[tuple[int, tuple[int, ...]], ...]
    metric: str = "cinc"
    draws: int = 1000
    most: int = 5000
    seed: int = 0
    draw_all: bool = False
    rules: Rules = field(default_factory=lambda: STANDARD)

    @property
    def years(self) -> tuple[int, int]:
        """First and last year scanned."""
        every = [year for _, years in self.targets for year in years]
        return min(every), max(every)


def targets(
    against: str | int, first: int, last: int, metric: str
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Each target and its years.

    Parameters
    ----------
    against : a state, ``leader`` (the leading state of each year under the metric) or ``majors``
        (each major power of the Correlates of War while it is one).

    Raises
    ------
    CoverageError : no year has such a target, or the pacts of none of them are in the record.
    QuestionError : the first year is after the last.
    UnknownNameError, AmbiguousNameError : no such state or metric, or several.
    """
    power.metric(metric)
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    earliest, latest = record.coverage("atop_members")
    known = range(max(first, earliest), min(last, latest) + 1)
    years = collections.defaultdict(list)
    for year in known:
        for code in _of_year(against, year, metric):
            years[code].append(year)
    if not years:
        raise CoverageError(_nothing(against, first, last))
    return tuple((code, tuple(found)) for code, found in sorted(years.items()))


def _of_year(against: str | int, year: int, metric: str) -> list[int]:
    if against == MAJORS:
        return power.majors(year) or []
    if against == LEADER:
        found = power.leadership(metric, year)
        return [found.ccode] if found else []
    try:
        return [states.state(against, year).ccode]
    except CoverageError:
        return []


def _nothing(against: str | int, first: int, last: int) -> str:
    earliest, latest = record.coverage("atop_members")
    if last < earliest or first > latest:
        return f"Pacts are in the record for {earliest} to {latest}, not for {first} to {last}."
    return f'There is no target "{against}" in any year from {first} to {last}.'


class Views:
    """Views of one plan, kept while a process works on it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._kept: dict[tuple[int, dt.date], View] = {}

    def of(self, target: int, day: dt.date, members: Iterable[int] = ()) -> View:
        """The world as a target faces it on a day, with all of ``members`` in it."""
        if (target, day) not in self._kept:
            if len(self._kept) >= VIEWS:
                del self._kept[next(iter(self._kept))]
            self._kept[target, day] = self._view(target, day, ())
        seen = self._kept[target, day]
        return seen if set(members) <= set(seen.codes) else self._view(target, day, members)

    def _view(self, target: int, day: dt.date, also: Iterable[int]) -> View:
        reach = Reach()
        plan = self.plan
        return sweep.view(target, day, plan.metric, plan.rules, pacts.book(reach), reach, also)


@functools.lru_cache(maxsize=2)
def views(plan: Plan) -> Views:
    """The views of a plan in this process."""
    return Views(plan)


@dataclass(frozen=True)
class Found:
    """One bloc in one year against one target, with its own figures by name."""

    target: int
    candidate: Candidate
    figures: dict[str, Any]


@dataclass(frozen=True)
class Searched:
    """Everything that was looked at, and what was left out and why."""

    found: tuple[Found, ...]
    counts: dict[str, int]


def survey(plan: Plan) -> Searched:
    """List and measure every candidate of a plan. Of several with the same members one is kept."""
    counts: collections.Counter[str] = collections.Counter()
    named = collections.defaultdict(list)
    for candidate in candidates.of_years(*plan.years):
        named[candidate.year].append(candidate)
    found = []
    for target, years in plan.targets:
        unnamed = collections.defaultdict(list)
        for candidate in _clusters(plan, target, years):
            unnamed[candidate.year].append(candidate)
        for year in years:
            fit = _fitting([*named[year], *unnamed[year]], target, counts)
            kept = candidates.distinct(fit)
            counts["same members as another"] += len(fit) - len(kept)
            found += _measured(plan, target, kept)
    counts["blocs and years"] = len(found)
    return Searched(tuple(found), dict(counts))


def _clusters(plan: Plan, target: int, years: Sequence[int]) -> list[Candidate]:
    seen = (views(plan).of(target, dt.date(year, 12, 31)) for year in years)
    return clusters.followed([pair for view in seen for pair in clusters.of_view(view, plan.seed)])


def _fitting(
    listed: Sequence[Candidate], target: int, counts: collections.Counter[str]
) -> list[Candidate]:
    """Candidates of one year without the target and of a size that a coalition can have."""
    kept = []
    others = len(states.system(listed[0].year)) - 1 if listed else 0
    for candidate in listed:
        counts[f"listed as {candidate.kind}"] += 1
        if target in candidate.members:
            counts["contain the target"] += 1
        elif len(candidate.members) < candidates.SMALLEST:
            counts["of one member"] += 1
        elif len(candidate.members) > candidates.LARGEST_SHARE * others:
            counts["of more than half of all states"] += 1
        else:
            kept.append(candidate)
    return kept


def _measured(plan: Plan, target: int, listed: Sequence[Candidate]) -> list[Found]:
    """Measure the candidates of one year, those of one day together."""
    days = collections.defaultdict(list)
    for candidate in listed:
        days[candidate.day].append(candidate)
    found = []
    for day, same in days.items():
        seen = views(plan).of(target, day, {m for c in same for m in c.members})
        places = seen.places([c.members for c in same])
        figures = sweep.measure(seen, places)
        mains = _main_pacts(seen, places)
        strongest = [seen.codes[int(place)] for place in figures.binding.cores[:, 0]]
        found += [
            Found(target, c, figures_of(figures, i) | mains[i] | {"strongest": strongest[i]})
            for i, c in enumerate(same)
        ]
    return found


def _main_pacts(seen: View, groups: NDArray[np.int64]) -> list[dict[str, Any]]:
    """The pact that alone binds most of each group: of equals the one with more members."""
    if not seen.pacts.names:
        return [{"pact": None, "pact_share": None, "pact_members": None}] * len(groups)
    weight = masks(groups, len(seen.power)) * np.nan_to_num(seen.power)
    share = pact_arrays.bound_by(seen.pacts, weight)
    wide = seen.pacts.inside.sum(axis=0)
    best = (np.round(share, 9) + 1e-12 * wide).argmax(axis=1)
    return [
        {
            "pact": seen.pacts.names[k] if share[i, k] > 0 else None,
            "pact_share": float(share[i, k]),
            "pact_members": [seen.codes[m] for m in np.flatnonzero(seen.pacts.inside[:, k])],
        }
        for i, k in enumerate(best)
    ]


def figures_of(figures: sweep.Figures, row: int) -> dict[str, Any]:
    """The figures of one group as plain values; NaN is unknown."""
    aims = figures.aims
    return {
        "observed": figures.rungs[row],
        "score": float(figures.score[row]),
        "bound_share": float(figures.binding.bound_share[row]),
        "core_bound": _flag(figures.binding.core_bound[row]),
        "directedness": _point(aims.low[row], aims.high[row]),
        "directedness_without_strongest": _point(aims.rest_low[row], aims.rest_high[row]),
        "directed": _flag(aims.directed[row]),
        "signed": int(aims.signed[row]) if aims.signed[row] >= 0 else None,
        "strong_enough": _flag(figures.strong_enough[row]),
        "allied_with_target_share": float(figures.binding.allied_share[row]),
    }


def _flag(sign: np.int8) -> bool | None:
    return None if sign < 0 else bool(sign)


def _point(low: float, high: float) -> float:
    return float(low) if low == high else float("nan")
