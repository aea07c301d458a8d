"""The challenge model against rounds worked by hand, and its limiting cases."""

import math
from itertools import permutations

import numpy as np
import pytest

from counterpoise.errors import ModelError
from counterpoise.models.bargaining import Issue, swing_reach, triangles
from counterpoise.models.bargaining_forecasts import accuracy, forecasts, intervals, swings
from counterpoise.models.challenge import ChallengeRules, bargain, forecast

PATIENT = ChallengeRules(settles="positions")


def issue(positions, power, saliences=None, ends=(0.0, 100.0)):
    x, c = np.array(positions, float), np.array(power, float)
    s = np.ones_like(x) if saliences is None else np.array(saliences, float)
    return Issue(tuple("ABCDEFGHIJKL"[: x.shape[-1]]), x, c, s, ends)


def test_two_actors_three_to_one_by_hand():
    # A at 0 with weight 3, B at 100 with weight 1, both caring fully. A wins with chance 3/4.
    # With exponent 1: winning is worth 2, losing −2, so A expects 1 and B expects −1 of a fight.
    # A is the more secure: exponents 2 and ½. As B sees it leaving be is worth 2 − 4/√2.
    first = bargain(issue([0, 100], [3, 1])).rounds[0]
    assert first.chance[0, 1] == pytest.approx(0.75)
    assert first.risk == pytest.approx([2, 0.5])
    own, theirs = 2 * math.sqrt(2) - 3, 2 * math.sqrt(2) - 1
    assert first.own[1, 0] == pytest.approx(own)
    assert first.theirs[1, 0] == pytest.approx(theirs)
    assert first.own[0, 1] == pytest.approx(0)
    assert first.theirs[0, 1] == pytest.approx(-2)
    (offer,) = first.offers
    assert (offer.to, offer.by, offer.kind, offer.is_taken) == (1, 0, "compromise", True)
    assert offer.position == pytest.approx(100 - 100 * -own / theirs)


def test_two_equal_actors_stand_still():
    found = bargain(issue([0, 100], [1, 1]), PATIENT)
    assert found.stopped == "settled"
    assert found.positions.tolist() == [0, 100]
    assert found.forecast == 50
    assert found.rounds[0].offers == ()
    assert found.rounds[0].risk.tolist() == [1, 1]


def test_indifference_of_the_challenged_invites_confrontation_by_hand():
    # Equal power, saliences 1 and ½: weights 2 to 1, so A wins with chance 2/3.
    # Exponent 1: A expects ½(⅔·2 − ⅓·2) + ½·2 = 4/3; B expects ⅓·2 − ⅔·2 = −2/3.
    first = bargain(issue([0, 100], [1, 1], [1, 0.5])).rounds[0]
    assert first.chance[0, 1] == pytest.approx(2 / 3)
    assert first.risk == pytest.approx([2, 0.5])
    # Exponent ½ in B's eyes: leaving be is worth 2 − 4/√2, gap 1 still wins 2 and loses −2.
    rest = 2 - 4 / math.sqrt(2)
    assert first.own[1, 0] == pytest.approx(-2 / 3 - rest)
    assert first.theirs[1, 0] == pytest.approx(4 / 3 - rest)
    (offer,) = first.offers
    # B expects to gain by resisting, less than A by attacking: it loses the contest outright.
    assert (offer.kind, offer.position) == ("confrontation", 0)


def test_three_actors_chances_by_hand():
    # A 0, B 50, C 100, weights 1, 1, 2. For A over B: A votes ½, B −½, C −½·2 → ½ of 2.
    # For B over C: A ½, B ½, C −1 → 1 of 2. For A over C: A 1, B none, C −2 → 1 of 3.
    # Those are the chances while all exponents are one; the risks follow from them.
    x, w = np.array([0, 50, 100.0]), np.array([1, 1, 2.0])
    chance = np.array([[0, 1 / 4, 1 / 3], [3 / 4, 0, 1 / 2], [2 / 3, 1 / 2, 0]])
    gap = np.abs(np.subtract.outer(x, x)) / 100
    gain = chance * 2 * gap - (1 - chance) * 2 * gap
    np.fill_diagonal(gain, 0)
    danger = gain.sum(axis=0)
    assert danger == pytest.approx([1 / 2 + 2 / 3, -1 / 2 + 0, -2 / 3 + 0])
    level = (2 * danger - danger.max() - danger.min()) / (danger.max() - danger.min())
    first = bargain(issue(x, w)).rounds[0]
    assert first.risk == pytest.approx((1 - level / 3) / (1 + level / 3))
    assert first.risk[[2, 0]] == pytest.approx([2, 0.5])
    assert first.median == 75


