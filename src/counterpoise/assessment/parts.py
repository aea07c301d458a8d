"""Work done part by part: in parallel, streamed to disk, resumed where it stopped.

Each part is a list of jobs whose results are two lists of rows. A part is written once it is
done, to a temporary name and then moved, and never written again: work that is interrupted starts
from the parts that are there. The rows of a part do not depend on which worker did it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import workers
from counterpoise.errors import DataError
from counterpoise.files import replacing, write_bytes

if TYPE_CHECKING:
    from counterpoise.schema import DataType

Rows = list[dict[str, Any]]
Work = Callable[[Any, Any], tuple[Rows, Rows]]
"""From a plan and a part of its jobs to the rows of both tables."""


@dataclass(frozen=True)
class Store:
    """A folder of finished parts of one piece of work; without one they are kept in memory.

    ``schemas`` holds the columns of the two tables.
    """

    folder: Path | None
    schemas: tuple[dict[str, DataType], dict[str, DataType]]

    @classmethod
    def opened(
        cls,
        folder: Path | None,
        what: dict[str, object],
        schemas: tuple[dict[str, DataType], dict[str, DataType]],
    ) -> Store:
        """Open or start the folder of a piece of work, under a name made from ``what``.

        Raises
        ------
        DataError : the folder cannot be written.
        """
        if folder is None:
            return cls(None, schemas)
        text = json.dumps(what, sort_keys=True, default=str)
        place = folder / f"scan-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"Cannot write {place}: {error.strerror}") from None
        write_bytes(place / "plan.json", text.encode())
        return cls(place, schemas)

    def has(self, number: int) -> bool:
        """Is a part done?"""
        return self.read(number) is not None

    def write(self, number: int, tables: tuple[Rows, Rows]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Keep the two tables of a part. The second is moved last and completes it."""
        frames = self._frame(tables[0], 0), self._frame(tables[1], 1)
        if self.folder is not None:
            for which, frame in enumerate(frames):
                with replacing(self._path(number, which)) as path:
                    frame.write_parquet(path)
        return frames

    def _frame(self, rows: Rows, which: int) -> pl.DataFrame:
        return pl.DataFrame(rows, schema=self.schemas[which], orient="row")

    def read(self, number: int) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        """The two tables of a part; None where it is not there, not whole or of another form."""
        if self.folder is None:
            return None
        try:
            one, two = (pl.read_parquet(self._path(number, which)) for which in (0, 1))
        except (OSError, pl.exceptions.PolarsError):
            return None
        if (dict(one.schema), dict(two.schema)) != self.schemas:
            return None
        return one, two

    def _path(self, number: int, which: int) -> Path:
        assert self.folder is not None
        return self.folder / f"part-{number:05d}-{which}.parquet"


def done(
    work: Work,
    plan: Any,
    parts: Sequence[Any],
    store: Store,
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Do all parts that are not done, and return both tables in the order of the parts.

    Who works is chosen outside, by ``workers.using``.

    Parameters
    ----------
    tell : called with the number of parts finished and in all.

    Raises
    ------
    DataError : a part cannot be written, or its workers kept dying.
    MissingExtraError : more than one worker, and joblib is not installed.
    """
    kept = {k: found for k in range(len(parts)) if (found := store.read(k)) is not None}
    tell(len(kept), len(parts))
    left = [k for k in range(len(parts)) if k not in kept]

    for place, tables in workers.unordered(partial(work, plan), [parts[k] for k in left]):
        kept[left[place]] = store.write(left[place], tables)
        tell(len(kept), len(parts))
    ordered = [kept[k] for k in range(len(parts))]
    blank = tuple(pl.DataFrame(schema=schema) for schema in store.schemas)
    one, two = (pl.concat([blank[i], *(tables[i] for tables in ordered)]) for i in (0, 1))
    return one, two
