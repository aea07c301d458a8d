"""The threat between all states over the years: one row per directed pair and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError
from counterpoise.measures.threat import COMBINATIONS
from counterpoise.measures.threats import threats
from counterpoise.panel.facts import look_up, of_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.threats import Matrices
    from counterpoise.panel.rows import Rows

    Values = NDArray[np.float64] | NDArray[np.bool_] | NDArray[np.int32]

FIRST, LAST = 1816, 2018
"""Years that ``threat_years`` gives by default; data of the year before the first are unknown."""

NAMES = {
    "power": "power_share1",
    "own_power": "power_share2",
    "distance_km": "border_km",
    "capital_km": "capital_km",
    "forward_km": "forward_km",
    "offence": "milex_share1",
    "equipment": "equipment_share1",
    "rival": "is_rival",
    "disputes": "disputes_10y",
    "victims": "victims_5y",
    "nuclear": "is_nuclear2",
    "both_democracies": "are_democracies",
}
"""Column of each component of ``measures.threat.Components``."""

FLAGS = ("is_border_approximate", "is_forward_complete")

COLUMNS = (*NAMES.values(), *FLAGS, *COMBINATIONS)
"""Columns beside the key: components, flags, and combinations."""


def threat_years(
    first: int = FIRST,
    last: int = LAST,
    metric: str = "cinc",
    columns: Sequence[str] = COLUMNS,
) -> pl.DataFrame:
    """Threat of state 1 to state 2, for all directed pairs of states of every year.

    A pair belongs to a year when both were in the state system on some day of it. The data are of
    the year before; null is unknown.

    Parameters
    ----------
    columns : which of ``COLUMNS`` to give.

    Returns
    -------
    ``ccode1`` (the threatening state), ``ccode2``, ``year`` and the columns, sorted by year,
    then state.

    Raises
    ------
    QuestionError : the years end before they begin.
    CoverageError : the state system does not reach back to the first year.
    UnknownNameError : no such column or metric.
    """
    _check(first, last, columns)
    # The cache of ``threats`` would only fill with years that nobody asks for again.
    build = threats.__wrapped__
    years = [_rows(build(year, metric), columns) for year in range(first, last + 1)]
    types = _types(columns)
    stacked = {
        name: pl.Series(name, np.concatenate([year.pop(name) for year in years]), nan_to_null=True)
        for name in types
    }
    return pl.DataFrame(stacked).cast(types)  # type: ignore[arg-type]


def _check(first: int, last: int, columns: Sequence[str]) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise UnknownNameError(f"Unknown columns {unknown}. There are: {', '.join(COLUMNS)}")
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    earliest = record.coverage("states")[0]
    if first < earliest:
        raise CoverageError(f"The state system is coded from {earliest}, not from {first}.")


def _types(columns: Sequence[str]) -> dict[str, type[pl.DataType]]:
    """Type of each column of the result, in its order."""
    whole = {"is_rival", "disputes_10y", "victims_5y", "is_nuclear2", "are_democracies"}
    return {
        "ccode1": pl.Int32,
        "ccode2": pl.Int32,
        "year": pl.Int32,
        **{
            name: pl.Boolean if name in FLAGS else pl.Int16 if name in whole else pl.Float64
            for name in columns
        },
    }


def _rows(matrices: Matrices, columns: Sequence[str]) -> dict[str, Values]:
    """One year as flat columns, row by row, without the diagonal."""
    number = len(matrices.places)
    apart = ~np.eye(number, dtype=bool)
    code = matrices.places.ccodes.astype(np.int32)
    flat: dict[str, Values] = {
        "ccode1": np.repeat(code, number)[apart.ravel()],
        "ccode2": np.tile(code, number)[apart.ravel()],
        "year": np.full(number * (number - 1), matrices.year, dtype=np.int32),
    }
    return flat | {name: _column(matrices, name)[apart] for name in columns}


def _column(matrices: Matrices, name: str) -> Values:
    shape = (len(matrices.places),) * 2
    if name == "is_border_approximate":
        return matrices.is_approximate
    if name == "is_forward_complete":
        return np.broadcast_to(matrices.forces_complete[:, None], shape)
    if name in COMBINATIONS:
        return matrices.combination(name)
    component = next(c for c, column in NAMES.items() if column == name)
    return matrices.component(component)


def of_rows(rows: Rows) -> pl.DataFrame:
    """The threat of state 1 to state 2 for the rows of a panel of pairs, in their order.

    Null in years before 1816, and for a state that the COW system does not know.
    """
    first = max(int(rows.year.min()), record.coverage("states")[0]) if rows.height else FIRST
    last = max(int(rows.year.max()), first) if rows.height else FIRST
    frame = threat_years(first, last)
    facts = of_frame(frame, ("ccode1", "ccode2"), "cow", (first, last))
    return look_up(facts, rows)
