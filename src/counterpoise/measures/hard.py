"""Hard balancing as arrays: how much of a bloc is bound, against whom, with what strength.

All functions take shares of power, one per member, under one metric. Unknown is NaN in, NaN out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

EXACT_MEMBERS = 14
"""Up to this many members the hardest core is found by trying every subset."""


def bound_share(power: Array, tied: Flags) -> float:
    """Share of a bloc's power-weighted dyads that a pact binds.

    Σ_{i<j} w_i w_j tied_ij / Σ_{i<j} w_i w_j, in [0, 1]; NaN with fewer than two members.

    Parameters
    ----------
    power : (n,) shares of power, one per member, under one metric.
    tied : (n, n) symmetric booleans, diagonal ignored.

    Source: our own weighting of the dyadic pact indicator in ATOP (Leeds et al. 2002).
    """
    pairs = np.triu(np.outer(power, power), k=1)
    total = pairs.sum()
    return float(pairs[tied].sum() / total) if total > 0 else float("nan")


def bound_dyads(tied: Flags) -> int:
    """Number of pairs of members that a pact ties."""
    return int(np.triu(tied, k=1).sum())


def core(power: Array) -> tuple[int, int]:
    """Places of the strongest and the second strongest member; ties go to the first listed."""
    order = np.argsort(-power, kind="stable")
    return int(order[0]), int(order[1])


@dataclass(frozen=True)
class HardestCore:
    """The members, with the strongest among them, whose mutual binding is greatest."""

    places: tuple[int, ...]
    bound_share: float
    is_exact: bool


def hardest_core(power: Array, tied: Flags) -> HardestCore:
    """Subset of at least two members, with the strongest, that maximises ``bound_share``.

    Equal shares go to the subset with more power. Up to ``EXACT_MEMBERS`` members every subset is
    tried; beyond, members are dropped one at a time while that raises the share.
    """
    strongest = core(power)[0]
    others = [i for i in range(power.size) if i != strongest]
    if power.size <= EXACT_MEMBERS:
        subsets = (
            (strongest, *rest)
            for size in range(1, len(others) + 1)
            for rest in combinations(others, size)
        )
        return _best(power, tied, subsets, is_exact=True)
    return _best(power, tied, _peeled(power, tied, strongest, others), is_exact=False)


def _best(
    power: Array, tied: Flags, subsets: Iterable[tuple[int, ...]], *, is_exact: bool
) -> HardestCore:
    ranked = ((*_score(power, tied, places), places) for places in subsets)
    share, _, places = max(ranked, key=lambda found: found[:2])
    return HardestCore(tuple(sorted(places)), share, is_exact)


def _score(power: Array, tied: Flags, places: Sequence[int]) -> tuple[float, float]:
    inside = list(places)
    share = bound_share(power[inside], tied[np.ix_(inside, inside)])
    return round(share, 12), float(power[inside].sum())


def _peeled(
    power: Array, tied: Flags, strongest: int, others: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """All members, then one fewer each time: the one whose going leaves most binding."""
    inside = [strongest, *others]
    while len(inside) >= 2:
        yield tuple(inside)
        inside = max(
            ([*inside[:k], *inside[k + 1 :]] for k in range(1, len(inside))),
            key=lambda rest: _score(power, tied, rest) if len(rest) > 1 else (0.0, 0.0),
        )


@dataclass(frozen=True)
class Direction:
    """How much of a bloc's power is hostile to the target, between two bounds.

    ``share`` is D, ``rest`` is D₋, the same without the strongest member. The bounds differ where
    a member's hostility is unknown: low counts it as absent, high as present.
    """

    share: tuple[float, float]
    rest: tuple[float, float]

    def is_directed(self, share_cut: float, rest_cut: float) -> bool | None:
        """D ≥ ``share_cut`` and D₋ ≥ ``rest_cut``; None where the bounds disagree."""
        if self.share[0] >= share_cut and self.rest[0] >= rest_cut:
            return True
        if self.share[1] < share_cut or self.rest[1] < rest_cut:
            return False
        return None


def direction(power: Array, hostile: Sequence[bool | None]) -> Direction:
    """Power-weighted share of members that are hostile to the target, with and without the first.

    D = Σ w_i h_i / Σ w_i; D₋ leaves out the strongest member.

    Parameters
    ----------
    power : (n,) shares of power, n ≥ 2.
    hostile : n signs; None where unknown.
    """
    low = np.array([h is True for h in hostile], dtype=float)
    high = np.array([h is not False for h in hostile], dtype=float)
    rest = np.arange(power.size) != core(power)[0]
    return Direction(
        (_mean(low, power), _mean(high, power)),
        (_mean(low[rest], power[rest]), _mean(high[rest], power[rest])),
    )


def unweighed(hostile: Sequence[bool | None]) -> Direction:
    """Bounds on D and D₋ where power is unknown: exact when all members are alike."""
    low, high = float(all(h is True for h in hostile)), float(any(h is not False for h in hostile))
    return Direction((low, high), (low, high))


def _mean(sign: Array, power: Array) -> float:
    total = power.sum()
    return float(sign @ power / total) if total > 0 else 0.0


def power_ratio(members: Array, target: Array) -> float:
    """Power of the bloc over power of the target's side; NaN if any figure is unknown."""
    return float(members.sum() / target.sum())
