"""The verbs about issue case files: new, check, run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show

app = typer.Typer(help="Issue case files: who wants what.", no_args_is_help=True)
Files = Annotated[
    list[Path], typer.Argument(help="Case files; several are codings of one case by its coders.")
]


@app.command(epilog="Example: counterpoise case new SCO --against USA --year 2010 --out sco.toml")
def new(
    bloc: options.Bloc,
    against: options.Against,
    year: options.Year,
    out: Annotated[Path, options.output("File to write, an existing one is kept", ".toml")],
    as_json: options.Json = False,
) -> None:
    """Write a blank case file with the members filled in."""
    from counterpoise import blocs, cases, files, states
    from counterpoise.errors import CaseError

    if out.exists():
        raise CaseError(f"{out} exists; name another file.")
    found, target = blocs.bloc(bloc, year), states.state(against, year)
    names = states.names()
    members = [(names.abbreviation(c), names.name(c, year), c) for c in found.members]
    text = cases.blank(f"{found.name} {year}", found.key or bloc, target.ccode, year, members)
    files.write_bytes(out, text.encode())
    if as_json:
        print_json({"file": str(out), "members": len(members)})
    else:
        sys.stdout.write(
            f"{out}: {len(members)} members. Fill it in, then: counterpoise case check\n"
        )


@app.command(epilog="Example: counterpoise case check sco.toml")
def check(paths: Files, as_json: options.Json = False) -> None:
    """Check case files and say what is wrong with them, if anything."""
    from counterpoise import cases

    read = [cases.read(path) for path in paths]
    cases.require_same(read)
    rows = [
        {
            "file": str(path),
            "name": case.name,
            "actors": len(case.actors),
            "issues": len(case.issues),
            "uncoded": case.uncoded,
        }
        for path, case in zip(paths, read, strict=True)
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        sys.stdout.write(f"{row['file']}: {row['name']}, {row['actors']} actors, ")
        sys.stdout.write(f"{row['issues']} issues: in order\n")
        if row["uncoded"]:
            sys.stdout.write(f"  {row['uncoded']} positions are still those of the blank file\n")


@app.command(epilog="Example: counterpoise case run sco.toml --out scales.png")
def run(
    paths: Files,
    power: options.Power = "cinc",
    extend: options.Extend = False,
    as_json: options.Json = False,
    out: options.Picture = None,
) -> None:
    """Work a case through: consensus, visions, win-sets, forecasts."""
    from counterpoise import cases
    from counterpoise.assessment.case_study import study

    codings = [cases.read(path) for path in paths]
    found = study(codings, power, extend=extend)
    if out is not None:
        from counterpoise import figures

        figures.save(figures.scales(codings[0], found.weights), out)
    if as_json:
        print_json(found.to_dict())
        return
    from counterpoise.report import terminal_case

    show(terminal_case.case_study(found))
