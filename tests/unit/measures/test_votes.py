"""Votes as a problem: what a missing vote means, what is left out, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import counterpoise as cp
from counterpoise import record
from counterpoise.errors import CoverageError, DataError, QuestionError, UnknownNameError
from counterpoise.measures import votes
from counterpoise.measures.ideal_points import chosen
from counterpoise.models.ideal_points import ABSENT, OUTSIDE


def own(*rows: tuple[int, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["ccode", "rcid", "year", "vote"], orient="row")


GIVEN = own(
    *((2, 1, 1999, 1), (365, 1, 1999, 3), (710, 1, 1999, 2)),
    *((2, 2, 1999, 3), (365, 2, 1999, 1), (710, 2, 1999, 8)),
    *((2, 3, 2000, 1), (365, 3, 2000, 3)),
    *((2, 4, 2001, 1), (365, 4, 2001, 9), (710, 4, 2001, 3)),
)


def test_codes_become_votes_and_a_missing_row_what_it_means() -> None:
    found = votes.from_own(GIVEN)
    assert found.ccodes.tolist() == [2, 365, 710]
    assert found.years.tolist() == [1999, 2000, 2001]
    assert found.problem.votes.tolist() == [
        [2, 0, 1],
        [0, 2, ABSENT],
        [2, 0, OUTSIDE],
        [2, OUTSIDE, 0],
    ]
    assert any("China 2000" in note for note in found.notes)


def test_the_same_row_twice_counts_once_and_is_told() -> None:
    found = votes.from_own(pl.concat([GIVEN, GIVEN.head(2)]))
    assert found.problem.votes.tolist() == votes.from_own(GIVEN).problem.votes.tolist()
    assert "2 rows left out" in found.notes[0]


def test_roll_calls_and_states_without_votes_are_told() -> None:
    found = votes.from_own(pl.concat([GIVEN, own((2, 9, 2001, 8), (200, 9, 2001, 9))]))
    told = " ".join(found.notes)
    assert "1 roll calls left out for want of votes: 9" in told
    assert "States without any vote left out: 200" in told


def test_items_of_ones_own_are_bridges() -> None:
    found = votes.from_own(
        GIVEN.with_columns(item=pl.Series([7] * 3 + [8] * 3 + [7] * 2 + [9] * 3))
    )
    assert found.problem.item.tolist() == [7, 8, 7, 9]
    assert "1 roll calls vote again" in found.notes[-1]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (GIVEN.drop("year"), "lacks the column year"),
        (GIVEN.with_columns(vote=pl.lit(5)), "vote 5 is none of 1 yes"),
        (
            GIVEN.with_columns(ccode=pl.lit("USA")),
            "whole numbers; 11 cells are none, such as 'USA'",
        ),
        (GIVEN.with_columns(rcid=pl.lit(1.5)), "whole numbers"),
        (GIVEN.with_columns(year=pl.lit(None)), "an empty one"),
        (GIVEN.clear(), "has 0 rows"),
        (
            pl.concat([GIVEN, own((2, 1, 1999, 3))]),
            "state 2 votes in more than one way on roll call",
        ),
        (pl.concat([GIVEN, own((200, 1, 2000, 3))]), "more than one of the years"),
    ],
)
def test_votes_of_another_form_are_refused(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(DataError, match=says):
        votes.from_own(frame)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(DataError):
        votes.from_own(tmp_path / "v.csv")
    with pytest.raises(DataError, match="cannot be read"):
        votes.from_own(tmp_path / "none.csv")


def test_the_positive_state_must_have_voted() -> None:
    with pytest.raises(QuestionError, match="cast no vote"):
        votes.from_own(GIVEN, positive="France")


def test_years_without_votes_are_refused() -> None:
    with pytest.raises(QuestionError, match="no votes in the years asked"):
        votes.from_own(GIVEN, (1900, 1950))


def test_the_record_by_session() -> None:
    found = votes.from_record((1980, 1992))
    calls = record.table("un_roll_calls").filter(pl.col("session").is_between(35, 47))
    assert found.sessions is not None
    assert found.sessions.tolist() == list(range(35, 48))
    left_out = calls["repeats"].drop_nulls().len()
    assert found.problem.votes.shape[0] == calls.height - left_out
    assert left_out > 0
    assert f"{left_out} roll calls left out" in " ".join(found.notes)
    cast = record.table("un_votes").filter(
        pl.col("rcid").is_in(found.rcids.tolist()) & pl.col("vote").is_in([1, 2, 3])
    )
    assert int((found.problem.votes >= 0).sum()) == cast.height


def test_a_seat_that_changes_hands_and_one_kept_empty() -> None:
    found = votes.from_record((1970, 1975))
    table, period = found.problem.votes, found.years[found.problem.period]
    china, taiwan, africa = (table[:, found.ccodes == c][:, 0] for c in (710, 713, 560))
    assert (china[period == 1970] == OUTSIDE).all()
    assert (taiwan[period > 1971] == OUTSIDE).all()
    assert not ((china >= 0) & (taiwan >= 0)).any()
    assert (africa[period == 1975] == OUTSIDE).all()


def test_resolutions_voted_on_again_share_an_item_within_three_sessions() -> None:
    found = votes.from_record((1985, 2019))
    item, session = found.problem.item, found.years[found.problem.period]
    several = [session[item == i] for i in np.unique(item) if (item == i).sum() > 1]
    assert sum(map(len, several)) - len(several) > 1_400
    assert all((np.diff(s) >= 1).all() and (np.diff(s) <= 3).all() for s in several)


def test_an_issue_is_a_share_of_the_roll_calls() -> None:
    found = votes.from_record((1985, 1990), issue="nu")
    coded = record.table("un_issues").filter(pl.col("issue") == "nu")["rcid"]
    assert set(found.rcids.tolist()) <= set(coded.to_list())
    assert "coded as nu" in found.notes[1]


def test_what_the_record_lacks_is_refused() -> None:
    with pytest.raises(CoverageError, match="1946 to 2021"):
        votes.from_record((1900, 1990))
    with pytest.raises(QuestionError, match="backwards"):
        votes.from_record((1990, 1980))
    with pytest.raises(UnknownNameError, match="There are: co, di"):
        votes.from_record(issue="war")
    with pytest.raises(CoverageError, match="No roll call of these years"):
        votes.from_record((2021, 2021), issue="nu")


def test_a_years_missing_roll_calls_are_told() -> None:
    assert any(
        "2019" in note and "more roll calls" in note
        for note in votes.from_record((2019, 2019)).notes
    )
    assert not any("more roll calls" in note for note in votes.from_record((1990, 1991)).notes)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"dimensions": 3}, "1 or 2"),
        ({"absences": "guess"}, "ignore, abstain, model"),
        ({"votes": GIVEN, "issue": "nu"}, "record's votes only"),
    ],
)
def test_contradictory_options_are_refused(options, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        cp.ideal_points(**options)


def test_the_record_as_ones_own_votes_gives_the_same_answer() -> None:
    """One session, written out and read back as a user's frame."""
    asked = votes.from_record((1955, 1955))
    rows, columns = np.nonzero(asked.problem.votes >= 0)
    frame = pl.DataFrame(
        {
            "ccode": asked.ccodes[columns],
            "rcid": asked.rcids[rows],
            "year": np.full(rows.size, 1955),
            "vote": 3 - asked.problem.votes[rows, columns].astype(int),
        }
    )
    ours, theirs = cp.ideal_points((1955, 1955)), cp.ideal_points(votes=frame)
    columns_of = ("ccode", "year", "ideal_point", "se", "votes")
    assert ours.frame.select(columns_of).equals(theirs.frame.select(columns_of))
    assert theirs.frame["session"].null_count() == theirs.frame.height
    assert ours.compare().median > 0.9
    assert set(ours.to_dict()) >= {"is_converged", "roll_calls", "ideal_points", "notes"}
    assert chosen(ours.frame, "USA, RUS")["ccode"].to_list() == [2, 365]
