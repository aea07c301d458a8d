"""Logit quantal response equilibria, traced from indifference.

An equilibrium at precision λ has σ_i = softmax(λ U_i(σ)) for each player (McKelvey & Palfrey 1995).
At λ = 0 there is one, indifference; the branch that begins there is followed by predictor and
corrector along its arc, through any turning points (Turocy 2005), to the precision asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.quantal_curve import Curve, softmax, tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from counterpoise.models.totals_game import TotalsGame

    Array = NDArray[np.float64]

SAME_PROFILE = 1e-6
"""Two profiles are the same equilibrium when no probability differs by more."""

MOST_STEPS = 20_000
MOST_CORNERS = 256
"""Games with at most this many pure profiles are started from each of them."""

MOST_EQUILIBRIA = 200


@dataclass(frozen=True)
class Equilibrium:
    """A profile (n, k) in quantal response equilibrium at a precision.

    ``residual`` is the largest gap between a probability and the logit response to the profile;
    ``index`` is 1 or −1, the sign of the Jacobian's determinant: those of −1 are not stable under
    any adjustment towards the response. ``is_principal`` marks the branch from indifference.
    """

    profile: Array
    precision: float
    residual: float
    index: int
    is_principal: bool


@dataclass(frozen=True)
class Branch:
    """The principal branch, from indifference to the precision asked for.

    ``precisions`` (s,) may fall between turning points; ``profiles`` (s, n, k).
    """

    precisions: Array
    profiles: Array
    turning_points: int
    end: Equilibrium


@dataclass(frozen=True)
class Equilibria:
    """All equilibria found at one precision, the principal first.

    The indices of all equilibria of a game sum to one; ``index_sum`` other than one proves that
    some were missed. A sum of one is no proof that none were.
    """

    found: tuple[Equilibrium, ...]
    starts: int

    @property
    def index_sum(self) -> int:
        """Sum of the indices of those found."""
        return sum(e.index for e in self.found)


def trace(game: TotalsGame, precision: float, first_step: float = 0.1) -> Branch:
    """Follow the principal branch from indifference to the first place with the precision.

    Parameters
    ----------
    precision : λ, at least zero, per unit of payoff.

    Raises
    ------
    ModelError : the precision is not a number of zero or more, or the branch was not finished.
    """
    if not 0 <= precision < np.inf:
        raise ModelError(f"A precision of {precision}: it must be zero or more, and finite")
    curve = Curve(game)
    path = [(np.zeros(curve.shape), 0.0)]
    turns = 0
    for odds, at, is_turn in _steps(curve, precision, first_step):
        path.append((odds, at))
        turns += is_turn
    end = _equilibrium(curve, path[-1][0], precision, is_principal=True)
    return Branch(
        np.array([at for _, at in path]), np.array([softmax(y) for y, _ in path]), turns, end
    )


def _steps(curve: Curve, target: float, step: float) -> Iterator[tuple[Array, float, bool]]:
    """Points of the branch after the first, the last of them at the target exactly."""
    if target == 0:
        return
    place = np.zeros(curve.unknowns + 1)
    start = curve.at(np.zeros(curve.shape), 0.0)
    along = np.append(start.gain.ravel(), 1.0)
    along /= np.linalg.norm(along)
    for _ in range(MOST_STEPS):
        moved = _step(curve, place, along, step)
        if moved is None:
            step /= 2
            if step < 1e-12:
                break
            continue
        ahead, turned, iterations = moved
        if ahead[-1] >= target:
            share = (target - place[-1]) / (ahead[-1] - place[-1])
            between = place + share * (ahead - place)
            odds = curve.newton(between[:-1].reshape(curve.shape), target)
            apart = np.inf if odds is None else np.linalg.norm(odds.ravel() - between[:-1])
            if odds is not None and apart <= 0.5 * np.linalg.norm(ahead - place):
                yield odds, target, False
                return
            step /= 2
            continue
        is_turn = bool(np.sign(turned[-1]) != np.sign(along[-1]))
        place, along = ahead, turned
        yield place[:-1].reshape(curve.shape), float(place[-1]), is_turn
        step *= 1.6 if iterations <= 2 else 1.0
    raise ModelError(
        f"The branch of equilibria was lost at precision {place[-1]:g} of {target:g}; "
        "rescale the payoffs to a size of about one, or ask for a lower precision"
    )


def _step(curve: Curve, place: Array, along: Array, step: float) -> tuple[Array, Array, int] | None:
    """Predict along the tangent, correct across it; None where the step was too long."""
    guess = place + step * along
    here = guess.copy()
    for iteration in range(7):
        odds, precision = here[:-1].reshape(curve.shape), float(here[-1])
        point = curve.at(odds, precision)
        across = along @ (here - guess)
        if iteration and np.abs(point.shortfall).max() <= tolerance(odds):
            break
        right = np.append(point.shortfall.ravel(), across)[:, None]
        here = here - curve.solve(point, precision, right, along)[:, 0]
        if not np.linalg.norm(here - guess) <= 0.3 * step:
            return None
    else:
        return None
    last = np.zeros((curve.unknowns + 1, 1))
    last[-1] = 1.0
    turned = curve.solve(point, precision, last, along)[:, 0]
    turned /= np.linalg.norm(turned)
    return (here, turned, iteration) if along @ turned > 0.95 else None


def _equilibrium(curve: Curve, odds: Array, precision: float, *, is_principal: bool) -> Equilibrium:
    point = curve.at(odds, precision)
    response = softmax(precision * point.gain)
    residual = float(np.abs(response - point.profile).max())
    index = curve.index(point, precision)
    return Equilibrium(point.profile, precision, residual, index, is_principal)


def solve(game: TotalsGame, precision: float) -> Equilibrium:
    """The equilibrium on the principal branch: where play from indifference leads."""
    return trace(game, precision).end


def nearby(game: TotalsGame, precision: float, profile: Array) -> Equilibrium | None:
    """Equilibrium that Newton's steps reach from a profile; None where they fail."""
    curve = Curve(game)
    pays = game.payoffs(profile)
    odds = curve.newton(precision * (pays[:, 1:] - pays[:, :1]), precision)
    if odds is None:
        return None
    return _equilibrium(curve, odds, precision, is_principal=False)


