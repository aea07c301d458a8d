"""Swing states of a bloc under every model."""

from __future__ import annotations

import pytest

from counterpoise.assessment.swings import SwingStudy, swing, votes
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError


@pytest.fixture(scope="module")
def sco() -> SwingStudy:
    return swing("SCO", "USA", 2006)


def test_members_and_observers(sco: SwingStudy) -> None:
    status = {s.state: s.status for s in sco.swings}
    assert status["RUS"] == "member"
    assert status["IND"] == status["PAK"] == status["IRN"] == status["MON"] == "observer"
    assert sco.reasons == {}


def test_india_is_the_swing_state(sco: SwingStudy) -> None:
    by_name = {s.state: s for s in sco.swings}
    india, pakistan, iran = (by_name[n] for n in ("IND", "PAK", "IRN"))
    assert india.is_with_target is True
    assert pakistan.is_with_target is iran.is_with_target is False
    assert india.frustrated_share > 0.3 > max(pakistan.frustrated_share, iran.frustrated_share)
    assert india.with_pact > max(pakistan.with_pact, iran.with_pact) > 0
    assert india.bloc_ratio - 1.4669 == pytest.approx(india.power_ratio, abs=1e-3)


def test_voting_power(sco: SwingStudy) -> None:
    by_quota = {(v.metric, v.quota): v for v in sco.votes}
    half = by_quota["cinc", "0.5 of the target"]
    assert sum(half.shapley_shubik.values()) == pytest.approx(1)
    assert half.shapley_shubik["IND"] > half.shapley_shubik["RUS"]
    # Alone, China has more than the power of the United States: nobody else is needed.
    assert by_quota["cinc", "1 of the target"].essential == ("CHN",)
    # And by spending even all of them together have not half.
    silent = by_quota["milex", "0.5 of the target"]
    assert silent.shapley_shubik is None
    assert "0.37" in silent.reason


def test_candidates_may_be_named() -> None:
    study = swing("SCO", "USA", 2006, "Turkey, Iran")
    status = {s.state: s.status for s in study.swings}
    assert status["TUR"] == "candidate"
    assert status["IRN"] == "observer"
    assert "IND" not in status


def test_a_model_that_does_not_know_says_why() -> None:
    study = swing("SCO", "USA", 2023)
    assert set(study.reasons) == {"landscape", "game", "network"}
    assert all(s.balances is None and s.is_with_target is None for s in study.swings)


def test_unknown_power_is_told() -> None:
    found = votes([365, 710], 2, 2023, "cinc")
    assert all(v.shapley_shubik is None for v in found)
    assert "no figure for" in found[0].reason


def test_errors() -> None:
    with pytest.raises(QuestionError, match="target"):
        swing("SCO", "China", 2006)
    with pytest.raises(UnknownNameError):
        swing("Shanghai Pakt", "USA", 2006)
    with pytest.raises(CoverageError):
        swing("SCO", "USA", 1980)
