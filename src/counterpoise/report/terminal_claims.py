"""Claims for a terminal: the ledger, what became of it, the scoreboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from counterpoise.assessment.claim_scores import Scoreboard, Scores
    from counterpoise.assessment.claims import Claim
    from counterpoise.assessment.resolution import Outcome
    from counterpoise.assessment.scores import Interval

OUTCOMES = {
    True: Text("came true", "green"),
    False: Text("did not", "red"),
    None: Text("void", "yellow"),
}


def listed(claims: Sequence[Claim]) -> RenderableType:
    """One row per claim: when, who, what in our words, the proposition and its probability."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("made", "claimant", "claim", "proposition", "chance", "source opened"):
        table.add_column(title, overflow="fold")
    for c in claims:
        checked = "yes" if c.checked else "no"
        table.add_row(
            str(c.made), c.claimant, c.restated, c.proposition, f"{c.chance:.2f}", checked
        )
    return table


def resolved(found: Sequence[tuple[Claim, Outcome]]) -> RenderableType:
    """One row per claim with what became of it and why."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("made", "claimant", "proposition", "chance", "outcome", "because"):
        table.add_column(title, overflow="fold")
    for c, outcome in found:
        table.add_row(
            str(c.made),
            c.claimant,
            c.proposition,
            f"{c.chance:.2f}",
            OUTCOMES[outcome.happened],
            outcome.reason,
        )
    return table


def scores(found: Scores) -> RenderableType:
    """The scoreboard: all, those with an opened source, schools, claimants."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("", "claims", "void", "came true", "Brier", "log (nats)", "skill"):
        table.add_column(title, justify="right" if title else "left")
    for board in (found.whole, found.checked):
        table.add_row(*_cells(board))
    for name, boards in (("By school", found.schools), ("By claimant", found.claimants)):
        table.add_row(Text(name, "bold"))
        for board in boards:
            table.add_row(*_cells(board))
    note = "Smaller Brier and log scores are better. Skill is against the base rate of the ledger."
    return Group(table, Text(note, "dim"))


def _cells(board: Scoreboard) -> list[str]:
    rate = "" if board.base_rate is None else f"{100 * board.base_rate:.0f} %"
    figures = [_interval(i) for i in (board.brier, board.log, board.skill)]
    return [board.name, str(board.claims), str(board.void), rate, *figures]


def _interval(found: Interval | None) -> str:
    if found is None or found.estimate != found.estimate:
        return "unknown"
    if found.low == found.high:
        return f"{found.estimate:.2f}"
    return f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})"
