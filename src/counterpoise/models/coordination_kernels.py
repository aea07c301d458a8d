"""Compiled: one group of states taken out of the items, and what its members' votes share then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Votes = NDArray[np.int8]
    Flags = NDArray[np.bool_]

NO, ABSTAIN, YES = 0, 1, 2
LEAST_GAP = 0.1
"""A removal leaves the gap between an item's cut points at least this share of what it was."""
LONGEST = 3.0
POINT_ROUNDS = 2
FIGURES = 7
"""As in ``coordination.Coordination``, in its order."""


@compiled()
def logistic(x: float) -> float:
    """1 / (1 + exp(−x)) without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small)


@compiled()
def solve(matrix: Array, vector: Array, size: int) -> bool:
    """Solve a positive definite system in place by Cholesky; False where it is not definite."""
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i == j:
                if total <= 1e-12:
                    return False
                matrix[i, i] = np.sqrt(total)
            else:
                matrix[i, j] = total / matrix[j, j]
    for i in range(size):
        for k in range(i):
            vector[i] -= matrix[i, k] * vector[k]
        vector[i] /= matrix[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            vector[i] -= matrix[k, i] * vector[k]
        vector[i] /= matrix[i, i]
    return True


@compiled()
def remove(
    group: Ints, theta: Array, slopes: Array, whole: Array, items: Array, k: int, left: Array
) -> None:
    """Item ``k`` after one Newton step without the votes of a group, into ``left``.

    ``slopes`` (5, states, rollcalls) are the derivatives of every vote in the cut points: two
    first, and minus three second ones. At the mode an item's whole gradient is nought, so that
    without the group it is minus the group's own.
    """
    size = theta.shape[1]
    curve, ahead = whole[k].copy(), np.zeros(size + 2)
    for i in group:
        low, up = slopes[0, i, k], slopes[1, i, k]
        ll, uu, lu = slopes[2, i, k], slopes[3, i, k], slopes[4, i, k]
        if ll == 0.0 and uu == 0.0:
            continue
        both = ll + uu + 2 * lu
        for d in range(size):
            ahead[d] += (low + up) * theta[i, d]
            for e in range(d + 1):
                curve[d, e] -= both * theta[i, d] * theta[i, e]
            curve[size, d] += (ll + lu) * theta[i, d]
            curve[size + 1, d] += (uu + lu) * theta[i, d]
        ahead[size] -= low
        ahead[size + 1] -= up
        curve[size, size] -= ll
        curve[size + 1, size + 1] -= uu
        curve[size + 1, size] -= lu
    left[:] = items[k]
    if solve(curve, ahead, size + 2):
        shorten(ahead, items[k], size)
        left += ahead


@compiled()
def shorten(step: Array, item: Array, size: int) -> None:
    """Keep a step short, and the lower cut point below the upper."""
    scale, longest = 1.0, np.abs(step).max()
    if longest > LONGEST:
        scale = LONGEST / longest
    gap, closing = item[size + 1] - item[size], step[size] - step[size + 1]
    if closing * scale > (1 - LEAST_GAP) * gap:
        scale = (1 - LEAST_GAP) * gap / closing
    step *= scale


@compiled()
def locate(
    votes: Votes, weight: Array, held: Ints, left: Array, point: Array, covariance: Array
) -> int:
    """Ideal point of one state from its held-out votes, in place; the number of those votes.

    Newton's steps from where it stands; ``covariance`` is that of the normal approximation.
    """
    size = point.shape[0]
    counted = 0
    ahead, curve = np.zeros(size), np.zeros((size, size))
    for turn in range(POINT_ROUNDS + 1):
        ahead[:] = -point
        curve[:, :] = np.eye(size)
        counted = 0
        for k in held:
            vote = votes[k]
            if vote < 0:
                continue
            counted += 1
            pull, bend = tug(vote, left[k], point, size)
            for d in range(size):
                ahead[d] += weight[k] * pull * left[k, d]
                for e in range(d + 1):
                    curve[d, e] += weight[k] * bend * left[k, d] * left[k, e]
        if turn == POINT_ROUNDS:
            break
        if solve(curve, ahead, size):
            longest = np.abs(ahead).max()
            point += ahead * min(1.0, 1.5 / max(longest, 1e-12))
    invert(curve, covariance, size)
    return counted


@compiled()
def tug(vote: int, item: Array, point: Array, size: int) -> tuple[float, float]:
    """First and minus second derivative of a vote's log likelihood in its predictor."""
    eta = 0.0
    for d in range(size):
        eta += item[d] * point[d]
    low, up = logistic(item[size] - eta), logistic(item[size + 1] - eta)
    if vote == NO:
        return -(1 - low), low * (1 - low)
    if vote == YES:
        return up, up * (1 - up)
    return up + low - 1, low * (1 - low) + up * (1 - up)


