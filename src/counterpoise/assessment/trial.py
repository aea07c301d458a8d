"""One bloc against matched random groups that are followed through the same years.

The bloc's statistic is its highest score in any year. Each draw is a history: groups that stand
in the bloc's place year after year, with the highest score of their own. So a bloc is not the
likelier to be found for having lived long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.assessment import groups, sweep
from counterpoise.assessment.discovery import Tally
from counterpoise.assessment.race import BATCH
from counterpoise.assessment.survey import Found, Plan, views
from counterpoise.measures.direction_arrays import UNKNOWN, YES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.groups import Drawn
    from counterpoise.assessment.sweep import Figures, View

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

ENOUGH = 10
"""Groups that reach the bloc's score before draws may stop (Besag & Clifford 1991)."""


@dataclass(frozen=True)
class Unit:
    """One bloc against one target, in every year that has both."""

    target: int
    key: str
    found: tuple[Found, ...]

    @property
    def cost(self) -> int:
        """Rough measure of the work it takes."""
        return sum(3 + len(f.candidate.members) for f in self.found)


@dataclass(frozen=True)
class YearTrial:
    """Random groups beside a bloc in one year; ``reason`` says why there are none.

    ``exceeded`` counts groups that reach its score; ``hard`` counts hard ones, ``known`` those
    of which that is known.
    """

    year: int
    draws: int
    exceeded: int
    hard: int
    known: int
    reason: str | None

    def plus(self, other: YearTrial) -> YearTrial:
        """The counts of both."""
        return YearTrial(
            self.year,
            self.draws + other.draws,
            self.exceeded + other.exceeded,
            self.hard + other.hard,
            self.known + other.known,
            self.reason,
        )


@dataclass(frozen=True)
class Trial:
    """What became of one unit.

    ``score`` is the highest in the years that could be tried, reached in ``best_year``; None
    where no year could. ``tally`` counts the histories that reached it.
    """

    target: int
    key: str
    score: float | None
    best_year: int | None
    tally: Tally
    years: tuple[YearTrial, ...]

    @property
    def p_value(self) -> float | None:
        """Chance of such a score among matched groups.

        1 where none were drawn, None where none could be.
        """
        if self.score is None:
            return None
        return 1.0 if not self.tally.draws else self.tally.p_value


def units(found: Sequence[Found]) -> list[Unit]:
    """Gather the years of each bloc against each target."""
    gathered: dict[tuple[int, str], list[Found]] = {}
    for one in found:
        gathered.setdefault((one.target, one.candidate.key), []).append(one)
    return [
        Unit(target, key, tuple(sorted(years, key=lambda f: f.candidate.year)))
        for (target, key), years in sorted(gathered.items())
    ]


def is_hard(unit: Unit) -> bool:
    """Is it hard in some year?"""
    return any(one.figures["score"] >= 1 for one in unit.found)


def is_drawn(unit: Unit, plan: Plan) -> bool:
    """Are groups drawn? A p-value of 1 for blocs never hard only makes the rest less sure."""
    return plan.draw_all or is_hard(unit)


def undrawn(unit: Unit) -> Trial:
    """A unit that no group need be drawn for."""
    known = [f for f in unit.found if not np.isnan(f.figures["score"])]
    if not known:
        return Trial(unit.target, unit.key, None, None, Tally(), ())
    best = max(known, key=lambda f: (f.figures["score"], -f.candidate.year))
    return Trial(unit.target, unit.key, best.figures["score"], best.candidate.year, Tally(), ())


def held(unit: Unit, plan: Plan) -> Trial:
    """Draw histories for a unit and count those that reach its score."""
    most = _next(plan, Tally(), 0.0)
    years, scores = _batch(unit, plan, 0, unit.found, most)
    tried = _tried(unit, years)
    if not tried:
        return Trial(unit.target, unit.key, None, None, Tally(), years)
    best = max(tried, key=lambda f: (f.figures["score"], -f.candidate.year))
    score = best.figures["score"]
    tally = Tally().plus(_reaching(scores, tried, score), most)
    batch = 1
    while most := _next(plan, tally, score):
        more, scores = _batch(unit, plan, batch, tried, most)
        years = _added(years, more) if tally.draws < plan.draws else years
        tally = tally.plus(_reaching(scores, tried, score), most)
        batch += 1
    return Trial(unit.target, unit.key, score, best.candidate.year, tally, years)


