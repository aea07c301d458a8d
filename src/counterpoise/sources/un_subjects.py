"""What each roll call of the General Assembly was about: a number for every subject.

The texts stay with the source. Most rows have keywords (to session 57, and some later), others the
title of the resolution; a paragraph, an amendment and next year's resolution have the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

ADOPTED = r"(?i)\s*:?\s*resolution\s*/?\s*adopted by.*$"
MINUTES = r"(?i)^the (acting )?president|put to the vote|recorded vote"
"""Some rows hold the minutes of the meeting instead of a title."""
SHORTEST = 3


def subjects(raw: Raw) -> dict[str, pl.DataFrame]:
    """The first roll call on the same subject, for every roll call to 2019."""
    return {"un_subjects": alike(raw.r("unga/un_roll_calls.rda", "un_roll_calls"))}


def alike(calls: pl.DataFrame) -> pl.DataFrame:
    """``subject`` is the lowest number among the roll calls with the same words."""
    title = pl.coalesce(_title("descr"), _title("short"))
    words = pl.coalesce(title, _told("short"), _told("descr"))
    plain = words.str.to_lowercase().str.replace_all(r"[^a-z]+", " ").str.strip_chars()
    rcid = pl.col("rcid").cast(pl.Int64)
    named = calls.select(rcid, words=plain).filter(pl.col("words").str.len_chars() >= SHORTEST)
    return named.select("rcid", subject=pl.col("rcid").min().over("words")).sort("rcid")


def _told(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    is_silent = (text == "") | text.str.contains(MINUTES)
    return pl.when(~is_silent).then(text)


def _title(column: str) -> pl.Expr:
    """Title of a resolution, where the text ends by saying who adopted it."""
    text = _told(column)
    return pl.when(text.str.contains(ADOPTED)).then(text.str.replace(ADOPTED, ""))
