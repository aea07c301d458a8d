"""Counts of new pacts aimed at the leading state, against those published for this definition.

Published: 37 since 1816, of which 7 before 1900 and 12 in the 1940s, none since 1990; two leaders
ever by net resources. Source: the definitions that this package began from. Ours reads pacts from
ATOP 5.1 and finds two more.
"""

from __future__ import annotations

import pytest

from counterpoise.assessment.explanations import base
from counterpoise.assessment.explanations.specification import STANDARD

PUBLISHED = {"all": 37, "before 1900": 7, "1940s": 12, "since 1990": 0}


@pytest.fixture(scope="module")
def years():
    return sorted(year for _, year in base.aimed_at_leaders("net", STANDARD))


def test_pacts_against_the_leader_by_net_resources(years):
    found = {
        "all": len(years),
        "before 1900": sum(y < 1900 for y in years),
        "1940s": sum(1940 <= y < 1950 for y in years),
        "since 1990": sum(y >= 1990 for y in years),
    }
    assert found["1940s"] == PUBLISHED["1940s"]
    assert found["since 1990"] == PUBLISHED["since 1990"]
    assert 0 <= found["all"] - PUBLISHED["all"] <= 2
    assert 0 <= found["before 1900"] - PUBLISHED["before 1900"] <= 1


def test_two_states_ever_led_by_net_resources():
    assert {r.ccode for r in base.reigns() if r.metric == "net"} == {2, 200}
