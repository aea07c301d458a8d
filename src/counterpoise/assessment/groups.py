"""Matched random groups: who might have stood in a bloc's members' place.

Each member is replaced by a state drawn from those of the time, the likelier the more alike it is:
of the same region, of like power, with a like ideal point in UN votes, in the same caucus. A
group shares with the bloc at most half its members and half its power, for every figure that it
is compared on is weighted by power; and at most half its members with a coded coalition against
the target.

The draw is a race (Efraimidis & Spirakis 2006): state j reaches the place of member i after an
exponential time divided by its likeness, and the first free one takes it. The times belong to
the bloc, not to the year, so that a drawn group stays much the same from one year to the next
and can be followed as the bloc is.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.measures import year_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.sweep import View

    Array = NDArray[np.float64]
    Narrow = NDArray[np.float32]
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

BATCH = 1000
"""Groups drawn and measured at once: memory does not grow with the number of draws."""

SERIES = "idealpointall"
SHORTEST_TIME = 1e-20


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
class Race:
    """Random times of every state to every member's place, by batch of draws.

    They depend on the seed, the bloc's ``key``, the member and the batch alone: not on the year,
    the target, the other members, nor on how the work is divided.
    """

    seed: int
    key: str
    batch: int = 0
    draws: int = BATCH

    def times(self, code: int) -> Narrow:
        """Times of every state that ever was to one member's place; (draws, states)."""
        shape = (self.draws, len(year_arrays.every_state()))
        times = self._rng(code, 0).standard_exponential(shape, dtype=np.float32)
        return np.maximum(times, np.float32(SHORTEST_TIME))

    def turns(self, code: int) -> Array:
        """When one member's place is filled, relative to the others; (draws,)."""
        return self._rng(code, 1).random(self.draws)

    def _rng(self, code: int, use: int) -> np.random.Generator:
        address = (zlib.crc32(self.key.encode()), self.batch, code, use)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=address))


class Runners:
    """The times of one batch of a race, kept while a bloc is followed through the years."""

    def __init__(self, race: Race) -> None:
        self.race = race
        self._codes: tuple[int, ...] = ()
        self._times = np.empty((0, 0, 0), dtype=np.float32)
        self._order = np.empty((0, 0), dtype=np.int64)

    def times(self, codes: Sequence[int]) -> tuple[Narrow, Places]:
        """Times to each member's place, and the order in which places are filled.

        Returns
        -------
        (members, draws, states) times and (draws, members) places of members.
        """
        if self._codes != tuple(codes):
            known = dict(zip(self._codes, self._times, strict=True))
            times = [known[c] if c in known else self.race.times(c) for c in codes]
            turns = np.stack([self.race.turns(c) for c in codes], axis=1)
            self._codes, self._times = tuple(codes), np.stack(times)
            self._order = np.argsort(turns, axis=1)
        return self._times, self._order


@dataclass(frozen=True)
class Bound:
    """States of which a group may hold at most ``most``: the bloc, or a coded coalition.

    ``power`` holds their power, 0 for others, and ``most_power`` what a group may hold of it.
    """

    name: str
    states: Flags
    most: int
    power: Array
    most_power: float

    def outside(self, free: Flags) -> int:
        """How many free states are not bound by this."""
        return int((free & ~self.states).sum())

    def close(self, closed: Narrow, winner: Places, count: Places, held: Array) -> None:
        """Note who won a place, and close to each draw what would be too much for it.

        ``closed`` (draws, states) is infinite where a state may not win; ``count`` and ``held``
        (draws,) are what each draw holds so far. All three are changed.
        """
        rows = np.flatnonzero(self.states[winner])
        count[rows] += 1
        held[rows] += self.power[winner[rows]]
        where = np.flatnonzero(self.states)
        full = count[rows] >= self.most
        heavy = held[rows, None] + self.power[where] > self.most_power
        at = np.ix_(rows, where)
        closed[at] = np.where(full[:, None] | heavy, np.inf, closed[at])


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


def bounds(
    seen: View, members: Sequence[int], rules: Likeness = STANDARD
) -> tuple[Bound, ...]:
    """What a group may share with the bloc, and with each coded coalition against the target."""
    half = len(members) // 2
    power = np.nan_to_num(_over_all(seen))
    own = np.isin(year_arrays.every_state(), members)
    most = rules.most_power * float((power * own).sum())
    found = [Bound("the bloc", own, half, power * own, most)]
    for name, codes in coalitions(seen.target):
        flags = np.isin(year_arrays.every_state(), sorted(codes))
        if flags.sum() > half:
            found.append(Bound(name, flags, half, np.zeros(flags.shape), np.inf))
    return tuple(found)


def draw(
    seen: View,
    members: Sequence[int],
    runners: Runners,
    rules: Likeness = STANDARD,
    caucus: Caucus | None = None,
    most: int | None = None,
) -> Drawn:
    """Draw groups that might stand in a bloc's place: one batch, or its first ``most``."""
    limits = bounds(seen, members, rules)
    reason = impossible(seen, members, limits)
    if reason:
        return Drawn(np.empty((0, len(members)), dtype=np.int64), np.empty(0, dtype=bool), reason)
    alike = likeness(seen, members, rules, caucus)
    with np.errstate(divide="ignore"):
        handicap = (1 / alike).astype(np.float32)
    times, order = runners.times(members)
    times, order = times[:, :most], order[:most]
    places, stuck = _race(handicap, times, order, limits)
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
        size = min(BATCH, draws - batch * BATCH)
        parts.append(draw(seen, members, Runners(Race(seed, key, batch)), rules, caucus, size))
        if parts[-1].reason:
            return parts[-1]
    return Drawn(*(np.concatenate([getattr(p, n) for p in parts]) for n in ("codes", "stuck")))


def impossible(seen: View, members: Sequence[int], limits: Sequence[Bound]) -> str | None:
    """Why no group can be drawn, or None."""
    free = pool(seen)
    size = len(members)
    if not free.any():
        return f"no state has a figure of power in {seen.year}"
    for limit in limits:
        if limit.outside(free) < size - limit.most:
            return (
                f"a group of {size} that shares at most {limit.most} members with {limit.name} "
                f"needs {size - limit.most} other states; {limit.outside(free)} had a figure of "
                f"power in {seen.year}"
            )
    if free.sum() < size:
        return f"a group of {size} needs as many states; {int(free.sum())} could be drawn"
    return None


def _race(
    handicap: Narrow, times: Narrow, order: Places, limits: Sequence[Bound]
) -> tuple[Places, Flags]:
    """Fill the places of all draws, one place after another.

    Returns
    -------
    (draws, members) places among all states, and which draws got stuck.
    """
    draws, size = order.shape
    rows = np.arange(draws)
    closed = np.zeros(times.shape[1:], dtype=np.float32)
    counts = np.zeros((len(limits), draws), dtype=np.int64)
    held = np.zeros((len(limits), draws))
    found = np.zeros((draws, size), dtype=np.int64)
    stuck = np.zeros(draws, dtype=bool)
    for limit in limits:
        closed[:, limit.power > limit.most_power] = np.inf
        if not limit.most:
            closed[:, limit.states] = np.inf
    for turn in range(size):
        place = order[:, turn]
        arrival = times[place, rows]
        arrival *= handicap[place]
        arrival += closed
        winner = arrival.argmin(axis=1)
        stuck |= np.isinf(arrival[rows, winner])
        found[rows, place] = winner
        closed[rows, winner] = np.inf
        for limit, count, power in zip(limits, counts, held, strict=True):
            limit.close(closed, winner, count, power)
    return found, stuck
