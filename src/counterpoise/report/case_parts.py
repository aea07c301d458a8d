"""A case file on a page: its scales, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise import figures
from counterpoise.measures import power
from counterpoise.report.exhibit import Exhibit, sources, table
from counterpoise.report.plain import figure
from counterpoise.report.ripeness import positions

if TYPE_CHECKING:
    from counterpoise.assessment.case_study import CaseStudy
    from counterpoise.cases import Case


def scales(case: Case) -> Exhibit:
    """A case file as scales: where everybody stands on every issue."""
    share = power.shares("cinc", case.year)
    lacking = [a.name for a in case.members if a.code not in share]
    draw = None if lacking else (lambda: figures.scales(case, share))
    notes: tuple[str, ...] = (case.note,)
    if lacking:
        notes += (f"Not drawn: no power figure in {case.year} for {', '.join(lacking)}.",)
    issues = [(i.title, i.kind, i.source) for i in case.issues]
    coded = [(p.actor, p.issue, p.position, p.salience, p.source) for p in case.positions]
    return Exhibit(
        "scales",
        "Positions",
        f"{len(case.members)} members on {len(case.issues)} issues.",
        (f"case file {case.name}, coded by {case.coder} on {case.coded_on}",),
        "Every issue is a scale from 0 to 100 with both ends described; a position has a range.",
        positions(case),
        draw,
        "Scales from 0 to 100, one per issue, with members, the target and the status quo.",
        notes=notes,
        more=(
            ("Where each issue comes from", table(("issue", "kind", "source"), issues)),
            (
                "Where each position comes from",
                table(
                    ("actor", "issue", "position", "salience", "source"),
                    coded,
                    "position, salience",
                ),
            ),
        ),
    )


def study(found: CaseStudy) -> Exhibit:
    """A case worked through: its label, what could win, what to expect."""
    label = found.consensus.power
    rows = [
        (
            issue.title,
            issue.kind,
            f"{issue.target:g}",
            f"{issue.status_quo:g}",
            "nothing"
            if issue.win_set[0] == issue.win_set[1]
            else "{:.0f} to {:.0f}".format(*issue.win_set),
            ", ".join(issue.swing) or "none",
            *(f"{f.forecast:.0f} ({f.low:.0f}–{f.high:.0f})" for f in issue.forecasts),
        )
        for issue in found.issues
    ]
    head = (
        "issue",
        "kind",
        "target",
        "status quo",
        "beats it",
        "swing members",
        "median",
        "mean",
        "challenge",
    )
    one, two = found.leaders
    gap = (
        ""
        if found.leaders_gap is None
        else (f" {one} and {two} lie {found.leaders_gap:.0f} points apart on what to build.")
    )
    agreement = found.agreement
    notes = (
        ()
        if agreement is None
        else (
            f"Coders agree to Krippendorff's α {agreement.alpha:.2f} "
            f"({agreement.low:.2f} to {agreement.high:.2f}).",
        )
    )
    return Exhibit(
        "study",
        "Worked through",
        f"{label.kind.capitalize()} consensus by power: rejection {figure(label.rejection, 2)}, "
        f"accord on it {figure(label.accord_reject, 2)}, vision {figure(label.vision, 2)}.{gap}",
        (f"case file {found.name}", *sources("nmc")),
        "What beats the status quo has more than half of power times salience behind it; swing "
        "members could turn the vote alone. Forecasts: weighted median, weighted mean (the "
        "baseline to beat) and the challenge model, with 95 % intervals over the coding ranges.",
        table(head, rows, ",".join((*head[2:4], *head[6:]))),
        notes=notes,
    )
