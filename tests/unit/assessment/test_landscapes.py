"""Landscapes from the record, and how they are read."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.assessment.landscapes import (
    LandscapeStudy,
    frustrated_shares,
    held_against,
    landscape,
    optimum_distance,
    own_landscape,
    places,
    slices,
)
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.models.landscape import Landscape, energy, solve, switch_changes


@pytest.fixture(scope="module")
def majors() -> LandscapeStudy:
    return landscape(1938, "majors")


def problem(n: int, seed: int) -> Landscape:
    rng = np.random.default_rng(seed)
    p = rng.integers(-3, 4, (n, n)).astype(float)
    return Landscape(
        tuple("abcdefghij"[:n]),
        rng.integers(1, 9, n).astype(float),
        np.triu(p, 1) + np.triu(p, 1).T,
    )


def test_the_sides_of_1938(majors: LandscapeStudy) -> None:
    solution = majors.solution
    assert solution.is_exact
    assert solution.optima[0].blocs(solution.actors) == (
        ("USA", "UKG", "FRN", "RUS"),
        ("GMY", "ITA", "JPN"),
    )
    assert sum(o.basin or 0 for o in solution.optima) == 2**6


def test_a_frustrated_share_tells_the_cost_of_going_over() -> None:
    given = problem(8, 1)
    sides = np.array(solve(given).optima[0].sides)
    share = frustrated_shares(given, sides)
    every = np.abs(given.weights).sum(axis=1)
    changes = switch_changes(given, sides)[np.arange(8), 1 - sides]
    assert np.allclose(changes, 2 * (1 - 2 * share) * every)
    found = places(given, sides, given.actors)
    assert np.allclose([p.switch_cost for p in found], changes)
    assert all((p.frustrated_share or 0) <= 0.5 for p in found)


def test_an_actor_without_bonds_has_no_share() -> None:
    p = np.zeros((3, 3))
    p[0, 1] = p[1, 0] = 1.0
    found = frustrated_shares(Landscape(("a", "b", "c"), np.ones(3), p), np.array([0, 0, 1]))
    assert found[:2].tolist() == [0, 0]
    assert np.isnan(found[2])


def test_camps_against_the_lowest() -> None:
    # Two pairs of friends at odds; the camps part one pair.
    p = np.array([[0, 1, -1, -1], [1, 0, -1, -1], [-1, -1, 0, 1], [-1, -1, 1, 0]], dtype=float)
    given = Landscape(("a", "b", "c", "d"), np.array([3.0, 1, 1, 1]), p)
    lowest = np.array([0, 0, 1, 1])
    camps = held_against(given, lowest, np.array([True, False, False, False]), "a alone")
    assert camps.elsewhere == ("b",)
    assert [name for name, _ in camps.misplaced] == ["b"]
    assert camps.excess == pytest.approx(
        float(energy(given, np.array([0, 1, 1, 1])) - energy(given, lowest))
    )


def test_default_camps_are_those_of_a_duty_to_defend() -> None:
    camps = landscape(2006, "G20").camps
    assert camps is not None
    assert camps.name.startswith("United States of America")
    assert {"UKG", "JPN", "GMY", "ROK"} <= set(camps.first)
    assert {"CHN", "RUS", "IND"} <= set(camps.second)
    named = landscape(2006, "G20", camp="USA,GBR").camps
    assert named is not None
    assert named.first == ("USA", "UKG")


def test_slices_agree_with_all_configurations() -> None:
    given = problem(9, 2)
    lowest = solve(given).optima[0]
    sides = np.array(lowest.sides)
    found = slices(given, sides, seed=1)
    assert found[0].lowest == found[0].high == pytest.approx(lowest.energy)
    assert len(found) == 5
    assert all(cut.is_complete for cut in found)
    every = {d: [] for d in range(5)}
    for code in range(2**8):
        other = np.array([0, *(code >> k & 1 for k in range(8))])
        every[optimum_distance(other.tolist(), sides.tolist())].append(float(energy(given, other)))
    for cut in found:
        assert cut.lowest == pytest.approx(min(every[cut.distance]))
        assert cut.median == pytest.approx(float(np.median(every[cut.distance])))


def test_several_blocs() -> None:
    study = landscape(2006, "P5", blocs=3)
    assert study.solution.blocs == 3
    assert study.camps is None
    assert study.pivots == ()
    lowest = study.solution.optima[0]
    assert lowest.energy <= landscape(2006, "P5").solution.minimum
    assert all(place.switch_cost >= -1e-9 for place in study.places)


def test_weights_change_the_answer_and_are_told(majors: LandscapeStudy) -> None:
    study = landscape(1938, "majors", weights={"rivalries": 0, "disputes": 0})
    assert study.solution.minimum > majors.solution.minimum
    assert study.to_dict()["weights"]["rivalries"] == 0
    assert "1946" in majors.to_dict()["dropped"]["votes"]


def test_states_without_power_are_left_out_and_named() -> None:
    study = landscape(1936, "all", time_limit=5.0)
    assert study.solution.is_proved
    assert len(study.problem) + len(study.left_out) == len(study.states.ccodes)
    assert study.to_dict()["is_exact"] is False


def test_beyond_the_record() -> None:
    with pytest.raises(CoverageError, match="--extend"):
        landscape(2025, "P5")
    study = landscape(2025, "P5", extend=True)
    assert "nmc" in study.propensities.extended
    with pytest.raises(QuestionError, match="None of the members"):
        landscape(2006, "P5", camp="IND,PAK")


def test_own_landscape_is_read_the_same_way() -> None:
    study = own_landscape(problem(6, 3))
    assert len(study.places) == 6
    assert len(study.pivots) == 6
    assert set(study.to_dict()) == {"actors", "minimum", "optima", "is_exact"}
