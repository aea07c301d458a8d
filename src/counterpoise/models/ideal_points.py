"""Ideal points from roll calls: a dynamic ordinal item-response model, by variational inference.

Each vote is *no*, *abstain* or *yes* in that order, an ordered logit of a state's ideal point with
a discrimination and two cut points per item (``ideal_points_likelihood``). Ideal points walk from
period to period (``ideal_points_walk``); roll calls with the same item share its parameters, so a
resolution voted on again bridges the periods; items are exchangeable (``ideal_points_items``).

*Estimation.* The posterior of the ideal points is approximated by the normal that bounds the
likelihood best (variational inference); items are set at their maximum and the walk by expectation–
maximisation. Means and items are moved together by Newton's method, with the curvature of all of
them at once (``ideal_points_newton``, ``ideal_points_fronts``): in turn they would crawl, since a
period's items and ideal points can shift together at almost no cost.

*Standard errors* come from the same curvature, so they count the uncertainty of the items, of
bridges and of the walk's drift, not only that of a state's own votes.

*Identification.* Higher is nearer to the state named ``positive``; over all ideal points with a
vote the mean is 0 and the standard deviation 1 in each dimension; dimensions are uncorrelated, the
one that tells most votes apart first. Standard errors are those of the ideal points in that frame.

Model: Bailey, Strezhnev & Voeten (2017), here with a logistic link and a walk that keeps the scale;
the bound is that of Challis & Barber (2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import needs_extra
from counterpoise.models.ideal_points_absences import lay_out_with
from counterpoise.workers import single_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_frame import Frame
    from counterpoise.models.ideal_points_layout import Layout
    from counterpoise.models.ideal_points_steps import Stage

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Votes = NDArray[np.int8]

NO, ABSTAIN, YES = 0, 1, 2
ABSENT, OUTSIDE = -1, -2
"""A member that cast no vote, and a state that had none to cast."""

EXACT_BELOW = 0.5
"""Largest change, in standard deviations, after which Newton's steps use the exact curvature."""

Absences = Literal["ignore", "abstain", "model"]


@dataclass(frozen=True)
class VoteProblem:
    """Roll calls to scale.

    Parameters
    ----------
    votes : (rollcalls, states) NO 0, ABSTAIN 1, YES 2, ABSENT −1, OUTSIDE −2.
    period : (rollcalls,) whole numbers from 0, the period of each roll call.
    item : (rollcalls,) any whole numbers; roll calls with the same one share an item.
    positive : place of the state that lies at the positive end of every dimension.

    Raises
    ------
    ModelError : shapes do not fit, a code is unknown, or the positive state cast no vote.
    """

    votes: Votes
    period: Ints
    item: Ints
    positive: int

    def __post_init__(self) -> None:
        rollcalls = self.votes.shape[0] if self.votes.ndim == 2 else -1
        if self.period.shape != (rollcalls,) or self.item.shape != (rollcalls,):
            raise ModelError(
                f"votes of shape {self.votes.shape} need a period and an item for each row; "
                f"there are {self.period.size} and {self.item.size}."
            )
        if rollcalls == 0 or not (self.votes >= 0).any():
            raise ModelError("There is no vote to fit ideal points to.")
        if self.votes.min() < OUTSIDE or self.votes.max() > YES:
            raise ModelError("Votes are coded 0 no, 1 abstain, 2 yes, -1 absent, -2 outside.")
        if self.period.min() < 0:
            raise ModelError("Periods are numbered from 0.")
        if not 0 <= self.positive < self.votes.shape[1]:
            raise ModelError(f"The positive state is no. {self.positive}, which does not exist.")
        if not (self.votes[:, self.positive] >= 0).any():
            raise ModelError("The state that should be positive cast no vote. Name another.")


@dataclass(frozen=True)
class IdealPoints:
    """Ideal points, items, and how the fit ended.

    ``theta`` and ``se`` (states, periods, D), NaN before a state's first vote and after its last;
    ``votes`` (states, periods) votes cast; ``discrimination`` (items, D), ``lower`` and ``upper``
    (items,) cut points on β·θ below which a vote is no and above which it is yes, with ``items``
    (items,) their numbers; ``persistence`` (periods − 1,) the correlation of ideal points of one
    period with those of the next. ``change`` is the largest change of an ideal point in the last
    iteration.
    """

    theta: Array
    se: Array
    votes: Ints
    items: Ints
    discrimination: Array
    lower: Array
    upper: Array
    persistence: Array
    log_likelihood: float
    bound: float
    iterations: int
    change: float
    tolerance: float
    absences: Absences

    @property
    def is_converged(self) -> bool:
        """Did the last iteration change every ideal point by less than the tolerance?"""
        return self.change < self.tolerance


