"""Institutions without the target: counts by hand, the expectation, and what is not coded."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from counterpoise import blocs, record
from counterpoise.measures.institutions import (
    NAMES,
    group_institutions,
    institutions,
    memberships,
    predicted,
    without,
)

SCO = blocs.bloc("SCO", 2006).members


def belongs(year: int) -> dict[int, set[str]]:
    rows = record.table("igo_memberships").filter(
        (pl.col("start_year") <= year)
        & (pl.col("end_year") >= year)
        & pl.col("status").is_in([1, 2])
    )
    found: dict[int, set[str]] = {}
    for code, igo in rows.select("ccode", "igo").iter_rows():
        found.setdefault(code, set()).add(igo)
    return found


def test_counts_of_a_bloc_by_hand() -> None:
    sets, found = belongs(2006), institutions(SCO, 2, 2006)
    shared = [sets[a] & sets[b] for a, b in combinations(SCO, 2)]
    assert found.joint == sum(map(len, shared))
    assert found.without_target == sum(len(s - sets[2]) for s in shared)
    assert found.share == pytest.approx(found.without_target / found.joint)
    assert found.excess == pytest.approx(found.share - found.expected_share)
    named = dict(found.shared_by_most)
    assert named["Collective Security Treaty Organization (CSTO)"] == 5
    assert all(number >= 3 for number in named.values())


def test_the_expectation_is_the_logit_that_a_general_optimiser_finds() -> None:
    seen, arrays = memberships(1985), without(1985, 2)
    whom = int(np.searchsorted(seen.codes, 2))
    one, two = np.triu_indices(len(seen.codes), 1)
    joint, apart = arrays.joint[one, two], arrays.without[one, two]
    kept = (one != whom) & (two != whom) & (joint > 0)
    log = np.log(joint[kept])
    terms = np.stack([np.ones_like(log), log, log**2], axis=1)

    def loss(fit: np.ndarray) -> float:
        score = terms @ fit
        return -(apart[kept] * score - joint[kept] * np.logaddexp(0, score)).sum()

    fit = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-4}).x
    expected = joint[kept] / (1 + np.exp(-terms @ fit))
    assert arrays.expected[one, two][kept] == pytest.approx(expected, rel=1e-3)


def test_what_is_expected_adds_up_to_what_is() -> None:
    """Over all pairs without the target a logit with a constant is right on the whole."""
    for year, target in ((1960, 2), (1985, 365), (2006, 2)):
        seen, arrays = memberships(year), without(year, target)
        others = np.flatnonzero(seen.codes != target)
        inside = np.ix_(others, others)
        assert arrays.expected[inside].sum() == pytest.approx(arrays.without[inside].sum(), 1e-6)


def test_expectation_is_a_share() -> None:
    joint = np.array([[5.0, 3, 1, 2], [3, 4, 2, 2], [1, 2, 2, 1], [2, 2, 1, 3]])
    none, every = np.zeros_like(joint), joint.copy()
    assert (predicted(joint, none, 3) == 0).all()
    assert (predicted(joint, every, 3) == 1).all()
    some = predicted(joint, np.minimum(joint, 1), 3)
    assert ((some > 0) & (some < 1)).all()


def test_groups_at_once_are_the_groups_one_by_one() -> None:
    rng = np.random.default_rng(2)
    codes = memberships(2000).codes
    groups = np.array([rng.choice(codes[codes != 2], 4, replace=False) for _ in range(30)])
    found = group_institutions(groups, 2000, 2)
    for k, group in enumerate(groups):
        alone = institutions(group.tolist(), 2, 2000)
        assert found[NAMES[0]][k] == pytest.approx(alone.share)
        assert found[NAMES[1]][k] == pytest.approx(alone.excess)


def test_unknown_outside_the_source() -> None:
    """The source ends with 2014: what comes later is unknown and not nothing."""
    assert institutions(SCO, 2, 2014) is not None
    assert institutions(SCO, 2, 2015) is None
    assert np.isnan(group_institutions(np.array([SCO]), 2015, 2)[NAMES[0]]).all()
    assert institutions(SCO, 999, 2006) is None


def test_bodies_that_are_not_coded_are_counted_apart() -> None:
    """In 1978 the source leaves 26 of 258 organisations uncoded; they have no members here."""
    seen = memberships(1978)
    assert (len(seen.igos), seen.uncoded) == (258 - 26, 26)
    assert institutions((200, 220), 2, 1978).uncoded == 26


def test_a_club_against_the_world_exceeds_what_its_numbers_predict() -> None:
    pact = institutions(blocs.bloc("Warsaw Pact", 1985).members, 2, 1985)
    assert pact.excess > 0.1
    assert ("Warsaw Treaty Organization", 7) in pact.shared_by_most
