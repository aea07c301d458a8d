"""Who earns the held-out score: a Shapley split over all subsets of explanations.

A subset's worth is the log score that it saves over climatology, held out by period. An
explanation's share is its mean gain over all orders in which explanations can be added. It is a
description: explanations share variables' information, and a share is no effect. The null moves
every new pact to a window, targets and states drawn at random, clumps kept, so that nothing can
be learnt from any predictor; shares beyond it are more than chance.

Fits use all events and some other units drawn per event, weighted; scores use all units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.explanations import threads
from counterpoise.assessment.explanations.filling import fill
from counterpoise.models.rare_logit import RareLogit, ridge_logit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.ensemble import Ensemble
    from counterpoise.assessment.explanations.fits import Problem
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Tell = Callable[[int, int], None]

SEED = 1953
CONTROLS = 5
"""Units without an event per unit with one in a fit."""

ORDERS = 16
"""Orders of adding explanations in each draw of the null, half of them the others reversed."""

DRAWS = 2000
LEVEL = 0.95


@dataclass(frozen=True)
class Part:
    """One explanation's share of the log score saved, in thousandths of a nat per unit.

    ``interval`` resamples target spells. ``null_low`` and ``null_high`` bound the null, and
    ``p_value`` is how often the null reaches the share. ``rank`` is None where its interval
    overlaps another explanation's.
    """

    name: str
    share: float
    interval: tuple[float, float]
    null_low: float
    null_high: float
    p_value: float
    rank: int | None


@dataclass(frozen=True)
class Split:
    """The whole split. ``saved`` is what all explanations save together; shares sum to it."""

    parts: tuple[Part, ...]
    saved: float
    interval: tuple[float, float]
    null_draws: int


@dataclass(frozen=True, eq=False)
class _Game:
    """Worth of subsets, by spell; each is fitted once."""

    problem: Problem
    known: Flags
    members: tuple[tuple[int, ...], ...]
    event: Array
    seed: int

    def worths(self, subsets: Iterable[int], tell: Tell | None = None) -> dict[int, Array]:
        """Log score saved over climatology by subset, summed over each spell's units."""
        listed = sorted(set(subsets), key=lambda s: (s.bit_count(), s))
        labels, spell = np.unique(self.problem.units.spell, return_inverse=True)
        found = {s: np.zeros(len(labels)) for s in listed}
        folds = np.unique(self.problem.units.period[self.known])
        parts = threads.each(lambda fold: self._of_fold(listed, int(fold), spell), folds)
        for number, part in enumerate(parts):
            for subset, saved in part.items():
                found[subset] += saved
            if tell:
                tell(number + 1, len(folds))
        return found

    def _of_fold(self, listed: list[int], fold: int, spell: Ints) -> dict[int, Array]:
        """Log score saved in one period by fits that saw none of it."""
        asked = self.known & (self.problem.units.period == fold)
        seen = self.known & ~asked
        if not 0 < self.event[seen].sum() < seen.sum():
            return {}
        found = {}
        x, at, weight = self._columns(seen, np.random.default_rng([self.seed, fold]))
        fitted, scored = x[at], x[asked]
        offset, outcome = self.problem.units.offset, self.event
        base: Array | None = None
        for subset in listed:
            columns = [c for k, cs in enumerate(self.members) if subset >> k & 1 for c in cs]
            fit = ridge_logit(
                fitted[:, columns],
                outcome[at],
                self.problem.specification.penalty,
                offset[at],
                weight,
            )
            loss = _loss(fit, columns, scored, offset[asked], outcome[asked])
            base = loss if base is None else base
            found[subset] = _summed(base - loss, spell[asked], spell)
        return found

    def _columns(self, seen: Flags, rng: np.random.Generator) -> tuple[Array, Ints, Array]:
        """Standardised columns, the units of the fit and their weights."""
        rule = self.problem.specification.missing
        # One version stands for several: a split is a description, not an estimate.
        rule = "silent" if rule in ("imputed", "complete") else rule
        x = fill(self.problem.values, seen, rule, rng).versions[0]
        events = np.flatnonzero(seen & (self.event == 1))
        others = np.flatnonzero(seen & (self.event == 0))
        number = min(len(others), CONTROLS * len(events))
        drawn = rng.choice(others, number, replace=False)
        weight = np.r_[np.ones(len(events)), np.full(number, len(others) / number)]
        return x, np.r_[events, drawn], weight


def _loss(fit: RareLogit, columns: list[int], x: Array, offset: Array, y: Array) -> Array:
    """Log loss of each unit under a fit of some columns of ``x``."""
    slopes = np.zeros(x.shape[1])
    slopes[columns] = fit.coefficients[1:]
    odds = fit.coefficients[0] + x @ slopes + offset
    return np.asarray(np.logaddexp(0.0, odds) - y * odds)


def _summed(value: Array, label: Ints, labels: Ints) -> Array:
    return np.bincount(label, value, int(labels.max()) + 1).astype(np.float64)


