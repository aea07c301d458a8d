"""Alignment of blocs by votes: means over pairs, unknown where few can be compared."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from counterpoise import blocs
from counterpoise.measures.alignment import NAMES, alignment, group_alignment, matrices
from counterpoise.measures.similarity_years import vote_similarity

SCO = blocs.bloc("SCO", 2006).members
COLUMNS = {"s": "srsvva", "kappa": "kappavv", "pi": "pivv"}


def between(year: int) -> dict[tuple[int, int], dict[str, float]]:
    frame = vote_similarity(year, year).filter(pl.col("joint_votes") >= 10)
    return {(r["ccode1"], r["ccode2"]): r for r in frame.iter_rows(named=True)}


def test_means_over_the_pairs_of_a_bloc() -> None:
    found, rows = alignment(SCO, 2, 2006), between(2006)
    for name, column in COLUMNS.items():
        inside = [rows[pair][column] for pair in combinations(SCO, 2)]
        outside = [rows[2, member][column] for member in SCO]
        assert getattr(found, f"members_{name}") == pytest.approx(np.mean(inside))
        assert getattr(found, f"target_{name}") == pytest.approx(np.mean(outside))
    assert (found.pairs, found.known_pairs) == (15, 15)
    assert found.roll_calls == 111


def test_groups_at_once_are_the_groups_one_by_one() -> None:
    codes = matrices(2006).codes
    rng = np.random.default_rng(1)
    groups = np.array([rng.choice(codes[codes != 2], 5, replace=False) for _ in range(40)])
    found = group_alignment(groups, 2006, 2)
    for k, group in enumerate(groups):
        alone = alignment(group.tolist(), 2, 2006)
        for name in NAMES:
            assert found[name][k] == pytest.approx(getattr(alone, name), abs=1e-12)


def test_members_do_not_need_an_order() -> None:
    assert alignment(SCO[::-1], 2, 2006) == alignment(SCO, 2, 2006)


def test_states_outside_the_united_nations_are_left_out() -> None:
    """Of NATO's twelve in 1950, Portugal and Italy were no members of the UN."""
    found = alignment(blocs.bloc("NATO", 1950).members, 365, 1950)
    assert (found.pairs, found.known_pairs) == (66, 45)
    alone = [c for c in blocs.bloc("NATO", 1950).members if c not in (235, 325)]
    assert found.members_kappa == pytest.approx(alignment(alone, 365, 1950).members_kappa)


def test_unknown_where_most_pairs_are() -> None:
    """Of four, one of two Germanies and Switzerland in 1960, two voted: one pair of six."""
    found = alignment((2, 200, 225, 260), 365, 1960)
    assert found.known_pairs == 1
    assert found.members_s is None
    assert found.target_s is not None


@pytest.mark.parametrize("year", [1945, 1964, 2022])
def test_years_without_votes(year: int) -> None:
    assert alignment(SCO, 2, year) is None
    assert np.isnan(group_alignment(np.array([SCO]), year, 2)["members_s"]).all()


def test_the_record_of_blocs() -> None:
    """The Warsaw Pact voted as one and with nobody less than with the United States."""
    pact, nato = (blocs.bloc(name, 1985).members for name in ("Warsaw Pact", "NATO"))
    east, west = alignment(pact, 2, 1985), alignment(nato, 365, 1985)
    assert east.members_kappa > 0.8 > west.members_kappa > 0.5
    assert east.target_s < 0 < west.members_s
