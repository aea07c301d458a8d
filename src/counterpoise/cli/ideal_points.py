"""The verb about ideal points: fit."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counterpoise.measures.ideal_points import IdealPointEstimates

app = typer.Typer(help="Ideal points from votes in the United Nations.", no_args_is_help=True)

TABLES = (".csv", ".parquet")


@app.callback()
def ideal_points() -> None:
    """Ideal points from votes in the United Nations, or from votes of your own."""


@app.command(epilog="Example: counterpoise ideal-points fit --from 1980 --to 1995 --compare")
def fit(
    first: Annotated[
        int | None, typer.Option("--from", help="First year in which a session opened.")
    ] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last such year.")] = None,
    issue: Annotated[
        str | None, typer.Option(help="Votes on one issue: me, nu, di, hr, co or ec.")
    ] = None,
    dimensions: Annotated[int, typer.Option(help="1 or 2.")] = 1,
    absences: Annotated[
        Literal["ignore", "abstain", "model"],
        typer.Option(help="What absences tell: nothing, an abstention, or what the model finds."),
    ] = "ignore",
    votes: Annotated[
        Path | None,
        typer.Option(help="Own votes: .csv or .parquet with ccode,rcid,year,vote (1, 2, 3, 8, 9)."),
    ] = None,
    positive: Annotated[str, typer.Option(help="State at the positive end.")] = "USA",
    states: Annotated[
        str, typer.Option(help="States to show and to draw.")
    ] = "USA,GBR,FRA,RUS,CHN,IND",
    out: Annotated[
        Path | None,
        options.output("All ideal points, or a picture", ".csv", ".parquet", *options.PICTURES),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Hold them against the published series.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Estimate ideal points with standard errors from all votes, an issue, or your own."""
    from counterpoise.measures.ideal_points import ideal_points as estimate

    years = _years(first, last, is_own=votes is not None)
    with _telling() as tell:
        found = estimate(
            years,
            issue=issue,
            dimensions=dimensions,
            absences=absences,
            votes=votes,
            positive=positive,
            tell=tell,
        )
    if out is not None:
        _write(found, out, states)
    agreement = found.compare() if compare else None
    if as_json:
        print_json(found.to_dict() | ({"compared": agreement.to_dict()} if agreement else {}))
        return
    from counterpoise.report import terminal_ideal_points as terminal

    show(terminal.estimates(found, states))
    if agreement is not None:
        show(terminal.comparison(agreement))
    if out is not None:
        sys.stdout.write(f"{out} is written.\n")


def _years(first: int | None, last: int | None, *, is_own: bool) -> tuple[int, int] | None:
    if first is None and last is None:
        return None
    if is_own:
        return first if first is not None else 0, last if last is not None else 9999
    from counterpoise import record

    begin, end = record.coverage("un_votes")
    return begin if first is None else first, end if last is None else last


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Say on a terminal how far the fit is; nothing where the output is piped."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda line: None
        return
    with console.status("Fitting ideal points") as status:
        yield lambda line: status.update(f"Fitting ideal points: {line}")


def _write(found: IdealPointEstimates, out: Path, states: str) -> None:
    if out.suffix.lower() not in TABLES:
        from counterpoise import figures
        from counterpoise.figures.ideal_points import ideal_points as draw

        figures.save(draw(found.frame, states), out)
        return
    from counterpoise import files

    with files.replacing(out) as temporary:
        if out.suffix.lower() == ".csv":
            found.frame.write_csv(temporary)
        else:
            found.frame.write_parquet(temporary)
