"""Fitting an explanation: on some units, for others; and every unit by a fit that never saw it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.explanations.filling import fill
from counterpoise.errors import DataError, MissingExtraError
from counterpoise.models.rare_logit import ridge_logit
from counterpoise.workers import single_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.specification import Specification
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Forecaster = Callable[[Flags, Flags], Array]

SEED = 1992
MOST = 0.99
"""Highest probability that a rate may give."""


@dataclass(frozen=True, eq=False)
class Problem:
    """The units and columns that one explanation is fitted on.

    Attributes
    ----------
    values : (n, k) its variables, NaN where unknown; k may be 0.
    """

    units: Units
    values: Array
    specification: Specification


def ridge(problem: Problem, weight: Array | None = None) -> Forecaster:
    """Forecasts by the penalised logit, averaged over imputations.

    Parameters
    ----------
    weight : (n,) how often each unit counts in the fit.

    Returns
    -------
    A function of the units that the fit sees and of those to forecast, that gives a probability
    for each of the latter.
    """

    def forecast(seen: Flags, asked: Flags) -> Array:
        units, rule = problem.units, problem.specification.missing
        rng = np.random.default_rng(SEED)
        filled = fill(problem.values, seen, rule, rng)
        if not has_both(units.event[filled.usable]):
            return climatology(units)(seen, asked)
        found = np.zeros(int(asked.sum()))
        for x in filled.versions:
            fit = ridge_logit(
                x[filled.usable],
                units.event[filled.usable],
                problem.specification.penalty,
                units.offset[filled.usable],
                None if weight is None else weight[filled.usable],
            )
            found += fit.probability(x[asked], units.offset[asked])
        return found / len(filled.versions)

    return forecast


def has_both(outcome: Array) -> bool:
    """Are there units with an event and units without? Else there is nothing to fit.

    An explanation that is known of no event says nothing: its forecast is then climatology's.
    """
    return bool(outcome.size) and bool(outcome.min() < outcome.max())


def climatology(units: Units) -> Forecaster:
    """The rate of events among the units seen, by exposure and crowding."""

    def forecast(seen: Flags, asked: Flags) -> Array:
        rate = units.event[seen].sum() / units.base[seen].sum()
        return np.asarray(np.minimum(rate * units.base[asked], MOST))

    return forecast


def persistence(units: Units) -> Forecaster:
    """Two rates: of units whose state joined such a pact in the window before, and of others."""
    before = _before(units)

    def forecast(seen: Flags, asked: Flags) -> Array:
        found = np.zeros(int(asked.sum()))
        for value in (False, True):
            inside = seen & (before == value)
            # Half an event in one unit keeps a kind without any from being impossible.
            rate = (units.event[inside].sum() + 0.5) / (units.base[inside].sum() + 1)
            chosen = before[asked] == value
            found[chosen] = np.minimum(rate * units.base[asked][chosen], MOST)
        return found

    return forecast


def _before(units: Units) -> Flags:
    joined = {
        (int(i), int(t), int(s))
        for i, t, s, y in zip(units.state, units.target, units.start, units.event, strict=True)
        if y == 1
    }
    keys = zip(units.state, units.target, units.start - units.years, strict=True)
    return np.array([(int(i), int(t), int(s)) in joined for i, t, s in keys], dtype=bool)


def require_learner() -> None:
    """Say at once, not after half a minute of other work, that a library is missing.

    Raises
    ------
    MissingExtraError : scikit-learn is not installed.
    """
    if find_spec("sklearn") is None:
        raise MissingExtraError("scikit-learn", "models", "The flexible learner")


def learner(problem: Problem) -> Forecaster:
    """Gradient-boosted trees on all variables: what a flexible method makes of them at most.

    Its settings are fixed beforehand and not searched. Gaps stay gaps: trees can split on them.

    Raises
    ------
    MissingExtraError : scikit-learn is not installed.
    """
    require_learner()
    from sklearn.ensemble import HistGradientBoostingClassifier

    units = problem.units
    x = np.column_stack([problem.values, units.base])

    def forecast(seen: Flags, asked: Flags) -> Array:
        trees = HistGradientBoostingClassifier(
            learning_rate=0.1,
            max_iter=50,
            max_leaf_nodes=8,
            min_samples_leaf=100,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=SEED,
        )
        with single_thread():
            trees.fit(x[seen], units.event[seen])
            return np.asarray(trees.predict_proba(x[asked])[:, 1], dtype=np.float64)

    return forecast


def held_out(forecast: Forecaster, fold: Ints, known: Flags) -> Array:
    """A probability for every unit by a fit that saw nothing of its fold; shape (n,).

    Raises
    ------
    DataError : there are fewer than two folds.
    """
    labels = np.unique(fold)
    if len(labels) < 2:
        raise DataError("Holding out needs at least two spells of targets")
    found = np.full(len(fold), np.nan)
    for label in labels:
        asked = fold == label
        found[asked] = forecast(known & ~asked, asked)
    return found
