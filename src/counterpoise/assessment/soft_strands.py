"""What a bloc does short of arms: alignment, institutions, economic statecraft, territorial denial.

These strands describe and never make a label. Whether a bloc coordinates against its target beyond
what its members want anyway is a test of its own. Alignment and institutions stand beside groups
matched on region, power and ideal points. What cannot be known is None, with its reason.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import record, states
from counterpoise.assessment import groups, sweep, weighing
from counterpoise.assessment.placebo import DRAWS, SEED, Placebo
from counterpoise.measures import alignment, energy, institutions, pacts, statecraft, territory

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]


@dataclass(frozen=True)
class Standing:
    """Where a figure of the bloc lies among matched groups.

    ``percentile`` is the share of groups below it, in percent, equal ones counted half; ``low``
    and ``high`` bound the middle 95 % of the groups. None where too few groups have the figure.
    """

    percentile: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Statecraft:
    """Economic statecraft; each part is None where the record holds nothing to answer with."""

    loans: statecraft.Loans | None
    trade: statecraft.Trade | None
    sanctions: statecraft.Sanctions | None
    oil: energy.EnergyBalance | None
    gas: energy.EnergyBalance | None
    arms: statecraft.ImportShares | None
    supply: statecraft.ImportShares | None


@dataclass(frozen=True)
class SoftStrands:
    """All strands of a question, how they stand among ``groups`` matched groups, and what is open.

    ``standing`` has the figures of alignment (``members_kappa``, ``target_kappa``, …) and of
    institutions (``shared_without_target_share``, ``excess_without_target_share``) by name;
    ``reasons`` says by figure why it is unknown.
    """

    alignment: alignment.Alignment | None
    institutions: institutions.Institutions | None
    statecraft: Statecraft
    territory: territory.Territory
    standing: Mapping[str, Standing]
    groups: int
    seed: int
    reasons: Mapping[str, str]


def soft_strands(
    question: Question,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    sanctions: statecraft.SanctionTables | None = None,
    arms: pl.DataFrame | None = None,
    supply: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """The strands of a question as plain values, in the form of ``counterpoise assess --json``.

    Parameters are those of :func:`measure`. Why something is unknown is also noted in the
    question's reach, under names that begin with ``soft.``.
    """
    found = measure(question, draws, seed, sanctions=sanctions, arms=arms, supply=supply)
    for name, why in found.reasons.items():
        question.reach.unknown(f"soft.{name}", why)
    return asdict(found)


def measure(
    question: Question,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    sanctions: statecraft.SanctionTables | None = None,
    arms: pl.DataFrame | None = None,
    supply: pl.DataFrame | None = None,
) -> SoftStrands:
    """Measure every strand.

    Parameters
    ----------
    draws : matched groups to stand beside; 0 leaves them out.
    seed : the same seed gives the same groups.
    sanctions : cases and parties; by default those of the record, if it was built with them.
    arms, supply : deliveries of arms, and flows of oil or gas, between pairs of states
        (``exporter, importer, year, quantity``); the record has neither.
    """
    reasons: dict[str, str] = {}
    members, target = question.members, question.target.ccode
    power = weighing.member_power(question)
    weight = None if power is None else dict(zip(members, power.tolist(), strict=True))
    voted = _when(question, "un_votes", "alignment", reasons)
    joined = _when(question, "igo_memberships", "institutions", reasons)
    aligned = None if voted is None else alignment.alignment(members, target, voted)
    shared = None if joined is None else institutions.institutions(members, target, joined)
    if voted is not None and aligned is None:
        reasons["alignment"] = f"no roll call was recorded in {voted}"
    if joined is not None and shared is None:
        reasons["institutions"] = f"the source lists no memberships of the target in {joined}"
    drawn, why = _matched(question, draws, seed)
    if why:
        reasons["standing"] = why
    held = territory.territory(
        members, target, question.year, weight, question.rules.hosting_troops
    )
    incomplete = territory.why_incomplete(target, question.year)
    if incomplete:
        reasons["territory"] = incomplete
    return SoftStrands(
        alignment=aligned,
        institutions=shared,
        statecraft=_statecraft(question, weight, sanctions, arms, supply, reasons),
        territory=held,
        standing=_standing(question, drawn, seed, voted, joined),
        groups=len(drawn),
        seed=seed,
        reasons=reasons,
    )


def _when(question: Question, table: str, figure: str, reasons: dict[str, str]) -> int | None:
    """Year of a table that answers; None, with the reason noted, where it is silent."""
    found = question.reach.year(table, question.year)
    why = record.coverage_reason(table, question.year)
    if found is None and why:
        reasons[figure] = why
    return found


def _matched(question: Question, draws: int, seed: int) -> tuple[Places, str | None]:
    """Matched groups, (groups, members) COW numbers, and why there are none."""
    empty = np.empty((0, len(question.members)), dtype=np.int64)
    if not draws:
        return empty, "no groups were asked for"
    key = question.bloc.key or "list:" + ",".join(map(str, question.members))
    seen = sweep.view_of(question)
    drawn = groups.draw_many(seen, question.members, seed, key, draws)
    codes = drawn.codes[~drawn.stuck]
    reason = drawn.reason or (None if len(codes) else "every draw ran out of states")
    return codes, reason


def _standing(
    question: Question, drawn: Places, seed: int, voted: int | None, joined: int | None
) -> dict[str, Standing]:
    """Every figure of alignment and institutions among the groups."""
    if not len(drawn):
        return {}
    own = np.array([question.members], dtype=np.int64)
    target = question.target.ccode

    def figures(codes: Places) -> dict[str, Array]:
        found: dict[str, Array] = {}
        if voted is not None:
            found |= alignment.group_alignment(codes, voted, target)
        if joined is not None:
            found |= institutions.group_institutions(codes, joined, target)
        return found

    actual = {name: float(value[0]) for name, value in figures(own).items()}
    among = Placebo(question.members, seed, drawn, actual, figures(drawn), None, None)
    return {name: _stand(among, name) for name in actual}


def _stand(among: Placebo, name: str) -> Standing:
    low, high = among.interval(name) or (None, None)
    return Standing(among.percentile(name), low, high)


def _statecraft(
    question: Question,
    weight: Mapping[int, float] | None,
    sanctions: statecraft.SanctionTables | None,
    arms: pl.DataFrame | None,
    supply: pl.DataFrame | None,
    reasons: dict[str, str],
) -> Statecraft:
    members, target, year = question.members, question.target.ccode, question.year
    lent = statecraft.loans(members, question.reach.year("china_finance", year) or year)
    if lent is None:
        reasons["loans"] = statecraft.why_no_loans(members, year)
    traded = _when(question, "trade", "trade", reasons)
    barred = statecraft.sanctions(members, target, year, sanctions)
    if barred is None:
        reasons["sanctions"] = statecraft.why_no_sanctions(year)
    return Statecraft(
        loans=lent,
        trade=None if traded is None else _trade(question, traded, reasons),
        sanctions=barred,
        oil=_fuel(question, "oil", weight, reasons),
        gas=_fuel(question, "gas", weight, reasons),
        arms=_arms(question, arms, reasons),
        supply=_supply(question, supply, reasons),
    )


def _trade(question: Question, year: int, reasons: dict[str, str]) -> statecraft.Trade | None:
    found = statecraft.trade(question.members, question.target.ccode, year)
    if found and found.members_without_total:
        listed = ", ".join(map(str, found.members_without_total))
        reasons["trade_shares"] = f"the source has no total trade of COW {listed} in {year}"
    elif found and found.missing_flows:
        reasons["trade_shares"] = (
            f"{found.missing_flows} flows between these states are missing in {year}: "
            "the known ones give what the share is at least"
        )
    return found


def _fuel(
    question: Question,
    fuel: energy.Fuel,
    weight: Mapping[int, float] | None,
    reasons: dict[str, str],
) -> energy.EnergyBalance | None:
    first, last = energy.covered(fuel)
    answering = question.year
    if question.reach.extend and answering > last:
        answering = last
        question.reach.extended[f"energy ({fuel})"] = f"{last} carried forward to {question.year}"
    found = energy.balance(question.members, question.target.ccode, answering, fuel, weight)
    if found is None:
        reasons[fuel] = (
            f"production and consumption of {fuel} are known from {first} to {last}, "
            f"not in {question.year}"
        )
    return found


def _arms(
    question: Question, table: pl.DataFrame | None, reasons: dict[str, str]
) -> statecraft.ImportShares | None:
    """Where members' arms of the last years came from."""
    if table is None:
        reasons["arms"] = statecraft.NO_ARMS
        return None
    first, members = question.year - statecraft.ARMS_YEARS + 1, question.members
    found = statecraft.import_shares(
        table, members, members, question.target.ccode, first, question.year
    )
    if found is None:
        reasons["arms"] = f"the table given does not cover {first} to {question.year}"
    return found


def _supply(
    question: Question, table: pl.DataFrame | None, reasons: dict[str, str]
) -> statecraft.ImportShares | None:
    """How much of the target's and its allies' supply the bloc could shut out."""
    if table is None:
        reasons["supply"] = statecraft.NO_SUPPLY
        return None
    if question.day > question.book.last_day:
        reasons["supply"] = "the target's allies are unknown: the pacts of the year are not known"
        return None
    target, year = question.target.ccode, question.year
    others = [c for c in states.system(year) if c not in (*question.members, target)]
    allies = pacts.allied_with(question.book.on(question.day), others, target)
    found = statecraft.import_shares(table, (target, *allies), question.members, target, year, year)
    if found is None:
        reasons["supply"] = f"the table given does not cover {year}"
    return found
