"""Blocs side by side for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from counterpoise.assessment.comparison import name
from counterpoise.assessment.wording import headline
from counterpoise.report.terminal import MARK, QUESTIONS, figure

if TYPE_CHECKING:
    from rich.console import RenderableType

    from counterpoise.assessment.comparison import Comparison


def comparison(found: Comparison) -> RenderableType:
    """What each bloc is, its tests beside the others', and how far each pair lies apart."""
    return Group(
        *(Text(headline(verdict), "bold") for verdict in found.verdicts),
        Text(),
        _tests(found),
        _distances(found),
        Text(
            "Distance: 0 alike in all that both know, 1 as far apart as can be (Gower 1971).", "dim"
        ),
    )


def _tests(found: Comparison) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Test", overflow="fold")
    table.add_column("needs", justify="right")
    for verdict in found.verdicts:
        table.add_column(name(verdict), justify="right")
        table.add_column("")
    asked = ""
    for check in found.verdicts[0].checks:
        if check.question != asked:
            asked = check.question
            table.add_row(Text(QUESTIONS[asked], "bold"))
        row: list[RenderableType] = [f"  {check.title}", check.threshold]
        for verdict in found.verdicts:
            own = verdict.check(check.name)
            row += [figure(own.value), MARK[own.passed]]
        table.add_row(*row)
    return table


def _distances(found: Comparison) -> Table:
    strands = list(dict.fromkeys(s for pair in found.apart for s in pair.strands))
    table = Table(box=box.SIMPLE_HEAD, title="How far apart", title_justify="left")
    table.add_column("strand")
    for pair in found.apart:
        table.add_column(f"{pair.one} – {pair.other}", justify="right")
    table.add_row("all strands", *(figure(pair.distance) for pair in found.apart))
    for strand in strands:
        table.add_row(f"  {strand}", *(figure(pair.strands.get(strand)) for pair in found.apart))
    return table
