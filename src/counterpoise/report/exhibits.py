"""The parts of a report on one verdict, in their order; each is made when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import states
from counterpoise.assessment.ties import pact_label
from counterpoise.assessment.wording import percent
from counterpoise.figures.map import bloc_map, role_of, undrawn
from counterpoise.figures.network import BONDS, network
from counterpoise.figures.resemblance import WHOLE, resemblance
from counterpoise.figures.timeline import timeline
from counterpoise.report.exhibit import Exhibit, Table, sources, table, unknown
from counterpoise.report.extras import multiverse, would_change
from counterpoise.report.plain import UNKNOWN
from counterpoise.report.ripeness import consensus, power_source, threats
from counterpoise.report.soft import soft
from counterpoise.report.strands import strands

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterpoise.assessment.checks import Check
    from counterpoise.assessment.verdict import Verdict
    from counterpoise.report.dossier import Dossier

QUESTIONS = {
    "hard": "Is it a hard-balancing coalition? All of these",
    "incipient": "Or the start of one? Directed, and one of these",
    "ripe": "Should one be expected? The first, and one of the others",
}
RESULTS = {True: "pass", False: "fail", None: UNKNOWN}


def tests(dossier: Dossier) -> Exhibit:
    """Every test with its figure, threshold and result, and the reference blocs beside it."""
    verdict = dossier.verdict
    head = ("Question", "Test", _label(verdict), "needs", "result")
    beside = tuple(_label(other) for other in dossier.references)
    rows = [
        (
            QUESTIONS[check.question],
            check.title,
            check.value,
            check.threshold.replace(">=", "≥"),
            RESULTS[check.passed],
            *(other.check(check.name).value for other in dossier.references),
            check.source,
        )
        for check in verdict.checks
    ]
    numeric = ",".join((_label(verdict), "needs", *beside))
    return Exhibit(
        "tests",
        "The tests",
        _passed(verdict.checks),
        tuple(dict.fromkeys(part for c in verdict.checks for part in c.source.split("; "))),
        "Each figure is set against a cut-off that is a setting, printed with the answer and "
        "varied in the multiverse. Shares are weighted by power under the metric asked.",
        table((*head, *beside, "source"), rows, numeric),
    )


def _label(verdict: Verdict) -> str:
    return f"{verdict.question.bloc.key or 'this bloc'} {verdict.question.year}"


def _passed(checks: tuple[Check, ...]) -> str:
    hard = [check for check in checks if check.question == "hard"]
    failed = [check.title for check in hard if check.passed is False]
    open_ = [check.title for check in hard if check.passed is None]
    parts = [f"{len(hard) - len(failed) - len(open_)} of {len(hard)} tests of hard balancing pass"]
    parts += [f"failed: {'; '.join(failed)}"] if failed else []
    parts += [f"unknown: {'; '.join(open_)}"] if open_ else []
    return ". ".join(p[0].upper() + p[1:] for p in parts) + "."


def time_line(dossier: Dossier) -> Exhibit:
    """The rung of every year around the one asked, and dated events."""
    title, track, found = "Time line", dossier.track, dossier.events
    year = dossier.verdict.question.year
    if track is None:
        return unknown("timeline", title, "no year around the one asked can be answered")
    rows = [
        (
            str(e.date),
            e.precision,
            e.kind,
            e.text,
            e.source,
            {True: "yes", False: "no"}.get(e.is_checked, UNKNOWN),
        )
        for e in found
    ]
    answered = track.drop_nulls("observed")
    rungs = ", ".join(
        f"{rung} in {count} {'year' if count == 1 else 'years'}"
        for rung, count in answered["observed"].value_counts(sort=True).iter_rows()
    )
    first, last = dossier.span
    return Exhibit(
        "timeline",
        title,
        f"{first} to {last}: {rungs or 'no year has an answer'}. {len(found)} dated events.",
        (
            *sources("atop_members", "exercises"),
            "our coded rosters and forces abroad, each row with its source",
        ),
        "The strip is the verdict of each year by the same tests. Events are rows of the record or "
        "of our coded lists; an exercise is shown when the two strongest members take part and the "
        "target does not, at most three a year, those of most members first.",
        table(("date", "known to", "kind", "event", "source", "source opened"), rows),
        lambda: timeline(track, found, year),
        f"Strip of the observed rung from {first} to {last} with {len(found)} events below it.",
        more=(("The verdict of each year", _years(track)),),
    )


def _years(track: pl.DataFrame) -> Table:
    columns = ("year", "observed", "bound_share", "directedness", "power_ratio", "reason")
    head = ("year", "observed", "bound", "hostile", "power over the target", "why unknown")
    rows = track.select(columns).with_columns(pl.col("year").cast(pl.String)).iter_rows()
    filled = ((*row[:-1], row[-1] or "") for row in rows)
    return table(head, filled, "bound, hostile, power over the target")


MAP_KEY = (
    "Outlines are today's. Circles: the target's troops. Diamonds: bases, garrisons and missions, "
    "orange the target's and dark blue a member's."
)


def map_(dossier: Dossier) -> Exhibit:
    """Members, target, and whose forces stand where."""
    question, found = dossier.verdict.question, dossier.postings
    names, year = states.names(), question.year
    rows = [
        (
            names.name(p.owner, year),
            names.name(p.host, year),
            p.kind,
            p.troops and f"{p.troops:,.0f}",
            p.note,
            p.source,
        )
        for p in found
    ]
    inside = [p for p in found if p.owner == question.target.ccode and p.host in question.members]
    hosts = ", ".join(dict.fromkeys(names.name(p.host, year) for p in inside))
    says = (
        f"{question.target.name} has forces in {hosts}."
        if hosts
        else (f"No forces of {question.target.name} are listed in a member.")
    )
    absent = undrawn(question)
    roles = [(names.name(code, year), role) for code, role in role_of(question).items()]
    notes = (MAP_KEY,) + (
        (f"Not drawn, for no outline of today stands for it: {', '.join(absent)}.",)
        if absent
        else ()
    )
    return Exhibit(
        "map",
        "Map",
        says,
        (*sources("world_map", "capitals", "us_troops"), "our coded list of forces abroad"),
        "Forces are drawn at the capital of their host. Counts are of American troops, shown from "
        f"{question.rules.hosting_troops} on; other owners are known from a coded list that names "
        "hosts and not non-hosts.",
        table(("owner", "host", "kind", "troops", "note", "source"), rows, "troops"),
        lambda: bloc_map(question, found),
        "World map of the bloc's members, its target and the forces of either abroad.",
        notes=notes,
        more=(("States on the map", table(("state", "role"), roles)),),
    )


def ties(dossier: Dossier) -> Exhibit:
    """Which pairs are bound, each pair by its weight."""
    title, question, found = "Network of pacts", dossier.verdict.question, dossier.ties
    if found is None:
        return unknown("network", title, dossier.verdict.coverage.get("hard", "pacts are unknown"))
    names, year = states.names(), question.year
    ordered = sorted(found, key=lambda t: (-(t.weight or 0), t.ccode1, t.ccode2))
    rows = [
        (
            names.name(t.ccode1, year),
            names.name(t.ccode2, year),
            BONDS[t.bond],
            UNKNOWN if t.weight is None else f"{100 * t.weight:.2f} %",
            "; ".join(pact_label(question, p) for p in t.pacts) or "none",
        )
        for t in ordered
    ]
    top = ordered[0]
    one, two = names.name(top.ccode1, year), names.name(top.ccode2, year)
    weight = (
        "" if top.weight is None else f", with {percent(top.weight)} of the weight of all pairs"
    )
    return Exhibit(
        "network",
        title,
        f"The heaviest pair, {one} and {two}{weight}, is {BONDS[top.bond]}.",
        (*sources("atop_members"), *power_source(dossier)),
        "A pair weighs w₁ w₂ over the sum of all pairs, w a member's share of world power. The "
        "weights of the bound pairs sum to the bound share. Bound: a pact without the target "
        "obliges one to fight for the other.",
        table(("member", "member", "bond", "weight", "pacts"), rows, "weight"),
        lambda: network(question, found, dossier.power),
        f"Members on a circle, {len(found)} pairs; lines as thick as the pair's weight.",
    )


def resembles(dossier: Dossier) -> Exhibit:
    """Distance to the reference blocs: is it a born-again Warsaw Pact?"""
    title, found = "Is it a born-again Warsaw Pact?", dossier.resemblances
    known = [r for r in found if r.distance is not None]
    if not known:
        return unknown("resemblance", title, "no measure is known for both it and a reference bloc")
    near = known[0]
    far = max(near.apart, key=lambda strand: near.apart[strand])
    apart = f"{far} ({near.apart[far]:.2f})"
    rows = [
        (r.name, r.distance, f"{r.strands}", *(r.apart.get(s) for s in near.profile)) for r in found
    ]
    head = ("reference", WHOLE, "strands compared", *near.profile)
    return Exhibit(
        "resemblance",
        title,
        f"Of the reference blocs it is nearest to {near.name} ({near.distance:.2f} on a scale from "
        f"0 to 1, over {near.strands} strands); the two are furthest apart in {apart}.",
        sources("atop_members", "nmc", "gdp_population", "exercises", "us_troops", "dispute_dyads"),
        "d = mean over strands of the mean over measures of |x − y| (Gower 1971), every measure "
        "from 0 to 1: yes 1 and no 0, a ratio of powers r as r / (1 + r), accord A as (1 + A) / 2. "
        "What is unknown for either is left out. Every strand counts alike, so read the rows, not "
        "only the first: two blocs can be near overall and apart in what matters.",
        table(head, rows, ",".join(head[1:])),
        lambda: resemblance(found),
        "Shaded cells: distance to each reference bloc, over all strands and in each.",
    )


EXHIBITS: dict[str, Callable[[Dossier], Exhibit]] = {
    "tests": tests,
    "strands": strands,
    "timeline": time_line,
    "map": map_,
    "network": ties,
    "consensus": consensus,
    "threat": threats,
    "soft": soft,
    "multiverse": multiverse,
    "resemblance": resembles,
    "would_change": would_change,
}
"""Parts by name, in the order of the report."""


def every(dossier: Dossier) -> list[Exhibit]:
    """All parts of a report."""
    return [make(dossier) for make in EXHIBITS.values()]


def csv(exhibit: Exhibit) -> str:
    """The tables of a part as CSV text, an empty line between them.

    A cell that a spreadsheet would take for a formula is marked as text.
    """
    import csv as writer
    import io

    text = io.StringIO()
    out = writer.writer(text, lineterminator="\n")
    for place, (_, found) in enumerate(exhibit.tables):
        out.writerows([[]] if place else [])
        out.writerow(found.head)
        out.writerows([_inert(cell) for cell in row] for row in found.rows)
    return text.getvalue()


def _inert(cell: str) -> str:
    is_number = cell.replace(".", "", 1).lstrip("-+").isdigit()
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t") and not is_number else cell


def plain_table(exhibit: Exhibit) -> dict[str, Any]:
    """A part as plain values: its sentence, its table, its sources."""
    return {
        "name": exhibit.name,
        "title": exhibit.title,
        "says": exhibit.says,
        "unknown": exhibit.reason,
        "tables": [
            {"caption": caption, "columns": list(t.head), "rows": [list(row) for row in t.rows]}
            for caption, t in exhibit.tables
        ],
        "sources": list(exhibit.sources),
        "how": exhibit.how,
        "notes": list(exhibit.notes),
    }
