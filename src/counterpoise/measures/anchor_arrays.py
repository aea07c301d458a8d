"""Which pact anchors the direction of each of many groups, and whether it has lapsed.

The rules of ``measures.directedness`` as arrays. A pact that does not name the target matters only
by its year of signature, so such pacts are drawn together into one kind per year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.measures import pact_arrays
from counterpoise.measures.direction_arrays import NO, UNKNOWN, YES, Directions, Ground, masks
from counterpoise.measures.pact_arrays import Naming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.pact_arrays import PactArrays
    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Places = NDArray[np.int64]
    Signs = NDArray[np.int8]

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Aims:
    """The anchor that tells most, by group; every array has shape (groups,).

    ``signed`` and ``measured`` are years; ``signed`` is -1 for a group that no pact anchors, whose
    D is then that of the year asked. ``lapsed`` is the year of the lapse, or -1.
    """

    directed: Signs
    low: Array
    high: Array
    rest_low: Array
    rest_high: Array
    signed: Ints
    measured: Ints
    lapsed: Ints

    @classmethod
    def blank(cls, count: int) -> Aims:
        """Nothing known yet of ``count`` groups."""
        return cls(
            np.full(count, NO, dtype=np.int8),
            np.full(count, np.nan),
            np.full(count, np.nan),
            np.full(count, np.nan),
            np.full(count, np.nan),
            np.full(count, -1),
            np.full(count, -1),
            np.full(count, -1),
        )

    def put(self, rows: Places, other: Aims) -> None:
        """Write the answers for some of the groups."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[rows] = getattr(other, name)


@dataclass(frozen=True)
class Kind:
    """Pacts that give a group the same D: one that names the target, or those signed in a year.

    ``pacts`` are places among the pacts of the view.
    """

    signed: int
    pacts: Ints
    extra: Naming | None


def kinds(pacts: PactArrays) -> list[Kind]:
    """Draw pacts together by year of signature; pacts that name the target stay alone."""
    found = [
        Kind(int(pacts.signed[k]), np.array([k]), Naming(pacts.inside[:, k], pacts.owing[:, k]))
        for k in np.flatnonzero(pacts.names_target)
    ]
    plain = ~pacts.names_target
    years = np.unique(pacts.signed[plain])
    return found + [Kind(int(y), np.flatnonzero(plain & (pacts.signed == y)), None) for y in years]


def carried(pacts: PactArrays, groups: Places, power: Array, cores: Places, cut: float) -> Flags:
    """Which pacts can carry a group's direction: each binds ``cut`` of it, or its core consults.

    Where power is unknown every pact that ties members can.

    Parameters
    ----------
    groups : (groups, members) places.
    power : (n + 1,) shares, NaN where unknown.
    cores : (groups, 2) places of the two strongest members.

    Returns
    -------
    (groups, pacts) booleans.
    """
    mask = masks(groups, len(pacts.inside))
    known = np.asarray(~np.isnan(power[groups]).any(axis=1))
    found = np.empty((len(groups), len(pacts.names)), dtype=bool)
    weight = mask[known] * np.nan_to_num(power)
    found[known] = pact_arrays.bound_by(pacts, weight) >= cut
    found[known] |= core_pacts(pacts, cores[known])
    found[~known] = _tying(pacts, mask[~known])
    return found


def _tying(pacts: PactArrays, mask: Array) -> Flags:
    return np.asarray((mask @ pacts.inside >= 2) & (mask @ pacts.owing >= 1))


def core_pacts(pacts: PactArrays, cores: Places) -> Flags:
    """Pacts by which each pair owes consultation and aid or a base; shape (pairs, pacts)."""
    one, two = cores[:, 0], cores[:, 1]
    both = pacts.inside[one] & pacts.inside[two]
    consults = pacts.consulting[one] | pacts.consulting[two]
    return np.asarray(both & consults & (pacts.aiding[one] | pacts.aiding[two]))


