"""Random signs on the ties of a signed graph that keep every node's friends and enemies in number.

Two enmities a–b and c–d whose other sides b–c and d–a are friendships trade places with them: no
node gains or loses a friend or an enemy. So do three and three around a hexagon. Proposals are
drawn evenly among pairs and triples of enmities, and their number never changes, so a proposal is
as likely as its reverse and the walk settles on an even choice among all that it can reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import needs_extra
from counterpoise.models.signed_graph import SignedGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

PROPOSALS_PER_ENMITY = 500
"""Tries per enmity and draw; ten times as many change no figure on networks of states."""


def dealt(
    graph: SignedGraph, rng: np.random.Generator, proposals: int | None = None
) -> SignedGraph:
    """The same ties with other signs: every node keeps its number of friends and of enemies.

    Parameters
    ----------
    graph : weights ±1.
    proposals : exchanges tried; ``PROPOSALS_PER_ENMITY`` times the enmities by default.

    Raises
    ------
    ModelError : weights other than ±1.
    MissingExtraError : numba is not installed.
    """
    if not np.isin(graph.weights, (-1, 1)).all():
        raise ModelError("Signs are dealt anew on ties of weight 1 or −1 alone.")
    enmities = np.flatnonzero(graph.weights < 0)
    if enmities.size < 2:
        return graph
    with needs_extra("Random signs"):
        from counterpoise.models.sign_kernels import exchange
    tie = np.full((len(graph.nodes),) * 2, -1, dtype=np.int64)
    tie[graph.first, graph.second] = tie[graph.second, graph.first] = np.arange(graph.ties)
    signs = graph.weights.astype(np.int64)
    count = PROPOSALS_PER_ENMITY * enmities.size if proposals is None else proposals
    seed = int(rng.integers(2**31))
    exchange(graph.first, graph.second, tie, signs, enmities.astype(np.int64), count, seed)
    return SignedGraph(graph.nodes, graph.first, graph.second, signs.astype(float))
