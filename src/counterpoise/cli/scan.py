"""The verb that looks everywhere: scan."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show
from counterpoise.errors import QuestionError
from counterpoise.files import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from counterpoise.assessment.scan import Tell

Draws = Annotated[int, typer.Option(min=100, help="Matched random groups for each bloc and year.")]
Most = Annotated[
    int | None,
    typer.Option(min=100, help="Draws for a hard bloc; as many as a discovery needs by default."),
]
Rate = Annotated[float, typer.Option(min=0.0, max=1.0, help="False-discovery rate.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the draws.")]
All = Annotated[bool, typer.Option("--draw-all", help="Draw also for blocs that are never hard.")]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command(epilog="Example: counterpoise scan --against USA --year 2006")(scan)


def scan(
    against: Annotated[
        str, typer.Option(help='A state, "leader" (of each year) or "majors" (every major power).')
    ],
    year: Annotated[int | None, typer.Option(help="Calendar year.")] = None,
    first: Annotated[int | None, typer.Option("--from", help="First year.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last year.")] = None,
    power: options.Power = "cinc",
    draws: Draws = 1000,
    most: Most = None,
    workers: options.Workers = None,
    scheduler: options.Scheduler = None,
    rate: Rate = 0.05,
    seed: Seed = 20180101,
    keep: options.Keep = None,
    draw_all: All = False,
    as_json: options.Json = False,
) -> None:
    """Search every organisation, alliance, informal group and cluster for a balancing coalition."""
    from counterpoise.assessment.scan import scan as search
    from counterpoise.assessment.scan_answer import answered

    begin, end = _span(year, first, last)
    folder = keep or (cache_folder() if end > begin else None)
    with _progress() as tell:
        found = search(
            against,
            begin,
            end,
            power,
            draws=draws,
            most=most,
            seed=seed,
            rate=rate,
            draw_all=draw_all,
            workers=workers,
            scheduler=scheduler,
            folder=folder,
            tell=tell,
        )
        answer = answered(found)
    if as_json:
        print_json(answer.to_dict())
        return
    from counterpoise.report import terminal_scan

    show(terminal_scan.scan(answer))


def _span(year: int | None, first: int | None, last: int | None) -> tuple[int, int]:
    if year is not None and first is None and last is None:
        return year, year
    if year is None and first is not None and last is not None:
        return first, last
    raise QuestionError("Give --year, or --from and --to.")


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar on standard error for each target, where somebody sees it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    shown: dict[str, TaskID] = {}
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bar:

        def tell(target: str, finished: int, total: int) -> None:
            if target not in shown:
                shown[target] = bar.add_task(f"against {target}", total=total)
            bar.update(shown[target], completed=finished, total=total)

        yield tell
