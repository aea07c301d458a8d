"""Win-sets, swing members and leaders' visions against brute force and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import DataError
from counterpoise.measures import visions

ACTORS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), min_size=1, max_size=7).filter(
    lambda pairs: sum(weight for _, weight in pairs) > 0
)


def columns(pairs):
    return tuple(np.array(side, dtype=float) for side in zip(*pairs, strict=True))


def test_leaders_and_distances_by_hand():
    # Members A (power 2), B (5), C (1) on two issues; the leaders are B, then A.
    positions = np.array([[10.0, 40, 90], [0, 100, 20]])
    power = np.array([2.0, 5, 1])
    assert visions.leaders_gap(positions, power) == pytest.approx((30 + 100) / 2)
    weighted = visions.leaders_gap(positions, power, np.array([3.0, 1]))
    assert weighted == pytest.approx((3 * 30 + 100) / 4)
    distances = visions.distances_to_leaders(positions, power)
    assert distances == pytest.approx(
        np.array([[(30 + 100) / 2, 0], [0, (30 + 100) / 2], [(50 + 80) / 2, (80 + 20) / 2]])
    )


def test_draws_pass_through_as_leading_axes():
    rng = np.random.default_rng(0)
    positions, power = rng.uniform(0, 100, (4, 3, 5)), rng.uniform(size=5)
    gaps = visions.leaders_gap(positions, power)
    distances = visions.distances_to_leaders(positions, power)
    assert gaps == pytest.approx([float(visions.leaders_gap(p, power)) for p in positions])
    assert distances[2] == pytest.approx(visions.distances_to_leaders(positions[2], power))


@settings(max_examples=150, deadline=None)
@given(pairs=ACTORS, status_quo=st.integers(0, 20))
def test_win_set_equals_a_vote_on_every_outcome(pairs, status_quo):
    x, w = columns(pairs)
    low, high = visions.win_set(x, w, status_quo, (0, 20))
    outcomes = np.arange(0, 20.01, 0.25)
    prefer = np.abs(x[:, None] - outcomes) < np.abs(x[:, None] - status_quo)
    wins = w @ prefer > w.sum() / 2
    inside = (outcomes > low) & (outcomes < high)
    # An end of the scale that would win is the end of the set and belongs to it.
    at_end = ((outcomes == 0) & (low == 0)) | ((outcomes == 20) & (high == 20))
    expected = wins[~at_end]
    assert (inside[~at_end] == (expected & (outcomes[~at_end] != status_quo))).all()
    assert low <= status_quo <= high
    assert low == status_quo or high == status_quo


def test_win_set_by_hand_and_its_limits():
    x, w = np.array([10.0, 60, 80]), np.array([1.0, 1, 1])
    # Two of three must prefer it to 50: those at 60 and 80 do, up to 70, where 60 is indifferent.
    assert np.array(visions.win_set(x, w, 50)) == pytest.approx([50, 70])
    # The median cannot be beaten.
    assert np.array(visions.win_set(x, w, 60)) == pytest.approx([60, 60])
    # Two thirds must be exceeded: nothing but unanimity would do.
    assert np.array(visions.win_set(x, w, 50, quota=0.67)) == pytest.approx([50, 50])
    # A dictator at 80 takes anything nearer than 50 is: the scale ends first.
    assert np.array(visions.win_set(x, np.array([0, 0, 1.0]), 50)) == pytest.approx([50, 100])
    assert np.isnan(visions.win_set(np.array([1, np.nan]), np.ones(2), 0)).all()
    with pytest.raises(DataError, match="at least one half"):
        visions.win_set(x, w, 50, quota=0.3)


def test_win_sets_of_draws():
    rng = np.random.default_rng(5)
    x, w = rng.uniform(0, 100, (9, 4)), rng.uniform(size=4)
    low, high = visions.win_set(x, w, 35)
    for k in range(9):
        one = np.array(visions.win_set(x[k], w, 35))
        assert np.array([low[k], high[k]]) == pytest.approx(one)


def test_one_issue_of_many_is_the_one_issue_case():
    rng = np.random.default_rng(7)
    x, power = rng.uniform(0, 100, 5), rng.uniform(size=5)
    low, high = visions.win_set(x, power, 20)
    outcomes = np.linspace(0.1, 99.9, 301)
    wins = visions.beats(outcomes[:, None], np.array([20.0]), x[:, None], np.ones((5, 1)), power)
    inside = (outcomes > low) & (outcomes < high) & (outcomes != 20)
    assert (wins == inside).all()


def test_logrolling_over_two_issues():
    # Three equal members each care about one issue, two of them wanting change on it. Each change
    # alone is opposed by none but wanted by one; together they carry two of three.
    positions = np.array([[100.0, 0], [0, 100], [0, 0]])
    saliences = np.array([[1.0, 0.1], [0.1, 1], [1, 1]])
    quo, power = np.zeros(2), np.ones(3)
    alternatives = np.array([[60.0, 0], [0, 60], [60, 60]])
    found = visions.beats(alternatives, quo, positions, saliences, power)
    assert found.tolist() == [False, False, True]


def test_share_of_outcomes_by_area():
    # A dictator at (50, 50), status quo (0, 50): all within city-block distance 50 win, half of
    # the square.
    found = visions.win_set_share(
        np.array([0.0, 50]),
        np.array([[50.0, 50]]),
        np.ones((1, 2)),
        np.ones(1),
        np.random.default_rng(1),
    )
    assert found.low < 0.5 < found.high
    assert found.high - found.low < 0.02
    assert found.draws == 20_000


@settings(max_examples=150, deadline=None)
@given(pairs=ACTORS, quo=st.integers(0, 20), alternative=st.integers(0, 20))
def test_swing_members_equal_trying_each(pairs, quo, alternative):
    x, w = columns(pairs)
    found = visions.swing(x, w, quo, alternative)
    sides = np.sign(np.abs(x - quo) - np.abs(x - alternative))
    assert found.prefers.tolist() == sides.tolist()
    assert found.wins == (sides @ w > 0)
    for k in range(x.size):
        turned = sides.copy()
        turned[k] = -1 if found.wins else 1
        assert found.is_swing[k] == ((turned @ w > 0) != found.wins)


def test_swing_by_hand():
    # Weights 4, 3, 2: A against B and C, who win 5 to 4. Any of the winners could undo it, and A
    # cannot, being on the losing side already.
    found = visions.swing(np.array([0.0, 100, 90]), np.array([4.0, 3, 2]), 0, 100)
    assert found.wins
    assert found.is_swing.tolist() == [False, True, True]


def test_errors_say_what_is_wrong():
    with pytest.raises(DataError, match="fewer than two members"):
        visions.leaders_gap(np.array([[1.0]]), np.array([1.0]))
    with pytest.raises(DataError, match="3 weights for 2 issues"):
        visions.leaders_gap(np.ones((2, 2)), np.ones(2), np.ones(3))