@compiled()
def invert(curve: Array, inverse: Array, size: int) -> None:
    """Inverse of a positive definite matrix of which the lower triangle is given."""
    column = np.empty(size)
    for d in range(size):
        part = curve.copy()
        column[:] = 0.0
        column[d] = 1.0
        solve(part, column, size)
        inverse[:, d] = column


@compiled()
def chances(item: Array, point: Array, covariance: Array, size: int, into: Array) -> None:
    """P(no), P(abstain), P(yes), the uncertainty of the ideal point integrated out."""
    eta, spread = 0.0, 0.0
    for d in range(size):
        eta += item[d] * point[d]
        for e in range(size):
            spread += item[d] * covariance[d, e] * item[e]
    scale = np.sqrt(1 + np.pi / 8 * spread)
    into[NO] = logistic((item[size] - eta) / scale)
    into[YES] = logistic((eta - item[size + 1]) / scale)
    into[ABSTAIN] = max(1 - into[NO] - into[YES], 0.0)


@compiled()
def opposes(votes: Votes, target: int, group: Ints, tally: Ints, k: int) -> bool:
    """Does the target vote against more than half of the rest, the group counted out?"""
    own = votes[target, k]
    if own != NO and own != YES:
        return False
    total, against = -1, tally[YES - own, k]
    for v in range(3):
        total += tally[v, k]
    for i in group:
        if votes[i, k] >= 0:
            total -= 1
            if votes[i, k] == YES - own:
                against -= 1
    return total > 0 and 2 * against > total


@compiled()
def pairs_on(
    votes: Votes, k: int, group: Ints, left: Array, points: Array, spread: Array, is_in: Flags,
    out: Array,
) -> None:  # fmt: skip
    """Of one roll call: pairs, their residual products, variance under independence, agreement."""
    size = points.shape[1]
    chance, sums, counts = np.empty(3), np.zeros(3), np.zeros(3)
    total, squares, present, within = np.zeros((3, 3)), 0.0, 0, 0.0
    for place in range(group.size):
        vote = votes[group[place], k]
        if vote < 0 or not is_in[place]:
            continue
        chances(left[k], points[place], spread[place], size, chance)
        present += 1
        counts[vote] += 1
        for a in range(3):
            own = (1.0 if a == vote else 0.0) - chance[a]
            sums[a] += own
            squares += own * own
            for b in range(3):
                entry = (chance[a] if a == b else 0.0) - chance[a] * chance[b]
                total[a, b] += entry
                within += entry * entry
    out[0] = present * (present - 1) / 2
    out[1] = ((sums**2).sum() - squares) / 2
    out[2] = max(((total**2).sum() - within) / 2, 0.0)
    out[3] = ((counts**2).sum() - present) / 2


@compiled()
def summed(rows: Array, cluster: Ints, clusters: int, out: Array) -> None:
    """Figures of a group from its roll calls; those of one cluster count as one together.

    ``rows`` (tested, 4) of ``pairs_on``; ``cluster`` (tested,) numbers below ``clusters``.
    """
    sizes = np.zeros(clusters)
    for c in cluster:
        sizes[c] += 1
    pairs, above, agreed = 0.0, 0.0, 0.0
    for t in range(cluster.size):
        weight = 1 / sizes[cluster[t]]
        pairs += weight * rows[t, 0]
        above += weight * rows[t, 1]
        agreed += weight * rows[t, 3]
    if pairs == 0:
        return
    residual = above / pairs
    scatter, spread = np.zeros(clusters), np.zeros(clusters)
    for t in range(cluster.size):
        weight = 1 / sizes[cluster[t]]
        scatter[cluster[t]] += weight * (rows[t, 1] - residual * rows[t, 0])
        spread[cluster[t]] += weight * np.sqrt(rows[t, 2])
    used = (sizes > 0).sum()
    out[0] = residual
    out[1] = np.sqrt((scatter**2).sum() * used / max(used - 1, 1)) / pairs
    out[2] = np.sqrt((spread**2).sum()) / pairs
    out[3] = agreed / pairs
    out[5] = cluster.size
    out[6] = used


