"""Published claims as rates: the arithmetic by hand, and what this record says of them."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.assessment.explanations import outcome, published
from counterpoise.assessment.explanations.published import _Claim, _Targets
from counterpoise.assessment.explanations.specification import STANDARD
from counterpoise.assessment.explanations.units import units


def test_rates_and_their_difference_by_hand():
    n = 40
    table = _Targets(
        target=np.full(n, 200),
        start=np.full(n, 1821),
        spell=np.repeat(np.arange(20), 2),
        aimed=np.zeros(n, dtype=bool),
        by_powers=np.zeros(n, dtype=bool),
        alongside=np.zeros(n),
    )
    condition = np.tile([True, False], 20)
    value = condition & (np.arange(n) < 30)
    claim = _Claim("x", "y", "z", 1, (1821, 1825))
    found = published._rates(claim, table, value, condition, np.ones(n, dtype=bool))
    assert (found.rate_with, found.rate_without) == (0.75, 0.0)
    assert found.interval[0] > 0.5
    assert found.agrees is True
    other = published._rates(claim, table, ~value & condition, ~condition, np.ones(n, dtype=bool))
    assert other.agrees is False


@pytest.fixture(scope="module")
def rows():
    return published.claims(units(STANDARD), STANDARD)


def test_every_claim_is_put_under_several_readings(rows):
    readings = {(r.claim, r.reading, r.years) for r in rows}
    assert len(readings) == len(rows) == 17
    for row in rows:
        assert row.difference == pytest.approx(row.rate_with - row.rate_without)
        assert row.interval[0] <= row.difference <= row.interval[1]


def test_a_third_is_counted_among_european_great_powers_to_1945(rows):
    land = [r for r in rows if "third" in r.claim]
    assert all(r.years[1] == 1945 for r in land)
    assert all(0 < r.with_condition < r.without_condition for r in land)


def test_nobody_built_up_against_the_united_states():
    found = published.build_up(STANDARD)
    assert found.new_pacts == 0
    assert {e.ccode for e in found.efforts} == outcome.targets(2003, "majors") - {2}
    china = next(e for e in found.efforts if e.ccode == 710)
    assert china.growth > china.target_growth
    assert china.burden_change < 0
    assert found.outgrew_target == 1
    assert found.agrees is True


def test_pacts_alongside_a_power_are_its_own_new_ones():
    # The United States with Portugal 1944, the Americas 1945, 1947 and 1948, NATO 1949.
    assert published._alongside(2, 1946, 5) >= 3
    assert published._alongside(2, 1921, 5) == 0
