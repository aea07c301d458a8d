"""Estimate the balancing game from the record of one period, and test it on another.

Games are played every few years against each of the strongest major powers. The test sets the
game's forecasts beside four that know nothing of strategy, all of them learnt from the same games:
how often each choice was made (climatology), what followed on last year's choice (persistence),
and multinomial logits on the same facts without and with last year's choice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import record, states
from counterpoise.assessment.scores import (
    Interval,
    brier_categories_each,
    log_categories_each,
    mean_interval,
    skill_interval,
)
from counterpoise.errors import CoverageError, ModelError
from counterpoise.measures import power
from counterpoise.measures.game_choices import choices
from counterpoise.measures.game_problem import RecordGame, game_problem
from counterpoise.models import needs_extra
from counterpoise.models.balancing_fit import Fit, fit
from counterpoise.models.balancing_game import ACTIONS, TERMS, Parameters, play, terms
from counterpoise.models.quantal_curve import softmax
from counterpoise.workers import single_thread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Choices = NDArray[np.int64]

FIRST, LAST = 1826, 1990
"""Years estimated from: before 1826 disputes, and with them threats, are not known."""

FIRST_TEST, LAST_TEST = 1991, 2018
STEP, TEST_STEP = 5, 3
TARGETS = 3
RIDGE = 1.0
ENOUGH = 1e-6
"""The search ends where a step promises less than a hundredth of a unit of log-likelihood."""
FREE = (
    "cost",
    "safety",
    "crowding",
    "remoteness",
    "base_cost",
    "solidarity",
    "reward",
    "appeasement",
    "discredit",
    "base_reward",
    "withdrawal",
    "passing",
)
"""One weight or more for each idea of the game; the others are held at zero."""

NOTHING = Parameters(**dict.fromkeys(TERMS, 0.0))
NO_CHOICE = len(ACTIONS)
"""Last year's choice of a state that did not exist or whose choice is not known."""


@dataclass(frozen=True, eq=False)
class Played:
    """A game of the record and what the states did: places in ``ACTIONS``, now and last year."""

    game: RecordGame
    actions: Choices
    before: Choices


def strongest(year: int, count: int = TARGETS) -> tuple[int, ...]:
    """The major powers with most power in the year before, the strongest first.

    After the last coded year the major powers of that year stand in.
    """
    last_major = record.coverage("majors")[1]
    last_power = record.coverage("nmc")[1]
    share = power.shares("cinc", min(year - 1, last_power))
    powers = [c for c in power.majors(min(year, last_major)) or () if c in share]
    present = [c for c in powers if c in states.system(year)]
    return tuple(sorted(present, key=lambda c: -share[c])[:count])


def sample(
    first: int, last: int, step: int = STEP, count: int = TARGETS, *, extend: bool = False
) -> tuple[Played, ...]:
    """Games of a period, every ``step`` years, against the ``count`` strongest major powers.

    Parameters
    ----------
    extend : let a table's last year answer for later ones.

    Raises
    ------
    CoverageError : no game of the period is known.
    """
    found = []
    for year in range(first, last + 1, step):
        for target in strongest(year, count):
            try:
                found.append(played(game_problem(target, year, extend=extend), extend=extend))
            except CoverageError:
                continue
    if not found:
        raise CoverageError(f"No game from {first} to {last} is known to the record.")
    return tuple(found)


def played(game: RecordGame, *, extend: bool = False) -> Played:
    """A game with what its players did in its year and the year before.

    Raises
    ------
    CoverageError : pacts of the year are unknown.
    """
    now = choices(game.ccodes, game.target, game.year, extend=extend)
    earlier = [c for c in game.ccodes if c in set(states.system(game.year - 1))]
    before = choices(earlier, game.target, game.year - 1, extend=extend)
    return Played(
        game,
        np.array([now[c].action for c in game.ccodes]),
        np.array([before[c].action if c in before else NO_CHOICE for c in game.ccodes]),
    )


def estimate(games: Sequence[Played], free: Sequence[str] = FREE, ridge: float = RIDGE) -> Fit:
    """Weights of the game from what states did.

    The search starts from the weights under which each state answers what the others really did
    (a conditional logit), which is fast and near.

    Raises
    ------
    ModelError : no choice is known.
    """
    problems, chosen = [p.game.problem for p in games], [p.actions for p in games]
    with single_thread():
        start = answering(games, tuple(free))
        found = fit(problems, chosen, free, start, ridge, enough=ENOUGH)
    return found


