"""The test of soft balancing: what it requires, the scanned table, and what the record shows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import counterpoise as cp
from counterpoise.assessment import soft_scan, soft_test
from counterpoise.assessment.question import ask
from counterpoise.assessment.track import track
from counterpoise.assessment.wording import headline, reason
from counterpoise.measures import coordination
from counterpoise.measures.coordination import Residual

STRONG = Residual(
    target=2, dimensions=3, members=6, voting=6, rollcalls=300, clusters=150, residual=0.08,
    error=0.01, expected=0.02, percentile=100.0, p=0.005, agreement=0.8, agreement_percentile=99.0,
)  # fmt: skip
WEAK = replace(STRONG, target=200, residual=0.03, percentile=70.0, p=0.3)
WEAKER = replace(WEAK, target=220, residual=0.02)


def judged(own: Residual, *others: Residual) -> soft_test.SoftTest:
    return soft_test.judge(own, {other.target: other for other in others}, 2006)


def test_all_three_are_required() -> None:
    assert judged(STRONG, WEAK, WEAKER).passed is True
    assert judged(replace(STRONG, percentile=94.0), WEAK, WEAKER).passed is False
    assert judged(replace(STRONG, p=0.9), WEAK, WEAKER).passed is False


def test_a_bloc_that_coordinates_against_everyone_balances_no_one() -> None:
    alike = replace(STRONG, target=200, residual=0.09)
    found = judged(STRONG, alike, WEAKER)
    assert found.is_aimed is False
    assert found.passed is False
    assert [(o.ccode, o.name) for o in found.others] == [(200, "United Kingdom"), (220, "France")]
    assert judged(STRONG, alike).passed is False


def test_what_counts_is_the_excess_over_matched_groups() -> None:
    """A greater residual is no aim where matched groups have it too."""
    shared = replace(STRONG, target=200, residual=0.2, expected=0.19)
    assert judged(STRONG, shared, WEAKER).is_aimed is True


def test_a_few_subjects_are_no_evidence_for_or_against() -> None:
    few = replace(STRONG, target=200, residual=0.5, clusters=9)
    found = judged(STRONG, WEAK, WEAKER, replace(few, target=740))
    assert found.passed is True
    assert [other.clusters for other in found.others] == [150, 150]
    alone = judged(STRONG, few, WEAKER)
    assert alone.passed is None
    assert "only 1 other major power" in alone.reason
    assert judged(replace(STRONG, percentile=50.0), few).passed is False
    short = judged(replace(STRONG, clusters=9), WEAK, WEAKER)
    assert short.passed is None
    assert short.percentile is None
    assert "9 subjects" in short.reason
    assert short.residual == STRONG.residual


def test_without_groups_to_compare_the_answer_is_unknown() -> None:
    nan = math.nan
    vast = replace(STRONG, expected=nan, percentile=nan, p=nan, agreement_percentile=nan)
    found = judged(vast, WEAK, WEAKER)
    assert found.passed is None
    assert found.percentile is None
    assert "too large" in found.reason


def test_what_is_aligned_without_balancing_is_diplomacy() -> None:
    low = replace(STRONG, percentile=50.0, p=0.5)
    assert judged(low, WEAK).is_aligned is True, "agreement alone"
    assert judged(replace(STRONG, agreement_percentile=20.0), WEAK).is_aligned is True
    assert judged(replace(low, agreement_percentile=20.0), WEAK).is_aligned is False


def test_the_tests_are_listed_with_their_thresholds() -> None:
    listed = soft_test.soft_checks(judged(STRONG, WEAK, WEAKER))
    assert [check.name for check in listed] == [
        "soft_percentile", "soft_aim", "soft_q", "agreement_percentile",
    ]  # fmt: skip
    assert all(check.passed for check in listed)
    assert [check.threshold for check in listed] == [">= 95", "yes", "< 0.05", ">= 95"]


def test_q_is_that_of_benjamini_and_hochberg() -> None:
    listed = soft_scan.p_values()
    rng = np.random.default_rng(1)
    for p in rng.choice(listed, 20):
        ranks = np.arange(1, listed.size + 1)
        reaching = listed >= p - 1e-12
        expected = min(1.0, (listed * listed.size / ranks)[reaching].min())
        assert soft_scan.q_value(float(p)) == pytest.approx(expected)
    assert soft_scan.q_value(1.0) == 1.0
    grid = [soft_scan.q_value(p) for p in np.linspace(0.001, 1, 40)]
    assert grid == sorted(grid)


def test_the_table_is_what_the_votes_give() -> None:
    """Rows of one early window, measured anew."""
    rows = soft_scan.table().filter(
        (soft_scan.table()["year"] == 1950) & (soft_scan.table()["members"] < 12)
    )
    assert rows.height > 5
    groups = soft_scan.groups(1950)
    for row in rows.head(6).iter_rows(named=True):
        found = coordination.residual_coordination(
            groups[row["bloc"]], row["target"], 1950, size=row["dimensions"]
        )
        assert found.residual == pytest.approx(row["residual"], abs=2e-3)
        assert found.clusters == row["clusters"]
        assert found.p == pytest.approx(row["p"], abs=0.03)


def test_a_group_is_found_by_its_members_whatever_its_name() -> None:
    members = cp.bloc("SCO", 2006).members
    assert soft_scan.found(members[::-1], 2006) == soft_scan.found(members, 2006)
    assert set(soft_scan.found(members, 2006)) == {2, 200, 220, 255, 740}
    assert soft_scan.found((20, 70), 2006) == {}


def test_the_sco_votes_together_but_not_against_the_united_states() -> None:
    found = cp.assess("SCO", "USA", 2006)
    held = found.trust.coordination
    assert held.percentile > 95
    assert held.q < 0.05
    assert held.is_aimed is False
    assert held.passed is False
    assert found.observed == "diplomacy"
    answer = found.to_dict()["soft"]
    assert {"percentile", "interval", "is_aimed", "others", "q", "rollcalls", "voting"} <= set(
        answer
    )
    assert "soft" not in found.coverage


def test_france_germany_and_russia_over_iraq() -> None:
    """No more than states with like preferences share: the case that the literature argues."""
    held = cp.assess("FRA,DEU,RUS", "USA", 2003).trust.coordination
    assert held.passed is False
    assert held.percentile < 95


@pytest.mark.parametrize(
    ("bloc", "target", "year", "why"),
    [
        ("Triple Entente", "Germany", 1910, "1946"),
        ("NATO", "Russia", 2022, "2021"),
        ("CHE,ITA", "USA", 1950, "two members"),
    ],
)
def test_outside_the_votes_it_is_unknown_with_the_reason(
    bloc: str, target: str, year: int, why: str
) -> None:
    found = cp.assess(bloc, target, year)
    assert found.trust.coordination.passed is None
    assert why in found.coverage["soft"]
    assert found.to_dict()["soft"]["passed"] is None


def test_soft_stands_beside_the_ladder_and_not_on_it() -> None:
    found = cp.assess("NATO", "USSR", 1985)
    assert found.ladder == found.observed == "hard"
    assert found.trust.coordination.percentile is not None


def test_any_group_of_states_is_measured_when_it_was_not_scanned() -> None:
    question = ask("SWE,NOR,DNK", "USSR", 1950)
    found = soft_test.soft_test(question)
    assert found.percentile is not None
    assert 0 < found.q <= 1
    assert found.others
    assert (found.first, found.last) == (1948, 1952)


def test_the_track_shows_it() -> None:
    rows = track("SCO", "USA", 2000, 2003)
    assert rows["soft_percentile"].null_count() == 1
    assert rows["soft_percentile"].max() > 90


def test_without_numba_the_reason_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from counterpoise.errors import MissingExtraError

    def missing(*_: object, **__: object) -> None:
        raise MissingExtraError("numba", "models", "Measuring residual coordination")

    monkeypatch.setattr(coordination, "residual_coordination", missing)
    found = soft_test.soft_test(ask("SWE,NOR,DNK", "USSR", 1950))
    assert found.passed is None
    assert "models" in found.reason


def test_an_aim_that_cannot_be_told_is_not_denied() -> None:
    verdict = cp.assess("WEU", against="USA", year=2003)
    found = verdict.trust.coordination
    assert (found.passed, found.is_aligned, verdict.observed) == (None, True, "diplomacy")
    assert "not against the target" not in headline(verdict)
    assert "unknown" in headline(verdict)
    assert "too many blocs" not in reason(verdict)
