"""Random signs that keep every node's friends and enemies in number."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from counterpoise.errors import ModelError
from counterpoise.models.sign_shuffles import dealt
from counterpoise.models.signed_graph import SignedGraph


def graph(n: int, seed: int, share: float = 0.3) -> SignedGraph:
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(n, k=1)
    kept = rng.random(first.size) < 0.6
    signs = np.where(rng.random(kept.sum()) < share, -1.0, 1.0)
    return SignedGraph(tuple(map(str, range(n))), first[kept], second[kept], signs)


def enemies(found: SignedGraph) -> list[int]:
    matrix = found.matrix()
    return (matrix < 0).sum(axis=1).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_degrees_and_ties_stay(seed: int) -> None:
    given = graph(14, seed)
    found = dealt(given, np.random.default_rng(seed))
    assert enemies(found) == enemies(given)
    assert np.array_equal(np.abs(found.matrix()), np.abs(given.matrix()))
    assert (found.weights != given.weights).any()


def test_same_seed_same_signs() -> None:
    given = graph(12, 1)
    one, two = (dealt(given, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one.weights, two.weights)


def test_every_choice_is_as_likely() -> None:
    # On the complete graph of six nodes the enmities of a six-cycle can be any two-regular graph:
    # sixty hexagons and ten pairs of triangles.
    nodes = tuple("abcdef")
    first, second = np.triu_indices(6, k=1)
    ring = {frozenset((k, (k + 1) % 6)) for k in range(6)}
    pairs = zip(first, second, strict=True)
    signs = np.array([-1.0 if frozenset(pair) in ring else 1.0 for pair in pairs])
    given = SignedGraph(nodes, first, second, signs)
    rng = np.random.default_rng(0)
    draws = 7_000
    seen = Counter(tuple(dealt(given, rng, 400).weights.tolist()) for _ in range(draws))
    assert len(seen) == 70
    expected = draws / 70
    chi_square = sum((count - expected) ** 2 / expected for count in seen.values())
    assert chi_square < 110  # the .999 quantile with 69 degrees of freedom


def test_too_few_enmities_change_nothing() -> None:
    given = SignedGraph(("a", "b", "c"), np.array([0, 0]), np.array([1, 2]), np.array([1.0, -1.0]))
    assert dealt(given, np.random.default_rng(0)) is given


def test_weights_other_than_signs() -> None:
    given = SignedGraph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    with pytest.raises(ModelError, match="1 or −1"):
        dealt(given, np.random.default_rng(0))