@pytest.mark.parametrize("rules", [ChallengeRules(), PATIENT])
def test_unanimity_stays(rules):
    found = bargain(issue([62, 62, 62], [3, 1, 9], [0.2, 1, 0.7]), rules)
    assert (found.forecast, found.stopped, len(found.rounds)) == (62, "settled", 1)
    assert found.rounds[0].offers == ()


@pytest.mark.parametrize("accept", ["nearest", "strongest"])
def test_one_actor_with_all_weight_prevails(accept):
    rules = ChallengeRules(accept=accept, settles="positions")
    found = bargain(issue([10, 80, 100], [0, 1, 0]), rules)
    assert found.forecast == 80
    assert all(r.median == 80 for r in found.rounds)
    assert found.positions[1] == 80


@pytest.mark.parametrize("accept", ["nearest", "strongest"])
@pytest.mark.parametrize("status_quo_chance", [1.0, 0.5])
def test_names_and_order_of_actors_do_not_matter(accept, status_quo_chance):
    rules = ChallengeRules(status_quo_chance, accept)
    rng = np.random.default_rng(3)
    x, c, s = rng.uniform(0, 100, 4), rng.uniform(0.1, 1, 4), rng.uniform(0.1, 1, 4)
    expected = float(forecast(issue(x, c, s), rules))
    for order in permutations(range(4)):
        places = list(order)
        found = forecast(issue(x[places], c[places], s[places]), rules)
        assert float(found) == pytest.approx(expected, abs=1e-9)


def test_mirror_image_and_scale_carry_over():
    rng = np.random.default_rng(8)
    x, c, s = rng.uniform(0, 100, 6), rng.uniform(0.1, 1, 6), rng.uniform(0.1, 1, 6)
    plain = float(forecast(issue(x, c, s)))
    assert float(forecast(issue(100 - x, c, s))) == pytest.approx(100 - plain, abs=1e-8)
    assert float(forecast(issue(x / 20 + 3, 7 * c, s, (3, 8)))) == pytest.approx(plain / 20 + 3)


def test_positions_never_leave_the_span_of_the_actors():
    rng = np.random.default_rng(2)
    for _ in range(30):
        x = rng.uniform(0, 100, 5)
        found = bargain(issue(x, rng.uniform(0.1, 1, 5), rng.uniform(0.1, 1, 5)), PATIENT)
        for r in found.rounds:
            assert r.positions.min() >= x.min() - 1e-9
            assert r.positions.max() <= x.max() + 1e-9
            taken = [offer.to for offer in r.offers if offer.is_taken]
            assert len(taken) == len(set(taken))


def test_trace_explains_every_move():
    rng = np.random.default_rng(12)
    found = bargain(
        issue(rng.uniform(0, 100, 6), rng.uniform(0.1, 1, 6), rng.uniform(0.1, 1, 6)), PATIENT
    )
    after = [r.positions for r in found.rounds[1:]] + [found.positions]
    moves = 0
    for this, then in zip(found.rounds, after, strict=True):
        expected = this.positions.copy()
        for offer in this.offers:
            assert this.theirs[offer.to, offer.by] > max(0, this.own[offer.to, offer.by])
            if offer.is_taken:
                expected[offer.to] = offer.position
                moves += 1
        assert then == pytest.approx(expected)
    assert moves > 0
    pairs = found.rounds[0].chance
    assert pairs + pairs.T == pytest.approx(np.ones((6, 6)))


