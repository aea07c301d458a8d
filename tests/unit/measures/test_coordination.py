"""Residual coordination on the record: windows, clusters, matched groups, what is unknown."""

from __future__ import annotations

import math

import numpy as np
import pytest

from counterpoise import record
from counterpoise.measures import coordination
from counterpoise.models import coordination as model

NORDICS = (375, 380, 385, 390, 395)
USA, RUSSIA, CHINA = 2, 365, 710
YEAR, SIZE = 1950, 2
"""A window of sixty states, which is quick."""


def test_a_window_holds_five_years_and_counts_each_vote_once() -> None:
    met = coordination.assembly(YEAR)
    assert (met.first, met.last) == (1948, 1952)
    calls = record.table("un_roll_calls")
    inside = calls.filter(calls["year"].is_between(1948, 1952))
    alike = inside["repeats"].is_not_null().sum()
    assert met.left_out == alike > 0
    assert met.votes.votes.shape == (len(met.codes), inside.height - alike)
    assert set(np.unique(met.votes.votes)) == {-1, 0, 1, 2}


def test_paragraphs_and_yearly_repeats_are_one_cluster() -> None:
    met = coordination.assembly(YEAR)
    sizes = np.bincount(met.cluster)
    assert len(sizes) < met.votes.votes.shape[1] / 2
    assert sizes.max() > 10
    assert met.votes.weight.max() == 1
    assert met.votes.weight.sum() >= len(sizes)


def test_votes_without_a_subject_go_with_their_resolution() -> None:
    calls = record.table("un_roll_calls").filter(record.table("un_roll_calls")["year"] == 2020)
    found = coordination._with_cluster(calls)
    assert found["cluster"].null_count() == 0
    assert found["cluster"].n_unique() > 50


def test_the_edges_of_the_record_shorten_a_window() -> None:
    assert coordination.years(1946) == (1946, 1948)
    assert coordination.years(2021) == (2019, 2021)
    assert coordination.assembly(1900) is None
    assert coordination.residual_coordination(NORDICS, USA, 1900) is None


def test_major_powers_are_those_of_the_day() -> None:
    assert coordination.powers(1948) == (2, 200, 220, 365)
    assert coordination.powers(2006) == (2, 200, 220, 255, 365, 710, 740)


def test_caucuses_are_those_of_the_year() -> None:
    met = coordination.assembly(2006)
    nam, eu = (coordination.CAUCUSES.index((name,)) for name in ("nam", "eu"))
    members = met.codes[met.caucus[:, eu]]
    assert len(members) == 25
    assert not np.isin([USA, RUSSIA], members).any()
    assert 110 < met.caucus[:, nam].sum() < 120


def test_a_bloc_is_not_matched_on_being_itself() -> None:
    met = coordination.assembly(2006)
    eu = coordination.CAUCUSES.index(("eu",))
    kept = coordination._others(met.caucus, np.flatnonzero(met.caucus[:, eu]))
    assert not kept[eu]
    assert kept[coordination.CAUCUSES.index(("nato",))]


def test_a_group_stands_among_matched_groups_and_repeats() -> None:
    found = coordination.residual_coordination(NORDICS, RUSSIA, YEAR, size=SIZE, draws=60)
    again = coordination.residual_coordination(NORDICS[::-1], RUSSIA, YEAR, size=SIZE, draws=60)
    assert found == again
    assert (found.voting, found.members) == (4, 5), "Finland joined in 1955"
    assert 10 < found.clusters < found.rollcalls
    assert 0 < found.p <= 1
    assert 0 <= found.percentile <= 100
    assert found.interval[0] < found.residual < found.interval[1]
    assert found.excess == pytest.approx(found.residual - found.expected)
    other = coordination.residual_coordination(NORDICS, RUSSIA, YEAR, size=SIZE, draws=60, seed=2)
    assert other.residual == found.residual
    assert other.expected != found.expected


def test_matched_groups_lie_in_the_members_region_and_leave_out_the_target() -> None:
    met = coordination.assembly(YEAR)
    seen = coordination.trial(YEAR, USA, SIZE)
    places = met.places(NORDICS)
    drawn = coordination.matched(met, seen, places, 50, np.random.default_rng(1), by_points=True)
    near = coordination.matched(met, seen, places, 50, np.random.default_rng(1), by_points=False)
    assert not (drawn == seen.target).any()
    assert np.isin(drawn, places).mean(axis=1).max() <= model.SHARED
    assert (met.region[drawn] == 1).mean() > 0.5
    assert (met.region[near] == 1).mean() > 0.9
    apart = [np.abs(seen.theta[g] - seen.theta[places]).mean() for g in (drawn, near)]
    assert apart[0] < apart[1]


def test_half_the_world_has_no_group_to_stand_beside() -> None:
    met = coordination.assembly(YEAR)
    many = [int(c) for c in met.codes if c != USA][: len(met.codes) // 2]
    found = coordination.residual_coordination(many, USA, YEAR, size=SIZE, draws=30)
    assert math.isfinite(found.residual)
    assert math.isnan(found.p)
    assert math.isnan(found.percentile)


def test_states_that_did_not_vote_make_no_group() -> None:
    assert coordination.residual_coordination((255, 260), USA, YEAR, size=SIZE) is None
    assert coordination.residual_coordination(NORDICS, 255, YEAR, size=SIZE) is None


def test_a_groups_number_is_that_of_its_members() -> None:
    assert coordination.group_hash([365, 710]) == coordination.group_hash((710, 365))
    assert coordination.group_hash([365, 710]) != coordination.group_hash([365, 711])
