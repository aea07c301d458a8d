"""Sets of states by name."""

from __future__ import annotations

import pytest

from counterpoise import states
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError
from counterpoise.measures.state_sets import state_set


def test_g20_has_nineteen_states() -> None:
    found = state_set("G20", 2006)
    assert len(found.ccodes) == 19
    assert {2, 710, 750, 365} <= set(found.ccodes)


def test_majors_of_1914() -> None:
    assert state_set("majors", 1913).ccodes == (2, 200, 220, 255, 300, 325, 365, 740)


def test_majors_are_carried_forward_only_when_asked() -> None:
    with pytest.raises(CoverageError, match="2016"):
        state_set("majors", 2020)
    found = state_set("majors", 2020, extend=True)
    assert 710 in found.ccodes
    assert found.note is not None


@pytest.mark.parametrize(
    ("year", "china"), [(1946, 710), (1949, 713), (1970, 713), (1971, 710), (2006, 710)]
)
def test_chinas_seat(year: int, china: int) -> None:
    assert state_set("P5", year).ccodes == tuple(sorted((2, 200, 220, 365, china)))


def test_all_is_the_state_system() -> None:
    assert list(state_set("all", 1985).ccodes) == states.system(1985)


def test_a_list_and_a_bloc() -> None:
    assert state_set("USA,CHN,RUS", 2006).ccodes == (2, 365, 710)
    assert len(state_set("SCO", 2006).ccodes) == 6


def test_a_word_beside_states() -> None:
    found = state_set("P5, India", 2006)
    assert found.ccodes == (2, 200, 220, 365, 710, 750)
    assert state_set("P5,USA", 2006).ccodes == state_set("P5", 2006).ccodes


@pytest.mark.parametrize(
    ("text", "year", "error"),
    [
        ("P5", 1938, CoverageError),
        ("G21", 2006, UnknownNameError),
        ("USA", 2006, QuestionError),
        ("", 2006, QuestionError),
    ],
)
def test_errors(text: str, year: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        state_set(text, year)
