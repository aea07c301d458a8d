"""The rung under every specification, from what the worlds of a multiverse hold.

Three-valued logic is carried as two arrays, surely yes and surely no. The last axes of every
result are power, weights, pacts, hostility, window, bound_share, directedness, directedness_rest
and target_side, in this order.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from counterpoise.assessment import multiverse_world as worlds
from counterpoise.assessment.multiverse_aims import Aimed, aimed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.multiverse_world import Bound, Strong, World
    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Signs = tuple[Flags, Flags]

Entry = TypeVar("Entry", bound=np.generic)

RUNGS = ("none", "incipient", "hard", "unknown")
NONE, INCIPIENT, HARD, UNKNOWN = range(4)

SIGNS = ("no", "yes", "unknown")
NO, YES, MAYBE = range(3)

AXES = (
    "power",
    "weights",
    "pacts",
    "hostility",
    "window",
    "bound_share",
    "directedness",
    "directedness_rest",
    "target_side",
)
"""Factors that the rungs of one world run over."""

SIDES = ("alone", "with allies")
"""Who stands with the target, in the order that the strength of a world is held."""

BELOW_ONE = 1 - 1e-9
"""Margin of a specification whose figures all pass although it is not hard."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """Values of the cut-offs, and how many windows each source of hostility has."""

    bound: Array
    share: Array
    rest: Array
    sides: tuple[str, ...]
    windows: int


@dataclass(frozen=True, eq=False)
class Judged:
    """Every specification of one world, along ``AXES``.

    ``rungs`` are places in ``RUNGS``. ``hard`` are places in ``SIGNS``: a rung may be unknown
    although hard is ruled out. The margin is the least of the figures in units of their
    cut-offs: 1 or more if and only if the bloc is hard, 0 where nothing binds or aims. ``nearness``
    is their sum, each counted to 1 at most.
    """

    rungs: NDArray[np.int8]
    hard: NDArray[np.int8]
    margins: Array
    nearness: Array


def judge(seen: World, cuts: Cuts, rules: Rules) -> Judged:
    """Judge every specification of one world."""
    found, strong = worlds.bound(seen), worlds.strength(seen)
    aim = _aim(seen, found, cuts, rules)
    directed = _spread(aim.yes, cuts), _spread(aim.no, cuts)
    parts = _bound_parts(found, cuts, rules)
    strength = _strong(strong, cuts, rules)
    is_hard = _every(parts["bound_share"], parts["core_bound"], directed, strength, parts["allied"])
    incipient = _every(directed, _either(parts["incipient"], parts["consults"]))
    rungs = np.full(is_hard[0].shape, NONE, dtype=np.int8)
    rungs[np.broadcast_to(incipient[0], rungs.shape)] = INCIPIENT
    is_open = ~(is_hard[0] | is_hard[1]) | ~(incipient[0] | incipient[1])
    rungs[is_open] = UNKNOWN
    rungs[is_hard[0]] = HARD
    signs = np.where(is_hard[0], YES, np.where(is_hard[1], NO, MAYBE)).astype(np.int8)
    figures = _figures(found, strong, _spread(aim.margin, cuts), cuts, rules)
    least = functools.reduce(np.minimum, figures)
    capped = np.minimum(least, BELOW_ONE)
    return Judged(
        rungs,
        signs,
        np.where(rungs == HARD, np.maximum(least, 1.0), capped),
        _nearness((*figures, parts["core_bound"][0].astype(float)), rungs.shape),
    )


def _nearness(figures: Sequence[Array], shape: tuple[int, ...]) -> Array:
    """Sum of the figures in units of their cut-offs, each counted to 1 at most."""
    return np.asarray(sum(np.broadcast_to(np.minimum(f, 1.0), shape) for f in figures))


def stack(parts: Sequence[Judged]) -> Judged:
    """Several worlds, along a new first axis."""
    return Judged(
        np.stack([part.rungs for part in parts]),
        np.stack([part.hard for part in parts]),
        np.stack([part.margins for part in parts]),
        np.stack([part.nearness for part in parts]),
    )


def _aim(seen: World, found: Bound, cuts: Cuts, rules: Rules) -> Aimed:
    anchors = worlds.roots(seen, found)
    first = min((root.signed for root in anchors), default=seen.question.year) - 1
    held = worlds.past(seen, first)
    return aimed(held, anchors, cuts.share, cuts.rest, rules.quiet_years)


def _spread(values: NDArray[Entry], cuts: Cuts) -> NDArray[Entry]:
    """(m, w, d, h, c, r) along ``AXES``: hostility apart from window, one bound, one side."""
    m, w, d, h, c, r = values.shape
    return values.reshape(m, w, d, h // cuts.windows, cuts.windows, 1, c, r, 1)


def _along(values: NDArray[Entry], *places: int) -> NDArray[Entry]:
    """Axes of ``values`` put at some places of ``AXES``."""
    shape = [1] * len(AXES)
    for place, size in zip(places, values.shape, strict=True):
        shape[place] = size
    return values.reshape(shape)


def _bound_parts(found: Bound, cuts: Cuts, rules: Rules) -> dict[str, Signs]:
    share, allied = _along(found.share, 0, 1, 2), _along(found.allied, 0, 1, 2)
    known = _along(found.is_known, 0)
    core, consults = _along(found.core, 0, 2), _along(found.consults, 0, 2)
    return {
        "bound_share": _reaches(share, _along(cuts.bound, 5)),
        "incipient": _reaches(share, rules.incipient_bound_share),
        "core_bound": (known & core, known & ~core),
        "consults": (known & consults, known & ~consults),
        "allied": (allied < rules.allied_share, allied >= rules.allied_share),
    }


def _reaches(value: Array, cut: Array | float) -> Signs:
    return value >= cut, value < cut


def _strong(found: Strong, cuts: Cuts, rules: Rules) -> Signs:
    """At least half of the metrics put the bloc at the cut-off or more, by side of the target."""
    low, high = (_by_side(values, cuts) for values in (found.low, found.high))
    passed = (low >= rules.power_ratio).sum(axis=-1)
    open_ = (~(low >= rules.power_ratio) & ~(high < rules.power_ratio)).sum(axis=-1)
    half = low.shape[-1]
    return _along(2 * passed >= half, 2, 8), _along(2 * (passed + open_) < half, 2, 8)


def _by_side(values: Array, cuts: Cuts) -> Array:
    """(d, sides, metrics), the sides of the grid."""
    return values[:, [SIDES.index(side) for side in cuts.sides]]


def _every(*signs: Signs) -> Signs:
    yes, no = signs[0]
    for more_yes, more_no in signs[1:]:
        yes, no = yes & more_yes, no | more_no
    return yes, no


def _either(*signs: Signs) -> Signs:
    yes, no = signs[0]
    for more_yes, more_no in signs[1:]:
        yes, no = yes | more_yes, no & more_no
    return yes, no


def _figures(
    found: Bound, strong: Strong, aim: Array, cuts: Cuts, rules: Rules
) -> tuple[Array, ...]:
    """Binding, freedom from the target, strength and direction in units of their cut-offs."""
    share = np.nan_to_num(_along(found.share, 0, 1, 2)) / _along(cuts.bound, 5)
    free = np.nan_to_num(1 - _along(found.allied, 0, 1, 2)) / (1 - rules.allied_share)
    ranked = np.sort(np.nan_to_num(_by_side(strong.low, cuts)), axis=-1)
    ratio = _along(ranked[..., ranked.shape[-1] // 2] / rules.power_ratio, 2, 8)
    return share, free, ratio, aim