@compiled()
def measure(
    groups: Ints, target: int, votes: Votes, weight: Array, cluster: Ints, held: Flags,
    tally: Ints, theta: Array, begin: Array, slopes: Array, whole: Array, items: Array,
    fewest: int,
) -> Array:  # fmt: skip
    """Figures of every group, (groups, FIGURES); NaN where nothing could be tested."""
    found = np.full((groups.shape[0], FIGURES), np.nan)
    clusters = cluster.max() + 1
    rollcalls = votes.shape[1]
    size = theta.shape[1]
    left = np.empty((rollcalls, size + 2))
    listed = np.flatnonzero(held)
    rows, place = np.empty((rollcalls, 4)), np.empty(rollcalls, dtype=np.int64)
    for g in range(groups.shape[0]):
        group = groups[g]
        for k in range(rollcalls):
            remove(group, theta, slopes, whole, items, k, left[k])
        points, spread = np.empty((group.size, size)), np.empty((group.size, size, size))
        is_in = np.zeros(group.size, dtype=np.bool_)
        for m in range(group.size):
            points[m] = begin[group[m]]
            counted = locate(votes[group[m]], weight, listed, left, points[m], spread[m])
            is_in[m] = counted >= fewest
        tested = 0
        for k in range(rollcalls):
            if not held[k] and opposes(votes, target, group, tally, k):
                pairs_on(votes, k, group, left, points, spread, is_in, rows[tested])
                if rows[tested, 0] > 0:
                    place[tested] = cluster[k]
                    tested += 1
        summed(rows[:tested], place[:tested], clusters, found[g])
        found[g, 4] = is_in.sum()
    return found


@compiled()
def agreements(
    groups: Ints, target: int, votes: Votes, cluster: Ints, held: Flags, tally: Ints
) -> Array:
    """Share of pairs that voted the same on the tested roll calls, (groups,); NaN where none."""
    found = np.full(groups.shape[0], np.nan)
    rollcalls, clusters = votes.shape[1], cluster.max() + 1
    for g in range(groups.shape[0]):
        agreed, pairs = np.zeros(clusters), np.zeros(clusters)
        sizes = np.zeros(clusters)
        for k in range(rollcalls):
            if held[k] or not opposes(votes, target, groups[g], tally, k):
                continue
            counts = np.zeros(3)
            for i in groups[g]:
                if votes[i, k] >= 0:
                    counts[votes[i, k]] += 1
            present = counts.sum()
            if present > 1:
                c = cluster[k]
                sizes[c] += 1
                agreed[c] += ((counts**2).sum() - present) / 2
                pairs[c] += present * (present - 1) / 2
        weight = 1 / np.maximum(sizes, 1.0)
        total = (weight * pairs).sum()
        if total > 0:
            found[g] = (weight * agreed).sum() / total
    return found


@compiled()
def draw(alike: Array, most: int, own: Flags, order: Array, chance: Array) -> Ints:
    """Groups of stand-ins, (draws, members): one for each member, none twice; −1 if none is left.

    ``alike`` (members, states) how readily each state stands in; ``own`` marks the bloc's members,
    of whom a group may hold ``most``; ``order`` and ``chance`` (draws, members) uniform numbers.
    """
    draws, size = chance.shape
    drawn = np.full((draws, size), -1, dtype=np.int64)
    ready = np.empty(alike.shape[1])
    for g in range(draws):
        taken = np.zeros(alike.shape[1], dtype=np.bool_)
        shared = 0
        for m in np.argsort(order[g]):
            total = 0.0
            for j in range(alike.shape[1]):
                is_barred = taken[j] or (own[j] and shared >= most)
                total += 0.0 if is_barred else alike[m, j]
                ready[j] = total
            if total <= 0:
                break
            j = min(np.searchsorted(ready, chance[g, m] * total, side="right"), ready.size - 1)
            drawn[g, m] = j
            taken[j] = True
            shared += own[j]
    return drawn
