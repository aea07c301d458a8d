"""Leaps along the direction in which the iterations creep.

Newton's steps settle ideal points and items quickly; the priors, re-estimated in between, follow at
a steady rate r, each change r times the one before. Where that shows, what is left is r / (1 − r)
times the last change, and is taken at once (Aitken's rule along one direction, Lyusternik 1942).
A negative rate, where the iterations go to and fro, leads back between them. The steps that follow
correct a leap that went too far, and the fit ends only after such a step.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models import ideal_points_steps as steps
from counterpoise.models.ideal_points_newton import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_steps import Stage

    Array = NDArray[np.float64]

SPACING = 4
"""Steps from one leap to the next; the last three show the rate."""

SETTLED_BELOW = 0.2
"""Largest change, in standard deviations, from which the rate is steady enough to trust."""

SLOWEST, QUICKEST = 0.95, 0.3
"""Rates count as no slower than the one; quicker than the other, they need no leap."""

SHARES = (1.0, 0.25)
"""Of the way that is left; the second where the first would leap into the dark."""

DEEPEST = 2e-4
"""Share of the bound that a leap may cost; the next step must win it back."""


def position(stage: Stage) -> list[Array]:
    """Everything that an iteration changes, each where it may take any value."""
    walk, prior = stage.posed.walk, stage.posed.prior
    return [
        stage.at.mean,
        stage.at.items,
        np.arctanh(walk.persistence),
        walk.centre,
        np.log(walk.spread),
        walk.entry_mean,
        np.log(walk.entry_variance),
        np.log([prior.slope_variance, prior.centre_variance, prior.gap_variance]),
        np.array([prior.centre_mean, prior.gap_mean]),
    ]


def _moved(stage: Stage, to: Sequence[Array]) -> Stage:
    mean, items, persistence, centre, spread, entry_mean, entry_variance, variances, means = to
    walk = replace(
        stage.posed.walk,
        persistence=np.tanh(persistence),
        centre=centre,
        spread=np.exp(spread),
        entry_mean=entry_mean,
        entry_variance=np.exp(entry_variance),
    )
    slope, place, gap = np.exp(variances)
    prior = replace(
        stage.posed.prior,
        slope_variance=float(slope),
        centre_variance=float(place),
        gap_variance=float(gap),
        centre_mean=float(means[0]),
        gap_mean=float(means[1]),
    )
    posed = replace(stage.posed, walk=walk, prior=prior)
    return steps.settled_at(posed, Point(mean, items), stage.damping)


def leap(stage: Stage, trail: Sequence[list[Array]]) -> Stage:
    """Leap from a stage, the last of three positions in ``trail``, to where they lead."""
    first, second, third = trail[-3:]
    earlier, later = _flat(first, second), _flat(second, third)
    rate = float(later @ earlier) / max(float(earlier @ earlier), 1e-300)
    rate = min(max(rate, -1.0), SLOWEST)
    if abs(rate) < QUICKEST:
        return stage
    for share in SHARES:
        far = share * rate / (1 - rate)
        to = [b + far * (b - a) for a, b in zip(second, third, strict=True)]
        found = _moved(stage, to)
        if found.bound >= stage.bound - DEEPEST * abs(stage.bound):
            return found
    return stage


def _flat(before: Sequence[Array], after: Sequence[Array]) -> Array:
    """What changed, ideal points and priors; the items only follow them."""
    kept = [k for k in range(len(before)) if k != 1]
    return np.concatenate([(after[k] - before[k]).ravel() for k in kept])
