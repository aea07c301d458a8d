"""Finding a few coalitions among thousands of blocs without being fooled by their number.

A bloc's p-value is the chance that matched random groups, followed through the same years, reach
its score. Draws stop early where the answer is plain and go on where it is not (Besag & Clifford
1991). The correction runs over blocs (Benjamini & Hochberg 1995), and also under any dependence
between them (Benjamini & Yekutieli 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

Rule = Literal["bh", "by"]


def adjusted(p_values: ArrayLike, rule: Rule = "bh") -> Array:
    """q-value of each test: the least false-discovery rate at which it would be a discovery.

    Parameters
    ----------
    p_values : (m,) in (0, 1]; one per bloc.
    rule : ``bh`` (Benjamini & Hochberg 1995) holds for independent or positively dependent tests;
        ``by`` (Benjamini & Yekutieli 2001) for any dependence.

    Raises
    ------
    DataError : a p-value is missing or outside [0, 1].
    """
    p = np.asarray(p_values, dtype=float)
    if p.size == 0:
        return p
    if np.isnan(p).any() or p.min() < 0 or p.max() > 1:
        raise DataError("A p-value is missing or outside 0 to 1; leave such blocs out")
    order = np.argsort(-p, kind="stable")
    rank = np.arange(p.size, 0, -1)
    factor = (1 / rank).sum() if rule == "by" else 1.0
    stepped = np.minimum.accumulate(p[order] * p.size * factor / rank)
    found = np.empty_like(p)
    found[order] = np.minimum(stepped, 1.0)
    return found


@dataclass(frozen=True)
class Tally:
    """How often random groups reached a bloc's score so far.

    Draws go on in batches until ``enough`` groups reached it or ``most`` were drawn.
    """

    exceeded: int = 0
    draws: int = 0

    def plus(self, exceeded: int, draws: int) -> Tally:
        """Count another batch."""
        return Tally(self.exceeded + exceeded, self.draws + draws)

    def is_settled(self, enough: int, most: int) -> bool:
        """Is there no need to draw more?"""
        return self.exceeded >= enough or self.draws >= most

    @property
    def p_value(self) -> float:
        """(1 + exceeded) / (1 + draws): valid whatever the number of draws that was fixed ahead.

        Under sequential stopping it is an upper bound of Besag and Clifford's exceeded / draws.
        """
        return (1 + self.exceeded) / (1 + self.draws)

    @property
    def is_at_floor(self) -> bool:
        """Did no group reach the score, so that the p-value is the smallest attainable?"""
        return self.exceeded == 0
