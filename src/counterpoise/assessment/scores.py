"""Proper scores of forecasts: Brier, logarithmic, skill, calibration, all with intervals.

Every score is a loss: smaller is better. A forecast without a known outcome has no score; leave it
out before scoring and say how many were left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]
    Counts = NDArray[np.int64]

Scale = Literal["binary", "two-category"]
"""Of a Brier score: 0 to 1, or the original 0 to 2 that sums over both categories."""

Z95 = 1.959963984540054


def brier_each(probability: ArrayLike, outcome: ArrayLike, scale: Scale = "binary") -> Array:
    """Squared error of each forecast: (p − y)², or twice that on the two-category scale.

    Parameters
    ----------
    probability : (m,) of the event, in [0, 1].
    outcome : (m,) of 0 (did not happen) and 1 (happened).

    Source: Brier (1950), who sums over both categories; the binary scale is half of that.

    Raises
    ------
    DataError : shapes differ, a probability is outside [0, 1] or an outcome is not 0 or 1.
    """
    p, y = _checked(probability, outcome)
    squared = (p - y) ** 2
    return squared if scale == "binary" else 2 * squared


def brier(probability: ArrayLike, outcome: ArrayLike, scale: Scale = "binary") -> float:
    """Mean Brier score of a set of forecasts; see ``brier_each``."""
    return float(brier_each(probability, outcome, scale).mean())


def log_each(probability: ArrayLike, outcome: ArrayLike) -> Array:
    """Logarithmic score of each forecast in nats: −ln of the probability given to what happened.

    Infinite where the impossible happened: nothing is clipped. Source: Good (1952).
    """
    p, y = _checked(probability, outcome)
    with np.errstate(divide="ignore"):
        return -np.log(np.where(y == 1, p, 1 - p))


def log_score(probability: ArrayLike, outcome: ArrayLike) -> float:
    """Mean logarithmic score in nats; see ``log_each``."""
    return float(log_each(probability, outcome).mean())


def brier_categories_each(probability: ArrayLike, chosen: ArrayLike) -> Array:
    """Brier score of each forecast over k categories, from 0 to 2 (Brier 1950).

    Parameters
    ----------
    probability : (m, k), every row summing to one.
    chosen : (m,) places of the categories that came about.
    """
    p, place = _checked_categories(probability, chosen)
    return np.asarray(((p - np.eye(p.shape[1])[place]) ** 2).sum(axis=1))


def log_categories_each(probability: ArrayLike, chosen: ArrayLike) -> Array:
    """Logarithmic score in nats of each forecast over k categories; shapes as for Brier."""
    p, place = _checked_categories(probability, chosen)
    with np.errstate(divide="ignore"):
        return -np.log(p[np.arange(place.size), place])


def skill(score: float, reference: float) -> float:
    """Share of a reference's loss that a forecast saves: 1 − score / reference.

    1 is perfect, 0 no better than the reference, negative worse; NaN where the reference is
    perfect or unbounded, since then the share has no meaning.
    """
    return 1 - score / reference if 0 < reference < np.inf else float("nan")


def climatology(outcome: ArrayLike) -> Array:
    """Share of events, as a forecast for each case; shape (m,).

    It knows the outcomes that it is scored on, so it is a stern reference for a small set.
    """
    y = np.asarray(outcome, dtype=float)
    _check_outcomes(y)
    return np.full(y.size, y.mean())


@dataclass(frozen=True)
class Calibration:
    """Forecasts in bins, and how often what they forecast happened; one entry per bin in use.

    ``low`` and ``high`` are Wilson's 95 % bounds of the observed share.
    """

    count: Counts
    probability: Array
    observed: Array
    low: Array
    high: Array

    @property
    def expected_error(self) -> float:
        """Mean gap between probability and observed share, weighted by the forecasts in a bin."""
        gap = np.abs(self.probability - self.observed)
        return float(self.count @ gap / self.count.sum())


def calibration(
    probability: ArrayLike, outcome: ArrayLike, edges: ArrayLike | None = None
) -> Calibration:
    """Table behind a calibration picture.

    Parameters
    ----------
    edges : rising cut-points from 0 to 1, bins closed below (the last on both ends);
        eleven equally spaced ones unless given.
    """
    p, y = _checked(probability, outcome)
    place = _bins(p, np.linspace(0, 1, 11) if edges is None else np.asarray(edges, dtype=float))
    count, forecast, observed = _group_means(p, y, place)
    low, high = wilson(observed, count)
    return Calibration(count, forecast, observed, low, high)


def wilson(share: Array, count: Counts, z: float = Z95) -> tuple[Array, Array]:
    """Bounds of a share seen in ``count`` trials (Wilson 1927), which stay inside [0, 1]."""
    spread = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    middle, width = share + z**2 / (2 * count), 1 + z**2 / count
    return np.clip((middle - spread) / width, 0, 1), np.clip((middle + spread) / width, 0, 1)


@dataclass(frozen=True)
class Decomposition:
    """Parts of a Brier score on the binary scale.

    ``brier`` = ``reliability`` − ``resolution`` + ``uncertainty`` + ``within_bins``.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_bins: float

    @property
    def brier(self) -> float:
        """The score that the parts sum to."""
        return self.reliability - self.resolution + self.uncertainty + self.within_bins


