"""Global Sanctions Data Base: who sanctioned whom, how, and what for.

It is handed out on request: the tables are built only into a user's own folder.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterpoise.sources.raw import Raw

KINDS = ("trade", "arms", "military", "financial", "travel", "other")
SIDES = {"target": "sanctioned_state", "sender": "sanctioning_state"}
SUCCESSORS = {"South Vietnam": "Vietnam", "Yemen, North": "Yemen"}


def sanctions(raw: Raw) -> dict[str, pl.DataFrame]:
    """Cases of sanctions, and the states named on either side of each.

    Organisations that act as one (EU, UN, OAU) are no states: a case keeps its row, and the name
    is reported.
    """
    frame = raw.csv("economy/gsdb_v3.csv")
    described = frame.select(
        "case_id", *KINDS, "objective", "success", start_year="begin", end_year="end"
    )
    return {"sanctions": described, "sanction_parties": parties(raw, frame)}


def parties(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """States on either side, as of the year in which the case begins."""
    rows = [
        (case, side, year, name)
        for side, column in SIDES.items()
        for case, year, names in frame.select("case_id", "begin", column).iter_rows()
        for name in split_names(names, partial(_is_state, raw, year))
    ]
    named = [_name_then(raw, name, year) for _, _, year, name in rows]
    found = raw.states.find_all(named, [row[2] for row in rows], existing=True)
    keyed = [(case, side, ccode) for (case, side, *_), ccode in zip(rows, found, strict=True)]
    schema = {"case_id": pl.Int32, "side": pl.String, "ccode": pl.Int32}
    return pl.DataFrame(keyed, schema=schema, orient="row").drop_nulls().unique()


def _name_then(raw: Raw, name: str, year: int) -> str:
    """The list of names is fixed: it says South Vietnam of the Vietnam of 2015."""
    later = SUCCESSORS.get(name)
    if later is None or raw.states.existed(raw.states.find(name, year), year):
        return name
    return later


def split_names(text: str, is_state: Callable[[str], bool]) -> list[str]:
    """Names of a list in which commas also stand inside names: "Egypt, Arab Rep., Syria".

    A part joins the one before it where it is no state itself and the two together are one.
    """
    names: list[str] = []
    for part in (p.strip() for p in text.split(",")):
        if names and not is_state(part) and is_state(f"{names[-1]}, {part}"):
            names[-1] = f"{names[-1]}, {part}"
        elif part:
            names.append(part)
    return names


def _is_state(raw: Raw, year: int, name: str) -> bool:
    return raw.names.find_all([name], [year])[0] is not None
