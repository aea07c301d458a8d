"""From joiners to silence: the law of clumps by formula, by simulation, and by what it recovers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.assessment.explanations.silence import Law, Windows, likelihood
from counterpoise.errors import DataError

positive = st.floats(0.01, 20)


def windows(some, spell):
    n = len(some)
    return Windows(np.arange(n), np.asarray(spell), np.asarray(some), np.arange(n))


def test_without_frailty_it_is_the_poisson_zero():
    law = Law(0.5, 1.0, 0.0)
    assert law.silence(np.array([2.0, 4.0])) == pytest.approx(np.exp(-3.0))
    assert law.some(np.array([2.0]))[0] == pytest.approx(1 - np.exp(-1.0))


def test_with_frailty_it_is_the_mean_over_gamma_draws():
    rng = np.random.default_rng(3)
    u = rng.gamma(1 / 0.5, 0.5, 400_000)
    expected = np.array([1.0, 3.0])
    law = Law(0.4, 1.0, 0.5)
    assert law.silence(expected) == pytest.approx(np.exp(-u * 0.4 * 4.0).mean(), abs=2e-3)


def test_clumps_of_one_size_divide_the_joiners():
    """Pacts of exactly m joiners arriving at random: silence is exp(-E / m)."""
    rng = np.random.default_rng(5)
    m, expected = 4, 6.0
    pacts = rng.poisson(expected / m, 200_000)
    assert Law(1 / m, 1.0, 0.0).silence(np.array([expected])) == pytest.approx(
        (pacts == 0).mean(), abs=3e-3
    )


@given(positive, positive, st.floats(0, 1.5), st.sampled_from([0.0, 0.25, 2.0]))
def test_more_joiners_never_make_silence_likelier(one, more, power, frailty):
    law = Law(0.3, power, frailty)
    assert law.silence(np.array([one + more])) <= law.silence(np.array([one])) + 1e-12
    assert 0 <= law.silence(np.array([one])) <= 1


@given(positive, st.sampled_from([0.125, 0.5, 4.0]))
def test_frailty_never_makes_silence_rarer(expected, frailty):
    e = np.array([expected])
    assert Law(0.5, 1.0, frailty).silence(e) >= Law(0.5, 1.0, 0.0).silence(e) - 1e-12


def test_a_part_of_a_window_counts_in_part():
    law, e = Law(0.5, 1.0, 0.0), np.array([2.0, 2.0])
    assert law.silence(e, np.array([1.0, 0.5])) == pytest.approx(np.exp(-1.5))


def test_the_law_is_recovered_from_what_it_made():
    rng = np.random.default_rng(7)
    spells, each, true = 150, 8, Law(0.4, 1.0, 0.5)
    expected = rng.lognormal(0, 1, (spells, each))
    u = rng.gamma(1 / true.frailty, true.frailty, spells)[:, None]
    some = rng.random((spells, each)) < 1 - np.exp(-u * true.scale * expected)
    table = windows(some.ravel(), np.repeat(np.arange(spells), each))
    found = likelihood(table, expected.ravel(), np.ones(spells * each, dtype=bool))
    law, free = found.best(), found.best(recalibrated=True)
    assert law.scale == pytest.approx(true.scale, rel=0.3)
    assert law.frailty in (0.25, 0.5, 1.0)
    assert free.power == pytest.approx(1.0, abs=0.21)


def test_a_forecast_that_says_nothing_is_recalibrated_to_the_rate():
    rng = np.random.default_rng(9)
    expected = rng.lognormal(0, 1.5, 500)
    some = rng.random(500) < 0.36
    found = likelihood(windows(some, np.arange(500)), expected, np.ones(500, dtype=bool))
    law = found.best(recalibrated=True)
    assert law.power <= 0.2
    assert law.some(expected).mean() == pytest.approx(0.36, abs=0.05)


def test_spells_with_no_weight_have_no_say():
    some = np.array([True] * 20 + [False] * 20)
    table = windows(some, np.repeat([0, 1], 20))
    found = likelihood(table, np.ones(40), np.ones(40, dtype=bool))
    rarely, often = found.best(np.array([0.0, 1.0])), found.best(np.array([1.0, 0.0]))
    assert rarely.scale < 0.1 < 2 < often.scale


def test_nothing_to_judge_by_is_refused():
    with pytest.raises(DataError, match="No window"):
        likelihood(windows([True], [0]), np.ones(1), np.zeros(1, dtype=bool))
