"""Compiled loops of weighted voting, in whole numbers: a coalition wins from ``need`` up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]


@compiled()
def count_swings(weights: Array, need: float, first: int, count: int, swings: Ints) -> None:
    """Count the losing coalitions that each outsider turns into winning ones, by their size.

    Parameters
    ----------
    weights : (n,) whole numbers in floats.
    first, count : the part of the Gray code of all 2^n coalitions to visit.
    swings : (n, n) size of the losing coalition × player; added to.
    """
    n = weights.size
    code = first ^ (first >> 1)
    inside = np.zeros(n, np.bool_)
    total, size = 0.0, 0
    for i in range(n):
        if code >> i & 1:
            inside[i] = True
            total += weights[i]
            size += 1
    for step in range(first + 1, first + count + 1):
        if total < need:
            for i in range(n):
                if not inside[i] and total + weights[i] >= need:
                    swings[size, i] += 1
        i, left = 0, step
        while left & 1 == 0:
            left >>= 1
            i += 1
        if step == first + count:
            break
        inside[i] = not inside[i]
        total += weights[i] if inside[i] else -weights[i]
        size += 1 if inside[i] else -1


@compiled()
def swing_chances(weights: Ints, need: int, chance: float) -> Array:
    """Chance that each player decides when every other joins independently.

    The distribution of the total of all players is built one player at a time; one player is
    taken out of it again by the same recurrence read backwards. Going out from zero with
    ``chance`` at most one half, no rounding error grows.

    Parameters
    ----------
    weights : (n,) whole numbers.
    need : the least total that wins.
    chance : of joining, in (0, ½].
    """
    n = weights.size
    spread = np.zeros(need)
    spread[0] = 1.0
    for i in range(n):
        w = weights[i]
        for total in range(need - 1, -1, -1):
            joined = spread[total - w] if total >= w else 0.0
            spread[total] = (1 - chance) * spread[total] + chance * joined
    result = np.zeros(n)
    without = np.zeros(need)
    for i in range(n):
        w = weights[i]
        if w == 0:
            continue
        for total in range(need):
            joined = without[total - w] if total >= w else 0.0
            without[total] = (spread[total] - chance * joined) / (1 - chance)
        for total in range(max(0, need - w), need):
            result[i] += without[total]
    return result
