"""Counterfactuals of the balancing game: change the world in a stated way and see who moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

import numpy as np

from counterpoise.errors import ModelError, UnknownNameError
from counterpoise.models.balancing_game import (
    ACTIONS,
    BALANCE,
    ILLUSTRATIVE,
    NEUTRAL,
    build,
    play,
)
from counterpoise.models.quantal_response import nearby, solve
from counterpoise.models.totals_game import TotalsGame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.balancing_game import BalancingProblem, BalancingResult, Parameters
    from counterpoise.models.quantal_response import Equilibrium

    Array = NDArray[np.float64]

Quantity = Literal["power", "threat", "distance_km", "base", "membership", "target_power"]


@dataclass(frozen=True)
class Change:
    """One figure set to a new value.

    ``state`` is the state's name, or "all" for every state (the target closes all its bases);
    it is not used for the target's power. ``group`` is needed for membership alone.
    """

    quantity: Quantity
    value: float
    state: str = "all"
    group: str | None = None


@dataclass(frozen=True)
class Mover:
    """One state before and after: chance of each action, and the most likely one."""

    name: str
    before: Array
    after: Array

    @property
    def shift(self) -> float:
        """Share of its chances that moved to other actions, in [0, 1]."""
        return float(np.abs(self.after - self.before).sum() / 2)

    @property
    def action_before(self) -> str:
        """Most likely action before the change."""
        return ACTIONS[int(self.before.argmax())]

    @property
    def action_after(self) -> str:
        """Most likely action after it."""
        return ACTIONS[int(self.after.argmax())]


@dataclass(frozen=True)
class Counterfactual:
    """Equilibria before and after the changes, and the states in order of how much they moved.

    ``followed`` is the equilibrium of the changed game nearest to the old play, where that is not
    the principal one: then the answer depends on which the states would settle on. None otherwise.
    """

    changes: tuple[Change, ...]
    before: BalancingResult
    after: BalancingResult
    movers: tuple[Mover, ...]
    followed: Equilibrium | None

    @property
    def flipped(self) -> tuple[Mover, ...]:
        """States whose most likely action changed."""
        return tuple(m for m in self.movers if m.action_before != m.action_after)


def changed(problem: BalancingProblem, changes: Sequence[Change]) -> BalancingProblem:
    """The problem with the changes made, one after the other.

    Raises
    ------
    UnknownNameError : a state or group of that name is not in the problem.
    ModelError : a value is out of range.
    """
    for change in changes:
        if change.quantity == "target_power":
            problem = replace(problem, target_power=change.value)
            continue
        places = _places(problem, change.state)
        table = getattr(problem, change.quantity).copy()
        if change.quantity == "membership":
            table[places, _group(problem, change.group)] = change.value
        else:
            table[places] = change.value
        problem = replace(problem, **{change.quantity: table})
    return problem


def _places(problem: BalancingProblem, state: str) -> list[int]:
    if state == "all":
        return list(range(len(problem.names)))
    if state not in problem.names:
        near = get_close_matches(state, problem.names)
        hint = f"Did you mean: {', '.join(near)}? " if near else ""
        raise UnknownNameError(
            f'No state "{state}" in this game. {hint}It has {len(problem.names)} states'
        )
    return [problem.names.index(state)]


def _group(problem: BalancingProblem, group: str | None) -> int:
    if group not in problem.groups:
        raise UnknownNameError(
            f'No group "{group}" in this game. Its groups: {", ".join(problem.groups) or "none"}'
        )
    return problem.groups.index(group)


def counterfactual(
    problem: BalancingProblem,
    changes: Sequence[Change],
    parameters: Parameters = ILLUSTRATIVE,
    precision: float = 1.0,
    seed: int | None = None,
) -> Counterfactual:
    """Play the game as it was and as changed, with everything else the same.

    Parameters
    ----------
    seed : of the search for further equilibria on both sides; none is made without one.

    Raises
    ------
    ModelError : no change is given.
    """
    if not changes:
        raise ModelError("Nothing is changed: name at least one change")
    before = play(problem, parameters, precision, seed)
    after = play(changed(problem, changes), parameters, precision, seed)
    near = nearby(build(after.problem, parameters), precision, before.profile)
    apart = near is not None and np.abs(near.profile - after.profile).max() > 1e-6
    movers = [
        Mover(name, old, new)
        for name, old, new in zip(problem.names, before.profile, after.profile, strict=True)
    ]
    movers.sort(key=lambda mover: -mover.shift)
    return Counterfactual(tuple(changes), before, after, tuple(movers), near if apart else None)


@dataclass(frozen=True)
class Pull:
    """How much one state's choice moves the others.

    ``others`` is the change in the others' expected balancing power, over the target's, when the
    state balances for certain instead of staying neutral; ``total`` adds its own power. Positive
    ``others``: it draws others along; negative: they pass the buck to it.
    """

    name: str
    others: float
    total: float


def pulls(
    problem: BalancingProblem, parameters: Parameters = ILLUSTRATIVE, precision: float = 1.0
) -> tuple[Pull, ...]:
    """Wild cards of the game: states in order of how much their move changes the coalition."""
    game = build(problem, parameters)
    profile = solve(game, precision).profile
    found = []
    for place, name in enumerate(problem.names):
        rest = np.arange(len(problem.names)) != place
        power = problem.ratio[rest]
        sides = [
            power @ _settled(without(game, place, action), precision, profile[rest])[:, BALANCE]
            for action in (BALANCE, NEUTRAL)
        ]
        others = float(sides[0] - sides[1])
        found.append(Pull(name, others, others + float(problem.ratio[place])))
    return tuple(sorted(found, key=lambda pull: -abs(pull.total)))


def without(game: TotalsGame, place: int, action: int) -> TotalsGame:
    """The game of the others when one player is known to take an action."""
    rest = np.arange(len(game.base)) != place
    felt = game.loads[rest] @ game.gives[place, action]
    return TotalsGame(game.base[rest] + felt, game.loads[rest], game.gives[rest])


def _settled(game: TotalsGame, precision: float, profile: Array) -> Array:
    near = nearby(game, precision, profile)
    return (near or solve(game, precision)).profile
