"""Newton steps and joint uncertainty of ideal points and items, by elimination through time.

The curvature of all unknowns together is large and sparse: a roll call touches the states of its
own period, the random walk ties each state to itself a period later, and an item voted on in
several periods ties them all. Eliminating period by period keeps a small dense *front*: the
period's ideal points, and the items still to be voted on again. Items of a single period are
eliminated first, each on its own. One sweep forward and one back solves the system; a second sweep
back yields the diagonal blocks of the inverse, that is, uncertainty that includes the items' own.

Method: Cholesky by fronts (Duff & Reid 1983), inverse by the recursions of Takahashi, Fagan & Chin
(1973).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_factor, cho_solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Slice:
    """One period's share of the curvature.

    With n ideal points of D dimensions and P parameters to an item: ``own`` (nD, nD) of the ideal
    points; ``ahead`` (n,) places of the same states in the next period, −1 where there is none,
    and ``link`` (n,) the precision of the step there; ``local`` (J, P, P) and ``local_cross`` (J,
    P, nD) of items of this period only; ``carried`` (K,) numbers of the items also voted on in
    other periods, ``carried_own`` (K, P, P), ``carried_cross`` (K, P, nD).
    """

    own: Array
    ahead: Ints
    link: Array
    local: Array
    local_cross: Array
    carried: Ints
    carried_own: Array
    carried_cross: Array


@dataclass(frozen=True)
class Right:
    """A right-hand side or a solution.

    Per period the ideal points (nD,) and local items (J, P); carried items (K, P).
    """

    points: list[Array]
    local: list[Array]
    carried: Array


@dataclass(frozen=True)
class _Eliminated:
    """One period after elimination: who left, who stayed, and how they hang together."""

    leaving: int
    variables: Ints
    factor: tuple[Array, bool]
    bridge: Array
    local_solved: Array


class Elimination:
    """The factored curvature; solves for any right-hand side and gives the inverse's diagonal."""

    def __init__(self, slices: Sequence[Slice], carried: int, dimensions: int) -> None:
        self._slices = slices
        self._carried = carried
        self._size = dimensions
        self._width = self._size + 2
        self._start = np.concatenate(([0], np.cumsum([s.own.shape[0] for s in slices])))
        self._last = self._last_uses()
        self._steps = self._factor()

    def _last_uses(self) -> Ints:
        last = np.full(self._carried, -1, dtype=np.int64)
        for period, piece in enumerate(self._slices):
            last[piece.carried] = period
        return last

    def _names(self, items: Ints) -> Ints:
        """Numbers of the unknowns of carried items; they follow all ideal points."""
        base = self._start[-1] + items[:, None] * self._width
        return np.asarray(base + np.arange(self._width), dtype=np.int64).ravel()

    def _points(self, period: int) -> Ints:
        return np.arange(self._start[period], self._start[period + 1])

    def _factor(self) -> list[_Eliminated]:
        steps: list[_Eliminated] = []
        live = np.empty(0, dtype=np.int64)
        names, rest = np.empty(0, dtype=np.int64), np.empty((0, 0))
        for period, piece in enumerate(self._slices):
            live = np.union1d(live, piece.carried)
            ends = live[self._last[live] == period]
            live = live[self._last[live] > period]
            step, rest = self._eliminate(period, piece, ends, live, names, rest)
            names = step.variables[step.leaving :]
            steps.append(step)
        return steps

    def _eliminate(
        self, period: int, piece: Slice, ends: Ints, live: Ints, names: Ints, rest: Array
    ) -> tuple[_Eliminated, Array]:
        points = self._points(period)
        following = self._points(period + 1) if period + 1 < len(self._slices) else points[:0]
        variables = np.concatenate((points, self._names(ends), self._names(live), following))
        leaving = points.size + ends.size * self._width
        place = _places(variables)
        front = np.zeros((variables.size, variables.size))
        _add(front, [place[n] for n in names.tolist()], rest)
        solved = self._assemble(front, place, piece, points.size)
        self._tie(front, piece, variables.size - following.size)
        factor = cho_factor(front[:leaving, :leaving], lower=True, check_finite=False)
        bridge = cho_solve(factor, front[:leaving, leaving:], check_finite=False)
        remaining = front[leaving:, leaving:] - front[leaving:, :leaving] @ bridge
        return _Eliminated(leaving, variables, factor, bridge, solved), remaining

    def _assemble(self, front: Array, place: dict[int, int], piece: Slice, points: int) -> Array:
        front[:points, :points] += piece.own
        solved = (
            np.linalg.solve(piece.local, piece.local_cross)
            if piece.local.size
            else piece.local_cross
        )
        flat = (-1, points)
        front[:points, :points] -= piece.local_cross.reshape(flat).T @ solved.reshape(flat)
        for k, item in enumerate(piece.carried):
            at = place[int(self._names(np.array([item]))[0])]
            block = slice(at, at + self._width)
            front[block, block] += piece.carried_own[k]
            front[block, :points] += piece.carried_cross[k]
            front[:points, block] += piece.carried_cross[k].T
        return np.asarray(solved, dtype=float)

    def _tie(self, front: Array, piece: Slice, following: int) -> None:
        here = np.flatnonzero(piece.ahead >= 0)
        for d in range(self._size):
            rows = here * self._size + d
            columns = following + piece.ahead[here] * self._size + d
            front[rows, columns] -= piece.link[here]
            front[columns, rows] -= piece.link[here]

    def solve(self, right: Right) -> Right:
        """Solution of curvature · x = right."""
        names = int(self._start[-1]) + self._carried * self._width
        x = np.zeros(names)
        x[: self._start[-1]] = np.concatenate(right.points)
        x[self._start[-1] :] = right.carried.ravel()
        for period, step in enumerate(self._steps):
            points = self._points(period)
            x[points] -= np.einsum("jpn,jp->n", step.local_solved, right.local[period])
            leave, stay = step.variables[: step.leaving], step.variables[step.leaving :]
            x[stay] -= step.bridge.T @ x[leave]
            x[leave] = cho_solve(step.factor, x[leave], check_finite=False)
        for step in reversed(self._steps):
            leave, stay = step.variables[: step.leaving], step.variables[step.leaving :]
            x[leave] -= step.bridge @ x[stay]
        return self._unpack(x, right)

    def _unpack(self, x: Array, right: Right) -> Right:
        points = [x[self._points(t)] for t in range(len(self._slices))]
        local = []
        for period, (step, piece) in enumerate(zip(self._steps, self._slices, strict=True)):
            own = np.linalg.solve(piece.local, right.local[period][:, :, None])[:, :, 0]
            local.append(own - step.local_solved @ points[period])
        return Right(points, local, x[self._start[-1] :].reshape(-1, self._width))

    def point_covariances(self) -> list[Array]:
        """Blocks (nD, nD) of the inverse, one per period: the covariance of its ideal points."""
        found: list[Array] = []
        later, names = np.empty((0, 0)), np.empty(0, dtype=np.int64)
        for step, piece in zip(reversed(self._steps), reversed(self._slices), strict=True):
            later = self._front_inverse(step, later, names)
            names = step.variables
            size = piece.own.shape[0]
            found.append(later[:size, :size])
        return found[::-1]

    def _front_inverse(self, step: _Eliminated, later: Array, names: Ints) -> Array:
        """Inverse over a front's unknowns, given that over the next front's."""
        place = _places(names)
        rows = [place[n] for n in step.variables[step.leaving :].tolist()]
        stay = later[np.ix_(rows, rows)]
        own = cho_solve(step.factor, np.eye(step.leaving), check_finite=False)
        spread = step.bridge @ stay
        return np.block([[own + spread @ step.bridge.T, -spread], [-spread.T, stay]])


def _places(names: Ints) -> dict[int, int]:
    return {name: place for place, name in enumerate(names.tolist())}


def _add(front: Array, places: Sequence[int], block: Array) -> None:
    if len(places):
        front[np.ix_(places, places)] += block
