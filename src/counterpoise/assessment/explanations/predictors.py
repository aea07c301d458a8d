"""The predictors of every unit, read in the year before its window; NaN is unknown.

Everything is measured before the pacts that it is to predict. A table that ends up to two years
before answers with its last year (memberships and trade end in 2014). Hostility between the state
and the target is read by no predictor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.assessment.explanations import outcome
from counterpoise.assessment.explanations.theories import theories
from counterpoise.measures import power
from counterpoise.measures.threat import capability
from counterpoise.measures.threats import threats
from counterpoise.panel import ADDS, institutions
from counterpoise.panel.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.specification import Specification
    from counterpoise.assessment.explanations.theories import Theory
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Columns = dict[str, Array]

CARRIED_YEARS = 2
"""How long the last year of a table may answer for later ones."""

DRIFT_YEARS = 5

REGIONS = {
    "americas": (2, 199),
    "africa": (400, 599),
    "middle_east": (600, 699),
    "asia": (700, 999),
}
"""Regions by COW number; the rest is Europe."""

SMALLEST_TRADE = 0.5
"""Trade below the source's rounding, in million dollars."""


@dataclass(frozen=True, eq=False)
class Predictors:
    """All variables of all units.

    Attributes
    ----------
    theories : the explanations whose variables these are.
    names : of the columns, in the order of the explanations.
    values : (n, k), NaN where unknown.
    """

    theories: tuple[Theory, ...]
    names: tuple[str, ...]
    values: Array

    def of(self, theory: str) -> list[int]:
        """Columns of one explanation."""
        return [k for k, owner in enumerate(self.owners) if owner == theory]

    @property
    def owners(self) -> list[str]:
        """The explanation that each column belongs to."""
        return [theory.name for theory in self.theories for _ in theory.variables]

    def column(self, name: str) -> Array:
        """One variable, (n,)."""
        return np.asarray(self.values[:, self.names.index(name)])


def predictors(units: Units, specification: Specification) -> Predictors:
    """Read all variables for some units."""
    found = theories(with_victims=specification.threat == "with victims")
    columns = _all(units, specification)
    names = tuple(v.name for theory in found for v in theory.variables)
    return Predictors(found, names, np.column_stack([columns[name] for name in names]))


def _all(units: Units, specification: Specification) -> Columns:
    pairs = Rows(
        "cow",
        (units.state.astype(np.int32), units.target.astype(np.int32)),
        units.data_year.astype(np.int32),
    )
    return {
        "shared_organisations": _organisations(pairs, specification.institutions),
        **_ideals(pairs),
        **_democracy(pairs),
        **_balance(units, specification.metric),
        **_threat(units, specification.metric),
        **_sea(units),
        "dependence": _dependence(pairs, units, specification.dependence),
        **_distance(pairs, units, specification),
        **_self(pairs, units, specification.metric),
    }


def _within(table: str, rows: Rows) -> Rows:
    """The rows in years that a table covers, its last year carried on for a short while."""
    last = record.coverage(table)[1]
    late = (rows.year > last) & (rows.year <= last + CARRIED_YEARS)
    return rows.at(np.where(late, np.int32(last), rows.year))


def _state(add: str, column: str, rows: Rows, side: int) -> Array:
    """A column of one of the two states, from the sets that panels are made of."""
    found = ADDS[add]
    assert found.state is not None
    return _floats(found.state(_within(found.table, rows).side(side))[column])


