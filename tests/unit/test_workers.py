"""The same to the last digit whoever works; a worker that dies costs nothing but time."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from counterpoise import workers
from counterpoise.errors import DataError, QuestionError

DEATHS = "deaths"


def slowly(folder: Path, number: int) -> float:
    """Note each job that is done, and take a while."""
    time.sleep(0.15)
    with (folder / "log").open("a") as log:
        log.write(f"{number}\n")
    return number / 3


def dying(folder: Path, number: int) -> float:
    """Kill the process at the job 3, the first time."""
    if number == 3 and not (folder / DEATHS).exists():
        (folder / DEATHS).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return slowly(folder, number)


def always_dying(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def faulty(number: int) -> None:
    raise DataError(f"job {number} is at fault")


def sums(number: int) -> float:
    """A product of matrices, whose last digits depend on the number of threads."""
    rng = np.random.default_rng(number)
    return float((rng.random((300, 300)) @ rng.random((300, 300))).sum())


def test_results_come_once_each_and_in_order(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found = workers.each(partial(slowly, tmp_path), [4, 5, 6], lambda a, b: told.append((a, b)))
    assert found == [4 / 3, 5 / 3, 2.0]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_any_number_of_workers_gives_the_same_digits() -> None:
    alone = workers.each(sums, range(5))
    for count in (2, 3):
        with workers.using(count):
            assert workers.each(sums, range(5)) == alone


def test_closures_and_nested_work_go_along() -> None:
    base = np.arange(4.0)
    with workers.using(2):
        found = workers.each(lambda k: workers.each(lambda j: base[j] * k, range(4)), range(3))
    assert found[2] == [0, 2, 4, 6]


def test_a_dead_process_is_replaced_and_nothing_is_told_twice(tmp_path: Path) -> None:
    with workers.using(2):
        found = list(workers.unordered(partial(dying, tmp_path), range(8)))
    assert (tmp_path / DEATHS).exists()
    assert sorted(found) == [(k, k / 3) for k in range(8)]


def test_workers_that_keep_dying_are_said_to() -> None:
    with workers.using(2), pytest.raises(DataError, match="3 parts could not be done"):
        workers.each(always_dying, range(3))


def test_errors_of_the_work_come_through() -> None:
    for count in (1, 2):
        with workers.using(count), pytest.raises(DataError, match="is at fault"):
            workers.each(faulty, range(3))


def test_the_choice_ends_with_its_block() -> None:
    with workers.using(2):
        assert workers.crew().count == 2
        with workers.using():
            assert workers.crew().count == 2
    assert workers.crew().is_alone


@pytest.mark.parametrize("count", [0, -2])
def test_impossible_numbers(count: int) -> None:
    with pytest.raises(QuestionError, match="1 or more"), workers.using(count):
        pass


def test_a_scheduler_has_an_address_and_answers() -> None:
    with pytest.raises(QuestionError, match="such as tcp://"), workers.using(scheduler="cluster"):
        pass
    with pytest.raises(QuestionError, match="either"), workers.using(2, "tcp://127.0.0.1:1"):
        pass


def test_pieces_cover_everything_once() -> None:
    assert [list(p) for p in workers.pieces(7, 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert workers.pieces(0, 3) == []