def test_drift_makes_waiting_dear_by_hand():
    # Q = 0, A 0 and B 100 with weights 3 and 1: the median is A's own 0, nearer to A than B is.
    # Left alone B drifts to A, worth 2 − 4(½ − ¼·1) = 1 to A with exponent 1; and as B sees
    # itself, the median is as far as A is: even odds of 2 − 4(½ ∓ ¼·2) = ±2, so 0.
    rules = ChallengeRules(status_quo_chance=0)
    first = bargain(issue([0, 100], [3, 1]), rules).rounds[0]
    # Danger: A faces B's −1 − 0 = −1, B faces A's 1 − 1 = 0; exponents 2 and ½ as before.
    assert first.risk == pytest.approx([2, 0.5])
    # In B's eyes A gains 1 by challenging, less 2 − 4·¼^½ = 0 of leaving be.
    assert first.theirs[1, 0] == pytest.approx(1 - (2 - 4 * 0.25**0.5))
    even = 0.5 * (2 - 4 * 0.0) + 0.5 * (2 - 4 * 1.0)
    assert first.own[1, 0] == pytest.approx(-1 - even)


def test_draws_give_what_single_issues_give():
    rng = np.random.default_rng(4)
    n, draws = 6, 25
    power = rng.uniform(0.1, 1, n)
    x, s = rng.uniform(0, 100, (draws, n)), rng.uniform(0.1, 1, (draws, n))
    names = tuple("ABCDEF")
    together = forecast(Issue(names, x, power, s))
    singly = [bargain(Issue(names, x[d], power, s[d])).forecast for d in range(draws)]
    assert together.tolist() == singly
    with pytest.raises(ModelError, match="no single course"):
        bargain(Issue(names, x, power, s))


def test_intervals_hold_the_draws_and_repeat_with_the_seed():
    best = issue([10, 40, 90, 60], [4, 2, 3, 1], [0.9, 0.5, 0.8, 0.3])
    found = []
    for _ in range(2):
        rng = np.random.default_rng(20)
        x = triangles(best.positions - 10, best.positions, best.positions + 10, rng, 500)
        found.append(intervals(best, Issue(best.actors, x, best.power, best.saliences)))
    assert found[0] == found[1]
    point = forecasts(best)
    for expected in found[0]:
        assert expected.low < expected.high
        assert expected.forecast == point[expected.model]
        assert expected.draws == 500


def test_narrow_ranges_give_narrow_intervals_of_the_mean():
    best = issue([20, 40, 90], [1, 1, 1])
    rng = np.random.default_rng(0)
    x = triangles(best.positions - 3, best.positions, best.positions + 3, rng, 20_000)
    mean = intervals(best, Issue(best.actors, x, best.power, best.saliences))[1]
    # Three symmetric triangles of variance 3²/6, averaged: nearly normal.
    half = 1.96 * math.sqrt(3**2 / 6 / 3)
    assert (mean.low, mean.high) == pytest.approx((50 - half, 50 + half), abs=0.05)


def test_accuracy_leaves_out_what_is_not_recorded():
    issues = [issue([0, 100], [3, 1]), issue([4, 10], [1, 1], ends=(0, 20)), issue([5, 6], [1, 1])]
    found = accuracy(issues, np.array([25, 8, np.nan]))
    errors = dict(zip(found.models, found.mean_absolute_error, strict=True))
    assert found.scored == 2
    assert errors["mean"] == pytest.approx((0 + 100 * 1 / 20) / 2)
    assert errors["median"] == pytest.approx((25 + 100 * 1 / 20) / 2)
    assert np.isnan(found.errors[:, 2]).all()
    with pytest.raises(ModelError, match="one outcome for each issue"):
        accuracy(issues, np.array([1.0]))


def test_swings_by_hand_and_one_by_one():
    whole = issue([10, 40, 90], [1, 1, 2])
    found = swings(whole)
    # Half of the weight is C's: with both others on one side the median is midway to the nearer.
    assert found["median"].tolist() == [[65, 90], [50, 90], [5, 70]]
    assert (
        found["median"].tolist() == swing_reach(whole.positions, whole.weights, (0, 100)).tolist()
    )
    assert found["mean"][2] == pytest.approx([50 / 4, 250 / 4])
    for actor in range(3):
        for side, end in enumerate((0.0, 100.0)):
            x = whole.positions.copy()
            x[actor] = end
            alone = bargain(issue(x, whole.power)).forecast
            assert found["challenge"][actor, side] == pytest.approx(alone)


@pytest.mark.parametrize(
    "faulty",
    [
        {"status_quo_chance": 2},
        {"accept": "kindest"},
        {"settles": "never"},
        {"tolerance": -1},
        {"rounds": 0},
    ],
)
def test_faulty_rules_are_refused(faulty):
    with pytest.raises(ModelError):
        ChallengeRules(**faulty)
