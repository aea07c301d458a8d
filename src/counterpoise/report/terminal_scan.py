"""A scan for a terminal: the coalitions found, what was looked at, and what coders say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from counterpoise import states
from counterpoise.assessment.scan_answer import shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from counterpoise.assessment.coded_comparison import CodedCase, Comparison
    from counterpoise.assessment.episodes import Episode
    from counterpoise.assessment.scan_answer import ScanAnswer

MOST_SHOWN = 40

EXTRAS = {
    "leg": "legs of a found coalition",
    "elsewhere": "found against another target",
    "denied": "coded as no hard coalition",
    "uncoded": "not coded",
}


def scan(found: ScanAnswer) -> RenderableType:
    """The whole answer."""
    parts: list[RenderableType] = [Text(_headline(found), "bold")]
    if found.episodes:
        parts.append(_hits(found))
    parts.append(_searched(found))
    first, last = found.scan.plan.years
    if last > first:
        parts.append(_coded(found))
    return Group(*parts)


def _headline(found: ScanAnswer) -> str:
    rate = found.scan.rate
    sure = sum(e.is_discovery(rate) for e in found.episodes)
    first, last = found.scan.plan.years
    when = str(first) if first == last else f"{first}–{last}"
    against = found.scan.against
    if len(found.scan.plan.targets) == 1:
        against = states.names().name(found.scan.plan.targets[0][0], last)
    total = len(found.episodes)
    what = "coalition" if total == 1 else "coalitions"
    return (
        f"{total} hard-balancing {what} against {against}, {when}; "
        f"{sure} at a false-discovery rate of {rate:g}"
    )


def _hits(found: ScanAnswer) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("Coalition", "against"):
        table.add_column(name, overflow="fold")
    for name in ("years", "score", "p", "q"):
        table.add_column(name, justify="right")
    table.add_column("shadows", justify="right", style="dim")
    table.add_column("coded", style="dim", overflow="fold")
    for episode in found.episodes[:MOST_SHOWN]:
        table.add_row(*_row(found, episode))
    left = len(found.episodes) - MOST_SHOWN
    note = f"{left} more with --json. " if left > 0 else ""
    legend = (
        "score: the least of the figures over its cut-off, 1 or more is hard. p: chance among "
        "matched random groups. q: false-discovery rate over all blocs. shadows: other blocs "
        "that are hard by the same pacts."
    )
    return Group(table, Padding(Text(note + legend, "dim"), (0, 0, 1, 0)))


def _row(found: ScanAnswer, episode: Episode) -> list[str]:
    first, last = episode.years[0], episode.years[-1]
    coded = found.comparison.matched.get((episode.target, episode.pact), ())
    return [
        shown(episode),
        states.names().name(episode.target, episode.best_year),
        str(first) if first == last else f"{first}–{last}",
        f"{episode.score:.2f}",
        _small(episode.p_value),
        _small(episode.q_value),
        str(len(episode.shadows)),
        " ".join(coded),
    ]


def _small(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2g}"


def _searched(found: ScanAnswer) -> RenderableType:
    scan_ = found.scan
    counts = dict(scan_.searched)
    looked = counts.pop("blocs and years")
    listed = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    share = scan_.placebo_hard_share
    text = (
        f"Looked at {looked:,} blocs and years ({scan_.tests:,} blocs tested; {listed}). "
        f"Smallest p that the draws can give: {scan_.smallest_p:.2g}."
    )
    if share is not None:
        text += f" Of the matched random groups {share:.2%} are hard."
    return Padding(Text(text), (0, 0, 1, 0))


def _coded(found: ScanAnswer) -> RenderableType:
    beside = found.comparison
    lines = [
        Text("Beside the coded coalitions", "bold"),
        Text(f"found {len(beside.found)}: " + ", ".join(c.case_id for c in beside.found)),
        Text(f"missed {len(beside.missed)}: " + "; ".join(map(_missed, beside.missed))),
        *(_extra(beside, kind, title) for kind, title in EXTRAS.items()),
    ]
    return Group(*lines)


def _extra(beside: Comparison, kind: str, title: str) -> Text:
    listed = [shown(episode) for episode, its in beside.extra if its == kind]
    return Text(f"extra, {title} {len(listed)}: " + "; ".join(listed))


def _missed(case: CodedCase) -> str:
    return f"{case.case_id} ({case.reason})"
