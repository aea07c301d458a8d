"""Residual coordination: what members' votes share beyond their ideal points.

Tested are the roll calls on which a target votes against the rest of the world. An item's
parameters are those without the group; a member's ideal point comes from its votes on other roll
calls. Of a pair i, j and a roll call k the residual is Σ_c (y_ikc − p_ikc)(y_jkc − p_jkc) over no,
abstention and yes: agreement beyond what is expected of two that vote independently, less what
each one's own departure from expectation explains. Its mean over pairs and roll calls, those of a
cluster counted as one, is nought where only ideal points speak.

The group is taken out of every item by one Newton step, which agrees with a fit without it (see
the tests); matched groups go through the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import coordination_fit, needs_extra
from counterpoise.models.coordination_fit import NO, YES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.coordination_fit import Fit, Window

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

HELD_SHARE = 1 / 3
"""A roll call on which this share of the others votes against the target is not held out."""
FEWEST_HELD = 10
"""Held-out votes that a state needs for an ideal point."""
LARGEST = 1 / 3
"""Largest share of the states that a group may be: the rest must choose the votes."""
SHARED = 1 / 3
"""Largest share of a bloc's own members that a matched group may hold."""
FEWEST_GROUPS = 19
"""Matched groups with a figure that a rank needs."""


@dataclass(frozen=True)
class Trial:
    """A fitted window seen from one target.

    ``held`` (rollcalls,) marks those that ideal points are read from; ``theta`` (states, D) are
    those ideal points, with every state in the items; ``held_votes`` (states,) votes that they
    rest on.
    """

    window: Window
    cluster: Ints
    fit: Fit
    target: int
    held: Flags
    theta: Array
    held_votes: Ints
    tally: Ints


@dataclass(frozen=True)
class Coordination:
    """Figures of some groups, (groups,) each; NaN where a group cannot be tested.

    ``residual`` mean residual product of pairs; ``error`` its standard error with roll calls as
    clusters; ``null_error`` its standard deviation were members independent; ``agreement`` the
    share of pairs that voted the same; ``members`` with an ideal point; ``rollcalls`` tested and
    ``clusters`` of them.
    """

    residual: Array
    error: Array
    null_error: Array
    agreement: Array
    members: Array
    rollcalls: Array
    clusters: Array


class Rank(NamedTuple):
    """Where a group's residual lies among those of its matched groups.

    ``p`` is (1 + r) / (1 + groups), r being how many have as great a residual; ``percentile`` the
    share of groups below it, equal ones counted half; ``expected``, ``low`` and ``high`` the
    groups' mean and the bounds of their middle 95 %. NaN where fewer than 19 have a figure.
    """

    p: float
    percentile: float
    expected: float
    low: float
    high: float
    groups: int


def rank(figures: Array) -> Rank:
    """Rank the first figure among the others."""
    own, others = figures[0], figures[1:]
    known = others[np.isfinite(others)]
    if known.size < FEWEST_GROUPS or not np.isfinite(own):
        return Rank(np.nan, np.nan, np.nan, np.nan, np.nan, int(known.size))
    low, high = np.quantile(known, (0.025, 0.975))
    return Rank(
        p=float((1 + (known >= own).sum()) / (1 + known.size)),
        percentile=float(100 * ((known < own).mean() + (known == own).mean() / 2)),
        expected=float(known.mean()),
        low=float(low),
        high=float(high),
        groups=int(known.size),
    )


def trial(window: Window, cluster: Ints, fit: Fit, target: int) -> Trial:
    """See a fitted window from a target's side.

    Parameters
    ----------
    cluster : (rollcalls,) roll calls with the same number are parts or repeats of one.

    Raises
    ------
    ModelError : no such target, or clusters that do not fit.
    """
    if not 0 <= target < len(window.votes) or cluster.shape != (window.votes.shape[1],):
        raise ModelError(f"Target {target} and {cluster.size} clusters for {window.votes.shape}.")
    tally = np.stack([(window.votes == v).sum(axis=0) for v in range(3)]).astype(np.int64)
    held = ~_contested(window, tally, target)
    seen = coordination_fit.Window(
        np.where(held, window.votes, np.int8(coordination_fit.ABSENT)), window.weight
    )
    theta, _ = coordination_fit.points(seen, fit.items, fit.theta)
    counted = (seen.votes >= 0).sum(axis=1)
    return Trial(window, numbered(cluster), fit, target, held, theta, counted, tally)