def answering(games: Sequence[Played], free: tuple[str, ...]) -> Parameters:
    """Conditional logit with the others' choices as observed; Newton with a small ridge."""
    places = [TERMS.index(name) for name in free]
    values, chosen = [], []
    for one in games:
        table = terms(one.game.problem)
        did = np.eye(len(ACTIONS))[one.actions]
        own = np.einsum("ib,ibq->iq", did, table.gives)
        others = own.sum(axis=0) - own
        values.append(table.base[places] + np.einsum("piaq,iq->pia", table.loads[places], others))
        chosen.append(one.actions)
    x, action = np.concatenate(values, axis=1), np.concatenate(chosen)
    weight = _logit(x, action)
    return replace(NOTHING, **dict(zip(free, weight.tolist(), strict=True)))


def _logit(x: Array, action: Choices, ridge: float = RIDGE) -> Array:
    """Weights (p,) of a conditional logit with terms (p, n, k) and choices (n,)."""
    weight = np.zeros(len(x))
    for _ in range(100):
        pays = np.tensordot(weight, x, axes=1)
        chance = softmax(pays[:, 1:] - pays[:, :1])
        surprise = np.eye(x.shape[2])[action] - chance
        slope = np.einsum("na,pna->p", surprise, x) - ridge * weight
        mean = np.einsum("na,pna->pn", chance, x)
        steep = np.einsum("na,pna,qna->pq", chance, x, x, optimize=True) - mean @ mean.T
        step = np.linalg.solve(steep + ridge * np.eye(len(x)), slope)
        weight = weight + step
        if np.abs(step).max() < 1e-9:
            break
    return weight


@dataclass(frozen=True)
class Forecaster:
    """How one way to forecast did on the test: scores in the mean over choices; small is good.

    ``skill`` is against climatology, on the logarithmic score. ``log_of_changes`` is the mean
    logarithmic score of states that did something else than the year before.
    """

    name: str
    log: Interval
    brier: Interval
    skill: Interval
    log_of_changes: float | None


@dataclass(frozen=True)
class GameTest:
    """The game and its rivals on games that none of them was learnt from.

    ``beats`` gives, by rival, the mean log score of the game less the rival's: below zero the game
    is better. Bounds resample states.
    """

    first: int
    last: int
    games: int
    choices: int
    changes: int
    shares: dict[str, float]
    forecasters: tuple[Forecaster, ...]
    beats: dict[str, Interval]
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


GAME, CLIMATOLOGY, PERSISTENCE = "game", "climatology", "persistence"
LOGIT, LOGIT_BEFORE = "logit", "logit with last choice"


def held_out(
    parameters: Parameters,
    learnt: Sequence[Played],
    tested: Sequence[Played],
    seed: int = 0,
) -> GameTest:
    """Score the game's equilibria and simple rivals on the test games.

    Parameters
    ----------
    parameters : of the game, estimated from ``learnt``.
    learnt, tested : the games that the rivals learn from, and those that all are scored on.
    seed : of the resampling.

    Raises
    ------
    MissingExtraError : scikit-learn is not installed.
    """
    actual = np.concatenate([p.actions for p in tested])
    before = np.concatenate([p.before for p in tested])
    label = np.concatenate([p.game.ccodes for p in tested])
    with single_thread():
        forecasts = {GAME: np.concatenate([profile(p, parameters) for p in tested])}
        forecasts |= _rivals(learnt, tested)
    rng = np.random.default_rng(seed)
    logs = {name: log_categories_each(p, actual) for name, p in forecasts.items()}
    changed = (before != actual) & (before != NO_CHOICE)
    return GameTest(
        first=min(p.game.year for p in tested),
        last=max(p.game.year for p in tested),
        games=len(tested),
        choices=len(actual),
        changes=int(changed.sum()),
        shares={a: float((actual == k).mean()) for k, a in enumerate(ACTIONS)},
        forecasters=tuple(
            Forecaster(
                name,
                mean_interval(logs[name], rng, label),
                mean_interval(brier_categories_each(p, actual), rng, label),
                skill_interval(logs[name], logs[CLIMATOLOGY], rng, label),
                float(logs[name][changed].mean()) if changed.any() else None,
            )
            for name, p in forecasts.items()
        ),
        beats={
            name: mean_interval(logs[GAME] - logs[name], rng, label)
            for name in forecasts
            if name != GAME
        },
        seed=seed,
    )


