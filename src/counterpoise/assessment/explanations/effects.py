"""What silence rests on: its probability, and how that moves with one explanation's variables.

The units of the question are set, one explanation at a time, to the median among historical
targets: the median over the other targets' windows of each window's own median. Regions are left as
they are. Intervals resample whole target spells, refit and forecast again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.explanations.ensemble import resampled
from counterpoise.assessment.explanations.filling import fill
from counterpoise.assessment.explanations.fits import SEED, climatology, has_both
from counterpoise.assessment.scores import Interval
from counterpoise.models.rare_logit import ridge_logit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.ensemble import Ensemble
    from counterpoise.assessment.explanations.filling import Filled
    from counterpoise.assessment.explanations.fits import Problem
    from counterpoise.assessment.explanations.question import Asked
    from counterpoise.assessment.explanations.silence import Law, Likelihood, Windows
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

LEVEL = 0.95
TAIL = 0.05


@dataclass(frozen=True)
class Overlap:
    """How far one variable of the question lies among historical targets.

    ``median`` is the question's, ``historical`` the historical targets'; ``inside`` is the share
    of the question's units between the 5th and 95th percentile of all other units.
    """

    variable: str
    median: float
    historical: float
    inside: float
    unknown: float


@dataclass(frozen=True)
class Silence:
    """Probability that no new pact is aimed at the target in the years asked about.

    ``taken`` takes forecasts at their word, ``recalibrated`` as held-out history corrects them.
    ``expected`` is the number of states expected to join over the years.
    """

    taken: Interval
    recalibrated: float
    expected: float


@dataclass(frozen=True)
class Change:
    """Silence with one explanation's variables at the historical median, less silence as it was."""

    at_median: float
    change: Interval


@dataclass(frozen=True, eq=False)
class Ground:
    """What all forecasts of a question share.

    Attributes
    ----------
    asked, seen : (n,) units of the question, and units that fits may see.
    here : (w,) places of the question's windows; ``part`` (w,) the share of each that is asked.
    judged : (m,) windows that laws are judged by.
    spells : (n,) place of each unit's spell among those judged, -1 for others.
    """

    question: Asked
    windows: Windows
    asked: Flags
    seen: Flags
    here: Ints
    part: Array
    judged: Flags
    spells: Ints

    def expected(self, probability: Array) -> Array:
        """Expected joiners in the question's windows, (w,), from the asked units' probabilities."""
        place = np.searchsorted(self.here, self.windows.place[self.asked])
        return np.bincount(place, probability, len(self.here)).astype(np.float64)

    def silence(self, law: Law, probability: Array) -> float:
        """Probability of no new pact in the years asked about."""
        return law.silence(self.expected(probability), self.part)


def ground(question: Asked, units: Units, windows: Windows, history: str) -> Ground:
    """Set up a question: what it asks, what fits may see, and what laws are judged by."""
    asked, seen = question.units(units), question.seen(units, history)
    here = np.unique(windows.place[asked])
    judged = np.zeros(len(windows.facing), dtype=bool)
    judged[windows.place[seen]] = True
    judged[here] = False
    labels = np.unique(windows.spell[judged])
    place = np.minimum(np.searchsorted(labels, units.spell), len(labels) - 1)
    return Ground(
        question=question,
        windows=windows,
        asked=asked,
        seen=seen,
        here=here,
        part=question.part(windows.start[here], units.years),
        judged=judged,
        spells=np.where(labels[place] == units.spell, place, -1),
    )


def overlaps(problem: Problem, names: Sequence[str], ground: Ground) -> tuple[Overlap, ...]:
    """Where the question stands among historical targets, by variable."""
    found = []
    for k, name in enumerate(names):
        own, rest = problem.values[ground.asked, k], problem.values[ground.seen, k]
        known, others = own[~np.isnan(own)], rest[~np.isnan(rest)]
        low, high = np.quantile(others, (TAIL, 1 - TAIL))
        inside = float(np.mean((known >= low) & (known <= high))) if len(known) else np.nan
        median = float(np.median(known)) if len(known) else np.nan
        gap = float(np.isnan(own).mean())
        found.append(Overlap(name, median, historical(problem, k, ground), inside, gap))
    return tuple(found)


def historical(problem: Problem, column: int, ground: Ground) -> float:
    """Median over historical targets' windows of each window's median of a variable."""
    value = problem.values[:, column]
    usable = ground.seen & ~np.isnan(value)
    place = ground.windows.place[usable]
    order = np.argsort(place, kind="stable")
    groups = np.split(value[usable][order], np.flatnonzero(np.diff(place[order])) + 1)
    return float(np.median([np.median(group) for group in groups]))


