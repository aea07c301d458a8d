"""What a bloc does short of arms: votes, institutions, statecraft, territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise import states
from counterpoise.assessment.wording import percent
from counterpoise.report.exhibit import Exhibit, sources, table
from counterpoise.report.plain import UNKNOWN, figure, percentile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counterpoise.assessment.soft_strands import SoftStrands
    from counterpoise.assessment.soft_test import SoftTest
    from counterpoise.report.dossier import Dossier

HOW = (
    "States that want the same things vote the same way: that is not balancing. A percentile is "
    "among matched random groups, alike in region, power and ideal points. S (Signorino & Ritter "
    "1999), κ and π (Häge 2011) are at most 1. These strands describe; they make no label."
)
TEST = (
    "Votes shared beyond preferences: residuals of pairs of members on roll calls where the target "
    "opposes the rest of the world, their ideal points taken from other votes and the items fitted "
    "without the bloc, beside groups alike in ideal points, region and caucus."
)
Row = tuple[str, str, str, str]


def soft(dossier: Dossier) -> Exhibit:
    """The soft strands, each beside matched groups where it has them."""
    verdict = dossier.verdict
    found = verdict.trust.soft
    return Exhibit(
        "soft",
        "Soft balancing, or only diplomacy?",
        _answer(dossier),
        sources(
            "un_votes", "igo_memberships", "china_finance", "trade", "trade_totals", "energy",
            "us_troops",
        ),
        f"{TEST} {HOW}",
        table(("strand", "what", "figure", "percentile"), rows(dossier), "figure, percentile"),
        notes=tuple(f"{name}: {reason}." for name, reason in found.reasons.items()),
    )  # fmt: skip


def _answer(dossier: Dossier) -> str:
    """Whether it balances softly, in a sentence."""
    verdict = dossier.verdict
    found, target = verdict.trust.coordination, verdict.question.target.name
    if found.passed is None:
        return (
            f"Whether it balances softly is unknown: {found.reason}. "
            "What its members do short of arms:"
        )
    failed = [check.title for check in verdict.soft_checks[:3] if check.passed is False]
    if found.passed:
        return f"Its votes against {target} share more than preferences: it balances softly."
    return f"It does not balance {target} softly. Failed: {'; '.join(failed)}."


def _coordination(found: SoftTest) -> Iterator[Row]:
    if found.residual is None:
        yield "votes", "shared beyond preferences", UNKNOWN, "–"
        return
    strand = f"votes, {found.first}–{found.last}"
    standing = percentile(found.percentile)
    yield strand, "shared beyond preferences", figure(found.residual), standing
    yield strand, "the same in matched groups", figure(found.expected), "–"
    yield strand, "above them, against the target", figure(found.excess), "–"
    for other in found.others:
        text = f"above them, against {other.name}"
        yield strand, text, figure(other.excess), percentile(other.percentile)
    yield strand, "false-discovery rate", figure(found.q), "–"
    alike = percentile(found.agreement_percentile)
    yield strand, "pairs that vote the same", figure(found.agreement), alike


def rows(dossier: Dossier) -> list[Row]:
    """One row per figure."""
    found, year = dossier.verdict.trust.soft, dossier.verdict.question.year
    return [
        *_coordination(dossier.verdict.trust.coordination),
        *_alignment(found),
        *_institutions(found),
        *_statecraft(found, year),
        *_energy(found, year),
        *_territory(found, year),
    ]


def _standing(found: SoftStrands, name: str) -> str:
    held = found.standing.get(name)
    return percentile(held.percentile) if held else UNKNOWN


VOTES = (("members", "members with each other"), ("target", "members with the target"))
SIGNS = {"s": "S", "kappa": "κ", "pi": "π"}


def _alignment(found: SoftStrands) -> Iterator[Row]:
    votes = found.alignment
    if votes is None:
        yield "votes", "alike in the UN", UNKNOWN, "–"
        return
    for side, text in VOTES:
        for sign, shown in SIGNS.items():
            name = f"{side}_{sign}"
            value = figure(getattr(votes, name), 2)
            yield f"votes in {votes.year}", f"{text}, {shown}", value, _standing(found, name)


def _institutions(found: SoftStrands) -> Iterator[Row]:
    held = found.institutions
    if held is None:
        yield "institutions", "shared without the target", UNKNOWN, "–"
        return
    strand = f"institutions in {held.year}"
    shared = f"{held.without_target:,} of {held.joint:,}"
    rank = _standing(found, "shared_without_target_share")
    yield strand, "memberships shared without the target", shared, rank
    excess = _standing(found, "excess_without_target_share")
    yield strand, "beyond what their number predicts", figure(held.excess, 2), excess


def _statecraft(found: SoftStrands, year: int) -> Iterator[Row]:
    craft = found.statecraft
    if craft.loans is not None:
        amount = craft.loans.amount_usd2014
        shown = UNKNOWN if amount is None else f"{amount / 1e9:.1f} bn USD (2014)"
        span = f"{craft.loans.first_year}–{craft.loans.last_year}"
        yield f"loans, {span}", f"{_name(craft.loans.lender, year)} to members", shown, "–"
    if craft.trade is not None:
        trade, strand = craft.trade, f"trade in {craft.trade.year}"
        with_target = _share(trade.with_target_share, trade.with_target_at_least)
        yield strand, "with the target", with_target, "–"
        yield strand, "among members", _share(trade.within_share, trade.within_at_least), "–"
    if craft.sanctions is not None:
        strand = f"sanctions in {craft.sanctions.year}"
        yield strand, "cases of the target against members", f"{craft.sanctions.by_target}", "–"
        yield strand, "cases of members against the target", f"{craft.sanctions.by_members}", "–"
    for name, flows in (("arms", craft.arms), ("supply", craft.supply)):
        if flows is not None:
            shown = percent(flows.from_target_share)
            yield name, "members' imports that come from the target", shown, "–"


def _share(value: float | None, at_least: float | None) -> str:
    if value is not None:
        return percent(value)
    return UNKNOWN if at_least is None else f"at least {percent(at_least)}"


def _energy(found: SoftStrands, year: int) -> Iterator[Row]:
    """Who would gain from a producers' club, and who would pay for it."""
    for balance in (found.statecraft.oil, found.statecraft.gas):
        if balance is None:
            continue
        strand = f"{balance.fuel} in {balance.year}"
        for text, share, who in (
            ("would gain from a producers' club", balance.exporters_share, balance.exporters),
            ("would pay for it", balance.importers_share, balance.importers),
        ):
            shown = f"{percent(share)} of power ({_names(who, year)})"
            yield strand, text, shown, "–"
        yield strand, "two strongest on opposite sides", figure(balance.divided), "–"


def _territory(found: SoftStrands, year: int) -> Iterator[Row]:
    held = found.territory
    strand = f"the target's forces, {held.first_year}–{held.year}"
    yield strand, "members that host them", _names(held.hosts, year), "–"
    for text, changes in (("came to", held.gained), ("left", held.lost)):
        shown = [f"{_name(c.ccode, year)} {c.year}" for c in changes if c.is_member]
        yield strand, text, ", ".join(shown) or "none", "–"


def _name(code: int, year: int) -> str:
    return states.names().name(code, year)


def _names(codes: Sequence[Any], year: int) -> str:
    return ", ".join(_name(code, year) for code in codes) or "none"
