"""How well a score tells rare events from all that did not happen, and whether a cut can be found.

A score is given for everything that could have happened in each year. Few of those things did.
Ranking them can be judged; a cut-off can only be read off, for every statistic that depends on it
moves with single events. ``best_cuts`` shows how far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.scores import Interval
from counterpoise.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEVEL = 0.95

SUPPORT = 1.920729
"""Half of the .95 quantile of chi-square with one degree of freedom: loss of log-likelihood."""


@dataclass(frozen=True, eq=False)
class RareEvents:
    """Scores of events, and of everything else that could have happened, year by year.

    Parameters
    ----------
    events : (e,) score of each event.
    campaigns : (e,) label of each event; events that share one are resampled together.
    event_years : (e,) year of each event.
    years : (y,) all years.
    others : by year, the sorted scores of the pairs to which nothing happened.
    """

    events: Array
    campaigns: NDArray[np.str_]
    event_years: NDArray[np.int64]
    years: NDArray[np.int64]
    others: tuple[Array, ...]

    @property
    def sizes(self) -> Array:
        """(y,) how many pairs nothing happened to, by year."""
        return np.array([len(year) for year in self.others], dtype=np.float64)


@dataclass(frozen=True)
class Ranking:
    """How well a score ranks: the chance that an event's score exceeds a non-event's, ties half.

    ``pooled`` compares with non-events of all years, ``within_year`` with those of the event's own.
    """

    events: int
    pooled: Interval
    within_year: Interval


@dataclass(frozen=True)
class Cut:
    """What one cut-off does. Shares are in [0, 1]."""

    cut: float
    recall: Interval
    caught: int
    flagged_per_year: float
    precision: float


@dataclass(frozen=True)
class BestCuts:
    """Where the best cut-off lies by a criterion, and how little the events say about it.

    ``support`` holds the lowest and highest cut-off whose log-likelihood is within 1.92 of the
    best, ``interval`` the bootstrap bounds of the best, ``spread`` the 5th and 95th percentile of
    the recall that a best cut found on half of the campaigns has on the other half.
    """

    youden: Interval
    likelihood: Interval
    support: tuple[float, float]
    held_out_recall: Interval


def gather(scores: Mapping[int, Array], events: Sequence[tuple[int, int, str]]) -> RareEvents:
    """Set events apart from everything else.

    Parameters
    ----------
    scores : by year, flat scores of all pairs; NaN is unknown and left out.
    events : year, place in that year's scores, and campaign of each event with a known score.

    Raises
    ------
    DataError : no event has a known score.
    """
    known = [e for e in events if not np.isnan(scores[e[0]][e[1]])]
    if not known:
        raise DataError("No event has a known score: nothing can be ranked.")
    years = np.array(sorted(scores), dtype=np.int64)
    others = []
    for year in years:
        quiet = np.delete(scores[int(year)], [p for y, p, _ in known if y == year])
        others.append(np.sort(quiet[~np.isnan(quiet)]))
    return RareEvents(
        events=np.array([scores[y][p] for y, p, _ in known]),
        campaigns=np.array([c for _, _, c in known]),
        event_years=np.array([y for y, _, _ in known], dtype=np.int64),
        years=years,
        others=tuple(others),
    )


def ranking(found: RareEvents, rng: np.random.Generator, draws: int = 2000) -> Ranking:
    """Area under the receiver operating curve, with bounds from resampled campaigns and years."""
    below = np.stack([_below(year, found.events) for year in found.others], axis=1)
    weight, years = _weights(found, rng, draws)
    n = found.sizes
    pooled = float(below.sum() / (len(found.events) * n.sum()))
    drawn = np.einsum("de,ey,dy->d", weight, below, years, optimize=True)
    drawn = drawn / (weight.sum(axis=1) * (years @ n))
    column = np.searchsorted(found.years, found.event_years)
    own = below[np.arange(len(column)), column] / n[column]
    within = weight @ own / weight.sum(axis=1)
    return Ranking(len(column), _interval(pooled, drawn), _interval(float(own.mean()), within))


def _below(others: Array, events: Array) -> Array:
    """How many of the others each event exceeds, ties half."""
    left = np.searchsorted(others, events, "left")
    return (left + np.searchsorted(others, events, "right")) / 2


def _weights(found: RareEvents, rng: np.random.Generator, draws: int) -> tuple[Array, Array]:
    """How often each event and each year is in each draw: (draws, e) and (draws, y)."""
    _, label = np.unique(found.campaigns, return_inverse=True)
    groups, years = int(label.max()) + 1, len(found.years)
    drawn = rng.multinomial(groups, np.full(groups, 1 / groups), size=draws)[:, label]
    chosen = rng.multinomial(years, np.full(years, 1 / years), size=draws)
    return drawn.astype(np.float64), chosen.astype(np.float64)


def _interval(estimate: float, drawn: Array) -> Interval:
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(estimate, float(low), float(high), LEVEL, len(drawn))


def cuts(
    found: RareEvents, at: Sequence[float], rng: np.random.Generator, draws: int = 2000
) -> tuple[Cut, ...]:
    """Recall, pairs flagged per year and precision at given cut-offs."""
    weight, _ = _weights(found, rng, draws)
    return tuple(_cut(found, cut, weight) for cut in at)


def _cut(found: RareEvents, cut: float, weight: Array) -> Cut:
    caught = found.events >= cut
    drawn = weight @ caught / weight.sum(axis=1)
    flagged = int(caught.sum() + sum(len(o) - np.searchsorted(o, cut) for o in found.others))
    return Cut(
        cut,
        _interval(float(caught.mean()), drawn),
        int(caught.sum()),
        flagged / len(found.years),
        float(caught.sum() / flagged) if flagged else float("nan"),
    )


def best_cuts(found: RareEvents, rng: np.random.Generator, draws: int = 2000) -> BestCuts:
    """The best cut-off by two criteria, over resampled events and years.

    Youden's (1950) index takes the greatest recall less false-alarm rate. The likelihood takes the
    step at which two rates of events, one on each side, fit best.
    """
    grid = np.unique(found.events)
    flagged = np.stack(
        [len(o) - np.searchsorted(o, grid, "left") for o in found.others], axis=1
    ).astype(np.float64)
    caught = (found.events[:, None] >= grid).astype(np.float64)
    weight, years = _weights(found, rng, draws)
    whole = np.ones((1, len(found.events))), np.ones((1, len(found.years)))
    one = _criteria(caught, flagged, found.sizes, *whole)
    many = _criteria(caught, flagged, found.sizes, weight, years)
    best = [grid[c[0].argmax()] for c in one]
    drawn = [grid[c.argmax(axis=1)] for c in many]
    near = grid[one[1][0] >= one[1][0].max() - SUPPORT]
    return BestCuts(
        youden=_interval(float(best[0]), drawn[0]),
        likelihood=_interval(float(best[1]), drawn[1]),
        support=(float(near.min()), float(near.max())),
        held_out_recall=_held_out(found, caught, flagged, grid, rng, draws),
    )


def _criteria(
    caught: Array, flagged: Array, sizes: Array, weight: Array, years: Array
) -> tuple[Array, Array]:
    """Youden's index and log-likelihood of each cut-off in each draw; both (draws, cuts)."""
    hits, alarms = weight @ caught, years @ flagged.T
    events, quiet = weight.sum(axis=1)[:, None], (years @ sizes)[:, None]
    youden = hits / events - alarms / quiet
    fit = _step(hits, alarms) + _step(events - hits, quiet - alarms)
    return youden, fit


def _step(events: Array, others: Array) -> Array:
    """Log-likelihood of some events and non-events at their own rate."""
    total = events + others
    fit = np.zeros(np.broadcast(events, others).shape)
    for part in (events, others):
        rate = np.divide(part, total, out=np.ones_like(fit), where=(part > 0) & (total > 0))
        fit = fit + part * np.log(rate)
    return fit


def _held_out(
    found: RareEvents,
    caught: Array,
    flagged: Array,
    grid: Array,
    rng: np.random.Generator,
    draws: int,
) -> Interval:
    """Recall on one half of the campaigns at the cut-off that the other half finds best."""
    _, label = np.unique(found.campaigns, return_inverse=True)
    half = rng.permuted(np.tile(np.arange(label.max() + 1) % 2, (draws, 1)), axis=1)
    learn = (half[:, label] == 0).astype(np.float64)
    whole = np.ones((draws, len(found.years)))
    youden, _ = _criteria(caught, flagged, found.sizes, learn, whole)
    best = youden.argmax(axis=1)
    rest = 1 - learn
    recall = np.einsum("de,ed->d", rest, caught[:, best]) / rest.sum(axis=1)
    return _interval(float(recall.mean()), recall)