def _floats(series: pl.Series) -> Array:
    return np.asarray(series.cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _organisations(rows: Rows, kind: str) -> Array:
    inside = _within("igo_memberships", rows)
    shared = _floats(institutions.shared("igo_memberships", (institutions.FULL,), inside))
    if kind == "count":
        return np.asarray(np.log1p(shared))
    own = _floats(institutions.memberships(inside.side(0))["sum_igo_full"])
    return np.divide(shared, own, out=np.full_like(shared, np.nan), where=own > 0)


def _ideals(rows: Rows) -> Columns:
    now = _ideal_distance(rows)
    before = _ideal_distance(rows.at((rows.year - DRIFT_YEARS).astype(np.int32)))
    return {"ideal_distance": now, "ideal_drift": now - before}


def _ideal_distance(rows: Rows) -> Array:
    one, two = (_state("ideal_points", "idealpointall", rows, side) for side in (0, 1))
    return np.asarray(np.abs(one - two))


def _democracy(rows: Rows) -> Columns:
    one, two = (_state("democracy", "v2x_polyarchy", rows, side) for side in (0, 1))
    return {"lower_democracy": np.minimum(one, two), "target_democracy": two}


def _balance(units: Units, metric: str) -> Columns:
    """The target's standing among the powers, from the year before the window."""
    share, leads = (_blank(units) for _ in range(2))
    for place, target, year in _standing(units):
        share[place] = _among_majors(power.shares(metric, year), target, year)
        found = [outcome.leader(name, year) for name in power.METRICS]
        known = [ccode == target for ccode in found if ccode is not None]
        leads[place] = np.mean(known) if known else np.nan
    return {"power_share": share, "leads": leads}


def _standing(units: Units) -> Iterator[tuple[Flags, int, int]]:
    """Each target and data year, and the units that they belong to."""
    key = units.target * 10_000 + units.data_year
    for value in np.unique(key):
        yield key == value, int(value // 10_000), int(value % 10_000)


def _blank(units: Units) -> Array:
    return np.full(len(units), np.nan)


def _among_majors(share: dict[int, float], target: int, year: int) -> float:
    """Share of the sum over the major powers of the year, the target among them."""
    powers = {*outcome.targets(year, "majors"), target}
    if target not in share:
        return float("nan")
    return share[target] / sum(share[p] for p in powers if p in share)


def _threat(units: Units, metric: str) -> Columns:
    """Components of the threat from the target in the data year, and nuclear arms."""
    names = {
        "target_spending": "offence",
        "target_victims": "victims",
        "own_nuclear": "nuclear",
    }
    columns = {
        name: _blank(units)
        for name in (*names, "arriving_capability", "forward_distance", "target_nuclear", "border")
    }
    for year in np.unique(units.data_year):
        matrices = threats.__wrapped__(int(year) + 1, metric)
        at = np.flatnonzero(units.data_year == year)
        row = np.array([matrices.places.of(int(c)) for c in units.target[at]])
        column = np.array([matrices.places.of(int(c)) for c in units.state[at]])
        found = matrices.found
        read = {name: matrices.component(component) for name, component in names.items()}
        read["arriving_capability"] = capability(found)
        read["forward_distance"] = np.log1p(found.forward_km)
        read["target_nuclear"] = np.broadcast_to(found.nuclear.T, (len(matrices.places),) * 2)
        read["border"] = found.distance_km
        inside = (row >= 0) & (column >= 0)
        for name, matrix in read.items():
            columns[name][at[inside]] = matrix[row[inside], column[inside]]
    return columns


def _sea(units: Units) -> Columns:
    army = _blank(units)
    for place, target, year in _standing(units):
        army[place] = _among_majors(personnel(year), target, year)
    return {"leads_at_sea": leads_at_sea(units.target, units.data_year), "army_share": army}


def leads_at_sea(target: Ints, year: Ints) -> Array:
    """1 where a state is the leading sea power of a year by the coded list, else 0.

    Source: ``sea_powers``, after Modelski & Thompson (1988) and Levy & Thompson (2010), from
    memory. It stands in for naval counts that the record may not ship.
    """
    found = np.zeros(len(target))
    rows = record.coded("sea_powers").select("ccode", "start_year", "end_year").iter_rows()
    for ccode, start, end in rows:
        last = np.inf if end is None else end
        found[(target == ccode) & (year >= start) & (year <= last)] = 1.0
    return found


def personnel(year: int) -> dict[int, float]:
    """Military personnel of every state with a figure, in thousands."""
    frame = record.table("nmc").filter(pl.col("year") == year)
    return dict(frame.select("ccode", "milper_k").drop_nulls().iter_rows())


def _dependence(rows: Rows, units: Units, kind: str) -> Array:
    """Log of trade with the target over GDP, or over all trade, less the window's median.

    Trade is in dollars of the year and GDP in constant ones: within a window the ratio of both
    is the same for all, and taking off the median removes it.
    """
    inside = _within("trade", rows)
    pair = ADDS["trade"].pair
    assert callable(pair)
    flows = pair(inside)
    traded = _floats(flows["flow1"] + flows["flow2"]) + SMALLEST_TRADE
    if kind == "gdp":
        heads = (_state("gdp", name, inside, 0) for name in ("mrgdppc", "pwtpop"))
        whole = np.prod([*heads], axis=0)
    else:
        whole = _state("trade", "imports", inside, 0) + _state("trade", "exports", inside, 0)
    ratio = np.full_like(traded, np.nan)
    usable = whole > 0
    ratio[usable] = np.log(traded[usable] / whole[usable])
    return _centred(ratio, units.start)


def _centred(value: Array, group: Ints) -> Array:
    """Values less the median of their group, where it has any."""
    found = value.copy()
    for label in np.unique(group[~np.isnan(value)]):
        inside = group == label
        found[inside] -= np.nanmedian(value[inside])
    return found


def _distance(rows: Rows, units: Units, specification: Specification) -> Columns:
    pair = ADDS["contiguity"].pair
    assert callable(pair)
    kind = _floats(pair(_within("contiguity", rows))["conttype"])
    if specification.distance == "borders":
        km = _threat(units, specification.metric)["border"]
    else:
        capitals = ADDS["capital_distance"].pair
        assert callable(capitals)
        km = _floats(capitals(_within("capitals", rows))["capdist"])
    border = np.where(np.isnan(kind), np.nan, (kind == 1).astype(np.float64))
    return {"distance": np.log1p(km), "land_border": border}


def _self(rows: Rows, units: Units, metric: str) -> Columns:
    own = _blank(units)
    for year in np.unique(units.data_year):
        share = power.shares(metric, int(year))
        at = np.flatnonzero(units.data_year == year)
        own[at] = [share.get(int(c), np.nan) for c in units.state[at]]
    with np.errstate(divide="ignore"):
        size = np.where(own > 0, np.log(own), np.nan)
    partners = _state("atop", "atop_defense_partners", rows, 0)
    regions = {
        f"in_{name}": ((units.state >= low) & (units.state <= high)).astype(np.float64)
        for name, (low, high) in REGIONS.items()
    }
    return {"own_power": size, "own_pacts": np.log1p(partners), **regions}
