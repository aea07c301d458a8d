"""Forces of the United States abroad: troops by host and year, and bases.

The release of troopdata that is read here adds some figures up twice, as its authors say in the
notes to release 1.1.0. ``troops`` undoes that:

- hosts whose Gleditsch–Ward name is spelled in two ways have every report counted twice;
- in 1950 and 1953–1956 Kane's figure and the report's, both dated June, are summed;
- in 2014–2021 the June report is summed with an older series, so it is left alone.

Its ``ccode`` is Gleditsch and Ward's number, not COW's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

DOUBLED = (
    *(52, 115, 316, 325, 343, 346, 360, 365, 370, 437, 439, 484, 490, 510, 552, 572),
    *(630, 640, 678, 703, 731, 732, 780, 811, 817, 860),
)
"""Hosts (Gleditsch–Ward numbers) whose every report is counted twice."""
SINGLE = {115: range(1950, 1975), 484: range(1950, 1963)}
"""Years in which a host of ``DOUBLED`` is not: before its independence, or under another code."""
COW_NUMBER = {340: 345, 970: 946, 971: 970, 972: 955, 973: 947}
"""COW numbers where Gleditsch and Ward differ in every year."""
UNITED = {260: (1990, 255), 678: (1990, 679)}
"""States that COW renumbers at a union: the year, read as its last day, and the new number."""
UNITED_STATES = 2
SERVICES = ("army_ad", "navy_ad", "air_force_ad", "marine_corps_ad")
KANE, IMPUTED = "Kane 2006", "Stepwise Imputation"
SUMMED = (1950, 1953, 1954, 1955, 1956)
ASHORE = 1976
"""Up to this year reports also count ships' crews in the nearest port; Kane's figures do not."""
AT_WAR = (645, 652, 700)
"""Iraq, Syria and Afghanistan: reports leave out forces deployed there from this year on."""
LEFT_OUT = 2018


def troops(raw: Raw) -> dict[str, pl.DataFrame]:
    """Troops on active duty by host and year, each figure with the kind of source it is from."""
    frame = raw.r("troops/troopdata_rebuild_long.rda").select(
        *(pl.col(c).cast(pl.Int32) for c in ("ccode", "year", "quarter")),
        *("countryname", "source", "troops_ad", *SERVICES),
    )
    is_state = pl.col("ccode").is_in([*raw.names.ccodes(), *COW_NUMBER])
    places = frame.filter(~is_state).select("countryname", "ccode").unique()
    raw.report(f"{name} ({code})" for name, code in places.iter_rows())
    states = frame.filter(is_state)
    expect_doubled(states)
    return {"us_troops": by_year(states)}


def expect_doubled(frame: pl.DataFrame) -> None:
    """Make sure that the double counting is there to be undone.

    Raises
    ------
    DataError : a host of ``DOUBLED`` has an odd figure in a report, so a newer release counts
        it once, or another host has twenty figures and none of them odd.
    """
    counts = (
        frame.filter(_is_report() & (pl.col("quarter") != 2) & ~_is_single())
        .group_by("ccode")
        .agg(pl.len(), odd=(pl.col("troops_ad") % 2).sum())
    )
    is_listed = pl.col("ccode").is_in(DOUBLED)
    once = counts.filter(is_listed & (pl.col("odd") > 0))["ccode"].sort().to_list()
    twice = counts.filter(~is_listed & (pl.col("odd") == 0) & (pl.col("len") >= 20))
    if once or twice.height:
        raise DataError(
            f"US troops: hosts {once} are no longer counted twice, or hosts "
            f"{sorted(twice['ccode'])} are. If a newer release counts once, drop the correction"
        )


def by_year(frame: pl.DataFrame) -> pl.DataFrame:
    """One figure per state and year in COW numbers; null where no source lists the host.

    The September report (December in 2023) from 1977 on; before, Kane's figure, which counts
    forces ashore. Each stands in where the other is silent, or prints the 0 that stood for forces
    at war. Estimates fill what reports leave out. 1951 and 1952 lie on the line from 1950 to 1953.
    """
    figures = pl.concat([_june(frame), _kane(frame), _report(frame), _estimate(frame)])
    best = (
        figures.filter(pl.col("troops") > 0)
        .sort("ccode", "year", "rank")
        .unique(["ccode", "year"], keep="first", maintain_order=True)
    )
    chosen = _listed(frame).join(best, on=["ccode", "year"], how="left", validate="1:1")
    silent = pl.col("is_listed") & pl.col("troops").is_null()
    zeroed = chosen.select(
        "ccode",
        "year",
        troops=pl.when(silent).then(0.0).otherwise("troops"),
        basis=pl.when(silent).then(pl.lit("report")).otherwise("basis"),
    )
    return _in_cow_numbers(_on_the_line(zeroed))


def _is_report() -> pl.Expr:
    named = pl.col("source").is_not_null() & ~pl.col("source").is_in([KANE, IMPUTED])
    return named & (pl.col("troops_ad") > 0)


def _is_single() -> pl.Expr:
    return pl.any_horizontal(
        *((pl.col("ccode") == c) & pl.col("year").is_in(list(y)) for c, y in SINGLE.items())
    )


def _times() -> pl.Expr:
    """How often the file counts a report of the host."""
    return pl.when(pl.col("ccode").is_in(DOUBLED) & ~_is_single()).then(2).otherwise(1)


def _figures(frame: pl.DataFrame, basis: pl.Expr, value: pl.Expr, rank: pl.Expr) -> pl.DataFrame:
    return frame.select(
        "ccode", "year", troops=value.cast(pl.Float64), basis=basis, rank=rank.cast(pl.Int8)
    )


def _is_whole() -> pl.Expr:
    """Not one of the sums of 1953 that cannot be taken apart."""
    afloat = pl.col("troops_ad") == pl.sum_horizontal(*SERVICES)
    unknown = (pl.col("year") == SUMMED[1]) & (pl.col("troops_ad") > 0) & afloat
    return ~unknown.fill_null(value=False) | (pl.col("ccode") == UNITED_STATES)


def _june(frame: pl.DataFrame) -> pl.DataFrame:
    """1950 and 1953–1956: take apart what the file sums, as far as that can be done.

    In 1950 the services add up to the report, so the rest is Kane's figure. From 1953 they also
    count crews afloat; the sum over the number of its parts is then the mean of the sources. In
    1953 a sum that equals the services holds more afloat than ashore: unknown. Elsewhere it means
    that Kane has no figure. He has none for the United States.
    """
    rows = frame.filter(pl.col("year").is_in(SUMMED))
    total, services = pl.col("troops_ad"), pl.sum_horizontal(*SERVICES)
    at_home, alone = pl.col("ccode") == UNITED_STATES, total == services
    first, afloat = pl.col("year") == SUMMED[0], pl.col("year") == SUMMED[1]
    value = (
        pl.when(at_home)
        .then(total)
        .when(alone & afloat)
        .then(None)
        .when(alone)
        .then(services / _times())
        .when(first)
        .then(total - services)
        .otherwise(total / (_times() + 1))
    )
    basis = (
        pl.when(at_home | alone)
        .then(pl.lit("report"))
        .when(first)
        .then(pl.lit("kane"))
        .otherwise(pl.lit("mean"))
    )
    return _figures(rows, basis, value, pl.lit(1))


def _kane(frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.filter((pl.col("source") == KANE) & ~pl.col("year").is_in(SUMMED))
    rank = pl.when(pl.col("year") <= ASHORE).then(1).otherwise(3)
    return _figures(rows, pl.lit("kane"), pl.col("troops_ad"), rank)


def _report(frame: pl.DataFrame) -> pl.DataFrame:
    quarter = pl.when(pl.col("year") == 2023).then(4).otherwise(3)
    left_out = pl.col("ccode").is_in(AT_WAR) & (pl.col("year") >= LEFT_OUT)
    rows = frame.filter(_is_report() & (pl.col("quarter") == quarter) & ~left_out)
    return _figures(rows, pl.lit("report"), pl.col("troops_ad") / _times(), pl.lit(2))


def _estimate(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures without a named source, from an older series and from public reporting."""
    rows = frame.filter(pl.col("source").is_null() & (pl.col("year") > SUMMED[-1]))
    largest = rows.group_by("ccode", "year").agg(pl.col("troops_ad").max())
    return _figures(largest, pl.lit("estimate"), pl.col("troops_ad"), pl.lit(4))


