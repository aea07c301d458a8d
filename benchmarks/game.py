"""Balancing game, bargaining and agreement: our time beside an alternative's, in one run.

Run: python benchmarks/game.py [--quick]
Each line gives the job, its size, the least of a few timings of ours and of the alternative, and
how far the two answers are apart.
"""

from __future__ import annotations

import sys
from itertools import permutations, product
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.measures.agreement import agreement, alpha
from counterpoise.models import balancing_fit
from counterpoise.models.balancing_dynamics import DynamicsRules, simulate
from counterpoise.models.balancing_game import (
    TERMS,
    BalancingProblem,
    Parameters,
    build,
    play,
)
from counterpoise.models.bargaining import Issue
from counterpoise.models.challenge import bargain, forecast
from counterpoise.models.quantal_curve import Curve
from counterpoise.models.quantal_response import trace

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK = "--quick" in sys.argv


def world(seed: int, n: int) -> BalancingProblem:
    rng = np.random.default_rng(seed)
    power = rng.pareto(1.2, n) + 0.05
    return BalancingProblem(
        names=tuple(f"S{k}" for k in range(n)),
        target="T",
        power=power / power.sum(),
        target_power=0.2,
        threat=rng.beta(1, 3, n),
        distance_km=rng.uniform(0, 15_000, n),
        base=(rng.random(n) < 0.15).astype(float),
        membership=(rng.random((n, 3)) < 0.1).astype(float),
        groups=("A", "B", "C"),
    )


def timed(job: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Least time of a few, after one run to warm up, and the answer."""
    answer = job()
    best = float("inf")
    for _ in range(1 if QUICK else repeats):
        start = perf_counter()
        answer = job()
        best = min(best, perf_counter() - start)
    return best, answer


def line(job: str, size: str, ours: float, other: str, theirs: float, apart: float) -> None:
    print(f"{job:34s} {size:28s} {ours:9.4f} s  {other:28s} {theirs:9.4f} s  apart {apart:.1e}")


def against_gambit() -> None:
    """The whole branch to λ = 6: totals against the normal form."""
    import pygambit

    for n in (2, 3, 4):
        game = build(world(1, n))
        tables = np.zeros((n, *(4,) * n))
        pure = np.eye(4)
        for profile in product(range(4), repeat=n):
            pays = game.payoffs(pure[list(profile)])
            for i, action in enumerate(profile):
                tables[(i, *profile)] = pays[i, action]
        theirs = pygambit.Game.from_arrays(*tables)
        ours, end = timed(lambda g=game: trace(g, 6.0).end)
        other, (found,) = timed(lambda g=theirs: pygambit.qre.logit_solve_lambda(g, 6.0))
        profile = [[float(found.profile[s]) for s in p.strategies] for p in theirs.players]
        apart = np.abs(end.profile - np.array(profile)).max()
        line("logit branch to 6", f"{n} states × 4", ours, "pygambit, normal form", other, apart)


def against_plain_solves() -> None:
    """The same branch with the full Jacobian at every step."""
    for n in (10, 50, 190):
        game = build(world(1, n))
        ours, end = timed(lambda g=game: trace(g, 10.0).end)
        structured = Curve.solve
        Curve.solve = lambda self, p, lam, right, border=None: self._dense(p, lam, right, border)  # type: ignore[method-assign]
        try:
            other, plain = timed(lambda g=game: trace(g, 10.0).end, 1)
        finally:
            Curve.solve = structured  # type: ignore[method-assign]
        apart = np.abs(end.profile - plain.profile).max()
        line("logit branch to 10", f"{n} states × 4", ours, "full Jacobian", other, apart)


def search() -> None:
    problem = world(1, 190)
    ours, found = timed(lambda: play(problem, precision=10.0, seed=1), 1)
    one, _ = timed(lambda: play(problem, precision=10.0), 1)
    apart = float(abs((found.index_sum or 0) - 1))
    line(
        "search for all equilibria", "190 states, 60 starts", ours, "the principal one", one, apart
    )


def estimation() -> None:
    from scipy.optimize import minimize

    rng, truth = np.random.default_rng(1), Parameters()
    states, games = (25, 10) if QUICK else (40, 30)
    problems = [world(k, states) for k in range(games)]
    choices = [
        np.array([rng.choice(4, p=chances) for chances in play(p, truth).profile]) for p in problems
    ]
    zeros = Parameters(**dict.fromkeys(TERMS, 0.0))
    ours, fitted = timed(lambda: balancing_fit.fit(problems, choices, start=zeros), 1)
    likelihood = balancing_fit._Likelihood(problems, choices, TERMS, zeros, 0.0)

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        at = likelihood.at(values)
        return -float(at.each.sum()), -at.gradients.sum(axis=0)

    start = perf_counter()
    options = {"maxiter": 300, "ftol": 1e-12}
    found = minimize(loss, np.zeros(len(TERMS)), jac=True, method="L-BFGS-B", options=options)
    other = perf_counter() - start
    size = f"{games} games × {states} states"
    line("17 parameters", size, ours, "L-BFGS, branch traced anew", other,
         abs(found.fun + fitted.log_likelihood))  # fmt: skip


def histories() -> None:
    problem, runs = world(1, 190), 4 if QUICK else 20
    rules = DynamicsRules(years=50)
    ours, one = timed(lambda: simulate(problem, 1, runs, rules=rules, precision=3.0), 1)
    other, two = timed(lambda: simulate(problem, 1, runs, rules=rules, precision=3.0, workers=2), 1)
    apart = float((one.actions != two.actions).mean())
    line("histories", f"190 states × 50 years × {runs}", ours, "two workers", other, apart)


def challenge() -> None:
    rng = np.random.default_rng(0)
    n, draws = 12, 2000
    names = tuple(f"A{k}" for k in range(n))
    x, power, s = rng.uniform(0, 100, (draws, n)), rng.random(n), rng.random((draws, n))
    ours, together = timed(lambda: forecast(Issue(names, x, power, s)))
    few = 100
    other, singly = timed(
        lambda: [bargain(Issue(names, x[d], power, s[d])).forecast for d in range(few)], 1
    )
    apart = np.abs(together[:few] - singly).max()
    line("challenge model", f"{n} actors × {draws} draws", ours, "one draw at a time (scaled)",
         other * draws / few, apart)  # fmt: skip


def coders() -> None:
    rng = np.random.default_rng(0)
    ratings = np.round(np.clip(rng.uniform(0, 100, 88) + rng.normal(0, 10, (2, 88)), 0, 100))
    ours, found = timed(lambda: agreement(ratings, np.random.default_rng(1)))

    def by_pairs() -> float:
        pool = ratings.ravel()
        seen = sum((a - b) ** 2 for unit in ratings.T for a, b in permutations(unit, 2))
        chance = sum((a - b) ** 2 for a, b in permutations(pool, 2)) / (pool.size - 1)
        return float(1 - seen / chance)

    other, plain = timed(by_pairs, 1)
    line("alpha, 1,000 draws", "2 coders × 88 units", ours, "pairs in Python (scaled)",
         other * 1000, abs(found.alpha - plain))  # fmt: skip
    assert found.alpha == alpha(ratings)


if __name__ == "__main__":
    for job in (
        against_gambit,
        against_plain_solves,
        search,
        estimation,
        histories,
        challenge,
        coders,
    ):
        job()