def _contested(window: Window, tally: Ints, target: int) -> Flags:
    """Roll calls on which a third of the others or more votes against the target."""
    own = window.votes[target]
    against = np.where(own == NO, tally[YES], tally[NO])
    others = tally.sum(axis=0) - (own >= 0)
    return np.asarray(((own == NO) | (own == YES)) & (against > HELD_SHARE * others))


def numbered(cluster: Ints) -> Ints:
    """Clusters numbered from 0."""
    return np.unique(cluster, return_inverse=True)[1].astype(np.int64)


def measure(seen: Trial, groups: Ints, fewest: int = FEWEST_HELD) -> Coordination:
    """Residual coordination of groups of equal size.

    Parameters
    ----------
    groups : (groups, members) places of states; a group with −1 in it is left out.

    Raises
    ------
    MissingExtraError : numba is not installed.
    """
    with needs_extra("Measuring residual coordination"):
        from counterpoise.models import coordination_kernels as kernels
    whole = (groups >= 0).all(axis=1)
    found = np.full((len(groups), kernels.FIGURES), np.nan)
    if whole.any():
        found[whole] = kernels.measure(
            np.ascontiguousarray(groups[whole], dtype=np.int64), seen.target, seen.window.votes,
            seen.window.weight, seen.cluster, seen.held, seen.tally, seen.fit.theta, seen.theta,
            np.stack(seen.fit.slopes), seen.fit.information, seen.fit.items, fewest,
        )  # fmt: skip
    return Coordination(*found.T)


def agreement(seen: Trial, groups: Ints) -> Array:
    """Share of pairs that voted the same on the tested roll calls, (groups,); no model enters.

    Parameters
    ----------
    groups : (groups, members) places of states; a group with −1 in it is NaN.
    """
    with needs_extra("Measuring agreement"):
        from counterpoise.models import coordination_kernels as kernels
    whole = (groups >= 0).all(axis=1)
    found = np.full(len(groups), np.nan)
    found[whole] = kernels.agreements(
        np.ascontiguousarray(groups[whole], dtype=np.int64), seen.target, seen.window.votes,
        seen.cluster, seen.held, seen.tally,
    )  # fmt: skip
    return found


@dataclass(frozen=True)
class Likeness:
    """How readily one state stands in for another.

    Ideal points count by a normal density of this spread, in their standard deviations; a state
    of another region, and one in a caucus that the member is not in or the other way about, is
    drawn this many times as often as one that is alike.
    """

    spread: float = 0.5
    other_region: float = 0.1
    other_caucus: float = 0.4


STANDARD = Likeness()


def alike(
    theta: Array, members: Sequence[int], region: Ints, caucus: Flags, rules: Likeness
) -> Array:
    """How readily each state stands in for each member, (members, states).

    Parameters
    ----------
    theta : (states, D) ideal points; a state with NaN stands in for none.
    region : (states,) numbers.
    caucus : (states, caucuses) membership.
    """
    who = list(members)
    spread = np.nanstd(theta, axis=0)
    apart = ((theta[who][:, None, :] - theta[None, :, :]) / spread) ** 2
    closeness = np.exp(-0.5 * apart.mean(axis=2) / rules.spread**2)
    same = region[who][:, None] == region[None, :]
    differing = (caucus[who][:, None, :] != caucus[None, :, :]).sum(axis=2)
    found = closeness * np.where(same, 1.0, rules.other_region) * rules.other_caucus**differing
    return np.where(np.isfinite(found), np.maximum(found, 1e-12), 0.0)


def draw(
    ready: Array,
    members: Sequence[int],
    draws: int,
    rng: np.random.Generator,
    share: float = SHARED,
) -> Ints:
    """Matched groups, (draws, members) places of states.

    A group holds at most ``share`` of the members themselves; −1 where no state was left.
    """
    with needs_extra("Drawing matched groups"):
        from counterpoise.models import coordination_kernels as kernels
    own = np.zeros(ready.shape[1], dtype=bool)
    own[list(members)] = True
    size = len(ready)
    order, chance = rng.random((draws, size)), rng.random((draws, size))
    return np.asarray(kernels.draw(ready, int(share * size), own, order, chance))
