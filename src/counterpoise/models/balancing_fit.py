"""Parameters of the balancing game from observed choices, by maximum likelihood in equilibrium.

The likelihood of a game's choices is that of its logit equilibrium, solved anew for each trial
of the parameters (nested fixed point, Rust 1987). Gradients and Fisher's information are exact, by
the implicit function theorem, and the search is Fisher scoring. The precision is one: utility is
measured in its units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.balancing_game import ACTIONS, ILLUSTRATIVE, TERMS, Parameters, terms
from counterpoise.models.quantal_curve import Curve, softmax
from counterpoise.models.quantal_response import trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.balancing_game import BalancingProblem, Terms

    Array = NDArray[np.float64]
    Choices = NDArray[np.int64]
    Flags = NDArray[np.bool_]

UNKNOWN = -1
MOST_ITERATIONS = 200
MOST_DAMPING = 1e8
ENOUGH = 1e-10
"""Promised gain in log-likelihood, relative to its size, at which the search ends."""


@dataclass(frozen=True)
class Fit:
    """Estimates, and how well they describe the choices.

    ``standard_errors`` come from the expected information, ``clustered_errors`` allow the choices
    of one game to depend on each other beyond the model; both are NaN for parameters that the
    choices do not identify or that stand at their bound of zero. ``log_likelihood`` is summed over
    ``choices`` known choices, ``shares_log_likelihood`` that of each action's overall share. Every
    game is taken to be in its principal equilibrium.
    """

    parameters: Parameters
    free: tuple[str, ...]
    standard_errors: dict[str, float]
    clustered_errors: dict[str, float]
    log_likelihood: float
    shares_log_likelihood: float
    games: int
    choices: int
    ridge: float
    is_converged: bool


def fit(
    problems: Sequence[BalancingProblem],
    choices: Sequence[Choices],
    free: Sequence[str] = TERMS,
    start: Parameters = ILLUSTRATIVE,
    ridge: float = 0.0,
    *,
    nonnegative: bool = False,
    enough: float = ENOUGH,
) -> Fit:
    """Estimate the free parameters; the others keep their value in ``start``.

    Parameters
    ----------
    problems : one game each, such as one year.
    choices : for each game (n,) places in ``ACTIONS``, −1 where unknown.
    ridge : penalty on half the squared distance from ``start``, in units of log-likelihood.
    nonnegative : keep every free parameter on the side that theory expects.
    enough : promised gain in log-likelihood, relative to its size, at which the search ends.

    Raises
    ------
    ModelError : choices do not fit the games, none is known, or a parameter does not exist.
    """
    likelihood = _Likelihood(problems, choices, tuple(free), start, ridge)
    first = np.array([getattr(start, name) for name in free])
    floor = 0.0 if nonnegative else -np.inf
    best, reached, converged = _climb(likelihood, first, (floor, enough), follow=True)
    summit = likelihood.at(best)
    if summit.is_apart(reached):
        # Following play from step to step led off the principal branch: trace it at every step.
        best, summit, converged = _climb(likelihood, first, (floor, enough), follow=False)
    inside = np.ones(best.size, dtype=bool) if not nonnegative else best > 0
    plain, clustered = _errors(summit, inside, ridge)
    return Fit(
        parameters=replace(start, **dict(zip(free, best.tolist(), strict=True))),
        free=tuple(free),
        standard_errors=dict(zip(free, plain.tolist(), strict=True)),
        clustered_errors=dict(zip(free, clustered.tolist(), strict=True)),
        log_likelihood=float(summit.each.sum()),
        shares_log_likelihood=_shares(choices),
        games=len(problems),
        choices=likelihood.known,
        ridge=ridge,
        is_converged=converged,
    )


class _Slope(NamedTuple):
    """Log-likelihood (games,), gradients (games, free) and expected information (free, free)."""

    each: Array
    gradients: Array
    information: Array
    odds: tuple[Array, ...]

    def is_apart(self, other: _Slope) -> bool:
        """Is any game in another equilibrium than in ``other``, at the same parameters?"""
        pairs = zip(self.odds, other.odds, strict=True)
        return any(np.abs(softmax(a) - softmax(b)).max() > 1e-6 for a, b in pairs)


class _Likelihood:
    """Log-likelihood of all games, each in its principal equilibrium or one followed to."""

    def __init__(
        self,
        problems: Sequence[BalancingProblem],
        choices: Sequence[Choices],
        free: tuple[str, ...],
        start: Parameters,
        ridge: float,
    ) -> None:
        _check(problems, choices, free)
        self.tables: list[Terms] = [terms(problem) for problem in problems]
        self.choices = [np.asarray(chosen) for chosen in choices]
        self.known = sum(int((chosen != UNKNOWN).sum()) for chosen in self.choices)
        self.places = [TERMS.index(name) for name in free]
        self.start, self.ridge = start.vector(), ridge

    def weights(self, values: Array) -> Array:
        """All parameters, with the free ones at the values given."""
        full = self.start.copy()
        full[self.places] = values
        return full

    def penalty(self, values: Array) -> float:
        """What the ridge takes from the log-likelihood."""
        away = self.away(values)
        return float(self.ridge * away @ away / 2)

    def away(self, values: Array) -> Array:
        """Distance from where the ridge holds the free parameters."""
        return values - self.start[self.places]

    def at(self, values: Array, near: tuple[Array, ...] | None = None) -> _Slope:
        """Log-likelihood of each game, its gradients and the information of all.

        Equilibria are the principal ones, or those reached from ``near``, the log odds of others.
        """
        weights = self.weights(values)
        starts = near or (None,) * len(self.tables)
        found = [self._one(k, weights, start) for k, start in enumerate(starts)]
        each, gradients, information, odds = zip(*found, strict=True)
        return _Slope(np.array(each), np.array(gradients), np.sum(information, axis=0), odds)

    def try_at(self, values: Array, near: tuple[Array, ...] | None = None) -> _Slope | None:
        """The same, or None where a trial is so wild that a game's branch is lost."""
        try:
            with np.errstate(all="ignore"):
                return self.at(values, near)
        except ModelError:
            return None

    def _one(
        self, place: int, weights: Array, near: Array | None
    ) -> tuple[float, Array, Array, Array]:
        table, chosen = self.tables[place], self.choices[place]
        game = table.game(weights)
        curve = Curve(game)
        odds = curve.newton(near, 1.0) if near is not None else None
        if odds is None:
            pays = game.payoffs(trace(game, 1.0).end.profile)
            odds = pays[:, 1:] - pays[:, :1]
        point = curve.at(odds, 1.0)
        seen = np.flatnonzero(chosen != UNKNOWN)
        chance = point.profile[seen]
        log = float(np.log(np.maximum(chance[np.arange(seen.size), chosen[seen]], 1e-300)).sum())
        # How each log odds moves with each free parameter, through everyone's response.
        moved = curve.solve(point, 1.0, self._pushes(table, point.profile))
        moved = moved.reshape(*curve.shape, -1)[seen]
        surprise = -chance
        surprise[np.arange(seen.size), chosen[seen]] += 1.0
        gradient = np.einsum("ia,iap->p", surprise[:, 1:], moved)
        mean = np.einsum("ia,iap->ip", chance[:, 1:], moved)
        spread = np.einsum("ia,iap,iar->pr", chance[:, 1:], moved, moved, optimize=True)
        return log, gradient, spread - mean.T @ mean, odds

    def _pushes(self, table: Terms, profile: Array) -> Array:
        """Gain of each action over the first by each free term; (unknowns, free)."""
        own = np.einsum("ib,ibq->iq", profile, table.gives)
        others = own.sum(axis=0) - own
        loads, base = table.loads[self.places], table.base[self.places]
        pays = base + np.einsum("piaq,iq->pia", loads, others)
        gains = pays[:, :, 1:] - pays[:, :, :1]
        return np.asarray(gains.reshape(len(self.places), -1).T)


