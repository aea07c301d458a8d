"""Structural balance of signed graphs: how far from two camps, and how far from chance.

A signed graph is balanced when it splits into two camps with friends inside and enemies across
(Cartwright & Harary 1956). Three indices, each 1 for a balanced graph:

- line: 1 − 2 L / m, where the line index L is the fewest ties whose removal leaves balance
  (Harary 1959; Aref & Wilson 2018 normalise it so). In [0, 1], for L is at most m / 2.
- triangles: the share of triangles with an even number of enemies. In [0, 1].
- walks: tr(e^A) / tr(e^|A|), closed walks of every length, long ones counting less (Estrada &
  Benzi 2014). In (0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.frustration import Frustration, least_frustration
from counterpoise.models.signed_graph import SignedGraph, frustrated

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "Balance",
    "Null",
    "SignedGraph",
    "balance",
    "line_index",
    "null_distribution",
    "shuffled",
    "triangle_index",
    "walk_index",
]


@dataclass(frozen=True, eq=False)
class Balance:
    """The balance of one signed graph.

    ``line_index`` is L, the fewest frustrated ties found; ``lower_bound`` is proved; they agree
    when ``is_proved``. ``line``, ``triangles`` and ``walks`` are the indices of this file; None
    where the graph has no tie or no triangle. ``camps`` are the names on the two sides of the best
    split, ``frustrated`` the ties that it leaves frustrated.
    """

    nodes: int
    ties: int
    enemies: int
    line_index: int
    lower_bound: int
    is_proved: bool
    line: float | None
    triangles: float | None
    walks: float | None
    camps: tuple[tuple[str, ...], tuple[str, ...]]
    frustrated: tuple[tuple[str, str], ...]
    proof: str
    seed: int


def balance(graph: SignedGraph, *, time_limit: float = 60.0, seed: int = 0) -> Balance:
    """All indices of a graph whose weights are ±1.

    Raises
    ------
    ModelError : weights other than ±1, or too large a graph.
    MissingExtraError : HiGHS or SciPy is not installed.
    """
    proof = line_index(graph, time_limit=time_limit, seed=seed)
    left, wrong = int(proof.weight), np.flatnonzero(frustrated(graph, proof.sides))
    camps = [
        tuple(n for n, s in zip(graph.nodes, proof.sides, strict=True) if s == side)
        for side in (0, 1)
    ]
    return Balance(
        nodes=len(graph.nodes),
        ties=graph.ties,
        enemies=int((graph.weights < 0).sum()),
        line_index=left,
        lower_bound=int(proof.lower_bound),
        is_proved=proof.is_proved,
        line=1 - 2 * left / graph.ties if graph.ties else None,
        triangles=triangle_index(graph),
        walks=walk_index(graph),
        camps=(camps[0], camps[1]),
        frustrated=tuple(
            (graph.nodes[graph.first[k]], graph.nodes[graph.second[k]]) for k in wrong
        ),
        proof=proof.proof,
        seed=seed,
    )


def line_index(graph: SignedGraph, *, time_limit: float = 60.0, seed: int = 0) -> Frustration:
    """The line index of balance with its proof; see ``least_frustration``.

    Raises
    ------
    ModelError : weights other than ±1, or too large a graph.
    """
    if not np.isin(graph.weights, (-1, 1)).all():
        raise ModelError("The line index counts ties, so every weight must be 1 or −1.")
    return least_frustration(graph, time_limit=time_limit, seed=seed)


def triangle_index(graph: SignedGraph) -> float | None:
    """Share of balanced triangles, in [0, 1]; None without triangles."""
    signs = np.sign(graph.matrix())
    ties = np.abs(signs)
    signed, all_of_them = ((m @ m * m).sum() / 6 for m in (signs, ties))
    return float((signed + all_of_them) / (2 * all_of_them)) if all_of_them else None


def walk_index(graph: SignedGraph) -> float | None:
    """tr(e^A) / tr(e^|A|) of the signed adjacency matrix A, in (0, 1]; None without nodes."""
    if not graph.nodes:
        return None
    signs = np.sign(graph.matrix())
    signed, unsigned = np.linalg.eigvalsh(signs), np.linalg.eigvalsh(np.abs(signs))
    # No eigenvalue of A exceeds the largest of |A|; taking it out keeps e^λ from overflowing.
    largest = unsigned[-1]
    return float(min(1.0, np.exp(signed - largest).sum() / np.exp(unsigned - largest).sum()))


def shuffled(graph: SignedGraph, rng: np.random.Generator) -> SignedGraph:
    """The same ties with their signs dealt anew: degrees and the number of enemies stay."""
    return SignedGraph(graph.nodes, graph.first, graph.second, rng.permutation(graph.weights))


@dataclass(frozen=True, eq=False)
class Null:
    """A statistic against graphs with the same ties and shuffled signs.

    ``percentile`` is the percentage of draws below the observed value, ties counting half;
    ``z`` the distance from the draws' mean in their standard deviations, None if they do not vary.
    """

    observed: float
    draws: Array
    percentile: float
    z: float | None
    seed: int


def null_distribution(
    graph: SignedGraph,
    statistic: Callable[[SignedGraph], float | None],
    *,
    draws: int = 200,
    seed: int = 0,
) -> Null | None:
    """Where a graph stands among random signs on the same ties.

    Parameters
    ----------
    statistic : such as ``triangle_index`` or ``walk_index``; must not depend on chance.
    draws : at least 1. Each draw has its own child of the seed, so any of them can be redone.

    Returns
    -------
    The comparison; None where the statistic is undefined for the graph.

    Raises
    ------
    ModelError : fewer than one draw.
    """
    if draws < 1:
        raise ModelError(f"{draws} draws make no distribution.")
    observed = statistic(graph)
    if observed is None:
        return None
    children = np.random.SeedSequence(seed).spawn(draws)
    drawn = [statistic(shuffled(graph, np.random.default_rng(child))) for child in children]
    values = np.array([np.nan if v is None else v for v in drawn])
    spread = float(values.std(ddof=1)) if draws > 1 else 0.0
    return Null(
        observed=float(observed),
        draws=values,
        percentile=100 * float(((values < observed) + (values == observed) / 2).mean()),
        z=float((observed - values.mean()) / spread) if spread > 0 else None,
        seed=seed,
    )
