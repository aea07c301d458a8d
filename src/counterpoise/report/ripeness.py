"""What makes a coalition one to expect: consensus among members, and the threat to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise import figures, states
from counterpoise.assessment.wording import percent
from counterpoise.figures.threat import threat
from counterpoise.measures.power import METRICS
from counterpoise.report.exhibit import Exhibit, Table, sources, table, unknown
from counterpoise.report.plain import percentile

if TYPE_CHECKING:
    from counterpoise.assessment.verdict import Verdict
    from counterpoise.cases import Case
    from counterpoise.report.dossier import Dossier


def power_source(dossier: Dossier) -> tuple[str, ...]:
    """Source of the power metric in use."""
    return sources(METRICS[dossier.verdict.question.metric].table)


def consensus(dossier: Dossier) -> Exhibit:
    """What members reject and what they would build, scale by scale."""
    title, found, case = "Consensus", dossier.verdict.consensus, dossier.case_file
    if found is None or case is None:
        reason = dossier.verdict.coverage.get("consensus", "no case file")
        return unknown("consensus", title, reason, CONSENSUS_HOW)
    rows = [
        (
            label,
            part.kind,
            part.rejection,
            part.accord_reject,
            part.vision,
            part.negativity,
            percent(part.kept),
            percent(part.chance),
        )
        for label, part in (("by power", found.power), ("equal", found.equal))
    ]
    head = (
        "weights",
        "label",
        "rejection",
        "accord on it",
        "vision",
        "negativity",
        "kept",
        "by chance",
    )
    agree = (
        "Equal weights agree"
        if found.weights_agree
        else f"With equal weights it is {found.equal.kind}"
    )
    return Exhibit(
        "consensus",
        title,
        f"{found.power.kind.capitalize()} consensus when members are weighted by power. {agree}.",
        (f"case file {found.case}, coded by {', '.join(found.coders)}", *power_source(dossier)),
        CONSENSUS_HOW,
        table(head, rows, ",".join(head[2:])),
        lambda: figures.scales(case, dossier.power),
        "Scales from 0 to 100, one per issue, with members, the target and the status quo.",
        more=(("Positions on every scale, from 0 to 100", positions(case)),),
    )


CONSENSUS_HOW = (
    "Rejection is the weight of members who want the status quo moved away from the target's "
    "position; accord is 1 less the mean distance between members over the 33.3 points expected by "
    "chance; vision is accord on what to build. Positive: vision ≥ .5. Negative: rejection ≥ .75 "
    "and accord on it ≥ .5 without a vision. Kept: how many draws over the coding ranges give the "
    "same label; by chance: how often uniform positions do."
)


def positions(case: Case) -> Table:
    """One row per issue: both ends, the target, the status quo, every member with its range."""
    placed = {(p.issue, p.actor): p for p in case.positions}
    rows = []
    for issue in case.issues:
        own = [placed[issue.id, actor.id] for actor in case.members]
        cells = [f"{p.position:g} ({p.low:g}–{p.high:g})" for p in own]
        ends = (f"0: {issue.low} 100: {issue.high}",)
        marks = (f"{issue.target:g}", f"{issue.status_quo:g}")
        rows.append((issue.title, issue.kind, *ends, *marks, *cells))
    names = tuple(actor.name for actor in case.members)
    head = ("issue", "kind", "scale", "target", "status quo", *names)
    return table(head, rows, ",".join(head[3:]))


def threats(dossier: Dossier) -> Exhibit:
    """The components of the threat from the target to each member."""
    title, found, verdict = "Threat", dossier.threats, dossier.verdict
    if not found:
        return unknown("threat", title, verdict.coverage.get("survival_share", "no figures"))
    question, cut = verdict.question, verdict.threat.cut
    return Exhibit(
        "threat",
        title,
        _at_stake(verdict),
        sources(*THREAT_TABLES),
        THREAT_HOW + f" {cut:g} is a reading aid.",
        _components(dossier),
        lambda: threat(question, found, cut),
        f"Bars for four components and the threat to survival, {len(found)} members.",
        notes=_gaps(dossier),
    )


THREAT_TABLES = (
    "nmc",
    "min_distance",
    "dispute_dyads",
    "rivalries",
    "nuclear_status",
    "democracy",
    "us_troops",
)
THREAT_HOW = (
    "Walt's (1987) four components, from the data of the year before. Threat to survival = "
    "capability² × intentions, × .05 against a nuclear power, × .3 between democracies; "
    "capability is arriving power over itself plus the member's."
)
THREAT_HEAD = (
    "member",
    "target's power",
    "its power",
    "km to the target",
    "proximity",
    "offence",
    "intentions",
    "nuclear",
    "survival",
    "percentile",
)


def _at_stake(verdict: Verdict) -> str:
    share = verdict.threat.share
    if share is None:
        why = verdict.coverage.get("survival_share", verdict.threat.reason or "no figures")
        return f"Unknown: {why}."
    target = verdict.question.target.name
    return f"{target} threatens the survival of {percent(share)} of the lesser members."


def _components(dossier: Dossier) -> Table:
    names, year = states.names(), dossier.verdict.question.year
    ranks = {m.ccode: m.percentile for m in dossier.verdict.threat.members}
    rows = [
        (
            names.name(m.ccode, year),
            m.power,
            m.own_power,
            None if m.distance_km is None else f"{m.distance_km:,.0f}",
            m.reach,
            m.offence,
            m.intent,
            m.is_nuclear,
            m.survival,
            percentile(ranks.get(m.ccode)),
        )
        for m in dossier.threats
    ]
    return table(THREAT_HEAD, rows, ",".join((*THREAT_HEAD[1:7], *THREAT_HEAD[8:])))


def _gaps(dossier: Dossier) -> tuple[str, ...]:
    """What is unknown about each member, each reason once."""
    names, year = states.names(), dossier.verdict.question.year
    return tuple(
        f"{names.name(m.ccode, year)}: {'; '.join(dict.fromkeys(m.why.values()))}"
        for m in dossier.threats
        if m.why
    )
