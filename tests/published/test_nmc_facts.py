"""Published statements about the Composite Index of National Capability, on our table."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from counterpoise import record

with Path(__file__).with_name("nmc_facts.csv").open(encoding="utf-8") as stream:
    FACTS = list(csv.DictReader(stream))


def cinc(year: int) -> pl.DataFrame:
    return record.table("nmc").filter(pl.col("year") == year).sort("cinc", descending=True)


def computed(fact: str) -> float:
    year = int(fact.split()[-1])
    index = cinc(year)["cinc"]
    if fact.startswith("share of the United States"):
        return float(cinc(year).filter(pl.col("ccode") == 2)["cinc"].item())
    if fact.startswith("share of the first three"):
        return float(index.head(3).sum())
    if fact.startswith("least share"):
        return float(record.table("nmc").filter(pl.col("year") <= year)["cinc"].min())  # type: ignore[arg-type]
    return int((index < 0.01).sum()) if "below" in fact else index.len()


@pytest.mark.parametrize("row", FACTS, ids=lambda row: row["fact"])
def test_a_published_figure_is_reproduced(row: dict[str, str]) -> None:
    assert round(computed(row["fact"]), int(row["digits"])) == float(row["published"])


def test_the_first_three_are_those_named() -> None:
    assert cinc(1816).head(3)["ccode"].to_list() == [200, 365, 220]
    assert cinc(2016).head(3)["ccode"].to_list() == [710, 2, 750]


def test_the_united_states_of_1945_holds_the_greatest_share_ever() -> None:
    top = record.table("nmc").sort("cinc", descending=True).row(0, named=True)
    assert (top["ccode"], top["year"]) == (2, 1945)
