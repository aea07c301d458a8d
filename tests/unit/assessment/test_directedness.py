"""The same coalition against its target and against bystanders: direction tells them apart."""

from __future__ import annotations

import functools

import polars as pl
import pytest

from counterpoise import record, states
from counterpoise.assessment.bystanders import (
    BYSTANDER,
    FORMER,
    MOST,
    TARGET,
    directedness_table,
    hard_cases,
)

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
    counted = (
        table()
        .group_by("case_id")
        .agg(
            (pl.col("part") == TARGET).sum().alias("targets"),
            (pl.col("part") == BYSTANDER).sum().alias("bystanders"),
        )
    )
    assert (counted["targets"] == 1).all()
    assert (counted["bystanders"] == MOST).all()


@pytest.mark.parametrize("case_id", sorted(hard_cases()))
def test_bystanders_have_no_quarrel_with_any_member(case_id: str) -> None:
    question = hard_cases()[case_id]
    rows = table().filter(case_id=case_id, part=BYSTANDER)
    members = list(question.members)
    for code, read in rows.select("facing", "measured").rows():
        since = min(read or question.year, question.year) - 9
        disputes = record.table("dispute_dyads").filter(
            pl.col("ccode1").is_in(members)
            & (pl.col("ccode2") == code)
            & pl.col("year").is_between(since, question.year)
        )
        assert disputes.is_empty()
    chosen = set(rows["facing"])
    assert not chosen & {*members, question.target.ccode}
    assert chosen <= set(states.system(question.year))


@pytest.mark.parametrize("case_id", sorted(hard_cases()))
def test_target_and_bystanders_come_apart(case_id: str) -> None:
    rows = table().filter(case_id=case_id)
    target, others = rows.filter(part=TARGET), rows.filter(part=BYSTANDER)
    assert not others["directed"].any(ignore_nulls=True)
    if case_id in NOT_AT_THE_TARGET:
        assert target["directed"][0] is not True
    else:
        assert target["directed"][0] is True
    unknown = others.filter(pl.col("directed").is_null())
    assert unknown.is_empty() == (case_id not in BEFORE_THE_RECORD)


def test_former_enemies_are_the_hard_spot() -> None:
    former = table().filter(part=FORMER)
    aimed = former.filter("directed")
    assert (len(aimed), len(former)) == (28, 93), "as docs/explanation/backtest.md says"
    since = aimed["measured"] - aimed["last_dispute"]
    assert (since <= 9).all(), "a serious dispute in the ten years before the signature"


def test_directedness_separates_targets_from_bystanders() -> None:
    known = table().drop_nulls("directed")
    target, others = known.filter(part=TARGET), known.filter(part=BYSTANDER)
    assert target["directed"].mean() > 0.8
    assert len(others) > 450
    assert target["rest"].mean() - others["rest"].mean() > 0.7
