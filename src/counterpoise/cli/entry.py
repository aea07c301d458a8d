"""Start of the command line, and what happens when a question is wrong."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from counterpoise.cli import (
    assess,
    case,
    claims,
    compare,
    data,
    explain,
    ideal_points,
    measures,
    models,
    scan,
    serve,
)
from counterpoise.errors import CounterpoiseError
from counterpoise.version import __version__

app = typer.Typer(
    name="counterpoise",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
assess.register(app)
compare.register(app)
scan.register(app)
explain.register(app)
measures.register(app)
models.register(app)
serve.register(app)
app.add_typer(case.app, name="case")
app.add_typer(claims.app, name="claims")
app.add_typer(data.app, name="data")
app.add_typer(ideal_points.app, name="ideal-points")

ANSWERED, OUR_FAULT, WRONG_QUESTION = 0, 1, 2


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"counterpoise {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the release."),
    ] = False,
) -> None:
    """Do states balance against a leading power? The verdict, from the record."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a wrong question prints one line and exits with 2."""
    try:
        app(arguments, prog_name="counterpoise")
    except CounterpoiseError as error:
        sys.stderr.write(f"counterpoise: {error}\n")
        sys.exit(WRONG_QUESTION)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ANSWERED)