def equilibria(
    game: TotalsGame, precision: float, rng: np.random.Generator, starts: int = 60
) -> Equilibria:
    """The principal equilibrium and all others reached from many starts.

    Starts are: every player on the same action; every pure profile of a small game; random
    mixtures and pure profiles; each also after adjusting step by step towards the response. Each
    equilibrium found off the principal branch is then followed down its own branch, through the
    turning point where that begins and up again to its partner, which Newton's steps seldom reach.

    Parameters
    ----------
    starts : number of random starts.
    """
    curve = Curve(game)
    found = [solve(game, precision)]
    tried = 0
    for profile in _profiles(game.base.shape, rng, starts):
        pays = game.payoffs(profile)
        odds = precision * (pays[:, 1:] - pays[:, :1])
        for start in (odds, _adjusted(curve, odds, precision)):
            tried += 1
            _keep(curve, start, precision, found)
    for place in range(1, MOST_EQUILIBRIA):
        if place >= len(found):
            break
        tried += 1
        partner = _partner(curve, game, found[place].profile, precision)
        if partner is not None:
            _keep(curve, partner, precision, found)
    return Equilibria(tuple(found), tried)


def _keep(curve: Curve, start: Array, precision: float, found: list[Equilibrium]) -> None:
    odds = curve.newton(start, precision)
    if odds is None:
        return
    profile = softmax(odds)
    if all(np.abs(profile - e.profile).max() > SAME_PROFILE for e in found):
        found.append(_equilibrium(curve, odds, precision, is_principal=False))


def _adjusted(curve: Curve, odds: Array, precision: float, steps: int = 40) -> Array:
    for _ in range(steps):
        odds = odds - 0.5 * curve.at(odds, precision).shortfall
    return odds


def _profiles(shape: tuple[int, ...], rng: np.random.Generator, starts: int) -> Iterator[Array]:
    n, k = shape
    pure = np.eye(k)
    for action in range(k):
        yield np.tile(pure[action], (n, 1))
    if k**n <= MOST_CORNERS:
        for corner in np.ndindex(*(k,) * n):
            yield pure[list(corner)]
    for _ in range(starts // 2):
        yield rng.dirichlet(np.full(k, 0.5), size=n)
        yield pure[rng.integers(k, size=n)]


def _partner(curve: Curve, game: TotalsGame, profile: Array, precision: float) -> Array | None:
    """Log odds where the branch of an equilibrium, followed downwards, is back at its precision.

    None where it does not come back: it is the principal branch, or the way was lost.
    """
    pays = game.payoffs(profile)
    place = np.append((precision * (pays[:, 1:] - pays[:, :1])).ravel(), precision)
    point = curve.at(place[:-1].reshape(curve.shape), precision)
    along = np.append(curve.solve(point, precision, point.gain.reshape(-1, 1))[:, 0], 1.0)
    along, step = -along / np.linalg.norm(along), 0.1
    for _ in range(MOST_STEPS // 10):
        moved = _step(curve, place, along, step)
        if moved is None:
            step /= 2
            if step < 1e-12:
                return None
            continue
        ahead, along, iterations = moved
        if ahead[-1] >= precision:
            share = (precision - place[-1]) / (ahead[-1] - place[-1])
            return np.asarray((place + share * (ahead - place))[:-1].reshape(curve.shape))
        if ahead[-1] <= 0:
            return None
        place = ahead
        step *= 1.6 if iterations <= 2 else 1.0
    return None