@dataclass(frozen=True)
class _Window:
    """What each kind of pact found at signature; arrays of shape (groups, kinds)."""

    low: Array
    high: Array
    rest_low: Array
    rest_high: Array
    measured: Ints
    passed: Signs

    @classmethod
    def blank(cls, shape: tuple[int, int]) -> _Window:
        """Nothing found yet."""
        low, high, rest_low, rest_high = np.zeros((4, *shape))
        return cls(
            low,
            high,
            rest_low,
            rest_high,
            np.zeros(shape, dtype=np.int64),
            np.zeros(shape, dtype=np.int8),
        )

    def put(self, rows: Places, kinds_at: Sequence[int], part: _Window, first: Ints) -> None:
        """Write some groups and kinds; ``first`` is the earlier year of each kind's window."""
        at = np.ix_(rows, np.asarray(kinds_at))
        for name in ("low", "high", "rest_low", "rest_high", "passed"):
            getattr(self, name)[at] = getattr(part, name)
        self.measured[at] = part.measured + first


def aims(
    ground: Ground, listed: Sequence[Kind], groups: Places, carrying: Flags, rules: Rules
) -> Aims:
    """The most telling anchor of each group.

    Parameters
    ----------
    carrying : (groups, pacts), see :func:`carried`.
    """
    found = Aims.blank(len(groups))
    anchored = carrying.any(axis=1)
    found.put(np.flatnonzero(~anchored), _without(ground, groups[~anchored]))
    rows = np.flatnonzero(anchored)
    if len(rows):
        found.put(rows, _anchored(ground, listed, groups[rows], carrying[rows], rules))
    return found


def _without(ground: Ground, groups: Places) -> Aims:
    """No pact anchors: D and D₋ of the year asked, and not directed."""
    found = Aims.blank(len(groups))
    now = ground.directions(groups, np.array([len(ground.years) - 1]))
    for name in ("low", "high", "rest_low", "rest_high"):
        values = getattr(now, name)[:, 0]
        getattr(found, name)[:] = np.where(now.is_known[:, 0], values, np.nan)
    found.measured[:] = ground.years[-1]
    return found


def _anchored(
    ground: Ground, listed: Sequence[Kind], groups: Places, carrying: Flags, rules: Rules
) -> Aims:
    used = [(kind, carrying[:, kind.pacts].any(axis=1)) for kind in listed]
    used = [(kind, rows) for kind, rows in used if rows.any()]
    here = [kind for kind, _ in used]
    carries = np.stack([rows for _, rows in used], axis=1)
    window = _windows(ground, here, groups, carries, rules)
    lapsed, doubtful = _lapses(ground, here, groups, carries & (window.passed == YES), rules)
    holds = np.where(
        window.passed != YES, window.passed, np.where(lapsed >= 0, NO, np.where(doubtful, -1, 1))
    )
    best = _most_telling(here, carries, holds, window.rest_low, carrying)
    at = (np.arange(len(groups)), best)
    signed = np.array([kind.signed for kind in here])
    return Aims(
        holds[at].astype(np.int8),
        window.low[at],
        window.high[at],
        window.rest_low[at],
        window.rest_high[at],
        signed[best],
        window.measured[at],
        lapsed[at],
    )


def _windows(
    ground: Ground, listed: Sequence[Kind], groups: Places, carries: Flags, rules: Rules
) -> _Window:
    """D of every group in the year before each signature and the year of it: the better of both."""
    found = _Window.blank((len(groups), len(listed)))
    plain = [k for k, kind in enumerate(listed) if kind.extra is None]
    every = np.arange(len(groups))
    if plain:
        ends = np.array([ground.column(listed[k].signed) for k in plain])
        columns, back = np.unique(np.concatenate([ends - 1, ends]), return_inverse=True)
        both = ground.directions(groups, columns)
        part = _better(both, back[: len(plain)], back[len(plain) :], rules)
        found.put(every, plain, part, ends - 1 + ground.years[0])
    for k, kind in enumerate(listed):
        if kind.extra is not None:
            rows = np.flatnonzero(carries[:, k])
            end = ground.column(kind.signed)
            both = ground.directions(groups[rows], np.array([end - 1, end]), kind.extra)
            part = _better(both, np.array([0]), np.array([1]), rules)
            found.put(rows, [k], part, np.array([kind.signed - 1]))
    return found


