"""The signed network of a year: friends, enemies, the rule, the edges of the record."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures.signed_network import SignedNetwork, TieRule, signed_network


def sign(network: SignedNetwork, one: str, two: str) -> float:
    nodes = network.graph.nodes
    return float(network.graph.matrix()[nodes.index(one), nodes.index(two)])


@pytest.fixture(scope="module")
def cold_war() -> SignedNetwork:
    return signed_network(1985)


def test_friends_and_enemies(cold_war: SignedNetwork) -> None:
    assert sign(cold_war, "USA", "UKG") == 1
    assert sign(cold_war, "RUS", "POL") == 1
    assert sign(cold_war, "USA", "RUS") == -1
    assert sign(cold_war, "IRN", "IRQ") == -1
    assert sign(cold_war, "USA", "POL") == 0


def test_what_they_did_outweighs_what_they_signed(cold_war: SignedNetwork) -> None:
    assert ("GRC", "TUR") in cold_war.torn
    assert sign(cold_war, "GRC", "TUR") == -1


def test_states_without_ties_are_counted_apart(cold_war: SignedNetwork) -> None:
    from counterpoise import states

    assert len(cold_war.graph.nodes) + cold_war.alone == len(states.system(1985))
    assert (np.abs(cold_war.graph.matrix()).sum(axis=1) > 0).all()
    assert len(cold_war.ccodes) == len(cold_war.graph.nodes)


def test_rules_nest() -> None:
    narrow = signed_network(1985, TieRule(window=1, hostility=5, rivalries=False))
    wide = signed_network(1985, TieRule(window=10, hostility=3))
    count = [int((n.graph.weights < 0).sum()) for n in (narrow, signed_network(1985), wide)]
    assert count == sorted(count)
    assert count[0] < count[2]
    friends = [
        int((signed_network(1985, TieRule(consultation=c)).graph.weights > 0).sum())
        for c in (False, True)
    ]
    assert friends[0] < friends[1]


def test_beyond_the_record() -> None:
    late = signed_network(2017)
    assert set(late.missing) == {"disputes"}
    with pytest.raises(CoverageError, match="Friends are unknown"):
        signed_network(2020)
    carried = signed_network(2020, extend=True)
    assert "2018 carried forward" in carried.extended["atop_dyads"]
    with pytest.raises(CoverageError, match="Enemies are unknown"):
        signed_network(2017, TieRule(rivalries=False))


@pytest.mark.parametrize("arguments", [{"window": 0}, {"hostility": 6}, {"hostility": 1}])
def test_wrong_rules(arguments: dict[str, int]) -> None:
    with pytest.raises(QuestionError):
        TieRule(**arguments)
