"""The balancing game year after year: choices arm states, bind them and answer shocks.

Each year powers grow unevenly and threats are shaken; states play the game's equilibrium and draw
their choices from it; those who balance arm, and after a few years in a row join the coalition,
which makes balancing easier for its members; those who stop leave it. The rules are ours. What such
a simulation produces is a property of the model, to be held against the record, not a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.balancing_game import ACTIONS, BALANCE, ILLUSTRATIVE, build
from counterpoise.models.quantal_response import nearby, solve
from counterpoise.shelves import Shelf
from counterpoise.version import __version__
from counterpoise.workers import using

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.balancing_game import BalancingProblem, Parameters

    Array = NDArray[np.float64]

PIECE = 5
"""Histories in one piece of work."""

COALITION = "coalition"
"""Name of the group that balancing states form as they go."""


@dataclass(frozen=True)
class DynamicsRules:
    """How the world moves from year to year; rates are per year, in logarithms.

    Parameters
    ----------
    growth_sd, target_growth : spread of all powers' growth, and the target's lead in growth.
    arming : growth that balancing adds to a state's power.
    threat_sd, threat_return : spread of threats, and the share of a departure that lasts a year.
    crisis_chance, crisis_size : how often the target frightens all at once, and by how much the
        threat to a state at its door rises; farther states less, by nearness.
    join_years, leave_years : years of balancing in a row that bind, and of not balancing that free.
    formed_ratio : power of the bound over the target's at which a coalition counts as formed.
    """

    years: int = 50
    growth_sd: float = 0.02
    target_growth: float = 0.0
    arming: float = 0.02
    threat_sd: float = 0.03
    threat_return: float = 0.8
    crisis_chance: float = 0.03
    crisis_size: float = 0.5
    join_years: int = 2
    leave_years: int = 5
    formed_ratio: float = 0.5

    def __post_init__(self) -> None:
        if min(self.years, self.join_years, self.leave_years) < 1:
            raise ModelError("Years simulated, to join and to leave must each be at least one")
        if min(self.growth_sd, self.threat_sd) < 0 or not 0 <= self.threat_return <= 1:
            raise ModelError("Spreads must be zero or more and the lasting share within [0, 1]")
        if not 0 <= self.crisis_chance <= 1:
            raise ModelError("The chance of a crisis must lie in [0, 1]")


@dataclass(frozen=True)
class Ensemble:
    """Many simulated histories of one problem.

    Parameters
    ----------
    actions : (runs, years, n) places in ``ACTIONS``.
    coalition : (runs, years) power of the bound over the target's.
    formed : (runs,) first year, counted from zero, in which the coalition is formed; −1 if never.
    seed : the root; each run has a child of its own, so workers do not matter.
    """

    problem: BalancingProblem
    parameters: Parameters
    rules: DynamicsRules
    precision: float
    seed: int
    actions: NDArray[np.int8]
    coalition: Array
    formed: NDArray[np.int64]

    @property
    def formed_share(self) -> float:
        """Share of histories in which a coalition was formed."""
        return float((self.formed >= 0).mean())

    def shares(self) -> Array:
        """Share of states taking each action, by year; (years, 4)."""
        taken = [(self.actions == place).mean(axis=(0, 2)) for place in range(len(ACTIONS))]
        return np.stack(taken, axis=1)


def simulate(
    problem: BalancingProblem,
    seed: int,
    runs: int = 100,
    parameters: Parameters = ILLUSTRATIVE,
    rules: DynamicsRules | None = None,
    precision: float = 1.0,
    workers: int | None = None,
    scheduler: str | None = None,
    folder: Path | None = None,
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> Ensemble:
    """Simulate histories; the same seed gives the same ones with any number of workers.

    Parameters
    ----------
    workers, scheduler : who works; as chosen outside by ``workers.using``, or this process.
    folder : where histories are kept as they come, and taken up again; None keeps them in memory.
    tell : called with the histories finished and in all.

    Raises
    ------
    ModelError : no run is asked for, or a group is already named "coalition".
    DataError : the folder cannot be written.
    MissingExtraError : more than one worker, and joblib is not installed.
    """
    rules = rules or DynamicsRules()
    if runs < 1 or COALITION in problem.groups:
        raise ModelError(f'Ask for at least one run, and name no group "{COALITION}"')
    years, states = rules.years, len(problem.names)
    columns = {
        "actions": ("int8", (years, states)),
        "coalition": ("float64", (years,)),
        "formed": ("int64", ()),
    }
    told = [repr(v) for v in (parameters, rules, precision)]
    what = {"problem": _fingerprint(problem), "told": told, "seed": seed, "by": __version__}
    shelf = Shelf(runs, PIECE, columns, what, folder)
    with using(workers, scheduler):
        found = shelf.filled(partial(_piece, problem, parameters, rules, precision, seed), tell)
    return Ensemble(
        problem, parameters, rules, precision, seed,
        found["actions"], found["coalition"], found["formed"],
    )  # fmt: skip


def _fingerprint(problem: BalancingProblem) -> str:
    """A hash of every number and name of a problem."""
    found = hashlib.sha256()
    for name, value in asdict(problem).items():
        found.update(f"{name} {getattr(value, 'shape', value)!r} ".encode())
        if isinstance(value, np.ndarray):
            found.update(np.ascontiguousarray(value).tobytes())
    return found.hexdigest()


def _piece(
    problem: BalancingProblem,
    parameters: Parameters,
    rules: DynamicsRules,
    precision: float,
    seed: int,
    runs: range,
) -> dict[str, NDArray[Any]]:
    """Some runs. Each draws from a child of the seed of its own."""
    children = (np.random.SeedSequence(seed, spawn_key=(run,)) for run in runs)
    made = [_history(problem, parameters, rules, precision, child) for child in children]
    coalition = np.array([powers for _, powers in made])
    reached = coalition >= rules.formed_ratio
    return {
        "actions": np.array([actions for actions, _ in made]),
        "coalition": coalition,
        "formed": np.where(reached.any(axis=1), reached.argmax(axis=1), -1),
    }


def _history(
    problem: BalancingProblem,
    parameters: Parameters,
    rules: DynamicsRules,
    precision: float,
    seed: np.random.SeedSequence,
) -> tuple[NDArray[np.int8], Array]:
    """One run: actions (years, n) and the coalition's power over the target's (years,)."""
    rng = np.random.default_rng(seed)
    n = len(problem.names)
    world = replace(
        problem,
        groups=(*problem.groups, COALITION),
        membership=np.column_stack([problem.membership, np.zeros(n)]),
    )
    streak = np.zeros(n, dtype=np.int64)
    actions = np.empty((rules.years, n), dtype=np.int8)
    coalition = np.empty(rules.years)
    profile: Array | None = None
    for year in range(rules.years):
        world = _shaken(world, problem.threat, rules, rng)
        profile = _equilibrium(world, parameters, precision, profile)
        actions[year] = _drawn(profile, rng)
        world, streak = _answered(world, actions[year] == BALANCE, streak, rules)
        coalition[year] = world.ratio @ world.membership[:, -1]
    return actions, coalition


def _shaken(
    world: BalancingProblem, usual_threat: Array, rules: DynamicsRules, rng: np.random.Generator
) -> BalancingProblem:
    """Powers grow unevenly; threats drift back to their usual level, are shaken, may leap."""
    n = len(world.names)
    growth = rng.normal(0, rules.growth_sd, n + 1)
    threat = usual_threat + rules.threat_return * (world.threat - usual_threat)
    threat = threat + rng.normal(0, rules.threat_sd, n)
    if rng.random() < rules.crisis_chance:
        threat = threat + rules.crisis_size * world.nearness
    return replace(
        world,
        power=world.power * np.exp(growth[:n]),
        target_power=world.target_power * float(np.exp(growth[n] + rules.target_growth)),
        threat=np.clip(threat, 0, 1),
    )


def _equilibrium(
    world: BalancingProblem, parameters: Parameters, precision: float, last: Array | None
) -> Array:
    """Equilibrium nearest to last year's play, so that habits hold; at first the principal one."""
    game = build(world, parameters)
    near = nearby(game, precision, last) if last is not None else None
    return (near or solve(game, precision)).profile


def _drawn(profile: Array, rng: np.random.Generator) -> NDArray[np.int8]:
    bar = np.cumsum(profile, axis=1)
    place = (rng.random((len(profile), 1)) * bar[:, -1:] >= bar).sum(axis=1)
    return np.asarray(np.minimum(place, len(ACTIONS) - 1), dtype=np.int8)


def _answered(
    world: BalancingProblem,
    balances: NDArray[np.bool_],
    streak: NDArray[np.int64],
    rules: DynamicsRules,
) -> tuple[BalancingProblem, NDArray[np.int64]]:
    """Balancers arm; streaks count up while a choice lasts, below zero while it is another."""
    streak = np.where(balances, np.maximum(streak, 0) + 1, np.minimum(streak, 0) - 1)
    membership = world.membership.copy()
    bound = membership[:, -1]
    bound = np.where(streak >= rules.join_years, 1.0, bound)
    membership[:, -1] = np.where(streak <= -rules.leave_years, 0.0, bound)
    power = world.power * np.exp(rules.arming * balances)
    return replace(world, power=power, membership=membership), streak
