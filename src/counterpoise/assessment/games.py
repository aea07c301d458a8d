"""The balancing game of a target and a year: who would do what, who did, and what if.

The weights are those estimated from 1826 to 1990 (``game_fits``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import states
from counterpoise.assessment import game_changes
from counterpoise.assessment.game_fits import estimated
from counterpoise.errors import CoverageError
from counterpoise.measures.game_choices import Choice, choices
from counterpoise.measures.game_problem import THREAT, RecordGame, game_problem
from counterpoise.models.balancing_changes import Mover, pulls
from counterpoise.models.balancing_game import ACTIONS, BALANCE, Parameters, coalition_chance, play
from counterpoise.models.quantal_response import nearby

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.models.balancing_changes import Pull
    from counterpoise.models.balancing_game import BalancingResult

COALITION = 0.5
"""Power of those who balance, over the target's, that makes a coalition to be reckoned with."""

STARTS = 10
FEWEST_RATIO = 0.005
"""Wild cards are sought among states with at least this much of the target's power."""


@dataclass(frozen=True)
class Player:
    """One state in the game: what it weighs, what the model says, what it did.

    ``chances`` are of the four actions in equilibrium. ``did`` is None where pacts are unknown.
    """

    state: str
    name: str
    power_ratio: float
    threat: float
    distance_km: float
    base: bool
    chances: dict[str, float]
    likeliest: str
    did: str | None
    because: str | None


@dataclass(frozen=True, eq=False)
class GameStudy:
    """A game played and read, and what changes would make of it.

    ``coalition`` is the expected power of those who balance over the target's; ``observed`` the
    power of those who did, None where unknown; ``coalition_chance`` that it reaches half.
    """

    game: RecordGame
    result: BalancingResult
    players: tuple[Player, ...]
    coalition: float
    coalition_chance: float
    observed: float | None
    reason: str | None
    wild_cards: tuple[Pull, ...]
    changes: tuple[str, ...] = ()
    changed: BalancingResult | None = None
    movers: tuple[Mover, ...] = ()
    depends_on_play: bool = False

    def to_dict(self) -> dict[str, Any]:
        """What ``game --json`` prints."""
        answer: dict[str, Any] = {
            "target": self.game.problem.target,
            "year": self.game.year,
            "power": self.game.metric,
            "threat": self.game.threat,
            "coalition": self.coalition,
            "coalition_chance": self.coalition_chance,
            "observed_coalition": self.observed,
            "equilibria": 1 + len(self.result.others),
            "index_sum": self.result.index_sum,
            "parameters": asdict(self.result.parameters),
            "players": [asdict(player) for player in self.players],
            "wild_cards": [asdict(pull) for pull in self.wild_cards],
            "left_out": _named(self.game.left_out, self.game.year),
            "hosts_known": self.game.hosts_known,
            "extended": self.game.extended,
            "reason": self.reason,
        }
        if self.changed is not None:
            answer["changes"] = list(self.changes)
            answer["coalition_after"] = self.changed.coalition
            answer["depends_on_play"] = self.depends_on_play
            answer["movers"] = [_mover(m) for m in self.movers]
        return answer


def _named(left_out: dict[int, str], year: int) -> dict[str, str]:
    names = states.names()
    return {names.name(code, year): why for code, why in left_out.items()}


def _mover(mover: Mover) -> dict[str, Any]:
    return {
        "state": mover.name,
        "shift": mover.shift,
        "before": dict(zip(ACTIONS, mover.before.tolist(), strict=True)),
        "after": dict(zip(ACTIONS, mover.after.tolist(), strict=True)),
        "flipped": mover.action_before != mover.action_after,
    }


