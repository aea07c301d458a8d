"""The balancing game: each state balances against a target, bandwagons, hides or stays neutral.

Restraining the target is a public good: every threatened state gains when others balance, whether
it did so itself or not, and the more others do the less one more is worth. So states pass the buck
(Olson & Zeckhauser 1966; Mearsheimer 2001), unless numbers make balancing safer. The payoffs are
ours; the four choices follow Schroeder (1994) and Walt (1987), and play is a logit quantal response
equilibrium (McKelvey & Palfrey 1995).

With t threat, r power over the target's, v nearness, b a base of the target's, and of the *other*
states β the power (over the target's) of those who balance, ω of those who bandwagon and γ of those
in the same groups who balance, a state earns, beside what it enjoys whatever it does:

neutral    0
balance    − cost + own_safety·t + safety·t·r − crowding·t·r·(β + r/2)
           − remoteness·(1 − v) − exposure·t·v + shelter·t·v·β − base_cost·b + solidarity·γ
bandwagon  reward − sharing·ω + appeasement·t·v − discredit·β − safety·t·r + base_reward·b
hide       − withdrawal + shield·t + passing·t·β

The good itself is safety·t·(β − ω) − crowding·t·β²/2 over all states; what a state's own power adds
to it is the terms in r above, and what the others add it cannot change.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.quantal_response import equilibria, trace
from counterpoise.models.totals_game import TotalsGame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.quantal_response import Equilibria, Equilibrium

    Array = NDArray[np.float64]

ACTIONS = ("neutral", "balance", "bandwagon", "hide")
NEUTRAL, BALANCE, BANDWAGON, HIDE = range(4)


@dataclass(frozen=True)
class BalancingProblem:
    """States, a target and what the payoffs rest on.

    Parameters
    ----------
    names, target : the n states and the state they face.
    power, target_power : (n,) and one figure, in the same unit, such as shares of world power.
    threat : (n,) from the target to each, in [0, 1].
    distance_km : (n,) to the target or to its nearest forward base.
    base : (n,) 1 where the target has a base or forces there, 0 where not.
    membership : (n, g) 1 where a state belongs to a group; ``groups`` names the g groups.
    reach_km : distance at which nearness has fallen to 1/e.

    Raises
    ------
    ModelError : shapes do not fit, or a figure is unknown or out of range; it names the states.
    """

    names: tuple[str, ...]
    target: str
    power: Array
    target_power: float
    threat: Array
    distance_km: Array
    base: Array
    membership: Array
    groups: tuple[str, ...] = ()
    reach_km: float = 3000.0

    def __post_init__(self) -> None:
        n, g = len(self.names), len(self.groups)
        shapes = {k: np.shape(getattr(self, k)) for k in ("power", "threat", "distance_km", "base")}
        wrong = [k for k, shape in shapes.items() if shape != (n,)]
        if wrong or np.shape(self.membership) != (n, g) or n == 0:
            raise ModelError(
                f"{n} states and {g} groups do not fit {', '.join(wrong) or 'membership'}"
            )
        if len(set(self.names)) < n:
            raise ModelError("A state is listed twice")
        if not self.target_power > 0 or not self.reach_km > 0:
            raise ModelError("The target's power and the reach in km must be above zero")
        _check_range("power", self.power, 0, np.inf, self.names)
        _check_range("threat", self.threat, 0, 1, self.names)
        _check_range("distance in km", self.distance_km, 0, np.inf, self.names)
        _check_range("base", self.base, 0, 1, self.names)
        for group, column in zip(self.groups, self.membership.T, strict=True):
            _check_range(f"membership in {group}", column, 0, 1, self.names)

    @property
    def ratio(self) -> Array:
        """Power of each state over the target's; (n,)."""
        return self.power / self.target_power

    @property
    def nearness(self) -> Array:
        """One at the target's door, falling with distance; (n,)."""
        return np.asarray(np.exp(-self.distance_km / self.reach_km))


def _check_range(what: str, values: Array, low: float, high: float, names: tuple[str, ...]) -> None:
    wrong = ~((values >= low) & (values <= high) & np.isfinite(values))
    if wrong.any():
        listed = ", ".join(name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong)
        raise ModelError(f"The {what} of {listed} is unknown or outside {low:g} to {high:g}")


@dataclass(frozen=True)
class Parameters:
    """Weights of the payoffs' terms, in utility; see the payoffs above.

    Written so that theory expects each to be zero or more. The defaults only illustrate: they are
    set by hand, not estimated.
    """

    cost: float = 1.0
    own_safety: float = 2.0
    safety: float = 3.0
    crowding: float = 2.0
    remoteness: float = 0.5
    exposure: float = 0.5
    shelter: float = 0.5
    base_cost: float = 0.5
    solidarity: float = 0.5
    reward: float = 0.0
    sharing: float = 0.5
    appeasement: float = 1.0
    discredit: float = 1.0
    base_reward: float = 0.5
    withdrawal: float = 0.5
    shield: float = 0.5
    passing: float = 1.0

    def vector(self) -> Array:
        """The weights in the order of ``TERMS``."""
        return np.array([getattr(self, name) for name in TERMS])


TERMS = tuple(field.name for field in fields(Parameters))
ILLUSTRATIVE = Parameters()


@dataclass(frozen=True)
class Terms:
    """Payoffs before weighting: one table per parameter.

    ``base`` (p, n, 4) and ``loads`` (p, n, 4, q) are summed with the parameters as weights;
    ``gives`` (n, 4, q) is what each state adds to the totals β, ω and each group's β.
    """

    base: Array
    loads: Array
    gives: Array

    def game(self, weights: Array) -> TotalsGame:
        """The game under weights (p,)."""
        base = np.tensordot(weights, self.base, axes=1)
        return TotalsGame(base, np.tensordot(weights, self.loads, axes=1), self.gives)