def decompose(
    probability: ArrayLike, outcome: ArrayLike, edges: ArrayLike | None = None
) -> Decomposition:
    """Reliability, resolution and uncertainty of a set of forecasts (Murphy 1973).

    Without ``edges`` equal probabilities are grouped and the three parts are exact. With them,
    forecasts that differ within a bin leave a remainder, kept in ``within_bins`` (Stephenson,
    Coelho & Jolliffe 2008 split it into a variance and a covariance; here it is one figure).
    """
    p, y = _checked(probability, outcome)
    if edges is None:
        place = np.unique(p, return_inverse=True)[1]
    else:
        place = _bins(p, np.asarray(edges, dtype=float))
    count, forecast, observed = _group_means(p, y, place)
    # Deviations of p and y from their bin's means: their cross terms with the means vanish.
    used = np.unique(place, return_inverse=True)[1]
    off_p, off_y = p - forecast[used], y - observed[used]
    weight, base = count / p.size, float(y.mean())
    return Decomposition(
        reliability=float(weight @ (forecast - observed) ** 2),
        resolution=float(weight @ (observed - base) ** 2),
        uncertainty=base * (1 - base),
        within_bins=float((off_p**2 - 2 * off_p * off_y).mean()),
    )


@dataclass(frozen=True)
class Interval:
    """An estimate with bootstrap percentile bounds at the stated level."""

    estimate: float
    low: float
    high: float
    level: float
    draws: int


def mean_interval(
    each: ArrayLike,
    rng: np.random.Generator,
    clusters: ArrayLike | None = None,
    draws: int = 2000,
    level: float = 0.95,
) -> Interval:
    """Mean of the scores of single forecasts, with bounds by resampling.

    Parameters
    ----------
    each : (m,) scores; a difference of two forecasters' scores gives a paired comparison.
    clusters : (m,) labels; forecasts that share one (a pact, a claimant) are drawn together.
    """
    score = np.asarray(each, dtype=float)
    weight, label = _resampled(score.size, rng, clusters, draws)
    drawn = (weight @ np.bincount(label, score)) / (weight @ np.bincount(label))
    return _interval(float(score.mean()), drawn, level)


def skill_interval(
    each: ArrayLike,
    reference: ArrayLike,
    rng: np.random.Generator,
    clusters: ArrayLike | None = None,
    draws: int = 2000,
    level: float = 0.95,
) -> Interval:
    """Skill of one set of scores against another on the same cases, with bounds by resampling.

    Draws in which the reference is perfect have no skill and are left out of the bounds.
    """
    score, base = np.asarray(each, dtype=float), np.asarray(reference, dtype=float)
    if score.shape != base.shape:
        raise DataError(
            f"{score.size} scores against {base.size} of the reference: score the same cases"
        )
    weight, label = _resampled(score.size, rng, clusters, draws)
    ours, theirs = weight @ np.bincount(label, score), weight @ np.bincount(label, base)
    usable = theirs > 0
    found = 1 - ours[usable] / theirs[usable]
    return _interval(skill(float(score.mean()), float(base.mean())), found, level)


