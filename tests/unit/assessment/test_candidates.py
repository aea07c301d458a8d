"""Candidates: members as everywhere, nothing left out, none twice."""

from __future__ import annotations

import collections
import datetime as dt

import numpy as np

from counterpoise import blocs, record
from counterpoise.assessment import clusters, sweep
from counterpoise.assessment.candidates import Candidate, distinct, of_years
from counterpoise.assessment.question import ask


def test_members_are_those_of_the_blocs() -> None:
    listed = list(of_years(1816, 2018))
    rng = np.random.default_rng(1)
    for place in rng.choice(len(listed), 250, replace=False):
        one = listed[place]
        bloc = blocs.bloc(one.key, one.year)
        assert (bloc.members, bloc.day) == (one.members, one.day), (one.key, one.year)


def test_each_kind_is_there_and_each_bloc_once_a_year() -> None:
    listed = list(of_years(2000, 2003))
    assert {c.kind for c in listed} == {"roster", "alliance", "organisation", "informal"}
    counts = collections.Counter((c.key, c.year) for c in listed)
    assert max(counts.values()) == 1
    assert {c.year for c in listed if c.key == "SCO"} == {2001, 2002, 2003}


def test_our_rosters_stand_for_the_organisations_that_they_follow() -> None:
    keys = {c.key for c in of_years(1990, 1990)}
    followed = {f"igo:{igo}" for igo in record.coded("blocs")["igo"].drop_nulls()}
    assert "NATO" in keys
    assert not keys & followed


def test_a_bloc_that_ends_within_a_year_is_read_on_its_last_day() -> None:
    ended = next(c for c in of_years(1991, 1991) if c.key == "Warsaw Pact")
    assert ended.day == dt.date(1991, 7, 1)
    assert 365 in ended.members


def test_of_several_with_the_same_members_the_firmest_names_the_rest() -> None:
    day = dt.date(2000, 12, 31)

    def made(key: str, kind: str, members: tuple[int, ...]) -> Candidate:
        return Candidate(key, key, kind, 2000, day, members)

    found = distinct(
        [
            made("cluster:1", "cluster", (2, 20)),
            made("igo:b", "organisation", (2, 20)),
            made("atop:1", "alliance", (2, 20)),
            made("igo:a", "organisation", (2, 70)),
        ]
    )
    assert [(c.key, c.also) for c in found] == [("atop:1", ("igo:b", "cluster:1")), ("igo:a", ())]


def test_clusters_leave_the_target_out_and_find_the_known_blocs() -> None:
    seen = sweep.view_of(ask("NATO", "Russia", 1985))
    found = list(clusters.of_view(seen, seed=1))
    assert all(365 not in c.members for _, c in found)
    western = {2, 20, 200, 210, 220, 260, 325}
    pacts = [set(c.members) for label, c in found if label.startswith("pacts")]
    votes = [set(c.members) for label, c in found if label.startswith("votes")]
    assert any(len(western & c) >= 5 for c in pacts)
    assert any(western <= c for c in votes)
    hubs = {label: set(c.members) for label, c in found if label.startswith("hub")}
    assert {2, 200, 220, 740} <= hubs["hub 2"]


def test_votes_alike_are_a_cosine_about_the_mean_of_each_roll_call() -> None:
    codes = (2, 200, 290, 315)
    found = clusters.voted_alike(codes, 1970)
    assert np.allclose(np.diag(found), 1.0)
    assert (found >= 0).all()
    assert np.allclose(found, found.T)
    assert found[0, 1] > found[0, 2]
    assert found[2, 3] > 0.9
    assert clusters.voted_alike(codes, 1900) is None


def test_a_cluster_keeps_its_key_while_it_stays_much_the_same() -> None:
    def made(year: int, members: tuple[int, ...]) -> tuple[str, Candidate]:
        return "pacts 1", Candidate("", "c", "cluster", year, dt.date(year, 12, 31), members)

    found = clusters.followed(
        [
            made(1950, (2, 20, 200)),
            made(1950, (365, 290)),
            made(1951, (2, 20, 200, 220)),
            made(1951, (365, 710)),
            made(1953, (2, 20, 200, 220)),
        ]
    )
    keys = {(c.year, c.members): c.key for c in found}
    assert keys[1951, (2, 20, 200, 220)] == keys[1950, (2, 20, 200)]
    assert keys[1951, (365, 710)] != keys[1950, (365, 290)]
    assert keys[1953, (2, 20, 200, 220)] != keys[1951, (2, 20, 200, 220)]
