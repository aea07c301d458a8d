"""Where everything stands: ideal points as rows by period, roll calls sorted, items numbered.

A *cell* is the ideal point of one state in one period. A state has one in every period from its
first vote to its last, also where it cast none in between. Cells are numbered period by period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Votes = NDArray[np.int8]


@dataclass(frozen=True)
class Trails:
    """The cells of all states: ``state``, ``period``, and the cells ``before`` and ``after``.

    All of shape (cells,); −1 where there is none before or after. ``start`` (periods + 1,) is the
    first cell of each period.
    """

    state: Ints
    period: Ints
    before: Ints
    after: Ints
    start: Ints

    def __len__(self) -> int:
        """Number of cells."""
        return int(self.state.size)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.start.size) - 1

    def cells(self, period: int) -> slice:
        """Cells of one period."""
        return slice(int(self.start[period]), int(self.start[period + 1]))

    @property
    def steps(self) -> Ints:
        """Cells that have one after them."""
        return np.flatnonzero(self.after >= 0)


@dataclass(frozen=True)
class Sitting:
    """One period: its roll calls and states, and the items voted on.

    ``items`` (u,) the items in ascending order; ``place`` (J,) the place of each roll call's item
    among them; ``is_local`` (u,) those of no other period; ``is_new`` (u,) those first voted on
    here; ``carried`` numbers, among items of several periods, of those that are not local.
    """

    period: int
    rollcalls: slice
    cells: slice
    states: Ints
    items: Ints
    place: Ints
    is_local: Flags
    is_new: Flags
    carried: Ints
    ahead: Ints


@dataclass(frozen=True)
class Layout:
    """A problem sorted by period, ready to be summed over.

    ``cell`` (periods, states) is the row of each ideal point, −1 where there is none; ``cast``
    (periods, states) the number of votes cast there; ``order`` (rollcalls,) the places of the
    sorted roll calls in the problem; ``item`` (rollcalls,) the item of each, from 0.
    """

    votes: Votes
    offset: Array
    order: Ints
    first: Ints
    item: Ints
    items: int
    cell: Ints
    cast: Ints
    trails: Trails
    sittings: tuple[Sitting, ...]
    carried: Ints
    """Items of several periods, in the order of their numbers."""

    @property
    def introduced(self) -> Array:
        """Number of items first voted on in each period."""
        return np.array([s.is_new.sum() for s in self.sittings], dtype=float)


def lay_out(votes: Votes, offset: Array, period: Ints, item: Ints, periods: int) -> Layout:
    """Sort roll calls by period and find cells, items and what ties them."""
    order = np.argsort(period, kind="stable")
    votes, period = np.ascontiguousarray(votes[order]), period[order]
    names, number = np.unique(item[order], return_inverse=True)
    first = np.searchsorted(period, np.arange(periods + 1))
    cast = np.stack(
        [(votes[first[t] : first[t + 1]] >= 0).sum(axis=0) for t in range(periods)]
    ).astype(np.int64)
    cell, trails = _trails(cast > 0)
    opened = np.full(names.size, periods)
    closed = np.full(names.size, -1)
    np.minimum.at(opened, number, period)
    np.maximum.at(closed, number, period)
    carried = np.flatnonzero(opened < closed)
    sittings = tuple(_sitting(t, first, number, opened, carried, trails) for t in range(periods))
    return Layout(
        votes,
        offset if offset.shape == (1, 1) else offset[order],
        order,
        first,
        number,
        names.size,
        cell,
        cast,
        trails,
        sittings,
        carried,
    )


def _trails(has_cast: Flags) -> tuple[Ints, Trails]:
    periods = has_cast.shape[0]
    opened = has_cast.argmax(axis=0)
    closed = periods - 1 - has_cast[::-1].argmax(axis=0)
    when = np.arange(periods)[:, None]
    lives = (when >= opened) & (when <= closed) & has_cast.any(axis=0)
    cell = np.full(lives.shape, -1, dtype=np.int64)
    cell[lives] = np.arange(lives.sum())
    period, state = np.nonzero(lives)
    before, after = np.full(state.size, -1), np.full(state.size, -1)
    both = lives[:-1] & lives[1:]
    after[cell[:-1][both]] = cell[1:][both]
    before[cell[1:][both]] = cell[:-1][both]
    start = np.concatenate(([0], np.cumsum(lives.sum(axis=1))))
    return cell, Trails(state, period, before, after, start)


def _sitting(
    t: int, first: Ints, number: Ints, opened: Ints, carried: Ints, trails: Trails
) -> Sitting:
    rollcalls, cells = slice(int(first[t]), int(first[t + 1])), trails.cells(t)
    items, place = np.unique(number[rollcalls], return_inverse=True)
    is_local = ~np.isin(items, carried)
    after = trails.after[cells]
    following = trails.start[min(t + 1, trails.periods)]
    return Sitting(
        t,
        rollcalls,
        cells,
        trails.state[cells],
        items,
        place,
        is_local,
        opened[items] == t,
        np.searchsorted(carried, items[~is_local]),
        np.where(after >= 0, after - following, -1),
    )
