"""The verbs about claims: list, check, resolve, score."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show

if TYPE_CHECKING:
    from counterpoise.assessment.claims import Claim

app = typer.Typer(help="Claims: who predicted what, and were they right?", no_args_is_help=True)
Ledger = Annotated[
    Path | None, typer.Option(help="Folder of claim files; the debate in the package by default.")
]


def _plain(claim: Claim) -> dict[str, object]:
    return claim.model_dump(mode="json") | {"chance": claim.chance}


@app.command("list", epilog="Example: counterpoise claims list")
def list_(ledger: Ledger = None, as_json: options.Json = False) -> None:
    """List the claims of a ledger, by date."""
    from counterpoise.assessment import claims

    found = claims.ledger(ledger)
    if as_json:
        print_json([_plain(claim) for claim in found])
        return
    from counterpoise.report import terminal_claims

    show(terminal_claims.listed(found))


@app.command(epilog="Example: counterpoise claims check --ledger my-claims/")
def check(ledger: Ledger = None, as_json: options.Json = False) -> None:
    """Check every claim file of a ledger and say what is wrong with it."""
    from counterpoise.assessment import claims

    found = claims.ledger(ledger)
    if as_json:
        print_json({"claims": len(found), "checked": sum(claim.checked for claim in found)})
        return
    sys.stdout.write(
        f"{len(found)} claims in order; the source of {sum(c.checked for c in found)} was opened.\n"
    )


@app.command(epilog="Example: counterpoise claims resolve")
def resolve(ledger: Ledger = None, as_json: options.Json = False) -> None:
    """Say of every claim whether it came true by its own date; void ones are shown."""
    from counterpoise.assessment import claims

    found = claims.resolved(claims.ledger(ledger))
    if as_json:
        print_json([_plain(claim) | asdict(outcome) for claim, outcome in found])
        return
    from counterpoise.report import terminal_claims

    show(terminal_claims.resolved(found))


@app.command(epilog="Example: counterpoise claims score --out calibration.png")
def score(
    ledger: Ledger = None,
    as_json: options.Json = False,
    out: options.Picture = None,
) -> None:
    """Score a ledger: Brier and log scores, skill against climatology, per claimant."""
    from counterpoise.assessment import claims
    from counterpoise.assessment.claim_scores import score_ledger

    found = score_ledger(claims.resolved(claims.ledger(ledger)))
    if out is not None and found.calibration is not None:
        from counterpoise import figures

        figures.save(figures.calibration(found.calibration), out)
    if as_json:
        print_json(asdict(found))
        return
    from counterpoise.report import terminal_claims

    show(terminal_claims.scores(found))
