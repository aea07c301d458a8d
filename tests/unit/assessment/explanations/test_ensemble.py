"""Draws behind intervals: the same whoever works, on disk as in memory, gone on with."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.assessment import explanations
from counterpoise.assessment.explanations import effects, fits
from counterpoise.assessment.explanations.contest import World, contest
from counterpoise.assessment.explanations.effects import Refit
from counterpoise.assessment.explanations.ensemble import PIECE, Ensemble, resampled
from counterpoise.assessment.explanations.explain import moved as moved_to_median
from counterpoise.assessment.explanations.question import ask
from counterpoise.assessment.explanations.specification import STANDARD
from counterpoise.errors import MissingExtraError
from counterpoise.workers import using


def row(number: int) -> list[float]:
    return [float(number), *np.random.default_rng(number).random(2)]


def test_memory_disk_and_workers_give_the_same_rows(tmp_path):
    alone = Ensemble(2 * PIECE + 3).table("t", 3, row)
    assert alone.shape == (2 * PIECE + 3, 3)
    assert alone[:, 0].tolist() == list(range(2 * PIECE + 3))
    kept = Ensemble(2 * PIECE + 3, folder=tmp_path).table("t", 3, row)
    assert isinstance(kept, np.memmap)
    assert kept.tobytes() == alone.tobytes()
    with using(2):
        assert Ensemble(2 * PIECE + 3).table("t", 3, row).tobytes() == alone.tobytes()


def test_more_draws_keep_those_that_were_there():
    few, many = (Ensemble(n).table("t", 3, row) for n in (5, 50))
    assert few.tobytes() == many[:5].tobytes()
    assert Ensemble(0).table("t", 3, row).shape == (0, 3)


def test_stopped_work_goes_on_and_strange_draws_are_left_alone(tmp_path):
    asked: list[int] = []

    def stopping(number: int) -> list[float]:
        asked.append(number)
        if number == PIECE and asked.count(PIECE) == 1:
            raise KeyboardInterrupt
        return row(number)

    ensemble = Ensemble(2 * PIECE, {"answer": "a"}, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        ensemble.table("t", 3, stopping)
    assert (
        ensemble.table("t", 3, stopping).tobytes()
        == Ensemble(2 * PIECE).table("t", 3, row).tobytes()
    )
    # The first piece was whole and was not made again.
    assert asked.count(0) == 1
    others = (Ensemble(2 * PIECE, {"answer": "b"}, tmp_path), "t"), (ensemble, "u")
    for other, name in others:
        assert other.table(name, 3, lambda k: [0.0, 0.0, 0.0]).max() == 0


def test_resampling_keeps_the_number_of_clusters():
    drawn = np.array([resampled(7, k, 12) for k in range(4000)])
    assert (drawn.sum(axis=1) == 12).all()
    # A bootstrap leaves a cluster out with probability (11/12)^12 and counts it once on average.
    assert drawn.mean(axis=0) == pytest.approx(np.ones(12), abs=0.08)
    assert (drawn == 0).mean() == pytest.approx((11 / 12) ** 12, abs=0.01)
    assert np.array_equal(resampled(7, 3, 12), drawn[3])


def test_silence_under_a_real_explanation_is_the_same_from_memory_disk_and_processes(tmp_path):
    world = World.of(ask("USA", 1991, 2018, STANDARD), STANDARD)
    name = world.theories[0]
    runner = contest(world, (name,), lambda stage, finished, total: None)[name]
    refit = Refit.of(world.problem(name), world.ground)
    moved = [moved_to_median(world, refit, name, name)]

    def drawn(folder=None):
        ensemble = Ensemble(PIECE + 2, {"answer": "test"}, folder)
        return effects.drawn(refit, runner.likelihood, moved, ensemble, name)

    alone = drawn()
    silence, (change,) = alone
    assert silence.taken.low < silence.taken.high
    assert change.change.estimate == pytest.approx(change.at_median - silence.taken.estimate)
    assert drawn(tmp_path) == alone
    assert len(list(tmp_path.glob("draws-*/rows.npy"))) == 1
    with using(2):
        assert drawn() == alone


def test_a_missing_library_is_told_before_any_work(monkeypatch):
    monkeypatch.setattr(fits, "find_spec", lambda name: None)
    monkeypatch.setattr(World, "of", lambda *given: pytest.fail("work was begun"))
    with pytest.raises(MissingExtraError, match=r"scikit-learn.*pip install"):
        explanations.explain("USA", 1991, 2018, use_cache=False)
