"""Arrays of many draws: whole, the same from disk and memory, gone on with, never half."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

import numpy as np
import pytest

from counterpoise import shelves
from counterpoise.errors import DataError
from counterpoise.shelves import Shelf
from counterpoise.workers import using

COLUMNS = {"x": ("float64", (3,)), "flag": ("bool", ()), "n": ("int8", (2, 2))}


def made(rows: range) -> dict[str, np.ndarray]:
    rngs = [np.random.default_rng(k) for k in rows]
    return {
        "x": np.array([rng.random(3) for rng in rngs]),
        "flag": np.array([k % 2 == 0 for k in rows]),
        "n": np.array([np.full((2, 2), k % 100) for k in rows]),
    }


def shelf(folder: Path | None, what: str = "this") -> Shelf:
    return Shelf(23, 5, COLUMNS, {"what": what}, folder)


def same(one: shelves.Arrays, two: shelves.Arrays) -> bool:
    return all(np.array_equal(one[name], two[name]) for name in COLUMNS)


def test_disk_memory_and_workers_give_the_same(tmp_path: Path) -> None:
    alone = shelf(None).filled(made)
    assert alone["x"].shape == (23, 3)
    assert np.array_equal(alone["x"][22], np.random.default_rng(22).random(3))
    kept = shelf(tmp_path).filled(made)
    assert isinstance(kept["x"], np.memmap)
    assert same(alone, kept)
    with using(2):
        assert same(alone, shelf(tmp_path / "two").filled(made))


def test_killed_work_goes_on(tmp_path: Path) -> None:
    asked: list[int] = []

    def stopping(rows: range) -> dict[str, np.ndarray]:
        asked.append(rows.start)
        if rows.start == 10 and len(asked) == 3:
            raise KeyboardInterrupt
        return made(rows)

    with pytest.raises(KeyboardInterrupt):
        shelf(tmp_path).filled(stopping)
    told: list[tuple[int, int]] = []
    found = shelf(tmp_path).filled(stopping, lambda a, b: told.append((a, b)))
    assert asked == [0, 5, 10, 10, 15, 20]
    assert told[0] == (10, 23)
    assert told[-1] == (23, 23)
    assert same(found, shelf(None).filled(made))


@pytest.mark.parametrize("name", ["x.npy", "piece-000002"])
def test_damaged_pieces_are_made_again(tmp_path: Path, name: str) -> None:
    shelf(tmp_path).filled(made)
    (folder,) = tmp_path.iterdir()
    data = bytearray((folder / name).read_bytes())
    data[-20 if name == "x.npy" else 0] ^= 1
    (folder / name).write_bytes(data)
    asked: list[int] = []

    def watched(rows: range) -> dict[str, np.ndarray]:
        asked.append(rows.start)
        return made(rows)

    found = shelf(tmp_path).filled(watched)
    assert len(asked) == 1
    assert same(found, shelf(None).filled(made))


def test_other_work_has_another_folder(tmp_path: Path) -> None:
    shelf(tmp_path, "this").filled(made)
    shelf(tmp_path, "that").filled(made)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_full_disk_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    """A limit on the size of files stands for a disk that fills up."""
    big = Shelf(2000, 100, {"x": ("float64", (100,))}, {}, tmp_path)

    def wide(rows: range) -> dict[str, np.ndarray]:
        if rows.start == 1000:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000 * 800 + 50_000, before[1]))
        return {"x": np.full((len(rows), 100), float(rows.start))}

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with pytest.raises(DataError, match="Cannot write"):
            big.filled(wide)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    told: list[tuple[int, int]] = []
    found = big.filled(
        lambda rows: {"x": np.full((len(rows), 100), float(rows.start))},
        lambda a, b: told.append((a, b)),
    )
    assert told[0][0] == 1000
    assert np.array_equal(found["x"][:, 0], np.arange(2000) // 100 * 100.0)