def split(
    problem: Problem,
    known: Flags,
    members: dict[str, list[int]],
    null: Ensemble,
    tell: Tell = lambda finished, total: None,
) -> Split:
    """Split the held-out log score that all explanations save over climatology.

    Parameters
    ----------
    known : (n,) units to fit and score by.
    members : by explanation, the columns of its variables.
    null : how often pacts are moved at random, and where the shares then found are kept.
    tell : called with the steps finished and in all.
    """
    names, columns = tuple(members), tuple(tuple(c) for c in members.values())
    game = _Game(problem, known, columns, np.nan_to_num(problem.units.event), SEED)
    folds = len(np.unique(problem.units.period[known]))
    total = folds + null.draws
    worth = game.worths(range(1 << len(names)), lambda k, _: tell(k, total))
    matrix = np.stack([worth[s] for s in range(1 << len(names))])
    shares = weights(len(names)) @ matrix
    chance = null.table(
        "null of the split",
        len(names),
        lambda k: _null(game, len(names), SEED + k + 1),
        lambda done, _: tell(folds + done, total),
    )
    return _split(names, shares, chance, _counts(problem.units, known))


def weights(players: int) -> Array:
    """Shapley's weights: shares are this (players, subsets) matrix times the subsets' worths."""
    table = np.zeros((players, 1 << players))
    for subset in range(1 << players):
        size = subset.bit_count()
        for k in range(players):
            inside = subset >> k & 1
            others = size - inside
            weight = factorial(others) * factorial(players - others - 1) / factorial(players)
            table[k, subset] = weight if inside else -weight
    return table


def _counts(units: Units, known: Flags) -> Array:
    """Known units by spell."""
    _, spell = np.unique(units.spell, return_inverse=True)
    return np.bincount(spell[known], minlength=int(spell.max()) + 1).astype(np.float64)


def _null(game: _Game, players: int, seed: int) -> list[float]:
    """Shares once pacts are moved at random, from some orders; (players,)."""
    rng = np.random.default_rng(seed)
    event = moved(game.problem.units, game.known, rng)
    drawn = [rng.permutation(players) for _ in range(ORDERS // 2)]
    orders = [order for one in drawn for order in (one, one[::-1])]
    chains = [_chain(order) for order in orders]
    worth = replace(game, event=event, seed=seed).worths(s for chain in chains for s in chain)
    gains = np.zeros(players)
    for order, chain in zip(orders, chains, strict=True):
        for player, (before, after) in zip(order, pairwise(chain), strict=True):
            gains[player] += (worth[after] - worth[before]).sum()
    return [float(gain) for gain in gains / len(orders) / game.known.sum()]


def _chain(order: NDArray[np.int64]) -> list[int]:
    """Subsets met when explanations are added in an order, the empty one first."""
    chain = [0]
    for player in order:
        chain.append(chain[-1] | 1 << int(player))
    return chain


def moved(units: Units, known: Flags, rng: np.random.Generator) -> Array:
    """Events as they would be if each pact had formed in a random window, (n,) of 0 and 1.

    A pact keeps how many states joined it and how many powers it was aimed at; the window, the
    powers and the states are drawn anew, the same states facing each power where they can.
    """
    event = np.zeros(len(units))
    starts = np.unique(units.start[known])
    for pact in np.unique(units.pact[known & (units.event == 1)]):
        inside = known & (units.pact == pact)
        joiners, powers = len(np.unique(units.state[inside])), len(np.unique(units.target[inside]))
        here = known & (units.start == rng.choice(starts))
        targets = np.unique(units.target[here])
        targets = rng.choice(targets, min(powers, len(targets)), replace=False)
        states = np.unique(units.state[here])
        states = rng.choice(states, min(joiners, len(states)), replace=False)
        event[here & np.isin(units.target, targets) & np.isin(units.state, states)] = 1.0
    return event


def _split(names: Sequence[str], shares: Array, null: Array, counts: Array) -> Split:
    """Shares per unit with their intervals, null and ranks."""
    rng = np.random.default_rng(SEED)
    spells = shares.shape[1]
    weight = rng.multinomial(spells, np.full(spells, 1 / spells), size=DRAWS)
    drawn = (weight @ shares.T) / (weight @ counts)[:, None]
    point = shares.sum(axis=1) / counts.sum()
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    ends = _null_bounds(null, len(names))
    ranks = ranked(low, high)
    parts = tuple(
        Part(
            name,
            1e3 * float(point[k]),
            (1e3 * float(low[k]), 1e3 * float(high[k])),
            1e3 * float(ends[0][k]),
            1e3 * float(ends[1][k]),
            float((1 + np.sum(null[:, k] >= point[k])) / (1 + len(null))),
            ranks[k],
        )
        for k, name in enumerate(names)
    )
    whole = np.quantile(drawn.sum(axis=1), ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    bounds = (1e3 * float(whole[0]), 1e3 * float(whole[1]))
    return Split(parts, 1e3 * float(point.sum()), bounds, len(null))


def _null_bounds(null: Array, players: int) -> tuple[Array, Array]:
    if not len(null):
        blank = np.full(players, np.nan)
        return blank, blank
    return null.min(axis=0), null.max(axis=0)


def ranked(low: Array, high: Array) -> list[int | None]:
    """Rank of each interval from the highest; None where it overlaps any other."""
    found: list[int | None] = []
    for k in range(len(low)):
        others = [j for j in range(len(low)) if j != k]
        apart = all(low[k] > high[j] or high[k] < low[j] for j in others)
        found.append(1 + sum(low[j] > high[k] for j in others) if apart else None)
    return found
