"""Arrays of many draws, made piece by piece and written to disk as they come.

A piece is a run of rows. It is written before it is marked as done, with a check of its bytes, so
work that was killed goes on from the whole pieces that are there. Arrays on disk are read as they
are needed: memory does not grow with the number of draws.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise import workers
from counterpoise.files import file_errors, write_bytes

Column = tuple[str, tuple[int, ...]]
"""Type of an array and the shape of one row, such as ``("float64", (50,))``."""

Arrays = Mapping[str, NDArray[Any]]
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Shelf:
    """Where the rows of an ensemble are kept.

    Parameters
    ----------
    rows : draws in all.
    size : draws in one piece, by which the work is shared out.
    columns : type and row shape of each array.
    what : everything that the rows depend on; it names the folder.
    folder : where they are kept; None keeps them in memory.
    """

    rows: int
    size: int
    columns: Mapping[str, Column]
    what: Mapping[str, object]
    folder: Path | None = None

    def filled(
        self, work: Callable[[range], Arrays], tell: Tell = lambda finished, total: None
    ) -> Arrays:
        """All rows, of which those that are not there are made first.

        Parameters
        ----------
        work : from a run of rows to their arrays; it may depend on nothing else.
        tell : called with the rows finished and in all.

        Raises
        ------
        DataError : the folder cannot be written or the disk is full.
        """
        pieces = workers.pieces(self.rows, self.size)
        place = None if self.folder is None else _Place.opened(self, self.folder)
        memory = {} if place else {n: np.empty(self._shape(n), self._type(n)) for n in self.columns}
        left = [k for k, piece in enumerate(pieces) if place is None or not place.has(k, piece)]
        finished = self.rows - sum(len(pieces[k]) for k in left)
        tell(finished, self.rows)
        for number, arrays in workers.unordered(partial(work), [pieces[k] for k in left]):
            piece = pieces[left[number]]
            if place is not None:
                place.write(left[number], piece, arrays)
            for name, whole in memory.items():
                whole[piece.start : piece.stop] = arrays[name]
            finished += len(piece)
            tell(finished, self.rows)
        return memory if place is None else place.arrays()

    def _shape(self, name: str) -> tuple[int, ...]:
        return (self.rows, *self.columns[name][1])

    def _type(self, name: str) -> np.dtype[Any]:
        return np.dtype(self.columns[name][0])


@dataclass(frozen=True)
class _Place:
    """The folder of one shelf: an ``.npy`` file per array and a mark per piece."""

    shelf: Shelf
    folder: Path

    @classmethod
    def opened(cls, shelf: Shelf, folder: Path) -> _Place:
        """Open the folder of this very work, or start it."""
        asked = {
            "rows": shelf.rows,
            "size": shelf.size,
            "columns": dict(shelf.columns),
            "what": dict(shelf.what),
        }
        text = json.dumps(asked, sort_keys=True, default=str).encode()
        place = cls(shelf, folder / f"draws-{hashlib.sha256(text).hexdigest()[:16]}")
        with file_errors(place.folder):
            place.folder.mkdir(parents=True, exist_ok=True)
            if not (place.folder / "plan.json").is_file():
                for name in shelf.columns:
                    place._start(name)
                write_bytes(place.folder / "plan.json", text)
        return place

    def _start(self, name: str) -> None:
        """An array with its header and no rows yet: written row by row, so a full disk is told."""
        path = self._file(name)
        np.lib.format.open_memmap(
            path, "w+", self.shelf._type(name), self.shelf._shape(name), version=(1, 0)
        )

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.npy"

    def _mark(self, number: int) -> Path:
        return self.folder / f"piece-{number:06d}"

    def has(self, number: int, piece: range) -> bool:
        """Is a piece there and whole?"""
        try:
            told = self._mark(number).read_text()
            arrays = self.arrays()
            return told == _check([arrays[n][piece.start : piece.stop] for n in self.shelf.columns])
        except (OSError, ValueError):
            return False

    def write(self, number: int, piece: range, arrays: Arrays) -> None:
        """Write the rows of a piece, then the mark that it is done."""
        rows = [np.ascontiguousarray(arrays[n], self.shelf._type(n)) for n in self.shelf.columns]
        with file_errors(self.folder):
            for name, part in zip(self.shelf.columns, rows, strict=True):
                start = np.load(self._file(name), mmap_mode="r").offset
                with self._file(name).open("r+b") as stream:
                    stream.seek(start + piece.start * (part.nbytes // len(piece)))
                    stream.write(part.tobytes())
            write_bytes(self._mark(number), _check(rows).encode())

    def arrays(self) -> Arrays:
        """The arrays, read from disk as they are used."""
        return {n: np.load(self._file(n), mmap_mode="r") for n in self.shelf.columns}


def _check(arrays: Sequence[NDArray[Any]]) -> str:
    """A check sum over the bytes of a piece."""
    found = 0
    for part in arrays:
        found = zlib.crc32(np.ascontiguousarray(part).tobytes(), found)
    return f"{found:08x}"
