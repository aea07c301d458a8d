"""The game played from the record, and changes to it in words."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.assessment import game_changes
from counterpoise.assessment.games import GameStudy, game
from counterpoise.errors import CounterpoiseError, CoverageError, QuestionError, UnknownNameError
from counterpoise.measures.game_problem import RecordGame, game_problem

USA, RUSSIA, CHINA = 2, 365, 710


@pytest.fixture(scope="module")
def study() -> GameStudy:
    return game("USA", 2006, ["power:CHN=+20%", "base:KGZ=off"])


@pytest.fixture(scope="module")
def america() -> RecordGame:
    return game_problem(USA, 2006)


def made(base: RecordGame, *texts: str) -> RecordGame:
    return game_changes.made(base, [game_changes.read(t, base.year) for t in texts])


def test_chances_and_what_states_did(study: GameStudy) -> None:
    player = {p.state: p for p in study.players}
    assert all(sum(p.chances.values()) == pytest.approx(1) for p in study.players)
    assert player["JPN"].did == "bandwagon"
    assert player["PRK"].did == "balance"
    assert player["JPN"].likeliest == "bandwagon"
    expected = sum(p.power_ratio for p in study.players if p.did == "balance")
    assert study.observed == pytest.approx(expected)
    assert 0 <= study.coalition_chance <= 1


def test_kyrgyzstan_moves_when_its_base_closes(study: GameStudy) -> None:
    first = study.movers[0]
    assert first.name == "KYR"
    assert first.action_before == "bandwagon"
    assert first.action_after == "neutral"
    assert study.changed.coalition > study.coalition


def test_json_has_the_whole_answer(study: GameStudy) -> None:
    answer = study.to_dict()
    assert answer["target"] == "USA"
    assert len(answer["players"]) == len(study.game.ccodes)
    assert answer["changes"] == ["power:CHN=+20%", "base:KGZ=off"]
    assert answer["index_sum"] == 1
    assert answer["parameters"]["crowding"] < 0


def test_without_changes_there_are_no_movers() -> None:
    plain = game("USA", 2006)
    assert plain.movers == ()
    assert "movers" not in plain.to_dict()


def test_observed_is_unknown_after_the_pacts() -> None:
    late = game("CHN", 2019, extend=True)
    assert late.observed is not None
    with pytest.raises(CoverageError):
        game("CHN", 2019)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("+20%", 0.5, 0.6),
        ("-10%", 0.5, 0.45),
        ("x2", 0.5, 1.0),
        ("*1.5", 0.5, 0.75),
        ("0.3", 0.5, 0.3),
        ("30%", 0.5, 0.3),
        ("+0.1", 0.5, 0.6),
        ("-0.1", 0.5, 0.4),
    ],
)
def test_values(text: str, old: float, new: float) -> None:
    assert game_changes.new_value(old, text) == pytest.approx(new)


def test_figures_change_where_they_should(america: RecordGame) -> None:
    old, new = america.problem, made(america, "power:CHN=+20%", "threat:IRN=0.1").problem
    c, i = old.names.index("CHN"), old.names.index("IRN")
    assert new.power[c] == pytest.approx(1.2 * old.power[c])
    assert new.threat[i] == 0.1
    rest = np.arange(len(old.names)) != c
    assert np.array_equal(new.power[rest], old.power[rest])
    assert made(america, "power:USA=-50%").problem.target_power == old.target_power / 2
    assert np.allclose(made(america, "threat:all=x0.5").problem.threat, old.threat / 2)
    assert made(america, "distance:CHN=500").problem.distance_km[c] == 500
    assert not made(america, "base:all=off").problem.base.any()


def test_groups_change(america: RecordGame) -> None:
    russia = game_problem(RUSSIA, 2006)
    nato = russia.problem.groups.index("atop:3180")
    france = russia.problem.names.index("FRN")
    left = made(russia, "member:NATO:France=off").problem.membership
    assert left[france, nato] == 0
    back = made(russia, "member:NATO:France=off", "member:NATO:France=on").problem.membership
    assert np.array_equal(back, russia.problem.membership)
    pact = made(america, "pact:RUS+CHN=on").problem
    assert pact.groups[-1] == "pact:RUS+CHN"
    with pytest.raises(UnknownNameError, match="A new one"):
        made(america, "member:NATO:France=off")


@pytest.mark.parametrize(
    "text",
    [
        "power:CHN",
        "power=+20%",
        "power:CHN=much",
        "fear:CHN=1",
        "base:KGZ=maybe",
        "pact:RUS+CHN=off",
        "member:NATO=on",
        "power:Atlantis=2",
        "power:CHN=",
        "",
    ],
)
def test_wrong_changes(text: str) -> None:
    with pytest.raises(CounterpoiseError):
        game_changes.read(text, 2006)


@pytest.mark.parametrize(
    "text", ["base:USA=on", "threat:USA=0.5", "threat:IRN=2", "power:CHN=-200%"]
)
def test_changes_that_make_no_sense(america: RecordGame, text: str) -> None:
    with pytest.raises(CounterpoiseError):
        made(america, text)


def test_a_state_that_does_not_play_is_told_why(america: RecordGame) -> None:
    left = min(america.left_out)
    with pytest.raises(UnknownNameError, match="no figure for"):
        made(america, f"power:{left}=x2")
    with pytest.raises(UnknownNameError, match="it is the target"):
        made(america, "threat:USA=0.5")


def test_unknown_target() -> None:
    with pytest.raises(UnknownNameError):
        game("Atlantis", 2006)
    with pytest.raises(QuestionError):
        game("USA", 2006, threat="fear")
