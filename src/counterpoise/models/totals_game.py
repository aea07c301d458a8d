"""Games whose players meet only in totals, to which each adds by what it does.

Each of n players chooses among k actions; what an action pays depends on the others only through q
totals. Payoffs are linear in the totals and players mix independently, so putting in expected
totals is exact, not an approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class TotalsGame:
    """A game whose players meet in totals.

    Action a pays player i ``base[i, a]`` + Σ_q ``loads[i, a, q]`` · (what the others add to q), and
    player j adds ``gives[j, b, q]`` to total q by action b.

    Parameters
    ----------
    base : (n, k).
    loads, gives : (n, k, q).

    Raises
    ------
    ModelError : shapes do not fit or a figure is unknown.
    """

    base: Array
    loads: Array
    gives: Array

    def __post_init__(self) -> None:
        n, k = self.base.shape
        if self.loads.shape[:2] != (n, k) or self.gives.shape != self.loads.shape or k < 2:
            raise ModelError(
                f"Payoffs of shape {self.base.shape}, loads {self.loads.shape}, gives "
                f"{self.gives.shape}: want (n, k), (n, k, q), (n, k, q) with k of two or more"
            )
        unknown = ~np.isfinite(self.base).all(axis=1)
        for part in (self.loads, self.gives):
            unknown |= ~np.isfinite(part).all(axis=(1, 2))
        if unknown.any():
            raise ModelError(
                f"Payoffs of player {int(unknown.argmax())} are unknown: leave the player out or "
                "supply what is missing"
            )

    def payoffs(self, profile: Array) -> Array:
        """Expected payoff of each action against the others' mixtures; (n, k) to (n, k)."""
        own = np.einsum("ib,ibq->iq", profile, self.gives)
        return np.asarray(self.base + np.einsum("iaq,iq->ia", self.loads, own.sum(axis=0) - own))

    def regret(self, profile: Array) -> float:
        """Most that a player could gain by its best action; zero in a Nash equilibrium."""
        pays = self.payoffs(profile)
        return float((pays.max(axis=1) - (pays * profile).sum(axis=1)).max())


def polymatrix(base: Array, weights: Array) -> TotalsGame:
    """A game of pairs: action a of i earns ``weights[i, a, j, b]`` from action b of j.

    Parameters
    ----------
    base : (n, k).
    weights : (n, k, n, k); what a player earns from itself is ignored.
    """
    n, k = base.shape
    gives = np.eye(n * k).reshape(n, k, n * k)
    return TotalsGame(base, weights.reshape(n, k, n * k), gives)
