"""The verbs that show pages: serve, and export site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json

export = typer.Typer(help="Write pages to files.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command(epilog="Example: counterpoise serve --port 8000")(serve)
    app.add_typer(export, name="export")


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; this machine alone by default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
) -> None:
    """Show the dashboard in a browser; Ctrl-C stops it."""
    from counterpoise.errors import MissingExtraError

    try:
        from counterpoise.web.server import run
    except ImportError as error:
        raise MissingExtraError(str(error.name or "fastapi"), "web", "The dashboard") from None
    run(host, port, tell=lambda line: sys.stderr.write(line + "\n"))


@export.command(epilog="Example: counterpoise export site pages/")
def site(
    folder: Annotated[Path, typer.Argument(help="Folder to write; it is made if absent.")],
    as_json: options.Json = False,
) -> None:
    """Write the main pages as files that need no server."""
    from counterpoise.errors import MissingExtraError

    try:
        from counterpoise.web.site import export_site
    except ImportError as error:
        raise MissingExtraError(str(error.name or "fastapi"), "web", "Writing pages") from None
    written = export_site(folder)
    if as_json:
        print_json({"folder": str(folder), "files": [str(path) for path in written]})
    else:
        sys.stdout.write(f"{folder / 'index.html'}: {len(written)} files\n")