def _listed(frame: pl.DataFrame) -> pl.DataFrame:
    """Every host and year, and whether any source speaks of it; the lines of 1951–52 do not."""
    named = pl.col("source").is_not_null() & (pl.col("source") != IMPUTED) & _is_whole()
    left_out = pl.col("ccode").is_in(AT_WAR) & (pl.col("year") >= LEFT_OUT)
    return frame.group_by("ccode", "year").agg(is_listed=(named & ~left_out).any())


def _on_the_line(yearly: pl.DataFrame) -> pl.DataFrame:
    """Put 1951 and 1952 on the line between 1950 and 1953, where both are known."""
    ends = [
        yearly.filter(pl.col("year") == year).select("ccode", pl.col("troops").alias(str(year)))
        for year in (1950, 1953)
    ]
    line = ends[0].join(ends[1], on="ccode", how="inner", validate="1:1").drop_nulls()
    joined = yearly.join(line, on="ccode", how="left", validate="m:1")
    between = pl.col("year").is_in([1951, 1952]) & pl.col("1950").is_not_null()
    step = (pl.col("1953") - pl.col("1950")) / 3
    return joined.select(
        "ccode",
        "year",
        troops=pl.when(between)
        .then((pl.col("1950") + step * (pl.col("year") - 1950)).round())
        .otherwise("troops"),
        basis=pl.when(between).then(pl.lit("interpolated")).otherwise("basis"),
    )


