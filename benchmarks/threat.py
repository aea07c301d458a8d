"""The threat between all states: our time beside pandas merges of the same tables, in one run.

Run: python -m benchmarks threat

The alternative gives the threat to survival alone, where borders are coded (from 1887), without
percentiles, reasons or the other combinations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from benchmarks.case import Case

from counterpoise import record
from counterpoise.measures.survival import survival_share
from counterpoise.measures.threat_years import threat_years
from counterpoise.measures.threats import threats

PAIR = ["ccode1", "ccode2"]
NATO_1960 = (2, 20, 200, 210, 211, 212, 220, 235, 260, 325, 350, 385, 390, 395, 640)
FIRST, LAST = 1888, 2010


def table(name: str) -> pd.DataFrame:
    return record.table(name).to_pandas()


def cases() -> Iterator[Case]:
    yield Case("threat, one year", "37,056 directed pairs, 2006", one_year)
    yield Case("survival_share", "NATO 1960, the year's matrices included", nato)
    yield Case(
        "threat_years, survival alone",
        f"{FIRST}–{LAST}, 1.3 million directed pairs",
        lambda: total(threat_years(FIRST, LAST, columns=["survival", "is_border_approximate"])),
        "pandas merges",
        lambda: merged(FIRST, LAST),
        lambda one, two: math.isclose(float(str(one)), float(str(two)), rel_tol=1e-9),
    )
    yield Case(
        "threat_years, all columns",
        "1816–2018, 2.0 million directed pairs",
        lambda: threat_years().height,
    )


def one_year() -> int:
    threats.cache_clear()
    return len(threats(2006).combination("survival"))


def nato() -> float | None:
    threats.cache_clear()
    return survival_share(NATO_1960, 365, 1960).share


def total(frame: object) -> float:
    """Sum of the threats at coded borders: one figure that both sides must share."""
    import polars as pl

    assert isinstance(frame, pl.DataFrame)
    return float(frame.filter(~pl.col("is_border_approximate"))["survival"].sum())


def merged(first: int, last: int) -> float:
    """The same sum by merges, from data of the year before."""
    frame = pairs(first, last).assign(known=lambda f: f["year"] - 1)
    for side in ("1", "2"):
        for one in (cinc(), democracy(), armed()):
            names = {c: f"{c}{side}" for c in one.columns if c != "known"}
            frame = frame.merge(one.rename(columns=names), "left", [f"ccode{side}", "known"])
    for two in (borders(first, last), rivals(first, last), disputes(), struck()):
        frame = frame.merge(two, "left", [*PAIR, "known"])
    victims = struck().groupby(["ccode1", "known"], as_index=False)["hit"].sum()
    frame = frame.merge(victims.rename(columns={"hit": "victims"}), "left", ["ccode1", "known"])
    return float(survival(frame).sum())


def survival(frame: pd.DataFrame) -> pd.Series:
    count = frame[["rival", "disputes", "victims", "hit", "armed2"]].fillna(0)
    arriving = frame["cinc1"] * (1 + frame["mindist_km"] / 500) ** -2
    capability = arriving / (arriving + frame["cinc2"])
    spared = (1 - 0.5 * count["rival"]) * (1 - 0.6 * (1 - np.exp(-count["disputes"] / 2)))
    others = count["victims"] - count["hit"]
    intent = 1 - spared * (1 - 0.7 * (1 - np.exp(-others / 1.5)))
    one, two = frame["democracy1"], frame["democracy2"]
    both = (
        np.minimum(one, two)
        .mask((one == 0) | (two == 0), 0)
        .where((one == 0) | (two == 0) | (one.notna() & two.notna()))
    )
    return capability**2 * intent * (1 - 0.95 * count["armed2"]) * (1 - 0.7 * both)


def pairs(first: int, last: int) -> pd.DataFrame:
    members = in_system()
    members = members[members["year"].between(first, last)]
    both = members.merge(members, on="year", suffixes=("1", "2"))
    return both[both["ccode1"] != both["ccode2"]]


def in_system() -> pd.DataFrame:
    spells = table("states")
    start = pd.to_datetime(spells["start"]).dt.year
    end = pd.to_datetime(spells["end"]).dt.year.fillna(2018).astype(int)
    years = [list(range(a, b + 1)) for a, b in zip(start, end, strict=True)]
    members = spells[["ccode"]].assign(year=years).explode("year").drop_duplicates()
    return members.astype({"year": "int32"})


def cinc() -> pd.DataFrame:
    return table("nmc")[["ccode", "year", "cinc"]].rename(columns={"year": "known"})


def democracy() -> pd.DataFrame:
    scored = table("democracy").dropna(subset="v2x_polyarchy")
    scored = scored.assign(democracy=(scored["v2x_polyarchy"] >= 0.5).astype(float))
    return scored[["ccode", "year", "democracy"]].rename(columns={"year": "known"})


def armed() -> pd.DataFrame:
    status = table("nuclear_status")
    status = status[status["status"] == 3].assign(armed=1.0)
    return status[["ccode", "year", "armed"]].rename(columns={"year": "known"})


def unrolled(spells: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    start = spells["start_year"].clip(lower=first)
    end = spells["end_year"].clip(upper=last)
    years = [list(range(a, b + 1)) for a, b in zip(start, end, strict=True)]
    long = spells.assign(known=years).explode("known").dropna(subset="known")
    long = long.astype({"known": "int32"})
    return pd.concat([long, long.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})])


def borders(first: int, last: int) -> pd.DataFrame:
    return unrolled(table("min_distance"), first - 1, last)[[*PAIR, "known", "mindist_km"]]


def rivals(first: int, last: int) -> pd.DataFrame:
    return unrolled(table("rivalries"), first - 1, last)[[*PAIR, "known"]].assign(rival=1.0)


def windows(rows: pd.DataFrame, years: int) -> pd.DataFrame:
    """Each row in every year whose window holds it."""
    ahead = [list(range(year, year + years)) for year in rows["year"]]
    return rows.assign(known=ahead).explode("known").astype({"known": "int32"})


def disputes() -> pd.DataFrame:
    rows = table("dispute_dyads")
    serious = rows[np.maximum(rows["hostlev1"], rows["hostlev2"]) >= 3]
    long = windows(serious[[*PAIR, "year", "dispnum"]], 10)
    long = long.drop_duplicates([*PAIR, "known", "dispnum"])
    return (
        long.groupby([*PAIR, "known"], as_index=False).size().rename(columns={"size": "disputes"})
    )


def struck() -> pd.DataFrame:
    rows = table("dispute_dyads")
    long = windows(rows[rows["hiact1"].isin([14, 20, 21])][[*PAIR, "year"]], 5)
    long = long.drop_duplicates([*PAIR, "known"]).drop(columns="year")
    alive = in_system().rename(columns={"ccode": "ccode2", "year": "known"})
    return long.merge(alive, "inner", ["ccode2", "known"]).assign(hit=1.0)
