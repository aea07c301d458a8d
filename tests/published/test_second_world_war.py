"""The seventeen nations of 1936-1939 (Axelrod & Bennett 1993, British Journal of Political
Science 23(2): 211-233): their prediction as printed, ours as the page reports it.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "studies" / "second_world_war.py"


@pytest.fixture(scope="module")
def study() -> dict:
    return runpy.run_path(str(STUDY))


def test_page_is_what_the_study_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [str(STUDY), "--check"])
    runpy.run_path(str(STUDY), run_name="__main__")


def test_the_published_prediction_errs_on_poland_and_portugal(study: dict) -> None:
    nations = study["nations"]()
    assert len(nations) == 17
    assert [n.name for n in nations if n.published != n.actual] == ["Poland", "Portugal"]


def test_ours_has_the_great_powers_of_1938_right_and_claims_no_more(study: dict) -> None:
    nations = study["nations"]()
    ours = study["predict"](nations, 1938, "our weights")
    great = [n for n in nations if n.name in ("Britain", "France", "Germany", "Italy")]
    assert all(ours.sides[n.ccode] == n.actual for n in great)
    assert ours.sides[365] == "Allied"
    assert ours.right(nations, "actual") == 11
    assert ours.minimum < ours.actual_energy
