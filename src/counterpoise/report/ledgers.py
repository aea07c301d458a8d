"""Claims on a page: the ledger, what became of it, the scoreboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise import figures
from counterpoise.assessment.wording import percent
from counterpoise.report.exhibit import Exhibit, Table, table
from counterpoise.report.plain import UNKNOWN, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.claim_scores import Scoreboard, Scores
    from counterpoise.assessment.claims import Claim
    from counterpoise.assessment.resolution import Outcome
    from counterpoise.assessment.scores import Interval

Resolved = list[tuple["Claim", "Outcome"]]


def ledger(listed: Sequence[Claim], resolved: Resolved | None) -> Exhibit:
    """Every claim, and what became of it where that is worked out."""
    became = {claim.id: outcome for claim, outcome in resolved or []}
    words = {True: "came true", False: "did not", None: "void"}
    rows = []
    for claim in listed:
        outcome = became.get(claim.id)
        rows.append(
            (
                str(claim.made),
                claim.claimant,
                claim.restated,
                claim.proposition,
                figure(claim.chance, 2),
                words[outcome.happened] if outcome else "being worked out",
                outcome.reason if outcome else "",
                claim.source,
                claim.checked,
            )
        )
    head = (
        "made",
        "who",
        "claim",
        "proposition",
        "chance",
        "outcome",
        "because",
        "source",
        "opened",
    )
    true = sum(o.happened is True for o in became.values())
    void = sum(o.happened is None for o in became.values())
    says = f"{len(listed)} claims"
    says += (
        f": {true} came true, {len(became) - true - void} did not, {void} are void."
        if became
        else "."
    )
    return Exhibit(
        "ledger",
        "The claims",
        says,
        ("the ledger of claims in the package, each with its own source",),
        "A claim is restated in our words as a proposition that the record can settle, with the "
        "chance that it gave, stated or read from its hedge. It is settled by the same code as any "
        "verdict; void means that the record cannot settle it.",
        table(head, rows, "chance"),
    )


def scoreboard(found: Scores) -> Exhibit:
    """Scores of the ledger as a whole, by school and by claimant."""
    boards = (found.whole, found.checked, *found.schools, *found.claimants)
    kinds = ("", "", *("school" for _ in found.schools), *("claimant" for _ in found.claimants))
    rows = [(kind or "ledger", *_board(board)) for kind, board in zip(kinds, boards, strict=True)]
    head = ("of", "name", "claims", "void", "came true", "Brier", "log (nats)", "skill")
    brier = _interval(found.whole.brier)
    calibration = found.calibration
    return Exhibit(
        "scores",
        "Who was right?",
        f"Brier score of all claims {brier}; smaller is better. Few claims per claimant: read the "
        "intervals.",
        ("the ledger of claims in the package",),
        "Brier and log scores with 95 % intervals over claimants; skill is against the base rate "
        "of the whole ledger, above 0 beats it.",
        table(head, rows, "claims, void, came true, Brier, log (nats), skill"),
        None if calibration is None else lambda: figures.calibration(calibration),
        "Share of claims that came true against the probability given.",
        more=() if calibration is None else (("Calibration", _calibration(calibration)),),
    )


def _calibration(found: Any) -> Table:
    names = ("probability", "observed", "low", "high", "count")
    rows = zip(*(getattr(found, n).tolist() for n in names), strict=True)
    shown = [(*(figure(v, 2) for v in row[:-1]), f"{row[-1]:g}") for row in rows]
    return table(("probability given", "came true", "low", "high", "claims"), shown, ",".join(
        ("probability given", "came true", "low", "high", "claims")
    ))  # fmt: skip


def _board(board: Scoreboard) -> tuple[Any, ...]:
    rate = UNKNOWN if board.base_rate is None else percent(board.base_rate)
    shown = (_interval(part) for part in (board.brier, board.log, board.skill))
    return board.name, board.claims, board.void, rate, *shown


def _interval(found: Interval | None) -> str:
    if found is None or found.estimate != found.estimate:
        return UNKNOWN
    return f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})"
