"""What stands around a verdict: ties, forces, events, components of the threat, leaders."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

import counterpoise as cp
from counterpoise.assessment import events, forces, leading, threat_parts, ties

QUESTIONS = [
    ("SCO", "USA", 2006),
    ("NATO", "365", 1985),
    ("Warsaw Pact", "USA", 1985),
    ("CSTO", "USA", 2006),
    ("FRA,RUS", "DEU", 1907),
    ("RUS,CHN,IRN", "USA", 2010),
]


@pytest.fixture(params=QUESTIONS, ids=lambda q: f"{q[0]}-{q[2]}", scope="module")
def verdict(request: pytest.FixtureRequest) -> cp.Verdict:
    bloc, target, year = request.param
    return cp.assess(bloc, against=target, year=year)


def test_weights_of_bound_pairs_sum_to_the_bound_share(verdict: cp.Verdict) -> None:
    found = ties.ties(verdict.question)
    bind = verdict.hard.binding
    assert found is not None
    assert bind is not None
    bound = [t for t in found if t.bond == "bound"]
    assert sum(t.weight or 0 for t in found) == pytest.approx(1)
    assert sum(t.weight or 0 for t in bound) == pytest.approx(bind.bound_share)
    assert len(bound) == bind.bound_dyads
    assert {p for t in bound for p in t.pacts} == set(bind.pacts)
    core = next(t for t in found if {t.ccode1, t.ccode2} == set(bind.core or ()))
    assert (core.bond == "bound") is bind.core_bound


def test_components_give_the_threat_of_the_verdict(verdict: cp.Verdict) -> None:
    parts = {m.ccode: m for m in threat_parts.member_threats(verdict.question)}
    for member in verdict.threat.members:
        assert parts[member.ccode].survival == pytest.approx(member.survival)
    for part in parts.values():
        assert (part.survival is None) == bool({"rival", "disputes"} & set(part.why))


def test_forces_of_the_target_in_members_are_those_of_the_verdict(verdict: cp.Verdict) -> None:
    question = verdict.question
    hosts = {
        p.host
        for p in forces.postings(question)
        if p.owner == question.target.ccode and p.host in question.members
    }
    assert hosts == set(verdict.hard.activity.penetrated)


def test_events_lie_in_their_years_in_order_with_sources(verdict: cp.Verdict) -> None:
    year = verdict.question.year
    found = events.events(verdict.question, year - 10, year + 5)
    assert [e.date for e in found] == sorted(e.date for e in found)
    assert all(year - 10 <= e.date.year <= year + 5 and e.source for e in found)


def test_events_of_the_article() -> None:
    """The dates that the article's story turns on, from our own coded tables."""
    found = events.events(cp.assess("SCO", against="USA", year=2006).question, 2001, 2007)
    dated = {(e.date, e.kind) for e in found}
    assert (dt.date(2001, 6, 15), "membership") in dated
    assert (dt.date(2005, 11, 21), "forces") in dated
    assert (dt.date(2005, 7, 5), "membership") in dated
    assert any(e.kind == "exercise" and "Peace Mission 2005" in e.text for e in found)


def test_an_observer_that_becomes_a_member_does_not_leave() -> None:
    found = events.events(cp.assess("SCO", against="USA", year=2017).question, 2016, 2018)
    india = [e.text for e in found if e.text.startswith("India")]
    assert india == ["India becomes a member"]


def test_unions_are_drawn_with_their_parts_only_while_they_lasted() -> None:
    assert 369 in forces.drawn(365, 1985)
    assert 369 not in forces.drawn(365, 2006)
    assert forces.drawn(265, 1985) == ()
    assert forces.drawn(260, 1985) == (255,)


def test_capitals_move() -> None:
    bonn = forces.capital(260, dt.date(1985, 12, 31))
    assert bonn is not None
    assert bonn.latitude == pytest.approx(50.73, abs=0.1)
    assert forces.capital(9999, dt.date(1985, 12, 31)) is None


@pytest.mark.parametrize("year", [1816, 1914, 1985, 2006, 2020])
def test_leading_is_the_leader_of_each_year(year: int) -> None:
    rows = leading.leading().filter(pl.col("year") == year)
    found = {n: r for n, r in cp.leader(year).by_metric.items() if r is not None}
    assert dict(rows.select("metric", "ccode").iter_rows()) == {
        n: r.ccode for n, r in found.items()
    }
    for name, share in rows.select("metric", "share").iter_rows():
        assert share == pytest.approx(found[name].share)
