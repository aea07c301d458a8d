"""Every named bloc against every major power in every year: what the false-discovery rate is of.

The table ``coordination_scan`` keeps the figures, since a window takes seconds; ``python
studies/coordination.py scan`` makes it again from the record with a stated seed.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.assessment import candidates
from counterpoise.measures import coordination

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.coordination import Residual

    Array = NDArray[np.float64]
    Group = tuple[str, tuple[int, ...]]

FEWEST_CLUSTERS = 10
"""Clusters of roll calls that a figure needs to count as one."""

ORGANISATIONS = (
    *("igo:nam", "igo:oic", "igo:cmea", "igo:nordc", "igo:mercosur", "igo:caricom"),
    *("igo:opec", "igo:saarc"),
)
"""Organisations scanned beside those of our own rosters."""

LISTS: Mapping[str, tuple[int, ...]] = {"RUS,CHN": (365, 710), "FRA,DEU,RUS": (220, 255, 365)}
"""Groups of no organisation that the literature names."""

LEADER = 2
COLUMNS = (
    *("bloc", "members_hash", "year", "target", "dimensions", "members", "voting", "rollcalls"),
    *("clusters", "residual", "error", "expected", "percentile", "p", "agreement"),
    "agreement_percentile",
)
FIGURES = 5
"""Digits after the point that the table keeps."""


def groups(year: int) -> dict[str, tuple[int, ...]]:
    """Members of every scanned bloc in a year, by key; blocs with the same members once."""
    found: dict[str, tuple[int, ...]] = {}
    for one in candidates.of_years(year, year):
        if one.kind == "roster" or one.key in ORGANISATIONS:
            found.setdefault(one.key, one.members)
    if LEADER in found.get("NATO", ()):
        found["NATO without USA"] = tuple(c for c in found["NATO"] if c != LEADER)
    found |= LISTS
    distinct: dict[tuple[int, ...], str] = {}
    for key, members in found.items():
        distinct.setdefault(tuple(sorted(members)), key)
    return {key: members for members, key in distinct.items() if len(members) > 1}


def scan(years: Iterable[int], tell: Callable[[str], None] = lambda line: None) -> pl.DataFrame:
    """Test every bloc against every major power outside it, in every year."""
    rows = []
    for year in years:
        for key, members in groups(year).items():
            rows += [_row(key, year, members, one) for one in _every_power(members, year)]
        tell(f"{year}: {len(rows)} tests so far")
    return pl.DataFrame(rows, infer_schema_length=None).select(COLUMNS)


def _every_power(members: Sequence[int], year: int) -> Iterator[Residual]:
    for target in coordination.powers(year):
        if target not in members:
            found = coordination.residual_coordination(members, target, year)
            if found is not None:
                yield found


def _row(key: str, year: int, members: Sequence[int], found: Residual) -> dict[str, object]:
    plain = {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in vars(found).items()
    }
    rounded = {n: round(v, FIGURES) if isinstance(v, float) else v for n, v in plain.items()}
    named = {"bloc": key, "members_hash": _number(members), "year": year}
    return named | rounded


@functools.cache
def table() -> pl.DataFrame:
    """The scanned results as the package has them."""
    return record.coded("coordination_scan")


@functools.cache
def p_values() -> Array:
    """Every p-value of the scan in order, of tests with enough clusters."""
    kept = table().filter(pl.col("clusters") >= FEWEST_CLUSTERS)["p"].drop_nulls()
    return np.sort(kept.to_numpy())


def q_value(p: float) -> float:
    """False-discovery rate at which a p-value counts as a discovery among all those scanned.

    A test that was scanned stands among the others; any other joins them (Benjamini & Hochberg
    1995).
    """
    listed = p_values()
    if not (np.abs(listed - p) < 1e-9).any():
        listed = np.sort(np.append(listed, p))
    last = np.searchsorted(listed, p + 1e-9, side="right")
    ranks = np.arange(last, listed.size + 1)
    return float(min(1.0, (listed[last - 1 :] * listed.size / ranks).min()))


def found(members: Sequence[int], year: int) -> dict[int, Residual]:
    """Scanned results of a group in a year, by target; empty where it was not scanned."""
    of_group = pl.col("members_hash") == _number(members)
    rows = table().filter((pl.col("year") == year) & of_group)
    named = rows.drop("bloc", "members_hash", "year").unique(subset="target", maintain_order=True)
    return {row["target"]: _residual(row) for row in named.iter_rows(named=True)}


def _number(members: Sequence[int]) -> int:
    """The number of a group, in 31 bits."""
    return coordination.group_hash(members) & 0x7FFFFFFF


def _residual(row: Mapping[str, float | None]) -> Residual:
    return coordination.Residual(
        **{name: np.nan if value is None else value for name, value in row.items()}  # type: ignore[arg-type]
    )


def dimensions(year: int) -> int | None:
    """Dimensions chosen for a year's window, as the scan has them."""
    rows = table().filter(pl.col("year") == year)["dimensions"]
    return None if rows.is_empty() else int(str(rows.first()))
