"""The verbs about the record itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The record: build it, see what it covers.", no_args_is_help=True)


@app.command(epilog="Example: counterpoise data build --sources downloads/")
def build(
    sources: Annotated[Path, typer.Option(help="Folder of the providers' files.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; the record in use by default.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Keys of sources, separated by commas.")] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Build elsewhere and compare with the record in use.")
    ] = False,
) -> None:
    """Rebuild the record from the providers' files."""
    from counterpoise import record
    from counterpoise.errors import DataError
    from counterpoise.sources import build as make

    if compare:
        differing = make.compare(sources, record.folder())
        if differing:
            raise DataError(f"The rebuilt record differs in: {', '.join(differing)}")
        sys.stdout.write("The rebuilt record is the same, byte for byte.\n")
        return
    keys = only.split(",") if only else None
    make.build(sources, out or record.folder(), keys, _tell)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
