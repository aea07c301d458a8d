"""Communities: modularity as published and as networkx has it, planted groups, determinism."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from counterpoise.assessment.communities import communities, modularity


def labels(found: list[list[int]], size: int) -> np.ndarray:
    label = np.full(size, -1)
    for k, nodes in enumerate(found):
        label[nodes] = k
    return label


def karate() -> np.ndarray:
    """Zachary's (1977) club without weights, as in Blondel et al. (2008)."""
    return nx.to_numpy_array(nx.karate_club_graph(), weight=None)


def test_the_karate_club_splits_as_published() -> None:
    """Blondel et al. (2008), table 1: modularity .42; the known maximum is .4198."""
    matrix = karate()
    best = max(
        modularity(matrix, labels(communities(matrix, np.random.default_rng(s)), 34))
        for s in range(5)
    )
    assert best == pytest.approx(0.4198, abs=0.0005)


@pytest.mark.parametrize("resolution", [1.0, 2.0])
def test_modularity_equals_networkx(resolution: float) -> None:
    graph = nx.les_miserables_graph()
    matrix = nx.to_numpy_array(graph)
    found = communities(matrix, np.random.default_rng(1), resolution)
    nodes = list(graph)
    named = [{nodes[i] for i in group} for group in found]
    expected = nx.community.modularity(graph, named, resolution=resolution)
    assert modularity(matrix, labels(found, len(nodes)), resolution) == pytest.approx(expected)


def test_planted_groups_are_found_at_both_resolutions() -> None:
    rng = np.random.default_rng(2)
    truth = np.repeat(np.arange(5), 12)
    chance = np.where(truth[:, None] == truth, 0.8, 0.03)
    upper = np.triu(rng.random((60, 60)) < chance, 1).astype(float)
    for resolution in (1.0, 1.5):
        found = communities(upper + upper.T, np.random.default_rng(3), resolution)
        assert sorted(map(tuple, found)) == [tuple(range(k * 12, k * 12 + 12)) for k in range(5)]


def test_every_node_is_in_one_community_and_the_lone_stay_alone() -> None:
    matrix = np.zeros((6, 6))
    matrix[0, 1] = matrix[1, 0] = 1.0
    matrix[2, 3] = matrix[3, 2] = 2.0
    found = communities(matrix, np.random.default_rng(1))
    assert found == [[0, 1], [2, 3], [4], [5]]
    assert communities(np.zeros((3, 3)), np.random.default_rng(1)) == [[0], [1], [2]]


def test_the_same_seed_gives_the_same_partition() -> None:
    matrix = karate()
    one, two = (communities(matrix, np.random.default_rng(9)) for _ in range(2))
    assert one == two


def test_no_single_move_improves_the_partition() -> None:
    matrix = nx.to_numpy_array(nx.les_miserables_graph())
    found = communities(matrix, np.random.default_rng(4))
    label = labels(found, len(matrix))
    best = modularity(matrix, label)
    # Louvain stops at the level of merged groups: whole communities cannot be joined to gain.
    for one in range(len(found)):
        for two in range(one):
            joined = np.where(label == one, two, label)
            assert modularity(matrix, joined) <= best + 1e-12
