"""The equations of logit equilibrium in log odds, and linear solves that use their structure.

The Jacobian is the identity less λ times a matrix of rank q whose blocks on the diagonal are struck
out, since nobody responds to itself: block-diagonal plus rank q (Woodbury 1950).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.totals_game import TotalsGame

    Array = NDArray[np.float64]

DENSE_UNKNOWNS = 40
"""Up to this many unknowns the plain linear solve is as fast as the structured one."""


class Point(NamedTuple):
    """What the equations give at one place.

    ``profile`` (n, k); ``flow`` (n, q, k−1), how each player's log odds move the totals; ``gain``
    (n, k−1) of each action over the first; ``shortfall`` (n, k−1), zero in equilibrium.
    """

    profile: Array
    flow: Array
    gain: Array
    shortfall: Array


class Curve:
    """The equations y = λ·(U(σ(y)) − U_0(σ(y))) in log odds y (n, k−1) and their linear solves."""

    def __init__(self, game: TotalsGame) -> None:
        self.game = game
        self.loads = game.loads[:, 1:] - game.loads[:, :1]
        self.shape = self.loads.shape[:2]
        self.unknowns = self.shape[0] * self.shape[1]

    def at(self, odds: Array, precision: float) -> Point:
        """Profile, slopes and shortfall at log odds (n, k−1) and a precision."""
        profile = softmax(odds)
        pays = self.game.payoffs(profile)
        gain = pays[:, 1:] - pays[:, :1]
        # dσ_a/dy_b = σ_a (1{a=b} − σ_b), then on to the totals.
        given = self.game.gives * profile[:, :, None]
        flow = (
            np.swapaxes(given[:, 1:], 1, 2) - given.sum(axis=1)[:, :, None] * profile[:, None, 1:]
        )
        return Point(profile, flow, gain, odds - precision * gain)

    def solve(
        self, point: Point, precision: float, right: Array, border: Array | None = None
    ) -> Array:
        """Solve J x = right, ``right`` of shape (unknowns [+ 1], columns).

        With a ``border`` the Jacobian has the column for λ and, as last row, the border itself.
        """
        if self.unknowns > max(DENSE_UNKNOWNS, 2 * self.loads.shape[2]):
            try:
                found = self._structured(point, precision, right, border)
            except np.linalg.LinAlgError:
                return self._dense(point, precision, right, border)
            # A player's own block can be singular where the whole is not.
            if self._is_solved(point, precision, right, border, found):
                return found
        return self._dense(point, precision, right, border)

    def _structured(
        self, point: Point, precision: float, right: Array, border: Array | None
    ) -> Array:
        n, width = self.shape
        totals, columns = self.loads.shape[2], right.shape[1]
        side = -point.gain[:, :, None] if border is not None else np.empty((n, width, 0))
        push = precision * self.loads
        own = np.eye(width) + push @ point.flow
        rest = right[: self.unknowns].reshape(n, width, columns)
        cleared = np.linalg.solve(own, np.concatenate([rest, push, side], axis=2))
        felt = np.tensordot(point.flow, cleared, axes=([0, 2], [0, 1]))
        free, back, tilt = np.split(felt, [columns, columns + totals], axis=1)
        inner = np.concatenate([np.eye(totals) - back, tilt], axis=1)
        known = free
        flat = cleared.reshape(self.unknowns, -1)
        if border is not None:
            row = border[:-1] @ flat
            last = np.concatenate([row[columns:-1], [border[-1] - row[-1]]])
            inner = np.vstack([inner, last])
            known = np.vstack([free, right[-1] - row[:columns]])
        small = np.linalg.solve(inner, known)
        found = flat[:, :columns] + flat[:, columns : columns + totals] @ small[:totals]
        if border is None:
            return np.asarray(found)
        return np.vstack([found - flat[:, -1:] @ small[totals:], small[totals:]])

    def jacobian(self, point: Point, precision: float) -> Array:
        """J = I − λ · dU/dy as a full matrix."""
        n, width = self.shape
        felt = point.flow.transpose(1, 0, 2).reshape(-1, self.unknowns)
        full = -precision * self.loads.reshape(self.unknowns, -1) @ felt
        blocks = full.reshape(n, width, n, width)
        place = np.arange(n)
        blocks[place, :, place, :] = np.eye(width)
        return full

    def _dense(self, point: Point, precision: float, right: Array, border: Array | None) -> Array:
        full = self.jacobian(point, precision)
        if border is not None:
            full = np.vstack([np.column_stack([full, -point.gain.ravel()]), border])
        try:
            return np.asarray(np.linalg.solve(full, right))
        except np.linalg.LinAlgError:
            return np.asarray(np.linalg.lstsq(full, right, rcond=None)[0])

    def _is_solved(
        self, point: Point, precision: float, right: Array, border: Array | None, found: Array
    ) -> bool:
        n, width = self.shape
        step = found[: self.unknowns].reshape(n, width, -1)
        each = point.flow @ step
        made = step - precision * (self.loads @ (each.sum(axis=0) - each))
        if border is not None:
            made = made - point.gain[:, :, None] * found[-1]
        gap = made.reshape(self.unknowns, -1) - right[: self.unknowns]
        return bool(np.abs(gap).max() <= 1e-7 * (1 + np.abs(found).max()))

    def index(self, point: Point, precision: float) -> int:
        """Sign of the Jacobian's determinant."""
        push = precision * self.loads
        own = np.eye(self.shape[1]) + push @ point.flow
        sign, size = np.linalg.slogdet(own)
        if np.isfinite(size).all() and size.min() > -20:
            back = np.tensordot(point.flow, np.linalg.solve(own, push), axes=([0, 2], [0, 1]))
            return int(sign.prod() * np.linalg.slogdet(np.eye(len(back)) - back)[0])
        return int(np.linalg.slogdet(self.jacobian(point, precision))[0])

    def newton(self, odds: Array, precision: float, most: int = 60) -> Array | None:
        """Log odds in equilibrium near the start given, or None where Newton's steps fail."""
        point = self.at(odds, precision)
        size = np.abs(point.shortfall).max()
        for _ in range(most):
            if size <= tolerance(odds):
                return odds
            step = self.solve(point, precision, point.shortfall.reshape(-1, 1)).reshape(self.shape)
            for halving in range(12):
                trial = odds - step / 2**halving
                ahead = self.at(trial, precision)
                now = np.abs(ahead.shortfall).max()
                if now < size * (1 - 1e-4 / 2**halving):
                    break
            else:
                return None
            odds, point, size = trial, ahead, now
        return odds if size <= tolerance(odds) else None


def softmax(odds: Array) -> Array:
    """Probabilities (n, k) from log odds (n, k−1) against the first action."""
    full = np.concatenate([np.zeros((len(odds), 1)), odds], axis=1)
    weight = np.exp(full - full.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def tolerance(odds: Array) -> float:
    """Shortfall in log odds that counts as none: rounding grows with the odds."""
    return 1e-11 * (1 + float(np.abs(odds).max()))
