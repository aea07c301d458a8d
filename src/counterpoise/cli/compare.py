"""The verb that sets blocs side by side: compare."""

from __future__ import annotations

from typing import Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command(
        epilog='Example: counterpoise compare SCO "Warsaw Pact" --against USA '
        "--year 2006 --year 1985"
    )(compare)


def compare(
    blocs: Annotated[
        list[str],
        typer.Argument(help="Two or more: organisations, lists such as RUS,CHN, roster files."),
    ],
    against: Annotated[
        list[str], typer.Option(help="The target; once for all blocs, or once for each.")
    ],
    year: Annotated[
        list[int], typer.Option(help="The year; once for all blocs, or once for each.")
    ],
    power: options.Power = "cinc",
    as_json: options.Json = False,
    extend: options.Extend = False,
) -> None:
    """Set blocs side by side, test by test, and say how far apart they are."""
    from counterpoise.assessment import comparison

    found = comparison.compare(blocs, against, year, power, extend=extend)
    if as_json:
        print_json(found.to_dict())
        return
    from counterpoise.report import terminal_comparison

    show(terminal_comparison.comparison(found))
