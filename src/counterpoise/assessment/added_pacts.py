"""Pacts that the record does not hold: our list since 2018, and a user's own file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from counterpoise import files, record, states
from counterpoise.errors import MANY, CounterpoiseError, DataError, excerpt, spelled
from counterpoise.measures.pacts import Duty

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 1_000_000
REQUIRED = ("pact", "state", "start")
FLAGS = ("defense", "offense", "consultation", "aid_or_base")
OPTIONAL = ("end", "threat", *FLAGS)


def since_record() -> tuple[Duty, ...]:
    """Our sourced list of pacts, accessions and exits since 2018; every duty flagged extended."""
    rows = record.coded("pacts_since_2018").iter_rows(named=True)
    return tuple(
        Duty(
            pact=row["pact"],
            ccode=row["ccode"],
            start=row["start"],
            end=row["end"],
            defense=row["is_defense"],
            offense=row["is_offense"],
            is_defense_limited=False,
            is_offense_limited=False,
            consultation=row["is_consultation"],
            aid_or_base=row["is_aid_or_base"],
            threats=frozenset([row["threat"]] if row["threat"] else []),
            is_extended=True,
        )
        for row in rows
    )


def read_pacts(path: Path, year: int) -> tuple[Duty, ...]:
    """A user's pacts from a CSV file, one row per pact and member.

    Columns: ``pact, state, start`` and, where they apply, ``end, defense, offense, consultation,
    aid_or_base`` (0 or 1) and ``threat`` (a state). Dates are written 2021-09-15.

    Raises
    ------
    DataError : lists every row that cannot be read.
    """
    frame = _read(path)
    faults: list[str] = []
    duties = []
    for line, row in enumerate(frame.iter_rows(named=True), start=2):
        try:
            duties.append(_duty(row, year))
        except CounterpoiseError as error:
            faults.append(f"line {line}: {error}")
        except ValueError as error:
            faults.append(f"line {line}: {excerpt(error, 100)}")
    if faults:
        raise DataError(f"{path}: {spelled(faults, MANY)}")
    return tuple(duties)


def _read(path: Path) -> pl.DataFrame:
    text = files.text(path, LARGEST_FILE, "a list of pacts")
    try:
        frame = pl.read_csv(text.encode(), infer_schema_length=0)
    except pl.exceptions.PolarsError:
        raise DataError(
            f"{path}: not a CSV table. Its first line names the columns {', '.join(REQUIRED)} "
            "and, where they apply, others; each further line is a member of a pact"
        ) from None
    absent = [name for name in REQUIRED if name not in frame.columns]
    extra = [name for name in frame.columns if name not in (*REQUIRED, *OPTIONAL)]
    if absent or extra:
        raise DataError(
            f"{path}: columns missing: {', '.join(absent) or 'none'}; columns not known: "
            f"{excerpt(', '.join(extra)) or 'none'}. "
            f"Needed: {', '.join(REQUIRED)}; allowed: {', '.join(OPTIONAL)}"
        )
    return frame.with_columns(
        pl.lit(None, pl.String).alias(c) for c in OPTIONAL if c not in frame.columns
    )


def _duty(row: dict[str, str | None], year: int) -> Duty:
    if not row["pact"] or not row["state"] or not row["start"]:
        raise ValueError("pact, state and start must be given")
    flags = {name: _flag(name, row[name]) for name in FLAGS}
    names = states.names()
    return Duty(
        pact=f"user:{row['pact']}",
        ccode=names.find(row["state"], year),
        start=dt.date.fromisoformat(row["start"]),
        end=dt.date.fromisoformat(row["end"]) if row["end"] else None,
        is_defense_limited=False,
        is_offense_limited=False,
        threats=frozenset([names.find(row["threat"], year)] if row["threat"] else []),
        is_extended=True,
        **flags,
    )


def _flag(name: str, text: str | None) -> bool:
    if text not in (None, "", "0", "1"):
        raise ValueError(f'{name} is "{excerpt(text)}"; write 0 or 1')
    return text == "1"
