"""The share of random groups that is hard stays below the bound that the verdict promises."""

from __future__ import annotations

import polars as pl
import pytest

from counterpoise.assessment.false_positives import FalsePositives, false_positives, recall
from counterpoise.assessment.groups import Likeness


@pytest.fixture(scope="module")
def found() -> FalsePositives:
    return false_positives(600, seed=3)


def test_at_most_two_in_a_hundred_groups_are_hard(found: FalsePositives) -> None:
    assert found.groups >= 600
    assert found.interval()[1] <= 0.02


def test_groups_come_from_all_years_and_kinds_of_target(found: FalsePositives) -> None:
    assert found.cells["year"].min() < 1900
    assert found.cells["year"].max() > 2010
    kinds = found.by("kind")
    assert kinds["kind"].to_list() == ["any", "leader", "major"]
    assert (kinds["known"] > 120).all()
    assert found.by("kind")["hard"].sum() == found.cells["hard"].sum()


def test_the_interval_holds_the_share_and_is_wider_than_nothing() -> None:
    cells = pl.DataFrame(
        {"kind": "any", "year": 1900, "size": 2, "known": [4] * 100, "hard": [4] * 10 + [0] * 90}
    )
    found = FalsePositives(cells, 0, 0, seed=1)
    low, high = found.interval()
    assert found.share == 0.1
    # Ten of a hundred independent cells: about .1 ± 1.96 √(.1 × .9 / 100).
    assert low == pytest.approx(0.041, abs=0.012)
    assert high == pytest.approx(0.159, abs=0.012)


def test_the_same_seed_gives_the_same_groups(found: FalsePositives) -> None:
    assert false_positives(600, seed=3).cells.equals(found.cells)


def test_groups_that_may_hold_the_strongest_are_hard_more_often() -> None:
    span = {"first": 1955, "last": 1988}
    strict = false_positives(700, seed=4, **span)
    loose = false_positives(700, seed=4, rules=Likeness(most_power=1.0), **span)
    assert loose.share > strict.share


def test_recall_counts_agreed_and_contested_cases() -> None:
    beside = recall()
    assert 0 < beside.agreed[0] <= beside.agreed[1] < beside.every[1]
    assert beside.agreed[0] / beside.agreed[1] > 0.7
