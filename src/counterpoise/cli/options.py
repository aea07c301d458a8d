"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from counterpoise.files import require_writable

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


def output(about: str, *suffixes: str) -> Any:
    """An option for a file to write, refused before any work where that could not be done.

    Parameters
    ----------
    suffixes : those that the file may have.
    """

    def checked(path: Path | None) -> Path | None:
        if path is not None:
            require_writable(path, suffixes)
        return path

    listed = " or ".join((", ".join(suffixes[:-1]), suffixes[-1])) if suffixes[1:] else suffixes[0]
    return typer.Option(help=f"{about}: {listed}.", callback=checked)


PICTURES = (".png", ".svg", ".html", ".json")
Picture = Annotated[Path | None, output("Picture to write", *PICTURES)]
