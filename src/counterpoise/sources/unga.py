"""Votes in the General Assembly of the United Nations, and ideal points published from them.

Votes to the end of the 74th session in 2019 come from unvotes (Voeten's data), which lists yes,
no and abstention alone: a state without a row was absent or no member. Roll calls of 2020 and
2021 come from the UN's own records, which also list members that did not vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

CODES = {"yes": 1, "abstain": 2, "no": 3, "Y": 1, "A": 2, "N": 3, "X": 8}
ADDED = (2020, 2021)
YEMENS = (678, 679)
FIRST_SESSION = 1945
"""Session s opens in the autumn of this year + s."""
FIRST_DATED_SESSION = 58
"""Before this session the file's days of the month are no days: nearly all lie from 1 to 7."""
SHORTEST_TITLE = 10
"""Letters that a title needs to be told from others."""


def votes(raw: Raw) -> dict[str, pl.DataFrame]:
    """Roll calls, votes and issues, each by the source's number of the roll call."""
    known = roll_calls(raw.r("unga/un_roll_calls.rda", "un_roll_calls"))
    listed = raw.r("unga/un_votes.rda", "un_votes").with_columns(pl.col("rcid").cast(pl.Int64))
    issues = raw.r("unga/un_roll_call_issues.rda", "un_roll_call_issues")
    united = raw.parquet("unga/rollcalls_1992_2022.parquet")
    raw.report(missing(united, known))
    added, cast_then = extension(raw, united.filter(pl.col("year").is_in(ADDED)), known)
    dated = listed.join(known.select("rcid", "year"), on="rcid", how="left", validate="m:1")
    cast = pl.concat([by_state(raw, dated), cast_then])
    return {
        "un_roll_calls": mark_repeats(pl.concat([known, added]), cast),
        "un_votes": cast,
        "un_issues": issues.select("rcid", issue="short_name"),
    }


def roll_calls(calls: pl.DataFrame) -> pl.DataFrame:
    """Session, year and kind of each roll call. The texts of the resolutions are left out."""
    date = pl.from_epoch(pl.col("date").cast(pl.Int32), time_unit="d")
    opened = FIRST_SESSION + pl.col("session")
    return calls.select(
        pl.col("rcid").cast(pl.Int64),
        pl.col("session").cast(pl.Int64),
        year=pl.max_horizontal(date.dt.year(), opened).cast(pl.Int64),
        month=date.dt.month().cast(pl.Int64),
        date=pl.when(pl.col("session") >= FIRST_DATED_SESSION).then(date),
        unres=pl.col("unres").replace("", None),
        is_important=pl.col("importantvote") == 1,
        is_amendment=pl.col("amend") == 1,
        is_paragraph=pl.col("para") == 1,
        title=alike_titles(pl.col("descr"), pl.col("rcid")),
    )


def alike_titles(title: pl.Expr, rcid: pl.Expr) -> pl.Expr:
    """First roll call with a title of the same letters; null where the title is missing or short.

    Case, figures, signs, and what follows "resolution" after a colon are passed over.
    """
    plain = title.str.to_lowercase().str.replace(r"\s*:\s*resolution.*$", "")
    letters = plain.str.replace_all(r"[^a-z ]", "").str.replace_all(r" +", " ").str.strip_chars()
    is_told = letters.str.len_chars() >= SHORTEST_TITLE
    return pl.when(is_told).then(rcid.min().over(letters)).cast(pl.Int64)


def missing(united: pl.DataFrame, known: pl.DataFrame) -> list[str]:
    """Years in which the UN's list has more roll calls than the first source, in words.

    The other way about is usual: the first source also has amendments and paragraphs.
    """
    theirs = united.group_by("year").agg(theirs=pl.col("rc").n_unique())
    ours = known.group_by("year").agg(ours=pl.len())
    short = theirs.join(ours, on="year", how="inner").filter(
        (pl.col("theirs") > pl.col("ours")) & ~pl.col("year").is_in(ADDED)
    )
    rows = short.sort("year").select("year", pl.col("theirs") - pl.col("ours")).iter_rows()
    return [
        f"{lacking} or more roll calls of {year} (in the UN's list alone)" for year, lacking in rows
    ]


