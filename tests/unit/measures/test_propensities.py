"""Propensities from the record: parts, weights, what is unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise.errors import CoverageError, DataError, QuestionError
from counterpoise.measures.propensities import (
    WEIGHTS,
    Groups,
    Propensities,
    propensities,
    read_groups,
)

USA, CUBA, UK, FRANCE, GERMANY, RUSSIA, CHINA, INDIA, PAKISTAN = (
    2, 40, 200, 220, 255, 365, 710, 750, 770,
)  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Propensities:
    return propensities((USA, CUBA, UK, RUSSIA, CHINA, INDIA, PAKISTAN), 2006)


def test_parts_are_symmetric_and_in_range(found: Propensities) -> None:
    assert set(found.parts) == set(WEIGHTS)
    for name, part in found.parts.items():
        assert np.allclose(part, part.T, equal_nan=True), name
        assert np.isnan(np.diag(part)).all(), name
        assert np.nanmin(part) >= -1, name
        assert np.nanmax(part) <= 1, name


def test_allies_and_rivals(found: Propensities) -> None:
    pair = found.why(USA, UK)
    assert pair["pacts"] == 1
    assert pair["rivalries"] == pair["disputes"] == 0
    hostile = found.why(INDIA, PAKISTAN)
    assert hostile["rivalries"] == -1
    assert hostile["disputes"] == -1  # the war of 1999 lies within ten years
    assert found.why(RUSSIA, CHINA)["pacts"] == 0.5  # consultation, and no duty to fight


def test_the_matrix_is_the_weighted_mean_of_what_is_known(found: Propensities) -> None:
    pair = found.why(USA, CHINA)
    expected = sum(WEIGHTS[n] * v for n, v in pair.items()) / sum(WEIGHTS[n] for n in pair)
    assert found.matrix[0, 4] == pytest.approx(expected)
    assert (np.diag(found.matrix) == 0).all()


def test_a_missing_part_is_dropped_and_said_so() -> None:
    old = propensities((UK, FRANCE, GERMANY), 1910)
    assert "votes" not in old.parts
    assert "1946" in old.dropped["votes"]
    with_weight = sum(w for n, w in WEIGHTS.items() if n in old.why(UK, FRANCE))
    values = old.why(UK, FRANCE)
    mean = sum(WEIGHTS[n] * v for n, v in values.items()) / with_weight
    assert old.matrix[0, 1] == pytest.approx(mean)


def test_an_early_dispute_is_known_but_the_lack_of_one_is_not() -> None:
    # The window of 1823 reaches back before 1816: France fought Spain, and of others nothing is
    # coded, which is not the same as peace.
    found = propensities((UK, FRANCE, 230), 1823)
    assert found.why(FRANCE, 230)["disputes"] == -1
    assert "disputes" not in found.why(UK, FRANCE)


def test_the_set_does_not_move_a_pair() -> None:
    small, large = (propensities(c, 2006) for c in ((USA, INDIA), (USA, INDIA, CHINA, RUSSIA)))
    assert small.matrix[0, 1] == large.matrix[0, 1]


def test_relabelling_permutes() -> None:
    order = (RUSSIA, USA, PAKISTAN, INDIA)
    one, two = propensities(order, 2006).matrix, propensities(order[::-1], 2006).matrix
    assert np.array_equal(one, two[::-1, ::-1])


def test_weights_are_obeyed(found: Propensities) -> None:
    alone = propensities((INDIA, PAKISTAN), 2006, dict.fromkeys(WEIGHTS, 0.0) | {"rivalries": 1})
    assert alone.matrix[0, 1] == -1
    assert set(alone.parts) == {"rivalries"}


@pytest.mark.parametrize(
    "weights",
    [{"religion": 1.0}, {"votes": -1.0}, {"votes": float("nan")}, dict.fromkeys(WEIGHTS, 0.0)],
)
def test_wrong_weights(weights: dict[str, float]) -> None:
    with pytest.raises(QuestionError):
        propensities((USA, UK), 2006, weights)


def test_own_groups() -> None:
    own = Groups("religion", {USA: "a", UK: "a", RUSSIA: "b"}, weight=2.0)
    found = propensities((USA, UK, RUSSIA, CHINA), 2006, groups=[own])
    assert found.parts["religion"][0, 1] == 1
    assert found.parts["religion"][0, 2] == -1
    assert np.isnan(found.parts["religion"][0, 3])
    with pytest.raises(QuestionError, match="another name"):
        propensities((USA, UK), 2006, groups=[Groups("votes", {USA: "a"})])


def test_nothing_known_is_an_error() -> None:
    with pytest.raises(CoverageError, match="Nothing is known"):
        propensities((USA, UK), 2006, dict.fromkeys(WEIGHTS, 0.0) | {"own": 1}, [Groups("own")])


def test_groups_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "religion.csv"
    path.write_text("state,group\nUSA,protestant\nPakistan,muslim\nIndia,\n", encoding="utf-8")
    found = read_groups("religion", path, 2006)
    assert found.group == {USA: "protestant", PAKISTAN: "muslim"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country,group\nUSA,a\n", "needs the columns"),
        ("state,group\nAtlantis,a\n", "line 2"),
        ("state,group\nUSA,a\nUnited States,b\n", "there twice"),
    ],
)
def test_wrong_files_of_groups(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=expected):
        read_groups("religion", path, 2006)