def _climb(
    likelihood: _Likelihood, first: Array, limits: tuple[float, float], *, follow: bool
) -> tuple[Array, _Slope, bool]:
    """Fisher scoring with damping; values may not fall below the floor, the first of the limits.

    The second is the promised gain, relative to the log-likelihood, at which the search ends.

    With ``follow`` each trial's equilibria are sought near the last accepted ones, which is fast.
    """
    floor, enough = limits
    values, damping = np.maximum(first, floor), 1e-6
    here = likelihood.at(values)
    for _ in range(MOST_ITERATIONS):
        uphill = here.each.sum() - likelihood.penalty(values)
        slope = here.gradients.sum(axis=0) - likelihood.ridge * likelihood.away(values)
        moves = (values > floor) | (slope > 0)
        if not moves.any():
            return values, here, True
        steep = here.information[np.ix_(moves, moves)] + likelihood.ridge * np.eye(moves.sum())
        weight = damping * np.diag(steep) + 1e-10 * max(float(np.diag(steep).max()), 1e-10)
        step = np.zeros_like(values)
        step[moves] = np.linalg.solve(steep + np.diag(weight), slope[moves])
        if slope @ step < enough * (1 + abs(uphill)):
            return values, here, True
        trial = np.maximum(values + step, floor)
        # Cut off at the floor, a step may point downhill until it is damped enough.
        if slope @ (trial - values) > 0:
            ahead = likelihood.try_at(trial, here.odds if follow else None)
            if ahead is not None and ahead.each.sum() - likelihood.penalty(trial) > uphill:
                values, here, damping = trial, ahead, max(damping / 10, 1e-9)
                continue
        damping *= 10
        if damping > MOST_DAMPING:
            break
    return values, here, False


