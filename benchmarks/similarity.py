"""S, kappa, pi, tau-b and A for every pair of states and every year, beside two other ways.

Run: python -m benchmarks similarity

The alternatives give less: a join of the votes with themselves and sums by pair (Häge's formulas,
in Polars) gives S, kappa and squared pi; scikit-learn gives kappa, pair by pair.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import polars as pl
from benchmarks.case import Case
from sklearn.metrics import cohen_kappa_score

from counterpoise import record
from counterpoise.measures.similarity_years import pact_similarity, vote_similarity, votes

TARGET_S = 5.0
EARLY = 1950


def cases() -> Iterator[Case]:
    yield Case(
        "S, kappa, pi, tau-b, A: all pairs, all years",
        "pacts 1816–2018 and votes 1946–2021, 1.85 million dyad-years",
        both,
        target_s=TARGET_S,
    )
    yield Case(
        "the same by votes alone",
        "1946–2021, 856,355 dyad-years",
        lambda: total(vote_similarity(), "kappavv"),
        "self-join in Polars: S, kappa, pi",
        lambda: total(joined(), "kappavv"),
        close,
    )
    yield Case(
        "kappa by votes, one year",
        f"{EARLY}, {len(early()[0])} states",
        lambda: total(vote_similarity(EARLY, EARLY), "kappavv"),
        "scikit-learn, pair by pair",
        by_pair,
        close,
    )


def close(one: object, two: object) -> bool:
    return math.isclose(float(str(one)), float(str(two)), rel_tol=1e-9)


def both() -> int:
    return pact_similarity().height + vote_similarity().height


def total(frame: pl.DataFrame, column: str) -> float:
    return float(frame[column].sum())


def joined() -> pl.DataFrame:
    """S, kappa and pi from sums over the roll calls that two states share, year by year."""
    calls = record.table("un_roll_calls").select("rcid", "year")
    cast = record.table("un_votes").filter(pl.col("vote") <= 3).join(calls, on="rcid")
    rows = cast.with_columns(pl.col("vote").cast(pl.Int32))
    return pl.concat([of_year(part) for part in rows.partition_by("year")])


def of_year(cast: pl.DataFrame) -> pl.DataFrame:
    a, b = pl.col("vote"), pl.col("vote_right")
    sums = (
        cast.join(cast, on="rcid")
        .filter(pl.col("ccode") < pl.col("ccode_right"))
        .group_by("ccode", "ccode_right")
        .agg(
            n=pl.len().cast(pl.Float64),
            sad=(a - b).abs().sum(),
            ssd=((a - b) ** 2).sum(),
            s1=a.sum(),
            s2=b.sum(),
            ss=(a**2 + b**2).sum(),
        )
    )
    n, s1, s2, ssd = (pl.col(name) for name in ("n", "s1", "s2", "ssd"))
    chance = pl.col("ss") - 2 * s1 * s2 / n
    pooled = pl.col("ss") - (s1 + s2) ** 2 / (2 * n)
    return sums.select(
        "ccode",
        "ccode_right",
        srsvva=1 - pl.col("sad") / n,
        kappavv=pl.when(chance.abs() > 1e-9).then(1 - ssd / chance),
        pivv=pl.when(pooled.abs() > 1e-9).then(1 - ssd / pooled),
    )


def early() -> tuple[np.ndarray, np.ndarray]:
    """States of one year, and their votes on its roll calls, 0 where absent."""
    (found,) = votes(range(EARLY, EARLY + 1))
    return found.codes, (found.taken * found.levels[:, None, None]).sum(axis=0)


def by_pair() -> float:
    codes, cast = early()
    found = 0.0
    for i in range(len(codes)):
        for j in range(i + 1, len(codes)):
            here = (cast[:, i] > 0) & (cast[:, j] > 0)
            one, two = cast[here, i].astype(int), cast[here, j].astype(int)
            if here.any() and len({*one, *two}) > 1:
                found += cohen_kappa_score(one, two, labels=[1, 2, 3], weights="quadratic")
    return found