def _in_cow_numbers(yearly: pl.DataFrame) -> pl.DataFrame:
    """Renumber the hosts; where two numbers become one (Serbia), the larger figure stays.

    Of equal figures the report's stays before Kane's and an estimate.
    """
    united = pl.col("ccode")
    for gwcode, (year, ccode) in UNITED.items():
        moved = (pl.col("ccode") == gwcode) & (pl.col("year") >= year)
        united = pl.when(moved).then(ccode).otherwise(united)
    renumbered = yearly.with_columns(ccode=united).with_columns(pl.col("ccode").replace(COW_NUMBER))
    return (
        renumbered.filter((pl.col("ccode") != 265) | (pl.col("year") < 1990))
        .sort(
            "ccode",
            "year",
            "troops",
            "basis",
            descending=[False, False, True, True],
            nulls_last=True,
        )
        .unique(["ccode", "year"], keep="first", maintain_order=True)
        .with_columns(is_imputed=pl.col("basis").is_in(["interpolated", "estimate"]))
    )


def bases(raw: Raw) -> dict[str, pl.DataFrame]:
    """Bases abroad about 2018; a base in a dependency carries the code of the state it belongs to.

    McMurdo in Antarctica, which the file gives to New Zealand, and places without a state's code
    are reported and left out.
    """
    frame = raw.csv("troops/us_bases_vine.csv", encoding="latin-1")
    known = pl.col("ccode").is_in(raw.names.ccodes()) & (pl.col("countryname") != "Antarctica")
    numbered = frame.with_columns(base_id=pl.int_range(1, pl.len() + 1))
    strange = numbered.filter(~known.fill_null(value=False))
    raw.report(
        f"{where}: {name}" for where, name in strange.select("countryname", "basename").rows()
    )
    return {
        "us_bases": numbered.filter(known).select(
            "base_id",
            "ccode",
            place="countryname",
            name=pl.col("basename").str.replace_all(r"\s+", " ").str.strip_chars(),
            latitude_deg=_degrees("lat"),
            longitude_deg=_degrees("lon"),
            is_base=pl.col("base") == 1,
            is_lilypad=pl.col("lilypad") == 1,
            is_funded_site=pl.col("fundedsite") == 1,
        )
    }


def _degrees(name: str) -> pl.Expr:
    return pl.col(name).replace("NA", None).cast(pl.Float64)