def _errors(slope: _Slope, inside: Flags, ridge: float) -> tuple[Array, Array]:
    """Standard errors from the information and clustered by game; NaN where not identified."""
    plain, clustered = (np.full(inside.size, np.nan) for _ in range(2))
    used = np.flatnonzero(inside)
    if used.size == 0:
        return plain, clustered
    information = slope.information[np.ix_(used, used)] + ridge * np.eye(used.size)
    size, vectors = np.linalg.eigh(information)
    firm = size > 1e-7 * max(float(size.max()), 1e-300)
    spread = (vectors[:, firm] / size[firm]) @ vectors[:, firm].T
    loose = (np.abs(vectors[:, ~firm]) > 1e-3).any(axis=1)
    meat = slope.gradients[:, used].T @ slope.gradients[:, used]
    plain[used] = np.sqrt(np.diag(spread))
    clustered[used] = np.sqrt(np.diag(spread @ meat @ spread))
    plain[used[loose]] = clustered[used[loose]] = np.nan
    return plain, clustered


def _shares(choices: Sequence[Choices]) -> float:
    every = np.concatenate([np.asarray(c) for c in choices])
    count = np.bincount(every[every != UNKNOWN], minlength=len(ACTIONS))
    used = count[count > 0]
    return float((used * np.log(used / used.sum())).sum())


def _check(
    problems: Sequence[BalancingProblem], choices: Sequence[Choices], free: tuple[str, ...]
) -> None:
    if len(problems) != len(choices):
        raise ModelError(f"{len(problems)} games but choices for {len(choices)}: give one for each")
    unknown = [name for name in free if name not in TERMS]
    if unknown or not free:
        raise ModelError(f"No parameter {unknown or ''}. Known: {', '.join(TERMS)}")
    for place, (problem, chosen) in enumerate(zip(problems, choices, strict=True)):
        if np.shape(chosen) != (len(problem.names),):
            raise ModelError(
                f"Game {place + 1}: {len(problem.names)} states, {np.size(chosen)} choices"
            )
        if not np.isin(chosen, [UNKNOWN, *range(len(ACTIONS))]).all():
            raise ModelError(
                f"Game {place + 1}: choices are 0 to {len(ACTIONS) - 1}, −1 if unknown"
            )
    if all((np.asarray(chosen) == UNKNOWN).all() for chosen in choices):
        raise ModelError("No choice is known: there is nothing to estimate from")
