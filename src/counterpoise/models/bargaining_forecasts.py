"""What the models of bargaining expect on an issue, with intervals, and how far off they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.bargaining import weighted_mean, weighted_median
from counterpoise.models.challenge import STANDARD, ChallengeRules, forecast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.bargaining import Issue

    Array = NDArray[np.float64]

MODELS = ("median", "mean", "challenge")


def forecasts(issue: Issue, rules: ChallengeRules = STANDARD) -> dict[str, Array]:
    """What each of the three models expects; each of shape () or (draws,)."""
    return {
        "median": weighted_median(issue.positions, issue.weights),
        "mean": weighted_mean(issue.positions, issue.weights),
        "challenge": forecast(issue, rules),
    }


def swings(issue: Issue, rules: ChallengeRules = STANDARD) -> dict[str, Array]:
    """Forecast of each model when one actor stands at either end of the scale; each (n, 2).

    The actor whose pair lies farthest apart swings the outcome most. For median and mean the pair
    bounds all that the actor can bring about; the challenge model need not move steadily between.

    Parameters
    ----------
    issue : with positions and saliences of shape (n,).
    """
    n = len(issue.actors)
    actor = np.arange(n)
    moved = np.repeat(np.asarray(issue.positions, float)[None], 2 * n, axis=0)
    moved[2 * actor, actor], moved[2 * actor + 1, actor] = issue.ends
    found = forecasts(replace(issue, positions=moved), rules)
    return {name: values.reshape(n, 2) for name, values in found.items()}


@dataclass(frozen=True)
class Expected:
    """A model's forecast from the best codings, and its bounds over their ranges."""

    model: str
    forecast: float
    low: float
    high: float
    level: float
    draws: int


def intervals(
    best: Issue, drawn: Issue, rules: ChallengeRules = STANDARD, level: float = 0.95
) -> tuple[Expected, ...]:
    """Forecasts of all models, with bounds over draws of positions and saliences.

    Parameters
    ----------
    best : the best codings, positions of shape (n,).
    drawn : the same issue with positions or saliences of shape (draws, n); see ``triangles``.
    """
    point, spread = forecasts(best, rules), forecasts(drawn, rules)
    tails = ((1 - level) / 2, (1 + level) / 2)
    found = []
    for name, drawn_forecast in spread.items():
        low, high = np.quantile(drawn_forecast, tails)
        size = drawn_forecast.size
        found.append(Expected(name, float(point[name]), float(low), float(high), level, size))
    return tuple(found)


@dataclass(frozen=True)
class Accuracy:
    """How far each model was from what happened, in hundredths of each issue's scale.

    ``forecasts`` (models, issues) are on the issues' own scales, ``errors`` the absolute
    distances to the outcomes, ``mean_absolute_error`` (models,) their means. Issues without a
    recorded outcome (NaN) have NaN errors and are left out of the means.
    """

    models: tuple[str, ...]
    forecasts: Array
    errors: Array
    mean_absolute_error: Array
    scored: int


def accuracy(
    issues: Sequence[Issue], outcomes: Array, rules: ChallengeRules = STANDARD
) -> Accuracy:
    """Score the three models on issues whose outcome is recorded.

    Raises
    ------
    ModelError : the numbers of issues and outcomes differ, or no outcome is recorded.
    """
    happened = np.asarray(outcomes, dtype=float)
    if happened.shape != (len(issues),) or not np.isfinite(happened).any():
        raise ModelError(
            f"{len(issues)} issues and {happened.size} outcomes: give one outcome for each issue "
            "(NaN where none is recorded), at least one of them recorded"
        )
    each = [forecasts(issue, rules) for issue in issues]
    found = np.array([[float(e[name]) for e in each] for name in MODELS])
    width = np.array([issue.ends[1] - issue.ends[0] for issue in issues])
    errors = 100 * np.abs(found - happened) / width
    known = np.isfinite(happened)
    return Accuracy(MODELS, found, errors, errors[:, known].mean(axis=1), int(known.sum()))
