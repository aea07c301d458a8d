"""A verdict and a leader table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from counterpoise import record, states
from counterpoise.assessment.wording import headline, percent, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from rich.console import RenderableType

    from counterpoise.assessment.checks import Check
    from counterpoise.assessment.leaders import Leaders
    from counterpoise.assessment.placebo import Placebo
    from counterpoise.assessment.verdict import Verdict

MARK = {True: Text("pass", "green"), False: Text("fail", "red"), None: Text("unknown", "yellow")}
QUESTIONS = {
    "hard": "Observed: a hard-balancing coalition?",
    "incipient": "Observed: the start of one? (directed, and one of these)",
    "ripe": "Ripe: should one be expected? (rejection, and one of the others)",
    "soft": "Soft: do votes share more than preferences? (all of these)",
    "diplomacy": "Diplomacy: does it vote alike, whatever the reason?",
}


def figure(value: float | bool | None) -> str:
    """A figure for a reader: shares to three places, yes or no, unknown."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3f}"


def verdict(found: Verdict, beside: Sequence[Verdict] = ()) -> RenderableType:
    """The rung, the reason, every test with its yardsticks, the strands, the sources."""
    return Group(
        Text(headline(found), "bold"),
        Padding(Text(reason(found)), (0, 0, 1, 0)),
        _checks(found, beside),
        _strands(found, beside),
        *_notes(found),
    )


def _label(found: Verdict) -> str:
    return f"{found.question.bloc.key or found.question.bloc.name} {found.question.year}"


def _checks(found: Verdict, beside: Sequence[Verdict]) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Test", overflow="fold")
    table.add_column(_label(found), justify="right")
    table.add_column("needs", justify="right")
    table.add_column("")
    for other in beside:
        table.add_column(_label(other), justify="right", style="dim")
    table.add_column("source", style="dim", justify="right")
    checks = (*found.checks, *found.soft_checks)
    sources = list(dict.fromkeys(check.source for check in checks))
    placebo = found.trust.placebo
    if placebo:
        table.add_column("percentile", justify="right", style="dim")
    asked = ""
    for check in checks:
        if check.question != asked:
            asked = check.question
            table.add_row(Text(QUESTIONS[asked], "bold"))
        row = [*_check_row(check, beside), f"[{sources.index(check.source) + 1}]"]
        table.add_row(*row, _percentile(placebo, check.name))
    legend = "   ".join(f"[{n}] {source}" for n, source in enumerate(sources, start=1))
    return Group(table, Padding(Text(legend, "dim"), (0, 0, 1, 0)))


def _percentile(placebo: Placebo | None, name: str) -> str:
    """Where the figure stands among matched groups; blank where it has no counterpart there."""
    if placebo is None or name not in placebo.actual:
        return ""
    value = placebo.percentile(name)
    return "unknown" if value is None else f"{value:.0f}"


def _check_row(check: Check, beside: Sequence[Verdict]) -> list[RenderableType]:
    others = [figure(other.check(check.name).value) for other in beside]
    return [
        f"  {check.title}",
        figure(check.value),
        check.threshold,
        MARK[check.passed],
        *others,
    ]


