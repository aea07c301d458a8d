"""Economic statecraft of a bloc: loans, trade, sanctions, arms, and supply that it could shut out.

Each part answers with a frozen result, or with None where the record holds nothing to answer with;
``why_…`` then says so. Tables that may not be passed on (sanctions, arms, bilateral oil and gas)
are taken where a user supplies them.

Sources: AidData 1.0 (loans), Correlates of War trade 4.0, the Global Sanctions Data Base.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

CHINA = 710
LOAN_YEARS, ARMS_YEARS = 5, 5
"""Loans and deliveries come in lumps: they are summed over this many years up to the one asked."""

KINDS = ("trade", "arms", "military", "financial", "travel", "other")
FLOW_COLUMNS = ("exporter", "importer", "year", "quantity")


@dataclass(frozen=True)
class Loans:
    """China's official finance to the other members of a bloc that it belongs to.

    Amounts are in US dollars of 2014 and sum the commitments whose amount is known;
    ``projects_without_amount`` of ``projects`` have none. ``lender_share`` is the members' part of
    all that China is known to have committed in these years. None: no commitment with an amount.
    """

    lender: int
    first_year: int
    last_year: int
    amount_usd2014: float | None
    projects: int
    projects_without_amount: int
    by_member: tuple[tuple[int, float | None], ...]
    lender_share: float | None


def loans(members: Sequence[int], year: int) -> Loans | None:
    """Loans within a bloc in the years up to one; None without China or outside the source."""
    first, last = record.coverage("china_finance")
    if CHINA not in members or not first <= year <= last:
        return None
    begin = max(year - LOAN_YEARS + 1, first)
    given = record.table("china_finance").filter(pl.col("year").is_between(begin, year))
    ours = given.filter(pl.col("ccode").is_in(members))
    whole = given["amount_usd2014"].sum()
    amount = _known_sum(ours["amount_usd2014"])
    return Loans(
        lender=CHINA,
        first_year=begin,
        last_year=year,
        amount_usd2014=amount,
        projects=int(ours["projects"].sum()),
        projects_without_amount=int(ours["projects_without_amount"].sum()),
        by_member=tuple(
            (m, _known_sum(ours.filter(pl.col("ccode") == m)["amount_usd2014"]))
            for m in members
            if m != CHINA
        ),
        lender_share=None if amount is None or not whole else amount / float(whole),
    )


def why_no_loans(members: Sequence[int], year: int) -> str:
    """Why loans are unknown."""
    if CHINA not in members:
        return "the record knows China's loans alone, and China is no member"
    return record.coverage_reason("china_finance", year) or "no reason"


@dataclass(frozen=True)
class Trade:
    """Trade of a bloc's members with its target and with each other, as shares of all their trade.

    Shares are in [0, 1] of members' imports and exports with the world. Where some flow between the
    states concerned is missing, the share is None and ``…_at_least`` counts the known flows alone.
    ``target_world_share`` is the target's part of the trade of all states outside the bloc.
    """

    year: int
    with_target_share: float | None
    with_target_at_least: float | None
    within_share: float | None
    within_at_least: float | None
    target_world_share: float | None
    missing_flows: int
    members_without_total: tuple[int, ...]


def trade(members: Sequence[int], target: int, year: int) -> Trade | None:
    """Trade shares of a bloc in a year; None outside the years of the source."""
    first, last = record.coverage("trade")
    if not first <= year <= last:
        return None
    totals = _totals(year)
    lacking = tuple(m for m in members if m not in totals)
    whole = sum(totals[m] for m in members) if not lacking else None
    pairs = _pairs(tuple(members), target, year)
    abroad, missing_abroad = _flow_sum(pairs.filter(pl.col("is_target")))
    within, missing_within = _flow_sum(pairs.filter(~pl.col("is_target")))
    outside = sum(total for code, total in totals.items() if code not in members)
    return Trade(
        year=year,
        with_target_share=None if missing_abroad else _ratio(abroad, whole),
        with_target_at_least=_ratio(abroad, whole),
        within_share=None if missing_within else _ratio(2 * within, whole),
        within_at_least=_ratio(2 * within, whole),
        target_world_share=_ratio(totals.get(target), outside),
        missing_flows=missing_abroad + missing_within,
        members_without_total=lacking,
    )


def _totals(year: int) -> dict[int, float]:
    """Imports and exports of every state with both figures, in million US dollars."""
    rows = record.table("trade_totals").filter(pl.col("year") == year)
    both = rows.select("ccode", total=pl.col("imports_musd") + pl.col("exports_musd")).drop_nulls()
    return dict(both.iter_rows())


def _pairs(members: tuple[int, ...], target: int, year: int) -> pl.DataFrame:
    """Flows of all pairs of members and of members with the target; null where missing."""
    codes = [*members, target]
    wanted = pl.DataFrame(
        [
            (min(a, b), max(a, b), target in (a, b))
            for k, a in enumerate(codes)
            for b in codes[k + 1 :]
        ],
        schema={"ccode1": pl.Int32, "ccode2": pl.Int32, "is_target": pl.Boolean},
        orient="row",
    )
    known = record.table("trade").filter(pl.col("year") == year)
    return wanted.join(known, on=["ccode1", "ccode2"], how="left", validate="1:1")


def _flow_sum(pairs: pl.DataFrame) -> tuple[float, int]:
    """Sum of the known flows, and how many are missing."""
    flows = pairs.select("flow1", "flow2")
    return float(flows.sum().sum_horizontal().item() or 0), int(
        flows.null_count().sum_horizontal().item()
    )


def _ratio(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def _known_sum(column: pl.Series) -> float | None:
    known = column.drop_nulls()
    return float(known.sum()) if len(known) else None


@dataclass(frozen=True)
class Sanctions:
    """Cases of sanctions in force in a year, by who is against whom, each with its kinds.

    Cases in which an organisation acts as one (UN, EU) name no senders and do not count.
    """

    year: int
    by_target: int
    by_target_kinds: tuple[str, ...]
    by_members: int
    by_members_kinds: tuple[str, ...]
    among_members: int
    sanctioned_members: tuple[int, ...]


SanctionTables = tuple[pl.DataFrame, pl.DataFrame]


def sanction_tables() -> SanctionTables | None:
    """Cases and parties of the record in use; None where it was built without them."""
    held = record.manifest().tables
    if "sanctions" not in held or "sanction_parties" not in held:
        return None
    return record.table("sanctions"), record.table("sanction_parties")


def sanctions(
    members: Sequence[int], target: int, year: int, tables: SanctionTables | None = None
) -> Sanctions | None:
    """Sanctions between a bloc and its target in a year; None without tables or outside them.

    Parameters
    ----------
    tables : cases (``case_id, start_year, end_year`` and the kinds) and parties (``case_id, side,
        ccode``); by default those of the record, if a user built it with them.
    """
    held = tables or sanction_tables()
    if held is None:
        return None
    cases, parties = held
    begin, end = cases["start_year"].min(), cases["end_year"].max()
    if not begin <= year <= end:  # type: ignore[operator]
        return None
    current = cases.filter((pl.col("start_year") <= year) & (pl.col("end_year") >= year))
    side = {
        name: parties.filter(pl.col("side") == name).select("case_id", pl.col("ccode").alias(name))
        for name in ("sender", "target")
    }
    rows = current.join(side["sender"], on="case_id").join(side["target"], on="case_id")
    inside = {n: pl.col(n).is_in(members) for n in side}
    struck = rows.filter((pl.col("sender") == target) & inside["target"])
    hitting = rows.filter(inside["sender"] & (pl.col("target") == target))
    return Sanctions(
        year=year,
        by_target=struck["case_id"].n_unique(),
        by_target_kinds=_kinds(struck),
        by_members=hitting["case_id"].n_unique(),
        by_members_kinds=_kinds(hitting),
        among_members=rows.filter(inside["sender"] & inside["target"])["case_id"].n_unique(),
        sanctioned_members=tuple(struck["target"].unique().sort().to_list()),
    )


def _kinds(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if rows.height and rows[kind].max() == 1)


def why_no_sanctions(year: int) -> str:
    """Why sanctions are unknown."""
    if sanction_tables() is None:
        return (
            "the Global Sanctions Data Base may not be passed on; with its file, build a record "
            "that has it: counterpoise data build --restricted"
        )
    return record.coverage_reason("sanctions", year) or "no reason"


@dataclass(frozen=True)
class ImportShares:
    """Where the imports of a group of states come from, summed over some years.

    Shares are in [0, 1] of all their imports in the table; None where it lists none.
    """

    first_year: int
    last_year: int
    from_bloc_share: float | None
    from_target_share: float | None
    importers: tuple[int, ...]


def read_flows(table: pl.DataFrame) -> pl.DataFrame:
    """Check a table of bilateral flows: ``exporter, importer, year, quantity``, one row per key.

    Raises
    ------
    DataError : columns are missing, a key is repeated, or a quantity is negative.
    """
    absent = [name for name in FLOW_COLUMNS if name not in table.columns]
    if absent:
        raise DataError(
            f"The table of flows lacks {', '.join(absent)}. It needs {', '.join(FLOW_COLUMNS)}, "
            "with COW numbers for the states."
        )
    keys = list(FLOW_COLUMNS[:3])
    repeated = table.height - table.select(pl.struct(keys).n_unique()).item() if table.height else 0
    if repeated:
        raise DataError(f"The table of flows repeats {repeated} keys of {', '.join(keys)}.")
    if (table["quantity"] < 0).any():
        raise DataError("The table of flows holds negative quantities.")
    return table.select(FLOW_COLUMNS)


def import_shares(
    table: pl.DataFrame,
    importers: Sequence[int],
    bloc: Sequence[int],
    target: int,
    first: int,
    last: int,
) -> ImportShares | None:
    """Part of some states' imports that comes from a bloc and from its target.

    Serves arms (members as importers) and supply that a bloc could shut out (the target's allies as
    importers). None where the table does not cover the years.

    Parameters
    ----------
    table : ``exporter, importer, year, quantity``; what it does not list was not delivered.
    """
    flows = read_flows(table)
    if flows.is_empty() or last > flows["year"].max() or first < flows["year"].min():  # type: ignore[operator]
        return None
    bought = flows.filter(
        pl.col("importer").is_in(importers) & pl.col("year").is_between(first, last)
    )
    whole = float(bought["quantity"].sum())
    ours = float(bought.filter(pl.col("exporter").is_in(bloc))["quantity"].sum())
    theirs = float(bought.filter(pl.col("exporter") == target)["quantity"].sum())
    return ImportShares(
        first,
        last,
        ours / whole if whole else None,
        theirs / whole if whole else None,
        tuple(importers),
    )


NO_ARMS = (
    "SIPRI's register of arms transfers may not be passed on; give a table of your own "
    "(exporter, importer, year, quantity)"
)
NO_SUPPLY = (
    "the record has no flows of oil and gas between pairs of states; give a table of your own "
    "(exporter, importer, year, quantity)"
)