def game(
    against: str | int,
    year: int,
    changes: Sequence[str] = (),
    *,
    metric: str = "cinc",
    threat: str = THREAT,
    parameters: Parameters | None = None,
    extend: bool = False,
    seed: int = 0,
) -> GameStudy:
    """Play the balancing game against a target in a year.

    Parameters
    ----------
    changes : as in ``game_changes``, made together; without any the world stays as it was.
    parameters : weights of the game; those estimated in the package by default.
    seed : of the search for further equilibria and of the coalition's chance.

    Raises
    ------
    CoverageError : the target or the threat from it is unknown in the year.
    QuestionError, UnknownNameError : a change is not understood or names nobody who plays.
    """
    target = states.state(against, year)
    wanted = [game_changes.read(text, year) for text in changes]
    found = game_problem(target.ccode, year, metric, threat, extend=extend)
    weights = parameters or estimated()
    result = play(found.problem, weights, seed=seed, starts=STARTS)
    did, reason = _observed(found, extend=extend)
    rng = np.random.default_rng(seed)
    study = {
        "game": found,
        "result": result,
        "players": _players(found, result, did),
        "coalition": result.coalition,
        "coalition_chance": coalition_chance(result, COALITION, rng),
        "observed": None if did is None else _power_of_balancers(found, did),
        "reason": reason,
        "wild_cards": _wild_cards(found, weights),
    }
    if wanted:
        study |= _counterfactual(found, result, wanted, weights)
        study["changes"] = tuple(changes)
    return GameStudy(**study)  # type: ignore[arg-type]


def _observed(found: RecordGame, *, extend: bool) -> tuple[dict[int, Choice] | None, str | None]:
    try:
        return choices(found.ccodes, found.target, found.year, extend=extend), None
    except CoverageError as error:
        return None, str(error)


def _power_of_balancers(found: RecordGame, did: dict[int, Choice]) -> float:
    balances = np.array([did[c].action == BALANCE for c in found.ccodes])
    return float(found.problem.ratio[balances].sum())


def _players(
    found: RecordGame, result: BalancingResult, did: dict[int, Choice] | None
) -> tuple[Player, ...]:
    problem, names = found.problem, states.names()
    rows = []
    for k, code in enumerate(found.ccodes):
        choice = did[code] if did is not None else None
        rows.append(
            Player(
                state=problem.names[k],
                name=names.name(code, found.year),
                power_ratio=float(problem.ratio[k]),
                threat=float(problem.threat[k]),
                distance_km=float(problem.distance_km[k]),
                base=bool(problem.base[k]),
                chances=dict(zip(ACTIONS, result.profile[k].tolist(), strict=True)),
                likeliest=result.likeliest[k],
                did=None if choice is None else ACTIONS[choice.action],
                because=None if choice is None else choice.because,
            )
        )
    return tuple(sorted(rows, key=lambda p: -p.chances["balance"] * p.power_ratio))


def _wild_cards(found: RecordGame, weights: Parameters) -> tuple[Pull, ...]:
    strong = {
        name
        for name, ratio in zip(found.problem.names, found.problem.ratio, strict=True)
        if ratio >= FEWEST_RATIO
    }
    return tuple(p for p in pulls(found.problem, weights) if p.name in strong)


def _counterfactual(
    found: RecordGame,
    before: BalancingResult,
    wanted: Sequence[game_changes.Wanted],
    weights: Parameters,
) -> dict[str, object]:
    after_game = game_changes.made(found, wanted)
    after = play(after_game.problem, weights)
    near = nearby(_built(after_game, weights), 1.0, before.profile)
    movers = [
        Mover(name, old, new)
        for name, old, new in zip(found.problem.names, before.profile, after.profile, strict=True)
    ]
    movers.sort(key=lambda m: -m.shift)
    return {
        "changed": after,
        "movers": tuple(movers),
        "depends_on_play": near is not None
        and bool(np.abs(near.profile - after.profile).max() > 1e-6),
    }


def _built(found: RecordGame, weights: Parameters) -> Any:
    from counterpoise.models.balancing_game import build

    return build(found.problem, weights)
