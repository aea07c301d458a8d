"""The same coalition against its target and against bystanders: direction tells them apart."""

from __future__ import annotations

import functools

import polars as pl
import pytest

from counterpoise import record, states
from counterpoise.assessment.bystanders import MOST, bystanders, directedness_table, hard_cases

NOT_AT_THE_TARGET = {
    "AMDA1963", "AUST1866", "GCCI1981", "GULF1990", "INDS1971", "ITAL1859", "MONG1966",
    "SYIR1980", "VIET1978",
}  # fmt: skip
"""Hard cases not known to be directed at their own target; docs/explanation/backtest.md."""

BEFORE_THE_RECORD = {"DBUN1840", "GCCI1981", "Q1815"}
"""Their bystanders stay unknown: disputes begin with 1816, and small members lack power."""


@functools.cache
def table() -> pl.DataFrame:
    return directedness_table()


def test_every_hard_case_faces_its_target_and_up_to_ten_bystanders() -> None:
    coded = record.coded("balancing_cases").filter(code="hard").drop_nulls("members")
    assert set(table()["case_id"]) == set(coded["case_id"])
    counted = table().group_by("case_id").agg(pl.col("is_target").sum(), pl.len())
    assert (counted["is_target"] == 1).all()
    assert counted["len"].min() > 5
    assert counted["len"].max() == MOST + 1


@pytest.mark.parametrize("case_id", sorted(hard_cases()))
def test_bystanders_have_no_quarrel_with_any_member(case_id: str) -> None:
    question = hard_cases()[case_id]
    chosen, members = bystanders(question), list(question.members)
    recent = record.table("dispute_dyads").filter(
        pl.col("ccode1").is_in(members)
        & pl.col("ccode2").is_in(chosen)
        & pl.col("year").is_between(question.year - 9, question.year)
    )
    assert recent.is_empty()
    assert not set(chosen) & {*members, question.target.ccode}
    assert set(chosen) <= set(states.system(question.year))


@pytest.mark.parametrize("case_id", sorted(hard_cases()))
def test_target_and_bystanders_come_apart(case_id: str) -> None:
    rows = table().filter(case_id=case_id)
    target, others = rows.filter("is_target"), rows.filter(~pl.col("is_target"))
    if case_id in NOT_AT_THE_TARGET:
        assert target["directed"][0] is not True
    else:
        assert target["directed"][0] is True
    unknown = others.filter(pl.col("directed").is_null())
    assert unknown.is_empty() == (case_id not in BEFORE_THE_RECORD)


def test_a_bystander_is_aimed_at_only_where_it_was_an_enemy_before_the_signature() -> None:
    aimed = table().filter(~pl.col("is_target") & pl.col("directed"))
    others = table().filter(~pl.col("is_target"))
    assert (len(aimed), len(others)) == (21, 500), "as docs/explanation/backtest.md says"
    since = aimed["measured"] - aimed["last_dispute"]
    assert (since <= 9).all(), "a serious dispute in the ten years before the signature"
    years = aimed["last_dispute"].to_list()
    assert sum(1939 <= year <= 1945 for year in years) >= len(years) * 0.6


def test_directedness_separates_targets_from_bystanders() -> None:
    known = table().drop_nulls("directed")
    target, others = known.filter("is_target"), known.filter(~pl.col("is_target"))
    assert target["directed"].mean() > 0.8
    assert others["directed"].mean() < 0.06
    assert target["rest"].mean() - others["rest"].mean() > 0.7