def profile(one: Played, parameters: Parameters) -> Array:
    """Chance of each action for each player in the principal equilibrium, (n, 4)."""
    return play(one.game.problem, parameters).profile


def _rivals(learnt: Sequence[Played], tested: Sequence[Played]) -> dict[str, Array]:
    action = np.concatenate([p.actions for p in learnt])
    before = np.concatenate([p.before for p in learnt])
    later = np.concatenate([p.before for p in tested])
    share = _shares(action)
    follow = np.array([_shares(action[before == k]) for k in range(NO_CHOICE + 1)])
    plain = [np.concatenate([facts(p) for p in games]) for games in (learnt, tested)]
    with_last = [
        np.column_stack([x, np.eye(NO_CHOICE + 1)[b]])
        for x, b in zip(plain, (before, later), strict=True)
    ]
    return {
        CLIMATOLOGY: np.tile(share, (len(later), 1)),
        PERSISTENCE: follow[later],
        LOGIT: _multinomial(plain[0], action, plain[1]),
        LOGIT_BEFORE: _multinomial(with_last[0], action, with_last[1]),
    }


def _shares(action: Choices) -> Array:
    """Share of each action, each counted once more than it was seen (Laplace)."""
    count = np.bincount(action, minlength=len(ACTIONS)) + 1.0
    return np.asarray(count / count.sum())


def facts(one: Played) -> Array:
    """What a forecaster without strategy knows of each player, (n, 9).

    Threat, power over the target's, nearness, base, their products with the threat, power in the
    player's groups, its product with the threat, and whether it has a group.
    """
    p = one.game.problem
    t, r, v, b = p.threat, p.ratio, p.nearness, p.base
    friends = (p.membership * (p.membership.T @ r)).sum(axis=1)
    return np.column_stack(
        [t, r, v, b, t * r, t * v, friends, t * friends, p.membership.any(axis=1)]
    )


def _multinomial(x: Array, action: Choices, new: Array) -> Array:
    with needs_extra("The comparison with a logit"):
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler
    scale = StandardScaler().fit(x)
    model = LogisticRegression(max_iter=2000).fit(scale.transform(x), action)
    found = np.zeros((len(new), len(ACTIONS)))
    found[:, model.classes_] = model.predict_proba(scale.transform(new))
    # An action never seen in learning keeps a small chance, so that its score is finite.
    found = np.maximum(found, 1e-6)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


COLUMNS = ("name", "value", "standard_error", "clustered_error", "is_free")


def write_fit(found: Fit, path: Path) -> None:
    """Write estimated weights as the coded table ``game_parameters``."""
    from counterpoise import files

    rows = [",".join((*COLUMNS, "source"))]
    source = f"counterpoise game-fit; {found.games} games {FIRST}–{LAST}"
    for field in fields(Parameters):
        name, is_free = field.name, field.name in found.free
        errors = [
            table.get(name, np.nan) for table in (found.standard_errors, found.clustered_errors)
        ]
        cells = ["" if np.isnan(e) else f"{e:.6f}" for e in errors]
        value = getattr(found.parameters, name)
        rows.append(",".join([name, f"{value:.6f}", *cells, str(is_free).lower(), source]))
    files.write_bytes(path, ("\n".join(rows) + "\n").encode())


def estimated() -> Parameters:
    """The weights in the package, estimated from 1826 to 1990; see ``game_parameters.csv``.

    Raises
    ------
    ModelError : the table lacks a weight.
    """
    rows = record.coded("game_parameters").select("name", "value").iter_rows()
    values = dict(rows)
    if missing := [name for name in TERMS if name not in values]:
        raise ModelError(f"game_parameters.csv lacks {', '.join(missing)}: run game-fit again.")
    return Parameters(**{name: values[name] for name in TERMS})


def fit_dict(found: Fit) -> dict[str, Any]:
    """A fit as plain values for JSON."""
    return {
        "parameters": asdict(found.parameters),
        "free": list(found.free),
        "standard_errors": found.standard_errors,
        "clustered_errors": found.clustered_errors,
        "log_likelihood": found.log_likelihood,
        "shares_log_likelihood": found.shares_log_likelihood,
        "games": found.games,
        "choices": found.choices,
        "ridge": found.ridge,
        "is_converged": found.is_converged,
    }
