"""Case files: reading, refusal, consensus of known shapes, comparison of coders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import counterpoise as cp
from counterpoise import cases
from counterpoise.assessment.case_study import study
from counterpoise.errors import CaseError, CoverageError
from counterpoise.measures import consensus
from counterpoise.measures.rules import STANDARD

CASES = Path(cases.__file__).parent


def scale(is_reject: bool, target: float, status_quo: float, positions: list[float]):
    x = np.array(positions)
    return consensus.Scale("issue", is_reject, target, status_quo, x, np.ones(x.size))


def case(reject: list[float], build: list[float]):
    rejects = [scale(True, 90, 50, reject)] * 3
    return [*rejects, *[scale(False, 10, 20, build)] * 3]


@pytest.mark.parametrize(
    ("reject", "build", "kind"),
    [
        ([5, 5, 5], [80, 80, 80], "positive"),
        ([5, 5, 5], [0, 50, 100], "negative"),
        ([5, 95, 50], [0, 50, 100], "discord"),
    ],
)
def test_known_shapes(reject: list[float], build: list[float], kind: str) -> None:
    found = consensus.measure(case(reject, build), np.ones(3), STANDARD)
    assert consensus.label(found, STANDARD) == kind


def test_accord_by_hand() -> None:
    """Positions 0, 30, 60 with equal weights: mean distance 40, so 1 − 40/(100/3) = −0.2."""
    assert consensus.accord(scale(False, 0, 0, [0, 30, 60]), np.ones(3)) == pytest.approx(-0.2)


def test_opposition_by_hand() -> None:
    """q = 50 and τ = 90: opposition means wanting less; the margin is 10 points."""
    found = consensus.opposition(scale(True, 90, 50, [39, 41, 20]), np.array([1.0, 2, 1]), 10)
    assert found == pytest.approx(0.5)


def test_fewer_issues_or_two_members_are_not_classifiable() -> None:
    assert not consensus.is_classifiable(case([1, 2], [3, 4]))
    assert not consensus.is_classifiable(case([1, 2, 3], [3, 4, 5])[1:])
    assert consensus.is_classifiable(case([1, 2, 3], [3, 4, 5]))


def test_sco_2006_is_negative_under_power_weights_for_both_coders() -> None:
    found = study(cases.find("SCO", 2, 2006))
    assert found.consensus.by_coder == {"A": "negative", "B": "negative"}
    assert found.consensus.power.chance < 0.05
    assert not found.consensus.weights_agree
    assert found.agreement.alpha > 0.5
    assert found.leaders == ("China", "Russia")


def test_every_shipped_case_reads_and_its_members_are_the_blocs() -> None:
    for one in cases.shipped():
        bloc = cp.bloc(one.bloc, one.year)
        assert {actor.code for actor in one.members} == set(bloc.members), one.name


def test_a_year_beyond_the_metric_needs_extend() -> None:
    path = CASES / "sco_2023_a.toml"
    with pytest.raises(CoverageError, match="--extend"):
        cp.case(path)
    assert cp.case(path, extend=True).extended


def test_draws_are_repeatable() -> None:
    one, two = (study(cases.find("SCO", 2, 2006)).to_dict() for _ in range(2))
    assert one == two


def test_codings_of_different_cases_are_not_compared() -> None:
    one, two = cases.read(CASES / "sco_2006_a.toml"), cases.read(CASES / "nato_1949_a.toml")
    with pytest.raises(CaseError, match="differ in"):
        study([one, two])


TEXT = (CASES / "china_russia_2024_a.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('role = "member"', 'role = "boss"', "role"),
        ("position = ", "position = 1", "position"),
        ('kind = "reject"', 'kind = "dislike"', "kind"),
        ("[[actors]]\n", "[[actors]]\nrank = 1\n", "rank"),
        ('coder = "A"', "", "coder"),
    ],
)
def test_faults_are_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CaseError, match=message):
        cases.read(path)


def test_missing_and_repeated_positions_are_listed(tmp_path: Path) -> None:
    head, *rest = TEXT.split("[[positions]]")
    path = tmp_path / "case.toml"
    path.write_text("[[positions]]".join([head, *rest[1:]]), encoding="utf-8")
    with pytest.raises(CaseError, match="no position of"):
        cases.read(path)
    path.write_text("[[positions]]".join([head, *rest, rest[0]]), encoding="utf-8")
    with pytest.raises(CaseError, match="given twice"):
        cases.read(path)


def test_rules_move_the_label() -> None:
    strict = replace(STANDARD, rejection=0.99)
    assert study(cases.find("SCO", 2, 2006), rules=strict).consensus.power.kind == "discord"


def test_faults_have_their_line(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    lines = TEXT.splitlines()
    wrong = next(n for n, line in enumerate(lines) if line.startswith("salience_high"))
    lines[wrong] = "salience_high = 7"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CaseError, match=f"line {wrong + 1}, positions.0.salience_high"):
        cases.read(path)


def test_forecasts_are_scored_on_recorded_outcomes(tmp_path: Path) -> None:
    text = (CASES / "sco_2006_a.toml").read_text(encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text(text.replace("status_quo = ", "outcome = 0\nstatus_quo = "), encoding="utf-8")
    found = cp.case(path)
    mean = np.mean([issue.forecasts[1].forecast for issue in found.issues])
    assert found.accuracy["mean"] == pytest.approx(mean)
    assert cp.case(CASES / "sco_2006_a.toml").accuracy is None
