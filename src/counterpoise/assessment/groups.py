"""Matched random groups: who might have stood in a bloc's members' place.

Each member is replaced by a state drawn from those of the time, the likelier the more alike it is:
of the same region, of like power, with a like ideal point in UN votes, in the same caucus. A
group shares with the bloc at most half its members and half its power, for every figure that it
is compared on is weighted by power; and at most half its members with a coded coalition against
the target.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.assessment.race import BATCH, Limits, Race, Runners
from counterpoise.measures import year_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.sweep import View

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

REGIONS: tuple[tuple[int, str], ...] = (
    (200, "Americas"),
    (400, "Europe"),
    (600, "Sub-Saharan Africa"),
    (700, "Middle East and North Africa"),
    (900, "Asia"),
    (1000, "Oceania"),
)
"""Regions by the blocks of COW numbers: each ends below its number."""

Caucus = Mapping[int, str]
"""Caucus of each state, by COW number."""

SERIES = "idealpointall"


@dataclass(frozen=True)
class Likeness:
    """How much each difference between a member and its stand-in counts against the stand-in.

    A state of another region or caucus is drawn this many times as often as one of the same.
    Power and ideal points count by a normal density: its spread is in natural logarithms of
    power, and in units of the published ideal points. A group holds at most ``most_power`` of the
    bloc's power; 1 lifts that rule and leaves the one on its members.
    """

    other_region: float = 0.05
    other_caucus: float = 0.1
    power_spread: float = 0.7
    ideal_point_spread: float = 0.5
    most_power: float = 0.5


STANDARD = Likeness()


@dataclass(frozen=True)
class Drawn:
    """Groups drawn for a bloc.

    ``codes`` are COW numbers, (draws, members) in the order of the members; ``stuck`` (draws,)
    marks draws that found no free state and mean nothing; ``reason`` says why there are none.
    """

    codes: Places
    stuck: Flags
    reason: str | None = None


def region(code: int) -> str:
    """Region of a state by its COW number."""
    return next(name for below, name in REGIONS if code < below)


@functools.cache
def _ideal_points() -> dict[int, dict[int, float]]:
    frame = record.table("published_ideal_points").select("year", "ccode", SERIES).drop_nulls()
    years: dict[int, dict[int, float]] = {}
    for year, code, point in frame.iter_rows():
        years.setdefault(year, {})[code] = point
    return years


@functools.lru_cache(maxsize=256)
def ideal_points(year: int) -> Array:
    """Published ideal point of every state that ever was, NaN without one."""
    found = np.full(len(year_arrays.every_state()), np.nan)
    for code, point in _ideal_points().get(year, {}).items():
        found[year_arrays.places([code])] = point
    return found


@functools.cache
def coalitions(target: int) -> tuple[tuple[str, frozenset[int]], ...]:
    """Coded hard coalitions against a target, at any time: case and members."""
    rows = record.coded("balancing_cases").filter(
        (pl.col("target_ccode") == target)
        & pl.col("code").str.starts_with("hard")
        & pl.col("members").is_not_null()
    )
    named = rows.select("case_id", "members").iter_rows()
    return tuple((case, frozenset(map(int, members.split()))) for case, members in named)


@functools.lru_cache(maxsize=64)
def _regions() -> NDArray[np.str_]:
    return np.array([region(code) for code in year_arrays.every_state()])


def likeness(
    seen: View, members: Sequence[int], rules: Likeness = STANDARD, caucus: Caucus | None = None
) -> Array:
    """How readily each state that ever was stands in for each member; (members, states).

    0 for the target and for states that did not exist on the day or have no figure of power.
    What is unknown of a state counts as one spread apart.
    """
    who = year_arrays.places(members)
    regions = _regions()
    alike = np.where(regions[who][:, None] == regions[None, :], 1.0, rules.other_region)
    with np.errstate(divide="ignore"):
        strength = np.log(_over_all(seen))
    alike *= _normal(strength[who], strength, rules.power_spread)
    points = ideal_points(seen.year)
    alike *= _normal(points[who], points, rules.ideal_point_spread)
    if caucus:
        named = np.array([caucus.get(c, "") for c in year_arrays.every_state()])
        alike *= np.where(named[who][:, None] == named[None, :], 1.0, rules.other_caucus)
    return np.where(pool(seen), np.maximum(alike, 1e-12), 0.0)


def _over_all(seen: View) -> Array:
    """Power of every state that ever was on the view's day, NaN without a figure."""
    found = np.full(len(year_arrays.every_state()), np.nan)
    found[year_arrays.places(seen.codes)] = seen.power[:-1]
    return found


