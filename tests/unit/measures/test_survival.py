"""The share of members in danger: who is left out, what is unknown, whose weapons shelter."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.errors import QuestionError
from counterpoise.measures.survival import percentile, survival, survival_share
from counterpoise.measures.threats import threats

SCO = (710, 365, 705, 703, 702, 704)
NATO_1960 = (2, 20, 200, 210, 211, 212, 220, 235, 260, 325, 350, 385, 390, 395, 640)
USA, USSR, POLAND, BAHAMAS, GERMANY = 2, 365, 290, 31, 255


def test_percentile_counts_ties_half() -> None:
    known = np.array([0.0, 0.0, 0.0, 1.0])
    assert percentile(known, 0.0) == 37.5
    assert percentile(known, 1.0) == 87.5
    assert percentile(known, 0.5) == 75.0


def test_percentile_is_among_all_pairs_of_the_year() -> None:
    (found,) = survival(GERMANY, [POLAND], 1939)
    values = threats(1939).combination("survival")
    known = values[~np.isnan(values)]
    below = (known < found.survival).sum() + (known == found.survival).sum() / 2
    assert found.percentile == pytest.approx(100 * below / known.size)
    assert found.percentile > 99.5


def test_the_strongest_member_is_left_out_and_still_listed() -> None:
    found = survival_share(NATO_1960, USSR, 1960)
    assert found.strongest == USA
    assert [m.ccode for m in found.members] == list(NATO_1960)
    above = [m.ccode for m in found.members if found.is_above(m)]
    assert above == [210, 211, 212, 235, 350, 385, 390, 395, 640]
    assert found.share == pytest.approx(9 / 14)


def test_strongest_by_the_metric_asked() -> None:
    assert survival_share(SCO, USA, 2000, "cinc").strongest == 710
    assert survival_share((USA, 710, 200), USSR, 2006, "cinc").strongest == 710
    assert survival_share((USA, 710, 200), USSR, 2006, "milex").strongest == USA


def test_cut_is_a_setting() -> None:
    assert survival_share(SCO, USA, 2006).share == 0
    assert survival_share(SCO, USA, 2006, cut=0.15).share == pytest.approx(1 / 5)


def test_order_of_members_does_not_matter() -> None:
    one = survival_share(NATO_1960, USSR, 1960)
    two = survival_share(NATO_1960[::-1], USSR, 1960)
    assert (one.share, one.strongest) == (two.share, two.strongest)
    assert one.members == two.members[::-1]


def test_unknown_member_leaves_the_share_open() -> None:
    """Whether the Bahamas are a democracy is not scored, so neither is the threat from the US."""
    found = survival_share((703, 702, BAHAMAS, 710), USA, 2006)
    assert found.share is None
    assert found.bounds == (0, pytest.approx(1 / 3))
    assert "Bahamas" in str(found.reason)


def test_beyond_the_disputes_the_share_is_unknown() -> None:
    found = survival_share(SCO, USA, 2018)
    assert found.share is None
    assert found.bounds == (0, 1)
    assert "covers 1816 to 2014" in str(found.reason)
    assert found.extended == {}
    carried = survival_share(SCO, USA, 2018, extend=True)
    assert carried.share == 0
    assert carried.extended["dispute_dyads"] == "2014 carried forward to 2017"


def test_states_outside_the_system() -> None:
    gone, there = survival(USSR, [305, POLAND], 1939)
    assert gone.survival is None
    assert gone.reason == "it was not in the state system in 1939"
    assert there.survival is not None
    (nobody,) = survival(305, [POLAND], 1939)
    assert "threatening state" in str(nobody.reason)


def test_no_member_with_power() -> None:
    found = survival_share((703, 702), USA, 1816)
    assert (found.share, found.bounds, found.strongest) == (None, (0, 1), None)
    assert "power figure" in str(found.reason)


def test_whose_weapons_shelter() -> None:
    """Weapons of one's own, of allies outside the group, of any ally: each shelters more."""
    group = (260, 220, 210, 385)
    shares = {
        p: [m.survival for m in survival(USSR, group, 1986, protection=p)]
        for p in ("none", "own", "outside", "pacts")
    }
    none, own, outside, pacts = (np.array(s) for s in shares.values())
    assert own[1] == pytest.approx(0.05 * none[1]), "France has its own"
    np.testing.assert_array_equal(own[[0, 2, 3]], none[[0, 2, 3]])
    np.testing.assert_allclose(outside, 0.05 * none), "the United States is outside the group"
    np.testing.assert_allclose(pacts, 0.05 * none)
    alone = survival(USSR, (*group, USA, 200), 1986, protection="outside")
    assert alone[0].survival == none[0], "every nuclear ally is inside the group"


def test_pacts_that_the_record_does_not_hold() -> None:
    (found,) = survival(USSR, [POLAND], 2021, protection="pacts", extend=True)
    assert found.survival is None
    assert "pacts of 2020" in str(found.reason)


def test_unknown_protection() -> None:
    with pytest.raises(QuestionError, match="none"):
        survival(USSR, [POLAND], 1986, protection="luck")  # type: ignore[arg-type]
