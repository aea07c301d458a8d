"""A lower bound on frustration: the cheapest amounts on ties that cover every negative cycle.

The linear relaxation of hitting all negative cycles, solved with HiGHS as cycles are found. Its
dual packs negative cycles into the ties: any packing that loads no tie above its weight proves
that at least its own total is frustrated, whatever the tolerances of the solver. That total is
what ``bound`` returns.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

INFINITE = 1e30


def quiet_highs() -> Any:
    """A HiGHS solver that never writes to the terminal.

    The constructor of highspy's own class prints a banner before its output can be switched off,
    so only the one below it is called.
    """
    import highspy

    class Quiet(highspy.Highs):
        def __init__(self) -> None:
            super(highspy.Highs, self).__init__()

    solver = Quiet()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


class CycleCover:
    """Amounts f_e ≥ 0 on ties, Σ |w_e| f_e least, that sum to at least 1 along given cycles."""

    def __init__(self, costs: Array) -> None:
        m = costs.size
        self.costs = costs
        self.amounts = np.zeros(m)
        self.bound = 0.0
        self._members = np.zeros(0, dtype=np.int32)
        self._starts = np.zeros(1, dtype=np.int64)
        self._highs = quiet_highs()
        self._highs.addVars(m, np.zeros(m), np.full(m, INFINITE))
        # The solver's tolerances are absolute, so the costs it sees are of the order of one.
        self._unit = float(costs.mean()) if m else 1.0
        self._highs.changeColsCost(m, np.arange(m, dtype=np.int32), costs / self._unit)

    @property
    def cycles(self) -> int:
        """Number of cycles that must be covered so far."""
        return self._starts.size - 1

    def add(self, cycles: Sequence[Sequence[int]] | Ints) -> None:
        """Demand that these cycles, each a list of ties, be covered."""
        lengths = np.array([len(c) for c in cycles], dtype=np.int64)
        members = np.concatenate([np.asarray(c, dtype=np.int32) for c in cycles])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        k = lengths.size
        self._highs.addRows(
            k,
            np.ones(k),
            np.full(k, INFINITE),
            members.size,
            starts[:-1].astype(np.int32),
            members,
            np.ones(members.size),
        )
        self._members = np.concatenate([self._members, members])
        self._starts = np.concatenate([self._starts, self._starts[-1] + starts[1:]])

    def solve(self, deadline: float) -> bool:
        """Find the cheapest amounts and raise ``bound``; False if time ran out first."""
        import highspy

        left = deadline - time.perf_counter()
        if left <= 0:
            return False
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + left)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        solution = self._highs.getSolution()
        self.amounts = np.array(solution.col_value)
        self.bound = max(self.bound, self._packed(np.array(solution.row_dual) * self._unit))
        return True

    def _packed(self, duals: Array) -> float:
        """Total of the packing that the dual values give, once overloaded ties are relieved.

        Every cycle shrinks by the overload of its most overloaded tie, so no tie carries more
        than its cost.
        """
        packed = np.maximum(duals, 0.0)
        lengths = np.diff(self._starts)
        load = np.bincount(
            self._members, weights=np.repeat(packed, lengths), minlength=self.costs.size
        )
        relief = np.minimum(1.0, self.costs / np.maximum(load, 1e-300))
        return float(packed @ np.minimum.reduceat(relief[self._members], self._starts[:-1]))

    def tight(self) -> list[Ints]:
        """The cycles that the present amounts cover exactly, as lists of ties."""
        sums = np.add.reduceat(self.amounts[self._members], self._starts[:-1])
        return [
            self._members[self._starts[k] : self._starts[k + 1]].astype(np.int64)
            for k in np.flatnonzero(sums < 1 + 1e-6)
        ]