def _strands(found: Verdict, beside: Sequence[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in (*_lines(found), ("Inner tension", _tension(found, beside))):
        if text:
            table.add_row(name, text)
    return table


def _lines(found: Verdict) -> list[tuple[str, str]]:
    return [
        ("Members", _members(found)),
        ("Ratio to target", _ratios(found)),
        ("Hardest core", _core(found)),
        ("Direction", _direction(found)),
        ("Arming", _arming(found)),
        ("Exercises", _exercises(found)),
        ("Penetration", _penetration(found)),
        ("Votes", _votes(found)),
        ("Consensus", _consensus(found)),
        ("Threat", _threat(found)),
        ("Yardstick", _yardstick(found)),
        ("All choices", _choices(found)),
        ("Would change it", _would_change(found)),
    ]


def _names(found: Verdict, codes: Sequence[int]) -> str:
    names = states.names()
    return ", ".join(names.name(code, found.question.year) for code in codes) or "none"


def _members(found: Verdict) -> str:
    bloc = found.question.bloc
    text = _names(found, bloc.members)
    return text + (f" (observers: {_names(found, bloc.observers)})" if bloc.observers else "")


def _ratios(found: Verdict) -> str:
    strength = found.hard.strength
    with_allies = strength.ratios_with_allies
    return "; ".join(
        f"{name} {_two(value)} ({_two(with_allies[name])} with its allies)"
        for name, value in strength.ratios.items()
    )


def _two(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _core(found: Verdict) -> str:
    bind = found.hard.binding
    if bind is None or bind.hardest_core is None:
        return ""
    return f"{_names(found, bind.hardest_core)}: {figure(bind.hardest_core_bound_share)} bound"


def _direction(found: Verdict) -> str:
    aim = found.hard.directedness
    if aim is None or aim.pact is None:
        return _undirected(found) if aim else ""
    text = f"D {figure(aim.share)}, D₋ {figure(aim.rest)} in {aim.measured}"
    text += f", at {aim.pact}, signed {aim.signed}"
    if aim.lapsed:
        text += f"; lapsed in {aim.lapsed}"
    if aim.stage:
        text += f"; {aim.stage} since {aim.onset}"
    return text + f"; without rivalry codings: {figure(aim.directed_without_rivalries)}"


def _undirected(found: Verdict) -> str:
    aim = found.hard.directedness
    assert aim is not None
    least = percent(found.question.rules.anchor_share)
    return (
        f"D {figure(aim.share)}, D₋ {figure(aim.rest)} in {aim.measured}; "
        f"no pact that binds {least} of the bloc or more carries it"
    )


def _arming(found: Verdict) -> str:
    parts = []
    for growth in found.hard.activity.arming:
        if growth.bloc is None:
            parts.append(f"{growth.window} years: unknown ({growth.reason})")
        else:
            pace = f"{100 * growth.bloc:+.1f} % a year"
            target = "unknown" if growth.target is None else f"{100 * growth.target:+.1f} %"
            parts.append(f"{growth.window} years: {pace}, target {target} ({growth.series})")
    return "; ".join(parts)


def _exercises(found: Verdict) -> str:
    joint = found.hard.activity.exercises
    if joint is None:
        return f"unknown ({found.coverage.get('exercises', 'outside coverage')})"
    return (
        f"{joint.without_target} without the target, {joint.with_target} with it, "
        f"{joint.first_year}–{joint.last_year}"
    )


def _penetration(found: Verdict) -> str:
    activity = found.hard.activity
    if activity.penetration_share is None:
        return f"unknown ({found.coverage.get('penetration_share', '')})"
    share, hosts = percent(activity.penetration_share), _names(found, activity.penetrated)
    return f"{share} of its power hosts the target's forces ({hosts})"


def _votes(found: Verdict) -> str:
    held = found.trust.coordination
    if held.residual is None or held.interval is None:
        return ""
    low, high = held.interval
    text = (
        f"residual {held.residual:.3f} ({low:.3f} to {high:.3f}), "
        f"{'unknown' if held.expected is None else f'{held.expected:.3f}'} in matched groups; "
        f"{held.voting} of {held.members} members on {held.clusters} subjects, "
        f"{held.first}–{held.last}"
    )
    others = ", ".join(f"{other.name} {other.excess:+.3f}" for other in held.others)
    if held.excess is None or not others:
        return text
    return text + f"; above them by {held.excess:+.3f} against the target, {others}"


def _consensus(found: Verdict) -> str:
    result = found.consensus
    if result is None:
        return f"unknown ({found.coverage.get('consensus', '')})"
    text = f"{result.power.kind} by power, {result.equal.kind} by equal weights"
    if result.power.kept is None:
        return text
    return text + (
        f"; label kept in {percent(result.power.kept)} of draws over both codings, "
        f"by chance {percent(result.power.chance)}"
    )


def _threat(found: Verdict) -> str:
    names, year = states.names(), found.question.year
    parts = [
        f"{names.name(m.ccode, year)} {_two(m.survival)}"
        for m in found.threat.members
        if m.ccode != found.threat.strongest
    ]
    return f"to survival, {found.threat.cut:g} is the cut: {', '.join(parts)}"


def _tension(found: Verdict, beside: Sequence[Verdict]) -> str:
    """Dyads of members that quarrel, weighted by power, with the yardsticks."""
    others = "; ".join(f"{_label(o)} {percent(o.hard.tension.share)}" for o in beside)
    tension = found.hard.tension
    if tension.share is None:
        return f"unknown ({tension.reason})"
    return f"{percent(tension.share)} of its dyads by power quarrel ({others})"


def _yardstick(found: Verdict) -> str:
    placebo = found.trust.placebo
    if placebo is None:
        return f"unknown ({found.trust.reason})"
    if placebo.reason:
        return f"no matched groups: {placebo.reason}"
    share = placebo.share("hard")
    hard = "unknown" if share is None else percent(share)
    return (
        f"percentiles are among {placebo.draws:,} groups of the same size, matched on region, "
        f"power and votes; {hard} of them would count as hard"
    )


def _choices(found: Verdict) -> str:
    choices = found.trust.multiverse
    if choices is None:
        return f"unknown ({found.trust.reason})"
    text = (
        f"{percent(choices.agreeing)} of {choices.specifications:,} specifications agree; "
        f"hard in {percent(choices.hard.shares.get('yes', 0.0))}"
    )
    turning = ", ".join(dict.fromkeys(flip.factor for flip in choices.flips[:4]))
    return text + (f"; most turned by {turning}" if turning else "")


def _would_change(found: Verdict) -> str:
    return " ".join(change.sentence for change in found.trust.changes[:3])


def _notes(found: Verdict) -> list[RenderableType]:
    lines = [f"{part}: {why}" for part, why in found.coverage.items()]
    carried = [f"{table}: {how}" for table, how in found.question.reach.extended.items()]
    notes: list[RenderableType] = []
    if carried:
        notes.append(
            Padding(Text("Carried forward: " + "; ".join(carried), "yellow"), (1, 0, 0, 0))
        )
    if lines:
        notes.append(Padding(Text("Unknown: " + "; ".join(lines), "dim"), (1, 0, 0, 0)))
    notes.append(
        Text(
            f"Record {record.manifest().record}. Citations: --json, or counterpoise data cite.",
            "dim",
        )
    )
    return notes


def leaders(found: Leaders) -> RenderableType:
    """One row per metric of power: who leads, by how much, and the spread among major powers."""
    table = Table(title=f"Leading states, {found.year}", box=box.SIMPLE_HEAD, title_justify="left")
    for column in (
        "Metric",
        "First",
        "share",
        "Second",
        "share",
        "gap",
        "CON",
        "effective",
        "polarity",
    ):
        table.add_column(column, justify="right" if column in _NUMERIC else "left")
    names = states.names()
    for name, row in found.by_metric.items():
        if row is None:
            table.add_row(name, f"unknown: {found.coverage[name]}")
            continue
        table.add_row(
            name,
            names.name(row.ccode, found.year),
            figure(row.share),
            names.name(row.second_ccode, found.year),
            figure(row.second_share),
            figure(row.gap),
            figure(row.con),
            "unknown" if row.effective_powers is None else f"{row.effective_powers:.2f}",
            row.polarity or "unknown",
        )
    note = "CON, effective number and polarity (Thompson 1988) among the major powers."
    return Group(
        table, Text(note, "dim"), *(Text(f"{k}: {v}", "dim") for k, v in found.coverage.items())
    )


_NUMERIC = {"share", "gap", "CON", "effective"}


_TRACK = (
    ("observed", "observed"),
    ("bound_share", "bound"),
    ("bound_dyads", "pairs"),
    ("dyads", "of"),
    ("core_bound", "core"),
    ("directedness", "D"),
    ("directedness_without_strongest", "D₋"),
    ("power_ratio", "ratio"),
    ("allied_with_target_share", "allied"),
    ("penetration_share", "hosts"),
    ("soft_percentile", "votes"),
)


def track(frame: pl.DataFrame) -> RenderableType:
    """One row per year; a year without the bloc gives the reason."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("year")
    for _, title in _TRACK:
        table.add_column(title, justify="right")
    table.add_column("", overflow="fold", style="dim")
    for row in frame.iter_rows(named=True):
        cells = [_cell(row[name]) for name, _ in _TRACK] if row["observed"] else [""] * len(_TRACK)
        table.add_row(str(row["year"]), *cells, row["reason"] or "")
    return table


def _cell(value: str | float | bool | None) -> str:
    return value if isinstance(value, str) else str(value) if type(value) is int else figure(value)
