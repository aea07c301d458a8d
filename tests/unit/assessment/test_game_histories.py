"""Histories of the game beside the record."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.assessment.game_histories import (
    LAND,
    SEA,
    SETTLING_YEARS,
    histories,
    history,
    kind,
    rates,
    recorded,
)
from counterpoise.errors import QuestionError

UK, USA, RUSSIA = 200, 2, 365


def test_sea_powers() -> None:
    assert kind(UK, 1850) == SEA
    assert kind(USA, 1913) == LAND
    assert kind(USA, 1985) == SEA
    assert kind(RUSSIA, 1985) == LAND


def test_nobody_was_bound_against_britain_after_1875() -> None:
    ratio, reason = recorded(UK, 1875, 8)
    assert reason is None
    assert (ratio == 0).all()


def test_nato_was_bound_against_the_soviet_union() -> None:
    ratio, _ = recorded(RUSSIA, 1960, 5)
    assert (ratio > 1).all()


def test_after_the_record_is_unknown_not_zero() -> None:
    ratio, reason = recorded(USA, 2015, 8)
    assert reason is not None
    assert np.isnan(ratio[-1])


def test_the_same_seed_gives_the_same_history() -> None:
    one, two = (history("RUS", 1960, 8, 4, seed=3, workers=w) for w in (1, 2))
    assert one == two
    assert 0 <= one.simulated <= 1
    assert one.recorded == 1
    other = history("RUS", 1960, 8, 4, seed=4)
    assert other.coalition != one.coalition


def test_rates_keep_land_and_sea_apart() -> None:
    found = histories([1850, 1870], 7, 3, 2, seed=1)
    assert {(h.target, h.kind) for h in found} >= {("UKG", SEA)}
    by_kind = {rate.kind: rate for rate in rates(found)}
    land = [h for h in found if h.kind == LAND]
    assert by_kind[LAND].targets == len(land)
    assert by_kind[LAND].simulated.estimate == pytest.approx(np.mean([h.simulated for h in land]))
    assert by_kind[SEA].recorded.estimate == 0


@pytest.mark.parametrize(("years", "runs"), [(SETTLING_YEARS, 5), (10, 0)])
def test_errors(years: int, runs: int) -> None:
    with pytest.raises(QuestionError):
        history("RUS", 1960, years, runs)