@dataclass(frozen=True, eq=False)
class Refit:
    """Fits of one problem for a question under resampled spells: the point first, then draws."""

    problem: Problem
    ground: Ground
    filled: Filled

    @classmethod
    def of(cls, problem: Problem, ground: Ground) -> Refit:
        """Fill the columns once: draws only change how often units count."""
        rng = np.random.default_rng(SEED)
        rule = problem.specification.missing
        return cls(problem, ground, fill(problem.values, ground.seen, rule, rng))

    def probabilities(
        self, weight: Array | None, moved: Sequence[dict[int, float]], starts: list[Array]
    ) -> list[Array]:
        """Probabilities of the asked units as they are, and with some columns set to values.

        Parameters
        ----------
        weight : (spells,) how often each spell counts; None for once each.
        moved : by column, the standardised value that it is set to.
        starts : coefficients to begin from, one per version; empty to begin with, then kept.
        """
        units, usable = self.problem.units, self.filled.usable
        each = None if weight is None else weight[self.ground.spells][usable]
        counted = usable if each is None else _kept(usable, each)
        if not has_both(units.event[counted]):
            nothing = climatology(units)(self.ground.seen, self.ground.asked)
            return [nothing] * (1 + len(moved))
        found = [np.zeros(int(self.ground.asked.sum())) for _ in range(1 + len(moved))]
        for k, x in enumerate(self.filled.versions):
            fit = ridge_logit(
                x[counted],
                units.event[counted],
                self.problem.specification.penalty,
                units.offset[counted],
                None if each is None else each[each > 0],
                starts[k] if k < len(starts) else None,
            )
            if k >= len(starts):
                starts.append(fit.coefficients)
            for place, change in enumerate(({}, *moved)):
                there = _set(x[self.ground.asked], change)
                found[place] += fit.probability(there, units.offset[self.ground.asked])
        return [total / len(self.filled.versions) for total in found]


def _kept(usable: Flags, each: Array) -> Flags:
    kept = usable.copy()
    kept[usable] = each > 0
    return kept


def _set(x: Array, change: dict[int, float]) -> Array:
    moved = x.copy() if change else x
    for column, value in change.items():
        moved[:, column] = value
    return moved


def moves(refit: Refit, columns: Sequence[int]) -> dict[int, float]:
    """Standardised historical medians of some columns of a fit."""
    medians = {k: historical(refit.problem, k, refit.ground) for k in columns}
    return {k: refit.filled.standardised(k, value) for k, value in medians.items()}


def drawn(
    refit: Refit,
    likelihood: Likelihood,
    moved: Sequence[dict[int, float]],
    ensemble: Ensemble,
    name: str,
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> tuple[Silence, list[Change]]:
    """Silence as it was and with each explanation at the median, with intervals over spells.

    Parameters
    ----------
    name : of the forecaster, by which its draws are kept.
    """
    ground = refit.ground
    starts: list[Array] = []
    law, free = likelihood.best(), likelihood.best(recalibrated=True)
    point = refit.probabilities(None, moved, starts)

    def again(number: int) -> list[float]:
        weight = resampled(SEED, number, len(likelihood.by_spell))
        own = likelihood.best(weight)
        found = refit.probabilities(np.append(weight, 0.0), moved, starts)
        return [ground.silence(own, p) for p in found]

    sample = ensemble.table(f"silence under {name}", 1 + len(moved), again, tell)
    plain = [ground.silence(law, p) for p in point]
    silence = Silence(
        _interval(plain[0], sample[:, 0]),
        ground.silence(free, point[0]),
        float(ground.expected(point[0]) @ ground.part),
    )
    return silence, [
        Change(value, _interval(value - plain[0], sample[:, 1 + k] - sample[:, 0]))
        for k, value in enumerate(plain[1:])
    ]


def unrepeated(
    likelihood: Likelihood, asked: Array, ground: Ground, ensemble: Ensemble, name: str
) -> Silence:
    """Silence under a forecaster that is not fitted anew: its interval is that of the law alone."""

    def again(number: int) -> list[float]:
        weight = resampled(SEED, number, len(likelihood.by_spell))
        return [ground.silence(likelihood.best(weight), asked)]

    sample = ensemble.table(f"silence under {name}", 1, again)
    return Silence(
        _interval(ground.silence(likelihood.best(), asked), sample[:, 0]),
        ground.silence(likelihood.best(recalibrated=True), asked),
        float(ground.expected(asked) @ ground.part),
    )


def _interval(estimate: float, sample: Array) -> Interval:
    if not len(sample):
        return Interval(estimate, float("nan"), float("nan"), LEVEL, 0)
    low, high = np.quantile(sample, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(estimate, float(low), float(high), LEVEL, len(sample))
