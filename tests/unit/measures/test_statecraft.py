"""Loans, trade, sanctions and bilateral flows of a bloc."""

from __future__ import annotations

import polars as pl
import pytest

from counterpoise import blocs, record
from counterpoise.errors import DataError
from counterpoise.measures import statecraft
from counterpoise.measures.statecraft import import_shares, loans, sanctions, trade

SCO = blocs.bloc("SCO", 2006).members
RUSSIA, CHINA = 365, 710


def test_loans_sum_what_is_known_over_five_years() -> None:
    found = loans(SCO, 2006)
    given = record.table("china_finance").filter(
        pl.col("year").is_between(2002, 2006) & pl.col("ccode").is_in(SCO)
    )
    assert (found.first_year, found.last_year) == (2002, 2006)
    assert found.amount_usd2014 == pytest.approx(given["amount_usd2014"].sum())
    assert found.projects == given["projects"].sum() == 38
    assert sum(amount for _, amount in found.by_member) == pytest.approx(found.amount_usd2014)
    assert 0 < found.lender_share < 0.2


def test_loans_without_an_amount_are_unknown_and_not_zero() -> None:
    """In 2007 and 2010 China is known to have lent to Russia, but not how much."""
    found = dict(loans((RUSSIA, CHINA), 2010).by_member)
    assert found[RUSSIA] > 3e10
    empty = loans((CHINA, 2), 2006)
    assert empty.amount_usd2014 is None
    assert empty.projects == 0
    assert empty.lender_share is None


@pytest.mark.parametrize(
    ("members", "year", "why"),
    [((2, 20), 2006, "China is no member"), (SCO, 1999, "2000 to 2014"), (SCO, 2015, "not 2015")],
)
def test_loans_unknown(members, year, why) -> None:
    assert loans(members, year) is None
    assert why in statecraft.why_no_loans(members, year)


def test_trade_shares_by_hand() -> None:
    found = trade((RUSSIA, CHINA), 2, 2006)
    rows = record.table("trade").filter(pl.col("year") == 2006)
    flow = {(r[0], r[1]): r[3] + r[4] for r in rows.iter_rows() if None not in r[3:5]}
    totals = record.table("trade_totals").filter(pl.col("year") == 2006)
    whole = totals.filter(pl.col("ccode").is_in([RUSSIA, CHINA]))
    world = float(whole.select(pl.sum_horizontal("imports_musd", "exports_musd").sum()).item())
    assert found.within_share == pytest.approx(2 * flow[RUSSIA, CHINA] / world)
    assert found.with_target_share == pytest.approx((flow[2, RUSSIA] + flow[2, CHINA]) / world)
    assert found.missing_flows == 0


def test_a_missing_flow_leaves_a_lower_bound() -> None:
    """OPEC in 1973: some flows between members are missing in the source, not zero."""
    found = trade(blocs.bloc("OPEC", 1973).members, 2, 1973)
    assert found.missing_flows == 10
    assert found.within_share is None
    assert 0 < found.within_at_least < 0.05
    assert found.with_target_share == found.with_target_at_least


def test_trade_in_the_european_union_is_mostly_its_own() -> None:
    found = trade(blocs.bloc("EU", 2003).members, 2, 2003)
    assert found.within_share > 0.5 > 0.1 > found.with_target_share


def test_trade_outside_the_source() -> None:
    assert trade(SCO, 2, 2015) is None


CASES = pl.DataFrame(
    {
        "case_id": [1, 2, 3, 4],
        "start_year": [2000, 2004, 2005, 1990],
        "end_year": [2010, 2006, 2020, 1995],
        **{kind: [0, 0, 0, 0] for kind in ("arms", "military", "travel", "other")},
        "trade": [1, 0, 0, 1],
        "financial": [0, 1, 1, 1],
    }
)
PARTIES = pl.DataFrame(
    [
        (1, "sender", 2),
        (1, "target", 710),
        (2, "sender", 365),
        (2, "target", 2),
        (3, "sender", 365),
        (3, "target", 703),
        (4, "sender", 2),
        (4, "target", 365),
    ],
    schema=["case_id", "side", "ccode"],
    orient="row",
)


def test_sanctions_in_force_by_side() -> None:
    found = sanctions(SCO, 2, 2006, (CASES, PARTIES))
    assert (found.by_target, found.by_target_kinds) == (1, ("trade",))
    assert (found.by_members, found.by_members_kinds) == (1, ("financial",))
    assert found.among_members == 1
    assert found.sanctioned_members == (710,)


def test_sanctions_outside_the_table_are_unknown() -> None:
    assert sanctions(SCO, 2, 1980, (CASES, PARTIES)) is None
    assert sanctions(SCO, 2, 1997, (CASES, PARTIES)).by_target == 0


def test_sanctions_without_a_table_are_unknown_with_a_reason() -> None:
    if statecraft.sanction_tables() is not None:
        pytest.skip("this record was built with the restricted source")
    assert sanctions(SCO, 2, 2006) is None
    assert "--restricted" in statecraft.why_no_sanctions(2006)


FLOWS = pl.DataFrame(
    [(365, 710, 2005, 6.0), (2, 710, 2006, 1.0), (200, 710, 2006, 3.0), (365, 200, 2006, 5.0)],
    schema=["exporter", "importer", "year", "quantity"],
    orient="row",
)


def test_where_imports_come_from() -> None:
    found = import_shares(FLOWS, SCO, SCO, 2, 2005, 2006)
    assert found.from_bloc_share == pytest.approx(0.6)
    assert found.from_target_share == pytest.approx(0.1)
    assert import_shares(FLOWS, (200,), SCO, 2, 2006, 2006).from_bloc_share == 1
    assert import_shares(FLOWS, (20,), SCO, 2, 2005, 2006).from_bloc_share is None
    assert import_shares(FLOWS, SCO, SCO, 2, 2006, 2007) is None


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (FLOWS.drop("quantity"), "lacks quantity"),
        (pl.concat([FLOWS, FLOWS]), "repeats 4 keys"),
        (FLOWS.with_columns(quantity=-pl.col("quantity")), "negative"),
    ],
)
def test_faulty_tables_of_flows(table, says) -> None:
    with pytest.raises(DataError, match=says):
        import_shares(table, SCO, SCO, 2, 2005, 2006)
