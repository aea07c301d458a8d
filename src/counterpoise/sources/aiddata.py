"""AidData: Chinese official finance to each state, from a list of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

FOLDER = "GlobalChineseOfficialFinanceDataset_v1.0"
FLOWS = {"ODA-like": "oda", "OOF-like": "oof", "Vague (Official Finance)": "vague"}


def china_finance(raw: Raw) -> dict[str, pl.DataFrame]:
    """Commitments by recipient, year and kind of flow, in US dollars of 2014."""
    projects = raw.zip_excel("economy/aiddata_china_finance_v1.zip", f"{FOLDER}/{FOLDER}.xlsx")
    return {"china_finance": by_recipient(raw, projects)}


def by_recipient(raw: Raw, projects: pl.DataFrame) -> pl.DataFrame:
    """Add up the projects that AidData recommends for research and that have one recipient.

    That leaves out pledges, cancelled and suspended projects and framework agreements. Projects
    of regions and of several states are reported. The amount is null where no project of the
    group has one; ``projects_without_amount`` says how far it is an understatement.
    """
    wanted = projects.filter(pl.col("recommended_for_research")).with_columns(
        pl.col("year").cast(pl.Int64),
        amount=pl.col("usd_defl_2014").str.strip_chars().replace("", None).cast(pl.Float64),
    )
    single = pl.col("recipient_count") == 1
    shared = wanted.filter(~single)["recipient_condensed"]
    raw.report(f"{name} (projects of several states)" for name in shared)
    kept = wanted.filter(single)
    ccode = raw.states.find_all(kept["recipient_condensed"], kept["year"])
    known = pl.col("amount").is_not_null()
    return (
        kept.with_columns(ccode=pl.Series(ccode, dtype=pl.Int64))
        .drop_nulls("ccode")
        .group_by(
            "ccode", "year", flow=pl.col("flow_class").replace_strict(FLOWS), maintain_order=True
        )
        .agg(
            projects=pl.len().cast(pl.Int64),
            projects_without_amount=(~known).sum().cast(pl.Int64),
            amount_usd2014=pl.when(known.any()).then(pl.col("amount").sum()),
        )
    )
