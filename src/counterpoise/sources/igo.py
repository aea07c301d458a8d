"""Who belongs to what: the IGOs of the Correlates of War, informal bodies, the World Factbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources.spells import runs

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

NOT_IN_BEING = -1
"""Code of an organisation that was not in being in the year."""
SNAPSHOT = 2017
"""Year in which Vabulas and Snidal list members."""
FACTBOOK = 2024
"""Year whose memberships the World Factbook's snapshot shows (Sweden in NATO, Iran in BRICS)."""


def cow(raw: Raw) -> dict[str, pl.DataFrame]:
    """Each state's standing in each of 534 organisations, and the organisations.

    Runs of years carry the codes as given: 1 full member, 2 associate, 3 observer, 0 none and -9
    missing. A state and year without a row (the file's -1) is an organisation that was not in
    being, or a state that the file does not follow.
    """
    wide = raw.r("igo/cow_igo_state_year.rda").drop("state")
    return {
        "igo_memberships": memberships(wide),
        "igos": igos(raw.csv("igo/cow_igo_list.csv")),
    }


def memberships(wide: pl.DataFrame) -> pl.DataFrame:
    """Runs of one standing from a table of one row per state and year, one column per body."""
    yearly = (
        wide.cast({"ccode": pl.Int16, "year": pl.Int16})
        .with_columns(pl.all().exclude("ccode", "year").cast(pl.Int8))
        .unpivot(index=["ccode", "year"], variable_name="igo", value_name="status")
        .filter(pl.col("status") != NOT_IN_BEING)
    )
    return runs(yearly, ["igo", "ccode"], ["status"])


def igos(listed: pl.DataFrame) -> pl.DataFrame:
    """Organisations by the short name that the membership columns bear, in small letters."""
    return listed.select(
        igo=pl.col("ioname").str.to_lowercase(),
        ionum="ionum",
        name="longorgname",
        first_year="sdate",
        last_year="deaddate",
    )


def informal(raw: Raw) -> dict[str, pl.DataFrame]:
    """Two data sets of bodies without a treaty: yearly members to 2010, and members in 2017.

    Roger and Rowan follow 244 bodies by year, known by their initials alone. Vabulas and Snidal
    list the members that 148 bodies have, or had in the end.
    """
    parts = raw.r_list("igo/informal_igo.rda", "memberships")
    yearly, listed = parts["MIGO"], parts["IIGO"].cast({"Begin": pl.Int16, "End": pl.Int16})
    return {
        "informal_memberships": informal_runs(yearly),
        "informal_igos": informal_bodies(listed),
        "informal_members": informal_members(raw, listed),
    }


def informal_runs(yearly: pl.DataFrame) -> pl.DataFrame:
    """Runs of membership. The columns Begin and End are the state's years, and are left out."""
    tidy = yearly.select(
        igo="igoID",
        ccode=pl.col("cowID").cast(pl.Int16),
        year=pl.col("Year").cast(pl.Int16),
        status=pl.col("membership").cast(pl.Int8),
    )
    return runs(tidy, ["igo", "ccode"], ["status"])


def informal_bodies(listed: pl.DataFrame) -> pl.DataFrame:
    """Bodies by title, with initials and years; a null end is a body alive in 2017."""
    return listed.select(
        name="Title", abbreviation="igoID", first_year="Begin", last_year="End"
    ).unique()


def informal_members(raw: Raw, listed: pl.DataFrame) -> pl.DataFrame:
    """Members of each body as listed in 2017; there is no record of when each one joined."""
    ccode = raw.states.find_all(listed["StateName"], [SNAPSHOT] * listed.height)
    coded = listed.select(name="Title", state="StateName", ccode=pl.Series(ccode, dtype=pl.Int16))
    return coded.drop_nulls("ccode")


def factbook(raw: Raw) -> dict[str, pl.DataFrame]:
    """Memberships as the World Factbook lists them; its entry for the SCO is out of date."""
    frame = raw.csv("igo/factbook_memberships.csv")
    return {"factbook_memberships": factbook_members(raw, frame)}


def factbook_members(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of states, found by GEC code; dependencies are reported by name.

    A state listed twice in one organisation keeps the first line.
    """
    ccode = raw.names.find_all(frame["gec"], [FACTBOOK] * frame.height, by="gec")
    coded = frame.with_columns(ccode=pl.Series(ccode, dtype=pl.Int16))
    strange = coded.filter(pl.col("ccode").is_null())
    raw.report(f"{name} ({gec})" for gec, name in strange.select("gec", "country").iter_rows())
    return (
        coded.drop_nulls("ccode")
        .select("ccode", organisation="io", status="status")
        .unique(["ccode", "organisation"], keep="first", maintain_order=True)
    )
