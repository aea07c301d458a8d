"""Delay of emission standards for medium-sized cars, in years: the field's standard example.

Twelve-state Community of the 1980s without Spain and Portugal; capabilities, positions (years of
delay) and saliences as used by Bueno de Mesquita & Stokman (1994), European Community Decision
Making, and again by Scholz, Calbert & Smith (2011). The weighted mean of the table is printed by a
public replication of the latter as 7.389955686853767; the weighted median voter is at 7 years. The
recorded outcome, 8.833 years, is from the 1994 book as we know it (not checked against a copy).
"""

import numpy as np
import pytest

from counterpoise.models.bargaining import Issue
from counterpoise.models.bargaining_forecasts import accuracy, forecasts
from counterpoise.models.challenge import ChallengeRules, bargain

TABLE = [
    ("Netherlands", 0.08, 4, 80),
    ("Belgium", 0.08, 7, 40),
    ("Luxembourg", 0.03, 4, 20),
    ("Germany", 0.16, 4, 80),
    ("France", 0.16, 10, 60),
    ("Italy", 0.16, 10, 60),
    ("United Kingdom", 0.16, 10, 90),
    ("Ireland", 0.05, 7, 10),
    ("Denmark", 0.05, 4, 100),
    ("Greece", 0.08, 7, 70),
]
OUTCOME = 8.833
NAMES, POWER, POSITIONS, SALIENCES = (list(column) for column in zip(*TABLE, strict=True))
ISSUE = Issue(
    tuple(NAMES),
    np.array(POSITIONS, float),
    np.array(POWER),
    np.array(SALIENCES) / 100,
    (4.0, 10.0),
)


def test_median_and_mean_as_printed():
    found = forecasts(ISSUE)
    assert found["median"] == 7
    assert found["mean"] == pytest.approx(7.389955686853767, abs=1e-12)


def test_least_and_most_secure_actors_have_the_extreme_exponents():
    # The replication prints exponents of .5 for Luxembourg and 2 for the United Kingdom.
    risk = bargain(ISSUE).rounds[0].risk
    assert risk[NAMES.index("Luxembourg")] == pytest.approx(0.5)
    assert risk[NAMES.index("United Kingdom")] == pytest.approx(2.0)


def test_the_mean_is_hard_to_beat():
    found = accuracy([ISSUE], np.array([OUTCOME]))
    errors = dict(zip(found.models, found.mean_absolute_error, strict=True))
    assert errors["mean"] == pytest.approx(100 * (OUTCOME - 7.389955686853767) / 6)
    assert errors["mean"] < errors["challenge"]


@pytest.mark.parametrize("accept", ["nearest", "strongest"])
def test_every_reading_stays_between_the_extremes(accept):
    found = bargain(ISSUE, ChallengeRules(accept=accept))
    assert found.stopped == "settled"
    assert 4 <= found.forecast <= 10