def by_state(raw: Raw, dated: pl.DataFrame) -> pl.DataFrame:
    """Votes by state as of the year. Ukraine and Belarus voted long before COW lists them.

    Yemen, united in May 1990, voted that autumn under the name of its northern part.
    """
    found = raw.states.find_all(dated["country"], dated["year"])
    ccode = pl.Series("ccode", found, dtype=pl.Int16)
    is_united = (pl.col("ccode") == YEMENS[0]) & (pl.col("year") >= 1990)
    return (
        dated.with_columns(ccode)
        .drop_nulls("ccode")
        .select(
            "rcid",
            ccode=pl.when(is_united).then(pl.lit(YEMENS[1], pl.Int16)).otherwise("ccode"),
            vote=pl.col("vote").replace_strict(CODES, return_dtype=pl.Int8),
        )
    )


def extension(
    raw: Raw, recent: pl.DataFrame, known: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Roll calls of the years added, numbered 20001 and on in 2020, and their votes.

    A resolution that the first source already has is left out. The session is read from the
    resolution's symbol.
    """
    have = known["unres"].drop_nulls().unique().to_list()
    fresh = recent.filter(~pl.col("resolution").is_in(have)).with_columns(
        rcid=(pl.col("year") - 2000) * 1000 + pl.col("rc")
    )
    blank = dict.fromkeys(
        ("is_important", "is_amendment", "is_paragraph"), pl.lit(None, pl.Boolean)
    )
    calls = fresh.select(
        "rcid",
        session=pl.col("resolution").str.extract(r"^A/RES/(\d+)/").cast(pl.Int64),
        year="year",
        month=pl.lit(None, pl.Int64),
        date=pl.lit(None, pl.Date),
        unres="resolution",
        **blank,
        title=pl.lit(None, pl.Int64),
    )
    return calls.unique(), by_state(raw, fresh)


def mark_repeats(calls: pl.DataFrame, cast: pl.DataFrame) -> pl.DataFrame:
    """Add ``repeats``: the first roll call of the session with every vote the same, or null.

    Some are one vote listed twice, others separate votes (parts of a resolution, admissions of
    members) that fell alike.
    """
    votes_of = (
        cast.sort("rcid", "ccode")
        .group_by("rcid", maintain_order=True)
        .agg(
            alike=(pl.col("ccode").cast(pl.Int32) * 10 + pl.col("vote"))
            .cast(pl.String)
            .str.join(" ")
        )
    )
    first = pl.col("rcid").min().over("session", "alike")
    return (
        calls.join(votes_of, on="rcid", how="left", validate="1:1")
        .with_columns(repeats=pl.when(first < pl.col("rcid")).then(first))
        .drop("alike")
    )


def ideal_points(raw: Raw) -> dict[str, pl.DataFrame]:
    """Three published series with their number of votes, and 5 % and 95 % bounds of two of them.

    ``fp`` rests on votes on final passage, ``all`` on every vote, ``legacy`` on the older code.
    """
    names = [
        *("idealpointfp", "idealpointall", "idealpointlegacy"),
        *("nvotesfp", "nvotesall", "nvotesLegacy", "q5fp", "q95fp", "q5all", "q95all"),
    ]
    frame = raw.stata("unga/idealpoints_2025_07.dta", ["ccode", "year", *names])
    scored = frame.filter(pl.any_horizontal(pl.col(names).is_not_null()))
    return {
        "published_ideal_points": scored.select(
            "ccode", pl.col("year").cast(pl.Int16), *(pl.col(n).alias(n.lower()) for n in names)
        )
    }
