"""The race for places draws in proportion to likeness, without replacement, within its limits."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.assessment.race import BATCH, Limits, Race, Runners
from counterpoise.measures.year_arrays import every_state

NONE = Limits((), np.zeros((1, 4), dtype=bool), 9, np.zeros(4), np.inf)
STATES = np.array([0, 3, 5, 9])


def run(handicap: list[list[float]], limits: Limits = NONE, batches: int = 20) -> np.ndarray:
    """Winners as places among the four states, over several batches."""
    members = list(range(100, 100 + len(handicap)))
    found = []
    for batch in range(batches):
        running = Runners(Race(7, "bloc", batch), members, STATES)
        winners, stuck = running.run(members, np.array(handicap, dtype=np.float32), limits)
        assert not stuck.any()
        found.append(np.searchsorted(STATES, winners))
    return np.concatenate(found)


def test_one_place_is_won_in_proportion_to_likeness() -> None:
    likeness = np.array([0.5, 0.3, 0.15, 0.05])
    winners = run([(1 / likeness).tolist()])[:, 0]
    share = np.bincount(winners, minlength=4) / len(winners)
    error = np.sqrt(likeness * (1 - likeness) / len(winners))
    assert (np.abs(share - likeness) < 4 * error).all()


def test_two_places_are_won_without_replacement() -> None:
    likeness = np.array([0.4, 0.3, 0.2, 0.1])
    winners = run([(1 / likeness).tolist()] * 2)
    assert (winners[:, 0] != winners[:, 1]).all()
    # The chance that a pair is drawn in either order, by successive draws.
    expected = {
        (i, j): likeness[i] * likeness[j] * (1 / (1 - likeness[i]) + 1 / (1 - likeness[j]))
        for i in range(4)
        for j in range(i + 1, 4)
    }
    pairs = [tuple(sorted(row)) for row in winners.tolist()]
    for pair, chance in expected.items():
        error = np.sqrt(chance * (1 - chance) / len(pairs))
        assert abs(pairs.count(pair) / len(pairs) - chance) < 4 * error


def test_no_more_than_allowed_of_a_set_are_drawn() -> None:
    sets = np.array([[True, True, False, False]])
    limits = Limits(("set",), sets, 1, np.zeros(4), np.inf)
    winners = run([[1.0, 1.0, 50.0, 50.0]] * 2, limits, batches=2)
    assert ((winners < 2).sum(axis=1) <= 1).all()
    assert ((winners < 2).sum(axis=1) == 1).mean() > 0.9


def test_no_more_power_than_allowed_is_drawn() -> None:
    power = np.array([0.6, 0.3, 0.1, 0.0])
    sets = np.array([[True, True, True, False]])
    limits = Limits(("bloc",), sets, 2, power, 0.35)
    winners = run([[1.0, 1.0, 1.0, 1e6]] * 2, limits, batches=2)
    assert power[winners].sum(axis=1).max() <= 0.35
    assert (winners == 1).any()


def test_a_race_without_a_free_state_is_stuck() -> None:
    members = [100, 101]
    handicap = np.array([[1.0, np.inf, np.inf, np.inf]] * 2, dtype=np.float32)
    running = Runners(Race(7, "bloc"), members, STATES)
    _, stuck = running.run(members, handicap, NONE)
    assert stuck.all()


def test_times_depend_on_seed_bloc_batch_and_member_alone() -> None:
    base = Race(7, "bloc").times(365)
    assert base.shape == (BATCH, len(every_state()))
    assert (Race(7, "bloc").times(365) == base).all()
    for other in (Race(8, "bloc"), Race(7, "other"), Race(7, "bloc", 1)):
        assert (other.times(365) != base).mean() > 0.99
    assert (Race(7, "bloc").times(710) != base).mean() > 0.99


def test_a_member_that_joins_leaves_the_others_times_as_they_are() -> None:
    handicap = np.ones((3, 4), dtype=np.float32)
    wide = Runners(Race(7, "bloc"), [100, 101, 102], STATES)
    narrow = Runners(Race(7, "bloc"), [100, 101], STATES)
    one, _ = wide.run([100, 101], handicap[:2], NONE)
    two, _ = narrow.run([100, 101], handicap[:2], NONE)
    assert (one == two).all()


@pytest.mark.parametrize("most", [1, 249, 250, 251, 1000])
def test_fewer_draws_are_the_first_ones(most: int) -> None:
    running = Runners(Race(7, "bloc"), [100, 101], STATES)
    handicap = np.ones((2, 4), dtype=np.float32)
    whole, _ = running.run([100, 101], handicap, NONE)
    part, _ = running.run([100, 101], handicap, NONE, most)
    assert (part == whole[:most]).all()