def pool(seen: View) -> Flags:
    """States that may stand in: there on the day, not the target, with a figure of power."""
    there = np.zeros(len(year_arrays.every_state()), dtype=bool)
    there[year_arrays.places(sorted(states.standing(seen.day) - {seen.target}))] = True
    return np.asarray(there & (_over_all(seen) > 0))


def _normal(member: Array, state: Array, spread: float) -> Array:
    with np.errstate(invalid="ignore"):
        apart = (member[:, None] - state[None, :]) / spread
    return np.asarray(np.exp(-0.5 * np.where(np.isfinite(apart), apart, 1.0) ** 2))


def limits(seen: View, members: Sequence[int], where: Places, rules: Likeness = STANDARD) -> Limits:
    """What a group may share with the bloc, and with each coded coalition against the target.

    ``where`` holds places among all states that ever were; a coalition of no more states than a
    group may share with it is left out.
    """
    half = len(members) // 2
    sets = [("the bloc", _flags(members))]
    sets += [(n, _flags(sorted(c))) for n, c in coalitions(seen.target) if len(c) > half]
    power = np.where(sets[0][1], np.nan_to_num(_over_all(seen)), 0.0)
    return Limits(
        tuple(name for name, _ in sets),
        np.stack([flags for _, flags in sets])[:, where],
        half,
        power[where],
        rules.most_power * float(power.sum()),
    )


def _flags(codes: Sequence[int]) -> Flags:
    flags = np.zeros(len(year_arrays.every_state()), dtype=bool)
    flags[year_arrays.places(codes)] = True
    return flags


def runners(
    seed: int, key: str, batch: int, faced: Sequence[tuple[View, Sequence[int]]]
) -> Runners:
    """The runners of a bloc's race for all that it will face: views, with its members in each."""
    members = sorted({code for _, codes in faced for code in codes})
    free = np.any([pool(seen) for seen, _ in faced], axis=0)
    return Runners(Race(seed, key, batch), members, np.flatnonzero(free))


def draw(
    seen: View,
    members: Sequence[int],
    running: Runners,
    rules: Likeness = STANDARD,
    caucus: Caucus | None = None,
    most: int = BATCH,
) -> Drawn:
    """Draw groups that might stand in a bloc's place: one batch, or its first ``most``."""
    bounds = limits(seen, members, running.states, rules)
    reason = impossible(seen, len(members), bounds, running.states)
    if reason:
        return Drawn(np.empty((0, len(members)), dtype=np.int64), np.empty(0, dtype=bool), reason)
    alike = likeness(seen, members, rules, caucus)[:, running.states]
    with np.errstate(divide="ignore"):
        handicap = (1 / alike).astype(np.float32)
    places, stuck = running.run(members, handicap, bounds, most)
    return Drawn(np.array(year_arrays.every_state())[places], stuck)


def draw_many(
    seen: View,
    members: Sequence[int],
    seed: int,
    key: str,
    draws: int,
    rules: Likeness = STANDARD,
    caucus: Caucus | None = None,
) -> Drawn:
    """Draw any number of groups, batch by batch; a larger number begins with the same groups."""
    parts = []
    for batch in range(-(-draws // BATCH)):
        most = min(BATCH, draws - batch * BATCH)
        running = runners(seed, key, batch, [(seen, members)])
        parts.append(draw(seen, members, running, rules, caucus, most))
        if parts[-1].reason:
            return parts[-1]
    codes = np.concatenate([part.codes for part in parts])
    return Drawn(codes, np.concatenate([part.stuck for part in parts]))


def impossible(seen: View, size: int, bounds: Limits, where: Places) -> str | None:
    """Why no group can be drawn, or None."""
    free = pool(seen)[where]
    if not free.any():
        return f"no state has a figure of power in {seen.year}"
    outside = (free & ~bounds.sets).sum(axis=1)
    for name, others in zip(bounds.names, outside, strict=True):
        if others < size - bounds.most:
            return (
                f"a group of {size} that shares at most {bounds.most} members with {name} needs "
                f"{size - bounds.most} other states; {others} had a figure of power in {seen.year}"
            )
    if free.sum() < size:
        return f"a group of {size} needs as many states; {int(free.sum())} could be drawn"
    return None
