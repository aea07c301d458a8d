"""The balancing game from the record: figures, groups, hosts, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import power
from counterpoise.measures.game_problem import RecordGame, game_problem
from counterpoise.measures.threats import threats

USA, RUSSIA, KYRGYZSTAN, UZBEKISTAN, CHINA = 2, 365, 703, 704, 710


@pytest.fixture(scope="module")
def america() -> RecordGame:
    return game_problem(USA, 2006)


def at(game: RecordGame, code: int) -> int:
    return game.ccodes.index(code)


def test_figures_are_of_the_year_before(america: RecordGame) -> None:
    share = power.shares("cinc", 2005)
    problem = america.problem
    assert problem.target_power == share[USA]
    assert problem.power[at(america, CHINA)] == share[CHINA]
    assert USA not in america.ccodes
    assert not set(america.ccodes) & set(america.left_out)


def test_a_threat_without_hosts_is_that_of_the_record() -> None:
    # Of France in 1870 no forces abroad are listed: forward and plain threat agree.
    game = game_problem(220, 1870, threat="survival_forward")
    assert game.hosts == frozenset()
    found = threats(1870)
    plain = found.combination("survival")[found.place(220)]
    expected = np.array([plain[found.place(c)] for c in game.ccodes])
    assert np.allclose(game.problem.threat, expected)


def test_closing_a_base_moves_base_distance_and_threat() -> None:
    america = game_problem(USA, 2006, threat="survival_forward")
    k = at(america, KYRGYZSTAN)
    assert america.problem.base[k] == 1
    assert america.problem.distance_km[k] == 0
    closed = america.with_hosts(america.hosts - {KYRGYZSTAN})
    assert closed.problem.base[k] == 0
    assert closed.problem.threat[k] <= america.problem.threat[k]
    opened = america.with_hosts(america.hosts | {UZBEKISTAN})
    u = at(america, UZBEKISTAN)
    assert opened.problem.base[u] == 1
    assert opened.problem.distance_km[u] == 0
    assert opened.problem.threat[u] >= america.problem.threat[u]
    again = closed.with_hosts(america.hosts)
    assert np.array_equal(again.problem.threat, america.problem.threat)


def test_groups_are_pacts_without_the_target() -> None:
    russia = game_problem(RUSSIA, 1985)
    nato = russia.problem.membership[:, russia.problem.groups.index("atop:3180")]
    assert nato[at(russia, USA)] > 0
    assert nato[at(russia, CHINA)] == 0
    america = game_problem(USA, 1985)
    assert "atop:3180" not in america.problem.groups
    assert "atop:3285" in america.problem.groups


def test_a_group_adds_at_most_the_share_of_it_that_balances() -> None:
    problem = game_problem(RUSSIA, 1985).problem
    most = problem.membership.T @ problem.ratio * problem.membership.max(axis=0)
    assert (most <= 1 + 1e-9).all()


def test_no_group_lies_inside_another() -> None:
    inside = game_problem(RUSSIA, 1985).problem.membership > 0
    sets = [frozenset(np.flatnonzero(column)) for column in inside.T]
    assert not any(a < b for a in sets for b in sets)
    assert len(set(sets)) == len(sets)


def test_a_new_pact(america: RecordGame) -> None:
    both = america.with_pact((RUSSIA, CHINA), "new")
    assert both.problem.groups[-1] == "new"
    column = both.problem.membership[:, -1]
    assert set(np.flatnonzero(column)) == {at(america, RUSSIA), at(america, CHINA)}
    with pytest.raises(QuestionError, match="two players"):
        america.with_pact((RUSSIA, USA), "new")
    with pytest.raises(QuestionError, match="already"):
        both.with_pact((RUSSIA, CHINA), "new")


@pytest.mark.parametrize(
    ("target", "year", "error"),
    [(USA, 1820, CoverageError), (USA, 2025, CoverageError), (260, 2006, CoverageError)],
)
def test_errors(target: int, year: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        game_problem(target, year)


def test_unknown_threat() -> None:
    with pytest.raises(QuestionError, match="There are"):
        game_problem(USA, 2006, threat="fear")
