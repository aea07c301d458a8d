"""The coded conquests beside the threat that went before them."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise import record, states
from counterpoise.assessment.conquests import OUTCOMES, conquests
from counterpoise.assessment.rare_events import cuts, ranking
from counterpoise.errors import UnknownNameError
from counterpoise.measures.survival import survival


def test_list_holds_states_that_existed() -> None:
    listed = record.coded("conquests")
    assert listed.height >= 36
    for row in listed.iter_rows(named=True):
        assert {row["attacker"], row["victim"]} <= set(states.system(row["year"])), row
        assert row["outcome"] in OUTCOMES


def test_checked_rows_show_in_the_disputes_or_wars() -> None:
    seen = set()
    disputes = record.table("dispute_dyads").select("ccode1", "ccode2", "year", "hiact1")
    seen |= {(y, a, b) for a, b, y, action in disputes.iter_rows() if action >= 14}
    seen |= set(record.table("wars").select("year", "ccode1", "ccode2").iter_rows())
    rows = record.coded("conquests").select("year", "attacker", "victim", "checked").iter_rows()
    for year, attacker, victim, checked in rows:
        assert checked == ((year, attacker, victim) in seen), (year, attacker, victim)


def test_events_have_the_scores_of_their_pairs() -> None:
    found = conquests()
    (poland,) = survival(255, [290], 1939)
    (kuwait,) = survival(645, [690], 1990)
    for expected, year in ((poland, 1939), (kuwait, 1990)):
        assert expected.survival in found.events[found.event_years == year]


def test_published_area_lies_inside_our_interval() -> None:
    """The definition was published with .87 on 36 conquests of another list."""
    ranked = ranking(conquests(), np.random.default_rng(20), draws=1000)
    assert ranked.pooled.low < 0.87 < ranked.pooled.high
    assert ranked.pooled.estimate > 0.85
    assert ranked.within_year.estimate > 0.85


def test_two_thirds_caught_lies_inside_our_interval() -> None:
    (cut,) = cuts(conquests(), [0.25], np.random.default_rng(20), draws=1000)
    assert cut.recall.low < 2 / 3 < cut.recall.high
    assert cut.precision < 0.01, "fewer than one flagged pair in a hundred is conquered"


def test_outcomes_that_do_not_count_are_no_peace_either() -> None:
    some, every = conquests(), conquests(outcomes=OUTCOMES)
    total = sum(len(o) for o in some.others), sum(len(o) for o in every.others)
    assert total[0] == total[1]
    assert len(every.events) > len(some.events)
    checked = conquests(checked_only=True)
    assert len(checked.events) < len(some.events)


def test_unknown_outcome() -> None:
    with pytest.raises(UnknownNameError, match="repelled"):
        conquests(outcomes=("annexed",))