def _next(plan: Plan, tally: Tally, score: float) -> int:
    """Draws of the next batch, 0 where no more are needed."""
    if tally.draws < plan.draws:
        return min(BATCH, plan.draws - tally.draws)
    if score < 1 or tally.is_settled(ENOUGH, plan.most):
        return 0
    return min(BATCH, plan.most - tally.draws)


def _reaching(scores: dict[int, Array], tried: Sequence[Found], score: float) -> int:
    """Histories that reach a score in any of the years."""
    highest = np.maximum.reduce([scores[f.candidate.year] for f in tried])
    return int((highest >= score).sum())


def _tried(unit: Unit, years: Sequence[YearTrial]) -> list[Found]:
    """Years in which the bloc has a score and groups beside it."""
    return [
        f
        for f, y in zip(unit.found, years, strict=True)
        if y.draws and not np.isnan(f.figures["score"])
    ]


def _added(one: tuple[YearTrial, ...], two: tuple[YearTrial, ...]) -> tuple[YearTrial, ...]:
    """Counts of two batches together; years that the second leaves out stay as they are."""
    later = {y.year: y for y in two}
    return tuple(y.plus(later[y.year]) if y.year in later else y for y in one) or two


def _batch(
    unit: Unit, plan: Plan, batch: int, years: Sequence[Found], most: int
) -> tuple[tuple[YearTrial, ...], dict[int, Array]]:
    """One batch of histories: each year beside the bloc, and every history's score by year."""
    faced = [
        (views(plan).of(unit.target, f.candidate.day, f.candidate.members), f.candidate.members)
        for f in years
    ]
    running = groups.runners(plan.seed, unit.key, batch, faced)
    trials, scores = [], {}
    for one, (seen, members) in zip(years, faced, strict=True):
        drawn = groups.draw(seen, members, running, most=most)
        trial, found = _year(seen, one, drawn)
        trials.append(trial)
        scores[one.candidate.year] = found
    return tuple(trials), scores


def _year(seen: View, one: Found, drawn: Drawn) -> tuple[YearTrial, Array]:
    year = one.candidate.year
    if drawn.reason or drawn.stuck.all():
        reason = drawn.reason or "every draw ran out of states"
        return YearTrial(year, 0, 0, 0, 0, reason), np.empty(0)
    figures = sweep.measure(seen, seen.places_of(drawn.codes))
    scores = np.where(drawn.stuck, -np.inf, figures.ceiling)
    return _counted(year, figures, scores, one.figures["score"]), scores


def _counted(year: int, figures: Figures, scores: Array, own: float) -> YearTrial:
    valid = scores > -np.inf
    return YearTrial(
        year=year,
        draws=int(valid.sum()),
        exceeded=0 if np.isnan(own) else int((scores >= own).sum()),
        hard=int((figures.hard[valid] == YES).sum()),
        known=int((figures.hard[valid] != UNKNOWN).sum()),
        reason=None,
    )


def as_rows(trial: Trial) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A trial as one row, and a row for each of its years."""
    name = {"target": trial.target, "key": trial.key}
    whole = name | {
        "score": trial.score,
        "best_year": trial.best_year,
        "draws": trial.tally.draws,
        "exceeded": trial.tally.exceeded,
        "p_value": trial.p_value,
    }
    years = [
        name
        | {
            "year": y.year,
            "draws": y.draws,
            "exceeded": y.exceeded,
            "placebo_hard": y.hard,
            "placebo_known": y.known,
            "reason": y.reason,
        }
        for y in trial.years
    ]
    return whole, years