def terms(problem: BalancingProblem) -> Terms:
    """Tables of the payoffs' terms for one problem."""
    n, g = problem.membership.shape
    t, r, v, b = problem.threat, problem.ratio, problem.nearness, problem.base
    base = np.zeros((len(TERMS), n, len(ACTIONS)))
    loads = np.zeros((len(TERMS), n, len(ACTIONS), 2 + g))
    row = {name: place for place, name in enumerate(TERMS)}
    for name, action, value in (
        ("cost", BALANCE, -1.0),
        ("own_safety", BALANCE, t),
        ("safety", BALANCE, t * r),
        ("crowding", BALANCE, -t * r**2 / 2),
        ("remoteness", BALANCE, v - 1),
        ("exposure", BALANCE, -t * v),
        ("base_cost", BALANCE, -b),
        ("reward", BANDWAGON, 1.0),
        ("appeasement", BANDWAGON, t * v),
        ("safety", BANDWAGON, -t * r),
        ("base_reward", BANDWAGON, b),
        ("withdrawal", HIDE, -1.0),
        ("shield", HIDE, t),
    ):
        base[row[name], :, action] = value
    for name, action, total, load in (
        ("crowding", BALANCE, 0, -t * r),
        ("shelter", BALANCE, 0, t * v),
        ("sharing", BANDWAGON, 1, -1.0),
        ("discredit", BANDWAGON, 0, -1.0),
        ("passing", HIDE, 0, t),
    ):
        loads[row[name], :, action, total] = load
    loads[row["solidarity"], :, BALANCE, 2:] = problem.membership
    return Terms(base, loads, _gives(problem))


def _gives(problem: BalancingProblem) -> Array:
    n, g = problem.membership.shape
    gives = np.zeros((n, len(ACTIONS), 2 + g))
    gives[:, BALANCE, 0] = problem.ratio
    gives[:, BANDWAGON, 1] = problem.ratio
    gives[:, BALANCE, 2:] = problem.membership * problem.ratio[:, None]
    return gives


def build(problem: BalancingProblem, parameters: Parameters = ILLUSTRATIVE) -> TotalsGame:
    """The balancing game as payoffs through totals."""
    return terms(problem).game(parameters.vector())


@dataclass(frozen=True)
class BalancingResult:
    """Who does what, with what chance, in equilibrium.

    ``profile`` (n, 4) is the principal equilibrium's, in the order of ``ACTIONS``. ``others`` are
    further equilibria at the same precision, where they were asked for; ``index_sum`` other than
    one proves that some were missed. ``turning_points`` of the branch before it hint at several.
    """

    problem: BalancingProblem
    parameters: Parameters
    precision: float
    principal: Equilibrium
    turning_points: int
    others: tuple[Equilibrium, ...]
    index_sum: int | None
    seed: int | None

    @property
    def profile(self) -> Array:
        """Chance of each action for each state; (n, 4)."""
        return self.principal.profile

    @property
    def likeliest(self) -> tuple[str, ...]:
        """Each state's most likely action; the first listed where equal."""
        return tuple(ACTIONS[place] for place in self.profile.argmax(axis=1))

    @property
    def coalition(self) -> float:
        """Expected power of those who balance, over the target's."""
        return float(self.problem.ratio @ self.profile[:, BALANCE])


def play(
    problem: BalancingProblem,
    parameters: Parameters = ILLUSTRATIVE,
    precision: float = 1.0,
    seed: int | None = None,
    starts: int = 60,
) -> BalancingResult:
    """Equilibrium of the balancing game, and with a seed a search for all others.

    Parameters
    ----------
    precision : λ per unit of utility; 0 is chance, large values approach Nash.
    seed : of the random starts; without one only the principal equilibrium is sought.

    Raises
    ------
    ModelError : the precision is below zero, or the branch was lost.
    """
    game = build(problem, parameters)
    branch = trace(game, precision)
    every: Equilibria | None = None
    if seed is not None:
        every = equilibria(game, precision, np.random.default_rng(seed), starts)
    return BalancingResult(
        problem,
        parameters,
        precision,
        branch.end,
        branch.turning_points,
        every.found[1:] if every else (),
        every.index_sum if every else None,
        seed,
    )


def coalition_chance(
    result: BalancingResult, ratio: float, rng: np.random.Generator, draws: int = 20_000
) -> float:
    """Chance that those who balance hold at least this much of the target's power.

    Parameters
    ----------
    ratio : power of the coalition over the target's, such as one half.
    """
    balances = rng.random((draws, len(result.problem.names))) < result.profile[:, BALANCE]
    return float((balances @ result.problem.ratio >= ratio).mean())


def welfare(result: BalancingResult) -> Array:
    """Expected utility of each state with the public good counted in; (n,).

    The good is quadratic in β, so its expectation needs β's variance; states mix independently.
    """
    game, problem = build(result.problem, result.parameters), result.problem
    profile, r = result.profile, problem.ratio
    private = (game.payoffs(profile) * profile).sum(axis=1)
    mean, spread = r * profile[:, BALANCE], r**2 * profile[:, BALANCE] * (1 - profile[:, BALANCE])
    follow = r * profile[:, BANDWAGON]
    beta, omega = mean.sum() - mean, follow.sum() - follow
    square = beta**2 + spread.sum() - spread
    p = result.parameters
    good = p.safety * (beta - omega) - p.crowding * square / 2
    return np.asarray(private + problem.threat * good)
