"""Agreement between coders of the same units: Krippendorff's alpha.

Alpha compares the disagreement seen within units with the disagreement expected if the same values
were paired at random: 1 is perfect agreement, 0 what chance gives, below 0 worse than chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

Metric = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True)
class Agreement:
    """Alpha with bounds by resampling units, and what it rests on.

    ``pairable`` counts the values in units that at least two coders coded. ``undefined`` is the
    share of draws without variation, which have no alpha and are left out of the bounds.
    """

    alpha: float
    low: float
    high: float
    metric: Metric
    coders: int
    units: int
    pairable: int
    level: float
    draws: int
    undefined: float


def alpha(ratings: ArrayLike, metric: Metric = "interval") -> float:
    """Krippendorff's alpha; NaN where no unit has two values or all values are the same.

    Parameters
    ----------
    ratings : (coders, units) numbers, NaN where a coder did not code a unit. For the nominal
        metric the numbers are only labels; for the ratio metric they must not be negative.
    metric : how far apart two values are.

    Source: Krippendorff (2004), Content Analysis, chapter 11.
    """
    values, counts = _tallies(ratings, metric)
    return _alpha(values, counts, metric)


def agreement(
    ratings: ArrayLike,
    rng: np.random.Generator,
    metric: Metric = "interval",
    draws: int = 1000,
    level: float = 0.95,
) -> Agreement:
    """Alpha with percentile bounds.

    Units are drawn with replacement. Hayes & Krippendorff (2007) draw pairs of values instead,
    which treats pairs in one unit as independent and gives narrower bounds.
    """
    values, counts = _tallies(ratings, metric)
    drawn = np.full(draws, np.nan)
    for k in range(draws if len(counts) else 0):
        drawn[k] = _alpha(values, counts[rng.integers(len(counts), size=len(counts))], metric)
    known = drawn[~np.isnan(drawn)]
    tails = ((1 - level) / 2, (1 + level) / 2)
    low, high = np.quantile(known, tails) if known.size else (np.nan, np.nan)
    coders, units = np.asarray(ratings).shape
    return Agreement(
        alpha=_alpha(values, counts, metric),
        low=float(low),
        high=float(high),
        metric=metric,
        coders=coders,
        units=units,
        pairable=int(counts.sum()),
        level=level,
        draws=draws,
        undefined=1 - known.size / draws,
    )


def _tallies(ratings: ArrayLike, metric: Metric) -> tuple[Array, Array]:
    """Distinct values, rising, and how often each occurs in each unit with two values or more."""
    table = np.asarray(ratings, dtype=float)
    if metric not in get_args(Metric):
        raise DataError(f'Unknown metric "{metric}". Known: {", ".join(get_args(Metric))}')
    if table.ndim != 2:
        raise DataError(f"Ratings of shape {table.shape}: give a row per coder, a column per unit")
    known = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    if metric == "ratio" and (known < 0).any():
        raise DataError("The ratio metric needs values of zero or more; use the interval metric")
    values = np.unique(known[~np.isnan(known)])
    counts = np.array([(unit[:, None] == values).sum(axis=0) for unit in known.T], dtype=float)
    return values, counts.reshape(known.shape[1], values.size)


def _alpha(values: Array, counts: Array, metric: Metric) -> float:
    """One less the ratio of observed to expected disagreement, from tallies (units, values)."""
    margin = counts.sum(axis=0)
    total = margin.sum()
    distance = _distance(values, margin, metric)
    expected = margin @ distance @ margin / (total - 1) if total > 1 else 0.0
    if expected == 0:
        return float("nan")
    within = ((counts @ distance) * counts).sum(axis=1)
    observed = (within / (counts.sum(axis=1) - 1)).sum()
    return float(1 - observed / expected)


def _distance(values: Array, margin: Array, metric: Metric) -> Array:
    """Squared distance between any two values; for ranks it depends on how often values occur."""
    if metric == "nominal":
        return 1 - np.eye(values.size)
    scale = np.cumsum(margin) - margin / 2 if metric == "ordinal" else values
    gap = np.subtract.outer(scale, scale)
    if metric == "ratio":
        total = np.add.outer(scale, scale)
        gap = np.divide(gap, total, out=np.zeros_like(gap), where=total > 0)
    return np.asarray(gap**2)
