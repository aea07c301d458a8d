"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Bloc = Annotated[
    str,
    typer.Argument(
        help="An organisation, atop:4810, a list such as RUS,CHN,IRN, or a roster file."
    ),
]
Against = Annotated[str, typer.Option(help="The target: name, ISO3, COW abbreviation or number.")]
Year = Annotated[int, typer.Option(help="Calendar year.")]
First = Annotated[int, typer.Option("--from", help="First year.")]
Last = Annotated[int, typer.Option("--to", help="Last year.")]
Power = Annotated[str, typer.Option(help="Power metric: cinc, milex, gdp or net.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Extend = Annotated[
    bool, typer.Option("--extend", help="Carry the record forward past its last year, flagged.")
]
Pacts = Annotated[Path | None, typer.Option(help="CSV file of further pacts (pact,state,start,…).")]
CaseFile = Annotated[Path | None, typer.Option("--case", help="Issue case file to use.")]

Workers = Annotated[
    int | None, typer.Option(help="Processes; -1 uses every core. The same answer for any.")
]
Scheduler = Annotated[
    str | None, typer.Option(help="Dask scheduler whose workers do the work, as tcp://HOST:8786.")
]
Keep = Annotated[
    Path | None,
    typer.Option(help="Folder for finished parts; work that was interrupted goes on from there."),
]
