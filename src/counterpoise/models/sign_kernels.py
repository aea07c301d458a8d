"""Compiled exchange of signs around squares and hexagons of a signed graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@compiled()
def exchange(
    first: Ints, second: Ints, tie: Ints, signs: Ints, enmities: Ints, count: int, seed: int
) -> int:
    """Try ``count`` exchanges in place; the number carried out.

    Parameters
    ----------
    first, second : (m,) ends of each tie.
    tie : (n, n) number of the tie of a pair, −1 without one.
    signs : (m,) 1 and −1, changed here.
    enmities : (e,) numbers of the ties of sign −1, changed here.
    """
    np.random.seed(seed)
    done = 0
    chosen, across = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    head, tail = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    for _ in range(count):
        sides = 2 if enmities.size == 2 or np.random.random() < 0.5 else 3
        for k in range(sides):
            chosen[k] = np.random.randint(enmities.size)
            one = enmities[chosen[k]]
            is_turned = np.random.random() < 0.5
            tail[k] = second[one] if is_turned else first[one]
            head[k] = first[one] if is_turned else second[one]
        if closes(tie, signs, head, tail, chosen, across, sides):
            for k in range(sides):
                signs[enmities[chosen[k]]] = 1
            for k in range(sides):
                signs[across[k]] = -1
                enmities[chosen[k]] = across[k]
            done += 1
    return done


@compiled()
def closes(
    tie: Ints, signs: Ints, head: Ints, tail: Ints, chosen: Ints, across: Ints, sides: int
) -> bool:
    """Do different friendships lead from each enmity to the next? They are put in ``across``."""
    for k in range(sides):
        across[k] = tie[head[k], tail[(k + 1) % sides]]
        if across[k] < 0 or signs[across[k]] < 0:
            return False
        for other in range(k):
            if chosen[k] == chosen[other] or across[k] == across[other]:
                return False
    return True
