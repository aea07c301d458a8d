"""Ideal points: all UN votes; and our joint Newton steps against two rival solvers in one run.

No package that we found on PyPI fits a dynamic ordinal item-response model (girth and py-irt fit
static ones), so the rivals are solvers of the same objective, with our compiled sums: L-BFGS from
SciPy, and ideal points and items in turn by Newton's method, as expectation–maximisation takes
them. All begin at one place with the same priors; the rivals stop once they are within one unit of
our optimum of the penalised log likelihood, or after so many evaluations.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from benchmarks.case import Case
from scipy.optimize import minimize

import counterpoise as cp
from counterpoise.measures.votes import from_record
from counterpoise.models import ideal_points_steps as steps
from counterpoise.models.ideal_points_absences import lay_out_with
from counterpoise.models.ideal_points_newton import Point, Posed, eliminate, pack, unpack
from counterpoise.workers import single_thread

NEAR = 1.0
"""Units of log likelihood from the optimum at which a rival has arrived."""

MOST_EVALUATIONS = 4000
TURNS = 600
FURTHEST = 1.5


class NearEnoughError(Exception):
    """A rival is near enough."""


def start(years: tuple[int, int]) -> tuple[Posed, Point]:
    """Priors after fifteen steps, and the place where the first of them began."""
    layout, is_binary = lay_out_with(from_record(years).problem, "ignore")
    begun = steps.begin(layout, 1, 3, is_binary)
    stage = begun
    for _ in range(15):
        stage = steps.advance(stage, is_exact=False)
    return stage.posed, begun.at


def newton(posed: Posed, at: Point) -> float:
    """All ideal points and items together, until nothing is gained."""
    sums, damping = posed.sums(at), 1e-2
    value = posed.objective(sums, at)
    for _ in range(100):
        factored = eliminate(posed, sums, at, damping, is_exact=False)
        solved = factored.solve(pack(posed.layout, posed.gradient(sums, at)))
        move = unpack(posed.layout, solved, at)
        share = min(1.0, FURTHEST / float(np.abs(move.mean).max()))
        trial = Point(at.mean + share * move.mean, at.items + share * move.items)
        found = posed.sums(trial)
        gained = posed.objective(found, trial) - value
        if gained < 0:
            damping = max(damping, 1e-4) * 10
            continue
        at, sums, value, damping = trial, found, value + gained, damping / 10
        if gained < NEAR / 100:
            break
    return value


def by_lbfgs(posed: Posed, at: Point, goal: float) -> float:
    """SciPy's L-BFGS on the same objective and gradient."""
    size, shape = at.mean.size, at.items.shape
    best = -np.inf

    def negative(x: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal best
        here = Point(x[:size].reshape(at.mean.shape), x[size:].reshape(shape))
        sums = posed.sums(here)
        value = posed.objective(sums, here)
        best = max(best, value)
        if value > goal - NEAR:
            raise NearEnoughError
        slope = posed.gradient(sums, here)
        return -value, -np.concatenate([slope.mean.ravel(), slope.items.ravel()])

    x = np.concatenate([at.mean.ravel(), at.items.ravel()])
    options = {"maxfun": MOST_EVALUATIONS, "maxiter": MOST_EVALUATIONS, "ftol": 0, "gtol": 1e-9}
    try:
        minimize(negative, x, jac=True, method="L-BFGS-B", options=options | {"maxcor": 30})
    except NearEnoughError:
        return best
    return best


def in_turn(posed: Posed, at: Point, goal: float) -> float:
    """Items given ideal points, then ideal points given items, each by a guarded Newton step."""
    value = posed.objective(posed.sums(at), at)
    for _ in range(TURNS):
        for which in ("items", "mean"):
            sums = posed.sums(at)
            slope = posed.gradient(sums, at)
            if which == "items":
                curvature = posed.item_information(sums, at)
                move = np.linalg.solve(curvature, slope.items[:, :, None])[:, :, 0]
            else:
                curvature = sums.cell_information[:, 0, 0] + posed.stiffness
                move = slope.mean / curvature[:, None]
            share = 1.0
            while share > 1e-3:
                trial = at._replace(**{which: getattr(at, which) + share * np.clip(move, -1, 1)})
                reached = posed.objective(posed.sums(trial), trial)
                if reached >= value:
                    at, value = trial, reached
                    break
                share /= 2
        if value > goal - NEAR:
            break
    return value


def near(ours: object, other: object) -> bool:
    """Both reach the same optimum."""
    return abs(float(str(ours)) - float(str(other))) <= 2 * NEAR


def cases() -> Iterator[Case]:
    """All votes; ten sessions against the rivals."""
    cp.ideal_points((1955, 1955))
    yield Case(
        "dynamic ideal points with standard errors",
        "6,286 roll calls, 1946–2021",
        lambda: cp.ideal_points().is_converged,
        target_s=60,
    )
    posed, at = start((1980, 1989))
    with single_thread():
        goal = newton(posed, at)
        size = f"{posed.layout.votes.shape[0]:,} roll calls, 1980–1989, given priors"
        job = "ideal points and items"
        yield Case(
            job, size, lambda: newton(posed, at), "L-BFGS", lambda: by_lbfgs(posed, at, goal), near
        )
        yield Case(
            job, size, lambda: newton(posed, at), "in turn", lambda: in_turn(posed, at, goal), near
        )
