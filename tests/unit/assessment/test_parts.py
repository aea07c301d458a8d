"""Work done part by part: same for any number of workers, resumed, never counted twice."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from counterpoise.assessment.parts import Rows, Store, done
from counterpoise.errors import DataError
from counterpoise.workers import using

SCHEMAS = ({"part": pl.Int64, "value": pl.Float64}, {"part": pl.Int64})
JOBS = [[k, k + 1] for k in range(7)]


def work(plan: Path, part: list[int]) -> tuple[Rows, Rows]:
    """Note in a file that a part was done, so that work in other processes is counted too."""
    with (plan / "log").open("a") as log:
        log.write(f"{part[0]}\n")
    return [{"part": part[0], "value": k / 3} for k in part], [{"part": part[0]}]


def dying(plan: Path, part: list[int]) -> tuple[Rows, Rows]:
    """Kill the worker the first time that it comes to part 4."""
    if part[0] == 4 and not (plan / "died").exists():
        (plan / "died").touch()
        os._exit(1)
    return work(plan, part)


def log(folder: Path) -> list[int]:
    return [int(line) for line in (folder / "log").read_text().split()]


def opened(folder: Path | None, what: str = "this") -> Store:
    return Store.opened(folder, {"what": what}, SCHEMAS)


def test_both_tables_come_in_the_order_of_the_parts(tmp_path: Path) -> None:
    one, two = done(work, tmp_path, JOBS, opened(None))
    assert two["part"].to_list() == list(range(7))
    assert one["value"].to_list() == [k / 3 for job in JOBS for k in job]


def test_any_number_of_workers_gives_the_same(tmp_path: Path) -> None:
    alone = done(work, tmp_path, JOBS, opened(None))
    with using(2):
        together = done(work, tmp_path, JOBS, opened(tmp_path / "kept"))
    assert all(a.equals(b) for a, b in zip(alone, together, strict=True))


def test_interrupted_work_goes_on_from_what_was_written(tmp_path: Path) -> None:
    def stop(finished: int, total: int) -> None:
        if finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done(work, tmp_path, JOBS, opened(tmp_path / "kept"), tell=stop)
    assert log(tmp_path) == [0, 1, 2]
    told: list[tuple[int, int]] = []
    found = done(
        work, tmp_path, JOBS, opened(tmp_path / "kept"), tell=lambda a, b: told.append((a, b))
    )
    assert log(tmp_path) == [0, 1, 2, 3, 4, 5, 6]
    assert told[0] == (3, 7)
    assert told[-1] == (7, 7)
    assert found[0].equals(done(work, tmp_path, JOBS, opened(None))[0])


def test_finished_work_is_not_done_again(tmp_path: Path) -> None:
    first = done(work, tmp_path, JOBS, opened(tmp_path / "kept"))
    again = done(work, tmp_path, JOBS, opened(tmp_path / "kept"))
    assert len(log(tmp_path)) == 7
    assert first[0].equals(again[0])


def test_a_part_whose_worker_died_is_done_again(tmp_path: Path) -> None:
    with using(2):
        found = done(dying, tmp_path, JOBS, opened(tmp_path / "kept"))
    assert (tmp_path / "died").exists()
    assert found[1]["part"].to_list() == list(range(7))


@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "noise"])
def test_a_damaged_part_is_done_again(tmp_path: Path, damage: str) -> None:
    store = opened(tmp_path / "kept")
    first = done(work, tmp_path, JOBS, store)
    assert store.folder is not None
    path = store.folder / "part-00002-1.parquet"
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        spoilt = {"cut": content[:-10], "empty": b"", "noise": b"PAR1" + os.urandom(99)}
        path.write_bytes(spoilt[damage])
    again = done(work, tmp_path, JOBS, opened(tmp_path / "kept"))
    assert log(tmp_path) == [*range(7), 2]
    assert first[0].equals(again[0])


def test_a_part_is_not_done_until_both_of_its_tables_are_there(tmp_path: Path) -> None:
    store = opened(tmp_path / "kept")
    assert not store.has(0)
    store.write(0, work(tmp_path, JOBS[0]))
    assert store.has(0)
    assert store.folder is not None
    (store.folder / "part-00000-1.parquet").unlink()
    assert not store.has(0)


def test_another_question_has_another_folder(tmp_path: Path) -> None:
    one, two = opened(tmp_path, "this"), opened(tmp_path, "that")
    assert one.folder != two.folder
    assert opened(tmp_path, "this").folder == one.folder


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="file"):
        opened(tmp_path / "file")