def fit(
    problem: VoteProblem,
    *,
    dimensions: int = 1,
    absences: Absences = "ignore",
    tolerance: float = 1e-3,
    most_iterations: int = 100,
    nodes: int = 3,
    tell: Callable[[str], None] = lambda line: None,
) -> IdealPoints:
    """Fit ideal points and items.

    Parameters
    ----------
    dimensions : of the ideal points.
    absences : ``ignore`` them, count them as abstentions (``abstain``), or ``model`` whether a
        member votes, with the state's usual attendance and an item of its own for each roll call.
    tolerance : largest change of any ideal point, in standard deviations, at which to stop.
    nodes : Gauss–Hermite nodes of each expectation.
    tell : called with one line per iteration.

    Raises
    ------
    ModelError : an impossible number of dimensions.
    MissingExtraError : numba or scipy is not installed.
    """
    if not 1 <= dimensions < problem.votes.shape[1]:
        raise ModelError(f"{dimensions} dimensions for {problem.votes.shape[1]} states.")
    with needs_extra("Fitting ideal points"):
        from counterpoise.models import ideal_points_steps as steps
    layout, is_binary = lay_out_with(problem, absences)
    with single_thread():
        begun = steps.begin(layout, dimensions, nodes, is_binary)
        ended = _iterated(begun, problem.positive, tolerance, most_iterations, tell)
        return _result(problem, ended, absences)


@dataclass(frozen=True)
class Ended:
    """Where and how the iterations ended; ``change`` is the last one's largest."""

    stage: Stage
    seen: Frame
    iterations: int
    change: float
    tolerance: float


def _iterated(
    stage: Stage, positive: int, tolerance: float, most: int, tell: Callable[[str], None]
) -> Ended:
    """Newton's steps, with leaps between them, until no ideal point changes by the tolerance.

    The change after a leap counts the leap, so that the fit never ends on one.
    """
    from counterpoise.models import ideal_points_leaps as leaps
    from counterpoise.models import ideal_points_steps as steps
    from counterpoise.models.ideal_points_frame import frame

    layout = stage.posed.layout
    trail: list[list[Array]] = []
    seen = frame(layout, stage.at, positive)
    points, change, done = seen.points(stage.at.mean), np.inf, 0
    while change >= tolerance and done < most:
        if change < leaps.SETTLED_BELOW and len(trail) >= leaps.SPACING:
            stage = leaps.leap(stage, trail)
            trail = []
        stage = steps.advance(stage, is_exact=change < EXACT_BELOW)
        trail.append(leaps.position(stage))
        seen, before = frame(layout, stage.at, positive), points
        points = seen.points(stage.at.mean)
        change, done = float(np.abs(points - before)[seen.used].max()), done + 1
        tell(f"iteration {done}: bound {stage.bound:.3f}, largest change {change:.2e}")
    return Ended(stage, seen, done, change, tolerance)


def _result(problem: VoteProblem, ended: Ended, absences: Absences) -> IdealPoints:
    from counterpoise.models.ideal_points_frame import standard_errors

    stage, seen = ended.stage, ended.seen
    layout = stage.posed.layout
    own = ~stage.posed.prior.is_binary
    discrimination, lower, upper = seen.items(stage.at.items)
    return IdealPoints(
        theta=_table(layout, seen.points(stage.at.mean)),
        se=_table(layout, standard_errors(stage, seen)),
        votes=_votes_cast(problem),
        items=np.unique(problem.item),
        discrimination=discrimination[own],
        lower=lower[own],
        upper=upper[own],
        persistence=stage.posed.walk.persistence[:-1],
        log_likelihood=float(stage.sums.log_likelihood.sum()),
        bound=stage.bound,
        iterations=ended.iterations,
        change=ended.change,
        tolerance=ended.tolerance,
        absences=absences,
    )


def _table(layout: Layout, values: Array) -> Array:
    """Values of the cells as (states, periods, D), NaN where there is no cell."""
    periods, states = layout.cell.shape
    table = np.full((states, periods, values.shape[1]), np.nan)
    table[layout.trails.state, layout.trails.period] = values
    return table


def _votes_cast(problem: VoteProblem) -> Ints:
    counted = np.zeros((int(problem.period.max()) + 1, problem.votes.shape[1]), dtype=np.int64)
    np.add.at(counted, problem.period, problem.votes >= 0)
    return counted.T
