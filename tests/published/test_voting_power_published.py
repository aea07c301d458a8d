"""Voting power in bodies whose indices have long been printed.

- European Economic Community 1958: weights 4, 4, 4, 2, 2, 1, quota 12 of 17. Luxembourg decides
  nothing (Brams 1975, *Game Theory and Politics*).
- United Nations Security Council before 1966: five permanent members with a veto, seven votes of
  eleven; the permanent five hold 98.7% of the Shapley–Shubik index (Shapley & Shubik 1954).
- Essential states: the three- to five-state systems of Niou, Ordeshook & Rose (1989, *The Balance
  of Power*), resources first; the coalitions follow from their definition by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.models.voting_power import VotingGame, essential, minimal_winning, power_indices


def game(weights: list[float], quota: float | None = None) -> VotingGame:
    names = tuple(str(k + 1) for k in range(len(weights)))
    return VotingGame(names, np.array(weights, dtype=float), quota, is_strict=quota is None)


def test_european_economic_community() -> None:
    found = power_indices(game([4, 4, 4, 2, 2, 1], quota=12))
    assert found.shapley_shubik == pytest.approx([14 / 60] * 3 + [9 / 60] * 2 + [0])
    assert found.banzhaf == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0])
    assert found.swings == (10, 10, 10, 6, 6, 0)
    assert found.is_essential == (True,) * 5 + (False,)


def test_security_council() -> None:
    # A permanent member weighs more than all others can spare: 5 × 5 + 2 = 27 of 31.
    found = power_indices(game([5] * 5 + [1] * 6, quota=27))
    assert found.shapley_shubik[:5].sum() == pytest.approx(76 / 77)
    assert round(100 * found.shapley_shubik[:5].sum(), 1) == 98.7


@pytest.mark.parametrize(
    ("resources", "inessential", "swings", "minimal"),
    [
        ([120, 100, 80], [], (2, 2, 2), "12 13 23"),
        ([150, 100, 50], [], (3, 1, 1), "12 13"),
        ([151, 100, 49], [2, 3], (4, 0, 0), "1"),
        ([120, 60, 60, 60], [], (6, 2, 2, 2), "12 13 14 234"),
        ([90, 80, 70, 60], [], (5, 3, 3, 1), "12 13 234"),
        ([100, 99, 99, 2], [4], (4, 4, 4, 0), "12 13 23"),
        ([130, 90, 60, 15, 5], [], (9, 7, 7, 1, 1), "12 13 234 235"),
    ],
)
def test_essential_states(
    resources: list[float], inessential: list[int], swings: tuple[int, ...], minimal: str
) -> None:
    found = power_indices(game(resources))
    assert found.swings == swings
    expected = [k + 1 not in inessential for k in range(len(resources))]
    assert list(found.is_essential) == essential(resources) == expected
    assert [tuple(c) for c in minimal.split()] == minimal_winning(game(resources))
