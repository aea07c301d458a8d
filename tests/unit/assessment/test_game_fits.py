"""The weights in the package, their estimation, and the test against simple rivals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from counterpoise import record
from counterpoise.assessment import game_fits as fits
from counterpoise.models import balancing_fit
from counterpoise.models.balancing_game import ACTIONS, TERMS, Parameters, terms
from counterpoise.workers import single_thread


@pytest.fixture(scope="module")
def learnt() -> tuple[fits.Played, ...]:
    return fits.sample(fits.FIRST, fits.LAST)


@pytest.fixture(scope="module")
def few() -> tuple[fits.Played, ...]:
    return fits.sample(1830, 1910, 20, 2)


def test_the_strongest_of_a_year() -> None:
    assert fits.strongest(1985) == (365, 2, 710)
    assert fits.strongest(1890, 1) == (200,)


def test_the_committed_weights_are_where_the_likelihood_is_flat(learnt) -> None:
    found = fits.estimated()
    values = np.array([getattr(found, name) for name in fits.FREE])
    with single_thread():
        start = fits.answering(learnt, fits.FREE)
        likelihood = balancing_fit._Likelihood(
            [p.game.problem for p in learnt],
            [p.actions for p in learnt],
            fits.FREE,
            start,
            fits.RIDGE,
        )
        here = likelihood.at(values)
    slope = here.gradients.sum(axis=0) - likelihood.ridge * likelihood.away(values)
    step = np.linalg.solve(here.information + likelihood.ridge * np.eye(values.size), slope)
    inverse = np.linalg.inv(here.information + likelihood.ridge * np.eye(values.size))
    spread = np.sqrt(np.diag(inverse))
    assert (np.abs(step) < 0.25 * spread).all()
    table = record.coded("game_parameters")
    assert set(table.filter(table["is_free"])["name"]) == set(fits.FREE)
    errors = table.filter(table["is_free"])["standard_error"].to_numpy()
    order = [list(table.filter(table["is_free"])["name"]).index(n) for n in fits.FREE]
    assert np.allclose(errors[order], spread, rtol=0.02)


def test_last_years_choice_is_the_one_of_last_year(few) -> None:
    for one in few:
        earlier = fits.choices(one.game.ccodes, one.game.target, one.game.year - 1)
        for code, before in zip(one.game.ccodes, one.before, strict=True):
            assert before in (earlier[code].action, fits.NO_CHOICE)


def test_the_start_answers_what_others_did(few) -> None:
    start = fits.answering(few, fits.FREE)
    assert all(getattr(start, name) == 0 for name in TERMS if name not in fits.FREE)

    def log_likelihood(weights: Parameters) -> float:
        total = 0.0
        for one in few:
            game = terms(one.game.problem).game(weights.vector())
            pays = game.payoffs(np.eye(len(ACTIONS))[one.actions])
            chance = np.exp(pays - pays.max(axis=1, keepdims=True))
            chance /= chance.sum(axis=1, keepdims=True)
            total += np.log(chance[np.arange(len(one.actions)), one.actions]).sum()
        penalty = sum(getattr(weights, name) ** 2 for name in fits.FREE) / 2
        return float(total - penalty)

    best = log_likelihood(start)
    for name in fits.FREE:
        for step in (-0.05, 0.05):
            assert log_likelihood(replace(start, **{name: getattr(start, name) + step})) < best


def test_held_out_scores(learnt) -> None:
    tested = fits.sample(1995, 2005, 10)
    found = fits.held_out(fits.estimated(), learnt, tested, seed=1)
    by_name = {f.name: f for f in found.forecasters}
    assert set(by_name) == {"game", "climatology", "persistence", "logit", "logit with last choice"}
    assert found.choices == sum(len(p.actions) for p in tested)
    assert sum(found.shares.values()) == pytest.approx(1)
    assert by_name["climatology"].skill.estimate == 0
    # A negative answer: whoever knows last year's choice does far better than the game.
    assert by_name["persistence"].log.estimate < by_name["game"].log.estimate
    assert found.beats["persistence"].low > 0
    gap = by_name["game"].log.estimate - by_name["logit"].log.estimate
    assert found.beats["logit"].estimate == pytest.approx(gap)
    assert found == fits.held_out(fits.estimated(), learnt, tested, seed=1)


def test_writing_and_reading_weights(tmp_path, few) -> None:
    free = ("cost", "reward", "withdrawal")
    found = fits.estimate(few, free)
    assert found.is_converged
    path = tmp_path / "weights.csv"
    fits.write_fit(found, path)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0][:2] == ["name", "value"]
    assert [row[0] for row in rows[1:]] == list(TERMS)
    assert float(rows[1][1]) == pytest.approx(found.parameters.cost, abs=1e-6)
    assert fits.fit_dict(found)["free"] == list(free)
