"""Compiled loops of landscape theory. All numbers are whole numbers held in floats: exact.

Two blocs: with x_i = ±1 the side of actor i, write g_i = x_i Σ_j W_ij x_j. Switching i changes
the energy by 2 g_i. A configuration is a number whose bit i − 1 says whether actor i is apart
from actor 0, so mirror images are one configuration and switching actor 0 flips every bit.
Neighbours in Gray code differ in one actor, so each g_i is updated, not computed anew.

The loops keep G_i = 32 g_i + i. The least G then gives the steepest switch and, among equals, the
first actor in one pass; the lowest five bits name it. This needs n ≤ 32 and |W| sums below 2^46.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Codes = NDArray[np.int32]

FINITE = {"nnan", "ninf", "nsz"}
"""Lets the compiler vectorise a minimum: no value here is ever NaN, infinite or minus zero."""


@compiled()
def sides_of(code: int, n: int, width: int) -> Array:
    """Sides +1 and −1 of a configuration, padded with +1 to ``width``."""
    x = np.ones(width)
    for i in range(1, n):
        if code >> (i - 1) & 1:
            x[i] = -1.0
    return x


@compiled()
def keyed_gains(bonds: Array, x: Array) -> Array:
    """G of every actor; the padding gets 1, which is never a descent."""
    n, width = bonds.shape
    keyed = np.ones(width)
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += bonds[i, j] * x[j]
        keyed[i] = total * x[i] / 2 + i
    return keyed


@compiled()
def changed_bit(step: int) -> int:
    """The bit in which Gray codes ``step`` − 1 and ``step`` differ."""
    bit = 0
    while step & 1 == 0:
        step >>= 1
        bit += 1
    return bit


@compiled(fastmath=FINITE)
def steepest(bonds: Array, first: int, count: int, following: Codes) -> int:
    """Write where steepest descent goes from ``count`` configurations; −1 at a local optimum.

    Parameters
    ----------
    bonds : (n, width) whole pair weights × 64, padded with zeros to whole vector registers.
    first, count : the part of the Gray code to visit.
    following : (2^(n−1),) the next configuration of each, filled here.

    Returns
    -------
    The number of local optima met.
    """
    n, width = bonds.shape
    everyone = (1 << (n - 1)) - 1
    code = first ^ (first >> 1)
    x = sides_of(code, n, width)
    keyed = keyed_gains(bonds, x)
    optima = 0
    for step in range(first + 1, first + count + 1):
        least = keyed[0]
        for i in range(width):
            least = min(least, keyed[i])
        if least < 0:
            actor = np.int64(least) & 31
            following[code] = code ^ (everyone if actor == 0 else 1 << (actor - 1))
        else:
            following[code] = -1
            optima += 1
        if step == first + count:
            break
        bit = changed_bit(step)
        code ^= 1 << bit
        k = bit + 1
        before = x[k]
        own = keyed[k]
        for i in range(width):
            keyed[i] -= bonds[k, i] * x[i] * before
        keyed[k] = 2 * k - own
        x[k] = -before
    return optima


@compiled()
def shorten(following: Codes, start: int, stop: int) -> int:
    """Let each configuration point where its successor points; the number still on the way.

    A negative entry is final: the mark of a local optimum, copied to what descends to it. Other
    threads may shorten the entry that is read: whatever is read lies further down the same path.
    """
    moving = 0
    for code in range(start, stop):
        successor = following[code]
        if successor >= 0:
            beyond = following[successor]
            following[code] = beyond
            if beyond >= 0:
                moving += 1
    return moving


@compiled()
def count_marks(following: Codes, start: int, stop: int, sizes: NDArray[np.int64]) -> None:
    """Add the configurations that carry each mark −1 − k to ``sizes[k]``."""
    for code in range(start, stop):
        sizes[-1 - following[code]] += 1


@compiled(fastmath=True)
def switch_gain(bonds: Array, x: Array, k: int) -> float:
    """x_k Σ_j bonds_kj x_j; whole numbers, so the order of the sum does not matter."""
    total = 0.0
    for j in range(x.size):
        total += bonds[k, j] * x[j]
    gain: float = total * x[k]
    return gain


@compiled()
def obeys(x: Array, rules: NDArray[np.int64]) -> bool:
    """Whether sides keep every pair of (r, 3) rules together (1) or apart (−1)."""
    kept = True
    for r in range(rules.shape[0]):
        kept = kept and x[rules[r, 0]] * x[rules[r, 1]] == rules[r, 2]
    return kept


@compiled()
def ruled_minima(
    bonds: Array,
    rules: NDArray[np.int64],
    first: int,
    count: int,
    lowest: Array,
    codes: NDArray[np.int64],
) -> None:
    """For each set of rules, the least energy of a configuration that obeys it, and which.

    Equal energies go to the smaller code, so the parts of the enumeration can be merged.

    Parameters
    ----------
    bonds : (n, width) whole pair weights, padded with zeros.
    rules : (q, r, 3) actor, other actor, 1 to hold them together or −1 apart.
    lowest, codes : (q,) filled here; start them at infinity and −1.
    """
    n, width = bonds.shape
    code = first ^ (first >> 1)
    x = sides_of(code, n, width)
    energy = 0.0
    for i in range(n):
        for j in range(i):
            energy += bonds[i, j] * (1 - x[i] * x[j])
    for step in range(first + 1, first + count + 1):
        if energy <= lowest.max():
            for q in range(rules.shape[0]):
                is_better = energy < lowest[q] or (energy == lowest[q] and code < codes[q])
                if is_better and obeys(x, rules[q]):
                    lowest[q] = energy
                    codes[q] = code
        if step == first + count:
            break
        bit = changed_bit(step)
        code ^= 1 << bit
        energy += 2 * switch_gain(bonds, x, bit + 1)
        x[bit + 1] = -x[bit + 1]


@compiled()
def bloc_order(sides: NDArray[np.int8], blocs: int) -> NDArray[np.int64]:
    """Blocs by their first member, then one empty bloc if there is any; −1 fills the rest."""
    order = np.full(blocs, -1)
    seen = np.zeros(blocs, np.bool_)
    found = 0
    for side in sides:
        if not seen[side]:
            seen[side] = True
            order[found] = side
            found += 1
    for side in range(blocs):
        if not seen[side]:
            order[found] = side
            break
    return order


@compiled()
def best_switch(bonds: Array, sides: NDArray[np.int8], order: NDArray[np.int64]) -> tuple[int, int]:
    """The actor and the bloc whose switch lowers the energy most; −1 and −1 if none does."""
    best, actor, target = 0.0, -1, -1
    for i in range(sides.size):
        own = bonds[i, sides[i]]
        for side in order:
            if side >= 0 and own - bonds[i, side] < best:
                best = own - bonds[i, side]
                actor, target = i, side
    return actor, target


@compiled()
def descend_one(weights: Array, blocs: int, sides: NDArray[np.int8]) -> None:
    """Steepest descent of one configuration, in place."""
    n = sides.size
    bonds = np.zeros((n, blocs))
    for i in range(n):
        for j in range(n):
            bonds[i, sides[j]] += weights[i, j]
    while True:
        actor, target = best_switch(bonds, sides, bloc_order(sides, blocs))
        if actor < 0:
            break
        for j in range(n):
            bonds[j, sides[actor]] -= weights[j, actor]
            bonds[j, target] += weights[j, actor]
        sides[actor] = target


@compiled()
def descend(weights: Array, blocs: int, starts: NDArray[np.int8]) -> None:
    """Steepest descent of each row of ``starts``, in place, to blocs named by first member.

    The switch that lowers the energy most is made; ties to the first actor, then to the bloc
    whose first member comes first, a new bloc last.

    Parameters
    ----------
    weights : (n, n) whole pair weights, zero diagonal.
    starts : (m, n) blocs from 0 to ``blocs`` − 1.
    """
    name = np.zeros(blocs, np.int8)
    for row in range(starts.shape[0]):
        sides = starts[row]
        descend_one(weights, blocs, sides)
        order = bloc_order(sides, blocs)
        for place in range(blocs):
            if order[place] >= 0:
                name[order[place]] = place
        for i in range(sides.size):
            sides[i] = name[sides[i]]
