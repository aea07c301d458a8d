"""Ranking rare events: areas by brute force, precision by counting, cut-offs that wander."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from counterpoise.assessment.rare_events import (
    RareEvents,
    best_cuts,
    cuts,
    gather,
    ranking,
)
from counterpoise.errors import DataError

coarse = st.integers(0, 6).map(lambda k: k / 6)


def world(seed: int, events: int, shift: float, years: int = 40, pairs: int = 200) -> RareEvents:
    """Pairs with uniform scores; an event is a pair whose score is drawn from nearer to one."""
    rng = np.random.default_rng(seed)
    scores = {year: rng.random(pairs) for year in range(years)}
    listed = []
    for k in range(events):
        year, place = int(rng.integers(years)), k
        scores[year][place] = rng.random() ** (1 - shift)
        listed.append((year, place, f"campaign {k // 2}"))
    return gather(scores, listed)


@given(
    st.lists(coarse, min_size=3, max_size=20),
    st.lists(coarse, min_size=3, max_size=20),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_area_equals_brute_force(one: list[float], two: list[float], a: int, b: int) -> None:
    found = gather({1: np.array(one), 2: np.array(two)}, [(1, a, "x"), (2, b, "y")])
    ranked = ranking(found, np.random.default_rng(0), draws=10)
    label = np.zeros(len(one) + len(two))
    label[[a, len(one) + b]] = 1
    assert ranked.pooled.estimate == pytest.approx(roc_auc_score(label, one + two))
    own = []
    for scores, place in ((one, a), (two, b)):
        rest = [s for k, s in enumerate(scores) if k != place]
        own.append(np.mean([(scores[place] > s) + (scores[place] == s) / 2 for s in rest]))
    assert ranked.within_year.estimate == pytest.approx(np.mean(own))


def test_unknown_scores_are_left_out() -> None:
    scores = {1: np.array([0.9, np.nan, 0.1, 0.2]), 2: np.array([np.nan, 0.5])}
    found = gather(scores, [(1, 0, "x"), (2, 0, "y")])
    assert found.events.tolist() == [0.9]
    assert [o.tolist() for o in found.others] == [[0.1, 0.2], [0.5]]
    with pytest.raises(DataError, match="known score"):
        gather(scores, [(2, 0, "y")])


def test_cut_counts() -> None:
    scores = {1: np.array([0.9, 0.3, 0.1]), 2: np.array([0.2, 0.25, 0.8])}
    found = gather(scores, [(1, 0, "x"), (2, 0, "y")])
    (cut,) = cuts(found, [0.25], np.random.default_rng(0))
    assert (cut.caught, cut.recall.estimate) == (1, 0.5)
    assert cut.flagged_per_year == 2, "0.9 and 0.3; 0.25 and 0.8"
    assert cut.precision == 0.25


def test_events_of_one_campaign_are_drawn_together() -> None:
    """Twins tell no more than one: the interval must not shrink when each event is doubled."""
    base = world(3, 30, 0.6)
    twins = RareEvents(
        np.repeat(base.events, 2),
        np.repeat([f"c{k}" for k in range(30)], 2),
        np.repeat(base.event_years, 2),
        base.years,
        base.others,
    )
    single = RareEvents(
        base.events,
        np.array([f"c{k}" for k in range(30)]),
        base.event_years,
        base.years,
        base.others,
    )
    wide = [ranking(f, np.random.default_rng(1)).pooled for f in (single, twins)]
    assert wide[1].high - wide[1].low == pytest.approx(wide[0].high - wide[0].low, rel=0.1)


def test_interval_covers_the_true_area() -> None:
    """Scores of events are u^(1−s), so the true area is 1 − 1/(1 + 1/(1 − s))."""
    true = 1 - 1 / (1 + 1 / 0.5)
    covered = [
        (i := ranking(world(k, 40, 0.5), np.random.default_rng(k), draws=400).pooled).low
        <= true
        <= i.high
        for k in range(60)
    ]
    assert 52 <= sum(covered) <= 60


def test_best_cut_of_a_clean_step_is_found() -> None:
    rng = np.random.default_rng(2)
    scores = {year: rng.random(300) * 0.5 for year in range(30)}
    for year in range(30):
        scores[year][0] = 0.6 + rng.random() * 0.3
    found = gather(scores, [(y, 0, str(y)) for y in range(30)])
    best = best_cuts(found, np.random.default_rng(3), draws=200)
    least = found.events.min()
    assert best.youden.estimate == best.likelihood.estimate == least
    assert best.support == (least, least)
    assert best.youden.high < 0.7


def test_best_cut_wanders_where_there_is_no_step() -> None:
    best = best_cuts(world(5, 40, 0.5), np.random.default_rng(3), draws=400)
    assert best.youden.high - best.youden.low > 0.2
    assert best.held_out_recall.high - best.held_out_recall.low > 0.2


def test_same_seed_same_answer() -> None:
    one, two = (best_cuts(world(5, 20, 0.5), np.random.default_rng(3), 50) for _ in range(2))
    assert one == two