def _better(both: Directions, before: Places, then: Places, rules: Rules) -> _Window:
    """The better of two years for each kind; ``measured`` is 0 for the earlier, 1 for the later."""
    known0, known1 = both.is_known[:, before], both.is_known[:, then]
    rest0, rest1 = both.rest_low[:, before], both.rest_low[:, then]
    more = (rest1 == rest0) & (both.low[:, then] > both.low[:, before])
    later = known1 & (~known0 | (rest1 > rest0) | more)
    neither = ~known0 & ~known1

    def chosen(values: Array, blank: float) -> Array:
        return np.where(neither, blank, np.where(later, values[:, then], values[:, before]))

    return _Window(
        chosen(both.low, 0.0),
        chosen(both.high, 1.0),
        chosen(both.rest_low, 0.0),
        chosen(both.rest_high, 1.0),
        (later | neither).astype(np.int64),
        _in_either(both.passes(rules), before, then),
    )


def _in_either(passes: Signs, before: Places, then: Places) -> Signs:
    one, two = passes[:, before], passes[:, then]
    some = (one == YES) | (two == YES)
    open_ = (one == UNKNOWN) | (two == UNKNOWN)
    return np.where(some, YES, np.where(open_, UNKNOWN, NO)).astype(np.int8)


def _lapses(
    ground: Ground, listed: Sequence[Kind], groups: Places, passed: Flags, rules: Rules
) -> tuple[Ints, Flags]:
    """Year in which each anchor lapsed, or -1, and whether unknown years may hide a lapse."""
    lapsed = np.full(passed.shape, -1, dtype=np.int64)
    doubtful = np.zeros(passed.shape, dtype=bool)
    rows = np.flatnonzero(passed.any(axis=1))
    if not len(rows):
        return lapsed, doubtful
    signed = np.array([kind.signed for kind in listed])
    first = ground.column(int(signed[passed[rows].any(axis=0)].min())) + 1
    columns = np.arange(first, len(ground.years))
    if not len(columns):
        return lapsed, doubtful
    hot = ground.directions(groups[rows], columns).passes(rules)
    surely, possibly = _runs(hot == NO), _runs(hot != YES)
    for k in np.flatnonzero(passed[rows].any(axis=0)):
        start = max(ground.column(int(signed[k])) + rules.quiet_years - first, 0)
        quiet = surely[:, start:] >= rules.quiet_years
        is_lapsed = quiet.any(axis=1) & passed[rows, k]
        if is_lapsed.any():
            year = ground.years[0] + first + start + quiet[is_lapsed].argmax(axis=1)
            lapsed[rows[is_lapsed], k] = year
        doubtful[rows, k] = (possibly[:, start:] >= rules.quiet_years).any(axis=1)
    return lapsed, doubtful


def _runs(quiet: Flags) -> Ints:
    """How many quiet years in a row end with each year; shape (groups, years)."""
    years = np.arange(1, quiet.shape[1] + 1)
    broken = np.maximum.accumulate(np.where(quiet, 0, years), axis=1)
    return np.asarray(years - broken)


def _most_telling(
    listed: Sequence[Kind], carries: Flags, holds: Signs, rest: Array, carrying: Flags
) -> Places:
    """Place of the kind that tells most: it holds, has more D₋, was signed first, by name."""
    rank = np.where(holds == YES, 0, np.where(holds == UNKNOWN, 1, 2))
    rank = np.where(carries, rank, 3)
    left: Flags = rank == rank.min(axis=1, keepdims=True)
    value = np.where(left, rest, -np.inf)
    left &= value == value.max(axis=1, keepdims=True)
    signed = np.where(left, np.array([kind.signed for kind in listed]), NEVER)
    left &= signed == signed.min(axis=1, keepdims=True)
    best = left.argmax(axis=1)
    for row in np.flatnonzero(left.sum(axis=1) > 1):
        tied = np.flatnonzero(left[row]).tolist()
        firsts = [_first(listed[k].pacts, carrying[row]) for k in tied]
        best[row] = tied[int(np.argmin(firsts))]
    return np.asarray(best)


def _first(pacts: Ints, carried_here: Flags) -> int:
    """Place of the first pact of a kind, by name, that a group carries."""
    return int(pacts[carried_here[pacts]][0])
