"""Rivalries, arms races, militarised disputes, wars and armed conflicts.

Where a pair has several disputes or wars in a year, each function says which one a panel gets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.panel.reading import PAIR, both_ways, of_pairs, of_states
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from counterpoise.panel.rows import Rows

RIVALRY_TYPES = ("positional", "spatial", "ideological", "interventionary")
AUSTRIA_HUNGARY, AUSTRIA, LAST_OF_AUSTRIA_HUNGARY = 300, 305, 1918
YES = pl.lit(1, pl.Int8)


def rivalries(rows: Rows) -> pl.DataFrame:
    """The strategic rivalry of the year; a pair never has two at once."""
    return of_pairs("rivalries", "rivalries", rivalry_years(), rows, symmetric=True)


def rivals(rows: Rows) -> pl.DataFrame:
    """How many strategic rivalries a state has, in all and of each type."""
    frame = (
        both_ways(rivalry_years())
        .group_by("ccode", "year")
        .agg(
            pl.len().cast(pl.Int32).alias("n_rivalries"),
            *(pl.col(name).sum().cast(pl.Int32).alias(f"n_{name}") for name in RIVALRY_TYPES),
        )
    )
    return of_states("rivalries", "rivalries", frame, rows)


def rivalry_years() -> pl.DataFrame:
    """One row per pair and year of a rivalry, lower code first.

    From 1919 Austria carries the rivalry with Serbia that Austria-Hungary began, as in
    peacesciencer; the source leaves it with Austria-Hungary, which had ended.
    """
    yearly = by_year(record.table("rivalries"), record.coverage("rivalries")[1])
    after = pl.col("year") > LAST_OF_AUSTRIA_HUNGARY
    one, two = (
        pl.when(after & (pl.col(name) == AUSTRIA_HUNGARY)).then(AUSTRIA).otherwise(name)
        for name in PAIR
    )
    return yearly.with_columns(
        ccode1=pl.min_horizontal(one, two).cast(pl.Int32),
        ccode2=pl.max_horizontal(one, two).cast(pl.Int32),
        ongoingrivalry=YES,
    )


def arms_races(rows: Rows) -> pl.DataFrame:
    """The arms race of the year."""
    frame = record.table("arms_races").with_columns(ongoingarmsrace=YES)
    return of_pairs("arms_races", "arms_races", frame, rows, symmetric=True)


def mids(rows: Rows) -> pl.DataFrame:
    """One dispute per pair and year.

    Of several, one that began in the year; then the deadliest, the most hostile, the longest, one
    that was reciprocated, the one that began in the earliest month, the lowest number. Unknown
    deaths rank between none and few. The order is peacesciencer's.
    """
    whole = record.table("disputes").select(
        "dispnum", "fatality", "hostlev", "mindur", "maxdur", "recip", stmon="start_month"
    )
    frame = record.table("dispute_dyads").join(whole, on="dispnum", how="left", validate="m:1")
    order = [
        -pl.col("disponset"),
        -pl.col("fatality").cast(pl.Float64).fill_null(0.5),
        *(-pl.col(name).cast(pl.Int32) for name in ("hostlev", "mindur", "maxdur", "recip")),
        pl.col("stmon"),
        pl.col("dispnum"),
    ]
    one = frame.sort(*PAIR, "year", *order).unique([*PAIR, "year"], keep="first")
    named = one.rename({"dispongoing": "cowmidongoing", "disponset": "cowmidonset"})
    return of_pairs("mids", "dispute_dyads", named, rows)


def disputes(rows: Rows) -> pl.DataFrame:
    """How many disputes a state is in, and how many it entered in the year."""
    frame = (
        record.table("dispute_dyads")
        .group_by(pl.col("ccode1").alias("ccode"), "year", "dispnum")
        .agg(pl.col("disponset").max())
        .group_by("ccode", "year")
        .agg(n_mids=pl.len().cast(pl.Int32), n_mid_onsets=pl.col("disponset").sum().cast(pl.Int32))
    )
    return of_states("mids", "dispute_dyads", frame, rows)


def wars(rows: Rows) -> pl.DataFrame:
    """One inter-state war per pair and year: one that began in it, then the deadliest."""
    deaths = pl.col("batdeath1").fill_null(0) + pl.col("batdeath2").fill_null(0)
    order = [-pl.col("cowinteronset"), -deaths, pl.col("warnum"), pl.col("resume")]
    sides = {f"sidea{k}": f"war_sidea{k}" for k in (1, 2)}
    frame = record.table("wars").rename(sides).sort(*PAIR, "year", *order)
    return of_pairs("wars", "wars", frame.unique([*PAIR, "year"], keep="first"), rows)


def wars_of_states(rows: Rows) -> pl.DataFrame:
    """How many inter-state wars a state is in, and how many began for it in the year."""
    frame = (
        record.table("wars")
        .group_by(pl.col("ccode1").alias("ccode"), "year", "warnum")
        .agg(pl.col("cowinteronset").max())
        .group_by("ccode", "year")
        .agg(
            n_wars=pl.len().cast(pl.Int32),
            n_war_onsets=pl.col("cowinteronset").sum().cast(pl.Int32),
        )
    )
    return of_states("wars", "wars", frame, rows)


def armed_conflicts(rows: Rows) -> pl.DataFrame:
    """Conflicts in which a state is the first party: the government, except between states."""
    parties = record.table("armed_conflict_parties").filter(
        pl.col("is_primary") & (pl.col("side") == "a")
    )
    first = pl.col("year") == pl.col("year").min().over("gwcode", "conflict_id")
    frame = (
        parties.with_columns(is_onset=first)
        .join(_intensity(), on=["conflict_id", "year"], how="left", validate="m:1")
        .sort("gwcode", "year", "conflict_id")
        .group_by("gwcode", "year")
        .agg(
            ucdpongoing=YES.first(),
            ucdponset=pl.col("is_onset").any().cast(pl.Int8),
            maxintensity=pl.col("intensity_level").max(),
            conflict_ids=pl.col("conflict_id").cast(pl.String).str.join("; "),
        )
    )
    return of_states("armed_conflicts", "armed_conflicts", frame, rows)


def opponents(rows: Rows) -> pl.DataFrame:
    """Conflicts with the two states on opposite sides as parties, not as supporters of one."""
    parties = record.table("armed_conflict_parties").filter(pl.col("is_primary"))
    sides = parties.join(parties, on=["conflict_id", "year"]).filter(
        pl.col("side") != pl.col("side_right")
    )
    frame = (
        sides.rename({"gwcode": "gwcode1", "gwcode_right": "gwcode2"})
        .join(_intensity(), on=["conflict_id", "year"], how="left", validate="m:1")
        .group_by("gwcode1", "gwcode2", "year")
        .agg(ucdpongoing=YES.first(), maxintensity=pl.col("intensity_level").max())
    )
    return of_pairs("armed_conflicts", "armed_conflicts", frame, rows)


def _intensity() -> pl.DataFrame:
    return record.table("armed_conflicts").select("conflict_id", "year", "intensity_level")
