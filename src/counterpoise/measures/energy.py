"""Energy balance: who exports oil and gas, who imports, and who would gain from a producers' club.

Net exports are production less consumption. A club that raises prices serves its net exporters and
costs its net importers, so that a bloc of both has no common interest in one. Oil is in million
tons (mt), gas in billion cubic metres (bcm).

Sources: Energy Institute and BP reviews. States that they do not list one by one, small producers
and small consumers, are unknown and not zero.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from counterpoise import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Fuel = Literal["oil", "gas"]
Side = Literal["exporter", "importer", "balanced"]

FUELS: dict[Fuel, tuple[str, str, str]] = {
    "oil": ("oil_production_mt", "oil_consumption_mt", "mt"),
    "gas": ("gas_production_bcm", "gas_consumption_bcm", "bcm"),
}
"""Columns of production and consumption of each fuel, and the unit."""

BALANCED = 0.05
"""A state whose production and consumption differ by no more than this share of consumption is
neither exporter nor importer: the two series have different compilers."""


LARGE = 20.0
"""A state that consumes at least this much, in mt or bcm, and is not listed as a producer, is taken
for an importer of unknown size: producers on that scale are all listed."""


@dataclass(frozen=True)
class MemberEnergy:
    """Net exports of one state, and on which side of the market it stands; None is unknown.

    ``is_inferred`` marks a large consumer that is not listed as a producer.
    """

    ccode: int
    net: float | None
    side: Side | None
    is_inferred: bool = False


@dataclass(frozen=True)
class EnergyBalance:
    """One fuel of a bloc in a year.

    Shares are of the bloc's power, in [0, 1], and None where a member's power is unknown:
    ``exporters_share`` would gain from a producers' club, ``importers_share`` would pay for it, of
    ``unknown_share`` there are no figures. ``divided`` says whether the two strongest members stand
    on opposite sides. ``world_export_share`` is the part of all net exports of states with figures
    that comes from members; ``net_known`` sums the known members. ``target_side`` is the target's.
    """

    fuel: Fuel
    unit: str
    year: int
    members: tuple[MemberEnergy, ...]
    exporters: tuple[int, ...]
    importers: tuple[int, ...]
    balanced: tuple[int, ...]
    unknown: tuple[int, ...]
    exporters_share: float | None
    importers_share: float | None
    unknown_share: float | None
    divided: bool | None
    net_known: float | None
    world_export_share: float | None
    target_net: float | None
    target_side: Side | None


@functools.cache
def net_exports(fuel: Fuel) -> pl.DataFrame:
    """Net exports of a fuel by state and year.

    Returns
    -------
    ``ccode``, ``year``, ``net`` (production less consumption) and ``side``; only rows with both
    figures.
    """
    produced, consumed, _ = FUELS[fuel]
    net = pl.col(produced) - pl.col(consumed)
    near = net.abs() <= BALANCED * pl.col(consumed)
    side = pl.when(near).then(pl.lit("balanced")).when(net > 0).then(pl.lit("exporter"))
    return (
        record.table("energy")
        .drop_nulls([produced, consumed])
        .select("ccode", "year", net=net, side=side.otherwise(pl.lit("importer")))
    )


def covered(fuel: Fuel) -> tuple[int, int]:
    """First and last year in which any state has both figures."""
    years = net_exports(fuel)["year"]
    return int(years.min()), int(years.max())  # type: ignore[arg-type]


@functools.lru_cache(maxsize=64)
def _in_year(fuel: Fuel, year: int) -> dict[int, tuple[float, Side]]:
    rows = net_exports(fuel).filter(pl.col("year") == year)
    return {ccode: (net, side) for ccode, net, side in rows.drop("year").iter_rows()}


@functools.lru_cache(maxsize=64)
def _large_consumers(fuel: Fuel, year: int) -> frozenset[int]:
    """Large consumers of the year that are not listed as producers."""
    produced, consumed, _ = FUELS[fuel]
    rows = record.table("energy").filter(
        (pl.col("year") == year) & pl.col(produced).is_null() & (pl.col(consumed) >= LARGE)
    )
    return frozenset(rows["ccode"])


def _member(
    ccode: int, world: Mapping[int, tuple[float, Side]], large: frozenset[int]
) -> MemberEnergy:
    if ccode in world:
        return MemberEnergy(ccode, *world[ccode])
    if ccode in large:
        return MemberEnergy(ccode, None, "importer", is_inferred=True)
    return MemberEnergy(ccode, None, None)


def balance(
    members: Sequence[int],
    target: int,
    year: int,
    fuel: Fuel,
    power: Mapping[int, float] | None = None,
) -> EnergyBalance | None:
    """The energy balance of a bloc in a fuel; None where no state has figures for the year.

    Parameters
    ----------
    power : share of power of each member; without it, or where a member lacks it, shares are None.
    """
    world = _in_year(fuel, year)
    if not world:
        return None
    large = _large_consumers(fuel, year)
    rows = tuple(_member(m, world, large) for m in members)
    sides = {s: tuple(r.ccode for r in rows if r.side == s) for s in (*_SIDES, None)}
    net = [r.net for r in rows if r.net is not None]
    exports = sum(n for n, side in world.values() if side == "exporter")
    ours = sum(r.net or 0.0 for r in rows if r.side == "exporter")
    aim = _member(target, world, large)
    weight = power if power is not None and all(m in power for m in members) else None
    return EnergyBalance(
        fuel=fuel,
        unit=FUELS[fuel][2],
        year=year,
        members=rows,
        exporters=sides["exporter"],
        importers=sides["importer"],
        balanced=sides["balanced"],
        unknown=sides[None],
        exporters_share=_share(sides["exporter"], weight, members),
        importers_share=_share(sides["importer"], weight, members),
        unknown_share=_share(sides[None], weight, members),
        divided=_divided(rows, weight),
        net_known=sum(net) if net else None,
        world_export_share=ours / exports if exports and net else None,
        target_net=aim.net,
        target_side=aim.side,
    )


_SIDES: tuple[Side, ...] = ("exporter", "importer", "balanced")


def _share(
    codes: Sequence[int], power: Mapping[int, float] | None, members: Sequence[int]
) -> float | None:
    if power is None:
        return None
    return sum(power[c] for c in codes) / sum(power[m] for m in members)


def _divided(rows: Sequence[MemberEnergy], power: Mapping[int, float] | None) -> bool | None:
    """Do the two strongest stand on opposite sides? None if that is not known of either."""
    if power is None or len(rows) < 2:
        return None
    one, two = sorted(rows, key=lambda r: (-power[r.ccode], r.ccode))[:2]
    if one.side is None or two.side is None:
        return None
    return {one.side, two.side} == {"exporter", "importer"}
