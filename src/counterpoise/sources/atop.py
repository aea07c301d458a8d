"""Alliance Treaty Obligations and Provisions (ATOP) 5.1: pacts, their members and dyads.

ATOP writes 0 for an end that had not come by 2018: here such an end is null. It splits a pact
into phases where its text changes; a member's obligations and the threat that the pact names
are those of its phase, which the member file carries just as the phase file does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources.spells import runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterpoise.sources.raw import Raw

OBLIGATIONS = ("defense", "offense", "neutral", "nonagg", "consul")
LIMITS = ("defcoadv", "defcoloc", "defcocon", "offcoadv", "offcoloc", "offcocon")
YES_NO = (*OBLIGATIONS, *LIMITS, "bilat", "wartime", "asymm", "intcom", "contrib")
SHARED = (
    *("bilat", "wartime", *OBLIGATIONS, "asymm", "specthrt", "statthr1", "statthr2"),
    *("milcon", "milaid", "intcom", "subord", "organ1", "orgpurp1", "base", "contrib"),
)


def read(raw: Raw) -> dict[str, pl.DataFrame]:
    """Spells of members in pacts, with what each then owed, and the pacts themselves."""
    members = raw.csv("atop/atop5_1m.csv")
    known = set(raw.names.ccodes())
    raw.report(
        f"{code} (member of ATOP {pact})"
        for pact, code in members.select("atopid", "member").iter_rows()
        if code not in known
    )
    return {
        "atop_members": spells(members.filter(pl.col("member").is_in(known))),
        "atop_alliances": alliances(raw.csv("atop/atop5_1a.csv")),
    }


def spells(members: pl.DataFrame) -> pl.DataFrame:
    """Number each member's spells in a pact from 1, by day of entry, then phase.

    A pact that outlived Czechoslovakia runs on in two phases side by side, one with each
    successor, so the same partner has two spells from the same day.
    """
    ordered = members.rename({"member": "ccode"}).sort(
        "atopid", "ccode", "yrent", "moent", "dayent", "phase"
    )
    return ordered.select(
        "atopid",
        "ccode",
        "phase",
        *_dates("yrent", "moent", "dayent", "yrexit", "moexit", "dayexit"),
        *_coded((*SHARED, *LIMITS)),
        spell=pl.int_range(1, pl.len() + 1).over("atopid", "ccode"),
    )


def alliances(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per pact: its life and whether it ever held each provision."""
    return frame.select(
        "atopid",
        *_dates("begyr", "begmo", "begday", "endyr", "endmo", "endday"),
        *_coded((*SHARED, "futmem", "maxphase")),
    )


def _dates(*names: str) -> list[pl.Expr]:
    return [pl.col(name).replace(0, None) for name in names]


def _coded(names: Iterable[str]) -> list[pl.Expr]:
    return [_yes_no(name) if name in YES_NO else pl.col(name) for name in names]


def _yes_no(name: str) -> pl.Expr:
    """0 and 1 as no and yes; null stays, and any other value is an error."""
    answers = {0: False, 1: True, None: None}
    return pl.col(name).cast(pl.Int8).replace_strict(answers, return_dtype=pl.Boolean)


def dyads(raw: Raw) -> dict[str, pl.DataFrame]:
    """What the first state of a directed dyad owed the second, drawn together to runs of years.

    Only dyads with a pact are listed: inside 1815 to 2018 an absent dyad owed nothing.
    """
    frame = raw.r("atop/atop_directed_dyad_year.rda", "atop_alliance")
    return {"atop_dyads": dyad_runs(frame)}


def dyad_runs(frame: pl.DataFrame) -> pl.DataFrame:
    """Runs of years in which a directed dyad had the same five kinds of obligation."""
    owed = [f"atop_{name}" for name in OBLIGATIONS]
    return runs(frame.with_columns(_yes_no(name) for name in owed), ["ccode1", "ccode2"], owed)
