"""From a table of the record to the values of a panel's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record, schema
from counterpoise.panel.columns import columns, zeros
from counterpoise.panel.facts import look_up, of_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterpoise.panel.rows import Rows
    from counterpoise.states import System

    Reader = Callable[[Rows], pl.DataFrame]

CODE: dict[str, str] = {"cow": "ccode", "gw": "gwcode"}
"""Name of each system's state numbers."""

PAIR = ("ccode1", "ccode2")


def twin(table: str, system: System) -> tuple[str, System]:
    """The table that knows a panel's system best, and the system of its numbers.

    Where the record holds a twin whose name begins with ``gw_``, it serves panels in Gleditsch–Ward
    numbers; any other table is reached by crosswalk.
    """
    if system == "gw" and f"gw_{table}" in schema.tables():
        return f"gw_{table}", "gw"
    return table, "cow"


def state_table(add: str, table: str) -> Reader:
    """Reader of a table with one row per state and year."""

    def read(rows: Rows) -> pl.DataFrame:
        name, system = twin(table, rows.system)
        wanted = {c.name: c.source.name for c in columns(add, "state")}
        frame = record.table(name).select(CODE[system], "year", **wanted)
        return of_states(add, name, frame, rows)

    return read


def pair_table(add: str, table: str) -> Reader:
    """Reader of a table with one row per directed pair and year."""

    def read(rows: Rows) -> pl.DataFrame:
        wanted = {c.name: c.source.name for c in columns(add, "pair")}
        return of_pairs(add, table, record.table(table).select(*PAIR, "year", **wanted), rows)

    return read


def of_states(add: str, table: str, frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Look up a frame that was drawn from a table, one row per state and ``year``.

    Parameters
    ----------
    add, table : the set, whose columns the frame holds, and the table whose years count.
    """
    system: System = "gw" if "gwcode" in frame.columns else "cow"
    wanted = frame.select(CODE[system], "year", *(c.name for c in columns(add, "state")))
    key = (CODE[system],)
    return look_up(of_frame(wanted, key, system, record.coverage(table), zeros(add, "state")), rows)


def of_pairs(
    add: str, table: str, frame: pl.DataFrame, rows: Rows, *, symmetric: bool = False
) -> pl.DataFrame:
    """Look up a frame that was drawn from a table, one row per pair and ``year`` or run of years.

    Parameters
    ----------
    add, table : the set, whose columns the frame holds, and the table whose years count.
    symmetric : the frame holds each pair once, lower code first, and speaks of both orders.
    """
    system: System = "gw" if "gwcode1" in frame.columns else "cow"
    key = (f"{CODE[system]}1", f"{CODE[system]}2")
    dates = ["year"] if "year" in frame.columns else ["start_year", "end_year"]
    wanted = frame.select(*key, *dates, *(c.name for c in columns(add, "pair")))
    zero = zeros(add, "pair")
    facts = of_frame(wanted, key, system, record.coverage(table), zero, symmetric=symmetric)
    return look_up(facts, rows)


def both_ways(frame: pl.DataFrame) -> pl.DataFrame:
    """Pairs held once, in both orders: one row per state (``ccode``) and partner."""
    one, two = (frame.rename({PAIR[k]: "ccode", PAIR[1 - k]: "partner"}) for k in range(2))
    return pl.concat([one, two.select(one.columns)])
