"""The components of the threat as the record has them, against slow reading of the same tables."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from counterpoise import record, states
from counterpoise.errors import CoverageError, UnknownNameError
from counterpoise.measures import presence
from counterpoise.measures.threat import COMBINATIONS
from counterpoise.measures.threats import COMPONENTS, Matrices, threats

GERMANY, POLAND, AUSTRIA, USA, CUBA, USSR, CHINA = 255, 290, 305, 2, 40, 365, 710


def value(found: Matrices, name: str, threatener: int, state: int) -> float:
    return float(found.component(name)[found.place(threatener), found.place(state)])


def slow_disputes(one: int, two: int, year: int) -> int:
    serious = set()
    frame = record.table("dispute_dyads").select(
        "dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2"
    )
    for number, a, b, when, h1, h2 in frame.iter_rows():
        if (a, b) == (one, two) and year - 9 <= when <= year and max(h1, h2) >= 3:
            serious.add(number)
    return len(serious)


def slow_victims(one: int, two: int, year: int) -> int:
    alive = states.system(year)
    struck = set()
    frame = record.table("dispute_dyads").select("ccode1", "ccode2", "year", "hiact1")
    for a, b, when, action in frame.iter_rows():
        if a == one and b != two and year - 4 <= when <= year and action in (14, 20, 21):
            struck |= {b} & set(alive)
    return len(struck)


PAIRS = [
    (GERMANY, POLAND, 1939),
    (USSR, 310, 1957),
    (USA, 645, 2003),
    (710, 816, 1980),
    (652, 666, 1968),
    (200, 160, 1983),
]


@pytest.mark.parametrize(("one", "two", "year"), PAIRS)
def test_intentions_equal_slow_counting(one: int, two: int, year: int) -> None:
    found = threats(year)
    assert value(found, "disputes", one, two) == slow_disputes(one, two, year - 1)
    assert value(found, "victims", one, two) == slow_victims(one, two, year - 1)
    assert value(found, "victims", two, one) == slow_victims(two, one, year - 1)


@pytest.mark.parametrize("year", [1850, 1914, 1950, 1991, 2006])
def test_symmetric_components(year: int) -> None:
    found = threats(year)
    for name in ("distance_km", "capital_km", "rival", "disputes", "both_democracies"):
        matrix = found.component(name)
        np.testing.assert_array_equal(matrix, matrix.T, err_msg=name)


def test_data_are_of_the_year_before() -> None:
    """Austria fell in 1938: it is among Germany's victims of 1939 and not among its neighbours."""
    found = threats(1939)
    assert AUSTRIA not in found.ccodes
    assert value(found, "victims", GERMANY, POLAND) == 1
    cinc = record.table("nmc").filter(ccode=GERMANY, year=1938)["cinc"].item()
    assert value(found, "power", GERMANY, POLAND) == cinc
    assert value(found, "own_power", POLAND, GERMANY) == cinc


def test_matrices_hold_the_states_of_the_year_in_order() -> None:
    found = threats(2006)
    assert list(found.ccodes) == states.system(2006)
    for name in (*COMPONENTS, *COMBINATIONS):
        matrix = found.component(name) if name in COMPONENTS else found.combination(name)
        assert matrix.shape == (193, 193)
        assert np.isnan(matrix.diagonal()).all(), name


def test_distance_before_1886_is_stood_in_for() -> None:
    found = threats(1870)
    number = len(found.ccodes)
    assert found.is_approximate.sum() == number * (number - 1)
    touching = value(found, "distance_km", GERMANY, 220)
    assert touching == 0, "Germany and France share a border"
    channel = value(found, "distance_km", 200, 220)
    assert channel == pytest.approx(24 * 1.852), "contiguous across at most 24 miles of water"
    far = value(found, "distance_km", USA, 220)
    assert far == value(found, "capital_km", USA, 220)
    assert far == pytest.approx(6180, rel=0.01)


def test_distance_since_1886_is_as_coded() -> None:
    found = threats(2006)
    assert not found.is_approximate.any()
    assert value(found, "distance_km", USA, USSR) == pytest.approx(79.98, abs=0.01)


def test_new_states_have_no_border_distance_yet() -> None:
    """Borders are those of 1 January: the Germany that was united in October 1990 is not there."""
    found = threats(1991)
    pair = found.place(GERMANY), found.place(POLAND)
    assert found.is_approximate[pair]
    assert found.component("distance_km")[pair] == 0, "contiguous by land"


def test_forward_forces_bring_a_state_nearer() -> None:
    found = threats(2006)
    assert value(found, "forward_km", USA, 703) == 0, "Manas"
    assert value(found, "distance_km", USA, 703) > 6000
    held = presence.hosts(USA, dt.date(2005, 12, 31), 100).codes
    china = min(
        value(found, "distance_km", h, CHINA) for h in held if h in found.ccodes and h != CHINA
    )
    assert value(found, "forward_km", USA, CHINA) == min(
        china, value(found, "distance_km", USA, CHINA)
    )
    nearer = found.component("forward_km") <= found.component("distance_km")
    assert nearer[~np.isnan(found.component("distance_km"))].all()


