"""The threat as arithmetic on arrays: ranges, what raises it, what is unknown."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.measures import threat
from counterpoise.measures.threat import COMBINATIONS, Components

shares = st.floats(1e-6, 0.5)
km = st.floats(0, 20_000)
flags = st.sampled_from([0.0, 1.0])
counts = st.integers(0, 30).map(float)


def pair(**known: float) -> Components:
    """One pair of states, with plain figures where none are given."""
    plain = {
        "power": 0.1,
        "own_power": 0.01,
        "distance_km": 0.0,
        "capital_km": 800.0,
        "forward_km": 0.0,
        "offence": 0.2,
        "equipment": 0.1,
        "rival": 1.0,
        "disputes": 1.0,
        "victims": 1.0,
        "nuclear": 0.0,
        "both_democracies": 0.0,
    } | known
    return Components(**{name: np.array([value]) for name, value in plain.items()})


drawn = st.builds(
    pair,
    power=shares,
    own_power=shares,
    distance_km=km,
    capital_km=km,
    forward_km=km,
    offence=shares,
    equipment=shares,
    rival=flags,
    disputes=counts,
    victims=counts,
    nuclear=flags,
    both_democracies=flags,
)


@given(drawn)
def test_combinations_stay_in_their_range(found: Components) -> None:
    for name, combine in COMBINATIONS.items():
        value = combine(found)[0]
        assert math.isfinite(value)
        if name != "loss_of_strength":
            assert 0 <= value <= 1, name


@given(drawn, st.floats(1.01, 3))
def test_more_power_or_nearness_never_lowers_the_threat(found: Components, times: float) -> None:
    for name in COMBINATIONS:
        base = COMBINATIONS[name](found)[0]
        stronger = replace(found, power=found.power * times)
        assert COMBINATIONS[name](stronger)[0] >= base - 1e-12, name
        farther = replace(
            found,
            distance_km=found.distance_km * times + 1,
            capital_km=found.capital_km * times,
            forward_km=found.forward_km * times + 1,
        )
        assert COMBINATIONS[name](farther)[0] <= base + 1e-9, name


@given(drawn)
def test_weapons_and_democracy_shelter_by_the_stated_factors(found: Components) -> None:
    bare = replace(found, nuclear=np.zeros(1), both_democracies=np.zeros(1))
    armed = replace(bare, nuclear=np.ones(1))
    both = replace(armed, both_democracies=np.ones(1))
    assert threat.survival(armed) == pytest.approx(0.05 * threat.survival(bare), rel=1e-12)
    assert threat.survival(both) == pytest.approx(0.015 * threat.survival(bare), rel=1e-12)


def test_survival_by_hand() -> None:
    found = pair(power=0.15422215, own_power=0.019572916, disputes=0, victims=1)
    cap = 0.15422215 / (0.15422215 + 0.019572916)
    hostile = 1 - 0.5 * (1 - 0.7 * (1 - math.exp(-1 / 1.5)))
    assert threat.survival(found)[0] == pytest.approx(cap**2 * hostile)


def test_reach_is_a_quarter_at_its_scale() -> None:
    assert threat.reach(np.array([0.0, 500.0])).tolist() == [1.0, 0.25]


def test_no_hostility_no_threat_to_survival() -> None:
    assert threat.survival(pair(rival=0, disputes=0, victims=0))[0] == 0


def test_discount_takes_nothing_at_e_days_of_travel() -> None:
    """Bueno de Mesquita's exponent log10(days + 10 − e) is 1 where days = e."""
    away = math.e * 375 * 1.609344
    found = replace(pair(distance_km=1.0, capital_km=away), miles_per_day=375.0)
    assert threat.discounted_ratio(found)[0] == pytest.approx(0.1 / 0.11)
    twice = replace(found, capital_km=np.array([away * 10]))
    expected = 0.1 ** math.log10(10 * math.e + 10 - math.e)
    assert threat.discounted_ratio(twice)[0] == pytest.approx(expected / (expected + 0.01))


def test_travel_quickens_after_each_world_war() -> None:
    years = (1816, 1918, 1919, 1945, 1946, 2018)
    assert [threat.miles_per_day(y) for y in years] == [250, 250, 375, 375, 500, 500]


def test_forward_forces_stand_in_for_borders() -> None:
    found = pair(distance_km=5000.0, forward_km=0.0)
    assert threat.survival_forward(found) == threat.survival(
        replace(found, distance_km=np.zeros(1))
    )


INTENT = "rival disputes victims"

NEEDS = {
    "survival": f"power own_power distance_km {INTENT} nuclear both_democracies",
    "survival_forward": f"power own_power forward_km {INTENT} nuclear both_democracies",
    "balance_of_power": "power",
    "capability_ratio": "power own_power",
    "discounted_ratio": "power own_power distance_km capital_km",
    "loss_of_strength": "power own_power distance_km",
    "geometric": f"power distance_km offence {INTENT}",
    "additive": f"power distance_km offence {INTENT}",
}
"""Components without which a combination is unknown."""


@pytest.mark.parametrize("name", COMBINATIONS)
def test_unknown_in_unknown_out(name: str) -> None:
    for part in (f.name for f in fields(Components) if f.name != "miles_per_day"):
        found = replace(pair(distance_km=10.0), **{part: np.array([np.nan])})
        is_unknown = bool(np.isnan(COMBINATIONS[name](found)[0]))
        assert is_unknown == (part in NEEDS[name].split()), part


def test_two_states_without_power_cannot_be_compared() -> None:
    nothing = pair(power=0.0, own_power=0.0)
    for name in ("survival", "capability_ratio", "loss_of_strength"):
        assert np.isnan(COMBINATIONS[name](nothing)[0])
