"""Subjects of roll calls: keywords and titles, and what is neither."""

from __future__ import annotations

import polars as pl

from counterpoise import record
from counterpoise.sources.un_subjects import alike


def subjects(*rows: tuple[int, str | None, str | None]) -> dict[int, int]:
    frame = pl.DataFrame(rows, schema=["rcid", "short", "descr"], orient="row")
    return dict(alike(frame).iter_rows())


def test_paragraphs_of_one_resolution_share_its_keywords() -> None:
    found = subjects((7, "KOREA", "To adopt paragraph 2"), (9, "Korea.", "To adopt paragraph 3"))
    assert found == {7: 7, 9: 7}


def test_next_years_resolution_has_the_same_title() -> None:
    found = subjects(
        (
            11,
            "The right to foo",
            "The right to food : resolution / adopted by the General Assembly",
        ),
        (12, "The right to food : resolution / adopted by the General Assembly", "A/72 - FOOD"),
        (13, "HUMAN RIGHTS", "The right of peoples : resolution / adopted by the Assembly"),
    )
    assert found == {11: 11, 12: 11, 13: 13}


def test_minutes_of_the_meeting_are_no_subject() -> None:
    found = subjects(
        (1, None, "The Acting President: I shall now put to the vote paragraph 3"),
        (2, "NUCLEAR TESTS", "The President: A recorded vote has been requested"),
        (3, " ", None),
    )
    assert found == {2: 2}


def test_the_embargo_on_cuba_is_one_subject_over_the_years() -> None:
    calls = record.table("un_roll_calls").join(record.table("un_subjects"), on="rcid")
    yearly = (
        calls.filter(pl.col("year").is_between(2012, 2016))
        .group_by("subject")
        .agg(years=pl.col("year").n_unique(), votes=pl.len())
    )
    assert (yearly["years"] == 5).sum() > 10
    assert calls.height > 5700
