"""Ensembles behind the intervals and the null: rows of figures by draw.

A row depends on the number of its draw alone, so it is the same whoever works it out, and however
many rows there are. Rows go to disk as they come where a folder is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import workers
from counterpoise.assessment.explanations import threads
from counterpoise.shelves import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Row = Callable[[int], Sequence[float]]

PIECE = 10
"""Rows of an ensemble that go together, unless it says otherwise."""


@dataclass(frozen=True)
class Ensemble:
    """How many draws are made, and where they are kept.

    Attributes
    ----------
    draws : rows of every table.
    what : everything that rows rest on but their own name; it tells kept ones apart.
    folder : where rows are kept and taken up again; None keeps them in memory.
    piece : rows that are worked out and written together.
    """

    draws: int
    what: Mapping[str, object] = field(default_factory=dict)
    folder: Path | None = None
    piece: int = PIECE

    def table(
        self,
        name: str,
        width: int,
        row: Row,
        tell: Callable[[int, int], None] = lambda finished, total: None,
    ) -> Array:
        """One row per draw; (draws, width), read from disk as it is used where it lies there.

        Parameters
        ----------
        name : tells the table from others of the ensemble.
        row : from the number of a draw to its figures; it may depend on nothing else.
        tell : called with the rows finished and in all.
        """
        # Whoever gets a whole piece works on one row after the other: others have theirs.
        alone = workers.crew().is_alone

        def piece(numbers: range) -> Mapping[str, Array]:
            rows = threads.each(row, numbers) if alone else map(row, numbers)
            return {"rows": np.array(list(rows), dtype=np.float64)}

        columns = {"rows": ("float64", (width,))}
        what = {**self.what, "table": name}
        return Shelf(self.draws, self.piece, columns, what, self.folder).filled(piece, tell)["rows"]


def resampled(seed: int, number: int, count: int) -> Array:
    """How often each of ``count`` clusters is drawn in one resampling; (count,)."""
    rng = np.random.default_rng([seed, number])
    return rng.multinomial(count, np.full(count, 1 / count)).astype(np.float64)
