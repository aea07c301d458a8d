"""Which new pacts are aimed at whom: known ones by name, and the rules by their parts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from counterpoise.assessment.explanations import base, outcome
from counterpoise.assessment.explanations.specification import STANDARD, Specification

USA, BRITAIN, FRANCE, GERMANY, RUSSIA, CHINA = 2, 200, 220, 255, 365, 710


def aimed(specification: Specification = STANDARD):
    found = outcome.events(specification)
    return {
        (p.pact, p.target) for p in found if p.counts(specification.outcome, specification.wartime)
    }


@pytest.mark.parametrize(
    ("pact", "target", "why"),
    [
        ("atop:1335", RUSSIA, "Dual Alliance 1879"),
        ("atop:1385", GERMANY, "France and Russia 1893"),
        ("atop:2025", GERMANY, "Britain, France, Italy and Russia 1915"),
        ("atop:3180", RUSSIA, "NATO 1949"),
        ("atop:3285", USA, "Warsaw Pact 1955"),
        ("atop:3445", USA, "China and North Korea 1961"),
    ],
)
def test_coalitions_that_historians_name_are_aimed(pact, target, why):
    assert (pact, target) in aimed(), why


@pytest.mark.parametrize(
    ("pact", "target", "why"),
    [
        ("atop:3180", CHINA, "NATO's lesser founders had no quarrel with China, no power in 1949"),
        ("atop:4810", USA, "Shanghai: no duty to fight among those hostile to it"),
        ("atop:3150", RUSSIA, "the Americas had no quarrel with Russia of their own"),
    ],
)
def test_other_pacts_are_not(pact, target, why):
    assert (pact, target) not in aimed(), why


def test_a_pact_with_the_target_in_it_is_never_aimed_at_it():
    assert all(p.target not in p.founders for p in outcome.events(STANDARD))


def test_none_is_aimed_at_the_united_states_since_1990():
    assert not [
        p
        for p in outcome.events(STANDARD)
        if p.target == USA and p.signed >= 1990 and p.counts("directed")
    ]


def test_every_narrower_outcome_is_part_of_the_wider():
    wide = aimed()
    for outcome_ in ("named", "strong"):
        assert aimed(replace(STANDARD, outcome=outcome_)) < wide
    peace = aimed(replace(STANDARD, wartime="left out"))
    assert peace < wide
    assert not {p.pact for p in outcome.events(STANDARD) if p.is_wartime} & {p for p, _ in peace}


def test_a_pact_that_names_its_target_counts_although_direction_is_unknown():
    named = [p for p in outcome.events(STANDARD) if p.names_target and p.is_directed is None]
    assert named
    assert all(p.counts("directed") is True for p in named)


def test_strength_unknown_leaves_the_narrow_outcome_unknown():
    pact = next(p for p in outcome.events(STANDARD) if p.is_directed and p.is_strong)
    assert replace(pact, is_strong=None).counts("strong") is None
    assert replace(pact, is_strong=False).counts("strong") is False
    assert replace(pact, is_directed=None, names_target=False).counts("strong") is None


def test_powers_are_those_of_the_day_and_go_on_after_the_list_ends():
    assert FRANCE in outcome.targets(1940, "majors")
    assert not [
        p for p in outcome.events(STANDARD) if p.target == FRANCE and 1941 <= p.signed < 1945
    ]
    assert outcome.targets(2018, "majors") == outcome.targets(2016, "majors")
    assert outcome.targets(1900, "leaders") >= {USA}


def test_reigns_cover_each_metric_without_a_gap():
    rows = base.reigns()
    for metric in {r.metric for r in rows}:
        own = [r for r in rows if r.metric == metric]
        assert all(a.last + 1 == b.first for a, b in pairwise(own))
        assert all(a.ccode != b.ccode for a, b in pairwise(own))
    net = {r.ccode for r in rows if r.metric == "net" and r.last - r.first > 5}
    assert net == {USA, BRITAIN}


def test_spans_of_silence_by_hand(monkeypatch):
    # One power from 1900 to 1909, one pact in 1904: spans of 3 years begin in 1900–1907.
    monkeypatch.setattr(base, "_tenures", lambda kind, end: [(USA, 1900, 1909)])
    one = next(p for p in outcome.events(STANDARD) if p.counts("directed"))
    found = base.against_powers([replace(one, target=USA, signed=1904)], STANDARD, 3, 1909)
    assert (found.spans, found.silent) == (8, 5)
    assert found.share.estimate == pytest.approx(5 / 8)
    assert base.against_powers([], STANDARD, 11, 1909).share is None