def _interval(estimate: float, drawn: Array, level: float) -> Interval:
    if drawn.size == 0:
        return Interval(estimate, float("nan"), float("nan"), level, 0)
    low, high = np.quantile(drawn, ((1 - level) / 2, (1 + level) / 2))
    return Interval(estimate, float(low), float(high), level, drawn.size)


def _resampled(
    size: int, rng: np.random.Generator, clusters: ArrayLike | None, draws: int
) -> tuple[Array, NDArray[np.intp]]:
    """How often each cluster is in each draw, (draws, clusters), and each case's cluster, (size,).

    By clusters and not by cases, of which there may be tens of thousands.
    """
    if size == 0:
        raise DataError("No forecasts to score: give at least one with a known outcome")
    label = np.arange(size) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    if label.size != size:
        raise DataError(f"{label.size} cluster labels for {size} forecasts: give one each")
    groups = int(label.max()) + 1
    drawn = rng.multinomial(groups, np.full(groups, 1 / groups), size=draws)
    return drawn.astype(float), label


def _bins(probability: Array, edges: Array) -> NDArray[np.intp]:
    if edges.size < 2 or edges[0] > 0 or edges[-1] < 1 or (np.diff(edges) <= 0).any():
        raise DataError("Edges of bins must rise and reach from 0 to 1, such as [0, 0.2, 0.5, 1]")
    # A bin holds its lower edge: only the interior edges divide, so that 1 falls in the last bin.
    return np.searchsorted(edges[1:-1], probability, side="right")


def _group_means(p: Array, y: Array, place: NDArray[np.intp]) -> tuple[Counts, Array, Array]:
    count = np.bincount(place)
    used = count > 0
    count = count[used].astype(np.int64)
    return count, np.bincount(place, p)[used] / count, np.bincount(place, y)[used] / count


def _checked(probability: ArrayLike, outcome: ArrayLike) -> tuple[Array, Array]:
    p, y = np.asarray(probability, dtype=float), np.asarray(outcome, dtype=float)
    if p.shape != y.shape or p.ndim != 1 or p.size == 0:
        raise DataError(
            f"Probabilities of shape {p.shape} and outcomes of shape {y.shape}: "
            "give two lists of the same length, with at least one forecast"
        )
    _check_outcomes(y)
    _check_probabilities(p)
    return p, y


def _check_outcomes(y: Array) -> None:
    wrong = np.flatnonzero((y != 0) & (y != 1))
    if wrong.size:
        raise DataError(
            f"Outcome {wrong[0] + 1} is {y[wrong[0]]}: outcomes are 0 or 1; "
            "leave out forecasts whose outcome is unknown"
        )


def _check_probabilities(p: Array) -> None:
    wrong = np.argwhere(~((p >= 0) & (p <= 1)))
    if wrong.size:
        place = tuple(int(k) for k in wrong[0])
        raise DataError(f"Probability {place[0] + 1} is {p[place]}: probabilities lie in [0, 1]")


def _checked_categories(probability: ArrayLike, chosen: ArrayLike) -> tuple[Array, Counts]:
    p, given = np.asarray(probability, dtype=float), np.asarray(chosen)
    if p.ndim != 2 or given.shape != p.shape[:1] or p.size == 0:
        raise DataError(
            f"Probabilities of shape {p.shape} and choices of shape {given.shape}: "
            "give one row of probabilities and one choice for each forecast"
        )
    _check_probabilities(p)
    uneven = np.flatnonzero(np.abs(p.sum(axis=1) - 1) > 1e-8)
    if uneven.size:
        raise DataError(
            f"Row {uneven[0] + 1} of the probabilities sums to {p[uneven[0]].sum():g}; it must be 1"
        )
    outside = np.flatnonzero(~np.isin(given, np.arange(p.shape[1])))
    if outside.size:
        raise DataError(
            f"Choice {outside[0] + 1} is {given[outside[0]]}: choices are places from 0 to "
            f"{p.shape[1] - 1}; leave out those that are unknown"
        )
    return p, given.astype(np.int64)
