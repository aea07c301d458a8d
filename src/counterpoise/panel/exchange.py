"""What states exchange: trade, finance, exercises, and words and deeds in the news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.panel.reading import of_pairs, of_states
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from counterpoise.panel.rows import Rows

FLOWS = {
    "flow1": "flow2",
    "flow2": "flow1",
    "smoothflow1": "smoothflow2",
    "smoothflow2": "smoothflow1",
}
"""Each flow, and the one that takes its place when the pair is read in the other order."""

KINDS = ("oda", "oof", "vague")
EVENTS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")


def trade(rows: Rows) -> pl.DataFrame:
    """Flows in both directions; ``flow1`` is what the first state imports from the second."""
    found = of_pairs("trade", "trade", record.table("trade"), rows, symmetric=True)
    one, two = rows.numbered("cow").codes
    if not (one > two).any():
        return found
    turned = pl.Series(one > two)
    return found.select(
        pl.when(turned).then(other).otherwise(name).alias(name) for name, other in FLOWS.items()
    )


def china_finance(rows: Rows) -> pl.DataFrame:
    """China's official finance to a state, by kind; null where AidData lists no project."""
    amounts = [
        pl.col("amount_usd2014")
        .filter(pl.col("flow") == kind)
        .first()
        .alias(f"china_{kind}_usd2014")
        for kind in KINDS
    ]
    projects = pl.col("projects").sum().cast(pl.Int32).alias("china_projects")
    frame = record.table("china_finance").group_by("ccode", "year").agg(*amounts, projects)
    return of_states("china_finance", "china_finance", frame, rows)


def exercises(rows: Rows) -> pl.DataFrame:
    """How many exercises a state took part in."""
    frame = _participants().group_by("ccode", "year").agg(n_exercises=pl.len().cast(pl.Int32))
    return of_states("exercises", "exercises", frame, rows)


def joint_exercises(rows: Rows) -> pl.DataFrame:
    """How many exercises both states took part in."""
    taking_part = _participants()
    together = taking_part.join(taking_part, on=["exercise_id", "year"], suffix="2")
    frame = (
        together.filter(pl.col("ccode") < pl.col("ccode2"))
        .rename({"ccode": "ccode1"})
        .group_by("ccode1", "ccode2", "year")
        .agg(n_exercises=pl.len().cast(pl.Int32))
    )
    return of_pairs("exercises", "exercises", frame, rows, symmetric=True)


def _participants() -> pl.DataFrame:
    """One row per exercise, participant and year in which it was under way."""
    spells = record.table("exercises").select("exercise_id", "start_year", "end_year")
    yearly = by_year(spells, record.coverage("exercises")[1])
    return record.table("exercise_participants").join(yearly, on="exercise_id", how="inner")


def events_icews(rows: Rows) -> pl.DataFrame:
    """Events by the first state towards the second; in undirected pairs, both ways."""
    frame = record.table("events_icews")
    aimed = of_pairs("events_icews", "events_icews", frame, rows)
    if rows.directed:
        return aimed
    back = of_pairs("events_icews", "events_icews", frame, rows.swapped())
    return aimed.select(pl.col(name) + back[name] for name in EVENTS)


def events_gdelt(rows: Rows) -> pl.DataFrame:
    """Scores of the events between the two states."""
    frame = record.table("events_gdelt")
    return of_pairs("events_gdelt", "events_gdelt", frame, rows, symmetric=True)