def test_which_lists_of_forces_are_complete() -> None:
    found, before = threats(2006), threats(1940)
    assert found.forces_complete[found.place(USA)]
    assert found.forces_complete.sum() == 1
    assert not before.forces_complete.any()


def test_nuclear_weapons() -> None:
    found = threats(2006)
    armed = set(np.array(found.ccodes)[found.found.nuclear[0] == 1].tolist())
    assert armed == {2, 200, 220, 365, 666, 710, 750, 770}
    assert (threats(1945).found.nuclear == 0).all(), "zero by fact"
    assert value(threats(1946), "nuclear", USSR, USA) == 1


def test_a_pair_with_one_autocracy_is_known_not_to_be_democratic() -> None:
    """The Bahamas are not scored: with China the answer is no, with the United States unknown."""
    found = threats(2006)
    assert value(found, "both_democracies", CHINA, 31) == 0
    assert np.isnan(value(found, "both_democracies", USA, 31))
    assert value(found, "both_democracies", USA, 220) == 1
    assert found.why(USA, 31)["both_democracies"] == (
        "no figure for United States of America and Bahamas in 2005"
    )


def test_shares_of_weapons_add_up_over_their_classes() -> None:
    from counterpoise.measures.threat_facts import OFFENSIVE

    found = threats(1986)
    share = found.found.equipment[:, 0]
    frame = record.table("equipment").filter(year=1985)
    whole = [
        frame.filter(ccode=USSR)[c].item() / frame[c].sum() for c in OFFENSIVE if frame[c].sum()
    ]
    assert share[found.place(USSR)] == pytest.approx(np.mean(whole))
    assert 0.9 < np.nansum(share) < 1.1


@pytest.mark.parametrize(
    ("year", "component", "reason"),
    [
        (1816, "power", "covers 1816 to 2022, not 1815"),
        (1816, "disputes", "the window begins 1806"),
        (1819, "victims", "the window begins 1814"),
        (2016, "disputes", "covers 1816 to 2014, not 2015"),
        (1969, "equipment", "covers 1970 to 2014, not 1968"),
    ],
)
def test_silence_has_a_reason(year: int, component: str, reason: str) -> None:
    found = threats(year)
    one, two = found.ccodes[:2]
    assert np.isnan(found.component(component)).all()
    assert reason in found.why(one, two)[component]


def test_windows_known_from_their_first_full_year() -> None:
    assert np.isnan(threats(1825).component("disputes")).all()
    assert not np.isnan(threats(1826).combination("capability_ratio")).all()
    assert "disputes" not in threats(1826).silent


def test_extension_carries_disputes_forward_and_says_so() -> None:
    plain, carried = threats(2018), threats(2018, extend=True)
    assert np.isnan(plain.combination("survival")).all()
    assert plain.extended == {}
    assert carried.extended["dispute_dyads"] == "2014 carried forward to 2017"
    assert "contiguity" not in carried.extended, "no distance needed it"
    both = value(carried, "disputes", USA, USSR)
    assert both == slow_disputes(USA, USSR, 2014)


@pytest.mark.parametrize("metric", ["cinc", "milex", "gdp", "net"])
def test_any_metric_of_power(metric: str) -> None:
    from counterpoise.measures import power

    found = threats(2006, metric)
    share = power.shares(metric, 2005)
    assert value(found, "power", USA, CUBA) == share[USA]
    assert math.isclose(value(found, "own_power", USA, CUBA), share[CUBA])


def test_wrong_questions() -> None:
    with pytest.raises(UnknownNameError, match="metric"):
        threats(2006, "luck")
    with pytest.raises(UnknownNameError, match="combination"):
        threats(2006).combination("fear")
    with pytest.raises(UnknownNameError, match="component"):
        threats(2006).component("fear")
    with pytest.raises(CoverageError, match="1816"):
        threats(1700)
    with pytest.raises(CoverageError, match="not in the state system in 2006"):
        threats(2006).why(USA, 300)


def test_distances_between_capitals_as_peacesciencer_has_them() -> None:
    """Washington to Havana, 1950: haversine on a sphere of 6,378.137 km."""
    found = threats(1951)
    frame = record.table("capitals").filter(pl.col("ccode").is_in([USA, CUBA]))
    (a1, o1), (a2, o2) = (
        (math.radians(a), math.radians(o))
        for a, o in frame.group_by("ccode", maintain_order=True)
        .first()
        .select("latitude_deg", "longitude_deg")
        .iter_rows()
    )
    half = math.sin((a2 - a1) / 2) ** 2 + math.cos(a1) * math.cos(a2) * math.sin((o2 - o1) / 2) ** 2
    expected = 2 * 6378.137 * math.asin(math.sqrt(half))
    assert value(found, "capital_km", USA, CUBA) == pytest.approx(expected)
