"""Directedness of many groups of states at once: the rules of ``measures.directedness`` as arrays.

A group is a row of places among the states of a view, padded with the last place, which stands
for nobody. Three-valued answers are held as 1 (yes), 0 (no) and -1 (unknown).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.measures.pact_arrays import Naming
    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]
    Signs = NDArray[np.int8]

YES, NO, UNKNOWN = 1, 0, -1
NOBODY = np.iinfo(np.int16).max


@dataclass(frozen=True)
class Directions:
    """Bounds on D and D₋ by group and year, and whether at least two members existed then.

    Each array has shape (groups, years). The bounds differ where hostility or power is unknown.
    """

    low: Array
    high: Array
    rest_low: Array
    rest_high: Array
    is_known: Flags

    def passes(self, rules: Rules) -> Signs:
        """Is the group directed in each year?"""
        cut, rest = rules.directedness, rules.directedness_rest
        surely = (self.low >= cut) & (self.rest_low >= rest)
        never = (self.high < cut) | (self.rest_high < rest)
        signs = np.where(surely, YES, np.where(never, NO, UNKNOWN))
        return np.where(self.is_known, signs, UNKNOWN).astype(np.int8)


@dataclass(frozen=True, eq=False)
class Ground:
    """What directedness is read from: power, hostility and naming pacts of states over years.

    Arrays have shape (n + 1, years); ``years`` run without a gap to the year asked. ``naming``
    has one entry per year.
    """

    years: tuple[int, ...]
    power: Array
    exists: Flags
    lacking: Flags
    surely: Flags
    possibly: Flags
    naming: tuple[tuple[Naming, ...], ...]
    _rank: NDArray[np.int16] = field(init=False, repr=False)
    _order: NDArray[np.int16] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        order = np.argsort(-self.power, axis=0, kind="stable").astype(np.int16)
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(len(order), dtype=np.int16)[:, None], axis=0)
        object.__setattr__(self, "_order", order)
        object.__setattr__(self, "_rank", np.where(self.exists, rank, NOBODY).astype(np.int16))

    def column(self, year: int) -> int:
        """Place of a year."""
        return year - self.years[0]

    def directions(
        self, groups: Places, columns: Places, extra: Naming | None = None
    ) -> Directions:
        """D and D₋ of groups in some years; ``extra`` counts as a naming pact in force."""
        mask = masks(groups, len(self.power))
        surely, possibly = self.surely[:, columns], self.possibly[:, columns]
        weight = self.power[:, columns]
        low = mask @ (weight * surely)
        is_open = bool((surely != possibly).any())
        high = mask @ (weight * possibly) if is_open else low
        first = self._strongest(groups, columns)
        across = np.arange(len(columns))
        first_low, first_high = surely[first, across], possibly[first, across]
        for k, column in enumerate(columns):
            pacts = (*self.naming[column], *((extra,) if extra else ()))
            if pacts:
                named = _named(mask, pacts)
                low[:, k] = _hostile(mask, named | surely[:, k], weight[:, k])
                high = high.copy() if high is low else high
                high[:, k] = _hostile(mask, named | possibly[:, k], weight[:, k])
                rows = np.arange(len(groups))
                first_low[:, k] |= named[rows, first[:, k]]
                first_high[:, k] |= named[rows, first[:, k]]
        total, top = mask @ weight, weight[first, across]
        found = Directions(
            _ratio(low, total),
            _ratio(high, total),
            _ratio(low - top * first_low, total - top),
            _ratio(high - top * first_high, total - top),
            mask @ self.exists[:, columns] >= 2,
        )
        self._unweigh(found, mask, columns, extra)
        return found

    def _strongest(self, groups: Places, columns: Places) -> NDArray[np.int64]:
        """Place of each group's strongest member in each year; the last place where it has none."""
        ranks = self._rank[:, columns]
        best = np.full((len(groups), len(columns)), NOBODY, dtype=np.int16)
        for slot in range(groups.shape[1]):
            np.minimum(best, ranks[groups[:, slot]], out=best)
        is_none = best == NOBODY
        found = self._order[np.where(is_none, 0, best), columns].astype(np.int64)
        found[is_none] = len(self.power) - 1
        return found

    def _unweigh(
        self, found: Directions, mask: Array, columns: Places, extra: Naming | None
    ) -> None:
        """Where a member's power is unknown, D is known only if all members are alike."""
        if not self.lacking[:, columns].any():
            return
        rows, cols = np.nonzero(mask @ self.lacking[:, columns])
        for k in np.unique(cols):
            here = rows[cols == k]
            column = int(columns[k])
            present = mask[here] * self.exists[:, column]
            named = _named(mask[here], (*self.naming[column], *((extra,) if extra else ())))
            all_hostile = ((named | self.surely[:, column]) | (present == 0)).all(axis=1)
            some_hostile = ((named | self.possibly[:, column]) & (present > 0)).any(axis=1)
            for bounds, value in (
                (found.low, all_hostile),
                (found.rest_low, all_hostile),
                (found.high, some_hostile),
                (found.rest_high, some_hostile),
            ):
                bounds[here, k] = value


def masks(groups: Places, size: int) -> Array:
    """Groups as rows of 0 and 1 over all places; the last place is always 0."""
    mask = np.zeros((len(groups), size))
    np.put_along_axis(mask, groups, 1.0, axis=1)
    mask[:, -1] = 0.0
    return mask


def _named(mask: Array, pacts: tuple[Naming, ...]) -> Flags:
    """Members whom a pact that names the target binds to another member of their group."""
    named = np.zeros(mask.shape, dtype=bool)
    for pact in pacts:
        ties = (mask @ pact.inside >= 2) & (mask @ pact.owing >= 1)
        named |= ties[:, None] & pact.inside & (mask > 0)
    return named


def _hostile(mask: Array, hostile: Flags, weight: Array) -> Array:
    return np.asarray((mask * hostile) @ weight)


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
