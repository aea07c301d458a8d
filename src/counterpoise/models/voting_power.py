"""Voting power: who decides whether a coalition wins.

A coalition wins with more than a quota of the weight, half of it by default. The Shapley–Shubik
index (1954) is the chance that a player turns a growing coalition into a winning one, over all
orders of joining; the Banzhaf index (1965) counts the coalitions that a player turns, each
equally likely. States that decide nothing are inessential (Niou, Ordeshook & Rose 1989).

Up to 24 players every coalition is visited. Beyond, with whole weights small enough, the
distribution of the others' total is built by generating functions; the Shapley–Shubik index is
then an integral over the chance of joining, of a polynomial, which Gauss–Legendre points
integrate exactly (Owen's 1972 multilinear extension). Otherwise random orders and coalitions
give estimates with intervals.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import needs_extra
from counterpoise.models.scaling import decimal, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

EXACT_PLAYERS = 24
MOST_STEPS = 4e9
"""Ceiling on players² × quota for the generating functions, some seconds of work."""
SUBSET_PLAYERS = 20
MOST_BITS = 10_000_000
BATCH = 2_000
NORMAL_95 = 1.959964


@dataclass(frozen=True, eq=False)
class VotingGame:
    """Players with weights, and what it takes to win.

    Parameters
    ----------
    players : n different names.
    weights : (n,) finite, not negative, any unit; not all zero.
    quota : weight that a coalition must exceed; half of all weight by default.
    is_strict : False lets a coalition win with exactly the quota.

    Raises
    ------
    ModelError : names what does not fit.
    """

    players: tuple[str, ...]
    weights: Array
    quota: float | None = None
    is_strict: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        weights = np.array(self.weights, dtype=float)
        weights.setflags(write=False)
        object.__setattr__(self, "weights", weights)
        if weights.shape != (len(self.players),) or len(set(self.players)) != weights.size:
            raise ModelError("A voting game needs one weight for each of its different players.")
        if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
            raise ModelError("Weights must be finite, not negative, and not all zero.")
        total = float(weights.sum())
        if self.quota is not None and not 0 < self.quota <= total:
            raise ModelError(f"A quota of {self.quota:g} does not lie between 0 and {total:g}.")


@dataclass(frozen=True, eq=False)
class PowerIndices:
    """Voting power of every player.

    ``shapley_shubik`` and ``banzhaf`` are (n,) and sum to 1; ``decides`` (n,) is the absolute
    Banzhaf index, the chance that a player decides when the others toss coins. ``swings`` counts
    the coalitions that each turns, where they were all visited. ``is_essential`` is None where a
    sample shows no swing. Intervals, (n, 2), are 95% of a sample and None without one.
    """

    players: tuple[str, ...]
    shapley_shubik: Array
    banzhaf: Array
    decides: Array
    swings: tuple[int, ...] | None
    is_essential: tuple[bool | None, ...]
    shapley_shubik_interval: Array | None
    decides_interval: Array | None
    is_exact: bool
    is_rounded: bool
    method: str
    parameters: Mapping[str, float]
    seed: int | None


@dataclass(frozen=True)
class _Whole:
    """A game in whole numbers: a coalition wins when its total reaches ``need``."""

    weights: Array
    need: int
    is_rounded: bool

    @property
    def total(self) -> int:
        """All weight."""
        return int(self.weights.sum())


def _in_whole_numbers(weights: Array, quota: float | None, is_strict: bool) -> _Whole:
    amounts = [decimal(w) for w in weights]
    if quota is None:
        scaled = whole(amounts, 2**52)
        half = int(scaled.values.sum())
        need = half // 2 + 1 if is_strict else -(-half // 2)
        return _Whole(scaled.values, max(1, need), not scaled.is_exact)
    scaled = whole([*amounts, decimal(quota)], 2**52)
    need = int(scaled.values[-1]) + (1 if is_strict else 0)
    return _Whole(scaled.values[:-1], max(1, need), not scaled.is_exact)


def power_indices(
    game: VotingGame, *, draws: int = 100_000, seed: int = 0, workers: int | None = None
) -> PowerIndices:
    """Shapley–Shubik and Banzhaf indices, exact where the size allows.

    Parameters
    ----------
    draws, seed : of the sample, where the indices cannot be computed exactly.
    workers : threads; the answer does not depend on it.

    Raises
    ------
    MissingExtraError : numba is not installed.
    ModelError : no coalition wins, or fewer than one draw.
    """
    if draws < 1:
        raise ModelError(f"{draws} draws make no sample.")
    scaled = _in_whole_numbers(game.weights, game.quota, game.is_strict)
    if scaled.need > scaled.total:
        raise ModelError("No coalition wins: the quota asks for more than all weight.")
    n = scaled.weights.size
    if n <= EXACT_PLAYERS:
        return _enumerated(game, scaled, workers)
    if n * n * float(scaled.need) <= MOST_STEPS and scaled.total < MOST_STEPS:
        return _generated(game, scaled, workers)
    return _sampled(game, scaled, draws, seed)


def _threads(workers: int | None) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers or os.cpu_count() or 1)


def _enumerated(game: VotingGame, scaled: _Whole, workers: int | None) -> PowerIndices:
    with needs_extra("Voting power"):
        from counterpoise.models import voting_kernels as kernels
    n = scaled.weights.size
    size = max(1, (1 << n) // 16)

    def count(first: int) -> Ints:
        swings = np.zeros((n, n), dtype=np.int64)
        kernels.count_swings(scaled.weights, float(scaled.need), first, size, swings)
        return swings

    with _threads(workers) as threads:
        by_size = sum(threads.map(count, range(0, 1 << n, size)), np.zeros((n, n), dtype=np.int64))
    swings = by_size.sum(axis=0)
    return _exact(
        game,
        scaled,
        shapley=_shapley(by_size),
        decides=swings / 2.0 ** (n - 1),
        swings=tuple(int(s) for s in swings),
        is_essential=tuple(bool(s) for s in swings),
        method="all coalitions",
    )


def _shapley(by_size: Ints) -> Array:
    """Σ over sizes s of swings × s! (n − 1 − s)! / n!."""
    n = len(by_size)
    orders = [
        Fraction(math.factorial(s) * math.factorial(n - 1 - s), math.factorial(n)) for s in range(n)
    ]
    counts = by_size.T.tolist()
    return np.array([float(sum(o * c for o, c in zip(orders, own, strict=True))) for own in counts])


def _generated(game: VotingGame, scaled: _Whole, workers: int | None) -> PowerIndices:
    with needs_extra("Voting power"):
        from counterpoise.models import voting_kernels as kernels
    n, weights = scaled.weights.size, scaled.weights.astype(np.int64)
    nodes, shares = np.polynomial.legendre.leggauss((n + 1) // 2)

    def chances(node: float) -> Array:
        # Joining with more than even chance is abstaining with less, in the dual game.
        if node > 0:
            dual = scaled.total - scaled.need + 1
            return np.asarray(kernels.swing_chances(weights, dual, (1 - node) / 2))
        return np.asarray(kernels.swing_chances(weights, scaled.need, (1 + node) / 2))

    with _threads(workers) as threads:
        at_nodes = np.array(list(threads.map(chances, nodes)))
    members = essential(game.weights.tolist(), game.quota, is_strict=game.is_strict)
    return _exact(
        game,
        scaled,
        shapley=shares @ at_nodes / 2,
        decides=chances(0.0),
        swings=None,
        is_essential=tuple(members),
        method="generating functions",
    )


def _exact(
    game: VotingGame,
    scaled: _Whole,
    *,
    shapley: Array,
    decides: Array,
    swings: tuple[int, ...] | None,
    is_essential: tuple[bool, ...],
    method: str,
) -> PowerIndices:
    return PowerIndices(
        players=game.players,
        shapley_shubik=shapley,
        banzhaf=decides / decides.sum(),
        decides=decides,
        swings=swings,
        is_essential=is_essential,
        shapley_shubik_interval=None,
        decides_interval=None,
        is_exact=True,
        is_rounded=scaled.is_rounded,
        method=method,
        parameters={},
        seed=None,
    )


def _sampled(game: VotingGame, scaled: _Whole, draws: int, seed: int) -> PowerIndices:
    rng = np.random.default_rng(seed)
    n, weights, need = scaled.weights.size, scaled.weights, scaled.need
    pivots, swings = np.zeros(n), np.zeros(n)
    for start in range(0, draws, BATCH):
        rows = min(BATCH, draws - start)
        order = rng.random((rows, n)).argsort(axis=1)
        place = (np.cumsum(weights[order], axis=1) >= need).argmax(axis=1)
        pivots += np.bincount(order[np.arange(rows), place], minlength=n)
        joined = rng.random((rows, n)) < 0.5
        others = (joined @ weights)[:, None] - joined * weights
        swings += ((others < need) & (others + weights >= need)).sum(axis=0)
    total = swings.sum()
    return PowerIndices(
        players=game.players,
        shapley_shubik=pivots / draws,
        banzhaf=swings / total if total else np.full(n, np.nan),
        decides=swings / draws,
        swings=None,
        is_essential=tuple(
            True if p + s > 0 else None for p, s in zip(pivots, swings, strict=True)
        ),
        shapley_shubik_interval=_wilson(pivots, draws),
        decides_interval=_wilson(swings, draws),
        is_exact=False,
        is_rounded=scaled.is_rounded,
        method="random orders and coalitions",
        parameters={"draws": float(draws)},
        seed=seed,
    )


def _wilson(counts: Array, draws: int) -> Array:
    """95% interval of a chance from a count (Wilson 1927), (n, 2)."""
    share, z = counts / draws, NORMAL_95**2 / draws
    middle = share + z / 2
    half = np.sqrt(z * (share * (1 - share) + z / 4))
    return np.stack([(middle - half) / (1 + z), (middle + half) / (1 + z)], axis=1)


def essential(
    weights: Sequence[float], quota: float | None = None, *, is_strict: bool = True
) -> list[bool]:
    """Which players are essential: members of some minimal winning coalition.

    That is the same as turning at least one losing coalition into a winning one: a coalition that
    needs the player can shed whoever else it does not need until it is minimal.

    Parameters
    ----------
    weights : (n,) not negative; n ≤ 20, or whole numbers (after scaling) of moderate size.
    quota : weight to exceed; half by default.

    Raises
    ------
    ModelError : more than 20 players with too many digits to add up exactly.
    """
    scaled = _in_whole_numbers(np.array(weights, dtype=float), quota, is_strict)
    n, need = scaled.weights.size, scaled.need
    if n <= SUBSET_PLAYERS:
        return _by_subsets(scaled.weights, need)
    if scaled.total > MOST_BITS:
        raise ModelError(
            f"{n} players whose weights need numbers up to {scaled.total:.3g}: whether each is "
            f"essential cannot be settled beyond {SUBSET_PLAYERS} players. Round the weights."
        )
    return _by_totals([int(w) for w in scaled.weights], need)


def _by_subsets(weights: Array, need: int) -> list[bool]:
    sums = np.zeros((1,) * weights.size)
    for i, w in enumerate(weights):
        sums = np.concatenate([sums, sums + w], axis=i)
    members = []
    for i, w in enumerate(weights):
        others = sums.take(0, axis=i)
        members.append(bool(((others < need) & (others + w >= need)).any()))
    return members


def _by_totals(weights: list[int], need: int) -> list[bool]:
    """A heavier player is essential if a lighter one is, so the lightest such is searched for."""
    order = sorted(range(len(weights)), key=weights.__getitem__)
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        if _turns_some(weights, order[middle], need):
            high = middle
        else:
            low = middle + 1
    lightest = weights[order[low]] if low < len(order) else math.inf
    return [w >= lightest for w in weights]


def _turns_some(weights: list[int], player: int, need: int) -> bool:
    """Whether the others reach some total from need − w to need − 1; bit k is total k."""
    within = (1 << need) - 1
    reached = 1
    for other, w in enumerate(weights):
        if other != player:
            reached |= (reached << w) & within
    return bool(reached >> max(0, need - weights[player]))


def minimal_winning(game: VotingGame) -> list[tuple[str, ...]]:
    """Winning coalitions that lose if any member leaves, smallest first.

    Raises
    ------
    ModelError : more than 20 players.
    """
    n = len(game.players)
    if n > SUBSET_PLAYERS:
        raise ModelError(f"{n} players: minimal winning coalitions are listed up to 20.")
    scaled = _in_whole_numbers(game.weights, game.quota, game.is_strict)
    weights = [int(w) for w in scaled.weights]
    found = []
    for size in range(1, n + 1):
        for inside in combinations(range(n), size):
            total = sum(weights[i] for i in inside)
            if total >= scaled.need and total - min(weights[i] for i in inside) < scaled.need:
                found.append(tuple(game.players[i] for i in inside))
    return found
