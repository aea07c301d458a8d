"""The expected-utility challenge model of bargaining on one issue.

Bueno de Mesquita's model as Scholz, Calbert & Smith (2011, Journal of Theoretical Politics 23(4))
set it out; no printed run of theirs was at hand to compare ours with. In each round every actor
weighs up challenging every other; those who expect to lose are offered a new position and take one;
the round ends with a new weighted median.

Where the published accounts leave room, this is our reading:

- *Votes.* Actor k's vote for i over j is c_k s_k (|x_k − x_j|^r_k − |x_k − x_i|^r_k), distances as
  shares of the scale. The chance that i wins is its supporters' votes over all votes cast between
  the two. (A published code divides by the votes of all pairs together, which makes every chance
  tiny and those of i and j no longer sum to one.) If no one votes the chance is one half.
- *Risk.* The security of an actor is set against the least and the most secure of all actors, as in
  Scholz et al. (Bueno de Mesquita sets it against the positions that the actor itself might hold.)
- *Eyes.* An actor judges both its own and the other's expected utility with its own risk exponent.
- *If nobody acts.* With chance Q nothing changes; else the other drifts towards the median, which
  is better for i where the median is nearer to x_i than x_j is (T = 1), worse where it is
  farther (T = 0), and even where equally near (T = ½). Q = 1 in Scholz et al.: the rest drops out.
- *Offers.* An actor that expects nothing or more of resisting, but less than the challenger, loses
  a confrontation and moves all the way; one that expects to lose less than the challenger gains
  meets it part of the way, in the ratio of the two; one that expects to lose more gives in. Of its
  offers an actor takes the one that moves it least; equals go to the first challenger listed.
  ``accept="strongest"`` takes instead that of the challenger that expects to gain most.
- *Stopping.* When the median moves by no more than the tolerance from one round to the next (the
  original's rule; the tolerance, which it leaves open, is ours), or positions return to an earlier
  round, or after the greatest number of rounds. Actors may still be moving then:
  ``settles="positions"`` waits until none does, which can take long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.bargaining import weighted_mean, weighted_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.bargaining import Issue

    Array = NDArray[np.float64]

OfferKind = Literal["confrontation", "compromise", "capitulation"]
Stop = Literal["settled", "repeated", "round limit"]
KINDS: tuple[OfferKind, ...] = ("confrontation", "compromise", "capitulation")
STOPS: tuple[Stop, ...] = ("round limit", "settled", "repeated")
SAME = 1e-9
"""Share of the scale within which two positions are the same."""


@dataclass(frozen=True)
class ChallengeRules:
    """Settings of the model.

    ``status_quo_chance`` is Q; ``tolerance`` is the share of the scale up to which a move of what
    must settle counts as none.
    """

    status_quo_chance: float = 1.0
    accept: Literal["nearest", "strongest"] = "nearest"
    settles: Literal["median", "positions"] = "median"
    tolerance: float = 0.01
    rounds: int = 40

    def __post_init__(self) -> None:
        if not 0 <= self.status_quo_chance <= 1:
            raise ModelError(f"Q is {self.status_quo_chance}: a chance lies in [0, 1]")
        if self.accept not in ("nearest", "strongest"):
            raise ModelError(
                f'Offers are accepted by "nearest" or "strongest", not "{self.accept}"'
            )
        if self.settles not in ("median", "positions"):
            raise ModelError(f'What settles is the "median" or "positions", not "{self.settles}"')
        if not self.tolerance >= 0 or self.rounds < 1:
            raise ModelError("The tolerance must be zero or more, and rounds at least one")


STANDARD = ChallengeRules()
"""The settings of Scholz et al., with our tolerance."""


@dataclass(frozen=True)
class Offer:
    """A position that one actor cannot refuse to consider; ``to`` and ``by`` are places."""

    to: int
    by: int
    kind: OfferKind
    position: float
    is_taken: bool


@dataclass(frozen=True)
class Round:
    """What is seen at the start of a round, and the offers made in it.

    ``chance[i, j]`` is the chance that i beats j; ``own[i, j]`` what i expects of challenging j,
    and ``theirs[i, j]`` what i thinks that j expects of challenging i; ``risk`` exponents lie in
    [½, 2], above one for those who are more secure than the middle.
    """

    positions: Array
    median: float
    mean: float
    risk: Array
    chance: Array
    own: Array
    theirs: Array
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Bargain:
    """All rounds of one issue; ``forecast`` is the weighted median where it stopped."""

    issue: Issue
    rules: ChallengeRules
    rounds: tuple[Round, ...]
    positions: Array
    forecast: float
    stopped: Stop


def bargain(issue: Issue, rules: ChallengeRules = STANDARD) -> Bargain:
    """Play an issue round by round, keeping everything that happened.

    Parameters
    ----------
    issue : with positions and saliences of shape (n,).

    Raises
    ------
    ModelError : the issue holds draws; ``forecast`` takes those.
    """
    if issue.positions.ndim > 1 or issue.saliences.ndim > 1:
        raise ModelError("An issue with draws has no single course: ask for its forecast instead")
    history, stopped = _play(issue, rules)
    rounds = tuple(_described(issue, rules, x) for x in history[:-1])
    last = history[-1][0]
    median = float(weighted_median(last, issue.weights))
    return Bargain(issue, rules, rounds, last, median, STOPS[int(stopped[0])])


def forecast(issue: Issue, rules: ChallengeRules = STANDARD) -> Array:
    """Weighted median where the rounds stop; shape () or (draws,)."""
    history, _ = _play(issue, rules)
    found = weighted_median(history[-1], issue.weights)
    is_single = issue.positions.ndim == 1 and issue.saliences.ndim == 1
    return found[0] if is_single else found


def _play(issue: Issue, rules: ChallengeRules) -> tuple[list[Array], NDArray[np.int64]]:
    """Positions (draws, n) before each round and at the end, and why each draw stopped."""
    x, salience = np.broadcast_arrays(*map(np.atleast_2d, (issue.positions, issue.saliences)))
    history = [np.array(x, dtype=float)]
    stopped = np.zeros(len(x), dtype=np.int64)
    for _ in range(rules.rounds):
        going = np.flatnonzero(stopped == 0)
        if going.size == 0:
            break
        after = history[-1].copy()
        after[going] = _seen(issue, rules, after[going], salience[going]).after
        history.append(after)
        stopped[going] = _why_stopped(
            issue, rules, [past[going] for past in history], salience[going]
        )
    return history, stopped


def _why_stopped(
    issue: Issue, rules: ChallengeRules, history: list[Array], salience: Array
) -> NDArray[np.int64]:
    """Place in ``STOPS`` for each draw: 1 settled, 2 back where it was, 0 neither."""
    *past, after = history
    moved = np.array([np.abs(after - before).max(axis=1) for before in past])
    if rules.settles == "median":
        weight = issue.power * salience
        step = np.abs(weighted_median(after, weight) - weighted_median(past[-1], weight))
    else:
        step = moved[-1]
    width = issue.ends[1] - issue.ends[0]
    has_returned = (moved <= SAME * width).any(axis=0)
    return np.where(step <= rules.tolerance * width, 1, np.where(has_returned, 2, 0))


@dataclass(frozen=True)
class _Sight:
    """One round for every draw: all of shape (draws, n, n), ``risk`` and ``after`` (draws, n)."""

    chance: Array
    risk: Array
    own: Array
    theirs: Array
    kind: NDArray[np.int64]
    offered: Array
    taken: NDArray[np.int64]
    after: Array


def _seen(issue: Issue, rules: ChallengeRules, x: Array, salience: Array) -> _Sight:
    width = issue.ends[1] - issue.ends[0]
    weight = issue.power * salience
    gap = np.abs(x[:, :, None] - x[:, None, :]) / width
    drift = np.abs(x - weighted_median(x, weight)[:, None]) / width
    even = np.ones_like(x)
    first = _expected(_chance(gap, weight, even), gap, drift, salience, even, rules)[0]
    risk = _risk(first)
    chance = _chance(gap, weight, risk)
    own, theirs = _expected(chance, gap, drift, salience, risk, rules)
    kind, offered = _offers(x, gap, own, theirs)
    taken, after = _choose(x, theirs, offered, rules)
    return _Sight(chance, risk, own, theirs, kind, offered, taken, after)


def _chance(gap: Array, weight: Array, risk: Array) -> Array:
    """Chance that i beats j: votes of those nearer to i over all votes cast; (draws, n, n)."""
    support, cast = np.zeros_like(gap), np.zeros_like(gap)
    for k in range(gap.shape[-1]):
        loss = weight[:, k, None] * gap[:, k] ** risk[:, k, None]
        vote = loss[:, None, :] - loss[:, :, None]
        support += np.maximum(vote, 0)
        cast += np.abs(vote)
    return np.divide(support, cast, out=np.full_like(gap, 0.5), where=cast > 0)


def _expected(
    chance: Array, gap: Array, drift: Array, salience: Array, risk: Array, rules: ChallengeRules
) -> tuple[Array, Array]:
    """Gain of challenging over leaving be: i against j, and j against i as i sees it."""
    exponent = risk[:, :, None]
    won = 2 - 4 * (0.5 - 0.5 * gap) ** exponent
    lost = 2 - 4 * (0.5 + 0.5 * gap) ** exponent
    own = _gain(chance, won, lost, salience[:, None, :])
    theirs = _gain(np.swapaxes(chance, 1, 2), won, lost, salience[:, :, None])
    mine = _rest(drift[:, :, None], gap, exponent, rules.status_quo_chance)
    other = _rest(drift[:, None, :], gap, exponent, rules.status_quo_chance)
    apart = gap > 0
    return np.where(apart, own - mine, 0.0), np.where(apart, theirs - other, 0.0)


def _gain(chance: Array, won: Array, lost: Array, resistance: Array) -> Array:
    """Utility of a challenge: the other resists in proportion to how much it cares."""
    return resistance * (chance * won + (1 - chance) * lost) + (1 - resistance) * won


def _rest(drift: Array, gap: Array, exponent: Array, status_quo_chance: float) -> Array:
    """Utility of not challenging, for a challenger at distance ``drift`` from the median."""
    same = 2 - 4 * 0.5**exponent
    if status_quo_chance == 1:
        return np.broadcast_to(same, gap.shape)
    shift = 0.25 * (drift + gap)
    better, worse = 2 - 4 * (0.5 - shift) ** exponent, 2 - 4 * (0.5 + shift) ** exponent
    improves = 0.5 + 0.5 * np.sign(gap - drift)
    moved = improves * better + (1 - improves) * worse
    return status_quo_chance * same + (1 - status_quo_chance) * moved


def _risk(gains: Array) -> Array:
    """Risk exponents from what the others expect of challenging each actor; (draws, n).

    R runs from −1 for the most secure to 1 for the least; the exponent is (1 − R/3)/(1 + R/3).
    Where all are equally secure every exponent is one.
    """
    danger = gains.sum(axis=1)
    low, high = danger.min(axis=1, keepdims=True), danger.max(axis=1, keepdims=True)
    spread = high - low
    level = np.divide(
        2 * danger - high - low, spread, out=np.zeros_like(danger), where=spread > 1e-12
    )
    return np.asarray((1 - level / 3) / (1 + level / 3))


def _offers(x: Array, gap: Array, own: Array, theirs: Array) -> tuple[NDArray[np.int64], Array]:
    """Kind of offer from j to i (−1 none) and the position offered (NaN none)."""
    loses = (gap > 0) & (theirs > 0) & (theirs > own)
    gives_part = (own < 0) & (-own < theirs)
    kind = np.where(own >= 0, 0, np.where(gives_part, 1, 2))
    ratio = np.divide(-own, theirs, out=np.ones_like(own), where=loses & gives_part)
    there = x[:, None, :] - x[:, :, None]
    offered = x[:, :, None] + np.where(gives_part, ratio, 1.0) * there
    return np.where(loses, kind, -1), np.where(loses, offered, np.nan)


def _choose(
    x: Array, theirs: Array, offered: Array, rules: ChallengeRules
) -> tuple[NDArray[np.int64], Array]:
    """Challenger whose offer each actor takes (−1 none), and where that leaves it."""
    move = np.abs(offered - x[:, :, None])
    order = move if rules.accept == "nearest" else -theirs
    order = np.where(np.isnan(offered), np.inf, order)
    taken = order.argmin(axis=2)
    after = np.take_along_axis(offered, taken[:, :, None], 2)[:, :, 0]
    has = np.isfinite(after)
    return np.where(has, taken, -1), np.where(has, after, x)


def _described(issue: Issue, rules: ChallengeRules, x: Array) -> Round:
    seen = _seen(issue, rules, x, issue.saliences[None])
    kind, offered, taken = seen.kind[0], seen.offered[0], seen.taken[0]
    offers = tuple(
        Offer(int(i), int(j), KINDS[kind[i, j]], float(offered[i, j]), bool(taken[i] == j))
        for i, j in np.argwhere(kind >= 0)
    )
    return Round(
        positions=x[0],
        median=float(weighted_median(x[0], issue.weights)),
        mean=float(weighted_mean(x[0], issue.weights)),
        risk=seen.risk[0],
        chance=seen.chance[0],
        own=seen.own[0],
        theirs=seen.theirs[0],
        offers=offers,
    )
